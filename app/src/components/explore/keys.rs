//! Keys that save a way: `?` tells them.

use leptos::prelude::*;

/// Keys and what they do.
pub const KEYS: [(&str, &str); 7] = [
    ("?", "These keys"),
    ("o", "Overview"),
    ("e", "Explorer"),
    ("p", "Period"),
    ("g", "Group by"),
    ("f", "Filters"),
    ("t", "Table"),
];

/// A dialog with the keys, and what listens for them.
#[component]
pub fn Keys() -> impl IntoView {
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    listen(dialog);
    let keys = KEYS.map(|(key, words)| {
        view! { <div class="keys__one"><dt><kbd>{key}</kbd></dt><dd>{words}</dd></div> }
    });
    view! {
        <dialog class="keys" node_ref=dialog aria-labelledby="keys-title">
            <h2 id="keys-title">"Keys"</h2>
            <dl class="keys__list">{keys.collect_view()}</dl>
            <form method="dialog"><button type="submit" class="button">"Close"</button></form>
        </dialog>
    }
    .into_any()
}

#[cfg(feature = "hydrate")]
fn listen(dialog: NodeRef<leptos::html::Dialog>) {
    use leptos::{ev, web_sys};
    use leptos_router::hooks::use_navigate;
    use wasm_bindgen::JsCast;

    let navigate = use_navigate();
    let listening = window_event_listener(ev::keydown, move |event| {
        let typing = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .is_some_and(|element| {
                element
                    .matches("input, select, textarea, [contenteditable]")
                    .unwrap_or(false)
            });
        if typing || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let focus = |id: &str| {
            let field = document().get_element_by_id(id);
            if let Some(field) =
                field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok())
            {
                field.scroll_into_view();
                let _ = field.focus();
                event.prevent_default();
            }
        };
        match event.key().as_str() {
            "?" => {
                if let Some(dialog) = dialog.get_untracked()
                    && !dialog.open()
                {
                    let _ = dialog.show_modal();
                    event.prevent_default();
                }
            }
            "o" => navigate("/overview", leptos_router::NavigateOptions::default()),
            "e" => navigate("/costs", leptos_router::NavigateOptions::default()),
            "p" => focus("period"),
            "g" => focus("by"),
            "f" => focus("filters"),
            "t" => focus("numbers"),
            _ => {}
        }
    });
    on_cleanup(move || listening.remove());
}

#[cfg(not(feature = "hydrate"))]
const fn listen(_dialog: NodeRef<leptos::html::Dialog>) {}
