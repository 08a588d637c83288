//! Making room for a person's presses between two pieces of work.

use leptos::prelude::window;
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::Promise;

/// Ends when the browser has done what waited before it. At once where there is no timer.
pub async fn later() {
    let waiting = Promise::new(&mut |resolve, _| {
        if window().set_timeout_with_callback(&resolve).is_err() {
            let _ = resolve.call0(&resolve);
        }
    });
    let _ = JsFuture::from(waiting).await;
}
