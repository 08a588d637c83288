//! The pages and the server functions, with what they find around them.

use app::{
    App,
    context::{Assets, Services},
    shell,
};
use axum::{Router, extract::Request, middleware, response::Response};
use domain::ports::Caller;
use http::{StatusCode, request::Parts};
use leptos::{
    config::LeptosOptions,
    context::{provide_context, use_context},
};
use leptos_axum::{
    LeptosRoutes, generate_route_list_with_exclusions_and_ssg_and_context,
    render_app_async_with_context,
};

use super::start;

/// The names of the site's files in this binary.
#[must_use]
pub fn assets() -> Assets {
    Assets {
        js: env!("SITE_JS").to_owned(),
        wasm: env!("SITE_WASM").to_owned(),
        css: env!("SITE_CSS").to_owned(),
        echarts: env!("SITE_ECHARTS").to_owned(),
        pieces: env!("SITE_PIECES")
            .split_terminator(';')
            .filter_map(|piece| {
                let (name, files) = piece.split_once('=')?;
                Some((name, files.split(',').collect()))
            })
            .collect(),
    }
}

/// Every page, every server function, and a page for what isn't there.
pub fn routes(services: Services) -> Router {
    let options = LeptosOptions::builder().output_name("cost-tracker").build();
    let leading = services.clone();
    let exports = super::exports::routes(services.clone());
    let context = move || {
        provide_context(services.clone());
        if let Some(caller) = caller() {
            provide_context(caller);
        }
    };
    let page = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let (pages, _) =
        generate_route_list_with_exclusions_and_ssg_and_context(App, None, context.clone());
    let not_found = render_app_async_with_context(context.clone(), page.clone());
    Router::new()
        .leptos_routes_with_context(&options, pages, context, page)
        .layer(middleware::from_fn_with_state(leading, start::lead))
        .fallback(move |request: Request| {
            let answer = not_found(request);
            async move { missing(answer.await) }
        })
        .with_state(options)
        .merge(exports)
}

fn caller() -> Option<Caller> {
    use_context::<Parts>()?.extensions.get().copied()
}

/// The page may lead elsewhere; else there is nothing here.
fn missing(mut response: Response) -> Response {
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}
