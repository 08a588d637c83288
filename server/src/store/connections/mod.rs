//! Connections to AWS accounts, with their keys sealed. Nothing is found here
//! without saying whose it is, except for the server's own upkeep.

use chrono::{DateTime, Utc};
use domain::{
    account::{AwsAccountId, ConnectionId},
    draft::DraftId,
    user::UserId,
};
use sea_orm::{ConnectionTrait, Value};

use super::{
    Result, StoreError,
    database::{Database, maybe_moment, moment, row, rows, run},
};

mod stored;

use stored::{COLUMNS, connection};
pub use stored::{Dependent, Replaced, SealedKey, StoredConnection, StoredRole};
pub(super) use stored::{key_values, sealed_key, source, source_values};

/// Connections.
pub struct Connections<'a>(pub(super) &'a Database);

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

    /// The account that a connection leads to, whoever's it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn aws_account(&self, id: ConnectionId) -> Result<Option<AwsAccountId>> {
        let sql = "SELECT aws_account FROM connections WHERE id = $1";
        let row = row(self.0.reads(), sql, [id.to_string().into()]).await?;
        row.map(|row| row.parse("aws_account")).transpose()
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
            if insert(self.0.writes(), new).await? {
                return Ok(());
            }
            if let Some(existing) = self.to_account(new.user, &new.aws_account).await? {
                return Err(InsertConnectionError::Conflict(existing));
            }
            // The one in the way was deleted in between.
        }
    }

    /// Stores a new connection in the place of the person's draft: both or neither.
    ///
    /// # Errors
    /// As [`Connections::insert`]; [`StoreError::OwnerGone`] when the draft is gone.
    pub async fn insert_for_draft(
        &self,
        new: &StoredConnection,
        draft: DraftId,
    ) -> std::result::Result<(), InsertConnectionError> {
        loop {
            let transaction = self.0.begin().await?;
            let taken = run(
                &transaction,
                "DELETE FROM role_drafts WHERE id = $1 AND user_id = $2",
                [draft.to_string().into(), new.user.to_string().into()],
            )
            .await?;
            if taken == 0 {
                return Err(StoreError::OwnerGone.into());
            }
            if insert(&transaction, new).await? {
                transaction.commit().await.map_err(StoreError::from)?;
                return Ok(());
            }
            transaction.rollback().await.map_err(StoreError::from)?;
            if let Some(existing) = self.to_account(new.user, &new.aws_account).await? {
                return Err(InsertConnectionError::Conflict(existing));
            }
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

    /// Gives one of the person's another way into the same AWS account; answers
    /// whether there is such a one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn replace(
        &self,
        user: UserId,
        id: ConnectionId,
        new: &Replaced,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let [key_id, secret, token] = key_values(new.key.as_ref());
        let [
            ends_at,
            role_arn,
            external_id,
            source,
            source_id,
            source_arn,
        ] = role_values(new.key_ends_at, new.role.as_ref());
        let updated = run(
            self.0.writes(),
            "UPDATE connections SET key_hint = $3, access_key_id_sealed = $4, \
             secret_sealed = $5, session_token_sealed = $6, key_ends_at = $7, role_arn = $8, \
             external_id = $9, source = $10, source_connection_id = $11, source_arn = $12, \
             arn = $13, updated_at = $14 WHERE id = $1 AND user_id = $2",
            [
                id.to_string().into(),
                user.to_string().into(),
                new.key_hint.as_str().into(),
                key_id,
                secret,
                token,
                ends_at,
                role_arn,
                external_id,
                source,
                source_id,
                source_arn,
                new.arn.as_str().into(),
                moment(now),
            ],
        )
        .await?;
        Ok(updated == 1)
    }

    /// Notes that a temporary key has ended, unless it has been replaced since it
    /// was read. A key without a session token has no end.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn key_has_ended(&self, read: &StoredConnection, now: DateTime<Utc>) -> Result<()> {
        let Some(key) = &read.key else {
            return Ok(());
        };
        // What is sealed differs each time: the same bytes are the same key.
        run(
            self.0.writes(),
            "UPDATE connections SET key_ends_at = $4 WHERE id = $1 AND user_id = $2 \
             AND access_key_id_sealed = $3 AND session_token_sealed IS NOT NULL \
             AND (key_ends_at IS NULL OR key_ends_at > $4)",
            [
                read.id.to_string().into(),
                read.user.to_string().into(),
                key.access_key_id.clone().into(),
                moment(now),
            ],
        )
        .await?;
        Ok(())
    }

    /// What signs in with the key of one of the person's, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn dependents(&self, user: UserId, id: ConnectionId) -> Result<Vec<Dependent>> {
        let find = async |table: &str| {
            let sql = format!(
                "SELECT id, name FROM {table} WHERE source_connection_id = $1 AND user_id = $2 \
                 ORDER BY name, id"
            );
            let values: [Value; 2] = [id.to_string().into(), user.to_string().into()];
            rows(self.0.reads(), &sql, values).await
        };
        let mut dependents = Vec::new();
        for row in find("connections").await? {
            let id = ConnectionId(row.parse("id")?);
            dependents.push(Dependent::Connection(id, row.get("name")?));
        }
        for row in find("role_drafts").await? {
            let id = DraftId(row.parse("id")?);
            dependents.push(Dependent::Draft(id, row.get("name")?));
        }
        Ok(dependents)
    }

    /// Deletes one of the person's with its key, costs and syncs, all or
    /// nothing; answers whether there was such a one that nothing depends on.
    /// The ledger keeps its lines.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete(&self, user: UserId, id: ConnectionId) -> Result<bool> {
        // Whatever belongs to it goes in the same statement, by foreign keys.
        let deleted = run(
            self.0.writes(),
            "DELETE FROM connections WHERE id = $1 AND user_id = $2 \
             AND NOT EXISTS (SELECT 1 FROM connections other WHERE other.source_connection_id = $1) \
             AND NOT EXISTS (SELECT 1 FROM role_drafts WHERE source_connection_id = $1)",
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
        let found = row(
            self.0.reads(),
            "SELECT id FROM connections WHERE secret_sealed IS NOT NULL \
             UNION ALL SELECT id FROM role_drafts WHERE secret_sealed IS NOT NULL LIMIT 1",
            [],
        )
        .await?;
        Ok(found.is_some())
    }
}

