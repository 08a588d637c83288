//! The Explorer's chart on the page: its kinds, its place, its legend, and what can be done
//! with it. Which series it draws is decided here, for the legend and the canvas alike. Pure.

use std::collections::HashMap;

use domain::{
    query::Step,
    sheet::{Line, Sheet},
    wish::Drawn,
};
use leptos::prelude::*;

use super::{address::Explored, canvas::Canvas, pieces::same_numbers};
use crate::{
    components::{
        canvas::{Canvas as State, Zoom},
        chart_colours::slots_of,
    },
    erased::Erase,
};

/// More groups than this are drawn as one: nobody tells them apart.
pub const MOST_DRAWN: usize = 20;

/// One series of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// Its name: no two have the same.
    pub name: String,
    /// The slot of its colour.
    pub slot: usize,
    /// A value for each piece; for pixels only.
    pub values: Vec<f64>,
    /// Its total; for pixels only.
    pub total: f64,
    /// The line of the sheet that it stands for, where it is one.
    pub line: Option<usize>,
}

/// The series of a sheet, the largest first, the rest last.
#[must_use]
pub fn series(sheet: &Sheet) -> Vec<Drawing> {
    let near = |line: &Line| {
        line.values
            .iter()
            .map(|value| value.near())
            .collect::<Vec<_>>()
    };
    let own: Vec<(usize, &Line)> = (sheet.lines.iter().enumerate())
        .filter(|(_, line)| !line.is_rest())
        .take(MOST_DRAWN)
        .collect();
    let mut names = unique(&own);
    let mut drawn: Vec<Drawing> = (own.iter())
        .map(|(place, line)| Drawing {
            name: names.remove(place).unwrap_or_default(),
            slot: 0,
            values: near(line),
            total: line.total.near(),
            line: Some(*place),
        })
        .collect();
    if drawn.len() < sheet.lines.len() || sheet.lines.is_empty() {
        let mut rest = near(&sheet.sum);
        let mut total = sheet.sum.total.near();
        for one in &drawn {
            for (rest, value) in rest.iter_mut().zip(&one.values) {
                *rest -= value;
            }
            total -= one.total;
        }
        let name = match drawn.is_empty() {
            true => sheet.sum.name(),
            false => "Others".to_owned(),
        };
        // Where the rest has a line of its own, that is the exact one.
        let own = sheet.lines.len().checked_sub(1);
        let line = own.filter(|last| *last == drawn.len() && sheet.lines[*last].is_rest());
        drawn.push(Drawing {
            name,
            slot: 0,
            values: rest,
            total,
            line,
        });
    }
    let alone = drawn.len() == 1;
    let is_rest = |one: &Drawing| {
        let line = one.line.and_then(|line| sheet.lines.get(line));
        line.is_none_or(Line::is_rest)
    };
    let named: Vec<Option<&str>> = (drawn.iter())
        .map(|one| (alone || !is_rest(one)).then_some(one.name.as_str()))
        .collect();
    for (one, slot) in slots_of(&named).into_iter().enumerate() {
        drawn[one].slot = slot;
    }
    drawn
}

/// Names by place; where several lines have the same, what AWS calls them stands behind it.
fn unique(lines: &[(usize, &Line)]) -> HashMap<usize, String> {
    let mut count: HashMap<String, usize> = HashMap::new();
    for (_, line) in lines {
        *count.entry(line.name()).or_default() += 1;
    }
    (lines.iter())
        .map(|(place, line)| {
            let name = line.name();
            let name = match count.get(&name) {
                Some(1) => name,
                _ => format!("{name} ({})", line.keys.join(" · ")),
            };
            (*place, name)
        })
        .collect()
}

/// The name of a piece: short enough for an axis, marked where AWS changed it afterwards.
#[must_use]
pub fn piece_name(sheet: &Sheet, place: usize) -> String {
    let Some(piece) = sheet.pieces.get(place) else {
        return String::new();
    };
    let name = match sheet.step {
        Step::Monthly => piece.start().format("%b %Y").to_string(),
        Step::Daily => piece.start().format("%-d %b").to_string(),
        Step::Weekly | Step::Total => piece.to_string(),
    };
    match sheet.states.get(place).is_some_and(|state| state.restated) {
        true => format!("{name} *"),
        false => name,
    }
}

/// What the earlier period is called, in chart and table; `None` where nothing is compared.
#[must_use]
pub fn earlier_name(sheet: &Sheet) -> Option<String> {
    let any = sheet.beside.iter().any(Option::is_some);
    sheet.compared.filter(|_| any).map(|one| one.to_string())
}

/// What the chart shows, for those who can't see it.
#[must_use]
pub fn description(sheet: &Sheet) -> String {
    let series = series(sheet);
    let largest = sheet.lines.iter().find(|line| !line.is_rest());
    let largest = largest
        .map(|line| {
            format!(
                " The largest is {} with {}.",
                line.name(),
                line.total.text()
            )
        })
        .unwrap_or_default();
    let period = match (sheet.pieces.first(), sheet.pieces.last()) {
        (Some(first), Some(last)) => {
            format!("{} to {}", first.start(), last.last_day())
        }
        _ => String::new(),
    };
    let before = (earlier_name(sheet).zip(sheet.sum.before))
        .map(|(name, total)| format!(" Beside it {name} with {}.", total.text()))
        .unwrap_or_default();
    format!(
        "Chart of {} series from {period}, {} in all.{largest}{before} {}",
        series.len(),
        sheet.sum.total.text(),
        same_numbers(sheet),
    )
}

