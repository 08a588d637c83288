//! All connections on one page: who is in a sum.

use domain::{look::Look, report::Part};
use leptos::prelude::*;

use super::words::figure_note;
use crate::{
    components::{
        amount::Amount,
        data_table::{DataTable, number, words},
        problem::escape,
        words::time,
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
) -> impl IntoView {
    let lines = parts.into_iter().map(|part| {
        let link = format!(
            "/?connection={}&view={}&metric={}",
            escape(&part.connection.to_string()),
            look.view.slug(),
            look.metric.slug()
        );
        let note = figure_note(&part.month_to_date);
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
                <td>{part.as_of.map(time)}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    let heads = vec![
        words("Connection"),
        number("This month so far"),
        words("As of"),
    ];
    view! {
        <section class="card" aria-label="By connection">
            <h2>"By connection"</h2>
            <DataTable name="Cost by connection" heads=heads>{lines}</DataTable>
        </section>
    }
    .erased()
}
