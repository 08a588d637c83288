//! Fields of the forms that choose what is shown.

use leptos::prelude::*;

/// One of several.
pub fn choice(
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String)>,
    chosen: &str,
) -> AnyView {
    let options = options.into_iter().map(|(value, text)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{text}</option> }
    });
    view! {
        <div class="pick">
            <label class="pick__label" for=name>{label}</label>
            <select class="input" id=name name=name autocomplete="off">{options.collect_view()}</select>
        </div>
    }
    .into_any()
}
