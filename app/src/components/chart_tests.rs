//! Tests of the daily chart, on data small enough to check by hand.

use chrono::NaiveDate;
use domain::{
    period::Period,
    report::{Day, Series},
};

use super::*;

const UNIT: i64 = 1_000_000_000;

fn series(name: &str, values: [i64; 3]) -> Series {
    Series {
        name: name.to_owned(),
        is_other: name == "Other",
        values: values.map(Nanos).to_vec(),
        total: Nanos(values.iter().sum()),
    }
}

fn sample() -> DailyChart {
    let date = |text: &str| text.parse::<NaiveDate>().unwrap();
    let period = Period::new(date("2026-11-22"), date("2026-11-25")).unwrap();
    let all = vec![
        series("EC2", [5 * UNIT, 0, 3 * UNIT]),
        series("S3", [UNIT / 2, 0, -UNIT]),
        series("Other", [7, 0, 10 * UNIT]),
    ];
    let states = [DayState::Final, DayState::Missing, DayState::Unfinished];
    let days = period
        .days()
        .zip(states)
        .enumerate()
        .map(|(place, (date, state))| Day {
            date,
            state,
            total: Nanos::sum(all.iter().map(|series| series.values[place])).unwrap(),
        });
    DailyChart {
        period,
        currency: Currency::USD,
        days: days.collect(),
        series: all,
    }
}

fn marks(names: &[&str]) -> Vec<(String, String)> {
    names
        .iter()
        .map(|name| ((*name).to_owned(), "•".to_owned()))
        .collect()
}

#[test]
fn each_series_is_a_stacked_bar_with_a_value_for_each_day() {
    let options = options(&sample(), &[], LIGHT, &[], false);
    let series = options["series"].as_array().unwrap();
    assert_eq!(series.len(), 3);
    for one in series {
        assert_eq!(one["type"], "bar");
        assert_eq!(one["stack"], "cost");
        assert_eq!(one["data"].as_array().unwrap().len(), 3);
    }
    assert_eq!(series[0]["data"][0], 5.0);
}

#[test]
fn missing_days_are_gaps_and_unfinished_ones_hatched() {
    let options = options(&sample(), &[], LIGHT, &[], false);
    let data = &options["series"][0]["data"];
    assert_eq!(data[1], "-");
    assert_eq!(data[2]["value"], 3.0);
    assert!(data[2]["itemStyle"]["decal"].is_object());
    assert!(data[0].get("itemStyle").is_none());
}

#[test]
fn tooltips_are_drawn_without_html() {
    let options = options(&sample(), &[], DARK, &[], true);
    let tooltip = match &options["tooltip"] {
        Value::Array(all) => &all[0],
        single => single,
    };
    assert_eq!(tooltip["renderMode"], "richText");
    assert_eq!(options["animation"], false);
}

#[test]
fn hidden_series_are_unselected_and_keep_their_colour() {
    let shown = options(&sample(), &[], LIGHT, &[], false);
    let hidden = options(&sample(), &[], LIGHT, &["S3".to_owned()], false);
    let legend = match &hidden["legend"] {
        Value::Array(all) => &all[0],
        single => single,
    };
    assert_eq!(legend["selected"]["S3"], false);
    assert_eq!(legend["selected"]["EC2"], true);
    assert_eq!(
        shown["series"][1]["itemStyle"],
        hidden["series"][1]["itemStyle"]
    );
}

#[test]
fn zooming_leaves_the_wheel_to_the_page() {
    let options = options(&sample(), &[], LIGHT, &[], false);
    let zooms = options["dataZoom"].as_array().unwrap();
    assert_eq!(zooms.len(), 2);
    assert_eq!(zooms[0]["zoomOnMouseWheel"], "ctrl");
    assert_eq!(zooms[1]["type"], "slider");
}

#[test]
fn tooltips_tell_exact_amounts_largest_first() {
    let text = tooltip(&sample(), &[], 2, &marks(&["EC2", "S3", "Other"]));
    assert_eq!(
        text,
        "24 Nov 2026, unfinished\n$12.00 in all\n•$10.00  Other\n•\u{2007}$3.00  EC2\n•\u{2212}$1.00  S3"
    );
}

