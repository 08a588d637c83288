//! The HTML document around every page, and the content security policy that
//! belongs to it. Knows no page.

use http::{HeaderName, HeaderValue, header};
use leptos::{
    config::LeptosOptions,
    nonce::{Nonce, use_nonce},
    prelude::*,
};
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;

use crate::{
    context::{Assets, Services},
    routes::App,
};

/// The document. The site's files and their names come from [`Services`].
pub fn shell(_options: LeptosOptions) -> impl IntoView {
    let assets = use_context::<Services>().map(|services| services.settings.assets.clone());
    let Assets {
        js,
        wasm,
        css,
        echarts,
        ..
    } = assets.unwrap_or_default();
    let nonce = use_nonce();
    protect(nonce.as_ref());
    let start = start_script(&js, &wasm);
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="theme-color" content="#fbfbfa" media="(prefers-color-scheme: light)"/>
                <meta name="theme-color" content="#121315" media="(prefers-color-scheme: dark)"/>
                <meta name="robots" content="noindex"/>
                <meta name="description" content="What AWS costs, from your own server."/>
                <meta name="chart-script" content=echarts/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="apple-touch-icon" href="/icon-180.png"/>
                <link rel="manifest" href="/app.webmanifest"/>
                <link rel="stylesheet" href=css/>
                <MetaTags/>
            </head>
            <body>
                <App/>
                <script type="module" nonce=nonce.clone() inner_html=start></script>
                <script nonce=nonce inner_html=KEEPER></script>
            </body>
        </html>
    }
}

/// Starts what keeps pages for reading without a network, and tells it which page
/// is being put aside. Browsers have it on HTTPS and on this machine only.
const KEEPER: &str = "(keeper=>{if(!keeper)return;\
    keeper.register('/offline.js').catch(()=>{});\
    document.addEventListener('visibilitychange',()=>{\
    if(document.hidden)keeper.controller?.postMessage(location.pathname+location.search)})\
    })(navigator.serviceWorker)";

/// Loads the browser half, once the page can be read: until then nothing takes the network
/// or the processor from the page itself. All files are asked for at once; which they are
/// beside the first two stands in the page. Compiling and starting are two tasks, so that a
/// press in between is heard. Whoever went back meanwhile is at another address than the page
/// was made for: the server makes the right one. The paths are our own build's, so JSON's
/// quotes do.
fn start_script(js: &str, wasm: &str) -> String {
    let (js, wasm) = (serde_json::json!(js), serde_json::json!(wasm));
    format!(
        "const place=()=>location.pathname+location.search,here=place();\
         const begin=()=>{{\
         const needs=document.querySelector('[data-pieces]')?.dataset.pieces.split(' ')??[];\
         for(const href of [{wasm},...needs.filter(Boolean)])\
         document.head.append(Object.assign(document.createElement('link'),\
         {{rel:'preload',as:'fetch',type:'application/wasm',crossOrigin:'anonymous',href}}));\
         import({js}).then(app=>app.default({{module_or_path:{wasm}}})\
         .then(()=>setTimeout(()=>place()===here?app.hydrate():location.reload())))}};\
         document.hidden?begin():requestAnimationFrame(()=>setTimeout(begin))"
    )
}

fn protect(nonce: Option<&Nonce>) {
    let Some(response) = use_context::<ResponseOptions>() else {
        return;
    };
    let nonce = nonce
        .map(|nonce| format!("'nonce-{nonce}' "))
        .unwrap_or_default();
    let policy = format!(
        "default-src 'none'; \
         script-src {nonce}'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
         manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::try_from(policy) {
        insert(&response, header::CONTENT_SECURITY_POLICY, policy);
    }
    // Pages hold a person's figures: no copy stays behind after signing out.
    insert(
        &response,
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-store"),
    );
}

fn insert(response: &ResponseOptions, name: HeaderName, value: HeaderValue) {
    response.insert_header(name, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_script_quotes_its_paths() {
        let script = start_script("/pkg/app.1.js", "/pkg/app.2.wasm");
        for part in [
            "of [\"/pkg/app.2.wasm\",",
            "import(\"/pkg/app.1.js\").then(app=>app.default({module_or_path:\"/pkg/app.2.wasm\"})\
             .then(()=>setTimeout(()=>place()===here?app.hydrate():location.reload())))",
        ] {
            assert!(script.contains(part), "{script}");
        }
    }

    #[test]
    fn the_policy_needs_a_nonce_and_allows_no_eval() {
        let owner = Owner::new();
        owner.with(|| {
            let response = ResponseOptions::default();
            provide_context(response.clone());
            protect(Some(&Nonce::from_value("abc")));
            let parts = response.0.read().unwrap();
            let policy = parts.headers[header::CONTENT_SECURITY_POLICY]
                .to_str()
                .unwrap();
            assert!(policy.contains("script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval';"));
            assert!(policy.contains("style-src 'self';"));
            assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        });
    }
}
