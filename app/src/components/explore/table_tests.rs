use domain::{
    breakdown::PieceState,
    money::{Currency, Money, Nanos},
    period::Period,
    query::Step,
    report::DayState,
};

use super::*;

fn money(nanos: i64) -> Amount {
    Amount::Money(Money::new(Nanos(nanos), Currency::USD))
}

fn line(name: &str, groups: u32, values: [i64; 3], before: i64) -> Line {
    Line {
        keys: match groups {
            1 => vec![name.to_owned()],
            _ => Vec::new(),
        },
        names: vec![name.to_owned()],
        groups,
        total: money(values.iter().sum()),
        before: Some(money(before)),
        values: values.map(money).to_vec(),
    }
}

fn sheet() -> Sheet {
    let days = ["2026-11-22", "2026-11-23", "2026-11-24"];
    Sheet {
        unit: "USD".to_owned(),
        currency: Some(Currency::USD),
        keys: vec![Dimension::Service.into()],
        pieces: days.map(|day| Period::day(day.parse().unwrap())).to_vec(),
        states: vec![
            PieceState {
                state: DayState::Final,
                restated: false,
            };
            3
        ],
        step: Step::Daily,
        compared: Some(Period::day("2026-10-22".parse().unwrap())),
        lines: vec![
            line(
                "<b>\"S3\"</b> & more",
                1,
                [1_000_000_000, 2_000_000_000, 1],
                1_500_000_000,
            ),
            line("3 others", 3, [0, 0, 0], 500_000_000),
        ],
        sum: line("Total", 1, [1_000_000_000, 2_000_000_000, 1], 2_000_000_000),
        beside: Vec::new(),
    }
}

#[test]
fn no_name_gets_into_the_html_as_html() {
    let sheet = sheet();
    let html = body(&sheet, &Explored::default(), Shape::of(&sheet));
    assert!(!html.contains("<b>"));
    assert!(html.contains("&lt;b&gt;&quot;S3&quot;&lt;/b&gt; &amp; more"));
    // The link holds the name too, and stays within its attribute.
    assert!(html.contains("only=SERVICE&amp;how=only&amp;values=%3Cb%3E%22S3%22"));
}

#[test]
fn a_line_has_its_total_its_difference_and_its_pieces() {
    let sheet = sheet();
    let html = body(&sheet, &Explored::default(), Shape::of(&sheet));
    assert!(html.contains("title=\"3.000000001 USD\">$3.00</data>"));
    // 1.50 before, 3.00 now.
    assert!(html.contains("title=\"1.500000001 USD\">+$1.50</data></td>"));
    assert_eq!(html.matches("<svg").count(), 1);
    assert!(html.contains("3 others"));
    assert!(html.contains(">\u{2212}$0.50</data></td>"));
    let foot = foot(&sheet, Shape::of(&sheet));
    assert!(foot.contains(">+$1.00</data></td>"));
}

#[test]
fn the_earlier_period_has_a_row_below_the_total() {
    let mut sheet = sheet();
    assert!(!foot(&sheet, Shape::of(&sheet)).contains("22 Oct 2026"));
    let day = Period::day("2026-10-22".parse().unwrap());
    sheet.beside = vec![Some((day, money(2_000_000_000))), None, None];
    let foot = foot(&sheet, Shape::of(&sheet));
    let (_, row) = foot
        .split_once("<tr class=\"explore-table__before\">")
        .unwrap();
    assert!(
        row.starts_with("<th scope=\"row\">22 Oct 2026</th>"),
        "{row}"
    );
    // Its total, and its only day.
    assert_eq!(row.matches("$2.00").count(), 2, "{row}");
    assert_eq!(row.matches("–").count(), 2, "{row}");
}

#[test]
fn a_way_over_time_stays_in_its_frame() {
    let drawn = spark(&[money(-1_000_000_000), money(0), money(3_000_000_000)]);
    assert!(
        drawn.contains("points=\"2.0,22.0 50.0,17.0 98.0,2.0\""),
        "{drawn}"
    );
    assert_eq!(spark(&[money(0), money(0)]), "");
}

#[test]
fn wide_and_long_tables_leave_the_pieces_out() {
    let mut long = sheet();
    long.lines = (0..300)
        .map(|place| line(&place.to_string(), 1, [1, 1, 1], 0))
        .collect();
    let shape = Shape::of(&long);
    assert_eq!((shape.sparks, shape.pieces), (false, 0));
    let mut wide = sheet();
    let day = Period::day("2026-11-22".parse().unwrap());
    wide.pieces = vec![day; MOST_COLUMNS + 1];
    let shape = Shape::of(&wide);
    assert_eq!((shape.sparks, shape.pieces), (true, 0));
}
