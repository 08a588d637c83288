//! Getting costs as a job: exactly as many requests as AWS has pages, none for looking, and a
//! person who pauses, cancels, goes on, and chooses how often.

use std::collections::BTreeSet;

use domain::{
    account::Connection,
    cube::Cube,
    job::{Cadence, JobState, SyncState},
    period::Period,
};
use serde_json::json;
use simulator::{books, keys};

use crate::{
    inventory::scanned,
    support::{
        browser::Browser,
        database, day, eventually,
        stage::{Setup, Stage, connect, settled, synced},
    },
};

async fn state(browser: &Browser, id: &str) -> SyncState {
    browser
        .ask("/api/costs/progress", &[("connection", id)])
        .await
}

async fn act(browser: &Browser, what: &str, id: &str) -> SyncState {
    let path = format!("/api/jobs/{what}");
    browser.ask(&path, &[("connection", id)]).await
}

pub async fn until(browser: &Browser, id: &str, wanted: impl Fn(&SyncState) -> bool) -> SyncState {
    eventually("the job's state", || async {
        let state = state(browser, id).await;
        wanted(&state).then_some(state)
    })
    .await
}

/// Rows that AWS has for a cube's days: each pair of keys, and one line for a day without any.
fn rows(stage: &Stage, cube: Cube, period: Period) -> usize {
    let books = stage.simulator.books();
    let [_, second] = cube.dimensions();
    let second = books::Dimension::parse(second.aws_name()).unwrap();
    let pairs = |date| {
        let charges = books.charges(date, stage.simulator.today(), books::Metric::UnblendedCost);
        let pairs: BTreeSet<_> = charges
            .iter()
            .map(|(line, _)| (line.service, second.value(line)))
            .collect();
        pairs.len().max(1)
    };
    period.days().map(pairs).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_asks_as_often_as_aws_has_pages_and_looking_never_does() {
    const PAGE: usize = 3_000;
    let stage = Stage::with(Setup {
        page_size: PAGE,
        ..Setup::default()
    })
    .await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Company", &keys::GOOD).await;
    let sync = settled(&browser, &id).await;
    assert_eq!(sync.state, Some(JobState::Done));
    let questions = [
        ("2026-10-01", "2026-11-25"),
        ("2026-07-01", "2026-10-01"),
        ("2026-04-01", "2026-07-01"),
        ("2026-01-01", "2026-04-01"),
        ("2025-10-01", "2026-01-01"),
    ];
    let pages: usize = Cube::ALL
        .into_iter()
        .flat_map(|cube| questions.map(|question| (cube, question)))
        .map(|(cube, (start, end))| {
            let period = Period::new(day(start), day(end)).unwrap();
            rows(&stage, cube, period).div_ceil(PAGE)
        })
        .sum();
    assert!(pages > 20, "some questions have more than one page");
    // Besides the days: the months, which this account keeps no longer, and the forecast.
    let sync_requests = pages + 2;
    // One more proved the key.
    assert_eq!(stage.cost_requests().len(), sync_requests + 1);
    assert_eq!(usize::try_from(sync.requests).unwrap(), sync_requests);

    // Looked at once: later the server would begin that by itself.
    scanned(&browser, &id).await;
    stage.simulator.clear_requests();
    for _ in 0..100 {
        for path in [
            "/",
            "/?metric=net-amortized",
            "/bill",
            "/costs",
            "/costs?by=TAG:Team&then=REGION&period=everything",
            "/forecast",
            "/spending",
            &format!("/?connection={id}"),
            "/connections",
            &format!("/connections/{id}"),
            "/connect",
            "/account",
        ] {
            let page = browser.get(path).await;
            assert_eq!(page.status, 200, "{path}");
        }
    }
    let asked = stage.simulator.requests();
    assert!(asked.is_empty(), "looking asked AWS: {asked:?}");
}

/// Waits until nobody works on the paused job any more.
pub async fn let_go(database: &str) {
    eventually("the job is let go", || async {
        let paused = "jobs WHERE state = 'paused' AND owner IS NULL";
        (database::count(database, paused).await == 1).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_pauses_goes_on_cancels_and_tries_again() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    // Slow enough to do something about it.
    stage.fault(json!({"service": "ce", "latency_ms": 300}));
    let id = connect(&browser, "Company", &keys::GOOD).await;
    until(&browser, &id, |state| state.days_done > 0).await;

    let paused = act(&browser, "pause", &id).await;
    assert_eq!(
        (paused.state, paused.running),
        (Some(JobState::Paused), false)
    );
    // What was on its way is stored; then nothing more is asked.
    let_go(&stage.database()).await;
    let asked = stage.cost_requests().len();
    let counted = |state: &SyncState| usize::try_from(state.requests).unwrap() == asked - 1;
    let paused = until(&browser, &id, counted).await;
    assert!(paused.days_done > 0 && paused.days_done < paused.days_total);
    let page = browser.get(&format!("/connections/{id}")).await;
    assert!(page.body.contains("Paused") && page.body.contains("Go on"));
    // A refresh means: go on.
    let refreshed: SyncState = browser
        .ask("/api/costs/refresh", &[("connection", &*id)])
        .await;
    assert!(refreshed.running && refreshed.days_total == paused.days_total);
    act(&browser, "pause", &id).await;
    let resumed = act(&browser, "resume", &id).await;
    assert!(resumed.running);
    until(&browser, &id, |state| state.days_done > paused.days_done).await;

    let cancelled = act(&browser, "cancel", &id).await;
    assert_eq!(cancelled.state, Some(JobState::Cancelled));
    assert!(cancelled.days_done < cancelled.days_total);
    let page = browser.get(&format!("/connections/{id}")).await;
    assert!(page.body.contains("Try again"), "{}", page.body);
    stage.simulator.clear_faults();
    let again = act(&browser, "retry", &id).await;
    assert!(again.running && again.days_done >= cancelled.days_done);
    let done = synced(&browser, &id).await;
    assert_eq!((done.state, done.error), (Some(JobState::Done), None));
    assert_eq!((done.days_done, done.days_total), (4 * 420, 4 * 420));
    // Nothing was asked twice, but for what was cut off by cancelling.
    let questions = stage.cost_requests().len();
    assert!((23..=24).contains(&questions), "{questions}");
    // There is nothing to try again, to pause or to cancel: nothing happens, nothing is paid.
    for what in ["retry", "pause", "resume", "cancel"] {
        let now = act(&browser, what, &id).await;
        assert_eq!(now.state, Some(JobState::Done), "{what}");
    }
    assert_eq!(stage.cost_requests().len(), questions);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_one_goes_on_where_it_stopped() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let mut outcomes = vec!["ok"; 4];
    outcomes.extend(["empty"; 1]);
    stage.fault(json!({"service": "ce", "fail_next": outcomes}));
    let id = connect(&browser, "Company", &keys::GOOD).await;
    let failed = synced(&browser, &id).await;
    assert_eq!(failed.state, Some(JobState::Failed));
    assert!(failed.error.is_some() && failed.can_retry());
    assert_eq!(
        failed
            .parts
            .iter()
            .filter(|part| part.days_done > 0)
            .count(),
        3
    );
    let page = browser.get(&format!("/connections/{id}")).await;
    assert!(page.body.contains("Try again") && page.body.contains("are stored"));
    stage.simulator.clear_requests();
    // A refresh just afterwards is the same as trying again.
    browser
        .ask::<SyncState>("/api/costs/refresh", &[("connection", &*id)])
        .await;
    let done = synced(&browser, &id).await;
    assert_eq!((done.state, done.error), (Some(JobState::Done), None));
    assert_eq!(stage.cost_requests().len(), 19);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forecast_that_aws_has_none_of_is_asked_for_once_a_day() {
    let mut stage = Stage::new().await;
    let mut browser = stage.administrator().await;
    let id = connect(&browser, "Company", &keys::WITHOUT_FORECAST).await;
    let asked = |stage: &Stage| {
        let requests = stage.cost_requests();
        stage.simulator.clear_requests();
        let forecasts = requests.iter();
        forecasts
            .filter(|request| request.operation == "GetCostForecast")
            .count()
    };
    synced(&browser, &id).await;
    assert_eq!(asked(&stage), 1);
    let refresh = [("connection", &*id)];
    for _ in 0..2 {
        browser.call("/api/costs/refresh", &refresh).await.good();
        let done = synced(&browser, &id).await;
        assert_eq!((done.state, done.error), (Some(JobState::Done), None));
        assert_eq!(asked(&stage), 0);
    }
    stage.on("2026-11-25").await;
    browser.url.clone_from(&stage.server.url);
    browser.call("/api/costs/refresh", &refresh).await.good();
    synced(&browser, &id).await;
    assert_eq!(asked(&stage), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn how_often_is_chosen_with_its_price() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Company", &keys::GOOD).await;
    synced(&browser, &id).await;
    let page = browser.get(&format!("/connections/{id}")).await;
    for text in [
        "about $1.50 a month",
        "$1.80 to $2.70 a month",
        "$2.10 to $3.90 a month",
    ] {
        assert!(page.body.contains(text), "{text}");
    }
    for cadence in Cadence::ALL {
        let fields = [("connection", &*id), ("cadence", cadence.as_str())];
        browser.call("/api/jobs/set_cadence", &fields).await.good();
        let kept: Connection = browser
            .ask("/api/connections/get", &[("connection", &*id)])
            .await;
        assert_eq!(kept.sync.cadence, cadence);
    }
    let fields = [("connection", &*id), ("cadence", "hourly")];
    let error = browser.call("/api/jobs/set_cadence", &fields).await.error();
    assert_eq!(error.field.as_deref(), Some("cadence"));
    // The price of a refresh is there before it is pressed.
    let page = browser.get("/").await;
    assert!(
        page.body
            .contains("A refresh takes about 5 requests: $0.05.")
    );
}
