//! The gateway against the simulator, over real HTTP: every error that a person
//! can meet while connecting, exact sums, and a ledger that misses nothing.

mod aws_support;
#[path = "aws_support/pace.rs"]
mod pace;

use std::{
    collections::BTreeMap,
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use aws_support::{Stage, at, gateway, key, target};
use chrono::{NaiveDate, Utc};
use domain::{
    Code,
    cube::Cube,
    ledger::{Arrival, Departure},
    metric::Metric,
    money::Nanos,
    period::Period,
};
use pace::{assert_at_most_five_a_second, left_and_arrived};
use secrecy::SecretString;
use server::aws::{
    AwsError, AwsKey, Credentials, Gateway, Ledger, LedgerError, LineId, MemoryLedger, Priority,
    Settings, Target,
};
use simulator::{
    FaultRule, Named, Outcome,
    books::{self, Dimension, decimal},
    keys,
};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn november() -> Period {
    Period::new(day("2026-11-01"), day("2026-11-25")).expect("some days")
}

fn one_day() -> Period {
    Period::day(day("2026-11-10"))
}

async fn probe(gateway: &Gateway, target: &Target) -> Result<(), AwsError> {
    gateway
        .probe(target, day("2026-11-24"), Priority::Person)
        .await
}

async fn ask(stage: &Stage, period: Period) -> Result<server::aws::Answer, AwsError> {
    let target = stage.target(&keys::GOOD);
    stage
        .gateway
        .cost_and_usage(
            &target,
            &Cube::ServiceAccount.question(),
            period,
            Priority::Sync,
        )
        .await
}

fn next(outcomes: &[Named]) -> FaultRule {
    FaultRule {
        fail_next: outcomes.iter().copied().map(Outcome::Named).collect(),
        ..FaultRule::default()
    }
}

/// The ledger and the simulator's log tell the same story, request by request.
fn assert_ledger_is_the_log(stage: &Stage) {
    let (lines, requests) = (stage.ledger.lines(), stage.simulator.requests());
    assert_eq!(lines.len(), requests.len());
    for (line, request) in lines.iter().zip(&requests) {
        let action = line.departure.operation.iam_action();
        assert!(
            action.ends_with(&format!(":{}", request.operation)),
            "{action} {request:?}"
        );
        let outcome = line
            .arrival
            .as_ref()
            .map(|arrival| arrival.outcome.as_str());
        let fine = request.status == Some(200)
            && !matches!(
                request.fault.as_deref(),
                Some("half" | "empty" | "wrong_types")
            );
        // `{}` is a good answer to the attempt; that it says nothing is found out later.
        let fine = fine || request.fault.as_deref() == Some("empty");
        assert_eq!(outcome == Some("ok"), fine, "{outcome:?} {request:?}");
    }
}

#[tokio::test]
async fn a_good_key_says_who_it_is() {
    let stage = Stage::new().await;
    for pair in [&keys::GOOD, &keys::TEMPORARY, &keys::NO_PERMISSION] {
        let identity = stage
            .gateway
            .identity(&stage.target(pair), Priority::Person)
            .await
            .unwrap();
        assert_eq!(identity.account.as_str(), pair.account());
        assert_eq!(identity.arn, pair.arn);
    }
    for pair in [
        &keys::GOOD,
        &keys::TEMPORARY,
        &keys::COSTS_ONLY,
        &keys::BRAND_NEW,
    ] {
        probe(&stage.gateway, &stage.target(pair)).await.unwrap();
    }
    assert_ledger_is_the_log(&stage);
    assert_eq!(stage.simulator.requests().len(), 7);
    let prices: i64 = stage
        .ledger
        .lines()
        .iter()
        .map(|line| line.departure.price.amount.0)
        .sum();
    assert_eq!(
        prices,
        4 * 10_000_000,
        "four priced requests, three free ones"
    );
}

#[tokio::test]
async fn keys_that_do_not_work_say_why() {
    let stage = Stage::new().await;
    let spoiled = |change: &dyn Fn(&mut AwsKey), pair| {
        let mut target = stage.target(pair);
        let mut key = key(pair);
        change(&mut key);
        target.credentials = Credentials::Key(Arc::new(key));
        target
    };
    let unknown = |key: &mut AwsKey| key.access_key_id = "AKIASIMULATORUNKNOWN".to_owned();
    let wrong = |key: &mut AwsKey| key.secret = SecretString::from("another secret");
    let tokenless = |key: &mut AwsKey| key.session_token = None;
    let cases = [
        (spoiled(&unknown, &keys::GOOD), Code::AwsUnknownKey),
        (spoiled(&wrong, &keys::GOOD), Code::AwsWrongSecret),
        (spoiled(&tokenless, &keys::TEMPORARY), Code::AwsUnknownKey),
        (stage.target(&keys::EXPIRED), Code::AwsExpiredToken),
    ];
    for (target, code) in cases {
        let by_sts = stage
            .gateway
            .identity(&target, Priority::Person)
            .await
            .unwrap_err();
        let by_cost_explorer = probe(&stage.gateway, &target).await.unwrap_err();
        for error in [by_sts, by_cost_explorer] {
            assert_eq!(error.attempts, 1, "{code:?} isn't retried");
            assert!(error.request_id.is_some());
            let error = error.to_domain();
            assert_eq!(error.code, code);
            assert!(!error.message.is_empty() && !error.advice.is_empty());
            assert!(error.policy.is_none());
        }
    }
    assert_ledger_is_the_log(&stage);
}

#[tokio::test]
async fn keys_without_permission_get_the_policy_to_copy() {
    let stage = Stage::new().await;
    for pair in [&keys::NO_PERMISSION, &keys::WITHOUT_COSTS] {
        let error = probe(&stage.gateway, &stage.target(pair))
            .await
            .unwrap_err();
        assert_eq!(error.attempts, 1);
        let error = error.to_domain();
        assert_eq!(error.code, Code::AwsDenied);
        assert!(
            error.message.contains("ce:GetCostAndUsage"),
            "{}",
            error.message
        );
        let policy: serde_json::Value = serde_json::from_str(&error.policy.unwrap()).unwrap();
        assert_eq!(
            policy["Statement"][0]["Action"],
            serde_json::json!(["ce:GetCostAndUsage"])
        );
    }
    let error = probe(&stage.gateway, &stage.target(&keys::NOT_ENABLED))
        .await
        .unwrap_err();
    assert_eq!(
        (error.attempts, error.to_domain().code),
        (1, Code::AwsNotEnabled)
    );
    assert_ledger_is_the_log(&stage);
}

#[tokio::test]
async fn an_organizations_denial_is_told_apart() {
    let stage = Stage::new().await;
    let denial = |message: &str| FaultRule {
        fail_next: vec![Outcome::Error {
            status: 400,
            code: "AccessDeniedException".to_owned(),
            message: message.to_owned(),
        }],
        ..FaultRule::default()
    };
    for (message, code) in [
        (
            "... with an explicit deny in a service control policy: arn:aws:x",
            Code::AwsDeniedByOrganization,
        ),
        (
            "Linked account doesn't have access to cost explorer.",
            Code::AwsCutOffByPayer,
        ),
    ] {
        stage.simulator.set_fault(denial(message));
        let error = probe(&stage.gateway, &stage.target(&keys::GOOD))
            .await
            .unwrap_err();
        assert_eq!((error.attempts, error.to_domain().code), (1, code));
        assert!(
            !format!("{error:?}").contains("arn:"),
            "no text of AWS's is kept"
        );
    }
}

#[tokio::test]
async fn passing_faults_are_survived() {
    let stage = Stage::new().await;
    let faults = [
        Named::Status500,
        Named::Reset,
        Named::Status502,
        Named::Half,
    ];
    stage.simulator.set_fault(next(&faults));
    let answer = ask(&stage, one_day()).await.unwrap();
    assert_eq!(answer.requests, 5);
    assert_ledger_is_the_log(&stage);
    let outcomes: Vec<_> = stage
        .ledger
        .lines()
        .into_iter()
        .map(|line| (line.departure.attempt, line.arrival.unwrap().outcome))
        .collect();
    let expected = [
        "aws_server",
        "aws_network",
        "aws_server",
        "aws_network",
        "ok",
    ];
    let expected: Vec<_> = (1..).zip(expected.map(str::to_owned)).collect();
    assert_eq!(outcomes, expected);
}

#[tokio::test]
async fn throttling_is_survived() {
    let stage = Stage::new().await;
    stage.simulator.set_fault(next(&[Named::Throttle]));
    assert_eq!(ask(&stage, one_day()).await.unwrap().requests, 2);
    assert_ledger_is_the_log(&stage);
}

#[tokio::test]
async fn faults_that_stay_are_given_up() {
    let stage = Stage::new().await;
    stage.simulator.set_fault(next(&[Named::Status503; 6]));
    let error = ask(&stage, one_day()).await.unwrap_err();
    assert_eq!(
        (error.attempts, error.to_domain().code),
        (6, Code::AwsServer)
    );
    assert_ledger_is_the_log(&stage);
}

#[tokio::test]
async fn what_cannot_be_read_is_no_answer() {
    let stage = Stage::new().await;
    for (fault, code) in [
        (Named::Empty, Code::AwsNoData),
        (Named::WrongTypes, Code::AwsUnreadable),
    ] {
        stage.simulator.set_fault(next(&[fault]));
        let error = ask(&stage, one_day()).await.unwrap_err();
        assert_eq!((error.attempts, error.to_domain().code), (1, code));
    }
    assert_ledger_is_the_log(&stage);
}

#[tokio::test]
async fn a_closed_port_is_the_networks_fault() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let (gateway, ledger) = gateway(&format!("http://127.0.0.1:{port}"));
    let target = target(&keys::GOOD, gateway.default_endpoint());
    let error = gateway
        .identity(&target, Priority::Person)
        .await
        .unwrap_err();
    assert_eq!(
        (error.attempts, error.to_domain().code),
        (6, Code::AwsNetwork)
    );
    assert!(
        std::error::Error::source(&error).is_some(),
        "the log has the reason"
    );
    assert_eq!(ledger.lines().len(), 6);
}

