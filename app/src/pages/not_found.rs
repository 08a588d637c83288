//! There is no such page.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{components::frame::Doorway, erased::Erase};

/// Says so, with the status that says so too.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::context::set_status(http::StatusCode::NOT_FOUND);
    view! {
        <Title text="Not found"/>
        <Doorway>
            <h1>"There is no such page"</h1>
            <p>"The address may be misspelt, or what it led to was deleted."</p>
            <p><a class="button" href="/" rel="external">"Go to the Overview"</a></p>
        </Doorway>
    }
    .erased()
}
