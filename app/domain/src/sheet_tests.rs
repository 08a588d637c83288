use chrono::NaiveDate;

use super::*;
use crate::{
    bill::Known,
    breakdown::Compared,
    cube::Cube,
    grouped::Report,
    reconciliation::ToTotal,
    report::DayState,
    wish::{Wanted, Wish},
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn group<A: Copy>(keys: &[&str], groups: u32, values: &[A], total: A) -> Group<A> {
    Group {
        keys: keys.iter().map(|key| (*key).to_owned()).collect(),
        groups,
        values: values.to_vec(),
        total,
    }
}

fn found(figures: Figures, earlier: Option<Figures>) -> Found {
    let wish = Wish {
        period: "days".to_owned(),
        from: "2026-11-01".to_owned(),
        to: "2026-11-02".to_owned(),
        by: "LINKED_ACCOUNT".to_owned(),
        ..Wish::default()
    };
    let wanted: Wanted = wish.read(day("2026-11-24"), None).unwrap();
    let state = PieceState {
        state: DayState::Final,
        restated: false,
    };
    Found {
        report: Report {
            cube: Cube::ServiceAccount.question(),
            months: Vec::new(),
            group_by: wanted.group_by.clone(),
            pieces: wanted.step.pieces(wanted.period),
            figures,
        },
        pieces: vec![state; 2],
        known: Known::default(),
        as_of: None,
        compared: earlier.map(|figures| Compared {
            period: Period::day(day("2026-10-01")),
            known: Known::default(),
            pieces: vec![Some(Period::day(day("2026-10-01"))), None],
            figures,
        }),
        lacking: None,
        why: None,
        to_total: ToTotal::Told(Vec::new()),
        disagreeing: Vec::new(),
        again: None,
        wanted,
    }
}

fn money() -> Found {
    let nanos = |amounts: [i64; 2]| amounts.map(Nanos);
    let now = Table {
        unit: Currency::USD,
        groups: vec![
            group(
                &["111111111111"],
                1,
                &nanos([5_000_000_000, 4_000_000_000]),
                Nanos(9_000_000_000),
            ),
            group(&["222222222222"], 1, &nanos([1, 1]), Nanos(2)),
            group(&[], 7, &nanos([1_000_000_000, 0]), Nanos(1_000_000_000)),
        ],
        values: nanos([6_000_000_001, 4_000_000_001]).to_vec(),
        total: Nanos(10_000_000_002),
    };
    let before = Table {
        unit: Currency::USD,
        groups: vec![
            group(&["111111111111"], 1, &[], Nanos(6_000_000_000)),
            group(&["222222222222"], 1, &[], Nanos(0)),
            group(&[], 7, &[], Nanos(-2_000_000_000)),
        ],
        values: nanos([4_000_000_000, 0]).to_vec(),
        total: Nanos(4_000_000_000),
    };
    found(
        Figures::Money(vec![now]),
        Some(Figures::Money(vec![before])),
    )
}

fn names() -> Names {
    Names::from([("111111111111".to_owned(), "Production".to_owned())])
}

#[test]
fn a_sheet_says_what_the_report_says() {
    let sheets = Sheet::all(&money(), &names());
    let [sheet] = &sheets[..] else {
        panic!("one currency, one sheet");
    };
    let told: Vec<_> = sheet
        .lines
        .iter()
        .chain([&sheet.sum])
        .map(|line| {
            let change = line.change().unwrap().signed();
            (line.name(), line.total.text(), change, line.per_mille())
        })
        .collect();
    let line = |name: &str, total: &str, change: &str, per_mille| {
        (
            name.to_owned(),
            total.to_owned(),
            change.to_owned(),
            per_mille,
        )
    };
    assert_eq!(
        told,
        [
            line("Production", "$9.00", "+$3.00", Some(500)),
            line("222222222222", "$0.000000002", "+$0.000000002", None),
            line("7 others", "$1.00", "+$3.00", None),
            line("Total", "$10.00", "+$6.00", Some(1_500)),
        ]
    );
    assert_eq!(sheet.lines[0].values[1].exact(), "4");
    let beside: Vec<_> = (sheet.beside.iter())
        .map(|one| one.map(|(period, amount)| format!("{period}: {}", amount.text())))
        .collect();
    assert_eq!(beside, [Some("1 Oct 2026: $4.00".to_owned()), None]);
}

#[test]
fn the_rest_stays_last_and_what_is_pinned_first() {
    let mut sheet = Sheet::all(&money(), &names()).remove(0);
    let mut order = |sort: &str, pinned: &[&str]| {
        let pinned: Vec<String> = pinned.iter().map(|one| (*one).to_owned()).collect();
        sheet.arrange(sort.parse().unwrap(), &pinned);
        let first = |line: &Line| line.name().chars().take(1).collect::<String>();
        sheet.lines.iter().map(first).collect::<String>()
    };
    assert_eq!(order("total", &[]), "2P7");
    assert_eq!(order("-total", &[]), "P27");
    assert_eq!(order("name", &[]), "2P7");
    assert_eq!(order("-name", &[]), "P27");
    assert_eq!(order("-change", &["222222222222"]), "2P7");
    assert_eq!(order("-percent", &[]), "P27");
    assert_eq!(order("before", &[]), "2P7");
}

#[test]
fn an_order_is_turned_by_asking_again() {
    let sort = Sort::default().turned_to(By::Total);
    assert_eq!(sort.to_string(), "-total");
    assert_eq!(sort.turned_to(By::Total).to_string(), "total");
    assert_eq!(sort.turned_to(By::Name).to_string(), "name");
    for text in ["name", "-name", "before", "-change", "percent"] {
        assert_eq!(text.parse::<Sort>().unwrap().to_string(), text);
    }
    assert!("size".parse::<Sort>().is_err());
    assert_eq!(Sort::default().to_string(), "");
}

#[test]
fn usage_is_a_measure_in_its_unit() {
    let table = Table {
        unit: "Hrs".to_owned(),
        groups: vec![group(&["111111111111"], 1, &[1_234.6, 0.25], 1_234.85)],
        values: vec![1_234.6, 0.25],
        total: 1_234.85,
    };
    let sheet = Sheet::all(&found(Figures::Usage(vec![table]), None), &names()).remove(0);
    assert_eq!((sheet.unit.as_str(), sheet.currency), ("Hrs", None));
    let values = &sheet.lines[0].values;
    assert_eq!(
        (values[0].text(), values[1].text()),
        ("1,235".to_owned(), "0.25".to_owned())
    );
    assert_eq!(values[0].exact(), "1234.6");
    assert_eq!(sheet.lines[0].change(), None);
    assert_eq!(Amount::Usage(-1_234_567.0).text(), "\u{2212}1,234,567");
    assert_eq!(Amount::Usage(2.5).signed(), "+2.5");
    assert_eq!(Amount::Usage(0.0).text(), "0");
}
