//! All connections on one page: a sum for each currency, and who is in it.

use domain::{
    look::Look,
    report::{NotAdded, Part, Together},
};
use leptos::prelude::*;

use super::{
    amount::Amount,
    data_table::{DataTable, number, words},
    glance::AtAGlance,
    problem::escape,
    words::{figure_note, time},
};

/// The sums, and what is in none.
#[component]
pub fn AddedUp(
    /// What to show.
    together: Together,
) -> impl IntoView {
    let several = together.sums.len() > 1;
    let nothing = together.sums.is_empty();
    let (look, today) = (together.look, together.today);
    let sums = together.sums.into_iter().map(|sum| {
        let currency = sum.costs.chart.currency.code().to_owned();
        let title = several.then(|| view! { <h2>"In " {currency}</h2> });
        let parts = sum.parts;
        view! {
            {title}
            <AtAGlance costs=Signal::stored(sum.costs) today=Signal::stored(today) forecast=Signal::stored(None)>
                <Parts parts=parts look=look/>
            </AtAGlance>
        }
    });
    let sums = sums.collect_view();
    view! {
        {several.then(|| view! {
            <p class="notice">"Costs come in several currencies. They are never added up: each has its own sum."</p>
        })}
        {left_out_words(&together.left_out).map(|words| view! { <p class="notice">{words}</p> })}
        {nothing.then(|| view! {
            <div class="card">
                <h2>"Nothing is stored yet"</h2>
                <p>"Choose a connection above to see how far its first costs have come."</p>
            </div>
        })}
        {sums}
    }
    .into_any()
}

#[component]
fn Parts(parts: Vec<Part>, look: Look) -> impl IntoView {
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
                        Some(total) => view! { <Amount money=total/> }.into_any(),
                        None => view! { <span class="muted">"No data yet"</span> }.into_any(),
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
    .into_any()
}

fn left_out_words(left_out: &[(String, NotAdded)]) -> Option<String> {
    let sentence = |(name, why): &(String, NotAdded)| match why {
        NotAdded::Sample => format!("{name} isn’t added: its costs are made up."),
        NotAdded::NothingStored => format!("{name} isn’t added: none of its costs are stored yet."),
    };
    let sentences: Vec<String> = left_out.iter().map(sentence).collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_no_sum_is_named() {
        assert_eq!(left_out_words(&[]), None);
        let left_out = [
            ("Sample".to_owned(), NotAdded::Sample),
            ("New".to_owned(), NotAdded::NothingStored),
        ];
        let words = left_out_words(&left_out).unwrap();
        assert!(words.starts_with("Sample isn’t added: its costs are made up. New isn’t added"));
    }
}
