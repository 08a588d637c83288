//! The Explorer's charts as data for ECharts: pure, so that they are tested without a
//! browser. Floating point is for pixels only; texts come from exact amounts.

use charming::{
    component::Axis,
    datatype::{DataPoint, DataPointItem},
    element::{AreaStyle, AxisType, ItemStyle, LineStyle},
    series::{Bar, Line},
};
#[cfg(feature = "hydrate")]
use domain::money::Currency;
use domain::{
    breakdown::PieceState,
    report::DayState,
    sheet::{Amount, Sheet},
    wish::Drawn,
};
use serde_json::{Value, json};

use super::{
    address::Explored,
    chart::{Drawing, earlier_name, piece_name, series},
    earlier,
};
use crate::components::{
    chart::{self, Theme, dress, each, frame, hide, in_a_column, shallow_bottom, stand_on},
    words,
};

/// What a chart shows.
pub fn options(sheet: &Sheet, drawn: Drawn, theme: Theme, hidden: &[String], still: bool) -> Value {
    let series = series(sheet);
    let mut options = match drawn {
        Drawn::Treemap => treemap(&series, theme, hidden),
        Drawn::Calendar => calendar(sheet, theme),
        over_time => {
            let mut options = over_pieces(sheet, over_time, &series, theme);
            if let Value::Array(all) = &mut options["series"] {
                all.extend(earlier::series(sheet, theme));
            }
            let before = earlier_name(sheet);
            let names = series.iter().map(|one| &one.name).chain(&before);
            hide(&mut options, names.map(String::as_str), hidden);
            if over_time != Drawn::Lines
                && let Some(bottom) = shallow_bottom(sheet.pieces.len(), |place| {
                    let values = series.iter().map(move |one| one.values.get(place).copied());
                    values
                        .flatten()
                        .chain(earlier::near(sheet, place))
                        .collect()
                })
            {
                stand_on(&mut options, bottom);
            }
            options
        }
    };
    dress(&mut options, theme, still);
    if drawn.is_over_time() {
        mark_unfinished(&mut options, sheet, drawn, theme);
    } else {
        // Nothing to look closer at.
        options["dataZoom"] = json!([]);
        options["legend"] = json!({ "show": false });
    }
    options
}

fn colour(theme: Theme, slot: usize) -> &'static str {
    theme.palette.get(slot).copied().unwrap_or(theme.text)
}

/// Black or white, whichever is easier to read on a colour such as `#3d3a9e`: WCAG's relative
/// luminance decides.
fn ink_on(colour: &str) -> &'static str {
    let part = |from: usize| {
        let digits = colour.get(from..from + 2);
        let value = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let share = f64::from(value.unwrap_or_default()) / 255.0;
        match share <= 0.040_45 {
            true => share / 12.92,
            false => ((share + 0.055) / 1.055).powf(2.4),
        }
    };
    let luminance = 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
    // Where both have the same contrast: (1.05 / (l + 0.05)) = ((l + 0.05) / 0.05).
    if luminance > 0.179 {
        "#000000"
    } else {
        "#ffffff"
    }
}

fn over_pieces(sheet: &Sheet, drawn: Drawn, series: &[Drawing], theme: Theme) -> Value {
    let places = (0..sheet.pieces.len()).map(|place| piece_name(sheet, place));
    let mut chart = frame(places.collect(), theme);
    for one in series {
        let colour = colour(theme, one.slot);
        let values = one.values.iter().enumerate().map(|(place, value)| {
            match sheet.states.get(place).map(|state| state.state) {
                // Nothing is drawn where nothing is known.
                Some(DayState::Missing) => DataPoint::from("-"),
                Some(DayState::Unfinished) if drawn == Drawn::Bars => DataPointItem::new(*value)
                    .item_style(ItemStyle::new().color(colour).opacity(0.75))
                    .into(),
                _ => DataPoint::from(*value),
            }
        });
        let values: Vec<DataPoint> = values.collect();
        chart = match drawn {
            Drawn::Lines | Drawn::Areas => {
                let line = Line::new()
                    .id(one.name.clone())
                    .name(one.name.clone())
                    .show_symbol(sheet.pieces.len() < 40)
                    .item_style(ItemStyle::new().color(colour))
                    .line_style(LineStyle::new().color(colour).width(2))
                    .data(values);
                chart.series(match drawn {
                    Drawn::Areas => line
                        .stack("cost")
                        .area_style(AreaStyle::new().color(colour).opacity(0.55)),
                    _ => line,
                })
            }
            _ => chart.series(
                Bar::new()
                    .id(one.name.clone())
                    .name(one.name.clone())
                    .stack("cost")
                    .item_style(ItemStyle::new().color(colour))
                    .data(values),
            ),
        };
    }
    json!(chart)
}

