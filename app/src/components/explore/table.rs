//! The Explorer's numbers as a table: groups down, differences and pieces across. Its lines
//! are made as text: thousands of them cost no more than they are long.

use std::fmt::Write;

use domain::{
    dimension::{Dimension, GroupKey},
    sheet::{Amount, By, Line, Sheet, Sort},
    wish::LINES,
};
use leptos::prelude::*;

use super::{
    address::Explored,
    chart::{earlier_name, piece_name},
    form::Focused,
    pieces::EveryPiece,
};
use crate::{components::words::signed_percent, erased::Erase};

/// Longer tables scroll within their frame.
const LINES_IN_SIGHT: usize = 25;
/// Nobody reads wider tables.
const MOST_COLUMNS: usize = 31;
/// Each line's way over time is drawn for no more lines than this.
const MOST_SPARKS: usize = 200;
/// Joins the values of a line's keys.
const BETWEEN: &str = "\u{1f}";

/// The table of one sheet.
#[component]
pub fn ExploreTable(
    /// The numbers, in their own order.
    sheet: Sheet,
    /// What the address says.
    explored: Explored,
    /// The id of the pin that was pressed: its line is about to be elsewhere.
    pressed: Focused,
) -> impl IntoView {
    give_back(pressed);
    let every_piece = sheet.clone();
    let mut sheet = sheet;
    sheet.arrange(explored.sort, &explored.pinned);
    let label = "Costs by group";
    let frame = match sheet.lines.len() > LINES_IN_SIGHT {
        true => "table-frame table-frame--tall",
        false => "table-frame",
    };
    let shape = Shape::of(&sheet);
    let heads = heads(&sheet, &explored, shape);
    let caption = format!("{label}, {}", period_words(&sheet));
    let (body, foot) = (body(&sheet, &explored, shape), foot(&sheet, shape));
    view! {
        <div
            class=frame
            tabindex="0"
            role="region"
            aria-label=label
            id="numbers"
            on:click=move |event| remember(&event, pressed)
        >
            <table class="table explore-table">
                <caption>{caption}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody inner_html=body></tbody>
                <tfoot inner_html=foot></tfoot>
            </table>
        </div>
        <EveryPiece sheet=every_piece/>
        <LineCounts explored=explored/>
    }
    .erased()
}

/// Whether the table has a column for each piece.
pub(super) fn has_columns(sheet: &Sheet) -> bool {
    Shape::of(sheet).pieces > 0
}

/// What the table has beside the totals.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Shape {
    compared: bool,
    sparks: bool,
    pieces: usize,
}

impl Shape {
    fn of(sheet: &Sheet) -> Self {
        let pieces = sheet.pieces.len();
        let few = sheet.lines.len() <= MOST_SPARKS;
        Self {
            compared: sheet.compared.is_some(),
            sparks: few && pieces > 2,
            pieces: match few && (2..=MOST_COLUMNS).contains(&pieces) {
                true => pieces,
                false => 0,
            },
        }
    }
}

fn period_words(sheet: &Sheet) -> String {
    match (sheet.pieces.first(), sheet.pieces.last()) {
        (Some(first), Some(last)) => {
            let whole = domain::period::Period::new(first.start(), last.end());
            whole.map(|whole| whole.to_string()).unwrap_or_default()
        }
        _ => String::new(),
    }
}

fn heads(sheet: &Sheet, explored: &Explored, shape: Shape) -> AnyView {
    let sorted = |by: By, text: String, class: &'static str| {
        let now = explored.sort;
        let there = explored.with(|there| there.sort = now.turned_to(by));
        let order = (now.by == by).then_some(match now.ascending {
            true => "ascending",
            false => "descending",
        });
        view! {
            <th scope="col" class=class aria-sort=order><a class="sort" href=there.path() data-noscroll="">{text}</a></th>
        }
        .erased()
    };
    let mut heads = Vec::new();
    match sheet.keys.as_slice() {
        [] => heads.push(view! { <th scope="col">"Costs"</th> }.erased()),
        [first, others @ ..] => {
            heads.push(sorted(By::Name, first.label(), ""));
            let others = others
                .iter()
                .map(|key| view! { <th scope="col">{key.label()}</th> });
            heads.extend(others.map(IntoAny::into_any));
        }
    }
    let total = match sheet.currency {
        Some(_) => "Total".to_owned(),
        None if sheet.unit.is_empty() => "Units".to_owned(),
        None => sheet.unit.clone(),
    };
    heads.push(sorted(By::Total, total, "number"));
    if let Some(compared) = sheet.compared {
        heads.push(sorted(By::Before, compared.to_string(), "number"));
        heads.push(sorted(By::Change, "Difference".to_owned(), "number"));
        heads.push(sorted(By::Percent, "Percent".to_owned(), "number"));
    }
    if shape.sparks {
        heads.push(view! { <th scope="col">"Over time"</th> }.erased());
    }
    heads.extend((0..shape.pieces).map(|place| {
        view! { <th scope="col" class="number">{piece_name(sheet, place)}</th> }.erased()
    }));
    heads.erased()
}

