//! The ledger's sums in three tables.

use domain::{
    money::Money,
    spending::{ConnectionSpending, MonthSpending, OperationSpending, Purpose, Spent},
};
use leptos::{either::Either, prelude::*};

use crate::{
    components::{
        amount::Amount,
        cap::{CapBar, used},
        data_table::{DataTable, number, words},
    },
    erased::Erase,
};

/// Against the cap.
#[component]
pub fn ByConnection(connections: Vec<ConnectionSpending>) -> impl IntoView {
    let heads = vec![
        words("Connection"),
        number("Today"),
        number("This month"),
        words("Of the monthly cap"),
    ];
    view! {
        <section class="card" aria-labelledby="connections-title">
            <h2 id="connections-title">"By connection"</h2>
            <DataTable name="Requests by connection" heads=heads>
                {connections.into_iter().map(|one| view! { <Line one=one/> }).collect_view()}
            </DataTable>
        </section>
    }
    .erased()
}

#[component]
fn Line(one: ConnectionSpending) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">{purpose(one.purpose)}</th>
            <td class="number"><Amount money=one.today.price/></td>
            <td class="number number--total"><Amount money=one.month.price/></td>
            <td class="cap-cell">
                {match one.cap {
                    Some(cap) => {
                        let used = used(&cap);
                        Either::Left(view! { <span>{used}</span> <CapBar cap=cap/> })
                    }
                    None => Either::Right(view! { <span class="muted">"No cap"</span> }),
                }}
            </td>
        </tr>
    }
    .erased()
}

fn purpose(purpose: Purpose) -> AnyView {
    match purpose {
        Purpose::Connection { id, name } => {
            let link = format!("/connections/{id}#cap");
            view! { <a href=link>{name}</a> }.erased()
        }
        Purpose::Deleted(account) => view! {
            "Deleted connection"
            {account.map(|account| view! { <span class="table__note">"account " {account.to_string()}</span> })}
        }
        .erased(),
        Purpose::Proving => view! {
            "Proving new keys"
            <span class="table__note">"before they became connections"</span>
        }
        .erased(),
    }
}

/// By what was asked.
#[component]
pub fn ByOperation(operations: Vec<OperationSpending>) -> impl IntoView {
    let nothing = operations.is_empty();
    let heads = vec![
        words("Operation"),
        number("Requests today"),
        number("Cost today"),
        number("Requests this month"),
        number("Cost this month"),
    ];
    let lines = operations.into_iter().map(|one| {
        view! {
            <tr>
                <th scope="row"><code>{one.operation.iam_action()}</code></th>
                <td class="number">{one.today.requests}</td>
                <td class="number"><Amount money=one.today.price/></td>
                <td class="number">{requests(one.month)}</td>
                <td class="number number--total"><Amount money=one.month.price/></td>
            </tr>
        }
    });
    view! {
        <section class="card" aria-labelledby="operations-title">
            <h2 id="operations-title">"By operation"</h2>
            {if nothing {
                Either::Left(view! { <p class="muted">"Nothing was asked this month."</p> })
            } else {
                Either::Right(view! {
                    <DataTable name="Requests by operation" caption="Requests by operation, today and this month" heads=heads>
                        {lines.collect_view()}
                    </DataTable>
                    <p class="notes">
                        "Each attempt and each page of an answer is a request. Failed ones are counted at their full price: "
                        "AWS doesn’t say that they are free."
                    </p>
                })
            }}
        </section>
    }
    .erased()
}

fn requests(spent: Spent) -> AnyView {
    let failed = (spent.failed > 0)
        .then(|| view! { <span class="table__note">{spent.failed} " failed"</span> });
    view! { {spent.requests} {failed} }.erased()
}

/// The last twelve months, newest first.
#[component]
pub fn ByMonth(months: Vec<MonthSpending>) -> impl IntoView {
    let heads = vec![words("Month"), number("Requests"), number("Cost")];
    let foot = total(&months).map(|(requests, price)| {
        view! {
            <tr>
                <th scope="row">"Total"</th>
                <td class="number">{requests}</td>
                <td class="number"><Amount money=price/></td>
            </tr>
        }
        .erased()
    });
    let lines = months.into_iter().enumerate().map(|(place, month)| {
        view! {
            <tr>
                <th scope="row">
                    {month.period.start().format("%b %Y").to_string()}
                    {(place == 0).then(|| view! { <span class="table__note">"so far"</span> })}
                </th>
                <td class="number">{month.spent.requests}</td>
                <td class="number number--total"><Amount money=month.spent.price/></td>
            </tr>
        }
    });
    view! {
        <section class="card" aria-labelledby="months-title">
            <h2 id="months-title">"Last twelve months"</h2>
            <DataTable name="Requests by month" heads=heads foot=foot>
                {lines.collect_view()}
            </DataTable>
        </section>
    }
    .erased()
}

fn total(months: &[MonthSpending]) -> Option<(u64, Money)> {
    let sum = months
        .iter()
        .try_fold(Spent::NOTHING, |sum, month| sum.and(month.spent))?;
    Some((sum.requests, sum.price))
}