/// The chart, its kinds and its legend.
#[component]
pub fn ExploreChart(
    /// The numbers, in their own order.
    sheet: Memo<Option<Sheet>>,
    /// What the address says.
    explored: Memo<Explored>,
    /// How it is drawn.
    drawn: Memo<Drawn>,
    /// Whether somebody wants the picture.
    wanted: RwSignal<bool>,
) -> impl IntoView {
    let hidden = RwSignal::new(Vec::<String>::new());
    let state = RwSignal::new(State::Waiting);
    let zoom = RwSignal::new(Zoom::All);
    let in_view = RwSignal::new(None::<(usize, usize)>);
    // What was wanted of another chart isn't this one.
    wanted.set(false);
    let over_time = Memo::new(move |_| drawn.get().is_over_time());
    // Other data, or a kind that can't be looked at closely: what was is another thing now.
    Effect::new(move |_| {
        sheet.track();
        over_time.track();
        in_view.set(None);
        zoom.set(Zoom::All);
    });
    let canvas = Canvas {
        sheet,
        explored,
        drawn,
        hidden,
        state,
        zoom,
        in_view,
        wanted,
    };
    let switches = move || {
        let drawn = drawn.get();
        (drawn != Drawn::Calendar).then(|| {
            sheet.with(|sheet| {
                let entries = sheet.as_ref().map(series).unwrap_or_default();
                let before = sheet.as_ref().and_then(earlier_name).filter(|_| drawn.is_over_time());
                let before = before.map(|name| (name, "swatch swatch--before".to_owned()));
                let entries = entries.into_iter()
                    .map(|one| (one.name, format!("swatch swatch--{}", one.slot)))
                    .chain(before)
                    .map(|(name, swatch)| view! { <SeriesSwitch name=name swatch=swatch hidden=hidden/> });
                view! { <ul class="legend needs-script" aria-label="Series in the chart">{entries.collect_view()}</ul> }
            })
        })
    };
    let closer = move || {
        let (first, last) = in_view.get()?;
        let period = sheet.with(|sheet| {
            let sheet = sheet.as_ref()?;
            let (start, end) = (sheet.pieces.get(first)?, sheet.pieces.get(last)?);
            let all = first == 0 && last + 1 == sheet.pieces.len();
            let period = domain::period::Period::new(start.start(), end.end()).ok()?;
            (!all).then_some(period)
        })?;
        let there = explored.get().over(period).path();
        Some(view! {
            <a class="button button--small" href=there data-noscroll="">{format!("Look at {period}")}</a>
        })
    };
    view! {
        <div class="chart">
            <div class="chart__kinds">
                <Kinds sheet=sheet explored=explored drawn=drawn/>
                <div class="chart__ends">{closer}</div>
            </div>
            {canvas.view()}
            {switches}
        </div>
    }
    .erased()
}

/// Links to the same in another form.
#[component]
fn Kinds(
    sheet: Memo<Option<Sheet>>,
    explored: Memo<Explored>,
    drawn: Memo<Drawn>,
) -> impl IntoView {
    // What it is cut into, whether the address says so or not.
    let cut = Memo::new(move |_| sheet.with(|sheet| sheet.as_ref().map(|sheet| sheet.step)));
    move || {
        let (explored, drawn) = (explored.get(), drawn.get());
        let kinds = Drawn::ALL.map(|kind| {
            let there = explored.with(|there| kind.slug().clone_into(&mut there.wish.chart));
            let current = (kind == drawn).then_some("true");
            view! {
                <a class="segment" href=there.path() aria-current=current data-noscroll="">{kind.label()}</a>
            }
        });
        let steps = [
            ("daily", "Days", Step::Daily),
            ("weekly", "Weeks", Step::Weekly),
            ("monthly", "Months", Step::Monthly),
        ];
        let cut = cut.get();
        let steps = drawn.is_over_time().then(|| {
            steps
                .map(|(slug, label, step)| {
                    let there = explored.with(|there| slug.clone_into(&mut there.wish.step));
                    let current = (cut == Some(step)).then_some("true");
                    view! { <a class="segment" href=there.path() aria-current=current data-noscroll="">{label}</a> }
                })
                .collect_view()
        });
        view! {
            <nav class="segments" aria-label="Kind of chart">{kinds.collect_view()}</nav>
            {steps.map(|steps| view! { <nav class="segments" aria-label="Cut into">{steps}</nav> })}
        }
        .erased()
    }
}

/// Switches a series on and off.
#[component]
fn SeriesSwitch(name: String, swatch: String, hidden: RwSignal<Vec<String>>) -> impl IntoView {
    let own = StoredValue::new(name.clone());
    let on = move || hidden.with(|hidden| !own.with_value(|name| hidden.contains(name)));
    let switch = move |_| {
        let name = own.get_value();
        hidden.update(|hidden| match hidden.iter().position(|one| *one == name) {
            Some(place) => {
                hidden.remove(place);
            }
            None => hidden.push(name),
        });
    };
    view! {
        <li>
            <button type="button" class="legend__entry" aria-pressed=move || on().to_string() on:click=switch>
                <span class=swatch></span>
                {name}
            </button>
        </li>
    }
    .erased()
}
