//! How what the Explorer shows comes together from usage, against the simulator's books; and the
//! days on which AWS's answers don't agree.

use std::collections::BTreeMap;

use domain::{
    breakdown::Found,
    grouped::Figures,
    metric::Metric,
    money::Nanos,
    reconciliation::{Apart, Closed, NotTold, ToTotal},
};
use simulator::books::{self, Line};

use crate::{
    breakdown::{begun, found},
    support::{database, day, oracle::rounded, stage::Stage},
};

/// What each kind of charge came to, as rows of service × kind of charge × day are rounded,
/// each once.
fn kinds(stage: &Stage, found: &Found, counts: impl Fn(&Line) -> bool) -> BTreeMap<String, i64> {
    let (books, today) = (stage.simulator.books(), stage.simulator.today());
    let metric = books::Metric::parse(found.wanted.counted().aws_name()).expect("AWS's name");
    let mut kinds = BTreeMap::new();
    for date in found.wanted.period.days().filter(|date| *date <= today) {
        let mut rows: BTreeMap<_, i128> = BTreeMap::new();
        for (line, amount) in books.charges(date, today, metric) {
            if counts(line) {
                *rows.entry((line.service, line.record_type)).or_default() += i128::from(amount);
            }
        }
        for ((_, kind), exact) in rows {
            *kinds.entry(kind.to_owned()).or_default() += rounded(exact);
        }
    }
    kinds.retain(|_, amount| *amount != 0);
    kinds
}

fn closed(found: &Found) -> &Closed {
    let ToTotal::Told(ways) = &found.to_total else {
        panic!("it isn't told: {:?}", found.to_total);
    };
    let [closed] = &ways[..] else {
        panic!("one currency, not {}", ways.len());
    };
    let Figures::Money(tables) = &found.report.figures else {
        panic!("it is money");
    };
    assert_eq!(closed.shown, tables[0].total);
    let left = closed.gap.map_or(Nanos::ZERO, |gap| gap.amount);
    assert_eq!(
        closed.way.total.checked_add(left),
        Ok(closed.shown),
        "the last line is the total that is shown"
    );
    closed
}

fn shown(closed: &Closed) -> BTreeMap<String, i64> {
    let kinds = closed.way.steps.iter().flat_map(|step| &step.kinds);
    kinds
        .map(|kind| (kind.record_type.clone(), kind.amount.0))
        .filter(|(_, amount)| *amount != 0)
        .collect()
}

fn why(closed: &Closed) -> Option<Apart> {
    closed.gap.map(|gap| gap.why)
}

const LEFT_OUT: [&str; 3] = ["Credit", "Refund", "Tax"];

#[tokio::test(flavor = "multi_thread")]
async fn every_total_comes_together_from_the_kinds_of_charges_in_the_books() {
    let (stage, browser, id) = begun().await;
    for metric in Metric::COSTS {
        for (period, view) in [
            ("this-month", "console"),
            ("last-month", "used"),
            ("3-months", "paid"),
        ] {
            let wish = [
                ("metric", metric.slug()),
                ("period", period),
                ("view", view),
            ];
            let answer = found(&browser, &id, &wish).await;
            let closed = closed(&answer);
            assert_eq!(closed.way.metric, answer.wanted.counted());
            let counts = |line: &Line| view != "used" || !LEFT_OUT.contains(&line.record_type);
            let books = kinds(&stage, &answer, counts);
            assert!(books.len() > 3, "too few kinds to prove anything");
            assert_eq!(shown(closed), books, "{metric}, {wish:?}");
            assert!(matches!(why(closed), None | Some(Apart::Rounding)));
            assert_eq!(answer.disagreeing, []);
        }
    }
    // By a filter that kinds of charges are told apart under, too.
    let compute = "Amazon Elastic Compute Cloud - Compute";
    let wish = [
        ("only", "SERVICE"),
        ("values", compute),
        ("period", "last-month"),
        ("by", "LINKED_ACCOUNT"),
    ];
    let answer = found(&browser, &id, &wish).await;
    let books = kinds(&stage, &answer, |line| line.service == compute);
    assert!(!books.is_empty());
    assert_eq!(shown(closed(&answer)), books);

    for (wish, why) in [
        (
            [("only", "REGION"), ("values", "eu-west-1")],
            NotTold::Filter,
        ),
        (
            [("metric", "usage-quantity"), ("period", "last-month")],
            NotTold::Usage,
        ),
    ] {
        let answer = found(&browser, &id, &wish).await;
        assert_eq!(answer.to_total, ToTotal::NotTold(why));
    }
    let page = browser.get("/costs?period=last-month").await.body;
    assert!(page.contains("From usage to the total, 1–31 Oct 2026"));
    let page = browser
        .get("/costs?only=REGION&values=eu-west-1")
        .await
        .body;
    assert!(page.contains("aren’t told apart under this filter"));
    assert!(
        stage.simulator.requests().is_empty(),
        "looking never asks AWS"
    );
}

