//! The throttle when AWS says "slow down", under virtual time: it pauses, goes on slowly, and
//! comes back to full speed.

use std::{sync::Arc, time::Duration};

use proptest::prelude::*;

use super::{
    tests::{Caller, End, PACE, caller, millis, play, worst_second},
    *,
};
use crate::aws::timer::virtual_time::{VirtualTimer, run};

/// Callers of whom AWS tells some to slow down.
fn throttled_caller() -> impl Strategy<Value = Caller> {
    (caller(), prop::bool::weighted(0.3)).prop_map(|(caller, throttled)| Caller {
        end: if throttled {
            End::Throttled
        } else {
            caller.end
        },
        ..caller
    })
}

proptest! {
    #[test]
    fn never_six_within_a_second_while_throttled(
        callers in prop::collection::vec(throttled_caller(), 1..60),
    ) {
        let left = play(&callers, PACE);
        prop_assert!(worst_second(left.iter().map(|left| left.at).collect()) <= 5);
        let patient = callers.iter().filter(|caller| caller.patience.is_none()).count();
        prop_assert!(left.len() >= patient, "everybody who stays leaves in the end");
    }

    #[test]
    fn pauses_are_ordered_and_end(callers in prop::collection::vec(throttled_caller(), 1..60)) {
        let callers: Vec<Caller> = callers
            .into_iter()
            .map(|caller| Caller { dawdles: 0, ..caller })
            .collect();
        let left = play(&callers, PACE);
        let throttles: Vec<u64> = left
            .iter()
            .filter(|left| callers[left.caller].end == End::Throttled)
            .map(|left| left.at + callers[left.caller].latency)
            .collect();
        for (place, now) in left.iter().enumerate() {
            let arrived = callers[now.caller].arrives;
            let before = place.checked_sub(1).map(|before| left[before].at);
            // At a tenth of full speed at the slowest, and never without a reason.
            let slowed = throttles.iter().any(|at| *at <= now.at);
            let spaced = before.map_or(0, |at| at + if slowed { 2_030 } else { 203 });
            let paused = throttles.iter().filter(|at| **at <= now.at).max();
            let paused = paused.map_or(0, |at| at + 20_000);
            prop_assert!(now.at <= arrived.max(spaced).max(paused), "{now:?} of {left:?}");
        }
    }
}

#[test]
fn throttling_pauses_the_account_and_then_it_recovers() {
    let timer = VirtualTimer::new();
    let throttle = Arc::new(Throttle::new(PACE, Arc::new(timer.clone())));
    let clock = timer.clone();
    run(
        &timer,
        vec![Box::pin(async move {
            let never = clock.at(1_000_000);
            let permit = || throttle.permit("1", Priority::Person, never);
            let (first, second) = (permit().await.unwrap(), permit().await.unwrap());
            first.leave();
            second.leave();
            let began = millis(&clock);
            first.throttled();
            // It was under way already: its refusal says nothing new.
            second.throttled();
            let third = permit().await.unwrap();
            assert_eq!(millis(&clock), began + 1_000);
            third.leave();
            third.throttled();
            let fourth = permit().await.unwrap();
            assert_eq!(millis(&clock), began + 3_000, "pauses double");
            fourth.leave();
            fourth.answered();
            let fifth = permit().await.unwrap();
            // Twice halved, and one answer's step back: 1.35 a second.
            assert_eq!(millis(&clock), began + 3_751);
            let began = millis(&clock);
            fifth.leave();
            fifth.throttled();
            drop(permit().await.unwrap());
            // The pause is a second again; the pace alone holds it back for longer.
            assert_eq!(millis(&clock), began + 1_504);
        })],
    );
}

#[test]
fn full_speed_comes_back_step_by_step() {
    let timer = VirtualTimer::new();
    let throttle = Arc::new(Throttle::new(PACE, Arc::new(timer.clone())));
    let clock = timer.clone();
    run(
        &timer,
        vec![Box::pin(async move {
            let never = clock.at(1_000_000);
            let mut apart = Vec::new();
            let mut before = 0;
            for number in 0..40 {
                let permit = throttle.permit("1", Priority::Sync, never).await.unwrap();
                apart.push(millis(&clock) - before);
                before = millis(&clock);
                permit.leave();
                if number == 2 {
                    permit.throttled();
                } else {
                    permit.answered();
                }
            }
            let recovering = &apart[4..];
            assert!(recovering.is_sorted_by(|sooner, later| sooner + 1 >= *later));
            assert!((380..=406).contains(&recovering[0]), "{recovering:?}");
            assert!((203..=204).contains(recovering.last().unwrap()));
            assert!(recovering.iter().filter(|apart| **apart > 204).count() >= 20);

            // Without another "slow down" for long enough, it is forgotten.
            let permit = throttle.permit("1", Priority::Sync, never).await.unwrap();
            permit.leave();
            permit.throttled();
            clock.sleep(130_000).await;
            let began = millis(&clock);
            for _ in 0..3 {
                let permit = throttle.permit("1", Priority::Sync, never).await.unwrap();
                permit.leave();
            }
            assert!(millis(&clock) - began <= 2 * 203);
        })],
    );
}

#[test]
fn pauses_have_a_limit() {
    let timer = VirtualTimer::new();
    let throttle = Arc::new(Throttle::new(PACE, Arc::new(timer.clone())));
    let clock = timer.clone();
    run(
        &timer,
        vec![Box::pin(async move {
            let mut longest = Duration::ZERO;
            for _ in 0..12 {
                let before = clock.elapsed();
                let permit = throttle
                    .permit("1", Priority::Person, clock.at(1_000_000))
                    .await
                    .unwrap();
                longest = longest.max(clock.elapsed() - before);
                permit.leave();
                permit.throttled();
            }
            assert_eq!(longest, Duration::from_secs(20));
        })],
    );
}
