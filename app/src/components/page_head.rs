//! The head of pages that the server draws for a connection.

use leptos::prelude::*;

use super::{
    chooser::{Chooser, Field},
    of_connection::Whose,
};
use crate::erased::Erase;

/// What the page is, whose, and what can be chosen.
#[component]
pub fn PageHead(
    /// What it is.
    title: &'static str,
    /// Which connection it is about.
    whose: Memo<Whose>,
    /// The page's own address.
    path: &'static str,
    /// What can be chosen.
    fields: Vec<Field>,
    /// A sentence about what is chosen.
    words: Signal<String>,
) -> impl IntoView {
    view! {
        <div class="page__head">
            <div>
                <h1>{title}</h1>
                <p class="page__of">{move || whose.with(|whose| whose.caption.clone())}</p>
            </div>
            <Chooser path=path fields=fields words=words/>
        </div>
    }
    .erased()
}
