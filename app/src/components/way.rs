//! The way from usage to a total as a table, with a bar for each step.

use domain::{
    money::{Money, Nanos},
    reconciliation::{Apart, Gap, ReconciledStep, Reconciliation},
};
use leptos::prelude::*;

use super::amount::Amount;
use crate::erased::Erase;

/// How wide the bars' field is, in its own units.
const FIELD: i64 = 200;

/// Where a step's bar lies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Bar {
    left: i64,
    width: i64,
}

/// Bars over all steps, what is left after them, and the total, between the lowest and the
/// highest point of the way.
fn bars(way: &Reconciliation, gap: Option<Gap>) -> Vec<Bar> {
    let ends = |step: &ReconciledStep| {
        let to = i128::from(step.running.0);
        (to - i128::from(step.amount.0), to)
    };
    let mut spans: Vec<(i128, i128)> = way.steps.iter().map(ends).collect();
    let mut total = i128::from(way.total.0);
    if let Some(gap) = gap {
        spans.push((total, total + i128::from(gap.amount.0)));
        total += i128::from(gap.amount.0);
    }
    spans.push((0, total));
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
    /// What lies between its total and the one that it has to end at.
    #[prop(default = None)]
    gap: Option<Gap>,
) -> impl IntoView {
    let currency = way.currency;
    let mut bars = bars(&way, gap).into_iter();
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
            let sign = sign(one.amount);
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
    // Each amount fits by itself; so does the total that is shown elsewhere.
    let left = gap.map_or(Nanos::ZERO, |gap| gap.amount);
    let total = way.total.checked_add(left).unwrap_or(way.total);
    let gap = gap.map(|gap| {
        let (label, explanation) = between(gap.why);
        let sign = sign(gap.amount);
        view! {
            <tr>
                <th scope="row">
                    {label}
                    <span class="table__note">{explanation}</span>
                </th>
                <td class="steps__field">{bars.next().map(|bar| view! { <Drawn bar=bar sign=sign/> })}</td>
                <td class="number"><Amount money=money(gap.amount) signed=!way.steps.is_empty()/></td>
                <td class="number muted"><Amount money=money(total)/></td>
            </tr>
        }
        .erased()
    });
    let name = format!(
        "Steps from usage to the total, {}, {}",
        way.period,
        currency.code()
    );
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label=name>
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
                <tbody>{lines}{gap}</tbody>
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

const fn sign(amount: Nanos) -> &'static str {
    if amount.0 < 0 { "down" } else { "up" }
}

/// What two totals of the same costs are apart by, and why.
const fn between(why: Apart) -> (&'static str, &'static str) {
    match why {
        Apart::Rounding => (
            "Rounding",
            "AWS’s amounts have more digits than are kept; each row is rounded once.",
        ),
        Apart::Days => (
            "Days without kinds of charges",
            "Of some days the kinds of charges aren’t stored, but what they came to is.",
        ),
        Apart::Answers => (
            "Answers that don’t agree yet",
            "AWS gave them at different times. The next refresh brings them together.",
        ),
    }
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
        let way = way(&[("Usage", 100), ("Credit", -50), ("Tax", 25)]);
        let drawn = bars(&way, None);
        let bar = |left, width| Bar { left, width };
        assert_eq!(
            drawn,
            [bar(0, 200), bar(100, 100), bar(100, 50), bar(0, 150)]
        );
    }

    #[test]
    fn what_is_left_is_a_step_of_its_own() {
        let gap = Gap {
            amount: Nanos(50),
            why: Apart::Days,
        };
        let drawn = bars(&way(&[("Usage", 150)]), Some(gap));
        let bar = |left, width| Bar { left, width };
        assert_eq!(drawn, [bar(0, 150), bar(150, 50), bar(0, 200)]);
    }

    #[test]
    fn bars_stay_in_their_field() {
        for charges in [
            &[("Credit", -7), ("Usage", 3)][..],
            &[("Usage", i64::MAX / 2), ("Tax", 1)][..],
            &[("Usage", 0)][..],
        ] {
            for bar in bars(&way(charges), None) {
                assert!(
                    bar.left >= 0 && bar.width >= 1 && bar.left + bar.width <= FIELD,
                    "{bar:?}"
                );
            }
        }
    }
}
