//! The throttle under virtual time: whatever arrives and however long it takes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Instant,
};

use futures::{
    FutureExt,
    future::{BoxFuture, Either, select},
};
use proptest::prelude::*;

use super::*;
use crate::aws::timer::virtual_time::{VirtualTimer, run};

pub(super) const PACE: Pace = Pace {
    per_second: 5,
    queue_limit: 600,
};

/// Someone who wants a permit.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) arrives: u64,
    pub(super) priority: Priority,
    /// From the permit until the request is on the wire.
    pub(super) dawdles: u64,
    /// From then until the answer.
    pub(super) latency: u64,
    /// Gives up after so long in the line.
    pub(super) patience: Option<u64>,
    /// How it ends.
    pub(super) end: End,
}

/// How a request ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum End {
    Answered,
    Throttled,
    /// Nobody waits for the answer any more.
    Dropped,
}

impl Caller {
    fn at(arrives: u64, priority: Priority) -> Self {
        Self {
            arrives,
            priority,
            dawdles: 0,
            latency: 0,
            patience: None,
            end: End::Answered,
        }
    }
}

/// When whose request left, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left {
    pub(super) caller: usize,
    pub(super) permitted: u64,
    pub(super) at: u64,
}

/// Lets them all come, and says who left when.
pub(super) fn play(callers: &[Caller], pace: Pace) -> Vec<Left> {
    let timer = VirtualTimer::new();
    let throttle = Arc::new(Throttle::new(pace, Arc::new(timer.clone())));
    let log = Arc::new(Mutex::new(Vec::new()));
    let tasks = callers.iter().cloned().enumerate().map(|(number, caller)| {
        let (timer, throttle, log) = (timer.clone(), Arc::clone(&throttle), Arc::clone(&log));
        let task: BoxFuture<'static, ()> = Box::pin(async move {
            timer.sleep(caller.arrives).await;
            let never = timer.at(1_000_000_000);
            let permit = {
                let waiting = std::pin::pin!(throttle.permit("1", caller.priority, never));
                match caller.patience {
                    None => Some(waiting.await),
                    Some(patience) => match select(waiting, timer.sleep(patience)).await {
                        Either::Left((permit, _)) => Some(permit),
                        Either::Right(_) => None,
                    },
                }
            };
            let Some(Ok(permit)) = permit else { return };
            let permitted = millis(&timer);
            timer.sleep(caller.dawdles).await;
            permit.leave();
            log.lock().unwrap().push(Left {
                caller: number,
                permitted,
                at: millis(&timer),
            });
            timer.sleep(caller.latency).await;
            match caller.end {
                End::Answered => permit.answered(),
                End::Throttled => permit.throttled(),
                End::Dropped => drop(permit),
            }
        });
        task
    });
    run(&timer, tasks.collect());
    log.lock().unwrap().clone()
}

pub(super) fn millis(timer: &VirtualTimer) -> u64 {
    u64::try_from(timer.elapsed().as_millis()).unwrap()
}

/// The most departures in any window of a second.
pub(super) fn worst_second(mut departures: Vec<u64>) -> usize {
    departures.sort_unstable();
    let within = |start: &u64| {
        departures
            .iter()
            .filter(|at| (*start..start + 1_000).contains(*at))
            .count()
    };
    departures.iter().map(within).max().unwrap_or(0)
}

pub(super) fn caller() -> impl Strategy<Value = Caller> {
    (
        0..6_000_u64,
        prop::sample::select(&Priority::ALL),
        0..400_u64,
        1..10_000_u64,
        prop::option::weighted(0.3, 0..3_000_u64),
        any::<bool>(),
    )
        .prop_map(
            |(arrives, priority, dawdles, latency, patience, dropped)| Caller {
                arrives,
                priority,
                dawdles,
                latency,
                patience,
                end: if dropped { End::Dropped } else { End::Answered },
            },
        )
}

/// Callers whose requests leave at once.
fn prompt_caller() -> impl Strategy<Value = Caller> {
    caller().prop_map(|caller| Caller {
        dawdles: 0,
        ..caller
    })
}

