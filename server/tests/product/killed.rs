//! Killed at any moment and started again, the server goes on, the sums are right,
//! and nothing that has been stored is paid for twice.

use std::{collections::BTreeSet, time::Duration};

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

/// How often it is killed.
const KILLS: usize = 50;
/// Pages so small that each question has a few: a first sync outlives all kills.
const PAGES: usize = 1_500;

/// Where each stored day of each cube has a line.
const STORED_DAYS: &str = "cube_days";

/// When to kill, in Cost Explorer requests of this process.
#[derive(Debug)]
enum Moment {
    /// So long after the process has begun to answer.
    After(Duration),
    /// As soon as the n-th has reached AWS, before it is answered.
    InFlight(usize),
    /// As soon as the n-th has been answered: its rows may be on their way into the store.
    Answered(usize),
}

impl Moment {
    fn has_come(&self, requests: &[LoggedRequest]) -> bool {
        match self {
            Self::After(_) => true,
            Self::InFlight(count) => requests.len() >= *count,
            Self::Answered(count) => requests
                .get(count - 1)
                .is_some_and(|request| request.status.is_some()),
        }
    }
}

/// The same moments in every run: a small generator of its own (Lehmer's).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0 * 48_271 % 2_147_483_647;
        self.0 % limit
    }

    fn moment(&mut self) -> Moment {
        match self.below(3) {
            0 => Moment::After(Duration::from_micros(self.below(900_000))),
            1 => Moment::InFlight(usize::try_from(self.below(3)).unwrap() + 1),
            _ => Moment::Answered(usize::try_from(self.below(4)).unwrap() + 1),
        }
    }
}

/// What a request asks: its grouping's second key, and from when until when.
fn question(request: &LoggedRequest) -> Option<String> {
    let body = request.body.as_ref()?;
    let key = body["GroupBy"][1]["Key"].as_str()?.to_lowercase();
    let period = &body["TimePeriod"];
    let day = |name: &str| period[name].as_str().unwrap_or_default().to_owned();
    Some(format!("{key} {} {}", day("Start"), day("End")))
}

/// The questions whose answers are stored, written like those of requests.
async fn answered(stage: &Stage) -> BTreeSet<String> {
    let sql = "SELECT part || ' ' || CAST(first_day AS TEXT) || ' ' || CAST(end_day AS TEXT) \
               FROM job_steps WHERE state = 'done' AND part LIKE 'service_%'";
    let texts = database::texts(&stage.database(), sql).await;
    let name = |text: String| text.replacen("service_account", "linked_account", 1);
    let texts = texts.into_iter().map(name);
    texts
        .map(|text| text.trim_start_matches("service_").to_owned())
        .collect()
}

async fn kill_and_check(stage: &mut Stage) {
    let mut browser = stage.administrator().await;
    // Longer than the 200 ms between two requests: one is always on its way.
    stage.fault(json!({"service": "ce", "latency_ms": 220}));
    let id = connect(&browser, "Killed", &keys::GOOD).await;

    let mut all = 0;
    let mut stored = BTreeSet::new();
    let mut chance = Chance(20_261_124);
    for number in 0..KILLS {
        let moment = chance.moment();
        if let Moment::After(pause) = &moment {
            tokio::time::sleep(*pause).await;
        }
        eventually("the moment to kill", || {
            let come = moment.has_come(&stage.cost_requests());
            async move { come.then_some(()) }
        })
        .await;
        stage.server.kill();
        // The killed process's last request may still be on its way in the simulator.
        all += stage.cost_requests().len();
        check_questions(stage, &stored);
        let now = answered(stage).await;
        assert!(now.is_superset(&stored), "what was stored is gone");
        assert!(
            number == 0 || now.len() < 20,
            "done before kill {number}, {moment:?}: too soon to show anything"
        );
        stored = now;
        check_days(stage, &stored).await;
        stage.simulator.clear_requests();
        stage.start_again().await;
        browser.url.clone_from(&stage.server.url);
    }
    stage.simulator.clear_faults();
    let sync = synced(&browser, &id).await;
    assert!(sync.error.is_none(), "{:?}", sync.error);
    assert_eq!((sync.days_done, sync.days_total), (4 * 420, 4 * 420));
    all += stage.cost_requests().len();
    check_questions(stage, &stored);
    check_days(stage, &answered(stage).await).await;
    check_sums(stage, &browser, &id).await;
    check_ledger(stage, all).await;
}

/// Nothing that was stored before this process is asked for by it.
fn check_questions(stage: &Stage, stored: &BTreeSet<String>) {
    for asked in stage.cost_requests().iter().filter_map(question) {
        assert!(!stored.contains(&asked), "{asked} is paid for twice");
    }
}

/// The days that are stored are those of the answered questions, neither more nor fewer.
async fn check_days(stage: &Stage, answered: &BTreeSet<String>) {
    let length = |text: &String| {
        let mut words = text.split(' ').skip(1).map(day);
        let (first, end) = (words.next().unwrap(), words.next().unwrap());
        (end - first).num_days()
    };
    let expected: i64 = answered.iter().map(length).sum();
    let found = database::count(&stage.database(), STORED_DAYS).await;
    assert_eq!(found, expected);
}

async fn check_sums(stage: &Stage, browser: &Browser, id: &str) {
    let books = stage.simulator.books();
    let chart = days("2026-06-01", "2026-11-25");
    for metric in [Metric::Unblended, Metric::NetAmortized] {
        let oracle = Oracle::new(&books, day("2026-11-24"), chart.clone(), metric);
        oracle.check_chart(&overview(browser, id, metric).await);
    }
}

/// A line is written before a request departs: a kill in between leaves a line
/// too many, never one too few.
async fn check_ledger(stage: &Stage, requests: usize) {
    let url = stage.database();
    let lines = "ledger WHERE operation LIKE 'ce:%'";
    let lines = usize::try_from(database::count(&url, lines).await).unwrap();
    assert!(lines >= requests, "{lines} lines for {requests} requests");
    assert!(
        lines <= requests + KILLS,
        "{lines} lines for {requests} requests"
    );
    // Those that nobody waited for any more stay open, and are few.
    let open =
        usize::try_from(database::count(&url, "ledger WHERE outcome IS NULL").await).unwrap();
    assert!(open <= KILLS, "{open} open lines");
    // One job, whatever happened to it.
    assert_eq!(database::count(&url, "jobs").await, 1);
    assert_eq!(database::count(&url, "jobs WHERE state = 'done'").await, 1);
}

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
    let days = database::count(&stage.database(), STORED_DAYS).await;
    assert_eq!(days, 4 * 420);
    // Who was signed in still is.
    let list: Vec<Connection> = browser.ask("/api/connections/list", &[]).await;
    assert_eq!(list.len(), 1);
}
