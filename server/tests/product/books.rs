//! The figures are right: what the Overview shows equals the books that AWS's
//! answers come from, on ordinary days and on odd ones.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use chrono::NaiveDate;
use domain::{
    account::SyncState,
    charge::View,
    look::Look,
    metric::Metric,
    report::{DayState, Figure, NotCompared, SameDays},
};
use simulator::{
    books::{self, Books},
    keys,
};

use crate::support::{
    browser::Browser,
    day, eventually,
    oracle::{Oracle, days, rounded},
    stage::{Setup, Stage, connect, overview, seen, synced},
};

/// A day, and the periods that follow from it, as a person would count them.
struct Day {
    today: &'static str,
    month: Range<NaiveDate>,
    /// The days of this month and of the last that are compared, if any are.
    compared: Option<[Range<NaiveDate>; 2]>,
    last_month: Range<NaiveDate>,
    /// Six months, this one included.
    chart: Range<NaiveDate>,
}

fn plain_day() -> Day {
    Day {
        today: "2026-11-24",
        month: days("2026-11-01", "2026-11-25"),
        compared: Some([
            days("2026-11-01", "2026-11-23"),
            days("2026-10-01", "2026-10-23"),
        ]),
        last_month: days("2026-10-01", "2026-11-01"),
        chart: days("2026-06-01", "2026-11-25"),
    }
}

/// Compares everything that the Overview says with the books.
async fn check(browser: &Browser, connection: &str, books: &Books, when: &Day, metric: Metric) {
    check_look(browser, connection, books, when, Look::by(metric)).await;
}

async fn check_look(browser: &Browser, connection: &str, books: &Books, when: &Day, look: Look) {
    let oracle = Oracle::seen(books, day(when.today), when.chart.clone(), look);
    let shown = seen(browser, connection, look).await;
    assert_eq!((shown.today, shown.look), (day(when.today), look));
    assert_eq!(shown.disagreements, []);
    let costs = &shown.costs;
    let same = |figure: &Figure, days: &Range<NaiveDate>| {
        let period = figure.period.start()..figure.period.end();
        assert_eq!(&period, days);
        assert_eq!(figure.days_missing, 0);
        let total = figure.total.expect("a figure");
        assert_eq!(
            total.amount.0,
            oracle.total(days.clone()),
            "{look:?} of {days:?}"
        );
        assert_eq!(total.currency.code(), "USD");
    };
    same(&costs.month_to_date, &when.month);
    same(&costs.last_month, &when.last_month);
    match (&when.compared, &costs.same_days) {
        (Some([now, before]), Ok(same_days)) => {
            same(&same_days.now, now);
            same(&same_days.before, before);
            let change = oracle.total(now.clone()) - oracle.total(before.clone());
            assert_eq!(same_days.change.amount.amount.0, change);
            check_moved(&oracle, now, before, same_days);
        }
        (None, Err(why)) => assert_eq!(*why, NotCompared::NoneFinished),
        (_, other) => panic!("{other:?}"),
    }
    assert_eq!(costs.months.len(), 13);
    let of_chart = costs.months.iter().rev().take(6);
    for one in of_chart {
        let month = one.month.start()..one.month.end();
        assert_eq!(
            one.total.0,
            oracle.total(month),
            "{look:?} of {}",
            one.month
        );
    }
    oracle.check_chart(&shown);
    let chart = &shown.costs.chart;
    let state = |back: u64| {
        let date = day(when.today) - chrono::Days::new(back);
        chart
            .days
            .iter()
            .find(|one| one.date == date)
            .map(|one| one.state)
    };
    assert_eq!(
        (state(0), state(1)),
        (Some(DayState::Unfinished), Some(DayState::Unfinished))
    );
    assert_ne!(state(2), Some(DayState::Unfinished));
    assert_eq!(chart.days[0].state, DayState::Final);
}