#[tokio::test]
async fn answers_are_the_books_to_the_last_nano() {
    // Few rows on a page: most days are split.
    let settings = simulator::Settings {
        page_size: 37,
        ..simulator::Settings::default()
    };
    let stage = Stage::with(settings).await;
    let days = Period::new(day("2026-10-29"), day("2026-11-04")).unwrap();
    let answer = ask(&stage, days).await.unwrap();
    assert!(answer.requests > 6, "{} pages", answer.requests);
    assert_ledger_is_the_log(&stage);

    let (books, today) = (stage.simulator.books(), day("2026-11-24"));
    let metric = |metric: Metric| books::Metric::parse(metric.aws_name()).unwrap();
    let came: Vec<NaiveDate> = answer.slices.iter().map(|slice| slice.day).collect();
    assert_eq!(came, days.days().collect::<Vec<_>>());
    for slice in &answer.slices {
        let range = slice.day..slice.day.succ_opt().unwrap();
        assert_eq!(slice.estimated, books::Books::estimated(slice.day, today));
        for cost in Metric::COSTS {
            // Line by line, in the books' own 10⁻¹⁰, to see that nothing is missing.
            let mut lines: BTreeMap<[String; 2], i128> = BTreeMap::new();
            for row in &slice.rows {
                let total = books.total(range.clone(), today, metric(cost), |line| {
                    Dimension::Service.value(line) == row.keys[0]
                        && Dimension::LinkedAccount.value(line) == row.keys[1]
                });
                let exact: Nanos = decimal(total).parse().unwrap();
                assert_eq!(
                    row.cost(cost),
                    Some(exact),
                    "{:?} on {}",
                    row.keys,
                    slice.day
                );
                assert!(lines.insert(row.keys.clone(), total).is_none());
            }
            let whole = books.total(range.clone(), today, metric(cost), |_| true);
            assert_eq!(
                lines.values().sum::<i128>(),
                whole,
                "{cost} on {}",
                slice.day
            );
        }
    }
    assert_eq!(answer.names.len(), 4);
}