/// Answers whether it was stored: not if the person has connected the account before.
async fn insert(on: &impl ConnectionTrait, new: &StoredConnection) -> Result<bool> {
    let [key_id, secret, token] = key_values(new.key.as_ref());
    let [
        ends_at,
        role_arn,
        external_id,
        source,
        source_id,
        source_arn,
    ] = role_values(new.key_ends_at, new.role.as_ref());
    let inserted = run(
        on,
        &format!(
            "INSERT INTO connections ({COLUMNS}) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) \
             ON CONFLICT (user_id, aws_account) DO NOTHING"
        ),
        [
            new.id.to_string().into(),
            new.user.to_string().into(),
            new.name.as_str().into(),
            new.kind.as_str().into(),
            new.key_hint.as_str().into(),
            key_id,
            secret,
            token,
            ends_at,
            role_arn,
            external_id,
            source,
            source_id,
            source_arn,
            new.aws_account.as_str().into(),
            new.arn.as_str().into(),
            moment(new.created_at),
            moment(new.updated_at),
        ],
    )
    .await?;
    Ok(inserted == 1)
}

/// The values of the columns from `key_ends_at` to `source_arn`.
fn role_values(ends_at: Option<DateTime<Utc>>, role: Option<&StoredRole>) -> [Value; 6] {
    let [source, source_id] = source_values(role.map(|role| role.source));
    let text = |text: fn(&StoredRole) -> &str| role.map(|role| text(role).to_owned()).into();
    [
        maybe_moment(ends_at),
        text(|role| role.arn.as_str()),
        text(|role| role.external_id.as_str()),
        source,
        source_id,
        text(|role| &role.source_arn),
    ]
}
