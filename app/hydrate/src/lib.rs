//! The browser's entry: takes over the page the server rendered.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the loader once the module is there. Lazy because the page shown may lie in a part of its own.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_lazy(app::App);
}
