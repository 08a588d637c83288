//! Money that could be got back, beside the figures: what findings cost a month, and what the
//! unused part of commitments does.

use domain::report::{Unused, Waste};
use leptos::prelude::*;

use crate::{
    components::{
        amount::Amount,
        words::{count, month},
    },
    erased::Erase,
};

/// Two figures, each with the way to its page.
#[component]
pub fn WasteFigures(
    /// As far as anybody has looked.
    waste: Waste,
    /// The connection's id.
    connection: String,
) -> impl IntoView {
    let findings = format!("/savings?connection={connection}");
    let findings = match waste.findings {
        Some(open) => view! {
            <dd class="figure__value figure__value--small"><Amount money=open.per_month/> " a month"</dd>
            <dd class="figure__note"><a href=findings>{count(open.count, "finding", "findings")}</a></dd>
        }
        .erased(),
        None => view! {
            <dd class="figure__value figure__value--small figure__none">"Not looked yet"</dd>
            <dd class="figure__note"><a href=findings>"Look through EC2"</a> ", which is free"</dd>
        }
        .erased(),
    };
    let commitments = format!("/savings/commitments?connection={connection}");
    let unused = match waste.unused {
        Some(Unused::Cost { month: first, cost }) => view! {
            <dd class="figure__value figure__value--small"><Amount money=cost/></dd>
            <dd class="figure__note">{month(first)} ". " <a href=commitments>"How they are used"</a></dd>
        }
        .erased(),
        Some(Unused::NoneOwned) => view! {
            <dd class="figure__value figure__value--small figure__none">"None owned"</dd>
            <dd class="figure__note"><a href=commitments>"Reservations and Savings Plans"</a></dd>
        }
        .erased(),
        None => view! {
            <dd class="figure__value figure__value--small figure__none">"Not known"</dd>
            <dd class="figure__note"><a href=commitments>"Ask AWS about commitments"</a></dd>
        }
        .erased(),
    };
    view! {
        <div class="figure">
            <dt class="figure__label">"Resources in EC2 that do nothing, or cost too much"</dt>
            {findings}
        </div>
        <div class="figure">
            <dt class="figure__label">"Unused part of commitments"</dt>
            {unused}
        </div>
    }
    .erased()
}