proptest! {
    #[test]
    fn never_six_within_a_second(callers in prop::collection::vec(caller(), 1..60)) {
        let left = play(&callers, PACE);
        prop_assert!(worst_second(left.iter().map(|left| left.at).collect()) <= 5);
    }

    #[test]
    fn never_idle_while_someone_waits(callers in prop::collection::vec(prompt_caller(), 1..60)) {
        let left = play(&callers, PACE);
        for (place, now) in left.iter().enumerate() {
            let arrived = callers[now.caller].arrives;
            let allowed = place.checked_sub(1).map_or(0, |before| left[before].at + 203);
            prop_assert!(now.at <= arrived.max(allowed), "{now:?} of {left:?}");
        }
    }

    #[test]
    fn first_come_first_served_within_a_priority(callers in prop::collection::vec(prompt_caller(), 1..60)) {
        let left = play(&callers, PACE);
        for priority in Priority::ALL {
            let arrivals: Vec<u64> = left
                .iter()
                .map(|left| &callers[left.caller])
                .filter(|caller| caller.priority == priority)
                .map(|caller| caller.arrives)
                .collect();
            prop_assert!(arrivals.is_sorted(), "{arrivals:?}");
        }
    }

    #[test]
    fn who_stays_gets_a_permit_and_who_goes_leaves_no_gap(
        callers in prop::collection::vec(prompt_caller(), 1..60),
    ) {
        let left = play(&callers, PACE);
        let patient = callers.iter().filter(|caller| caller.patience.is_none()).count();
        let served: HashMap<usize, u64> = left.iter().map(|left| (left.caller, left.permitted)).collect();
        prop_assert_eq!(served.len(), left.len());
        let patient_served = served.keys().filter(|caller| callers[**caller].patience.is_none()).count();
        prop_assert_eq!(patient_served, patient);
        for (caller, permitted) in served {
            if let Some(patience) = callers[caller].patience {
                prop_assert!(permitted <= callers[caller].arrives + patience);
            }
        }
    }

    #[test]
    fn nobody_starves(callers in prop::collection::vec(prompt_caller(), 1..60)) {
        let left = play(&callers, PACE);
        for (place, now) in left.iter().enumerate() {
            let caller = &callers[now.caller];
            let same = |other: &&Left| callers[other.caller].priority == caller.priority;
            let ahead = left[..place]
                .iter()
                .rev()
                .take_while(|other| !same(other) && other.at > caller.arrives)
                .count();
            let most = match caller.priority {
                Priority::Person => 2,
                Priority::Sync => 5,
                Priority::Upkeep => 9,
            };
            prop_assert!(ahead <= most, "{now:?} of {left:?}");
        }
    }

    #[test]
    fn other_paces_hold_too(per_second in 1..20_u32, count in 1..80_usize) {
        let callers = vec![Caller::at(0, Priority::Person); count];
        let left = play(&callers, Pace { per_second, ..PACE });
        let most = usize::try_from(per_second).unwrap();
        prop_assert!(worst_second(left.iter().map(|left| left.at).collect()) <= most);
        prop_assert_eq!(left.len(), count);
    }
}

#[test]
fn latency_does_not_slow_the_queue() {
    for latency in [0, 50, 1_000, 30_000] {
        let caller = Caller {
            latency,
            ..Caller::at(0, Priority::Sync)
        };
        let left = play(&vec![caller; 100], PACE);
        let first_to_last = left[99].at - left[0].at;
        assert_eq!(first_to_last, 99 * 203, "with {latency} ms");
    }
}

#[test]
fn people_go_first_but_the_background_is_not_starved() {
    let mut callers = vec![Caller::at(0, Priority::Sync); 10];
    callers.extend(vec![Caller::at(1, Priority::Person); 20]);
    let order: Vec<bool> = play(&callers, PACE)
        .iter()
        .map(|left| callers[left.caller].priority == Priority::Person)
        .collect();
    // The very first left before anyone else had come.
    assert!(!order[0]);
    for five in order[1..26].chunks(5) {
        assert_eq!(five, [true, true, true, true, false]);
    }
    assert!(order[26..].iter().all(|person| !person));
}

