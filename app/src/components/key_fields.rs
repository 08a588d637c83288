//! The fields of an AWS access key. What is typed here is never shown again.

use domain::account::COST_EXPLORER_REQUEST;
use leptos::prelude::*;

use super::{
    copy::CopyBlock,
    form::{Field, FormState},
};
use crate::error::MINIMAL_POLICY;

/// Access key id, secret and session token.
#[component]
pub fn KeyFields(
    /// Of the form.
    state: FormState,
) -> impl IntoView {
    view! {
        <Field
            state=state
            name="access_key_id"
            label="Access key ID"
            hint="20 capital letters and digits that begin with AKIA, or with ASIA for temporary keys."
            maxlength=128
        />
        <Field
            state=state
            name="secret"
            label="Secret access key"
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
        />
    }
    .into_any()
}

/// What proving a key costs.
#[component]
pub fn KeyPrice() -> impl IntoView {
    view! {
        <p class="muted">
            "Proving the key costs " {COST_EXPLORER_REQUEST.display()}
            ": AWS charges your account for one Cost Explorer request."
        </p>
    }
    .into_any()
}

/// What the key has to be allowed to do.
#[component]
pub fn KeyPolicy() -> impl IntoView {
    view! {
        <details class="details">
            <summary>"What the key must be allowed to do"</summary>
            <div class="details__body">
                <p>
                    "One action is enough. Make an IAM user with this policy and an access key for it. "
                    "The key can then read costs and nothing else."
                </p>
                <CopyBlock what="IAM policy" text=MINIMAL_POLICY.to_owned()/>
                <p class="muted">
                    "Cost Explorer must have been opened once in the AWS console, and the account’s root user "
                    "must have switched on IAM access to billing."
                </p>
            </div>
        </details>
    }
    .into_any()
}