#[test]
fn tooltips_count_only_what_is_shown() {
    let text = tooltip(&sample(), &[], 0, &marks(&["S3", "Other"]));
    assert!(
        text.starts_with("22 Nov 2026\n$0.50 of what is shown\n"),
        "{text}"
    );
    assert!(!text.contains("EC2"));
}

#[test]
fn tooltips_never_call_a_missing_day_zero() {
    assert_eq!(
        tooltip(&sample(), &[], 1, &marks(&["EC2"])),
        "23 Nov 2026\nNot loaded yet"
    );
    assert_eq!(tooltip(&sample(), &[], 99, &marks(&["EC2"])), "");
}

#[test]
fn axis_labels_are_short() {
    let label = |value| axis_label(value, Currency::USD);
    assert_eq!(label(0.0), "$0");
    assert_eq!(label(250.0), "$250");
    assert_eq!(label(1500.0), "$1.5k");
    assert_eq!(label(-2_000_000.0), "\u{2212}$2M");
    assert_eq!(axis_label(5.0, "EUR".parse().unwrap()), "EUR 5");
}

#[test]
fn small_credits_do_not_push_the_ground_line_up() {
    let mut chart = sample();
    let axis = |chart: &DailyChart| match &options(chart, &[], LIGHT, &[], false)["yAxis"] {
        Value::Array(all) => all[0].clone(),
        single => single.clone(),
    };
    // 1 below against 13 above: deep enough for a step of its own.
    assert!(axis(&chart).get("min").is_none());
    chart.series[1].values[2] = Nanos(-UNIT / 2);
    assert_eq!(axis(&chart)["min"], -0.5);
    chart.series[1].values[2] = Nanos(UNIT);
    assert!(axis(&chart).get("min").is_none());
}

fn expected() -> Vec<Piece<Expected<Nanos>>> {
    let day = |text: &str, mean: i64| Piece {
        period: Period::day(text.parse().unwrap()),
        value: Expected {
            mean: Nanos(mean * UNIT),
            lower: Some(Nanos((mean - 2) * UNIT)),
            upper: Some(Nanos((mean + 2) * UNIT)),
        },
    };
    vec![
        day("2026-11-24", 10),
        day("2026-11-25", 11),
        day("2026-11-26", 1),
    ]
}

#[test]
fn days_ahead_have_a_line_in_the_band_of_its_range() {
    let options = options(&sample(), &expected(), LIGHT, &[], false);
    let places = match &options["xAxis"] {
        Value::Array(all) => &all[0]["data"],
        single => &single["data"],
    };
    assert_eq!(
        *places,
        json!(["22 Nov", "23 Nov", "24 Nov", "25 Nov", "26 Nov"])
    );
    let series = options["series"].as_array().unwrap();
    assert_eq!(series.len(), 3 + 3);
    // What is known has no days ahead, and what is expected none behind.
    assert_eq!(series[0]["data"].as_array().unwrap().len(), 3);
    assert_eq!(series[3]["data"], json!(["-", "-", 8.0, 9.0, -1.0]));
    assert_eq!(series[4]["data"], json!(["-", "-", 4.0, 4.0, 4.0]));
    assert_eq!(series[5]["data"], json!(["-", "-", 10.0, 11.0, 1.0]));
    assert_eq!(series[3]["stack"], series[4]["stack"]);
}

#[test]
fn tooltips_tell_what_is_expected() {
    let shown = marks(&["EC2", "S3", "Other", "Expected"]);
    let today = tooltip(&sample(), &expected(), 2, &shown);
    assert!(
        today.starts_with(
            "24 Nov 2026, unfinished\n$12.00 in all\n$10.00 expected, $8.00 to $12.00\n"
        ),
        "{today}"
    );
    assert_eq!(
        tooltip(&sample(), &expected(), 4, &shown),
        "26 Nov 2026\n$1.00 expected, \u{2212}$1.00 to $3.00"
    );
    assert_eq!(tooltip(&sample(), &expected(), 5, &shown), "");
}

#[test]
fn bars_have_an_edge_where_more_contrast_is_wanted() {
    let edge = |theme| {
        let options = options(&sample(), &[], theme, &[], false);
        options["series"][0]["itemStyle"]["borderColor"].clone()
    };
    assert_eq!(edge(LIGHT), Value::Null);
    assert_eq!(edge(LIGHT_STRONG), "#000000");
    assert_eq!(edge(DARK_STRONG), "#ffffff");
}
