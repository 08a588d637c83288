//! The fields of an AWS access key. What is typed here is never shown again.

use domain::account::COST_EXPLORER_REQUEST;
use leptos::prelude::*;

use super::{
    form::{Field, FormState},
    key_end::KeyEndFields,
    policies::ReadingPolicies,
};
use crate::erased::Erase;

/// Access key id, secret, session token and its end.
#[component]
pub fn KeyFields(
    /// Of the form.
    state: FormState,
    /// Whether they may be out of sight, so that the browser must not insist on them.
    #[prop(optional)]
    unforced: bool,
) -> impl IntoView {
    view! {
        <Field
            state=state
            name="access_key_id"
            unforced=unforced
            label="Access key ID"
            hint="20 capital letters and digits that begin with AKIA, or with ASIA for temporary keys."
            maxlength=128
        />
        <Field
            state=state
            name="secret"
            label="Secret access key"
            unforced=unforced
            kind="password"
            hint="Stored encrypted and never shown again, not even to you."
            maxlength=8192
        />
        <Field
            state=state
            name="session_token"
            label="Session token"
            kind="password"
            optional=true
            hint="Only temporary keys have one."
            maxlength=8192
            // Tells the style sheet whether anything is in it.
            placeholder=" "
        />
        <KeyEndFields state=state/>
    }
    .erased()
}

/// What proving costs.
#[component]
pub fn KeyPrice() -> impl IntoView {
    view! {
        <p class="muted">
            "Proving that it works costs " {COST_EXPLORER_REQUEST.display()}
            ": AWS charges your account for one Cost Explorer request."
        </p>
    }
    .erased()
}

/// What the key has to be allowed to do.
#[component]
pub fn KeyPolicy() -> impl IntoView {
    view! {
        <details class="details">
            <summary>"What the key must be allowed to do"</summary>
            <div class="details__body">
                <p>"Make an IAM user with one of these policies, and an access key for it."</p>
                <ReadingPolicies/>
            </div>
        </details>
    }
    .erased()
}
