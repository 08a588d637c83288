//! What went wrong and what to do about it, as a box on a page or as a whole page.

use domain::{Code, Error};
use leptos::prelude::*;
use leptos_router::{components::Redirect, hooks::use_location};

use super::copy::CopyBlock;
use crate::{erased::Erase, error::is_local};

/// An error with its advice, its policy to copy and its way on.
#[component]
pub fn ProblemBox(
    /// What went wrong.
    error: Error,
) -> impl IntoView {
    let link = error.link.filter(|link| is_local(link));
    view! {
        <div class="notice notice--problem">
            <p class="notice__title">{error.message}</p>
            {(!error.advice.is_empty()).then(|| view! { <p>{error.advice}</p> })}
            {error.policy.map(|policy| view! { <CopyBlock what="IAM policy" text=policy/> })}
            {link.map(|link| view! { <p><a href=link>"Show me"</a></p> })}
            {error.incident.map(|incident| view! {
                <p class="muted">"Number in the log: " <code>{incident}</code></p>
            })}
        </div>
    }
    .erased()
}

/// A page that can't be shown: leads strangers to sign in, and back afterwards.
#[component]
pub fn Problem(
    /// Why not.
    error: Error,
) -> impl IntoView {
    if error.code == Code::NotSignedIn {
        let location = use_location();
        let path = location.pathname.get_untracked();
        let search = location.search.get_untracked();
        return view! { <LeadTo path=sign_in_path(&path, &search)/> }.erased();
    }
    #[cfg(feature = "ssr")]
    crate::context::set_status(crate::context::status(error.code));
    let title = if error.code == Code::NotFound {
        "Not found"
    } else {
        "That didn’t work"
    };
    view! {
        <div class="page page--narrow">
            <h1>{title}</h1>
            <ProblemBox error=error/>
            <p><a href="/">"Go to the Overview"</a></p>
        </div>
    }
    .erased()
}

/// Leads to another page, whoever asks: the router's own redirect answers 200 to
/// clients that don't say they want HTML.
#[component]
pub fn LeadTo(
    /// Where.
    #[prop(into)]
    path: String,
) -> impl IntoView {
    let there = view! { <Redirect path=path/> };
    #[cfg(feature = "ssr")]
    crate::context::set_status(http::StatusCode::FOUND);
    there
}

/// Where to sign in, with the way back.
fn sign_in_path(path: &str, search: &str) -> String {
    let search = search.trim_start_matches('?');
    let next = match (path, search) {
        ("/" | "", "") => return "/sign-in".to_owned(),
        (path, "") => path.to_owned(),
        (path, search) => format!("{path}?{search}"),
    };
    format!("/sign-in?next={}", escape(&next))
}

/// Percent-encodes all but what is harmless in a query.
pub fn escape(text: &str) -> String {
    text.bytes().fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
        escaped
    })
}

/// The part of an address after its `?`; what is empty is left out.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let said = pairs.iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<String> = said
        .map(|(name, value)| format!("{name}={}", escape(value)))
        .collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_back() {
        assert_eq!(sign_in_path("/", ""), "/sign-in");
        assert_eq!(sign_in_path("/account", ""), "/sign-in?next=/account");
        assert_eq!(
            sign_in_path("/", "?metric=amortized&connection=1"),
            "/sign-in?next=/%3Fmetric%3Damortized%26connection%3D1"
        );
    }
}
