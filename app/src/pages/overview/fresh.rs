//! How fresh the figures are, what that cost, and a button to ask AWS again.

use leptos::prelude::*;

use super::answer::{Fresh, One};
use crate::{
    api::jobs::Refresh,
    components::form::{FormError, FormState, Submit, form_state},
    erased::Erase,
};

/// As of when, for how much, and the refresh.
#[component]
pub fn Freshness(
    /// Whose costs are shown.
    one: Signal<One>,
    /// Called when a refresh has begun.
    #[prop(into)]
    on_refresh: Callback<()>,
) -> impl IntoView {
    let refresh = ServerAction::<Refresh>::new();
    let sent = form_state(refresh);
    let running = move || one.with(|one| one.sync.running);
    let pending = Signal::derive(move || sent.pending.get() || running());
    let state = FormState { pending, ..sent };
    Effect::new(move |_| {
        if refresh.value().get().is_some_and(|answer| answer.is_ok()) {
            on_refresh.run(());
        }
    });
    let word = move |word: fn(&Fresh) -> &String| {
        one.with(|one| one.fresh.as_ref().map(word).cloned().unwrap_or_default())
    };
    let beyond_cap = Memo::new(move |_| one.with(|one| one.fresh.as_ref()?.beyond_cap.clone()));
    let consent = move || {
        beyond_cap.get().map(|words| {
            view! {
                <label class="tick">
                    <input class="tick__input" type="checkbox" name="beyond_cap" value="true" required/>
                    {words}
                </label>
            }
        })
    };
    let connection = move || one.with(|one| one.connection.to_string());
    view! {
        <div class="fresh">
            <p class="fresh__text">
                {move || word(|fresh| &fresh.as_of)} " "
                <span class="muted">{move || word(|fresh| &fresh.price)}</span>
            </p>
            <ActionForm action=refresh>
                <input type="hidden" name="connection" value=connection/>
                {consent}
                <Submit state=state label="Refresh" pending="Asking…" class="button"/>
            </ActionForm>
        </div>
        <FormError state=state/>
    }
    .erased()
}
