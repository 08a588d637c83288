//! Pause, go on, cancel, retry: plain forms, one for each button.

use domain::{
    account::ConnectionId,
    job::{JobState, SyncState},
};
use leptos::prelude::*;

use super::form::{FormError, FormState, Submit, form_state};
use crate::{
    api::jobs::{Cancel, Pause, Resume, Retry},
    erased::Erase,
};

/// One button that is a form; what it answers goes to `on_answer`.
macro_rules! button {
    ($action:ident, $connection:expr, $state:expr, $label:literal, $pending:literal, $class:literal) => {
        view! {
            <ActionForm action=$action>
                <input type="hidden" name="connection" value=$connection.to_string()/>
                <Submit state=$state label=$label pending=$pending class=$class/>
            </ActionForm>
        }
        .erased()
    };
}

/// What a person can do about the connection's newest job.
#[component]
pub fn JobButtons(
    /// Whose.
    connection: ConnectionId,
    /// How far it is.
    live: RwSignal<SyncState>,
    /// Called with what has become of it.
    #[prop(into)]
    on_answer: Callback<SyncState>,
) -> impl IntoView {
    let pause = ServerAction::<Pause>::new();
    let resume = ServerAction::<Resume>::new();
    let cancel = ServerAction::<Cancel>::new();
    let retry = ServerAction::<Retry>::new();
    let states = [
        form_state(pause),
        form_state(resume),
        form_state(cancel),
        form_state(retry),
    ];
    let answers = [pause.value(), resume.value(), cancel.value(), retry.value()];
    for answer in answers {
        Effect::new(move |_| {
            if let Some(Ok(now)) = answer.get() {
                on_answer.run(now);
            }
        });
    }
    let [of_pause, of_resume, of_cancel, of_retry] = states;
    let state = Memo::new(move |_| live.with(|live| live.state));
    let sent = FormState {
        error: Signal::derive(move || states.iter().find_map(|state| state.error.get())),
        pending: Signal::derive(move || states.iter().any(|state| state.pending.get())),
    };
    let end = move || {
        button!(
            cancel,
            connection,
            of_cancel,
            "Cancel",
            "Cancelling…",
            "button button--quiet"
        )
    };
    let buttons = move || match state.get() {
        Some(JobState::Waiting | JobState::Running) => vec![
            button!(pause, connection, of_pause, "Pause", "Pausing…", "button"),
            end(),
        ],
        Some(JobState::Paused) => vec![
            button!(
                resume,
                connection,
                of_resume,
                "Go on",
                "Going on…",
                "button"
            ),
            end(),
        ],
        Some(JobState::Failed | JobState::Cancelled) => vec![button!(
            retry,
            connection,
            of_retry,
            "Try again",
            "Trying…",
            "button"
        )],
        Some(JobState::Done) | None => Vec::new(),
    };
    view! {
        <div class="actions">{buttons}</div>
        <FormError state=sent/>
    }
    .erased()
}
