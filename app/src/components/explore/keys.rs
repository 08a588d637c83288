//! The page's end. Keys that save a way: `?` or the button there tells them. Whoever presses them
//! by accident, or speaks to the machine, switches them off, in this browser. And what shows every
//! digit of the amounts, also to fingers, keys and screen readers: the style sheet does it.

use leptos::{html, prelude::*};

use crate::erased::Erase;

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

/// A dialog with the keys, what opens it, and what listens for them.
#[component]
pub fn Keys() -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let on = RwSignal::new(true);
    Effect::new(move |_| on.set(remembered()));
    listen(dialog, on);
    let keys = KEYS.map(|(key, words)| {
        view! { <div class="keys__one"><dt><kbd>{key}</kbd></dt><dd>{words}</dd></div> }
    });
    let switch = move |event| {
        let wanted = event_target_checked(&event);
        on.set(wanted);
        remember(wanted);
    };
    view! {
        <footer class="end">
            <label class="tick end__exact">
                <input class="tick__input" type="checkbox" id="exact-amounts" autocomplete="off"/>
                "Exact amounts"
            </label>
            <button type="button" class="end__button needs-script" on:click=move |_| open(dialog)>"Keys"</button>
        </footer>
        <dialog class="keys" node_ref=dialog aria-labelledby="keys-title">
            <h2 id="keys-title">"Keys"</h2>
            <dl class="keys__list">{keys.collect_view()}</dl>
            <label class="tick">
                <input class="tick__input" type="checkbox" prop:checked=move || on.get() on:change=switch/>
                "These keys work in this browser"
            </label>
            <form method="dialog"><button type="submit" class="button">"Close"</button></form>
        </dialog>
    }
    .erased()
}

fn open(dialog: NodeRef<html::Dialog>) {
    #[cfg(feature = "hydrate")]
    if let Some(dialog) = dialog.get_untracked()
        && !dialog.open()
    {
        let _ = dialog.show_modal();
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = dialog;
}

/// Under this name the browser remembers that they are off.
#[cfg(feature = "hydrate")]
const OFF: &str = "keys-off";

/// A browser that keeps nothing has them on.
#[cfg(feature = "hydrate")]
fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

#[cfg(feature = "hydrate")]
fn remembered() -> bool {
    storage().is_none_or(|storage| storage.get_item(OFF).ok().flatten().is_none())
}

#[cfg(not(feature = "hydrate"))]
const fn remembered() -> bool {
    true
}

#[cfg(feature = "hydrate")]
fn remember(on: bool) {
    let Some(storage) = storage() else {
        return;
    };
    let _ = match on {
        true => storage.remove_item(OFF),
        false => storage.set_item(OFF, "true"),
    };
}

#[cfg(not(feature = "hydrate"))]
const fn remember(_on: bool) {}

#[cfg(feature = "hydrate")]
fn listen(dialog: NodeRef<html::Dialog>, on: RwSignal<bool>) {
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
                    .matches("input, select, textarea, [contenteditable], dialog *")
                    .unwrap_or(false)
            });
        let off = !on.get_untracked();
        if off || typing || event.ctrl_key() || event.meta_key() || event.alt_key() {
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
                open(dialog);
                event.prevent_default();
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
const fn listen(_dialog: NodeRef<html::Dialog>, _on: RwSignal<bool>) {}
