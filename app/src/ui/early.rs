//! What was chosen before the scripts of a page ran: on a slow phone the page is there, and can be used, a while before them.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// An input that is not as the page came.
#[derive(Clone, Debug)]
pub struct Early {
    pub name: String,
    pub value: String,
    pub checked: bool,
}

/// What was chosen and typed in the form with this id, while the page is being taken over. To be asked before its parts
/// are, which puts them back to what the page came with; to be acted upon afterwards. Of radio buttons the one that is
/// chosen now.
#[must_use]
pub fn early(form: &str) -> Vec<Early> {
    let taken_over = Owner::current_shared_context().is_some_and(|context| context.during_hydration());
    if cfg!(feature = "ssr") || !taken_over {
        return Vec::new();
    }
    let Ok(inputs) = document().query_selector_all(&format!("#{form} input")) else { return Vec::new() };
    (0..inputs.length())
        .filter_map(|n| inputs.get(n)?.dyn_into::<HtmlInputElement>().ok())
        .filter(|input| match &*input.type_() {
            "radio" => input.checked() && !input.default_checked(),
            "checkbox" => input.checked() != input.default_checked(),
            _ => input.value() != input.default_value(),
        })
        .map(|input| Early { name: input.name(), value: input.value(), checked: input.checked() })
        .collect()
}
