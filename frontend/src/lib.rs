//! The WebAssembly entry point: brings the server's pages to life and nothing else.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's script once everything is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_lazy(app::App);
}
