//! Choices that are the page's address: a plain form. With scripts a choice takes effect at
//! once, without them a button sends it.

use leptos::{
    html::{Form, Select},
    prelude::*,
};
use leptos_router::{NavigateOptions, hooks::use_navigate, params::ParamsMap};

use super::chosen::{said, taken_early};
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
    let go = Callback::new(move |form: ParamsMap| {
        let stay = NavigateOptions {
            scroll: false,
            ..Default::default()
        };
        navigate(&format!("{path}{}", form.to_query_string()), stay);
    });
    let chosen = move |event| {
        if let Some(form) = said(&event) {
            go.run(form);
        }
    };
    let form = NodeRef::<Form>::new();
    taken_early(form, move |form| go.run(form));
    view! {
        <form class="picks" method="get" action=path autocomplete="off" node_ref=form on:change=chosen>
            {fields.into_iter().map(|field| view! { <Pick field=field/> }).collect_view()}
            <button type="submit" class="button needs-no-script">"Show"</button>
            <p class="picks__words" id="picks-words">{words}</p>
        </form>
    }
    .erased()
}

#[component]
fn Pick(field: Field) -> impl IntoView {
    let Field {
        name,
        label,
        options,
        chosen,
    } = field;
    let list = NodeRef::<Select>::new();
    // It came with what is chosen; or a person has already chosen something else.
    Effect::new(move |came: Option<()>| {
        let chosen = chosen.get();
        if let (Some(()), Some(list)) = (came, list.get_untracked()) {
            list.set_value(&chosen);
        }
    });
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
                        node_ref=list
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
