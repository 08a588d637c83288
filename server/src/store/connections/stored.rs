//! Connections as they are kept, and how rows become them.

use std::fmt;

use chrono::{DateTime, Utc};
use domain::{
    account::{AwsAccountId, ConnectionId, ConnectionKind},
    role::{ExternalId, RoleArn, RoleSource},
    user::UserId,
};
use sea_orm::Value;

use crate::store::{Result, StoreError, database::Row};

/// A key as the vault sealed it.
#[derive(Clone, Eq, PartialEq)]
pub struct SealedKey {
    /// The access key id.
    pub access_key_id: Vec<u8>,
    /// The secret.
    pub secret: Vec<u8>,
    /// The session token of a temporary key.
    pub session_token: Option<Vec<u8>>,
}

impl fmt::Debug for SealedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedKey(…)")
    }
}

/// A role as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredRole {
    /// The role.
    pub arn: RoleArn,
    /// What its trust policy demands.
    pub external_id: ExternalId,
    /// Who takes it on.
    pub source: RoleSource,
    /// Who AWS says that is.
    pub source_arn: String,
}

/// A connection as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredConnection {
    /// Names it.
    pub id: ConnectionId,
    /// Whose it is.
    pub user: UserId,
    /// What the person calls it.
    pub name: String,
    /// How it proves itself.
    pub kind: ConnectionKind,
    /// The access key id with its middle left out; empty without a key.
    pub key_hint: String,
    /// The key, if it has one of its own.
    pub key: Option<SealedKey>,
    /// When that key ends, as far as anybody knows.
    pub key_ends_at: Option<DateTime<Utc>>,
    /// The role, if it is one.
    pub role: Option<StoredRole>,
    /// The account that AWS says it leads to.
    pub aws_account: AwsAccountId,
    /// Who AWS says it is.
    pub arn: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// Another way in for a connection: whatever it proves itself with, all at once.
#[derive(Clone, Debug)]
pub struct Replaced {
    /// The access key id with its middle left out.
    pub key_hint: String,
    /// The key.
    pub key: Option<SealedKey>,
    /// When that key ends.
    pub key_ends_at: Option<DateTime<Utc>>,
    /// The role.
    pub role: Option<StoredRole>,
    /// Who AWS says it is.
    pub arn: String,
}

/// What signs in with the key of a connection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Dependent {
    /// A connection, by its id and name.
    Connection(ConnectionId, String),
    /// A role that isn't finished, by its id and name.
    Draft(domain::draft::DraftId, String),
}

pub(super) const COLUMNS: &str = "id, user_id, name, kind, key_hint, access_key_id_sealed, \
    secret_sealed, session_token_sealed, key_ends_at, role_arn, external_id, source, \
    source_connection_id, source_arn, aws_account, arn, created_at, updated_at";

pub(super) fn connection(row: &Row) -> Result<StoredConnection> {
    Ok(StoredConnection {
        id: ConnectionId(row.parse("id")?),
        user: UserId(row.parse("user_id")?),
        name: row.get("name")?,
        kind: row.read("kind", |text| {
            ConnectionKind::ALL
                .into_iter()
                .find(|kind| kind.as_str() == text)
        })?,
        key_hint: row.get("key_hint")?,
        key: sealed_key(row)?,
        key_ends_at: row.get("key_ends_at")?,
        role: role(row)?,
        aws_account: row.parse("aws_account")?,
        arn: row.get("arn")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}

fn role(row: &Row) -> Result<Option<StoredRole>> {
    let Some(arn) = row.get::<Option<String>>("role_arn")? else {
        return Ok(None);
    };
    Ok(Some(StoredRole {
        arn: arn
            .parse()
            .map_err(|_| StoreError::Unreadable("role_arn"))?,
        external_id: row.parse("external_id")?,
        source: source(row)?,
        source_arn: row.get("source_arn")?,
    }))
}

/// The key in a row of connections or drafts.
pub(in crate::store) fn sealed_key(row: &Row) -> Result<Option<SealedKey>> {
    let id: Option<Vec<u8>> = row.get("access_key_id_sealed")?;
    let secret: Option<Vec<u8>> = row.get("secret_sealed")?;
    match (id, secret) {
        (Some(access_key_id), Some(secret)) => Ok(Some(SealedKey {
            access_key_id,
            secret,
            session_token: row.get("session_token_sealed")?,
        })),
        (None, None) => Ok(None),
        _ => Err(StoreError::Unreadable("secret_sealed")),
    }
}

/// The values of `access_key_id_sealed`, `secret_sealed` and `session_token_sealed`.
pub(in crate::store) fn key_values(key: Option<&SealedKey>) -> [Value; 3] {
    let key = key.cloned();
    let (id, secret, token) = key.map_or((None, None, None), |key| {
        (Some(key.access_key_id), Some(key.secret), key.session_token)
    });
    [id.into(), secret.into(), token.into()]
}

/// Who takes a role on, from a row of connections or drafts.
pub(in crate::store) fn source(row: &Row) -> Result<RoleSource> {
    let connection: Option<String> = row.get("source_connection_id")?;
    row.read("source", |text| match (text, connection) {
        (OWN_KEY, None) => Some(RoleSource::OwnKey),
        (CONNECTION, Some(id)) => Some(RoleSource::Connection(id.parse().ok()?)),
        (ENVIRONMENT, None) => Some(RoleSource::Environment),
        _ => None,
    })
}

/// The values of `source` and `source_connection_id`.
pub(in crate::store) fn source_values(source: Option<RoleSource>) -> [Value; 2] {
    let (name, connection) = match source {
        None => (None, None),
        Some(RoleSource::OwnKey) => (Some(OWN_KEY), None),
        Some(RoleSource::Connection(id)) => (Some(CONNECTION), Some(id.to_string())),
        Some(RoleSource::Environment) => (Some(ENVIRONMENT), None),
    };
    [name.map(str::to_owned).into(), connection.into()]
}

const OWN_KEY: &str = "own_key";
const CONNECTION: &str = "connection";
const ENVIRONMENT: &str = "environment";
