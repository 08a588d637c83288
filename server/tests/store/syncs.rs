//! Syncs: one at a time for each connection, and none lost by a kill.

use chrono::TimeDelta;
use domain::{
    Code, Error,
    money::{Currency, Money, Nanos},
};
use server::store::syncs::{RunState, SyncKind, SyncOutcome};

use crate::support::{Fresh, connected, noon, on_both, person};

on_both!(
    one_runs_at_a_time,
    a_sync_tells_how_far_it_is,
    the_newest_and_the_newest_complete_one,
    a_killed_servers_syncs_are_interrupted,
);

async fn one_runs_at_a_time(fresh: Fresh) {
    let stores = [fresh.store().await, fresh.store().await];
    let ann = person(&stores[0], "ann@example.com").await;
    let id = connected(&stores[0], ann, "111122223333").await;
    let other = connected(&stores[0], ann, "444455556666").await;
    let race: Vec<_> = (0..20)
        .map(|number| {
            let store = stores[number % 2].clone();
            tokio::spawn(async move {
                let kind = SyncKind::Refresh;
                store.syncs().begin(id, kind, 10, noon()).await.unwrap()
            })
        })
        .collect();
    let mut begun = Vec::new();
    for one in race {
        begun.extend(one.await.unwrap());
    }
    assert_eq!(begun.len(), 1);
    let syncs = stores[0].syncs();
    let others = syncs.begin(other, SyncKind::First, 1, noon()).await;
    assert!(others.unwrap().is_some());
    syncs
        .finish(begun[0], &SyncOutcome::Done, noon())
        .await
        .unwrap();
    let next = syncs.begin(id, SyncKind::Refresh, 1, noon()).await.unwrap();
    assert_ne!(next.unwrap(), begun[0]);
}

async fn a_sync_tells_how_far_it_is(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let syncs = store.syncs();
    assert_eq!(syncs.latest(id).await.unwrap(), None);
    let sync = syncs.begin(id, SyncKind::First, 420, noon()).await;
    let sync = sync.unwrap().unwrap();
    let usd = |nanos| Money::new(Nanos(nanos), Currency::USD);
    let seen = syncs.latest(id).await.unwrap().unwrap();
    assert_eq!(
        (seen.id, seen.connection, seen.kind),
        (sync, id, SyncKind::First)
    );
    assert_eq!((seen.state, seen.started_at), (RunState::Running, noon()));
    assert_eq!(
        (seen.days_done, seen.days_total, seen.requests),
        (0, 420, 0)
    );
    assert_eq!((seen.price, seen.finished_at), (usd(0), None));

    syncs.progress(sync, 30, 2, usd(20_000_000)).await.unwrap();
    syncs.progress(sync, 60, 3, usd(30_000_000)).await.unwrap();
    let later = noon() + TimeDelta::minutes(1);
    let error = Error::new(Code::AwsThrottled, "AWS \"said\" no.", "Wait.").with_link("/x");
    let failed = SyncOutcome::Failed(error.clone());
    syncs.finish(sync, &failed, later).await.unwrap();
    // What comes after the end changes nothing.
    syncs.progress(sync, 61, 4, usd(40_000_000)).await.unwrap();
    syncs
        .finish(sync, &SyncOutcome::Done, noon())
        .await
        .unwrap();
    let seen = syncs.latest(id).await.unwrap().unwrap();
    assert_eq!((seen.state, seen.error), (RunState::Failed, Some(error)));
    assert_eq!(
        (seen.days_done, seen.requests, seen.price),
        (60, 3, usd(30_000_000))
    );
    assert_eq!(seen.finished_at, Some(later));
    assert_eq!(syncs.latest_complete(id).await.unwrap(), None);
}

async fn the_newest_and_the_newest_complete_one(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let syncs = store.syncs();
    let mut ids = Vec::new();
    // Moments with and without fractions have to sort by time, not by length.
    for (milliseconds, outcome) in [
        (0, SyncOutcome::Done),
        (100, SyncOutcome::Done),
        (120, SyncOutcome::Interrupted),
    ] {
        let now = noon() + TimeDelta::milliseconds(milliseconds);
        let sync = syncs.begin(id, SyncKind::Scheduled, 1, now).await;
        let sync = sync.unwrap().unwrap();
        syncs.finish(sync, &outcome, now).await.unwrap();
        ids.push(sync);
    }
    assert_eq!(syncs.latest(id).await.unwrap().unwrap().id, ids[2]);
    let complete = syncs.latest_complete(id).await.unwrap().unwrap();
    assert_eq!((complete.id, complete.error), (ids[1], None));
}

async fn a_killed_servers_syncs_are_interrupted(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let mut killed = Vec::new();
    for account in ["111111111111", "222222222222", "333333333333"] {
        let id = connected(&store, ann, account).await;
        let sync = store.syncs().begin(id, SyncKind::First, 9, noon()).await;
        killed.push((id, sync.unwrap().unwrap()));
    }
    let (done, sync) = killed.remove(1);
    store
        .syncs()
        .finish(sync, &SyncOutcome::Done, noon())
        .await
        .unwrap();

    let again = fresh.store().await;
    let later = noon() + TimeDelta::hours(1);
    let mut found = again.syncs().interrupt_running(later).await.unwrap();
    found.sort();
    let mut expected: Vec<_> = killed.iter().map(|(id, _)| *id).collect();
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(again.syncs().interrupt_running(later).await.unwrap(), []);
    for (id, _) in killed {
        let sync = again.syncs().latest(id).await.unwrap().unwrap();
        assert_eq!(
            (sync.state, sync.finished_at),
            (RunState::Interrupted, Some(later))
        );
        assert!(
            again
                .syncs()
                .begin(id, SyncKind::First, 9, later)
                .await
                .unwrap()
                .is_some()
        );
    }
    let sync = again.syncs().latest(done).await.unwrap().unwrap();
    assert_eq!(sync.state, RunState::Done);
}
