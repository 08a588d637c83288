//! A choice of one of a few, in a form that leads to an address.

use leptos::prelude::*;

use crate::erased::Erase;

/// Values and what people read.
pub type Options = Vec<(String, String)>;

/// A labelled list to choose from.
#[component]
pub fn Choose(
    /// In the address.
    name: &'static str,
    /// For people.
    label: &'static str,
    /// What can be chosen.
    options: Options,
    /// What is.
    chosen: String,
) -> impl IntoView {
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
    .erased()
}

/// The connection: nothing to be seen where there is nothing to choose, but it stays in the
/// address.
#[component]
pub fn ChooseConnection(
    /// Ids and names.
    connections: Options,
    /// The one that is shown.
    chosen: String,
) -> impl IntoView {
    if connections.len() > 1 {
        view! { <Choose name="connection" label="Connection" options=connections chosen=chosen/> }
            .erased()
    } else {
        view! { <input type="hidden" name="connection" value=chosen/> }.erased()
    }
}
