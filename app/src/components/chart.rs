//! The daily chart as data for ECharts: pure, so that it is tested without a
//! browser. Floating point is for pixels only; texts come from exact amounts.

use charming::{
    Chart,
    component::{Axis, DataZoom, DataZoomType, FilterMode, Grid, Legend},
    datatype::{DataPoint, DataPointItem},
    element::{
        AxisLabel, AxisPointer, AxisPointerType, AxisTick, AxisType, ItemStyle, LineStyle,
        SplitLine, TextStyle, Tooltip, Trigger,
    },
    series::Bar,
};
use domain::{
    forecast::Expected,
    money::{Currency, Money, Nanos},
    period::Piece,
    report::{DailyChart, DayState},
};
use serde_json::{Value, json};

use super::{
    chart_ahead,
    chart_colours::{PALETTE_DARK, PALETTE_LIGHT, slots},
    words,
};

/// Colours of everything but the series.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Theme {
    /// The series'.
    pub palette: &'static [&'static str],
    /// Behind everything.
    pub ground: &'static str,
    /// Of labels.
    pub text: &'static str,
    /// Of axes.
    pub line: &'static str,
    /// Of what helps the eye.
    pub faint: &'static str,
    /// Over what isn't finished.
    pub hatch: &'static str,
    /// Of the text beside the pointer.
    pub ink: &'static str,
    /// Over the stretch that is looked at closely.
    pub veil: &'static str,
    /// Around bars and areas, where their colours alone don't do.
    pub edge: Option<&'static str>,
}

/// On a light ground.
pub const LIGHT: Theme = Theme {
    palette: &PALETTE_LIGHT,
    ground: "#ffffff",
    text: "#5d616b",
    line: "#d4d6da",
    faint: "#eceded",
    hatch: "rgba(255,255,255,0.7)",
    ink: "#1b1d21",
    veil: "#1b1d210d",
    edge: None,
};

/// On a dark ground.
pub const DARK: Theme = Theme {
    palette: &PALETTE_DARK,
    ground: "#1a1b1e",
    text: "#a3a7b0",
    line: "#3a3d43",
    faint: "#27292d",
    hatch: "rgba(26,27,30,0.7)",
    ink: "#e9eaec",
    veil: "#ffffff14",
    edge: None,
};

/// On a light ground, for those who need more contrast.
pub const LIGHT_STRONG: Theme = Theme {
    text: "#2b2e34",
    line: "#2b2e34",
    faint: "#b4b6bb",
    hatch: "#ffffff",
    ink: "#000000",
    veil: "#00000026",
    edge: Some("#000000"),
    ..LIGHT
};

/// The same on a dark ground.
pub const DARK_STRONG: Theme = Theme {
    ground: "#000000",
    text: "#d9dce1",
    line: "#d9dce1",
    faint: "#55585f",
    hatch: "#000000",
    ink: "#ffffff",
    veil: "#ffffff33",
    edge: Some("#ffffff"),
    ..DARK
};

const FONT: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, Ubuntu, Cantarell, sans-serif";

/// Places along one axis, values along the other, and a way to look closer.
pub fn frame(places: Vec<String>, theme: Theme) -> Chart {
    let label = || AxisLabel::new().color(theme.text).font_size(12);
    Chart::new()
        .grid(
            Grid::new()
                .left(4)
                .right(8)
                .top(12)
                .bottom(64)
                .contain_label(true),
        )
        // Toggled by buttons outside: those can be read, tabbed to and wrapped.
        .legend(Legend::new().show(false))
        .tooltip(
            Tooltip::new()
                .trigger(Trigger::Axis)
                .axis_pointer(AxisPointer::new().type_(AxisPointerType::Shadow))
                .background_color(theme.ground)
                .border_color(theme.line)
                .border_width(1),
        )
        .x_axis(
            Axis::new()
                .type_(AxisType::Category)
                .data(places)
                .axis_label(label())
                .axis_tick(AxisTick::new().show(false)),
        )
        .y_axis(
            Axis::new()
                .type_(AxisType::Value)
                .axis_label(label())
                .split_line(SplitLine::new().line_style(LineStyle::new().color(theme.faint))),
        )
        .data_zoom(
            DataZoom::new()
                .type_(DataZoomType::Inside)
                .filter_mode(FilterMode::Filter),
        )
        .data_zoom(
            DataZoom::new()
                .type_(DataZoomType::Slider)
                .filter_mode(FilterMode::Filter)
                .bottom(8)
                .border_color(theme.line)
                .text_style(TextStyle::new().color(theme.text)),
        )
}