/// The lines as HTML; every text that AWS or a person wrote is escaped.
fn body(sheet: &Sheet, explored: &Explored, shape: Shape) -> String {
    let mut html = String::new();
    for line in &sheet.lines {
        html.push_str("<tr>");
        head(&mut html, sheet, explored, line);
        numbers(&mut html, line, shape);
        html.push_str("</tr>");
    }
    html
}

fn foot(sheet: &Sheet, shape: Shape) -> String {
    let mut html = String::from("<tr><th scope=\"row\">Total</th>");
    for _ in 1..sheet.keys.len() {
        html.push_str("<td></td>");
    }
    numbers(&mut html, &sheet.sum, shape);
    html.push_str("</tr>");
    if let Some(name) = earlier_name(sheet) {
        before(&mut html, sheet, shape, &name);
    }
    html
}

/// What the earlier period came to beside each piece: the dashed line of the chart.
fn before(html: &mut String, sheet: &Sheet, shape: Shape, name: &str) {
    let _ = write!(
        html,
        "<tr class=\"explore-table__before\"><th scope=\"row\">{}</th>",
        safe(name)
    );
    for _ in 1..sheet.keys.len() {
        html.push_str("<td></td>");
    }
    cell(html, sheet.sum.before, "number");
    html.push_str("<td></td><td></td><td></td>");
    let values = || (sheet.beside.iter()).map(|one| one.map(|(_, amount)| amount));
    if shape.sparks {
        let known: Vec<Amount> = values().flatten().collect();
        let _ = write!(html, "<td>{}</td>", spark(&known));
    }
    for value in values().take(shape.pieces) {
        cell(html, value, "number");
    }
    html.push_str("</tr>");
}

fn head(html: &mut String, sheet: &Sheet, explored: &Explored, line: &Line) {
    if line.is_rest() {
        let _ = write!(
            html,
            "<th scope=\"row\" class=\"muted\">{}</th>",
            safe(&line.name())
        );
        for _ in 1..sheet.keys.len() {
            html.push_str("<td></td>");
        }
        return;
    }
    let id = line.keys.join(BETWEEN);
    let behind = explored.behind(&sheet.keys, &line.keys);
    for (place, (key, name)) in sheet.keys.iter().zip(&line.names).enumerate() {
        let note = note(key, line.keys.get(place).map(String::as_str), name);
        if place > 0 {
            let _ = write!(html, "<td class=\"table__key\">{}{note}</td>", safe(name));
            continue;
        }
        html.push_str("<th scope=\"row\"><span class=\"explore-table__head\">");
        pin(html, explored, &id, &line.name());
        match &behind {
            Some(there) => {
                let _ = write!(
                    html,
                    "<a href=\"{}\" data-noscroll>{}</a>",
                    safe(&there.path()),
                    safe(name)
                );
            }
            None => html.push_str(&safe(name)),
        }
        let _ = write!(html, "</span>{note}</th>");
    }
}

/// What stands below a name: an account's number.
fn note(key: &GroupKey, value: Option<&str>, name: &str) -> String {
    let account = *key == GroupKey::Dimension(Dimension::LinkedAccount);
    match value.filter(|value| account && *value != name && !value.is_empty()) {
        Some(number) => format!("<span class=\"table__note\">{}</span>", safe(number)),
        None => String::new(),
    }
}

fn pin(html: &mut String, explored: &Explored, id: &str, name: &str) {
    let pinned = explored.pinned.iter().any(|one| one == id);
    let there = explored.with(|there| match pinned {
        true => there.pinned.retain(|one| one != id),
        false => there.pinned.push(id.to_owned()),
    });
    let (class, words) = match pinned {
        true => ("pin pin--on", "Unpin"),
        false => ("pin", "Pin"),
    };
    let _ = write!(
        html,
        "<a class=\"{class}\" id=\"{}\" href=\"{}\" aria-label=\"{words} {}\" title=\"{words}\" \
         data-noscroll></a>",
        pin_id(id),
        safe(&there.path()),
        safe(name),
    );
}

/// An element's id can have no spaces: FNV-1a makes one of what a line is told apart by.
fn pin_id(line: &str) -> String {
    let hash = line.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("pin-{hash:x}")
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::{ev, prelude::*, web_sys};
    use wasm_bindgen::JsCast;
    use web_sys::{Element, FocusOptions, HtmlElement};

    use super::Focused;

    /// Keeps in mind which pin was pressed.
    pub fn remember(event: &ev::MouseEvent, pressed: Focused) {
        // Those lead to another tab.
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        let on: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
        let pin = on.and_then(|on| on.closest("a.pin").ok().flatten());
        if let Some(pin) = pin {
            pressed.set_value(Some(pin.id()));
        }
    }

    /// The lines were made anew: the pin that was pressed has the focus, wherever it is now.
    pub fn give_back(pressed: Focused) {
        Effect::new(move |_| {
            let Some(id) = pressed.try_update_value(Option::take).flatten() else {
                return;
            };
            let pin = document().get_element_by_id(&id);
            if let Some(pin) = pin.and_then(|pin| pin.dyn_into::<HtmlElement>().ok()) {
                let stay = FocusOptions::new();
                stay.set_prevent_scroll(true);
                let _ = pin.focus_with_options(&stay);
            }
        });
    }
}

