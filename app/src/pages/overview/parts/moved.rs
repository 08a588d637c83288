//! What changed most from last month to this one, over the same days.

use domain::{
    money::{Currency, Money, Nanos},
    report::{Moved, SameDays},
};
use leptos::prelude::*;

use crate::{
    components::{
        amount::Amount,
        data_table::{DataTable, number, words},
    },
    erased::Erase,
};

/// The services that changed most, all others, and the sum.
#[component]
pub fn MovedTable(
    /// What to show.
    same_days: SameDays,
) -> impl IntoView {
    let currency = same_days.change.amount.currency;
    let heads = vec![
        words("Service"),
        number("Difference"),
        number(same_days.before.period.to_string()),
        number(same_days.now.period.to_string()),
    ];
    let total = |figure: Option<Money>| figure.map_or(Nanos::ZERO, |money| money.amount);
    let sum = Moved {
        name: "Total".to_owned(),
        before: total(same_days.before.total),
        now: total(same_days.now.total),
    };
    let lines = same_days.moved.into_iter().chain(same_days.others);
    let lines = lines
        .map(|one| view! { <Line one=one currency=currency/> })
        .collect_view();
    let foot = Some(view! { <Line one=sum currency=currency/> }.erased());
    view! {
        <DataTable name="What changed most" heads=heads foot=foot>
            {lines}
        </DataTable>
    }
    .erased()
}

#[component]
fn Line(one: Moved, currency: Currency) -> impl IntoView {
    let money = move |amount: Nanos| Money::new(amount, currency);
    let difference = one.now.checked_sub(one.before).ok();
    let note = match (one.before, one.now) {
        (Nanos::ZERO, now) if now != Nanos::ZERO => Some("new"),
        (before, Nanos::ZERO) if before != Nanos::ZERO => Some("gone"),
        _ => None,
    };
    view! {
        <tr>
            <th scope="row">
                {one.name}
                {note.map(|note| view! { <span class="table__note">{note}</span> })}
            </th>
            <td class="number number--total">
                {difference.map(|amount| view! { <Amount money=money(amount) signed=amount != Nanos::ZERO/> })}
            </td>
            <td class="number"><Amount money=money(one.before)/></td>
            <td class="number"><Amount money=money(one.now)/></td>
        </tr>
    }
    .erased()
}
