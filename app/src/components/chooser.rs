//! Choices that are the page's address: a plain form. With scripts a choice takes effect at
//! once, without them a button sends it.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::problem::escape;
use crate::erased::Erase;

/// One choice.
#[derive(Clone)]
pub struct Field {
    /// In the address.
    pub name: &'static str,
    /// For people.
    pub label: &'static str,
    /// Values and what people read, in order.
    pub options: Signal<Vec<(String, String)>>,
    /// The value that is chosen.
    pub chosen: Signal<String>,
}

/// A form of choices that leads to `path`.
#[component]
pub fn Chooser(
    /// Where it leads.
    path: &'static str,
    /// What can be chosen. One with a single option isn't shown, but stays in the address.
    fields: Vec<Field>,
    /// A sentence about what is chosen.
    #[prop(into)]
    words: Signal<String>,
) -> impl IntoView {
    let navigate = use_navigate();
    let all = StoredValue::new(fields.clone());
    let go = Callback::new(move |(name, value): (&'static str, String)| {
        let address = all.with_value(|fields| {
            let pair = |field: &Field| {
                let value = if field.name == name {
                    value.clone()
                } else {
                    field.chosen.get_untracked()
                };
                format!("{}={}", field.name, escape(&value))
            };
            let pairs: Vec<String> = fields.iter().map(pair).collect();
            format!("{path}?{}", pairs.join("&"))
        });
        let stay = NavigateOptions {
            scroll: false,
            ..Default::default()
        };
        navigate(&address, stay);
    });
    view! {
        <form class="picks" method="get" action=path>
            {fields.into_iter().map(|field| view! { <Pick field=field go=go/> }).collect_view()}
            <button type="submit" class="button needs-no-script">"Show"</button>
            <p class="picks__words" id="picks-words">{words}</p>
        </form>
    }
    .erased()
}

#[component]
fn Pick(field: Field, go: Callback<(&'static str, String)>) -> impl IntoView {
    let Field {
        name,
        label,
        options,
        chosen,
    } = field;
    let several = Memo::new(move |_| options.with(Vec::len) > 1);
    let entries = move || {
        let entry = |(value, text): (String, String)| {
            let selected = value == chosen.get_untracked();
            view! { <option value=value selected=selected>{text}</option> }
        };
        options.get().into_iter().map(entry).collect_view()
    };
    move || {
        if several.get() {
            view! {
                <div class="pick">
                    <label class="pick__label" for=name>{label}</label>
                    <select
                        class="input"
                        id=name
                        name=name
                        aria-describedby="picks-words"
                        on:change=move |event| go.run((name, event_target_value(&event)))
                        prop:value=chosen
                    >
                        {entries}
                    </select>
                </div>
            }
            .erased()
        } else {
            view! { <input type="hidden" name=name value=chosen/> }.erased()
        }
    }
}
