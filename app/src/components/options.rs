//! One of several: radio buttons that read like cards.

use leptos::prelude::*;

use crate::erased::Erase;

/// One choice of a group. The whole card can be tapped.
#[component]
pub fn OptionCard(
    /// The group's name.
    name: &'static str,
    /// What it sends.
    #[prop(into)]
    value: String,
    /// What people read.
    #[prop(into)]
    title: String,
    /// A sentence about it.
    #[prop(into)]
    detail: String,
    /// Whether it is chosen at first.
    checked: bool,
) -> impl IntoView {
    let id = format!("{name}-{value}");
    let detail_id = format!("{id}-detail");
    view! {
        <div class="option">
            <input
                class="option__input"
                type="radio"
                id=id.clone()
                name=name
                value=value
                checked=checked
                autocomplete="off"
                aria-describedby=detail_id.clone()
            />
            <label class="option__title" for=id>{title}</label>
            <p class="option__detail" id=detail_id>{detail}</p>
        </div>
    }
    .erased()
}