#[tokio::test]
async fn a_dropped_question_leaves_an_open_line() {
    let stage = Stage::new().await;
    stage.simulator.set_fault(next(&[Named::Hang]));
    let asked = std::pin::pin!(ask(&stage, one_day()));
    let arrived = async {
        while stage.simulator.requests().is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        answer = asked => panic!("nobody answers: {answer:?}"),
        () = arrived => {}
    }
    let lines = stage.ledger.lines();
    assert_eq!(lines.len(), 1);
    assert!(lines[0].arrival.is_none());
    assert_eq!(stage.simulator.requests().len(), 1);
}

#[tokio::test]
async fn connections_to_one_account_share_its_queue() {
    let stage = Stage::new().await;
    let (first, second) = (stage.target(&keys::GOOD), stage.target(&keys::GOOD_SECOND));
    let other = stage.target(&keys::OTHER_ACCOUNT);
    let several = |target: Target| {
        let gateway = &stage.gateway;
        async move {
            // Each about another day: the same question would be asked once.
            let days = day("2026-11-19").iter_days().take(6);
            let asked = days.map(|today| gateway.probe(&target, today, Priority::Person));
            futures::future::try_join_all(asked).await.unwrap();
        }
    };
    futures::join!(several(first), several(second), several(other));
    let (left, shared) = left_and_arrived(&stage, &[&keys::GOOD, &keys::GOOD_SECOND]);
    assert_eq!(shared.len(), 12);
    assert_at_most_five_a_second(&left, &shared);
    // The other account was not held up by them.
    let (_, alone) = left_and_arrived(&stage, &[&keys::OTHER_ACCOUNT]);
    assert!(alone[5] < shared[8], "{alone:?} {shared:?}");
}

