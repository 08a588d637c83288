//! Connections: found only by whom they belong to, and deleted whole.

use chrono::TimeDelta;
use domain::{
    account::{ConnectionId, ConnectionKind},
    cube::{Cube, DaySlice, LinkedAccountName},
    metric::Metric,
    period::Period,
    role::{ExternalId, RoleSource},
    user::UserId,
};
use server::store::{
    Store, StoreError,
    connections::{
        Dependent, InsertConnectionError, Replaced, SealedKey, StoredConnection, StoredRole,
    },
    drafts::StoredDraft,
    jobs::JobKind,
};
use uuid::Uuid;

use crate::{
    drafts::draft,
    support::{Fresh, connected, connection, day, moment, noon, on_both, person},
};

on_both!(
    what_is_stored_comes_back,
    nobody_finds_anothers,
    an_aws_account_is_connected_once_by_a_person,
    names_and_keys_change,
    every_kind_comes_back,
    what_others_need_is_not_deleted,
    a_temporary_key_has_ended_unless_it_was_replaced,
    deleting_takes_everything_along,
    upkeep_sees_everyones,
);

async fn what_is_stored_comes_back(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let mut new = connection(ann, "111122223333", "Ünïcode 'quoted' \"name\"; --");
    new.kind = ConnectionKind::Sample;
    new.key.as_mut().unwrap().session_token = Some((0..=255).collect());
    new.key_ends_at = Some(moment("2026-11-24T20:00:00.5Z"));
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
    assert!(!connections.replace(bob, anns, &key, noon()).await.unwrap());
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

fn replaced() -> Replaced {
    Replaced {
        key_hint: "ASIA…NEWK".to_owned(),
        key: Some(SealedKey {
            access_key_id: vec![9],
            secret: vec![8],
            session_token: Some(vec![7]),
        }),
        key_ends_at: Some(moment("2026-11-24T13:00:00Z")),
        role: None,
        arn: "arn:aws:iam::111122223333:role/new".to_owned(),
    }
}

fn role(source: RoleSource) -> StoredRole {
    StoredRole {
        arn: "arn:aws:iam::444455556666:role/CostTracker"
            .parse()
            .unwrap(),
        external_id: ExternalId::from_random(7),
        source,
        source_arn: "arn:aws:iam::111122223333:user/ann".to_owned(),
    }
}

/// A connection without a key of its own.
fn role_connection(user: UserId, account: &str, source: RoleSource) -> StoredConnection {
    StoredConnection {
        kind: ConnectionKind::Role,
        key_hint: String::new(),
        key: None,
        role: Some(role(source)),
        ..connection(user, account, "A role")
    }
}

async fn every_kind_comes_back(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let main = connected(&store, ann, "111122223333").await;
    let environment = StoredConnection {
        kind: ConnectionKind::Environment,
        key_hint: String::new(),
        key: None,
        ..connection(ann, "000000000004", "Here")
    };
    let own_key = StoredConnection {
        kind: ConnectionKind::Role,
        role: Some(role(RoleSource::OwnKey)),
        ..connection(ann, "000000000003", "With a key")
    };
    for new in [
        role_connection(ann, "000000000001", RoleSource::Connection(main)),
        role_connection(ann, "000000000002", RoleSource::Environment),
        own_key,
        environment,
    ] {
        store.connections().insert(&new).await.unwrap();
        let found = store.connections().get(ann, new.id).await.unwrap();
        assert_eq!(found, Some(new));
    }
    // Nobody takes a role on with what isn't there.
    let nothing = RoleSource::Connection(ConnectionId(Uuid::new_v4()));
    let new = role_connection(ann, "000000000005", nothing);
    let error = store.connections().insert(&new).await.unwrap_err();
    assert!(matches!(
        error,
        InsertConnectionError::Store(StoreError::OwnerGone)
    ));
}

async fn what_others_need_is_not_deleted(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let bob = person(&store, "bob@example.com").await;
    let main = connected(&store, ann, "111122223333").await;
    let source = RoleSource::Connection(main);
    let role = role_connection(ann, "444455556666", source);
    store.connections().insert(&role).await.unwrap();
    let draft = StoredDraft {
        key: None,
        source,
        ..draft(ann)
    };
    assert!(store.drafts().insert(&draft).await.unwrap());
    let connections = store.connections();
    assert_eq!(
        connections.dependents(ann, main).await.unwrap(),
        [
            Dependent::Connection(role.id, "A role".to_owned()),
            Dependent::Draft(draft.id, "Begun".to_owned()),
        ]
    );
    assert!(connections.dependents(bob, main).await.unwrap().is_empty());
    for what in ["the role", "the draft"] {
        assert!(!connections.delete(ann, main).await.unwrap(), "{what}");
        if what == "the role" {
            assert!(connections.delete(ann, role.id).await.unwrap());
        }
    }
    assert!(connections.get(ann, main).await.unwrap().is_some());
    assert!(store.drafts().delete(ann, draft.id).await.unwrap());
    assert!(connections.dependents(ann, main).await.unwrap().is_empty());
    assert!(connections.delete(ann, main).await.unwrap());
}

async fn a_temporary_key_has_ended_unless_it_was_replaced(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let lasting = connected(&store, ann, "111122223333").await;
    let temporary = connected(&store, ann, "444455556666").await;
    let connections = store.connections();
    let key = Replaced {
        key_ends_at: None,
        ..replaced()
    };
    let read = async |id| connections.get(ann, id).await.unwrap().unwrap();
    assert!(
        connections
            .replace(ann, temporary, &key, noon())
            .await
            .unwrap()
    );
    let old = read(temporary).await;
    for id in [lasting, temporary] {
        let connection = read(id).await;
        connections
            .key_has_ended(&connection, noon())
            .await
            .unwrap();
    }
    assert_eq!(read(lasting).await.key_ends_at, None);
    assert_eq!(read(temporary).await.key_ends_at, Some(noon()));
    // A later notice doesn't make it end later, nor does one about the key before.
    let later = noon() + TimeDelta::hours(1);
    connections.key_has_ended(&old, later).await.unwrap();
    assert_eq!(read(temporary).await.key_ends_at, Some(noon()));
    let mut next = key.clone();
    next.key.as_mut().unwrap().access_key_id = vec![10];
    assert!(
        connections
            .replace(ann, temporary, &next, later)
            .await
            .unwrap()
    );
    connections.key_has_ended(&old, later).await.unwrap();
    assert_eq!(read(temporary).await.key_ends_at, None);
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
    assert!(connections.replace(ann, id, &key, last).await.unwrap());
    let found = connections.get(ann, id).await.unwrap().unwrap();
    assert_eq!((found.name.as_str(), found.key), ("alpha", key.key));
    assert_eq!((found.key_hint, found.arn), (key.key_hint, key.arn));
    assert_eq!(found.key_ends_at, key.key_ends_at);
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