/// Daily cost, stacked by service, with places for the days ahead.
fn daily_chart(chart: &DailyChart, ahead: &[Piece<Expected<Nanos>>], theme: Theme) -> Chart {
    let known = chart.days.iter().map(|day| day.date);
    let days = known.chain(chart_ahead::beyond(ahead, chart));
    let days = days.map(|day| day.format("%-d %b").to_string()).collect();
    let mut drawn = frame(days, theme);
    for (series, slot) in chart.series.iter().zip(slots(&chart.series)) {
        let colour = theme.palette.get(slot).copied().unwrap_or(theme.text);
        let values: Vec<DataPoint> = series
            .values
            .iter()
            .zip(&chart.days)
            .map(|(value, day)| match day.state {
                // Nothing is drawn where nothing is known.
                DayState::Missing => DataPoint::from("-"),
                DayState::Unfinished => DataPointItem::new(value.approximate())
                    .item_style(ItemStyle::new().color(colour).opacity(0.75))
                    .into(),
                DayState::Estimated | DayState::Final => DataPoint::from(value.approximate()),
            })
            .collect();
        drawn = drawn.series(
            Bar::new()
                .id(series.name.clone())
                .name(series.name.clone())
                .stack("cost")
                .item_style(ItemStyle::new().color(colour))
                .data(values),
        );
    }
    drawn
}

/// The chart's options with what the crate `charming` has no words for.
pub fn options(
    chart: &DailyChart,
    ahead: &[Piece<Expected<Nanos>>],
    theme: Theme,
    hidden: &[String],
    still: bool,
) -> Value {
    let mut options = json!(daily_chart(chart, ahead, theme));
    if let Value::Array(series) = &mut options["series"] {
        series.extend(chart_ahead::series(ahead, chart, theme));
    }
    let names = chart.series.iter().map(|series| series.name.as_str());
    dress(&mut options, theme, still);
    hide(&mut options, names, hidden);
    let bottom = shallow_bottom(chart.days.len(), |place| {
        let values = chart.series.iter().map(|series| series.values.get(place));
        values.flatten().map(|value| value.approximate()).collect()
    });
    if let Some(bottom) = bottom {
        stand_on(&mut options, bottom);
    }
    options
}

/// Switches off the series that are hidden.
pub fn hide<'a>(options: &mut Value, names: impl Iterator<Item = &'a str>, hidden: &[String]) {
    let selected: serde_json::Map<String, Value> = names
        .map(|name| {
            (
                name.to_owned(),
                json!(!hidden.iter().any(|one| one == name)),
            )
        })
        .collect();
    for legend in each(&mut options["legend"]) {
        legend["selected"] = json!(selected);
    }
}

/// Lets the value axis begin here.
pub fn stand_on(options: &mut Value, bottom: f64) {
    for axis in each(&mut options["yAxis"]) {
        axis["min"] = json!(bottom);
        axis["axisLabel"]["showMinLabel"] = json!(false);
        axis["splitLine"]["showMinLine"] = json!(false);
    }
}