/// The three services that changed most, and all others.
fn check_moved(
    oracle: &Oracle,
    now: &Range<NaiveDate>,
    before: &Range<NaiveDate>,
    same_days: &SameDays,
) {
    let (now, before) = (oracle.by_service(now), oracle.by_service(before));
    let mut difference: Vec<u64> = (now.iter())
        .map(|(service, cost)| cost.abs_diff(before[service]))
        .collect();
    difference.sort_unstable_by_key(|size| std::cmp::Reverse(*size));
    assert_eq!(same_days.moved.len(), 3);
    for (one, size) in same_days.moved.iter().zip(difference) {
        let name = one.name.as_str();
        assert_eq!(
            (one.before.0, one.now.0),
            (before[name], now[name]),
            "{name}"
        );
        assert_eq!(one.now.0.abs_diff(one.before.0), size, "{name}");
    }
    let all = || same_days.moved.iter().chain(&same_days.others);
    assert_eq!(
        all().map(|one| one.now.0).sum::<i64>(),
        now.values().sum::<i64>()
    );
    assert_eq!(
        all().map(|one| one.before.0).sum::<i64>(),
        before.values().sum::<i64>()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn all_five_costs_equal_the_books_and_looking_asks_nothing() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Company", &keys::GOOD).await;
    let sync = synced(&browser, &id).await;
    assert_eq!((sync.days_done, sync.days_total), (4 * 420, 4 * 420));
    assert_eq!(sync.parts.len(), 4);
    // The probe isn't part of the sync.
    assert_eq!(
        usize::try_from(sync.requests).unwrap(),
        stage.cost_requests().len() - 1
    );
    assert_eq!(
        sync.price.unwrap().amount.0,
        i64::from(sync.requests) * 10_000_000
    );

    stage.simulator.clear_requests();
    let books = stage.simulator.books();
    for metric in Metric::COSTS {
        for view in View::ALL {
            let look = Look { metric, view };
            check_look(&browser, &id, &books, &plain_day(), look).await;
        }
    }
    let shown = overview(&browser, &id, Metric::Unblended).await;
    let all = day("2025-11-01")..day("2026-11-25");
    let oracle = Oracle::new(&books, day("2026-11-24"), all, Metric::Unblended);
    for one in &shown.costs.months {
        let month = one.month.start()..one.month.end();
        assert_eq!(one.total.0, oracle.total(month), "{}", one.month);
    }
    let credits = credits(&books, &plain_day());
    assert!(credits < 0, "no credits prove nothing");
    assert_eq!(shown.credits.map(|credits| credits.amount.0), Some(credits));
    for path in [
        "/",
        "/?metric=amortized",
        "/?view=used",
        &format!("/?connection={id}&metric=net-unblended"),
        "/connections",
        &format!("/connections/{id}"),
        "/account",
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        if path == "/" {
            // To the cent, on the page itself.
            for figure in [&shown.costs.month_to_date, &shown.costs.last_month] {
                let text = figure.total.unwrap().display();
                assert!(page.body.contains(&text), "{text}");
            }
        }
    }
    for metric in [Metric::UsageQuantity, Metric::NormalizedUsage] {
        let fields = [("connection", &*id), ("metric", metric.slug())];
        let error = browser.call("/api/costs/overview", &fields).await.error();
        assert_eq!(error.field.as_deref(), Some("metric"));
    }
    assert!(
        stage.simulator.requests().is_empty(),
        "looking never asks AWS"
    );
}

/// What credits took off this month, by service and day.
fn credits(books: &Books, when: &Day) -> i64 {
    let mut rows: BTreeMap<_, i128> = BTreeMap::new();
    let days = when.month.start.iter_days();
    for date in days.take_while(|date| *date < when.month.end) {
        for (line, amount) in books.charges(date, day(when.today), books::Metric::UnblendedCost) {
            if line.record_type == "Credit" {
                *rows.entry((date, line.service)).or_default() += i128::from(amount);
            }
        }
    }
    rows.into_values().map(rounded).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_days_of_the_calendar_are_counted_right() {
    for when in [
        Day {
            today: "2026-11-01",
            month: days("2026-11-01", "2026-11-02"),
            // Nothing of this month is finished.
            compared: None,
            last_month: days("2026-10-01", "2026-11-01"),
            chart: days("2026-06-01", "2026-11-02"),
        },
        // The month before is shorter: all of it is as many days as it has.
        Day {
            today: "2026-10-31",
            month: days("2026-10-01", "2026-11-01"),
            compared: Some([
                days("2026-10-01", "2026-10-30"),
                days("2026-09-01", "2026-09-30"),
            ]),
            last_month: days("2026-09-01", "2026-10-01"),
            chart: days("2026-05-01", "2026-11-01"),
        },
        Day {
            today: "2024-03-01",
            month: days("2024-03-01", "2024-03-02"),
            compared: None,
            last_month: days("2024-02-01", "2024-03-01"),
            chart: days("2023-10-01", "2024-03-02"),
        },
    ] {
        let stage = Stage::with(Setup {
            today: when.today,
            ..Setup::default()
        })
        .await;
        let browser = stage.administrator().await;
        let id = connect(&browser, "Company", &keys::GOOD).await;
        synced(&browser, &id).await;
        let books = stage.simulator.books();
        check(&browser, &id, &books, &when, Metric::Unblended).await;
        // 1 March 2024: the leap day is a day like any other.
        if when.today == "2024-03-01" {
            let leap_day = day("2024-02-29");
            let shown = overview(&browser, &id, Metric::Unblended).await;
            let shown = shown
                .costs
                .chart
                .days
                .iter()
                .find(|one| one.date == leap_day)
                .unwrap();
            assert!(shown.total.0 > 0);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_aws_restates_later_is_right_after_a_refresh() {
    let mut stage = Stage::new().await;
    let mut browser = stage.administrator().await;
    let id = connect(&browser, "Company", &keys::GOOD).await;
    synced(&browser, &id).await;
    let books = stage.simulator.books();
    let first = overview(&browser, &id, Metric::Unblended).await;

    // Two days later, and after the month's bill has been closed.
    for when in [
        Day {
            today: "2026-11-26",
            month: days("2026-11-01", "2026-11-27"),
            compared: Some([
                days("2026-11-01", "2026-11-25"),
                days("2026-10-01", "2026-10-25"),
            ]),
            chart: days("2026-06-01", "2026-11-27"),
            ..plain_day()
        },
        Day {
            today: "2026-12-05",
            month: days("2026-12-01", "2026-12-06"),
            compared: Some([
                days("2026-12-01", "2026-12-04"),
                days("2026-11-01", "2026-11-04"),
            ]),
            last_month: days("2026-11-01", "2026-12-01"),
            chart: days("2026-07-01", "2026-12-06"),
        },
    ] {
        stage.on(when.today).await;
        browser.url.clone_from(&stage.server.url);
        // Until asked, the new days are missing, not zero.
        let before = overview(&browser, &id, Metric::Unblended).await;
        assert!(before.costs.month_to_date.days_missing > 0);
        stage.simulator.clear_requests();
        browser
            .call("/api/costs/refresh", &[("connection", &*id)])
            .await
            .good();
        let sync = synced(&browser, &id).await;
        assert!(sync.error.is_none());
        // Only what may have changed was paid for: once for each cube, and the forecast.
        assert_eq!(stage.cost_requests().len(), 5);
        for metric in [Metric::Unblended, Metric::NetAmortized] {
            check(&browser, &id, &books, &when, metric).await;
        }
    }
    // It was a restatement: the same day, another sum.
    let restated = overview(&browser, &id, Metric::Unblended).await;
    let on = |shown: &domain::report::Overview| {
        let date = day("2026-11-23");
        shown
            .costs
            .chart
            .days
            .iter()
            .find(|one| one.date == date)
            .map(|one| one.total)
    };
    assert_ne!(on(&restated), on(&first));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_shows_how_far_it_has_come_and_its_pages_are_one_answer() {
    let stage = Stage::with(Setup {
        page_size: 3_000,
        ..Setup::default()
    })
    .await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Company", &keys::GOOD).await;
    let steps = RefCell::new(BTreeSet::new());
    let sync = eventually("the sync ends", || async {
        let fields = [("connection", &*id)];
        let state: SyncState = browser.ask("/api/costs/progress", &fields).await;
        steps
            .borrow_mut()
            .insert((state.days_done, state.days_total));
        (!state.running).then_some(state)
    })
    .await;
    // From nothing to everything, with more than one step between.
    let steps = steps.into_inner();
    assert!(steps.len() >= 4, "{steps:?}");
    assert!(
        steps
            .iter()
            .all(|(done, total)| done <= total && [0, 4 * 420].contains(total))
    );
    assert!(sync.requests > 10, "{}", sync.requests);
    let books = stage.simulator.books();
    check(&browser, &id, &books, &plain_day(), Metric::Amortized).await;
}
