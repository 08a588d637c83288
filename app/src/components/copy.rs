//! Text to copy, with a button for it where scripts run.

use leptos::prelude::*;

use crate::erased::Erase;

/// A block of text that people paste somewhere else.
#[component]
pub fn CopyBlock(
    /// What the text is, for screen readers and the button: `IAM policy`.
    what: &'static str,
    /// The text.
    text: String,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let label = move || if copied.get() { "Copied" } else { "Copy" };
    let to_copy = text.clone();
    let copy = move |_| {
        write_to_clipboard(&to_copy, copied);
    };
    view! {
        <div class="copy">
            <pre class="copy__text" tabindex="0" role="region" aria-label=what>
                <code>{text}</code>
            </pre>
            <button type="button" class="button button--quiet copy__button needs-script" on:click=copy>
                {label} <span class="hidden">" " {what}</span>
            </button>
            <span class="hidden" role="status">
                {move || copied.get().then_some("Copied to the clipboard")}
            </span>
        </div>
    }
    .erased()
}

#[cfg(feature = "hydrate")]
fn write_to_clipboard(text: &str, copied: RwSignal<bool>) {
    // Browsers offer the clipboard to HTTPS and localhost only.
    if !window().is_secure_context() {
        return;
    }
    let written = window().navigator().clipboard().write_text(text);
    leptos::task::spawn_local(async move {
        if wasm_bindgen_futures::JsFuture::from(written).await.is_ok() {
            copied.try_set(true);
            set_timeout(
                move || {
                    copied.try_set(false);
                },
                std::time::Duration::from_secs(3),
            );
        }
    });
}

#[cfg(not(feature = "hydrate"))]
const fn write_to_clipboard(_text: &str, _copied: RwSignal<bool>) {}
