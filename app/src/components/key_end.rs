//! When a temporary key ends: asked for, told, and warned about in time.

use domain::{Code, account::Connection, expiry::KeyEnd};
use leptos::prelude::*;

use super::{
    form::{Field, FormState},
    words::{time, time_left},
};
use crate::erased::Erase;

/// What people can say about a session token's end, with the names that
/// [`domain::expiry::StatedEnd`] reads.
const CHOICES: [(&str, &str); 5] = [
    ("", "I don’t know"),
    ("1h", "In 1 hour"),
    ("8h", "In 8 hours"),
    ("12h", "In 12 hours"),
    ("at", "At a time that I enter"),
];

/// When the session token ends. Stands after its field, and shows once that is filled.
#[component]
pub fn KeyEndFields(
    /// Of the form.
    state: FormState,
) -> impl IntoView {
    let kept = state
        .error
        .get_untracked()
        .and_then(|error| error.kept("ends"));
    let kept = kept.unwrap_or_default();
    let choices = CHOICES.map(|(value, words)| {
        view! { <option value=value selected={value == kept}>{words}</option> }
    });
    view! {
        <div class="key-end">
            <div class="field">
                <label class="field__label" for="ends">"When does the session token end?"</label>
                <select class="input" id="ends" name="ends" autocomplete="off" aria-describedby="ends-hint">
                    {choices.into_iter().collect_view()}
                </select>
                <p class="field__hint" id="ends-hint">
                    "AWS doesn’t tell. If you say when, you are asked for a new key in time."
                </p>
            </div>
            <div class="key-end__at">
                <Field
                    state=state
                    name="ends_at"
                    label="Day and time, in UTC"
                    kind="datetime-local"
                    unforced=true
                />
            </div>
        </div>
    }
    .erased()
}

/// Asks for another key while there is time, and after it has ended.
#[component]
pub fn KeyEndNotice(
    /// Whose key it is, or who signs in with another's.
    connection: Connection,
) -> impl IntoView {
    let told = (connection.sync.error.as_ref())
        .is_some_and(|error| error.code == Code::AwsExpiredToken && !connection.sync.running);
    let Some(end) = connection.key_end.filter(|end| end.past || end.is_soon()) else {
        return ().erased();
    };
    // The failure of the last sync says the same, with the same way on.
    if told {
        return ().erased();
    }
    let link = replace_link(&connection);
    let class = if end.past {
        "notice notice--problem"
    } else {
        "notice notice--warning"
    };
    let advice = if end.past {
        "The costs that are here stay. Nothing is asked of AWS until you enter a new key."
    } else {
        "Enter a new one before that, so that the costs stay up to date."
    };
    view! {
        <div class=class role="status">
            <p class="notice__title">{title(&end)}</p>
            <p>{advice}</p>
            <p><a href=link>"Enter a new key"</a></p>
        </div>
    }
    .erased()
}

fn title(end: &KeyEnd) -> String {
    if end.past {
        format!("The temporary key expired on {}", time(end.at))
    } else {
        format!(
            "The temporary key expires in {}",
            time_left(end.minutes_left)
        )
    }
}

/// When the key ends, for a list of facts.
pub fn key_end_words(end: Option<&KeyEnd>) -> String {
    match end {
        None => "Nobody said when".to_owned(),
        Some(end) if end.past => format!("Expired on {}", time(end.at)),
        Some(end) => format!("In {}, on {}", time_left(end.minutes_left), time(end.at)),
    }
}

/// Where another key is entered: with the connection that has it.
pub fn replace_link(connection: &Connection) -> String {
    let holder = match connection.role.as_ref().map(|role| role.source) {
        Some(domain::role::RoleSource::Connection(source)) => source,
        _ => connection.id,
    };
    format!("/connections/{holder}#replace")
}