/// Lines have no bars to hatch: behind their unfinished pieces the ground is darker.
fn mark_unfinished(options: &mut Value, sheet: &Sheet, drawn: Drawn, theme: Theme) {
    let open: Vec<usize> = (0..sheet.pieces.len())
        .filter(|place| {
            let state = sheet.states.get(*place).map(|state| state.state);
            state == Some(DayState::Unfinished)
        })
        .collect();
    let (Some(first), Some(last)) = (open.first(), open.last()) else {
        return;
    };
    if drawn == Drawn::Bars {
        return;
    }
    if let Some(series) = each(&mut options["series"]).next() {
        series["markArea"] = json!({
            "silent": true,
            "itemStyle": { "color": theme.line, "opacity": 0.35 },
            "data": [[
                { "xAxis": piece_name(sheet, *first) },
                { "xAxis": piece_name(sheet, *last) },
            ]],
        });
    }
}

fn treemap(series: &[Drawing], theme: Theme, hidden: &[String]) -> Value {
    // An area can't be negative: credits have none.
    let shown = series
        .iter()
        .filter(|one| one.total > 0.0 && !hidden.contains(&one.name));
    let data: Vec<Value> = shown
        .map(|one| {
            json!({
                "name": one.name,
                "value": one.total,
                "itemStyle": { "color": colour(theme, one.slot) },
                "label": { "color": ink_on(colour(theme, one.slot)) },
            })
        })
        .collect();
    let empty = Axis::new().type_(AxisType::Value).show(false);
    json!({
        "xAxis": empty,
        "yAxis": empty,
        "tooltip": { "trigger": "item", "backgroundColor": theme.ground, "borderColor": theme.line, "borderWidth": 1 },
        "series": [{
            "id": "treemap",
            "type": "treemap",
            "name": "Share",
            "left": 0, "right": 0, "top": 0, "bottom": 0,
            "roam": false,
            "nodeClick": false,
            "breadcrumb": { "show": false },
            "itemStyle": { "borderColor": theme.ground, "borderWidth": 2, "gapWidth": 2 },
            "label": { "fontSize": 12, "overflow": "truncate" },
            "data": data,
        }],
    })
}

/// The places of the pieces of which anything is known: a calendar shows only these.
fn known(sheet: &Sheet) -> impl Iterator<Item = usize> {
    (0..sheet.pieces.len()).filter(|place| {
        let state = sheet.states.get(*place).map(|state| state.state);
        state != Some(DayState::Missing)
    })
}

/// How a day of the calendar is marked: hatched where AWS still adds to it, with a frame where it
/// changed it after it was complete.
fn day_style(state: &PieceState, theme: Theme) -> Option<Value> {
    let unfinished = state.state == DayState::Unfinished;
    let mut style = match (unfinished, state.restated) {
        (false, false) => return None,
        (true, _) => json!({ "decal": chart::hatch(theme) }),
        (false, true) => json!({}),
    };
    if state.restated {
        style["borderColor"] = json!(theme.ink);
        style["borderWidth"] = json!(2);
    }
    Some(style)
}

fn calendar(sheet: &Sheet, theme: Theme) -> Value {
    let data: Vec<Value> = known(sheet)
        .filter_map(|place| {
            let (piece, value) = (sheet.pieces.get(place)?, sheet.sum.values.get(place)?);
            let day = json!([piece.start().to_string(), value.near()]);
            let Some(style) = day_style(sheet.states.get(place)?, theme) else {
                return Some(day);
            };
            Some(json!({ "value": day, "itemStyle": style }))
        })
        .collect();
    let values = || sheet.sum.values.iter().map(|value| value.near());
    let (low, high) = values().fold((0.0_f64, 0.0_f64), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let range = match (sheet.pieces.first(), sheet.pieces.last()) {
        (Some(first), Some(last)) => vec![first.start().to_string(), last.start().to_string()],
        _ => Vec::new(),
    };
    let label = json!({ "color": theme.text, "fontSize": 12 });
    json!({
        "tooltip": { "trigger": "item", "backgroundColor": theme.ground, "borderColor": theme.line, "borderWidth": 1 },
        "visualMap": {
            "show": false,
            "min": low,
            "max": if high > low { high } else { low + 1.0 },
            "inRange": { "color": [theme.faint, colour(theme, 0)] },
        },
        "calendar": {
            "left": 36, "right": 8, "top": 28, "bottom": 8,
            "range": range,
            "cellSize": ["auto", "auto"],
            "itemStyle": { "color": "transparent", "borderColor": theme.line, "borderWidth": 1 },
            "splitLine": { "lineStyle": { "color": theme.text, "width": 1 } },
            "dayLabel": { "firstDay": 1, "color": theme.text, "fontSize": 12 },
            "monthLabel": label,
            "yearLabel": { "show": false },
        },
        "series": [{
            "id": "calendar",
            "type": "heatmap",
            "name": "Total",
            "coordinateSystem": "calendar",
            "data": data,
        }],
    })
}

/// What the pointer shows: place, series, name and mark of each item under it.
pub fn tooltip(sheet: &Sheet, drawn: Drawn, items: &[(usize, &str, &str, &str)]) -> String {
    let series = series(sheet);
    match drawn {
        Drawn::Treemap => {
            let Some(one) = items.first().and_then(|item| find(&series, item.2)) else {
                return String::new();
            };
            let share = one.total / sheet.sum.total.near() * 100.0;
            format!("{}\n{}, {share:.1} %", one.name, total_text(sheet, one))
        }
        Drawn::Calendar => {
            let place = items.first().and_then(|item| known(sheet).nth(item.0));
            let text = place.and_then(|place| {
                let value = sheet.sum.values.get(place)?;
                Some(format!("{}\n{}", heading(sheet, place), value.text()))
            });
            text.unwrap_or_default()
        }
        _ => over_time_tooltip(sheet, &series, items),
    }
}

fn find<'a>(series: &'a [Drawing], name: &str) -> Option<&'a Drawing> {
    series.iter().find(|one| one.name == name)
}

