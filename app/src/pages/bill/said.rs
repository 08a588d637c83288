//! What a month was said to be, and what AWS changed in days that were complete.

use domain::{
    bill::{Bill, Said},
    history::Restatement,
    metric::Metric,
    money::{Money, Nanos},
};
use leptos::prelude::*;

use crate::{
    components::{
        amount::Amount,
        data_table::{DataTable, number, words},
        words::{count, day, time},
    },
    erased::Erase,
};

/// More lines than this are no reading matter; the newest are shown.
const MOST: usize = 200;

/// A month's total at the end of some days.
#[component]
pub fn SaidTable(
    /// What to show.
    said: Vec<Said>,
) -> impl IntoView {
    if said.is_empty() {
        return view! { <p>"Nothing has been said about this month yet."</p> }.erased();
    }
    let lines = said.into_iter().map(|one| {
        let change = one.change.map(|change| {
            view! { <Amount money=Money::new(change, one.currency) signed=change != Nanos::ZERO/> }
        });
        view! {
            <tr>
                <th scope="row">{day(one.day)}</th>
                <td class="number"><Amount money=Money::new(one.total, one.currency)/></td>
                <td class="number muted">{change}</td>
            </tr>
        }
    });
    let heads = vec![words("At the end of"), number("Total"), number("Change")];
    view! {
        <DataTable name="What the month was said to be" caption="Total of the month at the end of a day" heads=heads>
            {lines.collect_view()}
        </DataTable>
    }
    .erased()
}

/// Restatements: both values, and when.
#[component]
pub fn Changes(
    /// Whose.
    bill: Bill,
) -> impl IntoView {
    let metric = bill.metric;
    let all = bill.restatements.len();
    if all == 0 {
        return view! {
            <p class="muted">"AWS hasn’t changed any day of this month after it was complete."</p>
        }
        .erased();
    }
    let lines = bill
        .restatements
        .into_iter()
        .take(MOST)
        .map(|one| view! { <Change change=one metric=metric/> })
        .collect_view();
    let heads = vec![
        words("Day"),
        words("Service and account"),
        number("Was"),
        number("Is"),
        number("Difference"),
        words("Seen"),
    ];
    let changes = count(u32::try_from(all).unwrap_or(u32::MAX), "change", "changes");
    view! {
        <details class="details">
            <summary>{changes} " to days that were complete"</summary>
            <DataTable name="Changes to complete days" caption="What AWS changed afterwards" heads=heads long=true>
                {lines}
            </DataTable>
            {(all > MOST).then(|| view! { <p class="muted">{format!("The newest {MOST} are shown.")}</p> })}
        </details>
    }
    .erased()
}

#[component]
fn Change(change: Restatement, metric: Metric) -> impl IntoView {
    let cost = |amount: Option<Nanos>| amount.unwrap_or_default();
    let (was, is) = (
        cost(change.before.cost(metric)),
        cost(change.after.cost(metric)),
    );
    let money = |amount| Money::new(amount, change.currency);
    let difference = is.checked_sub(was).ok().map(money);
    let [service, account] = change.keys.clone();
    view! {
        <tr>
            <th scope="row">{day(change.day)}</th>
            <td>{service} <span class="table__note">{account}</span></td>
            <td class="number"><Amount money=money(was)/></td>
            <td class="number"><Amount money=money(is)/></td>
            <td class="number">{difference.map(|money| view! { <Amount money=money signed=true/> })}</td>
            <td>{time(change.after.asked_at)}</td>
        </tr>
    }
    .erased()
}
