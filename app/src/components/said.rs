//! What a month was said to be, and what AWS changed in days that were complete.

use domain::{
    bill::{Bill, Said},
    history::Restatement,
    metric::Metric,
    money::{Money, Nanos},
};
use leptos::prelude::*;

use super::{
    amount::Amount,
    words::{count, day, time},
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
        return view! { <p>"Nothing has been said about this month yet."</p> }.into_any();
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
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="What the month was said to be">
            <table class="table">
                <caption>"Total of the month at the end of a day"</caption>
                <thead>
                    <tr>
                        <th scope="col">"At the end of"</th>
                        <th scope="col" class="number">"Total"</th>
                        <th scope="col" class="number">"Change"</th>
                    </tr>
                </thead>
                <tbody>{lines.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
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
        .into_any();
    }
    let lines = bill
        .restatements
        .into_iter()
        .take(MOST)
        .map(|one| view! { <Change change=one metric=metric/> });
    let number = count(u32::try_from(all).unwrap_or(u32::MAX), "change", "changes");
    view! {
        <details class="details">
            <summary>{number} " to days that were complete"</summary>
            <div class="table-frame table-frame--tall" tabindex="0" role="region" aria-label="Changes to complete days">
                <table class="table table--dense">
                    <caption>"What AWS changed afterwards"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Day"</th>
                            <th scope="col">"Service and account"</th>
                            <th scope="col" class="number">"Was"</th>
                            <th scope="col" class="number">"Is"</th>
                            <th scope="col" class="number">"Difference"</th>
                            <th scope="col">"Seen"</th>
                        </tr>
                    </thead>
                    <tbody>{lines.collect_view()}</tbody>
                </table>
            </div>
            {(all > MOST).then(|| view! { <p class="muted">{format!("The newest {MOST} are shown.")}</p> })}
        </details>
    }
    .into_any()
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
    .into_any()
}
