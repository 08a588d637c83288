//! What this tool itself costs, and what credits took off: beside the figures, never in them.

use domain::{money::Money, spending::CapStatus};
use leptos::prelude::*;

use super::{
    amount::Amount,
    cap::{CapBar, used},
};

/// The second line of figures.
#[component]
pub fn Beside(
    /// Of the connection.
    cap: CapStatus,
    /// What credits took off this month so far, if anything.
    credits: Option<Money>,
) -> impl IntoView {
    let class = if credits.is_some() {
        "figures figures--two"
    } else {
        "figures figures--one"
    };
    let credits = credits.map(|money| {
        view! {
            <div class="figure">
                <dt class="figure__label">"Credits this month so far"</dt>
                <dd class="figure__value figure__value--small"><Amount money=money/></dd>
                <dd class="figure__note">"AWS doesn’t tell programs how much of them is left: its Billing console does."</dd>
            </div>
        }
        .into_any()
    });
    view! {
        <section aria-label="Credits, and what this tool costs">
            <h2 class="hidden">"Credits, and what this tool costs"</h2>
            <dl class=class>{credits} <OwnCost cap=cap/></dl>
        </section>
    }
    .into_any()
}

#[component]
fn OwnCost(cap: CapStatus) -> impl IntoView {
    let label = "This tool’s own requests to AWS this month";
    if cap.sample {
        return view! {
            <div class="figure">
                <dt class="figure__label">{label}</dt>
                <dd class="figure__value figure__value--small">"Free"</dd>
                <dd class="figure__note">"The sample account is inside this server."</dd>
            </div>
        }
        .into_any();
    }
    let words = used(&cap);
    view! {
        <div class="figure">
            <dt class="figure__label">{label}</dt>
            <dd class="figure__value figure__value--small">{words} " at most"</dd>
            <dd class="figure__note"><CapBar cap=cap/></dd>
            <dd class="figure__note"><a href="/spending">"Every request and its price"</a></dd>
        </div>
    }
    .into_any()
}
