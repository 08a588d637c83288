//! Counts of failed sign-ins.

use chrono::TimeDelta;
use server::store::guards::GuardRule;

use crate::support::{Fresh, noon, on_both, seconds};

on_both!(
    failures_count_up_and_lock,
    failures_at_once_all_count,
    quiet_begins_the_count_anew,
    a_lock_outlasts_the_quiet,
    old_guards_are_forgotten,
);

const RULE: GuardRule = GuardRule {
    forget_after: TimeDelta::hours(1),
    lock_at: 3,
    lock_for: TimeDelta::minutes(15),
};

async fn failures_count_up_and_lock(fresh: Fresh) {
    let store = fresh.store().await;
    let guards = store.guards();
    assert_eq!(guards.get("email:ann").await.unwrap(), None);
    for (number, locked) in [(1, false), (2, false), (3, true), (4, true)] {
        let now = noon() + seconds(number);
        let guard = guards.record_failure("email:ann", now, RULE).await.unwrap();
        assert_eq!(i64::from(guard.failures), number);
        assert_eq!(guard.last_failure_at, now);
        assert_eq!(guard.locked_until, locked.then(|| now + RULE.lock_for));
        assert_eq!(guards.get("email:ann").await.unwrap(), Some(guard));
    }
    assert_eq!(guards.get("email:bob").await.unwrap(), None);
    guards.clear("email:ann").await.unwrap();
    assert_eq!(guards.get("email:ann").await.unwrap(), None);
}

async fn failures_at_once_all_count(fresh: Fresh) {
    let store = fresh.store().await;
    let crowd: Vec<_> = (0..50)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let guards = store.guards();
                guards
                    .record_failure("address:::1", noon(), RULE)
                    .await
                    .unwrap()
            })
        })
        .collect();
    let mut counts = Vec::new();
    for one in crowd {
        counts.push(one.await.unwrap().failures);
    }
    counts.sort_unstable();
    assert_eq!(counts, (1..=50).collect::<Vec<u32>>());
}

async fn quiet_begins_the_count_anew(fresh: Fresh) {
    let store = fresh.store().await;
    let guards = store.guards();
    for _ in 0..2 {
        guards.record_failure("k", noon(), RULE).await.unwrap();
    }
    let later = noon() + RULE.forget_after + seconds(1);
    let guard = guards.record_failure("k", later, RULE).await.unwrap();
    assert_eq!((guard.failures, guard.locked_until), (1, None));
}

async fn a_lock_outlasts_the_quiet(fresh: Fresh) {
    let store = fresh.store().await;
    let guards = store.guards();
    let rule = GuardRule {
        lock_for: TimeDelta::days(1),
        ..RULE
    };
    for _ in 0..3 {
        guards.record_failure("k", noon(), rule).await.unwrap();
    }
    let later = noon() + TimeDelta::hours(2);
    let guard = guards.record_failure("k", later, rule).await.unwrap();
    assert_eq!(guard.failures, 1);
    assert_eq!(guard.locked_until, Some(noon() + rule.lock_for));
}

async fn old_guards_are_forgotten(fresh: Fresh) {
    let store = fresh.store().await;
    let guards = store.guards();
    guards.record_failure("old", noon(), RULE).await.unwrap();
    for _ in 0..3 {
        guards.record_failure("locked", noon(), RULE).await.unwrap();
    }
    let later = noon() + TimeDelta::minutes(10);
    guards.record_failure("new", later, RULE).await.unwrap();
    assert_eq!(guards.forget(later, later).await.unwrap(), 1);
    assert!(guards.get("old").await.unwrap().is_none());
    assert!(guards.get("locked").await.unwrap().is_some());
    assert!(guards.get("new").await.unwrap().is_some());
}
