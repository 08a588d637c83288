//! Unfinished roles: found only by whom they belong to, and each becomes one connection.

use chrono::TimeDelta;
use domain::{
    account::ConnectionId,
    draft::{DRAFTS_MAX, DraftId},
    role::{ExternalId, RoleSource},
    user::UserId,
};
use server::store::{
    StoreError,
    connections::{InsertConnectionError, SealedKey, StoredConnection},
    drafts::StoredDraft,
};
use uuid::Uuid;

use crate::support::{Fresh, connected, connection, moment, noon, on_both, person};

on_both!(
    a_draft_comes_back,
    nobody_finds_anothers_draft,
    a_person_has_so_many,
    one_draft_becomes_one_connection,
    forgotten_ones_go,
);

pub fn draft(user: UserId) -> StoredDraft {
    StoredDraft {
        id: DraftId(Uuid::new_v4()),
        user,
        name: "Begun".to_owned(),
        external_id: ExternalId::from_random(Uuid::new_v4().as_u128()),
        source: RoleSource::OwnKey,
        source_arn: "arn:aws:iam::111122223333:user/ann".to_owned(),
        source_account: "111122223333".parse().unwrap(),
        key_hint: "ASIA…MPLE".to_owned(),
        key: Some(SealedKey {
            access_key_id: vec![1],
            secret: vec![2, 0],
            session_token: Some(vec![3]),
        }),
        key_ends_at: Some(moment("2026-11-24T20:00:00.25Z")),
        role_arn: String::new(),
        created_at: noon(),
        updated_at: noon(),
    }
}

async fn a_draft_comes_back(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let main = connected(&store, ann, "111122223333").await;
    let keyless = |source| StoredDraft {
        source,
        key: None,
        key_hint: String::new(),
        key_ends_at: None,
        created_at: noon() + TimeDelta::seconds(1),
        ..draft(ann)
    };
    let all = [draft(ann), keyless(RoleSource::Connection(main))];
    assert!(store.drafts().insert(&all[0]).await.unwrap());
    assert!(store.connections().any_sealed().await.unwrap());
    assert!(store.drafts().insert(&all[1]).await.unwrap());
    assert_eq!(store.drafts().list(ann).await.unwrap(), all);
    let found = store.drafts().get(ann, all[0].id).await.unwrap();
    assert_eq!(found.as_ref(), Some(&all[0]));
    let shown = format!("{found:?}");
    assert!(shown.contains("SealedKey(…)"), "{shown}");

    let (typed, later) = ("arn:aws:iam::1:role/'x'", noon() + TimeDelta::hours(1));
    let drafts = store.drafts();
    drafts
        .set_role_arn(ann, all[0].id, typed, later)
        .await
        .unwrap();
    let found = drafts.get(ann, all[0].id).await.unwrap().unwrap();
    assert_eq!((found.role_arn.as_str(), found.updated_at), (typed, later));
    assert_eq!(drafts.get(ann, all[1].id).await.unwrap().unwrap(), all[1]);

    let gone = keyless(RoleSource::Connection(ConnectionId(Uuid::new_v4())));
    assert!(matches!(
        drafts.insert(&gone).await,
        Err(StoreError::OwnerGone)
    ));
}

async fn nobody_finds_anothers_draft(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let bob = person(&store, "bob@example.com").await;
    let anns = draft(ann);
    assert!(store.drafts().insert(&anns).await.unwrap());
    let drafts = store.drafts();
    assert_eq!(drafts.get(bob, anns.id).await.unwrap(), None);
    assert!(drafts.list(bob).await.unwrap().is_empty());
    drafts
        .set_role_arn(bob, anns.id, "x", noon())
        .await
        .unwrap();
    assert!(!drafts.delete(bob, anns.id).await.unwrap());
    let new = connection(bob, "111122223333", "Bob's");
    let error = store.connections().insert_for_draft(&new, anns.id).await;
    assert!(matches!(
        error,
        Err(InsertConnectionError::Store(StoreError::OwnerGone))
    ));
    assert!(store.connections().list(bob).await.unwrap().is_empty());
    assert_eq!(drafts.get(ann, anns.id).await.unwrap(), Some(anns));
}

async fn a_person_has_so_many(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let bob = person(&store, "bob@example.com").await;
    for _ in 0..DRAFTS_MAX {
        assert!(store.drafts().insert(&draft(ann)).await.unwrap());
    }
    assert!(!store.drafts().insert(&draft(ann)).await.unwrap());
    assert!(store.drafts().insert(&draft(bob)).await.unwrap());
    assert_eq!(store.drafts().list(ann).await.unwrap().len(), DRAFTS_MAX);
}

async fn one_draft_becomes_one_connection(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let begun = draft(ann);
    assert!(store.drafts().insert(&begun).await.unwrap());
    let existing = connected(&store, ann, "111122223333").await;
    // Refused: the draft stays for another account.
    let second = connection(ann, "111122223333", "Second");
    let error = store
        .connections()
        .insert_for_draft(&second, begun.id)
        .await;
    assert!(matches!(error, Err(InsertConnectionError::Conflict(id)) if id == existing));
    assert!(store.drafts().get(ann, begun.id).await.unwrap().is_some());

    let race: Vec<_> = (0..6)
        .map(|number| {
            let (store, id) = (store.clone(), begun.id);
            let account = format!("00000000000{number}");
            let new: StoredConnection = connection(ann, &account, "Of a draft");
            tokio::spawn(async move { store.connections().insert_for_draft(&new, id).await })
        })
        .collect();
    let mut made = 0;
    for one in race {
        match one.await.unwrap() {
            Ok(()) => made += 1,
            Err(InsertConnectionError::Store(StoreError::OwnerGone)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!(made, 1);
    assert_eq!(store.drafts().get(ann, begun.id).await.unwrap(), None);
    assert_eq!(store.connections().list(ann).await.unwrap().len(), 2);
}

async fn forgotten_ones_go(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let (old, new) = (draft(ann), draft(ann));
    for one in [&old, &new] {
        assert!(store.drafts().insert(one).await.unwrap());
    }
    let later = noon() + TimeDelta::days(1);
    store
        .drafts()
        .set_role_arn(ann, new.id, "x", later)
        .await
        .unwrap();
    assert_eq!(store.drafts().delete_forgotten(later).await.unwrap(), 1);
    assert!(store.drafts().get(ann, old.id).await.unwrap().is_none());
    assert!(store.drafts().get(ann, new.id).await.unwrap().is_some());
}
