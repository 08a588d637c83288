//! What a person has chosen in a form that leads to an address, as scripts read it: also what
//! they chose while the page could be read but its scripts weren't there yet.

#[cfg(feature = "hydrate")]
pub use browser::{is_filled_in, said, taken_early};
#[cfg(not(feature = "hydrate"))]
pub use server::{said, taken_early};

#[cfg(not(feature = "hydrate"))]
mod server {
    use leptos::{ev, html::Form, prelude::*};
    use leptos_router::params::ParamsMap;

    pub fn said(_event: &ev::Event) -> Option<ParamsMap> {
        None
    }

    pub fn taken_early(_form: NodeRef<Form>, _take: impl Fn(ParamsMap) + 'static) {}
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::{ev, html::Form, prelude::*, web_sys};
    use leptos_router::params::ParamsMap;
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::{
        Element, FormData, HtmlFormElement, HtmlInputElement, HtmlOptionElement, HtmlSelectElement,
        HtmlTextAreaElement, js_sys,
    };

    fn read(form: &HtmlFormElement) -> Option<ParamsMap> {
        let data = FormData::new_with_form(form).ok()?;
        let mut params = ParamsMap::new();
        for pair in js_sys::try_iter(&data).ok()?? {
            let pair = js_sys::Array::from(&pair.ok()?);
            let text = |place| JsValue::as_string(&pair.get(place));
            params.insert(text(0)?, text(1)?);
        }
        Some(params)
    }

    /// What the form that an event came from would send.
    pub fn said(event: &ev::Event) -> Option<ParamsMap> {
        read(&event.current_target()?.dyn_into().ok()?)
    }

    /// Hands over what the form would send, once, if a person has changed something in it
    /// before the page came to life. What is made later is as it was made.
    pub fn taken_early(form: NodeRef<Form>, take: impl Fn(ParamsMap) + 'static) {
        let shared = Owner::current_shared_context();
        if !shared.is_some_and(|shared| shared.during_hydration()) {
            return;
        }
        Effect::new(move |done: Option<bool>| {
            if done == Some(true) {
                return true;
            }
            let Some(form) = form.get() else {
                return false;
            };
            if is_filled_in(&form)
                && let Some(params) = read(&form)
            {
                take(params);
            }
            true
        });
    }

    /// Whether any field in it isn't as the page came.
    pub fn is_filled_in(part: &Element) -> bool {
        let Ok(fields) = part.query_selector_all("input, select, textarea") else {
            return false;
        };
        (0..fields.length())
            .filter_map(|place| fields.item(place)?.dyn_into::<Element>().ok())
            .any(|field| is_field_changed(&field))
    }

    fn is_field_changed(field: &Element) -> bool {
        if field.has_attribute("data-search") {
            return false;
        }
        if let Some(list) = field.dyn_ref::<HtmlSelectElement>() {
            return list.selected_index() != came_with(list);
        }
        if let Some(text) = field.dyn_ref::<HtmlTextAreaElement>() {
            return text.default_value().is_ok_and(|came| text.value() != came);
        }
        field.dyn_ref::<HtmlInputElement>().is_some_and(|input| {
            // What isn't a day was emptied by the browser, not by a person.
            input.checked() != input.default_checked()
                || !input.value().is_empty() && input.value() != input.default_value()
        })
    }

    /// The place of the option that was chosen when the page came.
    fn came_with(list: &HtmlSelectElement) -> i32 {
        let options = list.options();
        let chosen = (0..options.length()).rev().find(|&place| {
            let option = options.item(place);
            option
                .and_then(|option| option.dyn_into::<HtmlOptionElement>().ok())
                .is_some_and(|option| option.default_selected())
        });
        chosen.and_then(|place| place.try_into().ok()).unwrap_or(0)
    }
}
