//! What a person says of something unusual: that it was expected, or a mistake.

use domain::{account::ConnectionId, marked::Marked, unusual::Mark};
use leptos::prelude::*;

use super::mark_words;
use crate::{
    api::anomalies::MarkEvent,
    components::form::{FormError, Submit, form_state},
    erased::Erase,
};

/// What was said, or the two things that can be.
#[component]
pub fn MarkForms(
    /// Whose.
    connection: ConnectionId,
    /// Of what.
    marked: Marked,
    /// What was said of it.
    mark: Option<Mark>,
    /// What saying something does, before it is said.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// Called when something was said.
    again: Callback<()>,
) -> impl IntoView {
    let action = ServerAction::<MarkEvent>::new();
    let state = form_state(action);
    Effect::new(move |_| {
        if let Some(Ok(())) = action.value().get() {
            again.run(());
        }
    });
    let name = marked.to_text();
    let form = |said: &'static str, label: &'static str| {
        let name = name.clone();
        view! {
            <ActionForm action=action>
                <input type="hidden" name="connection" value=connection.to_string()/>
                <input type="hidden" name="event" value=name/>
                <input type="hidden" name="mark" value=said/>
                <Submit state=state label=label pending="Saving…" class="button"/>
            </ActionForm>
        }
    };
    let forms = match mark {
        Some(mark) => view! {
            <p>{format!("Marked: {}.", mark_words(mark).to_lowercase())}</p>
            <div class="actions">{form("", "Take it back")}</div>
        }
        .erased(),
        None => view! {
            {hint.map(|hint| view! { <p class="muted">{hint}</p> })}
            <div class="actions">
                {form(Mark::Expected.as_str(), "It was expected")}
                {form(Mark::Mistake.as_str(), "It was a mistake")}
            </div>
        }
        .erased(),
    };
    view! {
        <FormError state=state/>
        {forms}
    }
    .erased()
}
