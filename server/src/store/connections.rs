//! Connections to AWS accounts, with their keys sealed. Nothing is found here
//! without saying whose it is, except for the server's own upkeep.

use std::fmt;

use chrono::{DateTime, Utc};
use domain::{
    account::{AwsAccountId, ConnectionId, ConnectionKind},
    user::UserId,
};

use super::{
    Result, StoreError,
    database::{Database, Row, moment, row, rows, run},
};

/// Connections.
pub struct Connections<'a>(pub(super) &'a Database);

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
    /// The access key id with its middle left out.
    pub key_hint: String,
    /// The key.
    pub key: SealedKey,
    /// The account that AWS says the key belongs to.
    pub aws_account: AwsAccountId,
    /// Who AWS says the key is.
    pub arn: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// Another key for a connection.
#[derive(Clone, Debug)]
pub struct ReplacedKey {
    /// The access key id with its middle left out.
    pub key_hint: String,
    /// The key.
    pub key: SealedKey,
    /// Who AWS says the key is.
    pub arn: String,
}

/// Why a connection wasn't stored.
#[derive(Debug, thiserror::Error)]
pub enum InsertConnectionError {
    /// The person has connected this AWS account before: as this.
    #[error("the person has a connection to this AWS account already")]
    Conflict(ConnectionId),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

const COLUMNS: &str = "id, user_id, name, kind, key_hint, access_key_id_sealed, secret_sealed, \
                       session_token_sealed, aws_account, arn, created_at, updated_at";

impl Connections<'_> {
    /// The person's, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list(&self, user: UserId) -> Result<Vec<StoredConnection>> {
        let mut connections = rows(
            self.0.reads(),
            &format!("SELECT {COLUMNS} FROM connections WHERE user_id = $1"),
            [user.to_string().into()],
        )
        .await?
        .iter()
        .map(connection)
        .collect::<Result<Vec<_>>>()?;
        // Here, because the two databases sort letters differently.
        connections.sort_by_cached_key(|one| (one.name.to_lowercase(), one.id));
        Ok(connections)
    }

    /// One of the person's; someone else's is as absent as none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get(&self, user: UserId, id: ConnectionId) -> Result<Option<StoredConnection>> {
        row(
            self.0.reads(),
            &format!("SELECT {COLUMNS} FROM connections WHERE id = $1 AND user_id = $2"),
            [id.to_string().into(), user.to_string().into()],
        )
        .await?
        .map(|row| connection(&row))
        .transpose()
    }

    /// The person's connection to an AWS account.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn to_account(
        &self,
        user: UserId,
        account: &AwsAccountId,
    ) -> Result<Option<ConnectionId>> {
        row(
            self.0.reads(),
            "SELECT id FROM connections WHERE user_id = $1 AND aws_account = $2",
            [user.to_string().into(), account.as_str().into()],
        )
        .await?
        .map(|row| row.parse("id").map(ConnectionId))
        .transpose()
    }

    /// Stores a new connection.
    ///
    /// # Errors
    /// [`InsertConnectionError::Conflict`] when the person has connected the AWS
    /// account before, also when both happen at once.
    pub async fn insert(
        &self,
        new: &StoredConnection,
    ) -> std::result::Result<(), InsertConnectionError> {
        loop {
            let inserted = run(
                self.0.writes(),
                &format!(
                    "INSERT INTO connections ({COLUMNS}) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
                     ON CONFLICT (user_id, aws_account) DO NOTHING"
                ),
                [
                    new.id.to_string().into(),
                    new.user.to_string().into(),
                    new.name.as_str().into(),
                    new.kind.as_str().into(),
                    new.key_hint.as_str().into(),
                    new.key.access_key_id.clone().into(),
                    new.key.secret.clone().into(),
                    new.key.session_token.clone().into(),
                    new.aws_account.as_str().into(),
                    new.arn.as_str().into(),
                    moment(new.created_at),
                    moment(new.updated_at),
                ],
            )
            .await?;
            if inserted == 1 {
                return Ok(());
            }
            if let Some(existing) = self.to_account(new.user, &new.aws_account).await? {
                return Err(InsertConnectionError::Conflict(existing));
            }
            // The one in the way was deleted in between.
        }
    }

    /// Gives one of the person's another name; answers whether there is such a one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rename(
        &self,
        user: UserId,
        id: ConnectionId,
        name: &str,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let updated = run(
            self.0.writes(),
            "UPDATE connections SET name = $3, updated_at = $4 WHERE id = $1 AND user_id = $2",
            [
                id.to_string().into(),
                user.to_string().into(),
                name.into(),
                moment(now),
            ],
        )
        .await?;
        Ok(updated == 1)
    }

    /// Gives one of the person's another key for the same AWS account; answers
    /// whether there is such a one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn replace_key(
        &self,
        user: UserId,
        id: ConnectionId,
        new: &ReplacedKey,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let updated = run(
            self.0.writes(),
            "UPDATE connections SET key_hint = $3, access_key_id_sealed = $4, \
             secret_sealed = $5, session_token_sealed = $6, arn = $7, updated_at = $8 \
             WHERE id = $1 AND user_id = $2",
            [
                id.to_string().into(),
                user.to_string().into(),
                new.key_hint.as_str().into(),
                new.key.access_key_id.clone().into(),
                new.key.secret.clone().into(),
                new.key.session_token.clone().into(),
                new.arn.as_str().into(),
                moment(now),
            ],
        )
        .await?;
        Ok(updated == 1)
    }

    /// Deletes one of the person's with its key, costs and syncs, all or
    /// nothing; answers whether there was such a one. The ledger keeps its lines.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete(&self, user: UserId, id: ConnectionId) -> Result<bool> {
        // Whatever belongs to it goes in the same statement, by foreign keys.
        let deleted = run(
            self.0.writes(),
            "DELETE FROM connections WHERE id = $1 AND user_id = $2",
            [id.to_string().into(), user.to_string().into()],
        )
        .await?;
        Ok(deleted == 1)
    }

    /// Everyone's, oldest first: for work that the server does by itself.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all_for_upkeep(&self) -> Result<Vec<StoredConnection>> {
        rows(
            self.0.reads(),
            &format!("SELECT {COLUMNS} FROM connections ORDER BY created_at, id"),
            [],
        )
        .await?
        .iter()
        .map(connection)
        .collect()
    }

    /// One, whoever's it is: for work that the server does by itself.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn one_for_upkeep(&self, id: ConnectionId) -> Result<Option<StoredConnection>> {
        row(
            self.0.reads(),
            &format!("SELECT {COLUMNS} FROM connections WHERE id = $1"),
            [id.to_string().into()],
        )
        .await?
        .map(|row| connection(&row))
        .transpose()
    }

    /// Whether anything sealed is stored.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn any_sealed(&self) -> Result<bool> {
        let found = row(self.0.reads(), "SELECT id FROM connections LIMIT 1", []).await?;
        Ok(found.is_some())
    }
}

fn connection(row: &Row) -> Result<StoredConnection> {
    Ok(StoredConnection {
        id: ConnectionId(row.parse("id")?),
        user: UserId(row.parse("user_id")?),
        name: row.get("name")?,
        kind: row.read("kind", |text| {
            [ConnectionKind::AccessKey, ConnectionKind::Sample]
                .into_iter()
                .find(|kind| kind.as_str() == text)
        })?,
        key_hint: row.get("key_hint")?,
        key: SealedKey {
            access_key_id: row.get("access_key_id_sealed")?,
            secret: row.get("secret_sealed")?,
            session_token: row.get("session_token_sealed")?,
        },
        aws_account: row.parse("aws_account")?,
        arn: row.get("arn")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