/// The exact total, where the series is a line; the rest is what is left for pixels.
fn total_text(sheet: &Sheet, one: &Drawing) -> String {
    let exact = one.line.and_then(|line| sheet.lines.get(line));
    exact.map_or_else(|| near_text(sheet, one.total), |line| line.total.text())
}

fn near_text(sheet: &Sheet, value: f64) -> String {
    match sheet.currency {
        Some(currency) => chart::axis_label((value * 100.0).round() / 100.0, currency),
        None => Amount::Usage(value).text(),
    }
}

fn heading(sheet: &Sheet, place: usize) -> String {
    let name = match sheet.pieces.get(place) {
        Some(piece) if piece.len() == 1 => words::day(piece.start()),
        Some(piece) => piece.to_string(),
        None => String::new(),
    };
    let state = sheet.states.get(place);
    let note = match state.map(|state| state.state) {
        Some(DayState::Missing) => ", not loaded yet",
        Some(DayState::Unfinished) => ", unfinished",
        _ => "",
    };
    let restated = match state.is_some_and(|state| state.restated) {
        true => ", changed by AWS afterwards",
        false => "",
    };
    format!("{name}{note}{restated}")
}

fn over_time_tooltip(
    sheet: &Sheet,
    series: &[Drawing],
    items: &[(usize, &str, &str, &str)],
) -> String {
    let Some(place) = items.first().map(|item| item.0) else {
        return String::new();
    };
    let mut lines = vec![heading(sheet, place)];
    let state = sheet.states.get(place).map(|state| state.state);
    let before = earlier_name(sheet);
    let is_before = |item: &&(usize, &str, &str, &str)| Some(item.1) == before.as_deref();
    let told = (items.iter().find(is_before))
        .and_then(|item| Some(format!("{}{}", item.3, earlier::told(sheet, place)?)));
    if state == Some(DayState::Missing) {
        lines.extend(told);
        return lines.join("\n");
    }
    let mut amounts: Vec<(f64, String, &str, &str)> = (items.iter())
        .filter_map(|(_, name, _, mark)| {
            let one = find(series, name)?;
            let near = *one.values.get(place)?;
            let line = one.line.and_then(|line| sheet.lines.get(line));
            let text = match line.and_then(|line| line.values.get(place)) {
                Some(exact) => exact.text(),
                None => near_text(sheet, near),
            };
            Some((near, text, one.name.as_str(), *mark))
        })
        .filter(|(near, ..)| *near != 0.0)
        .collect();
    amounts.sort_by(|one, other| other.0.total_cmp(&one.0));
    let shown = items.iter().filter(|item| !is_before(item)).count();
    if shown == series.len()
        && let Some(total) = sheet.sum.values.get(place)
    {
        lines.push(format!("{} in all", total.text()));
    }
    lines.extend(in_a_column(
        amounts
            .into_iter()
            .map(|(_, text, name, mark)| (mark, text, name)),
    ));
    lines.extend(told);
    lines.join("\n")
}

/// A label of the value axis.
#[cfg(feature = "hydrate")]
pub fn axis_label(value: f64, currency: Option<Currency>) -> String {
    match currency {
        Some(currency) => chart::axis_label(value, currency),
        None => Amount::Usage(value).text(),
    }
}

/// Where a click leads: to what is behind a group, or to the day.
pub fn behind(
    sheet: &Sheet,
    drawn: Drawn,
    from: &Explored,
    (place, series_name, name): (usize, &str, &str),
) -> Option<Explored> {
    if drawn == Drawn::Calendar {
        let place = known(sheet).nth(place)?;
        let day = *sheet.pieces.get(place)?;
        return Some(from.over(day).with(|there| there.wish.chart.clear()));
    }
    let all = series(sheet);
    let name = match drawn {
        Drawn::Treemap => name,
        _ => series_name,
    };
    let line = sheet.lines.get(find(&all, name)?.line?)?;
    if line.is_rest() {
        return None;
    }
    from.behind(&sheet.keys, &line.keys)
}

#[cfg(test)]
#[path = "chart_options_tests.rs"]
mod tests;
