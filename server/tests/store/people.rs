//! Accounts and sessions.

use chrono::{DateTime, TimeDelta, Utc};
use domain::user::{Email, Role, UserId};
use server::store::{DatabaseUrl, Store, users::CreateUserError};

use crate::support::{Fresh, hash, noon, on_both, person, seconds};

on_both!(
    racing_set_ups_make_one_account,
    set_up_is_over_once_anybody_has_an_account,
    an_address_has_one_account,
    people_are_found_and_listed,
    another_password_ends_the_sessions,
    sessions_end_by_age_and_by_being_unused,
    sessions_last_while_they_are_used,
    sessions_end_one_by_one_or_together,
    ended_sessions_are_forgotten,
);

fn email(text: &str) -> Email {
    text.parse().expect("an address")
}

async fn racing_set_ups_make_one_account(fresh: Fresh) {
    // Two stores, as if two processes shared the database.
    let stores = [fresh.store().await, fresh.store().await];
    let race = (0..20).map(|number| {
        let store: Store = stores[number % 2].clone();
        tokio::spawn(async move {
            let email = email(&format!("person{number}@example.com"));
            store.users().create_first(&email, &hash("x"), noon()).await
        })
    });
    let race: Vec<_> = race.collect();
    let mut winners = 0;
    for one in race {
        match one.await.unwrap() {
            Ok(_) => winners += 1,
            Err(CreateUserError::AlreadySetUp) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!(winners, 1);
    let people = stores[0].users().list().await.unwrap();
    assert_eq!(people.len(), 1);
    assert_eq!(people[0].role, Role::Administrator);
}

async fn set_up_is_over_once_anybody_has_an_account(fresh: Fresh) {
    let store = fresh.store().await;
    assert_eq!(store.users().count().await.unwrap(), 0);
    person(&store, "ann@example.com").await;
    assert_eq!(store.users().count().await.unwrap(), 1);
    let late = store
        .users()
        .create_first(&email("bob@example.com"), &hash("x"), noon())
        .await;
    assert!(matches!(late, Err(CreateUserError::AlreadySetUp)));
    assert_eq!(store.users().count().await.unwrap(), 1);
}

async fn an_address_has_one_account(fresh: Fresh) {
    let store = fresh.store().await;
    person(&store, "ann@example.com").await;
    let again = store
        .users()
        .create(
            &email("Ann@Example.com"),
            &hash("other"),
            Role::Administrator,
            noon(),
        )
        .await;
    assert!(matches!(again, Err(CreateUserError::EmailTaken)));
    let (ann, password) = store
        .users()
        .by_email(&email("ann@example.com"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(ann.role, Role::Member);
    assert_eq!(password, hash("x"));
}

async fn people_are_found_and_listed(fresh: Fresh) {
    let store = fresh.store().await;
    let cleo = person(&store, "cleo@example.com").await;
    person(&store, "Ann@example.com").await;
    person(&store, "bob_b@example.com").await;
    let people = store.users().list().await.unwrap();
    let addresses: Vec<&str> = people.iter().map(|user| user.email.as_str()).collect();
    assert_eq!(
        addresses,
        ["ann@example.com", "bob_b@example.com", "cleo@example.com"]
    );
    let found = store.users().by_email(&email("cleo@example.com")).await;
    assert_eq!(found.unwrap().unwrap().0.id, cleo);
    // An underscore is a letter, not a wildcard.
    let near = store.users().by_email(&email("bobxb@example.com")).await;
    assert!(near.unwrap().is_none());
}

/// Begins the session of a person as [`person`] makes them.
async fn begun(store: &Store, token: [u8; 32], who: UserId, [from, until]: [DateTime<Utc>; 2]) {
    let sessions = store.sessions();
    let begun = sessions.insert(&token, who, &hash("x"), from, until).await;
    assert!(begun.unwrap());
}

async fn another_password_ends_the_sessions(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let bob = person(&store, "bob@example.com").await;
    let until = noon() + TimeDelta::days(30);
    for (token, user) in [([1; 32], ann), ([2; 32], ann), ([3; 32], bob)] {
        begun(&store, token, user, [noon(), until]).await;
    }
    assert!(
        store
            .users()
            .set_password_hash(ann, &hash("new"), None)
            .await
            .unwrap()
    );
    let idle = TimeDelta::days(7);
    for (token, there) in [([1; 32], false), ([2; 32], false), ([3; 32], true)] {
        let found = store.sessions().find(&token, noon(), idle).await.unwrap();
        assert_eq!(found.is_some(), there);
    }
    let (_, password) = store
        .users()
        .by_email(&email("ann@example.com"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(password, hash("new"));
    // Nor is it changed by who proved the one before.
    let users = store.users();
    let (old, newer) = (hash("x"), hash("newer"));
    let changed = users.set_password_hash(ann, &newer, Some(&old)).await;
    assert!(!changed.unwrap());
    // Who proved the old one before it was changed comes too late.
    for (proved, begins) in [("x", false), ("new", true)] {
        let sessions = store.sessions();
        let proved = hash(proved);
        let begun = sessions.insert(&[4; 32], ann, &proved, noon(), until);
        assert_eq!(begun.await.unwrap(), begins);
        let found = sessions.find(&[4; 32], noon(), idle).await.unwrap();
        assert_eq!(found.is_some(), begins);
    }
    let nobody = UserId(uuid::Uuid::new_v4());
    assert!(
        !store
            .users()
            .set_password_hash(nobody, &hash("new"), None)
            .await
            .unwrap()
    );
}

async fn sessions_end_by_age_and_by_being_unused(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let (token, idle) = ([7; 32], TimeDelta::days(7));
    let until = noon() + TimeDelta::days(3);
    let sessions = store.sessions();
    begun(&store, token, ann, [noon(), until]).await;

    let found = sessions.find(&token, noon(), idle).await.unwrap().unwrap();
    assert_eq!((found.id, found.email), (ann, email("ann@example.com")));
    assert_eq!(sessions.find(&[8; 32], noon(), idle).await.unwrap(), None);
    let last = until - seconds(1);
    assert!(sessions.find(&token, last, idle).await.unwrap().is_some());
    assert_eq!(sessions.find(&token, until, idle).await.unwrap(), None);

    let other = [9; 32];
    let until = noon() + TimeDelta::days(30);
    begun(&store, other, ann, [noon(), until]).await;
    let unused = noon() + idle;
    assert_eq!(sessions.find(&other, unused, idle).await.unwrap(), None);
}

async fn sessions_last_while_they_are_used(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let (token, idle) = ([7; 32], TimeDelta::hours(1));
    let sessions = store.sessions();
    let until = noon() + TimeDelta::days(30);
    begun(&store, token, ann, [noon(), until]).await;
    // Each time within the hour of the time before, far beyond the first hour.
    for minutes in [59, 117, 175, 233] {
        let now = noon() + TimeDelta::minutes(minutes);
        assert!(sessions.find(&token, now, idle).await.unwrap().is_some());
    }
    // Used half a minute later: too soon to be written down, so the hour counts
    // from the time before.
    let seen = noon() + TimeDelta::minutes(233);
    let soon = seen + seconds(30);
    assert!(sessions.find(&token, soon, idle).await.unwrap().is_some());
    assert!(
        sessions
            .find(&token, seen + idle, idle)
            .await
            .unwrap()
            .is_none()
    );
}

async fn sessions_end_one_by_one_or_together(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let bob = person(&store, "bob@example.com").await;
    let (sessions, idle) = (store.sessions(), TimeDelta::days(7));
    let until = noon() + TimeDelta::days(30);
    for (number, user) in [(1, ann), (2, ann), (3, ann), (4, bob)] {
        begun(&store, [number; 32], user, [noon(), until]).await;
    }
    sessions.delete(&[1; 32]).await.unwrap();
    sessions.delete(&[1; 32]).await.unwrap();
    assert!(
        sessions
            .find(&[1; 32], noon(), idle)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        sessions
            .find(&[2; 32], noon(), idle)
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(sessions.delete_all_of(ann).await.unwrap(), 2);
    assert!(
        sessions
            .find(&[2; 32], noon(), idle)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        sessions
            .find(&[4; 32], noon(), idle)
            .await
            .unwrap()
            .is_some()
    );
}

async fn ended_sessions_are_forgotten(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let (sessions, idle) = (store.sessions(), TimeDelta::days(7));
    for (number, from, days) in [(1, 0, 30), (2, 0, 8), (3, 5, 8), (4, 8, 30)] {
        let from = noon() + TimeDelta::days(from);
        let until = from + TimeDelta::days(days);
        begun(&store, [number; 32], ann, [from, until]).await;
    }
    // On the ninth day the first is unused, the second also over.
    let now = noon() + TimeDelta::days(9);
    assert_eq!(sessions.delete_expired(now, idle).await.unwrap(), 2);
    assert_eq!(sessions.delete_expired(now, idle).await.unwrap(), 0);
    for number in [3, 4] {
        assert!(
            sessions
                .find(&[number; 32], now, idle)
                .await
                .unwrap()
                .is_some()
        );
    }
}

/// The file's own name for the whole table of people: nobody else may read it.
#[cfg(unix)]
#[tokio::test]
async fn the_file_and_its_folder_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("a").join("b");
    let store = Store::open(&DatabaseUrl::in_folder(&data)).await.unwrap();
    person(&store, "ann@example.com").await;
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    let mut files = 0;
    for file in data.read_dir().unwrap() {
        assert_eq!(mode(&file.unwrap().path()), 0o600);
        files += 1;
    }
    assert!(files > 0);
}