/// What all charts have in common: letters, motion, the text beside the pointer, zooming.
pub fn dress(options: &mut Value, theme: Theme, still: bool) {
    options["textStyle"] = json!({ "fontFamily": FONT });
    options["animation"] = json!(!still);
    options["animationDuration"] = json!(250);
    options["animationDurationUpdate"] = json!(250);
    for tooltip in each(&mut options["tooltip"]) {
        // Its other form, HTML, needs style attributes, which our policy forbids.
        tooltip["renderMode"] = json!("richText");
        tooltip["confine"] = json!(true);
        tooltip["padding"] = json!([10, 12]);
        tooltip["textStyle"] = json!({
            "color": theme.ink,
            "fontSize": 12,
            "lineHeight": 18,
        });
        tooltip["axisPointer"]["shadowStyle"] = json!({ "color": theme.text, "opacity": 0.12 });
    }
    for axis in each(&mut options["xAxis"]) {
        axis["axisLabel"]["hideOverlap"] = json!(true);
        axis["axisLine"] = json!({ "lineStyle": { "color": theme.line } });
    }
    for zoom in each(&mut options["dataZoom"]) {
        dress_zoom(zoom, theme);
    }
    for series in each(&mut options["series"]) {
        series["barCategoryGap"] = json!("18%");
        series["emphasis"] = json!({ "disabled": true });
        // An item of a bar with a look of its own is one that isn't finished.
        if series["type"] != "bar" {
            continue;
        }
        if let Some(edge) = theme.edge {
            series["itemStyle"]["borderColor"] = json!(edge);
            series["itemStyle"]["borderWidth"] = json!(1);
        }
        for item in each(&mut series["data"]) {
            if let Some(style) = item.get_mut("itemStyle") {
                style["decal"] = hatch(theme);
            }
        }
    }
}

/// Over what isn't finished.
pub fn hatch(theme: Theme) -> Value {
    json!({
        "symbol": "rect",
        "color": theme.hatch,
        "dashArrayX": [1, 0],
        "dashArrayY": [2, 3],
        "rotation": -std::f64::consts::FRAC_PI_4,
    })
}

fn dress_zoom(zoom: &mut Value, theme: Theme) {
    // Another kind of chart on the same canvas may have had none.
    if zoom["type"] == "inside" {
        zoom["disabled"] = json!(false);
        // The wheel and the thumb scroll the page; pinching or Ctrl zooms.
        zoom["zoomOnMouseWheel"] = json!("ctrl");
        zoom["moveOnMouseMove"] = json!(false);
        zoom["moveOnMouseWheel"] = json!(false);
        zoom["preventDefaultMouseMove"] = json!(false);
        return;
    }
    zoom["show"] = json!(true);
    zoom["height"] = json!(28);
    zoom["showDetail"] = json!(false);
    // A stretch is chosen by drawing over it.
    zoom["brushSelect"] = json!(true);
    zoom["handleSize"] = json!("120%");
    zoom["moveHandleSize"] = json!(8);
    zoom["fillerColor"] = json!(theme.veil);
    zoom["handleStyle"] = json!({ "color": theme.ground, "borderColor": theme.text });
    zoom["moveHandleStyle"] = json!({ "color": theme.line });
    let shadow = json!({
        "lineStyle": { "color": theme.line },
        "areaStyle": { "color": theme.line, "opacity": 0.5 },
    });
    zoom["dataBackground"] = shadow.clone();
    zoom["selectedDataBackground"] = shadow;
}

/// The lowest point of all places, where it lies below zero but not by much: small credits
/// shall not push the ground line up by a whole step. For pixels only.
pub fn shallow_bottom(places: usize, values: impl Fn(usize) -> Vec<f64>) -> Option<f64> {
    let stacked = (0..places).map(|place| {
        let values = values(place).into_iter();
        values.fold((0.0_f64, 0.0_f64), |(low, high), value| {
            (low + value.min(0.0), high + value.max(0.0))
        })
    });
    let (low, high) = stacked.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
    (low < 0.0 && low * -20.0 < high).then_some(low)
}