/// A ledger that takes its time with the first five, and notes when they were written.
#[derive(Default)]
struct SlowLedger {
    lines: MemoryLedger,
    begun: AtomicUsize,
    written: Mutex<Vec<i64>>,
}

#[async_trait]
impl Ledger for SlowLedger {
    async fn depart(&self, departure: &Departure) -> Result<LineId, LedgerError> {
        if self.begun.fetch_add(1, Ordering::Relaxed) < 5 {
            tokio::time::sleep(Duration::from_millis(700)).await;
        }
        let now = Utc::now().timestamp_micros();
        self.written.lock().expect("no panic").push(now);
        self.lines.depart(departure).await
    }

    async fn arrive(&self, line: LineId, arrival: &Arrival) -> Result<(), LedgerError> {
        self.lines.arrive(line, arrival).await
    }
}

/// What may leave and what has left lie apart: AWS counts what has.
#[tokio::test]
async fn a_slow_ledger_brings_no_six_into_one_second() {
    let stage = Stage::new().await;
    let ledger = Arc::new(SlowLedger::default());
    let settings = Settings {
        endpoint: at(&stage.simulator.endpoint_url()),
        ..Settings::default()
    };
    let lines = Arc::clone(&ledger) as Arc<dyn Ledger>;
    let gateway = Gateway::new(&settings, lines, Utc::now);
    let target = stage.target(&keys::GOOD);
    let days = day("2026-11-19").iter_days().take(6);
    let asked = days.map(|today| gateway.probe(&target, today, Priority::Person));
    futures::future::try_join_all(asked).await.unwrap();
    let mut written = ledger.written.lock().unwrap().clone();
    written.sort_unstable();
    let (_, arrived) = left_and_arrived(&stage, &[&keys::GOOD]);
    assert_at_most_five_a_second(&written, &arrived);
}

#[tokio::test]
async fn a_whole_month_comes_in_one_question() {
    let stage = Stage::new().await;
    let answer = ask(&stage, november()).await.unwrap();
    assert_eq!(answer.slices.len(), november().len());
    assert!(answer.slices.iter().all(|slice| slice.estimated));
}