#[cfg(feature = "hydrate")]
use browser::{give_back, remember};

#[cfg(not(feature = "hydrate"))]
fn give_back(_pressed: Focused) {}

#[cfg(not(feature = "hydrate"))]
fn remember(_event: &leptos::ev::MouseEvent, _pressed: Focused) {}

fn numbers(html: &mut String, line: &Line, shape: Shape) {
    cell(html, Some(line.total), "number number--total");
    if shape.compared {
        cell(html, line.before, "number");
        difference(html, line);
    }
    if shape.sparks {
        let _ = write!(html, "<td>{}</td>", spark(&line.values));
    }
    for place in 0..shape.pieces {
        cell(html, line.values.get(place).copied(), "number");
    }
}

pub(super) fn cell(html: &mut String, amount: Option<Amount>, class: &str) {
    let _ = match amount {
        None => write!(html, "<td class=\"{class} muted\">–</td>"),
        Some(amount) if amount.is_zero() => {
            write!(html, "<td class=\"{class} muted\">{}</td>", amount.text())
        }
        Some(amount) => write!(
            html,
            "<td class=\"{class}\"><data value=\"{}\" title=\"{}\">{}</data></td>",
            amount.exact(),
            exactly(amount),
            amount.text()
        ),
    };
}

fn exactly(amount: Amount) -> String {
    match amount {
        Amount::Money(money) => money.display_exact(),
        Amount::Usage(used) => used.to_string(),
    }
}

fn difference(html: &mut String, line: &Line) {
    let change = line.change();
    let way = match change.map(Amount::near) {
        Some(more) if more > 0.0 => " change--more",
        Some(less) if less < 0.0 => " change--less",
        _ => "",
    };
    let _ = match change {
        None => write!(html, "<td class=\"number{way}\">–</td>"),
        Some(change) if change.is_zero() => {
            write!(html, "<td class=\"number{way}\">{}</td>", change.signed())
        }
        Some(change) => write!(
            html,
            "<td class=\"number{way}\"><data value=\"{}\" title=\"{}\">{}</data></td>",
            change.exact(),
            exactly(change),
            change.signed()
        ),
    };
    let share = match (line.before, line.per_mille()) {
        (_, Some(per_mille)) => signed_percent(per_mille),
        (Some(before), None) if before.is_zero() && !line.total.is_zero() => "new".to_owned(),
        _ => "–".to_owned(),
    };
    let _ = write!(html, "<td class=\"number{way}\">{share}</td>");
}

/// A line's way over time, from the lowest to the highest value or zero.
fn spark(values: &[Amount]) -> String {
    let near: Vec<f64> = values.iter().map(|value| value.near()).collect();
    let (low, high) = (near.iter()).fold((0.0_f64, 0.0_f64), |(low, high), value| {
        (low.min(*value), high.max(*value))
    });
    if near.len() < 2 || high <= low {
        return String::new();
    }
    let last = (near.len() - 1) as f64;
    let points: Vec<String> = (near.iter().enumerate())
        .map(|(place, value)| {
            let (x, y) = (
                place as f64 / last * 96.0,
                (high - value) / (high - low) * 20.0,
            );
            format!("{:.1},{:.1}", x + 2.0, y + 2.0)
        })
        .collect();
    format!(
        "<svg class=\"spark\" viewBox=\"0 0 100 24\" aria-hidden=\"true\" focusable=\"false\">\
         <polyline points=\"{}\"/></svg>",
        points.join(" ")
    )
}

/// How many lines there are: of chart and table alike.
#[component]
fn LineCounts(explored: Explored) -> impl IntoView {
    let wanted = explored.wish.lines.clone();
    let links = LINES.map(|lines| {
        let text = lines.to_string();
        let current = match wanted.as_str() {
            "" => lines == domain::wish::USUAL_LINES,
            wanted => wanted == text,
        };
        let there = explored.with(|there| there.wish.lines = text.clone());
        let current = current.then_some("true");
        view! { <a class="segment" href=there.path() aria-current=current data-noscroll="">{Amount::Usage(f64::from(lines)).text()}</a> }
    });
    view! {
        <div class="explore-lines">
            <p class="muted" id="lines-label">"The largest, each with a line of its own"</p>
            <nav class="segments" aria-labelledby="lines-label">{links.collect_view()}</nav>
        </div>
    }
    .erased()
}

/// Text as HTML.
pub(super) fn safe(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

/// The order as an address has it, in words.
#[must_use]
pub fn order_words(sort: Sort) -> Option<&'static str> {
    Some(match sort.by {
        By::Size => return None,
        By::Name => "by name",
        By::Total => "by the total",
        By::Before => "by the earlier total",
        By::Change => "by the difference",
        By::Percent => "by the difference in percent",
    })
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
