//! *From usage to the total*: how what the Explorer shows comes together, kind of charge by kind
//! of charge. Folded up.

use domain::{
    breakdown::Found,
    reconciliation::{Closed, NotTold, ToTotal},
};
use leptos::prelude::*;

use crate::{components::way::Way, erased::Erase};

/// The section; it stays open or folded while other numbers come.
#[component]
pub fn ToTotalSteps(
    /// What is shown.
    found: Memo<Option<Found>>,
) -> impl IntoView {
    let to_total = Memo::new(move |_| {
        let found = found.with(|found| found.as_ref().map(|found| found.to_total.clone()));
        found.unwrap_or(ToTotal::Told(Vec::new()))
    });
    let inside = move || match to_total.get() {
        ToTotal::Told(ways) => ways_of(ways),
        ToTotal::NotTold(why) => view! { <p>{words(why)}</p> }.erased(),
    };
    view! {
        <section class="card" aria-label="From usage to the total">
            <details class="details">
                <summary>"From usage to the total"</summary>
                <div class="details__body">{inside}</div>
            </details>
        </section>
    }
    .erased()
}

fn ways_of(ways: Vec<Closed>) -> AnyView {
    if ways.is_empty() {
        return view! { <p>"There are no charges in these days."</p> }.erased();
    }
    let several = ways.len() > 1;
    let ways = ways.into_iter().map(|one| {
        let title = several.then(|| view! { <h3>"In " {one.way.currency.code().to_owned()}</h3> });
        view! {
            {title}
            <Way way=one.way gap=one.gap/>
        }
    });
    view! {
        <p class="muted">"Every charge of these days is in exactly one step; the last line is the total above."</p>
        {ways.collect_view()}
    }
    .erased()
}

/// Why there are no steps.
const fn words(why: NotTold) -> &'static str {
    match why {
        NotTold::Usage => {
            "Usage has no steps: with a metric of cost, this shows how the total comes together."
        }
        NotTold::Filter => {
            "Kinds of charges aren’t told apart under this filter. Without it, or with one by \
             service or charge type, this shows how the total comes together."
        }
        NotTold::NothingStored => {
            "The kinds of charges of these days aren’t stored. A refresh on the Overview asks AWS \
             for what is missing."
        }
    }
}
