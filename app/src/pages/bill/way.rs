//! The way from usage to a total as a table, with a bar for each step.

use domain::{
    money::{Money, Nanos},
    reconciliation::{ReconciledStep, Reconciliation},
};
use leptos::prelude::*;

use crate::{components::amount::Amount, erased::Erase};

/// How wide the bars' field is, in its own units.
const FIELD: i64 = 200;

/// Where a step's bar lies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Bar {
    left: i64,
    width: i64,
}

/// Bars over all steps and the total, between the lowest and the highest point of the way.
fn bars(way: &Reconciliation) -> Vec<Bar> {
    let ends = |step: &ReconciledStep| {
        let to = i128::from(step.running.0);
        (to - i128::from(step.amount.0), to)
    };
    let mut spans: Vec<(i128, i128)> = way.steps.iter().map(ends).collect();
    spans.push((0, i128::from(way.total.0)));
    let points = || spans.iter().flat_map(|(from, to)| [*from, *to]);
    let (low, high) = (points().min().unwrap_or(0), points().max().unwrap_or(0));
    let all = (high - low).max(1);
    let place =
        |point: i128| i64::try_from((point - low) * i128::from(FIELD) / all).unwrap_or_default();
    spans
        .iter()
        .map(|(from, to)| {
            let (left, right) = (place(*from.min(to)), place(*from.max(to)));
            Bar {
                left: left.min(FIELD - 1),
                // Even a cent is something.
                width: (right - left).max(1),
            }
        })
        .collect()
}

/// The steps of a bill.
#[component]
pub fn Way(
    /// What to show.
    way: Reconciliation,
) -> impl IntoView {
    let currency = way.currency;
    let mut bars = bars(&way).into_iter();
    let money = move |amount: Nanos| Money::new(amount, currency);
    let lines = way
        .steps
        .iter()
        .map(|one| {
            let kinds = one.kinds.iter().map(|kind| {
                view! {
                    <li>
                        <span>{kind.record_type.clone()}</span>
                        <Amount money=money(kind.amount)/>
                    </li>
                }
            });
            let sign = if one.amount.0 < 0 { "down" } else { "up" };
            view! {
                <tr>
                    <th scope="row">
                        {one.step.label()}
                        <span class="table__note">{one.step.explanation()}</span>
                        <details class="kinds">
                            <summary>"Kinds of charges"</summary>
                            <ul>{kinds.collect_view()}</ul>
                        </details>
                    </th>
                    <td class="steps__field">{bars.next().map(|bar| view! { <Drawn bar=bar sign=sign/> })}</td>
                    <td class="number"><Amount money=money(one.amount) signed=one.running != one.amount/></td>
                    <td class="number muted"><Amount money=money(one.running)/></td>
                </tr>
            }
        })
        .collect_view();
    let total = way.total;
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="Steps of the bill">
            <table class="table steps">
                <caption>{format!("From usage to the total, {}", way.period)}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Step"</th>
                        <th scope="col" class="steps__field"><span class="hidden">"Drawn"</span></th>
                        <th scope="col" class="number">"Amount"</th>
                        <th scope="col" class="number">"So far"</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row">"Total"</th>
                        <td class="steps__field">{bars.next().map(|bar| view! { <Drawn bar=bar sign="total"/> })}</td>
                        <td class="number number--total"><Amount money=money(total)/></td>
                        <td></td>
                    </tr>
                </tfoot>
            </table>
        </div>
    }
    .erased()
}

#[component]
fn Drawn(bar: Bar, sign: &'static str) -> impl IntoView {
    view! {
        <svg
            class=format!("steps__bar steps__bar--{sign}")
            viewBox=format!("0 0 {FIELD} 10")
            preserveAspectRatio="none"
            aria-hidden="true"
            focusable="false"
        >
            <rect x=bar.left y="0" width=bar.width height="10"></rect>
        </svg>
    }
    .erased()
}

#[cfg(test)]
mod tests {
    use domain::{metric::Metric, money::Currency, period::Period};

    use super::*;

    fn way(charges: &[(&str, i64)]) -> Reconciliation {
        let month = Period::month_of("2026-10-01".parse().unwrap());
        let charges = charges
            .iter()
            .map(|(kind, amount)| ((*kind).to_owned(), Nanos(*amount)));
        Reconciliation::of(month, Metric::Unblended, Currency::USD, charges).unwrap()
    }

    #[test]
    fn each_bar_begins_where_the_last_one_ended() {
        let drawn = bars(&way(&[("Usage", 100), ("Credit", -50), ("Tax", 25)]));
        let bar = |left, width| Bar { left, width };
        assert_eq!(
            drawn,
            [bar(0, 200), bar(100, 100), bar(100, 50), bar(0, 150)]
        );
    }

    #[test]
    fn bars_stay_in_their_field() {
        for charges in [
            &[("Credit", -7), ("Usage", 3)][..],
            &[("Usage", i64::MAX / 2), ("Tax", 1)][..],
            &[("Usage", 0)][..],
        ] {
            for bar in bars(&way(charges)) {
                assert!(
                    bar.left >= 0 && bar.width >= 1 && bar.left + bar.width <= FIELD,
                    "{bar:?}"
                );
            }
        }
    }
}
