//! Our ledger beside the account's own line, over the same days.

use domain::{
    money::{Money, Nanos},
    spending::{COST_EXPLORER_SERVICE, Comparison, MonthCompared},
};
use leptos::{either::Either, prelude::*};

use crate::{
    components::{
        amount::Amount,
        data_table::{DataTable, number, words},
        words::count,
    },
    erased::Erase,
};

/// One table for each account.
#[component]
pub fn Comparisons(comparisons: Vec<Comparison>) -> impl IntoView {
    (!comparisons.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="compared-title">
                <h2 id="compared-title">"Compared with AWS’s own count"</h2>
                <p>
                    "The bill of each account has a line “" {COST_EXPLORER_SERVICE} "”. Both sums below are about the "
                    "same days: those that AWS had finished counting when they were asked for."
                </p>
                {comparisons.into_iter().map(|one| view! { <Account one=one/> }).collect_view()}
                <details class="details">
                    <summary>"Why they may differ"</summary>
                    <div class="details__body">
                        <ul class="bullets">
                            <li>"AWS’s line comes late: a day may still grow for a day or two, and be corrected until the bill is final."</li>
                            <li>"Other tools, scripts and people’s own API calls in the account are on AWS’s line, and not in this ledger."</li>
                            <li>"So is what other people on this server, or another Cost Tracker, ask of the same account."</li>
                            <li>"Looking at Cost Explorer in the AWS console is free; its hourly data and some other features of it are not, and stand on the same line."</li>
                            <li>"This ledger counts failed requests at their full price. If AWS doesn’t charge for some, its line is lower."</li>
                            <li>"Taxes, credits and discounts change AWS’s line, never the ledger."</li>
                        </ul>
                    </div>
                </details>
            </section>
        }
        .erased()
    })
}

#[component]
fn Account(one: Comparison) -> impl IntoView {
    let label = format!("{}, account {}", one.name, one.account);
    let table = if one.months.iter().all(|month| month.theirs.is_none()) {
        Either::Left(view! {
            <p class="muted">
                "There is nothing to compare yet: no day since the first request is stored and finished."
            </p>
        })
    } else {
        let lines = one
            .months
            .into_iter()
            .map(|month| view! { <Month month=month/> });
        let heads = vec![
            words("Days"),
            number("This ledger"),
            number("AWS’s line"),
            number("AWS minus ledger"),
        ];
        Either::Right(view! {
            <DataTable name=label heads=heads>{lines.collect_view()}</DataTable>
        })
    };
    view! {
        <div class="compared">
            <h3 class="compared__title">{one.name} " " <span class="muted code">{one.account.to_string()}</span></h3>
            {table}
        </div>
    }
    .erased()
}

#[component]
fn Month(month: MonthCompared) -> impl IntoView {
    let of = u32::try_from(month.period.len()).unwrap_or(u32::MAX);
    let note = (month.days < of).then(|| format!("{} of {}", month.days, count(of, "day", "days")));
    let unknown = || view! { <span class="muted" title="No day is stored">"–"</span> }.erased();
    let theirs = month.theirs;
    view! {
        <tr>
            <th scope="row">
                {month.period.to_string()}
                {note.map(|note| view! { <span class="table__note">{note}</span> })}
            </th>
            <td class="number">
                {if month.days > 0 { view! { <Amount money=month.ours/> }.erased() } else { unknown() }}
            </td>
            <td class="number">
                {theirs.map_or_else(unknown, |money| view! { <Amount money=money/> }.erased())}
            </td>
            <td class="number">
                {difference(&month).map_or_else(unknown, |money| {
                    view! { <Amount money=money signed=money.amount != Nanos::ZERO/> }.erased()
                })}
            </td>
        </tr>
    }
    .erased()
}

/// Nothing where AWS bills in another currency.
fn difference(month: &MonthCompared) -> Option<Money> {
    month.theirs?.checked_sub(month.ours).ok()
}

#[cfg(test)]
mod tests {
    use domain::{money::Currency, period::Period};

    use super::*;

    #[test]
    fn currencies_are_not_subtracted() {
        let month = |theirs| MonthCompared {
            period: Period::month_of("2026-11-24".parse().unwrap()),
            days: 3,
            ours: Money::new(Nanos(5), Currency::USD),
            theirs,
        };
        let usd = Money::new(Nanos(7), Currency::USD);
        assert_eq!(difference(&month(Some(usd))).unwrap().amount, Nanos(2));
        let yuan = Money::new(Nanos(7), "CNY".parse().unwrap());
        assert_eq!(difference(&month(Some(yuan))), None);
        assert_eq!(difference(&month(None)), None);
    }
}
