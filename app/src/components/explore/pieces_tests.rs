use domain::{
    breakdown::PieceState,
    dimension::Dimension,
    money::{Currency, Money, Nanos},
    period::Period,
};

use super::{
    super::chart::{MOST_DRAWN, description},
    *,
};

const DAYS: usize = 92;

fn money(nanos: i64) -> Amount {
    Amount::Money(Money::new(Nanos(nanos), Currency::USD))
}

/// Each day costs as many billionths as the line's place says, plus one.
fn line(place: usize) -> Line {
    let value = i64::try_from(place).unwrap() + 1;
    Line {
        keys: vec![format!("<{place}>")],
        names: vec![format!("<{place}>")],
        groups: 1,
        total: money(value * i64::try_from(DAYS).unwrap()),
        before: None,
        values: vec![money(value); DAYS],
    }
}

fn sheet(lines: usize) -> Sheet {
    let start: chrono::NaiveDate = "2026-08-24".parse().unwrap();
    let pieces: Vec<Period> = start.iter_days().take(DAYS).map(Period::day).collect();
    let lines: Vec<Line> = (0..lines).map(line).collect();
    let all = |of: &dyn Fn(&Line) -> Amount| {
        let nanos = lines.iter().map(|line| match of(line) {
            Amount::Money(money) => money.amount,
            Amount::Usage(_) => Nanos::ZERO,
        });
        Amount::Money(Money::new(Nanos::sum(nanos).unwrap(), Currency::USD))
    };
    let mut states = vec![
        PieceState {
            state: DayState::Final,
            restated: false,
        };
        DAYS
    ];
    states[0].state = DayState::Missing;
    states[1].restated = true;
    states[DAYS - 1].state = DayState::Unfinished;
    Sheet {
        unit: "USD".to_owned(),
        currency: Some(Currency::USD),
        keys: vec![Dimension::Service.into()],
        states,
        step: Step::Daily,
        compared: None,
        sum: Line {
            keys: Vec::new(),
            names: vec!["Total".to_owned()],
            groups: 1,
            total: all(&|line| line.total),
            before: None,
            values: (0..DAYS)
                .map(|place| all(&|line| line.values[place]))
                .collect(),
        },
        beside: Vec::new(),
        pieces,
        lines,
    }
}

#[test]
fn each_piece_has_what_the_chart_shows() {
    let sheet = sheet(3);
    let (heads, body, foot) = html(&sheet);
    assert_eq!(heads.matches("<th").count(), 1 + 1 + 3);
    assert!(
        heads.contains("&lt;2&gt;") && !heads.contains("<2>"),
        "{heads}"
    );
    let rows: Vec<&str> = body.split_inclusive("</tr>").collect();
    assert_eq!(rows.len(), DAYS);
    assert!(rows[0].contains("24 Aug 2026<span class=\"table__note\">not loaded yet"));
    assert_eq!(rows[0].matches("–").count(), 4, "{}", rows[0]);
    assert!(rows[1].contains("25 Aug 2026 *</th>"), "{}", rows[1]);
    assert!(rows[DAYS - 1].contains("unfinished"));
    let values = |row: &str| {
        let parts = row.split("value=\"").skip(1);
        let exact = parts.map(|part| part.split('"').next().unwrap().to_owned());
        exact.collect::<Vec<_>>()
    };
    assert_eq!(
        values(rows[2]),
        ["0.000000006", "0.000000001", "0.000000002", "0.000000003"]
    );
    assert_eq!(values(&foot)[0], "0.000000552");
}

#[test]
fn what_is_drawn_as_one_is_exact_too() {
    let lines = MOST_DRAWN + 2;
    let (heads, body, _) = html(&sheet(lines));
    assert_eq!(heads.matches("<th").count(), 1 + 1 + MOST_DRAWN + 1);
    let row = body.split_inclusive("</tr>").nth(2).unwrap();
    let rest = (lines - 1) + lines;
    let cell = format!("value=\"0.0000000{rest}\"");
    assert!(row.contains(&cell), "{row}");
}

#[test]
fn it_stands_only_where_the_table_has_no_columns_for_it() {
    let long = sheet(3);
    assert_eq!(folded_name(&long), Some("Every day in numbers"));
    assert!(
        description(&long)
            .ends_with("“Every day in numbers”, below the table, has the same numbers.")
    );
    let mut short = sheet(3);
    short.pieces.truncate(31);
    assert_eq!(folded_name(&short), None);
    assert!(description(&short).ends_with("The table has the same numbers."));
    let mut many = sheet(300);
    many.pieces.truncate(12);
    many.step = Step::Monthly;
    assert_eq!(folded_name(&many), Some("Every month in numbers"));
}
