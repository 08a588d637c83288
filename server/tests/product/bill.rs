//! A month's bill against the simulator's books: every kind of charge is in exactly one
//! step, the views are what they say, and what was said earlier stays known.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{
    Code,
    bill::Bill,
    charge::{Step, View},
    expected::{Forecast, WhyOwn},
    look::Look,
    metric::Metric,
    money::Nanos,
    outlook::Source,
    period::Period,
};
use simulator::{
    books::{self, Books},
    keys,
};

use crate::support::{
    browser::Browser,
    day,
    oracle::rounded,
    stage::{Stage, connect, overview, seen as seen_overview, synced},
};

async fn bill(browser: &Browser, connection: &str, month: &str, metric: Metric) -> Bill {
    let fields = [
        ("connection", connection),
        ("month", month),
        ("metric", metric.slug()),
    ];
    browser.ask("/api/bills/of_month", &fields).await
}

async fn forecast(browser: &Browser, connection: &str, metric: Metric, view: View) -> Forecast {
    let fields = [
        ("connection", connection),
        ("metric", metric.slug()),
        ("view", view.slug()),
    ];
    browser.ask("/api/bills/forecast", &fields).await
}

/// What each kind of charge came to in a month, as rows of service × kind of charge × day
/// are rounded, each once.
fn kinds(books: &Books, today: NaiveDate, month: Period, metric: Metric) -> BTreeMap<String, i64> {
    let metric = books::Metric::parse(metric.aws_name()).expect("AWS's name");
    let mut kinds = BTreeMap::new();
    for date in month.days().filter(|date| *date <= today) {
        let mut rows: BTreeMap<_, i128> = BTreeMap::new();
        for (line, amount) in books.charges(date, today, metric) {
            *rows.entry((line.service, line.record_type)).or_default() += i128::from(amount);
        }
        for ((_, kind), exact) in rows {
            *kinds.entry(kind.to_owned()).or_default() += rounded(exact);
        }
    }
    kinds.retain(|_, amount| *amount != 0);
    kinds
}

fn shown(bill: &Bill) -> BTreeMap<String, i64> {
    let [way] = &bill.ways[..] else {
        panic!("one currency, not {}", bill.ways.len());
    };
    let kinds = way.steps.iter().flat_map(|step| {
        let here = step.kinds.iter();
        here.map(|kind| {
            assert_eq!(Step::of(&kind.record_type), step.step);
            (kind.record_type.clone(), kind.amount.0)
        })
    });
    kinds.filter(|(_, amount)| *amount != 0).collect()
}

/// The same but for rounding: rows of different cubes are rounded apart.
fn close(one: Nanos, other: Nanos) -> bool {
    one.0.abs_diff(other.0) < 10_000
}