/// The series of a kept cube.
fn series(cube: &str) -> String {
    format!(
        "SELECT s.id FROM cube_series s JOIN cubes c ON c.id = s.cube_id WHERE c.name = '{cube}'"
    )
}

/// As the big tables count days.
fn number(date: &str) -> i64 {
    (day(date) - day("1970-01-01")).num_days()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lies_between_two_answers_is_said() {
    let (stage, browser, id) = begun().await;
    let wish = |from, to| {
        [
            ("period", "days"),
            ("from", from),
            ("to", to),
            ("by", "nothing"),
        ]
    };
    // A day whose kinds of charges aren't stored.
    let (cube, missing) = ("service_record_type", number("2026-11-05"));
    for sql in [
        format!(
            "DELETE FROM daily_costs WHERE day = {missing} AND series_id IN ({})",
            series(cube)
        ),
        format!(
            "DELETE FROM cube_days WHERE day = {missing} AND cube_id IN \
             (SELECT id FROM cubes WHERE name = '{cube}')"
        ),
    ] {
        database::run(&stage.database(), &sql).await;
    }
    let answer = found(&browser, &id, &wish("2026-11-04", "2026-11-06")).await;
    let way = closed(&answer);
    assert_eq!(why(way), Some(Apart::Days));
    let alone = found(&browser, &id, &wish("2026-11-05", "2026-11-05")).await;
    assert_eq!(alone.to_total, ToTotal::NotTold(NotTold::NothingStored));
    let Figures::Money(tables) = &alone.report.figures else {
        panic!("it is money");
    };
    let left = way.gap.expect("a gap").amount;
    assert!(left.0.abs_diff(tables[0].total.0) < 30_000, "{left:?}");

    // A day of which the main answer says a dollar more than the others.
    let apart = number("2026-11-13");
    let first = format!(
        "SELECT MIN(a.series_id) FROM daily_costs a WHERE a.day = {apart} AND a.series_id IN \
         ({} AND s.level = 0)",
        series("service_account")
    );
    let sql = format!(
        "UPDATE daily_costs SET unblended = unblended + 1000000000 \
         WHERE day = {apart} AND series_id = ({first})"
    );
    database::run(&stage.database(), &sql).await;
    let period = wish("2026-11-12", "2026-11-14");
    let answer = found(&browser, &id, &period).await;
    assert_eq!(answer.disagreeing, [day("2026-11-13")]);
    let way = closed(&answer);
    assert_eq!(why(way), Some(Apart::Answers));
    let left = way.gap.expect("a gap").amount;
    assert!(left.0.abs_diff(1_000_000_000) < 30_000, "{left:?}");
    let address = "/costs?period=days&from=2026-11-12&to=2026-11-14&by=nothing";
    let page = browser.get(address).await.body;
    assert!(page.contains("AWS’s answers don’t agree yet"));
    assert!(page.contains("adding to 13 Nov."));
    assert!(page.contains("answer by service and account;"));
    assert!(page.contains("Answers that don’t agree yet"));
    // Other days, and another metric, are as they were.
    let before = found(&browser, &id, &wish("2026-11-10", "2026-11-12")).await;
    assert_eq!(before.disagreeing, []);
    let metric = [&period[..], &[("metric", "amortized")]].concat();
    assert_eq!(found(&browser, &id, &metric).await.disagreeing, []);
}
