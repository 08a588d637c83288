//! What isn't stored isn't free of cost: nothing is compared with it, and months that are older
//! than the days are what AWS said of them.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    breakdown::{Found, Reasons},
    grouped::Figures,
    period::Period,
};
use simulator::{
    books::{Books, Line, Metric},
    keys,
};

use crate::{
    breakdown::{begun, found},
    support::{
        database, day,
        oracle::rounded,
        stage::{Stage, TODAY, connect, synced},
    },
};

fn values(found: &Found) -> Vec<i64> {
    let Figures::Money(tables) = &found.report.figures else {
        panic!("it is money");
    };
    match &tables[..] {
        [] => Vec::new(),
        [table] => table.values.iter().map(|value| value.0).collect(),
        _ => panic!("one currency"),
    }
}

/// What AWS says of a whole month: each service's total, each rounded once.
fn told(books: &Books, month: Period) -> i64 {
    let mut services: BTreeMap<&str, i128> = BTreeMap::new();
    let names: BTreeSet<&str> = books.lines().iter().map(|line| line.service).collect();
    for name in names {
        let is_it = |line: &Line| line.service == name;
        let days = month.start()..month.end();
        let total = books.total(days, day(TODAY), Metric::UnblendedCost, is_it);
        services.insert(name, total);
    }
    services.into_values().map(rounded).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_compared_with_days_that_are_not_stored() {
    let (stage, browser, id) = begun().await;
    // Days are stored from October 2025 on.
    let this_year = [("period", "this-year"), ("compare", "year")];
    let answer = found(&browser, &id, &this_year).await;
    assert!(answer.compared.is_none() && answer.why.is_none());
    let lacking = answer.lacking.expect("days are missing");
    assert_eq!(lacking.days(), "1 Jan – 30 Sep 2025");
    assert!(lacking.gone);
    let query = format!("connection={id}&period=this-year&compare=year");
    let page = browser.get(&format!("/costs?{query}")).await;
    assert!(
        page.body
            .contains("Not compared: 1 Jan – 30 Sep 2025 of 1 Jan – 24 Nov 2025"),
        "{}",
        page.body
    );
    assert!(!page.body.contains(">new<") && !page.body.contains("Why did it change?"));
    let path = format!("/costs/export.json?{query}");
    let file: serde_json::Value =
        serde_json::from_str(&browser.get(&path).await.good().body).unwrap();
    assert!(file["compared_with"].is_null());
    assert_eq!(file["missing_to_compare"][0]["end"], "2025-10-01");
    assert!(file["tables"][0]["total"]["difference"].is_null());

    // 5 October 2026, of usage types alone: the difference is known, the reasons aren't.
    let forget = "DELETE FROM cube_days WHERE day = 20731";
    let of_usage = "AND cube_id IN (SELECT id FROM cubes WHERE name = 'service_usage_type')";
    database::run(&stage.database(), &format!("{forget} {of_usage}")).await;
    let before = [("compare", "before")];
    let answer = found(&browser, &id, &before).await;
    assert!(answer.compared.is_some() && answer.lacking.is_none());
    let Some(Reasons::DaysMissing(lacking)) = answer.why else {
        panic!("{:?}", answer.why);
    };
    assert_eq!(lacking.days(), "5 Oct 2026");
    assert!(!lacking.gone);
    database::run(&stage.database(), forget).await;
    let answer = found(&browser, &id, &before).await;
    assert!(answer.compared.is_none() && answer.why.is_none());
    assert_eq!(answer.lacking.unwrap().days(), "5 Oct 2026");
    // The same the other way round, once it isn't among the last two days.
    let later = [
        ("period", "last-month"),
        ("compare", "days"),
        ("compare_from", "2026-09-01"),
        ("compare_to", "2026-09-30"),
    ];
    let lacking = found(&browser, &id, &later).await.lacking.unwrap();
    assert_eq!(lacking.period, Period::month_of(day("2026-10-01")));
    assert!(stage.simulator.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn months_older_than_the_days_are_what_aws_said_of_them() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Old", &keys::MULTI_YEAR).await;
    assert_eq!(synced(&browser, &id).await.error, None);
    stage.simulator.clear_requests();
    let books = stage.simulator.books_of(keys::MULTI_YEAR.account());
    let everything = [("period", "everything"), ("by", "nothing")];
    let answer = found(&browser, &id, &everything).await;
    assert_eq!(answer.wanted.period.start(), day("2023-10-01"));
    assert_eq!((answer.known.missing, answer.report.pieces.len()), (0, 38));
    let days_begin = Period::kept(day(TODAY)).start();
    let [(_, months)] = answer.report.months[..] else {
        panic!("{:?}", answer.report.months);
    };
    assert_eq!(
        (months.start(), months.end()),
        (day("2023-10-01"), days_begin)
    );
    let shown = values(&answer);
    for (month, value) in months.by_month().iter().zip(&shown) {
        assert_eq!(*value, told(&books, *month), "{month}");
    }
    assert!(shown.iter().all(|value| *value > 0));

    // By anything else there are only days.
    let by_region = [("period", "everything"), ("by", "REGION")];
    let answer = found(&browser, &id, &by_region).await;
    assert_eq!(answer.wanted.period.start(), days_begin);
    let half = |from, to| {
        vec![
            ("period", "days"),
            ("from", from),
            ("to", to),
            ("step", "total"),
        ]
    };
    let sum = |from: &str, end: &str| -> i64 {
        let months = Period::new(day(from), day(end)).unwrap().by_month();
        months.iter().map(|month| told(&books, *month)).sum()
    };
    let mut compared = half("2024-07-01", "2024-12-31");
    compared.push(("compare", "before"));
    let answer = found(&browser, &id, &compared).await;
    assert_eq!(values(&answer), [sum("2024-07-01", "2025-01-01")]);
    let Some(Figures::Money(before)) = answer.compared.map(|beside| beside.figures) else {
        panic!("months can be compared");
    };
    assert_eq!(before[0].total.0, sum("2024-01-01", "2024-07-01"));
    assert!(matches!(answer.why, Some(Reasons::DaysMissing(_))));

    // Days were never there: that isn't the same as no costs.
    let daily = [
        ("period", "days"),
        ("from", "2024-01-01"),
        ("to", "2024-01-31"),
        ("step", "daily"),
    ];
    let answer = found(&browser, &id, &daily).await;
    assert_eq!((answer.known.missing, answer.known.days), (31, 31));
    assert!(values(&answer).is_empty());
    let query = "period=days&from=2024-01-01&to=2024-01-31&step=daily";
    let page = browser
        .get(&format!("/costs?connection={id}&{query}"))
        .await;
    assert!(
        page.body.contains("These days aren’t loaded"),
        "{}",
        page.body
    );
    assert!(!page.body.contains("AWS has no costs for this"));
    assert!(stage.simulator.requests().is_empty());
}
