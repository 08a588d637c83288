//! What the Explorer's costs come to, and how much that is beside the period they are
//! compared with.

use domain::{
    breakdown::Found,
    sheet::{Amount, Sheet},
};
use leptos::prelude::*;

use crate::{
    components::words::{known_note, lacking_note, signed_percent},
    erased::Erase,
};

/// The total, the earlier one, and the difference.
#[component]
pub fn Totals(
    /// What is shown.
    sheet: Sheet,
    /// What the store knows.
    found: Found,
) -> impl IntoView {
    let period = found.wanted.period.to_string();
    let note = known_note(found.known);
    let earlier = found.compared.as_ref().zip(sheet.sum.before);
    let earlier = earlier.map(|(compared, before)| {
        let change = sheet.sum.change();
        let way = match change.map(Amount::near) {
            Some(more) if more > 0.0 => "figure__value change--more",
            Some(less) if less < 0.0 => "figure__value change--less",
            _ => "figure__value",
        };
        let words = change.map(Amount::signed).unwrap_or_default();
        let share = sheet.sum.per_mille().map(signed_percent);
        let note = known_note(compared.known);
        view! {
            <div class="figure">
                <dt class="figure__label">"Difference"</dt>
                <dd class=way>{words}</dd>
                <dd class="figure__period">{share}</dd>
            </div>
            <div class="figure">
                <dt class="figure__label">"Compared with"</dt>
                <dd class="figure__value">{exact(before)}</dd>
                <dd class="figure__period">{compared.period.to_string()}</dd>
                {(!note.is_empty()).then(|| view! { <dd class="figure__note">{note}</dd> })}
            </div>
        }
    });
    let unit = match (sheet.currency, sheet.unit.as_str()) {
        (Some(_), _) => "Total".to_owned(),
        (None, "") => "Total, in normalized units".to_owned(),
        (None, unit) => format!("Total, in {unit}"),
    };
    view! {
        <dl class="figures figures--three">
            <div class="figure">
                <dt class="figure__label">{unit}</dt>
                <dd class="figure__value">{exact(sheet.sum.total)}</dd>
                <dd class="figure__period">{period}</dd>
                {(!note.is_empty()).then(|| view! { <dd class="figure__note">{note}</dd> })}
            </div>
            {earlier}
        </dl>
        {found.lacking.as_ref().map(|lacking| view! {
            <p class="notice">{lacking_note(lacking)}</p>
        })}
    }
    .erased()
}

fn exact(amount: Amount) -> impl IntoView {
    let title = match amount {
        Amount::Money(money) => money.display_exact(),
        Amount::Usage(used) => used.to_string(),
    };
    view! { <data class="amount" value=amount.exact() title=title>{amount.text()}</data> }
}
