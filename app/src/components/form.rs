//! Fields, buttons and errors of forms. Every form works without JavaScript:
//! then its error comes back in the page's URL, with what was typed.

use leptos::{html::Form, prelude::*, server_fn::ServerFn};

use super::problem::ProblemBox;
use crate::{erased::Erase, error::ApiError};

/// What a form knows about its last attempt.
#[derive(Clone, Copy)]
pub struct FormState {
    /// Why it failed, if it did.
    pub error: Signal<Option<ApiError>>,
    /// Whether one is under way.
    pub pending: Signal<bool>,
}

/// The state of the form of an action.
pub fn form_state<F>(action: ServerAction<F>) -> FormState
where
    F: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    F::Output: Clone + Send + Sync + 'static,
{
    let (value, version) = (action.value(), action.version());
    let error = Signal::derive(move || {
        let error = value.get()?.err()?;
        // Before the first attempt in this page, an error can only be the URL's.
        Some(if version.get() == 0 {
            error.from_url()
        } else {
            error
        })
    });
    FormState {
        error,
        pending: action.pending().into(),
    }
}

/// For a form that takes secrets and stays on the page: empties it when its
/// action has succeeded.
pub fn cleared_when_done<F>(action: ServerAction<F>) -> NodeRef<Form>
where
    F: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    F::Output: Clone + Send + Sync + 'static,
{
    let form = NodeRef::<Form>::new();
    let value = action.value();
    Effect::new(move |_| {
        if value.with(|answer| matches!(answer, Some(Ok(_))))
            && let Some(form) = form.get_untracked()
        {
            form.reset();
        }
    });
    form
}

/// Why the form failed. Stands before the fields and speaks up.
#[component]
pub fn FormError(
    /// Of the form.
    state: FormState,
) -> impl IntoView {
    view! {
        <div class="live" role="alert">
            {move || state.error.get().map(|error| view! { <ProblemBox error=error.error/> })}
        </div>
    }
    .erased()
}

/// A labelled input.
#[component]
pub fn Field(
    /// Of the form.
    state: FormState,
    /// Unique on the page; the name where a page has one such field.
    #[prop(optional)]
    id: Option<&'static str>,
    /// The server function's argument.
    name: &'static str,
    /// What people read.
    label: &'static str,
    /// HTML's type.
    #[prop(default = "text")]
    kind: &'static str,
    /// What password managers go by.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// A sentence of help.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// What is in it at first.
    #[prop(optional, into)]
    value: String,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
    /// The browser doesn't insist on it: the field may be out of sight.
    #[prop(optional)]
    unforced: bool,
    /// What stands in it while it is empty.
    #[prop(optional)]
    placeholder: Option<&'static str>,
    /// The fewest characters.
    #[prop(optional)]
    minlength: Option<u32>,
    /// The most characters.
    #[prop(optional)]
    maxlength: Option<u32>,
) -> impl IntoView {
    let id = id.unwrap_or(name);
    let hint_id = format!("{id}-hint");
    let wrong = move || {
        let error = state.error.get()?;
        (error.error.field.as_deref() == Some(name)).then_some("true")
    };
    let kept = state
        .error
        .get_untracked()
        .and_then(|error| error.kept(name));
    let plain = kind == "text" && autocomplete == "off";
    view! {
        <div class="field">
            <label class="field__label" for=id>
                {label}
                {optional.then(|| view! { <span class="muted">" (optional)"</span> })}
            </label>
            <input
                class="input"
                id=id
                name=name
                type=kind
                autocomplete=autocomplete
                autocapitalize=plain.then_some("off")
                spellcheck=plain.then_some("false")
                value=kept.unwrap_or(value)
                required={!optional && !unforced}
                placeholder=placeholder
                minlength=minlength
                maxlength=maxlength
                aria-invalid=wrong
                aria-describedby=hint.map(|_| hint_id.clone())
            />
            {hint.map(|hint| view! { <p class="field__hint" id=hint_id>{hint}</p> })}
        </div>
    }
    .erased()
}

/// Sends the form, and shows that it is on its way.
#[component]
pub fn Submit(
    /// Of the form.
    state: FormState,
    /// What it does.
    #[prop(into)]
    label: String,
    /// What it is doing.
    pending: &'static str,
    /// How it looks.
    #[prop(default = "button button--primary")]
    class: &'static str,
) -> impl IntoView {
    view! {
        <button
            type="submit"
            class=class
            aria-busy=move || state.pending.get().then_some("true")
            disabled=move || state.pending.get()
        >
            {move || if state.pending.get() { pending.to_owned() } else { label.clone() }}
        </button>
    }
    .erased()
}
