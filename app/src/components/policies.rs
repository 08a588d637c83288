//! IAM documents to copy, with what they are for.

use domain::{
    policy,
    role::{ExternalId, Principal},
};
use leptos::prelude::*;

use super::copy::CopyBlock;
use crate::erased::Erase;

/// What a key or a role has to be allowed, the least and everything.
#[component]
pub fn ReadingPolicies() -> impl IntoView {
    view! {
        <p>
            "This is the least: costs, forecasts, commitments, anomalies, and what runs idle. It only reads."
        </p>
        <CopyBlock what="Smallest policy" text=policy::minimal()/>
        <details class="details">
            <summary>"Everything that can be used"</summary>
            <div class="details__body">
                <p>
                    "Also coverage, forecasts of usage, tags, cost categories, anomaly monitors, values to filter by, "
                    "and the list of your regions. It only reads, too."
                </p>
                <CopyBlock what="Full policy" text=policy::full()/>
            </div>
        </details>
        <p class="muted">
            "Cost Explorer must have been opened once in the AWS console, and the account’s root user "
            "must have switched on IAM access to billing."
        </p>
    }
    .erased()
}

/// What a role's trust policy has to say.
#[component]
pub fn TrustPolicy(
    /// Who AWS says takes the role on.
    source_arn: String,
    /// What the role demands.
    external_id: ExternalId,
) -> impl IntoView {
    // Whom no role can trust never gets this far.
    let principal = Principal::of(&source_arn).unwrap_or(Principal {
        arn: source_arn,
        path_unknown: false,
    });
    let path_unknown = principal.path_unknown;
    view! {
        <CopyBlock what="Trust policy" text=policy::trust(&principal.arn, &external_id)/>
        {path_unknown.then(|| view! {
            <p class="muted">
                "AWS leaves a role’s path out here. If the role that takes this one on has a path, "
                "write its whole ARN into the policy."
            </p>
        })}
    }
    .erased()
}

/// What the one who takes a role on has to be allowed.
#[component]
pub fn AssumePolicy(
    /// The role, as far as it is known.
    role_arn: String,
) -> impl IntoView {
    let known = !role_arn.is_empty();
    let resource = if known {
        role_arn
    } else {
        "arn:aws:iam::123456789012:role/CostTracker".to_owned()
    };
    view! {
        <CopyBlock what="Policy for taking the role on" text=policy::assuming(&resource)/>
        {(!known).then(|| view! {
            <p class="muted">"Put the ARN of your role in the place of the example’s."</p>
        })}
    }
    .erased()
}
