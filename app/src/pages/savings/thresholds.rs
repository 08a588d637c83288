//! From when on something counts.

use domain::findings::Thresholds;
use leptos::prelude::*;

use crate::{
    api::savings::SetThresholds,
    components::form::{Field, FormError, Submit, form_state},
    erased::Erase,
};

/// The form, folded away.
#[component]
pub fn ThresholdsForm(
    /// Whose.
    connection: String,
    /// What is set.
    thresholds: Thresholds,
    /// Called when it is set anew.
    on_set: Callback<()>,
) -> impl IntoView {
    let set = ServerAction::<SetThresholds>::new();
    let state = form_state(set);
    Effect::new(move |_| {
        if set.value().get().is_some_and(|answer| answer.is_ok()) {
            on_set.try_run(());
        }
    });
    let usual = Thresholds::default();
    let fields = [
        (
            "stopped",
            "An instance is stopped for",
            thresholds.stopped,
            usual.stopped,
            "a week stopped is more than a weekend",
        ),
        (
            "long_stopped",
            "…so long that its volumes count on their own",
            thresholds.long_stopped,
            usual.long_stopped,
            "a month stopped is no pause; AWS Config’s rule for stopped instances draws the same line",
        ),
        (
            "unattached",
            "A volume is unattached for",
            thresholds.unattached,
            usual.unattached,
            "a week unused is no accident; AWS Trusted Advisor looks back as long",
        ),
        (
            "idle_address",
            "An address is idle for",
            thresholds.idle_address,
            usual.idle_address,
            "at once, as AWS Trusted Advisor does; it costs by the hour, and another is quickly taken",
        ),
        (
            "old_snapshot",
            "A snapshot is so old",
            thresholds.old_snapshot,
            usual.old_snapshot,
            "after half a year hardly anybody goes back to it",
        ),
        (
            "running",
            "A large instance runs for",
            thresholds.running,
            usual.running,
            "a quarter without a stop is long enough to ask about its size, its nights or a Savings Plan",
        ),
    ];
    let fields = fields.map(|(name, label, days, usual, why)| {
        view! {
            <div>
                <Field state=state name=name label=label kind="number" value=days.to_string()/>
                <p class="field__hint">"days; " {usual} " unless chosen otherwise: " {why}</p>
            </div>
        }
    });
    view! {
        <details class="details">
            <summary>"From when on something counts"</summary>
            <div class="card details__body">
                <p>
                    "The usual numbers are ours, each with its reason; where AWS’s own tools draw the same line, "
                    "that is said. What doesn’t count any more isn’t booked as saved."
                </p>
                <FormError state=state/>
                <ActionForm action=set>
                    <input type="hidden" name="connection" value=connection/>
                    <div class="filters__row">{fields.into_iter().collect_view()}</div>
                    <Submit state=state label="Save" pending="Saving…" class="button"/>
                </ActionForm>
            </div>
        </details>
    }
    .erased()
}