#[test]
fn a_request_that_dawdles_holds_back_those_after_its_window() {
    let mut callers = vec![Caller::at(0, Priority::Person); 12];
    callers[0].dawdles = 3_000;
    let left = play(&callers, PACE);
    let late: Vec<&Left> = left.iter().filter(|left| left.caller == 0).collect();
    assert_eq!(late[0].at, 3_000);
    assert!(worst_second(left.iter().map(|left| left.at).collect()) <= 5);
}

#[test]
fn an_unused_permit_counts_for_nothing() {
    let timer = VirtualTimer::new();
    let throttle = Arc::new(Throttle::new(PACE, Arc::new(timer.clone())));
    let clock = timer.clone();
    run(
        &timer,
        vec![Box::pin(async move {
            let never = clock.at(1_000_000);
            for _ in 0..30 {
                drop(throttle.permit("1", Priority::Person, never).await.unwrap());
            }
            // Had they counted, the sixth would have waited for the first to leave, for ever.
            assert_eq!(millis(&clock), 29 * 203);
        })],
    );
}

#[test]
fn accounts_do_not_wait_for_each_other() {
    let timer = VirtualTimer::new();
    let throttle = Arc::new(Throttle::new(PACE, Arc::new(timer.clone())));
    let clock = timer.clone();
    run(
        &timer,
        vec![Box::pin(async move {
            for number in 0..1_000 {
                let name = number.to_string();
                throttle
                    .permit(&name, Priority::Person, clock.at(1))
                    .await
                    .unwrap()
                    .leave();
            }
            assert_eq!(millis(&clock), 0);
            clock.sleep(60_000).await;
            drop(
                throttle
                    .permit("again", Priority::Person, clock.at(70_000))
                    .await
                    .unwrap(),
            );
            assert!(
                throttle.lanes.lock().unwrap().len() <= 2,
                "idle queues are forgotten"
            );
        })],
    );
}

#[test]
fn a_full_queue_refuses_and_a_deadline_ends_the_wait() {
    let timer = VirtualTimer::new();
    let pace = Pace {
        queue_limit: 3,
        ..PACE
    };
    let throttle = Arc::new(Throttle::new(pace, Arc::new(timer.clone())));
    let deadline = timer.at(300);
    let results = Arc::new(Mutex::new(Vec::new()));
    let tasks = (0..5).map(|number| {
        let (throttle, results, clock) =
            (Arc::clone(&throttle), Arc::clone(&results), timer.clone());
        let task: BoxFuture<'static, ()> = Box::pin(async move {
            let result = throttle.permit("1", Priority::Person, deadline).await;
            let result = result.map(|permit| permit.leave());
            results
                .lock()
                .unwrap()
                .push((number, result, millis(&clock)));
        });
        task
    });
    run(&timer, tasks.collect());
    let mut results = results.lock().unwrap().clone();
    results.sort_by_key(|(number, ..)| *number);
    assert_eq!(
        results,
        [
            (0, Ok(()), 0),
            (1, Ok(()), 203),
            (2, Err(Refusal::TooLate), 300),
            (3, Err(Refusal::TooLate), 300),
            (4, Err(Refusal::Full), 0),
        ]
    );
}

#[test]
fn a_dropped_waiter_makes_room() {
    let timer = VirtualTimer::new();
    let pace = Pace {
        queue_limit: 1,
        ..PACE
    };
    let throttle = Throttle::new(pace, Arc::new(timer.clone()));
    let never: Instant = timer.at(1_000_000);
    throttle
        .permit("1", Priority::Person, never)
        .now_or_never()
        .unwrap()
        .unwrap()
        .leave();
    // Each waits, and is dropped right away.
    for _ in 0..3 {
        assert!(
            throttle
                .permit("1", Priority::Person, never)
                .now_or_never()
                .is_none()
        );
    }
}
