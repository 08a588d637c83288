//! All connections on one page: who is in a sum, who is in none, and what is wrong with whom.

use domain::{
    account::{Connection, ConnectionId},
    look::Look,
    money::Money,
    report::{Part, Together, Unused},
    trouble::Trouble,
};
use leptos::prelude::*;

use super::{
    troubles::{Told, told},
    words::figure_note,
};
use crate::{
    components::{
        amount::Amount,
        cap::used,
        data_table::{DataTable, number, words},
        problem::escape,
        words::{count, month, time},
    },
    erased::Erase,
};

/// Each connection with its share, and the way to its own page.
#[component]
pub fn Parts(
    /// The dearest first.
    parts: Vec<Part>,
    /// What counts.
    look: Look,
    /// Those that the person has.
    connections: Vec<Connection>,
) -> impl IntoView {
    let lines = parts.into_iter().map(|part| {
        let of = connections.iter().find(|one| one.id == part.connection);
        let all = part.troubles.iter();
        let troubles = all.map(|one| told(part.connection, of, one)).collect();
        view! { <Line part=part look=look troubles=troubles/> }
    });
    let lines = lines.collect_view();
    let heads = vec![
        words("Connection"),
        number("This month so far"),
        number("Findings in EC2, a month"),
        number("Unused commitments"),
        number("Credits"),
        number("Own requests"),
        words("State"),
    ];
    view! {
        <section class="card" aria-label="By connection">
            <h2>"By connection"</h2>
            <DataTable name="Cost by connection" heads=heads>{lines}</DataTable>
        </section>
    }
    .erased()
}

#[component]
fn Line(part: Part, look: Look, troubles: Vec<Told>) -> impl IntoView {
    let id = escape(&part.connection.to_string());
    let link = format!(
        "/?connection={id}&view={}&metric={}",
        look.view.slug(),
        look.metric.slug()
    );
    let note = figure_note(&part.month_to_date);
    let findings = match part.waste.findings {
        Some(open) => {
            let findings = count(open.count, "finding", "findings");
            linked(
                Ok(open.per_month),
                findings,
                format!("/savings?connection={id}"),
            )
        }
        None if part.repeated => linked(Err("–"), String::new(), String::new()),
        None => linked(
            Err("–"),
            "Look".to_owned(),
            format!("/savings?connection={id}"),
        ),
    };
    let commitments = format!("/savings/commitments?connection={id}");
    let unused = match part.waste.unused {
        Some(Unused::Cost { month: first, cost }) => linked(Ok(cost), month(first), commitments),
        Some(Unused::NoneOwned) => linked(Err("None owned"), String::new(), commitments),
        None if part.repeated => linked(Err("–"), String::new(), String::new()),
        None => linked(Err("–"), "Ask AWS".to_owned(), commitments),
    };
    let own = match part.cap.sample {
        true => "Free".to_owned(),
        false if part.repeated => "–".to_owned(),
        false => used(&part.cap),
    };
    view! {
        <tr>
            <th scope="row">
                <a href=link>{part.name}</a>
                {(!note.is_empty()).then(|| view! { <span class="table__note">{note}</span> })}
            </th>
            <td class="number number--total">
                {match part.month_to_date.total {
                    Some(total) => view! { <Amount money=total/> }.erased(),
                    None => view! { <span class="muted">"No data yet"</span> }.erased(),
                }}
            </td>
            {findings}
            {unused}
            <td class="number">{part.credits.map(|money| view! { <Amount money=money/> })}</td>
            <td class="number">{own}</td>
            <td>
                {part.as_of.map(|at| format!("As of {}", time(at)))}
                {troubles.into_iter().map(|one| view! {
                    <span class="table__note">{one.short} ": " <a href=one.link>{one.mend}</a></span>
                }).collect_view()}
            </td>
        </tr>
    }
    .erased()
}

/// An amount, or why there is none, over a link with a name, where it has one.
fn linked(money: Result<Money, &'static str>, name: String, link: String) -> AnyView {
    let shown = match money {
        Ok(money) => view! { <Amount money=money/> }.erased(),
        Err(why) => view! { <span class="muted">{why}</span> }.erased(),
    };
    let name = (!name.is_empty()).then(|| {
        view! { <span class="table__note"><a href=link>{name}</a></span> }
    });
    view! { <td class="number">{shown} {name}</td> }.erased()
}

/// What is wrong with whom, in a sentence each, with the way to what mends it.
#[component]
pub fn WhoNeedsYou(
    /// All of it.
    together: Together,
    /// Those that the person has.
    connections: Vec<Connection>,
) -> impl IntoView {
    let lines: Vec<AnyView> = wrong(&together)
        .map(|(id, name, trouble)| {
            let of = connections.iter().find(|one| one.id == id);
            let told = told(id, of, trouble);
            view! {
                <li>
                    <strong>{name.to_owned()}</strong> ": " {told.words} " "
                    <a href=told.link>{told.mend}</a>
                </li>
            }
            .erased()
        })
        .collect();
    (!lines.is_empty()).then(|| {
        view! {
            <div class="notice notice--warning">
                <p class="notice__title">"Not everything here is up to date"</p>
                <ul class="notes">{lines}</ul>
            </div>
        }
        .erased()
    })
}

/// Everybody's troubles, whether they are in a sum or not.
fn wrong(together: &Together) -> impl Iterator<Item = (ConnectionId, &str, &Trouble)> {
    let parts = together.sums.iter().flat_map(|sum| &sum.parts);
    let parts = parts.map(|part| (part.connection, part.name.as_str(), &part.troubles));
    let left_out = together.left_out.iter();
    let left_out = left_out.map(|one| (one.connection, one.name.as_str(), &one.troubles));
    parts
        .chain(left_out)
        .flat_map(|(id, name, all)| all.iter().map(move |trouble| (id, name, trouble)))
}