fn total_in(bill: &Bill, view: View) -> Nanos {
    let totals = &bill.views[0].totals;
    let found = totals.iter().find(|(one, _)| *one == view);
    found.expect("every view has a total").1
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bill_is_the_books_kind_by_kind_in_every_metric() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Company", &keys::GOOD).await;
    synced(&browser, &id).await;
    stage.simulator.clear_requests();
    let books = stage.simulator.books();
    let today = stage.simulator.today();
    for month in ["2026-11", "2026-10", "2026-02", "2025-10"] {
        let period = Period::month_of(day(&format!("{month}-01")));
        for metric in Metric::COSTS {
            let bill = bill(&browser, &id, month, metric).await;
            assert_eq!(bill.month, period);
            let expected = kinds(&books, today, period, metric);
            assert!(
                expected.len() > 4,
                "{month} has too few kinds to prove anything"
            );
            assert_eq!(shown(&bill), expected, "{month} {metric}");
            let all = Nanos(expected.values().sum());
            assert_eq!(bill.ways[0].total, all);
            assert_eq!(total_in(&bill, View::Console), all);
            let used: i64 = expected
                .iter()
                .filter(|(kind, _)| !["Credit", "Refund", "Tax"].contains(&kind.as_str()))
                .map(|(_, amount)| amount)
                .sum();
            assert_eq!(total_in(&bill, View::Used), Nanos(used));
            let net = kinds(&books, today, period, View::Paid.metric(metric));
            assert_eq!(total_in(&bill, View::Paid), Nanos(net.values().sum()));
        }
    }
    // All months that are kept can be chosen, and the page says what it was asked for.
    let newest = bill(&browser, &id, "2026-11", Metric::Unblended).await;
    assert_eq!(newest.months.len(), 14);
    assert!(newest.known.missing == 0 && newest.known.unfinished == 2);
    assert!(newest.known.estimated);
    let shown = overview(&browser, &id, Metric::Unblended).await;
    let month_to_date = shown.costs.month_to_date.total.expect("a total").amount;
    assert!(
        newest.disagreements.is_empty(),
        "{:?}",
        newest.disagreements
    );
    assert!(close(newest.ways[0].total, month_to_date));
    let page = browser
        .get(&format!("/bill?connection={id}&month=2026-10"))
        .await;
    assert_eq!(page.status, 200);
    let october = bill(&browser, &id, "2026-10", Metric::Unblended).await;
    let total = domain::money::Money::new(october.ways[0].total, october.ways[0].currency);
    assert!(page.body.contains(&total.display()), "{}", total.display());
    assert!(
        stage.simulator.requests().is_empty(),
        "looking never asks AWS"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn months_that_are_none_are_refused_and_unknown_ones_are_empty() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    for page in ["/api/bills/page", "/api/bills/forecast_page"] {
        let page: Option<serde_json::Value> = browser.ask(page, &[("metric", "unblended")]).await;
        assert_eq!(page, None, "there is no connection yet");
    }
    let id = connect(&browser, "Company", &keys::GOOD).await;
    synced(&browser, &id).await;
    for month in ["2026-13", "x", "2026-11-01", "-1"] {
        let fields = [
            ("connection", &*id),
            ("month", month),
            ("metric", "unblended"),
        ];
        for path in ["/api/bills/of_month", "/api/bills/page"] {
            let error = browser.call(path, &fields).await.error();
            assert_eq!(
                (error.code, error.field.as_deref()),
                (Code::Invalid, Some("month"))
            );
        }
    }
    let fields = [
        ("connection", &*id),
        ("month", "2026-10"),
        ("metric", "usage-quantity"),
    ];
    let error = browser.call("/api/bills/of_month", &fields).await.error();
    assert_eq!(error.field.as_deref(), Some("metric"));
    for month in ["2019-01", "2031-01"] {
        let bill = bill(&browser, &id, month, Metric::Unblended).await;
        assert!(bill.ways.is_empty() && bill.said.is_empty(), "{month}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_month_was_said_to_be_stays_known() {
    let mut stage = Stage::new().await;
    let mut browser = stage.administrator().await;
    let id = connect(&browser, "Company", &keys::GOOD).await;
    synced(&browser, &id).await;
    let said_first = bill(&browser, &id, "2026-11", Metric::Unblended).await;
    assert_eq!(said_first.said.len(), 1);
    let mut totals = vec![said_first.said[0].total];
    for today in ["2026-12-01", "2026-12-05"] {
        stage.on(today).await;
        browser.url.clone_from(&stage.server.url);
        let fields = [("connection", &*id)];
        browser.call("/api/costs/refresh", &fields).await.good();
        synced(&browser, &id).await;
        let books = stage.simulator.books();
        let month = Period::month_of(day("2026-11-01"));
        let bill = bill(&browser, &id, "2026-11", Metric::Unblended).await;
        let expected = kinds(&books, day(today), month, Metric::Unblended);
        assert_eq!(shown(&bill), expected, "{today}");
        totals.push(bill.said.last().expect("today's line").total);
        let books_total = Nanos(expected.values().sum());
        assert!(close(
            bill.said.last().expect("today's line").total,
            books_total
        ));
        assert!(
            bill.said
                .windows(2)
                .all(|pair| { pair[1].change == pair[1].total.checked_sub(pair[0].total).ok() })
        );
    }
    totals.dedup();
    assert_eq!(
        totals.len(),
        3,
        "each of the three days said something else"
    );
    let closed = bill(&browser, &id, "2026-11", Metric::Unblended).await;
    assert!(
        !closed.restatements.is_empty(),
        "complete days were changed"
    );
    for one in &closed.restatements {
        assert!(one.before.asked_at < one.after.asked_at);
        assert_ne!(one.before.costs[0], one.after.costs[0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forecast_means_the_same_on_every_day_of_a_month() {
    let mut stage = Stage::new().await;
    let mut browser = stage.administrator().await;
    let id = connect(&browser, "Company", &keys::GOOD).await;
    synced(&browser, &id).await;
    for today in ["2026-11-24", "2026-11-30", "2026-12-01", "2026-12-15"] {
        if today != "2026-11-24" {
            stage.on(today).await;
            browser.url.clone_from(&stage.server.url);
            let fields = [("connection", &*id)];
            browser.call("/api/costs/refresh", &fields).await.good();
            synced(&browser, &id).await;
        }
        let month = Period::month_of(day(today));
        let seen = forecast(&browser, &id, Metric::Unblended, View::Console).await;
        let ahead = seen.ahead.expect("a forecast");
        let end = ahead.month_end;
        assert_eq!((end.month, end.source), (month, Source::Aws), "{today}");
        assert!(ahead.asked_at.is_some() && ahead.why_own.is_none());
        assert_eq!(
            ahead.days.len(),
            month.days().filter(|one| *one >= day(today)).count()
        );
        let rest = Nanos::sum(ahead.days.iter().map(|one| one.value.mean)).expect("a sum");
        assert_eq!(end.known.checked_add(rest), Ok(end.expected.mean));
        let books = stage.simulator.books();
        let known: i64 = kinds_before(&books, day(today), month);
        assert!(
            (end.known.0 - known).abs() < 1_000_000,
            "{today}: {} {known}",
            end.known.0
        );
        let left_out = |kind: &str| ["Credit", "Refund", "Tax"].contains(&kind);
        for (metric, view, why) in [
            (Metric::Amortized, View::Console, WhyOwn::OtherMetric),
            (Metric::Unblended, View::Paid, WhyOwn::OtherMetric),
            (Metric::Unblended, View::Used, WhyOwn::OtherCharges),
        ] {
            let own = forecast(&browser, &id, metric, view).await;
            assert!(own.scores.is_empty(), "{view}");
            let ahead = own.ahead.expect("a forecast");
            assert_eq!(ahead.why_own, Some(why), "{view}");
            assert_eq!(ahead.month_end.source, Source::Own);
            // What is known is what the view counts.
            let known: i64 = match Period::new(month.start(), day(today)) {
                Ok(before) => kinds(&books, day(today), before, view.metric(metric))
                    .iter()
                    .filter(|(kind, _)| view != View::Used || !left_out(kind))
                    .map(|(_, amount)| amount)
                    .sum(),
                Err(_) => 0,
            };
            assert!(close(ahead.month_end.known, Nanos(known)), "{today} {view}");
            // The Overview says the same.
            let shown = seen_overview(&browser, &id, Look { metric, view }).await;
            assert_eq!(shown.costs.ahead, Some(ahead), "{today} {view}");
        }
        let shown = overview(&browser, &id, Metric::Unblended).await;
        assert_eq!(shown.costs.ahead.map(|ahead| ahead.month_end), Some(end));
    }
    // November is over: its forecasts are compared with what it came to.
    let seen = forecast(&browser, &id, Metric::Unblended, View::Console).await;
    assert_eq!(seen.scores.len(), 1);
    let november = &seen.scores[0];
    let total = bill(&browser, &id, "2026-11", Metric::Unblended).await;
    assert!(close(november.actual, total.ways[0].total));
    assert!(
        november
            .scored
            .iter()
            .any(|one| one.forecast.source == Source::Aws)
    );
    assert!(
        november
            .scored
            .iter()
            .any(|one| one.forecast.source == Source::Own)
    );
    let page = browser.get(&format!("/forecast?connection={id}")).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("How forecasts did"));
}

/// To the nearest cents: rows are rounded in another cube here.
fn kinds_before(books: &Books, today: NaiveDate, month: Period) -> i64 {
    match Period::new(month.start(), today) {
        Ok(before) => kinds(books, today, before, Metric::Unblended)
            .values()
            .sum(),
        Err(_) => 0,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_young_account_gets_no_forecast_and_is_told_why() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "New", &keys::BRAND_NEW).await;
    let sync = synced(&browser, &id).await;
    assert!(sync.error.is_none(), "too little history is no failure");
    let seen = forecast(&browser, &id, Metric::Unblended, View::Console).await;
    assert!(seen.scores.is_empty() && seen.ahead.is_none_or(|ahead| ahead.asked_at.is_none()));
}
