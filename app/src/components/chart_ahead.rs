//! What is expected of the days ahead, in the daily chart: a dashed line in the band of its
//! range. Pure, as the chart itself. Floating point is for pixels only.

use chrono::NaiveDate;
use domain::{
    forecast::Expected,
    money::{Currency, Money, Nanos},
    period::Piece,
    report::DailyChart,
};
use serde_json::{Value, json};

use super::chart::Theme;

/// What the line is called.
const EXPECTED: &str = "Expected";
/// What carries the band, and the band itself: nobody sees their names.
const LOWER: &str = "Expected, lower end";
const RANGE: &str = "Expected, range";

/// Those after the chart's last day: the axis goes on for them.
pub fn beyond(
    days: &[Piece<Expected<Nanos>>],
    chart: &DailyChart,
) -> impl Iterator<Item = NaiveDate> {
    let end = chart.period.end();
    days.iter()
        .map(|day| day.period.start())
        .filter(move |day| *day >= end)
}

/// The line and its band, for ECharts.
#[must_use]
pub fn series(days: &[Piece<Expected<Nanos>>], chart: &DailyChart, theme: Theme) -> Vec<Value> {
    let Some(first) = days.first() else {
        return Vec::new();
    };
    let before = (first.period.start() - chart.period.start()).num_days();
    let before = usize::try_from(before).unwrap_or_default();
    let values = |value: &dyn Fn(&Expected<Nanos>) -> Option<f64>| {
        let known = days
            .iter()
            .map(|day| value(&day.value).map_or(json!("-"), |value| json!(value)));
        let data = std::iter::repeat_n(json!("-"), before).chain(known);
        data.collect::<Vec<Value>>()
    };
    let line = |name: &str, data: Vec<Value>| {
        json!({
            "type": "line",
            "id": name,
            "name": name,
            "data": data,
            "symbol": "none",
            "silent": true,
            "z": 3,
        })
    };
    let mut mean = line(EXPECTED, values(&|day| Some(day.mean.approximate())));
    mean["lineStyle"] = json!({ "color": theme.text, "width": 2, "type": "dashed" });
    mean["itemStyle"] = json!({ "color": theme.text });
    let mut lower = line(LOWER, values(&|day| Some(day.lower?.approximate())));
    let width = |day: &Expected<Nanos>| {
        let width = day.upper?.checked_sub(day.lower?).ok()?;
        Some(width.approximate())
    };
    let mut range = line(RANGE, values(&width));
    range["areaStyle"] = json!({ "color": theme.text, "opacity": 0.18 });
    for one in [&mut lower, &mut range] {
        one["stack"] = json!("expected");
        // Also where the lower end lies below zero.
        one["stackStrategy"] = json!("all");
        one["lineStyle"] = json!({ "opacity": 0 });
    }
    vec![lower, range, mean]
}

/// What is expected of a day, as the pointer tells it.
#[must_use]
pub fn told(
    days: &[Piece<Expected<Nanos>>],
    date: NaiveDate,
    currency: Currency,
) -> Option<String> {
    let expected = days.iter().find(|day| day.period.contains(date))?.value;
    let text = |amount: Nanos| Money::new(amount, currency).display();
    let mean = text(expected.mean);
    Some(match expected.lower.zip(expected.upper) {
        Some((lower, upper)) => {
            format!("{mean} expected, {} to {}", text(lower), text(upper))
        }
        None => format!("{mean} expected"),
    })
}
