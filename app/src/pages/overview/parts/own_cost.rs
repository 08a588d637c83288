//! What could be got back, what credits took off, and what this tool itself costs: beside the
//! figures, never in them.

use domain::{money::Money, report::Overview, spending::CapStatus};
use leptos::prelude::*;

use super::waste::WasteFigures;
use crate::{
    components::{
        amount::Amount,
        cap::{CapBar, used},
    },
    erased::Erase,
};

/// The second line of figures.
#[component]
pub fn Beside(
    /// Of one connection.
    overview: Overview,
) -> impl IntoView {
    let label = "Waste, credits, and what this tool costs";
    view! {
        <section aria-label=label>
            <h2 class="hidden">{label}</h2>
            <dl class="figures figures--beside">
                <WasteFigures waste=overview.waste connection=overview.connection.to_string()/>
                {overview.credits.map(|money| view! { <Credits money=money/> })}
                <OwnCost cap=overview.cap/>
            </dl>
        </section>
    }
    .erased()
}

#[component]
fn Credits(money: Money) -> impl IntoView {
    view! {
        <div class="figure">
            <dt class="figure__label">"Credits this month so far"</dt>
            <dd class="figure__value figure__value--small"><Amount money=money/></dd>
            <dd class="figure__note">"AWS doesn’t tell programs how much of them is left: its Billing console does."</dd>
        </div>
    }
    .erased()
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
        .erased();
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
    .erased()
}
