use domain::{
    breakdown::PieceState,
    dimension::Dimension,
    money::{Currency, Money, Nanos},
    period::Period,
    query::Step,
    sheet::Line as SheetLine,
};

use super::*;
use crate::components::chart::LIGHT;

fn money(units: i64) -> Amount {
    Amount::Money(Money::new(Nanos(units * 1_000_000_000), Currency::USD))
}

fn line(name: &str, groups: u32, values: [i64; 2]) -> SheetLine {
    SheetLine {
        keys: match groups {
            1 => vec![name.to_owned()],
            _ => Vec::new(),
        },
        names: vec![name.to_owned()],
        groups,
        total: money(values.iter().sum()),
        before: None,
        values: values.map(money).to_vec(),
    }
}

fn sheet() -> Sheet {
    let days = ["2026-11-23", "2026-11-24"];
    let state = |state, restated| PieceState { state, restated };
    Sheet {
        unit: "USD".to_owned(),
        currency: Some(Currency::USD),
        keys: vec![Dimension::Service.into()],
        pieces: days.map(|day| Period::day(day.parse().unwrap())).to_vec(),
        states: vec![
            state(DayState::Final, true),
            state(DayState::Unfinished, false),
        ],
        step: Step::Daily,
        compared: None,
        lines: vec![
            line("EC2", 1, [6, 4]),
            line("S3", 1, [2, 1]),
            line("Credit", 1, [-1, 0]),
            line("4 others", 4, [1, 1]),
        ],
        sum: line("Total", 1, [8, 6]),
        beside: Vec::new(),
    }
}

fn shown(drawn: Drawn, hidden: &[String]) -> Value {
    options(&sheet(), drawn, LIGHT, hidden, true)
}

#[test]
fn the_chart_says_what_the_sheet_says() {
    let drawn = series(&sheet());
    let told: Vec<_> = drawn
        .iter()
        .map(|one| (one.name.as_str(), one.values.clone()))
        .collect();
    let expected = [
        ("EC2", vec![6.0, 4.0]),
        ("S3", vec![2.0, 1.0]),
        ("Credit", vec![-1.0, 0.0]),
        ("Others", vec![1.0, 1.0]),
    ];
    assert_eq!(told, expected);
    for drawn in [Drawn::Bars, Drawn::Lines, Drawn::Areas] {
        let options = shown(drawn, &[]);
        assert_eq!(options["series"].as_array().unwrap().len(), 4, "{drawn:?}");
        let places = &options["xAxis"]["data"];
        // AWS changed the first day after it was complete.
        assert_eq!(places, &json!(["23 Nov *", "24 Nov"]), "{drawn:?}");
    }
}

#[test]
fn the_earlier_period_is_a_line_over_all_of_it() {
    let mut sheet = sheet();
    sheet.compared = Some(Period::day("2026-10-23".parse().unwrap()));
    sheet.beside = vec![sheet.compared.map(|day| (day, money(20))), None];
    for drawn in [Drawn::Bars, Drawn::Lines, Drawn::Areas] {
        let options = options(&sheet, drawn, LIGHT, &["23 Oct 2026".to_owned()], true);
        let line = options["series"].as_array().unwrap().last().unwrap();
        assert_eq!(
            (&line["name"], &line["data"], &line["lineStyle"]["type"]),
            (&json!("23 Oct 2026"), &json!([20.0, "-"]), &json!("dashed")),
        );
        assert!(line["stack"].is_null());
        assert_eq!(
            each(&mut options["legend"].clone()).next().unwrap()["selected"]["23 Oct 2026"],
            false
        );
    }
    let items = [
        (0, "EC2", "", "•"),
        (0, "S3", "", "•"),
        (0, "Credit", "", "•"),
        (0, "Others", "", "•"),
        (0, "23 Oct 2026", "", "-"),
    ];
    let text = tooltip(&sheet, Drawn::Bars, &items);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[1], "$8.00 in all", "{text}");
    assert_eq!(lines.last(), Some(&"-$20.00 in 23 Oct 2026"), "{text}");
}

#[test]
fn unfinished_pieces_are_marked() {
    let bars = shown(Drawn::Bars, &[]);
    let data = &bars["series"][0]["data"];
    assert!(
        data[0].is_number() && data[1]["itemStyle"]["decal"].is_object(),
        "{data}"
    );
    let lines = shown(Drawn::Lines, &[]);
    let area = &lines["series"][0]["markArea"]["data"][0];
    assert_eq!(
        (&area[0]["xAxis"], &area[1]["xAxis"]),
        (&json!("24 Nov"), &json!("24 Nov"))
    );
}

