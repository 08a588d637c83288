//! How fresh the figures are, what that cost, and a button to ask AWS again.

use domain::report::Overview;
use leptos::prelude::*;

use super::{
    cap::used,
    form::{FormError, FormState, Submit, form_state},
    words::{refresh_price, time, usual_price},
};
use crate::api::jobs::Refresh;

/// As of when, for how much, and the refresh.
#[component]
pub fn Freshness(
    /// What is shown.
    overview: Signal<Overview>,
    /// Called when a refresh has begun.
    #[prop(into)]
    on_refresh: Callback<()>,
) -> impl IntoView {
    let refresh = ServerAction::<Refresh>::new();
    let sent = form_state(refresh);
    let running = move || overview.with(|overview| overview.sync.running);
    let pending = Signal::derive(move || sent.pending.get() || running());
    let state = FormState { pending, ..sent };
    Effect::new(move |_| {
        if refresh.value().get().is_some_and(|answer| answer.is_ok()) {
            on_refresh.run(());
        }
    });
    let as_of = move || {
        overview.with(|overview| match overview.as_of {
            Some(at) => format!("As of {}.", time(at)),
            None => "Nothing has been asked for yet.".to_owned(),
        })
    };
    let paid = move || {
        overview.with(|overview| {
            let price = refresh_price(&overview.sync, overview.sample)?;
            Some(if overview.sync.running {
                format!(" So far: {price}.")
            } else {
                format!(" The last refresh took {price}.")
            })
        })
    };
    let price = move || overview.with(|now| usual_price(&now.sync, now.sample));
    let uncovered = Memo::new(move |_| overview.with(beyond_cap));
    let consent = move || {
        uncovered.get().map(|words| {
            view! {
                <label class="tick">
                    <input class="tick__input" type="checkbox" name="beyond_cap" value="true" required/>
                    {words}
                </label>
            }
        })
    };
    let connection = move || overview.with(|overview| overview.connection.to_string());
    view! {
        <div class="fresh">
            <p class="fresh__text">{as_of} {paid} " " <span class="muted">{price}</span></p>
            <ActionForm action=refresh>
                <input type="hidden" name="connection" value=connection/>
                {consent}
                <Submit state=state label="Refresh" pending="Asking…" class="button"/>
            </ActionForm>
        </div>
        <FormError state=state/>
    }
    .into_any()
}

/// What a person has to agree to before a refresh that the cap doesn't cover.
fn beyond_cap(overview: &Overview) -> Option<String> {
    let price = overview.sync.usual_price();
    (!overview.cap.covers(price)).then(|| {
        format!(
            "The monthly cap doesn’t cover it ({} spent). Ask AWS all the same, for about {}.",
            used(&overview.cap),
            price.display()
        )
    })
}
