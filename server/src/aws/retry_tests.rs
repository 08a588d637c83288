//! The loop around attempts, under virtual time.

use std::{
    collections::VecDeque,
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use async_trait::async_trait;
use domain::{
    Code,
    ledger::{Asker, Operation},
    user::UserId,
};
use futures::{FutureExt, future::BoxFuture};
use uuid::Uuid;

use super::*;
use crate::aws::{
    canned::key,
    lane::Pace,
    ledger::{LedgerError, MemoryLedger},
    timer::virtual_time::{VirtualTimer, run},
};

fn payer() -> Payer {
    Payer {
        user: UserId(Uuid::nil()),
        connection: None,
        aws_account: None,
    }
}

fn attempts(timer: &VirtualTimer, ledger: Arc<dyn Ledger>) -> Attempts {
    let pace = Pace {
        per_second: 5,
        queue_limit: 600,
    };
    Attempts {
        throttle: Throttle::new(pace, Arc::new(timer.clone())),
        ledger,
        timer: Arc::new(timer.clone()),
        settings: RetrySettings::default(),
        fraction: || 1.0,
        now: Utc::now,
    }
}

fn urgency(timer: &VirtualTimer, priority: Priority) -> Urgency {
    let patience = RetrySettings::default().patience(priority);
    Urgency::new(priority, timer.now() + patience)
}

fn request<'a>(payer: &'a Payer, urgency: &'a Urgency) -> Request<'a> {
    Request {
        operation: Operation::GetCostAndUsage,
        payer,
        lane: "1",
        urgency,
    }
}

async fn signed(_: bool) -> Result<Signing, AwsError> {
    Ok(Signing::stored(&Arc::new(key())))
}

/// What a scripted AWS does with each attempt.
#[derive(Clone, Copy)]
enum Says {
    Yes,
    No(Kind),
    Nothing,
}

/// Plays a script; gives the result, the milliseconds it took and the ledger.
fn play(priority: Priority, script: &[Says]) -> (Result<u32, AwsError>, u64, Arc<MemoryLedger>) {
    let timer = VirtualTimer::new();
    let ledger = Arc::new(MemoryLedger::default());
    let result = Arc::new(Mutex::new(None));
    let script = Arc::new(Mutex::new(script.iter().copied().collect::<VecDeque<_>>()));
    let task: BoxFuture<'static, ()> = {
        let (ledger, timer, result) = (Arc::clone(&ledger), timer.clone(), Arc::clone(&result));
        Box::pin(async move {
            let attempts = attempts(&timer, ledger);
            let (payer, urgency) = (payer(), urgency(&timer, priority));
            let answered = attempts
                .run(request(&payer, &urgency), signed, |_, permit| {
                    let says = script.lock().unwrap().pop_front();
                    async move {
                        permit.leave();
                        match says.expect("one attempt too many") {
                            Says::Yes => Ok(((), Some("id".to_owned()))),
                            Says::No(kind) => Err(Failure::of(kind)),
                            Says::Nothing => std::future::pending().await,
                        }
                    }
                })
                .await;
            let took = u64::try_from(timer.elapsed().as_millis()).unwrap();
            *result.lock().unwrap() = Some((answered.map(|answered| answered.attempts), took));
        })
    };
    run(&timer, vec![task]);
    let (result, took) = result.lock().unwrap().take().unwrap();
    (result, took, ledger)
}

fn outcomes(ledger: &MemoryLedger) -> Vec<(u32, Option<String>)> {
    let lines = ledger.lines();
    lines
        .into_iter()
        .map(|line| {
            (
                line.departure.attempt,
                line.arrival.map(|arrival| arrival.outcome),
            )
        })
        .collect()
}

#[test]
fn waits_double_up_to_the_cap_with_full_jitter() {
    let settings = RetrySettings::default();
    let bounds: Vec<u64> = (1..9)
        .map(|attempt| u64::try_from(settings.wait(attempt, 1.0).as_millis()).unwrap())
        .collect();
    assert_eq!(
        bounds,
        [500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000]
    );
    assert_eq!(settings.wait(3, 0.0), Duration::ZERO);
    assert_eq!(settings.wait(3, 0.5), Duration::from_secs(1));
    assert_eq!(settings.wait(u32::MAX, 2.0), settings.cap);
}

#[test]
fn a_fault_of_awss_is_survived_and_written_down() {
    let script = [Says::No(Kind::Server), Says::No(Kind::Network), Says::Yes];
    let (result, took, ledger) = play(Priority::Person, &script);
    assert_eq!(result.unwrap(), 3);
    assert_eq!(took, 500 + 1_000);
    let named = |attempt, name: &str| (attempt, Some(name.to_owned()));
    assert_eq!(
        outcomes(&ledger),
        [
            named(1, "aws_server"),
            named(2, "aws_network"),
            named(3, "ok")
        ]
    );
    let last = ledger.lines().pop().unwrap();
    assert_eq!(last.arrival.unwrap().request_id.as_deref(), Some("id"));
    assert_eq!(last.departure.price, Operation::GetCostAndUsage.price());
}

