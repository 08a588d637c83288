//! Connections: found only by whom they belong to, and deleted whole.

use chrono::TimeDelta;
use domain::{
    account::{ConnectionId, ConnectionKind},
    cube::{Cube, DaySlice, LinkedAccountName},
    metric::Metric,
    period::Period,
    user::UserId,
};
use server::store::{
    Store, StoreError,
    connections::{InsertConnectionError, ReplacedKey, SealedKey},
    jobs::JobKind,
};
use uuid::Uuid;

use crate::support::{Fresh, connected, connection, day, moment, noon, on_both, person};

on_both!(
    what_is_stored_comes_back,
    nobody_finds_anothers,
    an_aws_account_is_connected_once_by_a_person,
    names_and_keys_change,
    deleting_takes_everything_along,
    upkeep_sees_everyones,
);

async fn what_is_stored_comes_back(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let mut new = connection(ann, "111122223333", "Ünïcode 'quoted' \"name\"; --");
    new.kind = ConnectionKind::Sample;
    new.key.session_token = Some((0..=255).collect());
    new.created_at = moment("2026-11-24T12:00:00.123456Z");
    assert!(!store.connections().any_sealed().await.unwrap());
    store.connections().insert(&new).await.unwrap();
    assert!(store.connections().any_sealed().await.unwrap());
    let found = store.connections().get(ann, new.id).await.unwrap();
    assert_eq!(found, Some(new.clone()));
    let shown = format!("{new:?}");
    assert!(shown.contains("SealedKey(…)"), "{shown}");
    assert!(!shown.contains("254"), "{shown}");
}

async fn nobody_finds_anothers(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let bob = person(&store, "bob@example.com").await;
    let anns = connected(&store, ann, "111122223333").await;
    let bobs = connected(&store, bob, "444455556666").await;
    let connections = store.connections();
    assert!(connections.get(bob, anns).await.unwrap().is_none());
    assert!(!connections.rename(bob, anns, "mine", noon()).await.unwrap());
    let key = replaced();
    assert!(
        !connections
            .replace_key(bob, anns, &key, noon())
            .await
            .unwrap()
    );
    assert!(!connections.delete(bob, anns).await.unwrap());
    let account = "111122223333".parse().unwrap();
    assert_eq!(connections.to_account(bob, &account).await.unwrap(), None);
    assert_eq!(
        connections.to_account(ann, &account).await.unwrap(),
        Some(anns)
    );
    for (user, id) in [(ann, anns), (bob, bobs)] {
        let list = connections.list(user).await.unwrap();
        assert_eq!(list.iter().map(|one| one.id).collect::<Vec<_>>(), [id]);
        assert_eq!(list[0].name, "Production");
    }
}

