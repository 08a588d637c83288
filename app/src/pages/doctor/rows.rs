//! One row for each action: its state, what is missing without it, and how to mend it.

use domain::{
    Error,
    doctor::{self, ActionRow, CheckState, Examination, Finding, Need},
};
use leptos::prelude::*;

use super::check::{begun_form, price_words};
use crate::{
    components::{copy::CopyBlock, form::FormError, form::Submit, words::time},
    erased::Erase,
};

/// The class and the word of a state; `None` is not checked.
pub const fn state_words(state: Option<CheckState>) -> (&'static str, &'static str) {
    match state {
        None => ("state", "Not checked"),
        Some(CheckState::Granted) => ("state state--good", "Granted"),
        Some(CheckState::Denied) => ("state state--bad", "Denied"),
        Some(CheckState::NotEnabled) => ("state state--bad", "Not enabled"),
        Some(CheckState::Throttled) => ("state state--warn", "Throttled"),
        Some(CheckState::Unknown) => ("state state--warn", "Unknown"),
    }
}

/// All actions, the needed ones first.
#[component]
pub fn Rows(found: Examination, on_begun: Callback<()>) -> impl IntoView {
    let group = |need: Need, id: &'static str, title: &'static str| {
        let rows = found
            .rows
            .iter()
            .filter(|row| doctor::need(row.operation) == need)
            .map(|row| view! { <Row row=row.clone() found=found.clone() on_begun=on_begun/> })
            .collect_view();
        view! {
            <section class="doctor" aria-labelledby=id>
                <h2 id=id>{title}</h2>
                <ul class="list">{rows}</ul>
            </section>
        }
    };
    view! {
        {group(Need::Minimal, "needed-title", "What the product needs")}
        {group(Need::Optional, "optional-title", "What makes it better")}
    }
    .erased()
}

#[component]
fn Row(row: ActionRow, found: Examination, on_begun: Callback<()>) -> impl IntoView {
    let (class, word) = state_words(row.finding.as_ref().map(|finding| finding.state));
    let action = row.operation.iam_action();
    view! {
        <li class="check">
            <div class="check__head">
                <code class="check__action">{action}</code>
                <p class=class>{word}</p>
                <CheckOne row=row.clone() found=found on_begun=on_begun/>
            </div>
            <p class="muted">"Without it: " {doctor::without(row.operation)}</p>
            {row.finding.map(|finding| view! { <Told finding=finding action=action/> })}
        </li>
    }
    .erased()
}

#[component]
fn CheckOne(row: ActionRow, found: Examination, on_begun: Callback<()>) -> impl IntoView {
    let (state, action) = begun_form(on_begun, &found);
    // The form above says what the sample account's checks would cost elsewhere.
    let price = if found.cap.sample {
        "free here".to_owned()
    } else {
        price_words(doctor::price(&[row.operation]), false)
    };
    let covered = found.cap.covers(row.operation.price());
    view! {
        <ActionForm action=action attr:class="check__form">
            <input type="hidden" name="connection" value=found.connection.to_string()/>
            <input type="hidden" name="what" value=row.operation.iam_action()/>
            {(!covered).then(|| view! {
                <label class="tick">
                    <input class="tick__input" type="checkbox" name="beyond_cap" value="true" required/>
                    "Beyond the cap"
                </label>
            })}
            <span class="muted check__price">{price}</span>
            <Submit state=state label="Check" pending="…" class="button button--quiet"/>
        </ActionForm>
        <FormError state=state/>
    }
    .erased()
}

/// When, and if it isn't granted, why and what to do.
#[component]
fn Told(finding: Finding, action: &'static str) -> impl IntoView {
    view! {
        {finding.reason.map(|reason| view! { <Reason reason=reason action=action/> })}
        <p class="check__time">"Checked " {time(finding.checked_at)}</p>
    }
    .erased()
}

#[component]
fn Reason(reason: Error, action: &'static str) -> impl IntoView {
    view! {
        <div class="check__reason">
            <p><strong>{reason.message}</strong> " " {reason.advice}</p>
            {reason.policy.map(|policy| view! {
                <details class="details">
                    <summary>"Policy statement for " {action}</summary>
                    <div class="details__body"><CopyBlock what="IAM policy" text=policy/></div>
                </details>
            })}
            {reason.incident.map(|incident| view! {
                <p class="muted">"Number in the log: " <code>{incident}</code></p>
            })}
        </div>
    }
    .erased()
}

/// The way to the doctor from the connection's page.
#[component]
pub fn DoctorCard(
    /// Whose key.
    connection: domain::account::ConnectionId,
) -> impl IntoView {
    let link = format!("/connections/{connection}/doctor");
    view! {
        <section class="card card--split" aria-labelledby="doctor-card-title">
            <div>
                <h2 id="doctor-card-title">"Key doctor"</h2>
                <p>"Shows action by action what this connection may ask of AWS, and the policy that mends what it may not."</p>
            </div>
            <a class="button" href=link>"What it may do"</a>
        </section>
    }
    .erased()
}
