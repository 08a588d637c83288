//! Every piece in numbers: what the chart shows, with the pieces down, where the table of groups
//! is too wide or too long for a column each. Folded up, and there without scripts. Made as
//! text, as that table is.

use std::fmt::Write;

use domain::{
    query::Step,
    report::DayState,
    sheet::{Amount, Line, Sheet},
};
use leptos::prelude::*;

use super::{
    chart::{Drawing, earlier_name, series},
    table::{cell, has_columns, safe},
};
use crate::erased::Erase;

/// The table of what the chart shows; nothing where the table of groups has its pieces.
#[component]
pub fn EveryPiece(
    /// The numbers, in their own order: the chart's.
    sheet: Sheet,
) -> impl IntoView {
    folded_name(&sheet).map(|label| {
        let (heads, body, foot) = html(&sheet);
        let caption = format!("{label}, as the chart shows them");
        view! {
            <details class="details">
                <summary>{label}</summary>
                <div class="table-frame table-frame--tall" tabindex="0" role="region" aria-label=label>
                    <table class="table table--dense">
                        <caption>{caption}</caption>
                        <thead inner_html=heads></thead>
                        <tbody inner_html=body></tbody>
                        <tfoot inner_html=foot></tfoot>
                    </table>
                </div>
            </details>
        }
        .erased()
    })
}

/// What is folded up; `None` where the table has a column for each piece, or there is only one.
fn folded_name(sheet: &Sheet) -> Option<&'static str> {
    let is_folded = sheet.pieces.len() > 1 && !has_columns(sheet);
    is_folded.then_some(match sheet.step {
        Step::Daily | Step::Total => "Every day in numbers",
        Step::Weekly => "Every week in numbers",
        Step::Monthly => "Every month in numbers",
    })
}

/// Where the chart's numbers are, for those who can't see it.
#[must_use]
pub fn same_numbers(sheet: &Sheet) -> String {
    match folded_name(sheet) {
        Some(name) => format!("“{name}”, below the table, has the same numbers."),
        None => "The table has the same numbers.".to_owned(),
    }
}

/// Head, body and foot; every text that AWS or a person wrote is escaped.
fn html(sheet: &Sheet) -> (String, String, String) {
    let mut columns = series(sheet);
    // One alone is the total.
    if columns.len() == 1 {
        columns.clear();
    }
    let before = earlier_name(sheet);
    let names = ["Total"].into_iter();
    let names = names.chain(columns.iter().map(|one| one.name.as_str()));
    let piece = match sheet.step {
        Step::Daily | Step::Total => "Day",
        Step::Weekly => "Week",
        Step::Monthly => "Month",
    };
    let mut heads = format!("<tr><th scope=\"col\">{piece}</th>");
    for name in names.chain(before.as_deref()) {
        let _ = write!(
            heads,
            "<th scope=\"col\" class=\"number\">{}</th>",
            safe(name)
        );
    }
    heads.push_str("</tr>");

    let mut body = String::new();
    for place in 0..sheet.pieces.len() {
        row(&mut body, sheet, &columns, before.is_some(), place);
    }

    let mut foot = String::from("<tr><th scope=\"row\">Total</th>");
    cell(&mut foot, Some(sheet.sum.total), "number");
    for one in &columns {
        cell(
            &mut foot,
            exact(sheet, &columns, one, |line| Some(line.total)),
            "number",
        );
    }
    if before.is_some() {
        cell(&mut foot, sheet.sum.before, "number");
    }
    foot.push_str("</tr>");
    (heads, body, foot)
}

fn row(html: &mut String, sheet: &Sheet, columns: &[Drawing], compared: bool, place: usize) {
    let Some(piece) = sheet.pieces.get(place) else {
        return;
    };
    let state = sheet.states.get(place);
    let restated = match state.is_some_and(|state| state.restated) {
        true => " *",
        false => "",
    };
    let state = state.map(|state| state.state);
    let note = match state {
        Some(DayState::Missing) => "<span class=\"table__note\">not loaded yet</span>",
        Some(DayState::Unfinished) => "<span class=\"table__note\">unfinished</span>",
        _ => "",
    };
    let _ = write!(html, "<tr><th scope=\"row\">{piece}{restated}{note}</th>");
    // Nothing is said where nothing is known.
    let known = |amount: Option<Amount>| amount.filter(|_| state != Some(DayState::Missing));
    let value = |line: &Line| line.values.get(place).copied();
    cell(html, known(value(&sheet.sum)), "number number--total");
    for one in columns {
        cell(html, known(exact(sheet, columns, one, value)), "number");
    }
    if compared {
        let beside = sheet.beside.get(place).copied().flatten();
        cell(html, beside.map(|(_, amount)| amount), "number");
    }
    html.push_str("</tr>");
}

/// A series' exact amount: its line's, or what the lines of the others leave.
fn exact(
    sheet: &Sheet,
    columns: &[Drawing],
    one: &Drawing,
    of: impl Fn(&Line) -> Option<Amount>,
) -> Option<Amount> {
    let line = |one: &Drawing| sheet.lines.get(one.line?);
    if let Some(line) = line(one) {
        return of(line);
    }
    let others = columns.iter().filter_map(line);
    others
        .map(&of)
        .try_fold(of(&sheet.sum)?, |left, amount| left.less(amount?))
}

#[cfg(test)]
#[path = "pieces_tests.rs"]
mod tests;
