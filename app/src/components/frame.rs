//! What stands around every page: name, ways to go, sign-out.

use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_url};

use super::explore::keys::Keys;
use crate::{api::session::SignOut, erased::Erase};

/// The product's name and sign.
#[component]
pub fn Wordmark() -> impl IntoView {
    view! {
        <span class="wordmark">
            <svg class="wordmark__sign" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
                <rect class="wordmark__bar" x="2" y="11" width="4" height="7" rx="1"></rect>
                <rect class="wordmark__bar" x="8" y="6" width="4" height="12" rx="1"></rect>
                <rect class="wordmark__bar wordmark__bar--now" x="14" y="2" width="4" height="16" rx="1"></rect>
            </svg>
            "Cost Tracker"
        </span>
    }
    .erased()
}

/// Where one can go, beside the Overview.
const WAYS: [(&str, &str); 7] = [
    ("/costs", "Explorer"),
    ("/bill", "Bill"),
    ("/forecast", "Forecast"),
    ("/savings", "Savings"),
    ("/connections", "Connections"),
    ("/spending", "Spending"),
    ("/account", "Account"),
];

/// Whether a path is that way, or further along it.
fn is_at(path: &str, way: &str) -> bool {
    let rest = path.strip_prefix(way);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Header and main part of the pages for people who are signed in.
#[component]
pub fn Frame() -> impl IntoView {
    let sign_out = ServerAction::<SignOut>::new();
    // The address that the page below was made for: it may lag behind the browser's.
    let url = use_url();
    let overview =
        move || url.with(|url| matches!(url.path(), "/" | "/overview").then_some("page"));
    let ways = WAYS.map(|(path, name)| {
        let current = move || url.with(|url| is_at(url.path(), path).then_some("page"));
        view! { <a href=path aria-current=current>{name}</a> }
    });
    view! {
        <a class="skip" href="#main">"Skip to the content"</a>
        <header class="top">
            <div class="top__inner">
                <a class="top__home" href="/" aria-label="Cost Tracker, Overview"><Wordmark/></a>
                <nav class="top__nav" aria-label="Main">
                    // The bare address may lead to a view that was chosen to be seen first.
                    <a href="/overview" aria-current=overview>"Overview"</a>
                    {ways.into_iter().collect_view()}
                </nav>
                <div class="top__end">
                    <ActionForm action=sign_out>
                        <button type="submit" class="top__button">"Sign out"</button>
                    </ActionForm>
                </div>
            </div>
        </header>
        <main id="main" tabindex="-1"><Outlet/></main>
        <Keys/>
    }
    // Not erased: pages wait for their code while this is hydrated.
    .into_any()
}

/// A single card in the middle: for people who aren't signed in.
#[component]
pub fn Doorway(
    /// The card.
    children: Children,
) -> impl IntoView {
    view! {
        <main id="main" class="doorway">
            <p class="doorway__name"><Wordmark/></p>
            <div class="card doorway__card">{children()}</div>
        </main>
    }
    .erased()
}

/// Stands where something is still on its way.
#[component]
pub fn Loading() -> impl IntoView {
    view! {
        <div class="page" aria-busy="true">
            <p class="hidden" role="status">"Loading"</p>
            <div class="skeleton skeleton--title"></div>
            <div class="skeleton skeleton--block"></div>
        </div>
    }
    .erased()
}
