//! Opening: what is there stays, and two processes don't get in each other's way.

use server::store::{DatabaseUrl, Store, StoreError};

use crate::support::{Fresh, hash, noon, on_both, person};

on_both!(
    opening_again_keeps_everything,
    processes_that_open_at_once_all_get_in,
    many_writers_in_two_processes_all_get_through,
    what_is_under_a_name_is_set_once_or_again,
);

async fn opening_again_keeps_everything(fresh: Fresh) {
    let store = fresh.store().await;
    person(&store, "ann@example.com").await;
    store.ping().await.unwrap();
    store.close().await.unwrap();
    assert!(store.ping().await.is_err());
    let again = fresh.store().await;
    assert_eq!(again.users().count().await.unwrap(), 1);
}

async fn processes_that_open_at_once_all_get_in(fresh: Fresh) {
    // Some open what others are about to be the last to close.
    let crowd: Vec<_> = (0..6)
        .map(|_| {
            let url = fresh.url.clone();
            tokio::spawn(async move {
                for _ in 0..10 {
                    Store::open(&url).await?.close().await?;
                }
                Ok::<_, StoreError>(())
            })
        })
        .collect();
    for one in crowd {
        one.await.unwrap().unwrap();
    }
}

async fn many_writers_in_two_processes_all_get_through(fresh: Fresh) {
    let stores = [fresh.store().await, fresh.store().await];
    let crowd: Vec<_> = (0..100)
        .map(|number| {
            let store = stores[number % 2].clone();
            tokio::spawn(async move {
                let user = person(&store, &format!("person{number}@example.com")).await;
                // A single statement, and then a transaction of several.
                store
                    .users()
                    .set_password_hash(user, &hash("y"), None)
                    .await
                    .unwrap()
            })
        })
        .collect();
    for one in crowd {
        assert!(one.await.unwrap());
    }
    assert_eq!(stores[0].users().count().await.unwrap(), 100);
}

async fn what_is_under_a_name_is_set_once_or_again(fresh: Fresh) {
    let store = fresh.store().await;
    let meta = store.meta();
    assert_eq!(meta.get("a").await.unwrap(), None);
    assert!(meta.insert_if_absent("a", "1").await.unwrap());
    assert!(!meta.insert_if_absent("a", "2").await.unwrap());
    assert_eq!(meta.get("a").await.unwrap().as_deref(), Some("1"));
    meta.set("a", "3").await.unwrap();
    meta.set("b", "4").await.unwrap();
    assert_eq!(meta.get("a").await.unwrap().as_deref(), Some("3"));
    assert_eq!(meta.get("b").await.unwrap().as_deref(), Some("4"));
}

#[tokio::test]
async fn a_database_in_memory_works_too() {
    let url: DatabaseUrl = "sqlite::memory:".parse().unwrap();
    let store = Store::open(&url).await.unwrap();
    person(&store, "ann@example.com").await;
    let first = store
        .users()
        .create_first(&"bob@example.com".parse().unwrap(), &hash("x"), noon())
        .await;
    assert!(first.is_err());
    assert_eq!(store.users().count().await.unwrap(), 1);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_an_error_without_its_password() {
    let url: DatabaseUrl = "postgres://ann:hunter2secret@127.0.0.1:1/costs"
        .parse()
        .unwrap();
    let error = Store::open(&url).await.err().unwrap();
    assert!(matches!(error, StoreError::Open(_)));
    let cause = std::error::Error::source(&error).unwrap();
    assert!(!format!("{error} {error:?} {cause} {cause:?}").contains("hunter2"));
}