async fn an_aws_account_is_connected_once_by_a_person(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let bob = person(&store, "bob@example.com").await;
    let race: Vec<_> = (0..10)
        .map(|_| {
            let store: Store = store.clone();
            tokio::spawn(async move {
                let new = connection(ann, "111122223333", "Production");
                store.connections().insert(&new).await.map(|()| new.id)
            })
        })
        .collect();
    let (mut stored, mut told) = (Vec::new(), Vec::new());
    for one in race {
        match one.await.unwrap() {
            Ok(id) => stored.push(id),
            Err(InsertConnectionError::Conflict(id)) => told.push(id),
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!((stored.len(), told.len()), (1, 9));
    assert!(told.iter().all(|id| *id == stored[0]));
    // Somebody else may, and another account too.
    connected(&store, bob, "111122223333").await;
    connected(&store, ann, "444455556666").await;

    let nobody = connection(UserId(Uuid::new_v4()), "111122223333", "x");
    let error = store.connections().insert(&nobody).await.unwrap_err();
    assert!(matches!(
        error,
        InsertConnectionError::Store(StoreError::OwnerGone)
    ));
}

fn replaced() -> ReplacedKey {
    ReplacedKey {
        key_hint: "ASIA…NEWK".to_owned(),
        key: SealedKey {
            access_key_id: vec![9],
            secret: vec![8],
            session_token: Some(vec![7]),
        },
        arn: "arn:aws:iam::111122223333:role/new".to_owned(),
    }
}

async fn names_and_keys_change(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let other = connected(&store, ann, "444455556666").await;
    let connections = store.connections();
    let untouched = connections.get(ann, other).await.unwrap();
    let (later, last) = (noon() + TimeDelta::hours(1), noon() + TimeDelta::hours(2));
    assert!(connections.rename(ann, id, "alpha", later).await.unwrap());
    let names: Vec<String> = (connections.list(ann).await.unwrap().into_iter())
        .map(|one| one.name)
        .collect();
    // By name, whatever the case.
    assert_eq!(names, ["alpha", "Production"]);

    let key = replaced();
    assert!(connections.replace_key(ann, id, &key, last).await.unwrap());
    let found = connections.get(ann, id).await.unwrap().unwrap();
    assert_eq!((found.name.as_str(), found.key), ("alpha", key.key));
    assert_eq!((found.key_hint, found.arn), (key.key_hint, key.arn));
    assert_eq!(found.aws_account.as_str(), "111122223333");
    assert_eq!((found.created_at, found.updated_at), (noon(), last));
    assert_eq!(connections.get(ann, other).await.unwrap(), untouched);
}

async fn deleting_takes_everything_along(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let gone = connected(&store, ann, "111122223333").await;
    let kept = connected(&store, ann, "444455556666").await;
    let slice = DaySlice {
        day: day("2026-11-01"),
        estimated: true,
        rows: vec![crate::costs::row("Amazon S3", "111122223333", 5)],
    };
    let name = LinkedAccountName {
        account: "111122223333".parse().unwrap(),
        name: "Main".to_owned(),
    };
    let store_some = async |id: ConnectionId| {
        let (today, slice, name) = (day("2026-11-24"), slice.clone(), name.clone());
        store
            .costs()
            .replace_slices(
                id,
                &Cube::ServiceAccount.question(),
                today,
                noon(),
                &[slice],
                &[name],
            )
            .await
    };
    for id in [gone, kept] {
        store_some(id).await.unwrap();
        let sync = store.jobs().begin(id, JobKind::First, noon()).await;
        assert!(sync.unwrap().is_some());
    }
    assert!(store.connections().delete(ann, gone).await.unwrap());
    assert!(!store.connections().delete(ann, gone).await.unwrap());

    let period = Period::day(slice.day);
    for (id, there) in [(gone, 0), (kept, 1)] {
        let (costs, cube) = (store.costs(), Cube::ServiceAccount);
        assert_eq!(
            costs
                .slices(id, &cube.question(), period)
                .await
                .unwrap()
                .len(),
            there
        );
        let daily = costs
            .daily_by_key1(id, cube, period, Metric::Unblended)
            .await;
        assert_eq!(daily.unwrap().len(), there);
        assert_eq!(costs.linked_account_names(id).await.unwrap().len(), there);
        let sync = store.jobs().latest(id).await.unwrap();
        assert_eq!(sync.is_some(), there == 1);
    }
    // A sync that was still under way finds its owner gone and leaves nothing.
    assert!(matches!(store_some(gone).await, Err(StoreError::OwnerGone)));
    let sync = store.jobs().begin(gone, JobKind::First, noon()).await;
    assert!(matches!(sync, Err(StoreError::OwnerGone)));
}

async fn upkeep_sees_everyones(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let bob = person(&store, "bob@example.com").await;
    let mut later = connection(ann, "111122223333", "later");
    later.created_at = noon() + TimeDelta::microseconds(1);
    store.connections().insert(&later).await.unwrap();
    let first = connected(&store, bob, "111122223333").await;
    let all = store.connections().all_for_upkeep().await.unwrap();
    assert_eq!(
        all.iter().map(|one| one.id).collect::<Vec<_>>(),
        [first, later.id]
    );
    let one = store.connections().one_for_upkeep(first).await.unwrap();
    assert_eq!(one.unwrap().user, bob);
}