#[test]
fn what_is_hidden_is_not_drawn() {
    let hidden = ["EC2".to_owned()];
    let bars = shown(Drawn::Bars, &hidden);
    let legend = &bars["legend"][0]["selected"];
    let legend = if legend.is_null() {
        &bars["legend"]["selected"]
    } else {
        legend
    };
    assert_eq!(
        (&legend["EC2"], &legend["S3"]),
        (&json!(false), &json!(true))
    );
    let map = shown(Drawn::Treemap, &hidden);
    let names: Vec<_> = map["series"][0]["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    // Credits have no area.
    assert_eq!(names, ["S3", "Others"]);
    // Only what isn't finished is hatched.
    assert!(map["series"][0]["data"][0]["itemStyle"]["decal"].is_null());
}

#[test]
fn each_kind_can_be_the_first_that_is_drawn() {
    for drawn in Drawn::ALL {
        let options = shown(drawn, &[]);
        let zooms = options["dataZoom"].as_array().unwrap();
        assert_eq!(!zooms.is_empty(), drawn.is_over_time(), "{drawn:?}");
        // ECharts knows what has no type only from before.
        assert!(
            zooms.iter().all(|zoom| zoom["type"].is_string()),
            "{drawn:?}"
        );
    }
}

#[test]
fn letters_can_be_read_on_every_colour() {
    assert_eq!(ink_on("#000000"), "#ffffff");
    assert_eq!(ink_on("#ffffff"), "#000000");
    // 4.5 to 1 is what axe asks for: #777777 is near the middle.
    assert_eq!(
        (ink_on("#707070"), ink_on("#7c7c7c")),
        ("#ffffff", "#000000")
    );
    let map = shown(Drawn::Treemap, &[]);
    let first = &map["series"][0]["data"][0];
    let colour = first["itemStyle"]["color"].as_str().unwrap();
    assert_eq!(first["label"]["color"], ink_on(colour));
}

#[test]
fn a_calendar_has_each_day_once() {
    let calendar = shown(Drawn::Calendar, &[]);
    let data = calendar["series"][0]["data"].as_array().unwrap();
    let days: Vec<&Value> = data.iter().map(|day| &day["value"]).collect();
    assert_eq!(
        days,
        [&json!(["2026-11-23", 8.0]), &json!(["2026-11-24", 6.0])]
    );
    // The first was changed afterwards, to the second AWS still adds.
    assert_eq!(data[0]["itemStyle"]["borderColor"], LIGHT.ink);
    assert!(data[0]["itemStyle"]["decal"].is_null());
    assert!(data[1]["itemStyle"]["decal"].is_object());
    assert!(data[1]["itemStyle"]["borderColor"].is_null());
    assert_eq!(
        calendar["calendar"]["range"],
        json!(["2026-11-23", "2026-11-24"])
    );
}

#[test]
fn the_pointer_tells_exact_amounts() {
    let text = tooltip(
        &sheet(),
        Drawn::Bars,
        &[
            (1, "S3", "", "•"),
            (1, "EC2", "", "•"),
            (1, "Others", "", "•"),
            (1, "Credit", "", "•"),
        ],
    );
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].ends_with("unfinished"), "{text}");
    assert_eq!(lines[1], "$6.00 in all");
    assert_eq!(lines[2..], ["•$4.00  EC2", "•$1.00  S3", "•$1.00  Others"]);
    let text = tooltip(&sheet(), Drawn::Treemap, &[(0, "Share", "EC2", "")]);
    assert_eq!(text, "EC2\n$10.00, 71.4 %");
    let text = tooltip(&sheet(), Drawn::Calendar, &[(0, "Total", "", "")]);
    assert!(text.ends_with("changed by AWS afterwards\n$8.00"), "{text}");
}

#[test]
fn a_click_leads_behind_a_group_or_to_a_day() {
    let from = Explored::default();
    let there = |drawn, place, series: &str, name: &str| {
        behind(&sheet(), drawn, &from, (place, series, name)).map(|there| there.path())
    };
    let s3 = "/costs?by=USAGE_TYPE&only=SERVICE&how=only&values=S3".to_owned();
    assert_eq!(there(Drawn::Bars, 0, "S3", ""), Some(s3.clone()));
    assert_eq!(there(Drawn::Treemap, 1, "Share", "S3"), Some(s3));
    assert_eq!(there(Drawn::Lines, 0, "Others", ""), None);
    let day = "/costs?period=days&from=2026-11-24&to=2026-11-24".to_owned();
    assert_eq!(there(Drawn::Calendar, 1, "Total", ""), Some(day));
}