pub fn each(value: &mut Value) -> std::slice::IterMut<'_, Value> {
    match value {
        Value::Array(values) => values.iter_mut(),
        Value::Null => Default::default(),
        single => std::slice::from_mut(single).iter_mut(),
    }
}

/// What the pointer shows on a day: exact amounts of the series that are shown,
/// largest first, each after the mark that ECharts made for it.
pub fn tooltip(
    chart: &DailyChart,
    ahead: &[Piece<Expected<Nanos>>],
    place: usize,
    shown: &[(String, String)],
) -> String {
    let Some(day) = chart.days.get(place) else {
        let ahead_of_all = place - chart.days.len();
        let date = chart_ahead::beyond(ahead, chart).nth(ahead_of_all);
        let told = date.and_then(|date| {
            let expected = chart_ahead::told(ahead, date, chart.currency)?;
            Some(format!("{}\n{expected}", words::day(date)))
        });
        return told.unwrap_or_default();
    };
    let expected = chart_ahead::told(ahead, day.date, chart.currency);
    let date = words::day(day.date);
    let heading = match day.state {
        DayState::Missing => return format!("{date}\nNot loaded yet"),
        DayState::Unfinished => format!("{date}, unfinished"),
        DayState::Estimated | DayState::Final => date,
    };
    let mut amounts: Vec<(&str, &str, Nanos)> = shown
        .iter()
        .filter_map(|(name, mark)| {
            let series = chart.series.iter().find(|series| series.name == *name)?;
            Some((name.as_str(), mark.as_str(), *series.values.get(place)?))
        })
        .collect();
    let amounts_shown = amounts.len();
    amounts.retain(|(_, _, amount)| *amount != Nanos::ZERO);
    amounts.sort_by_key(|(_, _, amount)| std::cmp::Reverse(*amount));
    let total = Nanos::sum(amounts.iter().map(|(_, _, amount)| *amount)).unwrap_or(day.total);
    let text = |amount: Nanos| Money::new(amount, chart.currency).display();
    let of_all = if amounts_shown == chart.series.len() {
        "in all"
    } else {
        "of what is shown"
    };
    let mut lines = vec![heading, format!("{} {of_all}", text(total))];
    lines.extend(expected);
    let amounts = amounts.into_iter();
    lines.extend(in_a_column(
        amounts.map(|(name, mark, amount)| (mark, text(amount), name)),
    ));
    lines.join("\n")
}

/// Marks, amounts and names, a line each.
pub fn in_a_column<'a>(
    amounts: impl Iterator<Item = (&'a str, String, &'a str)> + Clone,
) -> Vec<String> {
    let letters = |text: &str| text.chars().count();
    let width = amounts.clone().map(|(_, text, _)| letters(&text)).max();
    let line = |(mark, text, name): (&str, String, &str)| {
        // Figure spaces are as wide as digits, so the amounts stand in a column.
        let pad = "\u{2007}".repeat(width.unwrap_or_default() - letters(&text));
        format!("{mark}{pad}{text}  {}", shorten(name, 34))
    };
    amounts.map(line).collect()
}

fn shorten(name: &str, letters: usize) -> String {
    if name.chars().count() <= letters {
        return name.to_owned();
    }
    let short: String = name.chars().take(letters - 1).collect();
    format!("{}…", short.trim_end())
}

/// A label of the cost axis: `$0`, `$250`, `$1.5k`.
pub fn axis_label(value: f64, currency: Currency) -> String {
    let symbol = match currency.code() {
        "USD" => "$".to_owned(),
        code => format!("{code} "),
    };
    let sign = if value < 0.0 { "\u{2212}" } else { "" };
    let size = value.abs();
    let (shown, unit) = match size {
        size if size >= 1e6 => (size / 1e6, "M"),
        size if size >= 1e3 => (size / 1e3, "k"),
        size => (size, ""),
    };
    format!("{sign}{symbol}{shown}{unit}")
}

#[cfg(test)]
#[path = "chart_tests.rs"]
mod tests;
