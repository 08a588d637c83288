//! What the test bodies share: a store on either database, and things to put in.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    account::{ConnectionId, ConnectionKind},
    user::{Role, UserId},
};
use server::{
    security::password::PasswordHash,
    store::{
        DatabaseUrl, Store,
        connections::{SealedKey, StoredConnection},
    },
};
use uuid::Uuid;

/// An empty database, with whatever has to stay while it is used.
pub struct Fresh {
    pub url: DatabaseUrl,
    raw: String,
    _folder: Option<tempfile::TempDir>,
}

impl Fresh {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("cost-tracker.sqlite");
        Self {
            url: DatabaseUrl::in_folder(folder.path()),
            raw: format!("sqlite:{}?mode=rwc", file.display()),
            _folder: Some(folder),
        }
    }

    pub fn postgres() -> Self {
        let raw = crate::postgres_cluster::database();
        Self {
            url: raw.parse().expect("a database's URL"),
            raw,
            _folder: None,
        }
    }

    /// For the driver itself, to look past the store.
    pub fn raw_url(&self) -> &str {
        &self.raw
    }

    pub async fn store(&self) -> Store {
        Store::open(&self.url).await.expect("an open store")
    }
}

/// Makes two tests of each body, `sqlite::name` and `postgres::name`. A body
/// takes a [`Fresh`] database.
macro_rules! on_both {
    ($($body:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $body() {
                super::$body(crate::support::Fresh::sqlite()).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $body() {
                super::$body(crate::support::Fresh::postgres()).await;
            })+
        }
    };
}
pub(crate) use on_both;

pub fn moment(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

/// Noon of a day that all tests begin on.
pub fn noon() -> DateTime<Utc> {
    moment("2026-11-24T12:00:00Z")
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

pub fn seconds(count: i64) -> TimeDelta {
    TimeDelta::seconds(count)
}

pub fn hash(text: &str) -> PasswordHash {
    PasswordHash::stored(format!("$argon2id${text}"))
}

pub async fn person(store: &Store, email: &str) -> UserId {
    let email = email.parse().expect("an address");
    store
        .users()
        .create(&email, &hash("x"), Role::Member, noon())
        .await
        .expect("a person")
}

pub fn connection(user: UserId, account: &str, name: &str) -> StoredConnection {
    StoredConnection {
        id: ConnectionId(Uuid::new_v4()),
        user,
        name: name.to_owned(),
        kind: ConnectionKind::AccessKey,
        key_hint: "AKIA…MPLE".to_owned(),
        key: Some(SealedKey {
            access_key_id: vec![1, 0, 255],
            secret: vec![2, 0, 254],
            session_token: None,
        }),
        key_ends_at: None,
        role: None,
        aws_account: account.parse().expect("an account id"),
        arn: format!("arn:aws:iam::{account}:user/ann"),
        created_at: noon(),
        updated_at: noon(),
    }
}

pub async fn connected(store: &Store, user: UserId, account: &str) -> ConnectionId {
    let new = connection(user, account, "Production");
    store
        .connections()
        .insert(&new)
        .await
        .expect("a connection");
    new.id
}
