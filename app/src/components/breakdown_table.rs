//! A breakdown's numbers as a table: groups down, days or months across.

use std::collections::HashMap;

use domain::{
    breakdown::Found,
    dimension::{Dimension, GroupKey},
    grouped::{Figures, Group, Table},
    money::{Currency, Money, Nanos},
    period::Period,
    query::Step,
};
use leptos::prelude::*;

use super::{amount::Amount, words::count};

/// Longer tables scroll within their frame.
const LINES_IN_SIGHT: usize = 25;

/// Names of linked accounts, by number.
pub type Names = HashMap<String, String>;

/// A table for each currency.
#[component]
pub fn BreakdownTable(
    /// What to show.
    found: Found,
    /// Of linked accounts.
    names: Names,
) -> impl IntoView {
    let Figures::Money(tables) = found.report.figures.clone() else {
        return ().into_any();
    };
    if tables.iter().all(|table| table.groups.is_empty()) {
        return view! { <p>"AWS has no costs for this in these days."</p> }.into_any();
    }
    let several = tables.len() > 1;
    let tables = tables.into_iter().map(|table| {
        let title = several.then(|| view! { <h3>{format!("In {}", table.unit.code())}</h3> });
        view! {
            {title}
            <OneTable table=table found=found.clone() names=names.clone()/>
        }
    });
    tables.collect_view().into_any()
}

#[component]
fn OneTable(table: Table<Currency, Nanos>, found: Found, names: Names) -> impl IntoView {
    let (keys, step) = (found.report.group_by.clone(), found.wanted.step);
    let currency = table.unit;
    let pieces = match step {
        Step::Total => Vec::new(),
        _ => found.report.pieces.clone(),
    };
    let across = pieces.len();
    let heads = keys
        .iter()
        .map(|key| view! { <th scope="col">{key.label()}</th> });
    let heads = match keys.is_empty() {
        true => view! { <th scope="col">"Costs"</th> }.into_any(),
        false => heads.collect_view().into_any(),
    };
    let columns = pieces
        .iter()
        .map(|piece| view! { <th scope="col" class="number">{piece_name(*piece, step)}</th> })
        .collect_view();
    let cells = move |values: &[Nanos]| {
        let cell = |value: &Nanos| {
            let money = Money::new(*value, currency);
            let class = if *value == Nanos::ZERO {
                "number muted"
            } else {
                "number"
            };
            view! { <td class=class><Amount money=money/></td> }
        };
        values.iter().take(across).map(cell).collect_view()
    };
    let wide = keys.len();
    let grouped = !keys.is_empty();
    let lines = (table.groups.iter())
        .filter(|_| grouped)
        .map(|group| {
            view! {
                <tr>
                    {line_head(group, &keys, &names)}
                    <td class="number number--total"><Amount money=Money::new(group.total, currency)/></td>
                    {cells(&group.values)}
                </tr>
            }
        })
        .collect_view();
    let label = "Costs, broken down";
    let frame = match table.groups.len() > LINES_IN_SIGHT {
        true => "table-frame table-frame--tall",
        false => "table-frame",
    };
    view! {
        <div class=frame tabindex="0" role="region" aria-label=label>
            <table class="table">
                <caption>{format!("{}, {}", title(&keys), found.wanted.period)}</caption>
                <thead>
                    <tr>
                        {heads}
                        <th scope="col" class="number">"Total"</th>
                        {columns}
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row">"Total"</th>
                        {(wide > 1).then(|| view! { <td></td> })}
                        <td class="number number--total"><Amount money=Money::new(table.total, currency)/></td>
                        {cells(&table.values)}
                    </tr>
                </tfoot>
            </table>
        </div>
    }
    .into_any()
}

fn line_head(group: &Group<Nanos>, keys: &[GroupKey], names: &Names) -> AnyView {
    if group.is_rest() {
        let others = count(group.groups, "other", "others");
        return view! {
            <th scope="row" class="muted">{others}</th>
            {(keys.len() > 1).then(|| view! { <td></td> })}
        }
        .into_any();
    }
    let cells = keys.iter().zip(&group.keys).enumerate();
    let cells = cells.map(|(place, (key, value))| {
        let (text, note) = value_words(key, value, names);
        let note = note.map(|note| view! { <span class="table__note">{note}</span> });
        match place {
            0 => view! { <th scope="row">{text}{note}</th> }.into_any(),
            _ => view! { <td class="table__key">{text}{note}</td> }.into_any(),
        }
    });
    cells.collect_view().into_any()
}

/// What people read for a key's value, and what stands below it.
fn value_words(key: &GroupKey, value: &str, names: &Names) -> (String, Option<String>) {
    if value.is_empty() {
        return (key.none_words(), None);
    }
    if *key == GroupKey::Dimension(Dimension::LinkedAccount)
        && let Some(name) = names.get(value)
    {
        return (name.clone(), Some(value.to_owned()));
    }
    (value.to_owned(), None)
}

/// `By tag Team and region`, `All costs`.
#[must_use]
pub fn title(keys: &[GroupKey]) -> String {
    let words: Vec<String> = keys.iter().map(GroupKey::words).collect();
    match words.is_empty() {
        true => "All costs".to_owned(),
        false => format!("By {}", words.join(" and ")),
    }
}

fn piece_name(piece: Period, step: Step) -> String {
    match step {
        Step::Monthly => piece.start().format("%b %Y").to_string(),
        Step::Daily => piece.start().format("%-d %b").to_string(),
        Step::Weekly | Step::Total => piece.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_in_words() {
        let names = Names::from([("123456789012".to_owned(), "Production".to_owned())]);
        let account = GroupKey::Dimension(Dimension::LinkedAccount);
        let team = GroupKey::Tag("Team".to_owned());
        let words = |key: &GroupKey, value: &str| value_words(key, value, &names);
        let number = "123456789012".to_owned();
        assert_eq!(
            words(&account, &number),
            ("Production".to_owned(), Some(number.clone()))
        );
        assert_eq!(words(&account, "1"), ("1".to_owned(), None));
        assert_eq!(words(&team, ""), ("No tag Team".to_owned(), None));
        assert_eq!(words(&team, &number), (number, None));
    }

    #[test]
    fn titles_name_the_keys() {
        let team = GroupKey::Tag("Team".to_owned());
        assert_eq!(title(&[]), "All costs");
        assert_eq!(
            title(&[team, Dimension::Az.into()]),
            "By tag Team and availability zone"
        );
    }
}
