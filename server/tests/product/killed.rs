//! Killed at any point and started again, the server goes on, the sums are right,
//! and nothing that has come is paid for twice.

use chrono::{Days, NaiveDate};
use domain::{account::Connection, metric::Metric};
use serde_json::json;
use simulator::{LoggedRequest, keys};

use crate::{
    postgres_cluster,
    support::{
        browser::Browser,
        database, day, eventually,
        oracle::{Oracle, days},
        stage::{Setup, Stage, connect, overview, synced},
    },
};

/// When to kill, in Cost Explorer requests of this process.
enum Moment {
    /// As soon as the n-th has reached AWS, before it is answered.
    InFlight(usize),
    /// As soon as the n-th has been answered: its rows may be on their way into the store.
    Answered(usize),
}

impl Moment {
    fn has_come(&self, requests: &[LoggedRequest]) -> bool {
        match self {
            Self::InFlight(count) => requests.len() >= *count,
            Self::Answered(count) => requests
                .get(count - 1)
                .is_some_and(|request| request.status.is_some()),
        }
    }
}

/// The days that a request asks for; the probe's one day is its own.
fn asked(request: &LoggedRequest) -> std::ops::Range<NaiveDate> {
    let period = &request.body.as_ref().unwrap()["TimePeriod"];
    days(
        period["Start"].as_str().unwrap(),
        period["End"].as_str().unwrap(),
    )
}

async fn stored_days(stage: &Stage) -> Vec<NaiveDate> {
    let url = stage.database();
    let texts = database::texts(&url, "SELECT CAST(day AS TEXT) FROM slices ORDER BY day").await;
    texts.iter().map(|text| day(text)).collect()
}

async fn kill_and_check(stage: &mut Stage) {
    let mut browser = stage.administrator().await;
    // Longer than the 200 ms between two requests: one is always on its way.
    stage.fault(json!({"service": "ce", "latency_ms": 250}));
    let id = connect(&browser, "Killed", &keys::GOOD).await;

    let mut all = 0;
    let mut stored = Vec::new();
    let moments = [
        Moment::InFlight(2),
        Moment::Answered(3),
        Moment::InFlight(3),
        Moment::Answered(1),
        Moment::InFlight(1),
        Moment::Answered(2),
    ];
    for moment in &moments {
        eventually("the moment to kill", || {
            let come = moment.has_come(&stage.cost_requests());
            async move { come.then_some(()) }
        })
        .await;
        stage.server.kill();
        // The killed process's last request may still be on its way in the simulator.
        all += stage.cost_requests().len();
        check_questions(stage, &stored);
        stored = stored_days(stage).await;
        assert!(
            stored.windows(2).all(|pair| pair[0] < pair[1]),
            "a day is stored once"
        );
        assert!(stored.len() < 420, "killed too late to show anything");
        // A stored day is whole: none without its rows, and no rows without their day.
        let halves = "costs WHERE day NOT IN (SELECT day FROM slices)";
        assert_eq!(database::count(&stage.database(), halves).await, 0);
        let with_rows = "(SELECT DISTINCT day FROM costs) AS days";
        let with_rows = database::count(&stage.database(), with_rows).await;
        assert_eq!(usize::try_from(with_rows).unwrap(), stored.len());

        stage.simulator.clear_requests();
        stage.start_again().await;
        browser.url.clone_from(&stage.server.url);
    }
    let sync = synced(&browser, &id).await;
    assert!(sync.error.is_none(), "{:?}", sync.error);
    all += stage.cost_requests().len();
    check_questions(stage, &stored);

    let stored = stored_days(stage).await;
    assert_eq!(stored.len(), 420);
    let last = day("2026-11-24") - Days::new(419);
    assert_eq!((stored[0], stored[419]), (last, day("2026-11-24")));
    check_sums(stage, &browser, &id).await;
    check_ledger(stage, all, moments.len()).await;
}

/// Nothing that was stored before this process is asked for by it.
fn check_questions(stage: &Stage, stored: &[NaiveDate]) {
    for request in stage.cost_requests() {
        let asked = asked(&request);
        assert!(
            !stored.iter().any(|day| asked.contains(day)),
            "{asked:?} is paid for twice"
        );
    }
}

async fn check_sums(stage: &Stage, browser: &Browser, id: &str) {
    let books = stage.simulator.books();
    let chart = days("2026-06-01", "2026-11-25");
    for metric in [Metric::Unblended, Metric::NetAmortized] {
        let oracle = Oracle::new(&books, day("2026-11-24"), chart.clone(), metric);
        oracle.check_chart(&overview(browser, id, metric).await);
    }
    // And before the chart's months: all that is stored.
    let sum = "SELECT CAST(SUM(unblended) AS BIGINT) FROM costs";
    let sum = database::numbers(&stage.database(), sum).await;
    let everything = days("2025-10-01", "2026-11-25");
    let oracle = Oracle::new(
        &books,
        day("2026-11-24"),
        everything.clone(),
        Metric::Unblended,
    );
    assert_eq!(sum, [oracle.total(everything)]);
}

/// A line is written before a request departs: a kill in between leaves a line
/// too many, never one too few.
async fn check_ledger(stage: &Stage, requests: usize, kills: usize) {
    let url = stage.database();
    let lines = "ledger WHERE operation = 'ce:GetCostAndUsage'";
    let lines = usize::try_from(database::count(&url, lines).await).unwrap();
    assert!(lines >= requests, "{lines} lines for {requests} requests");
    assert!(
        lines <= requests + kills,
        "{lines} lines for {requests} requests"
    );
    // Those that nobody waited for any more stay open, and are few.
    let open =
        usize::try_from(database::count(&url, "ledger WHERE outcome IS NULL").await).unwrap();
    assert!(open <= kills, "{open} open lines");
    assert_eq!(
        database::count(&url, "syncs WHERE state = 'running'").await,
        0
    );
    assert_eq!(database::count(&url, "syncs WHERE state = 'done'").await, 1);
}

/// Pages so small that each question has a few.
const PAGES: usize = 4_000;

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite() {
    let mut stage = Stage::with(Setup {
        page_size: PAGES,
        ..Setup::default()
    })
    .await;
    kill_and_check(&mut stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres() {
    let database = Some(postgres_cluster::database());
    let mut stage = Stage::with(Setup {
        page_size: PAGES,
        database,
        ..Setup::default()
    })
    .await;
    kill_and_check(&mut stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_to_stop_it_stops_in_order_and_goes_on_later() {
    let mut stage = Stage::new().await;
    let mut browser = stage.administrator().await;
    stage.fault(json!({"service": "ce", "fail_next": ["ok", "ok", "hang"]}));
    let id = connect(&browser, "Stopped", &keys::GOOD).await;
    eventually("the sync hangs", || {
        let hangs = stage.cost_requests().len() == 3;
        async move { hangs.then_some(()) }
    })
    .await;
    assert!(stage.server.stop().await.success());
    assert!(
        !stage.server.logs().contains("ERROR"),
        "{}",
        stage.server.logs()
    );
    stage.start_again().await;
    browser.url.clone_from(&stage.server.url);
    synced(&browser, &id).await;
    assert_eq!(stored_days(&stage).await.len(), 420);
    // Who was signed in still is.
    let list: Vec<Connection> = browser.ask("/api/connections/list", &[]).await;
    assert_eq!(list.len(), 1);
}