#[test]
fn what_stays_wrong_is_asked_once() {
    for kind in [
        Kind::Denied,
        Kind::UnknownKey,
        Kind::WrongSecret,
        Kind::ExpiredToken,
        Kind::NotEnabled,
        Kind::Clock,
        Kind::Unreadable,
    ] {
        let (result, took, ledger) = play(Priority::Sync, &[Says::No(kind)]);
        let error = result.unwrap_err();
        assert_eq!((error.kind, error.attempts, took), (kind, 1, 0));
        assert_eq!(ledger.lines().len(), 1);
    }
}

#[test]
fn six_attempts_are_enough() {
    let (result, _, ledger) = play(Priority::Sync, &[Says::No(Kind::Throttled); 6]);
    let error = result.unwrap_err();
    assert_eq!((error.kind, error.attempts), (Kind::Throttled, 6));
    assert_eq!(ledger.lines().len(), 6);
}

#[test]
fn a_person_does_not_wait_longer_than_a_minute() {
    let (result, took, ledger) = play(Priority::Person, &[Says::Nothing]);
    assert_eq!(result.unwrap_err().kind, Kind::Timeout);
    assert_eq!(took, 60_000);
    assert_eq!(outcomes(&ledger), [(1, Some("aws_timeout".to_owned()))]);
}

#[test]
fn no_line_no_request() {
    struct Broken;
    #[async_trait]
    impl Ledger for Broken {
        async fn depart(&self, _: &Departure) -> Result<LineId, LedgerError> {
            Err(LedgerError::new("disk full"))
        }
        async fn arrive(&self, _: LineId, _: &Arrival) -> Result<(), LedgerError> {
            Ok(())
        }
    }
    let timer = VirtualTimer::new();
    let attempts = attempts(&timer, Arc::new(Broken));
    let calls = AtomicU32::new(0);
    let (payer, urgency) = (payer(), urgency(&timer, Priority::Person));
    let result = attempts
        .run(request(&payer, &urgency), signed, |_, _| {
            calls.fetch_add(1, Ordering::Relaxed);
            async { Ok(((), None)) }
        })
        .now_or_never()
        .unwrap();
    let error = result.unwrap_err();
    assert_eq!((error.kind, error.attempts), (Kind::Internal, 0));
    assert_eq!(error.to_domain().code, Code::Internal);
    assert!(
        std::error::Error::source(&error).is_some(),
        "the log has the reason"
    );
    assert_eq!(calls.into_inner(), 0);
}

#[test]
fn what_the_cap_refuses_does_not_leave() {
    struct Capped;
    #[async_trait]
    impl Ledger for Capped {
        async fn depart(&self, departure: &Departure) -> Result<LineId, LedgerError> {
            match departure.asker {
                Asker::Background => Err(LedgerError::CapReached),
                Asker::Person => Ok(LineId(1)),
            }
        }
        async fn arrive(&self, _: LineId, _: &Arrival) -> Result<(), LedgerError> {
            Ok(())
        }
    }
    let payer = payer();
    let ask = |priority| {
        let timer = VirtualTimer::new();
        let urgency = urgency(&timer, priority);
        let attempts = attempts(&timer, Arc::new(Capped));
        let asked = attempts.run(request(&payer, &urgency), signed, |_, _| async {
            Ok(((), None))
        });
        asked.now_or_never().unwrap()
    };
    for background in [Priority::Sync, Priority::Upkeep] {
        let error = ask(background).unwrap_err();
        assert_eq!((error.kind, error.attempts), (Kind::CapReached, 0));
        assert_eq!(error.to_domain().code, Code::CapReached);
    }
    assert_eq!(ask(Priority::Person).unwrap().attempts, 1);
}

#[test]
fn a_dropped_attempt_leaves_its_line_open() {
    let timer = VirtualTimer::new();
    let ledger = Arc::new(MemoryLedger::default());
    let attempts = attempts(&timer, Arc::clone(&ledger) as Arc<dyn Ledger>);
    let (payer, urgency) = (payer(), urgency(&timer, Priority::Person));
    let asked = attempts.run(request(&payer, &urgency), signed, |_, permit| async move {
        permit.leave();
        std::future::pending::<Outcome<()>>().await
    });
    assert!(asked.now_or_never().is_none());
    assert_eq!(outcomes(&ledger), [(1, None)]);
}

#[test]
fn jitter_is_a_fraction() {
    for _ in 0..100 {
        assert!((0.0..=1.0).contains(&random_fraction()));
    }
}
