//! Role connections that are not finished, with their keys sealed. Nothing is
//! found here without saying whose it is.

use chrono::{DateTime, Utc};
use domain::{
    account::AwsAccountId,
    draft::{DRAFTS_MAX, DraftId},
    role::{ExternalId, RoleSource},
    user::UserId,
};

use super::{
    Result,
    connections::{SealedKey, key_values, sealed_key, source, source_values},
    database::{Database, Row, maybe_moment, moment, row, rows, run},
};

/// Unfinished roles.
pub struct Drafts<'a>(pub(super) &'a Database);

/// A draft as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredDraft {
    /// Names it.
    pub id: DraftId,
    /// Whose it is.
    pub user: UserId,
    /// What the connection will be called.
    pub name: String,
    /// What the role's trust policy must demand.
    pub external_id: ExternalId,
    /// Who will take the role on.
    pub source: RoleSource,
    /// Who AWS says that is.
    pub source_arn: String,
    /// The account that the source belongs to.
    pub source_account: AwsAccountId,
    /// The access key id with its middle left out; empty without a key.
    pub key_hint: String,
    /// The key, where it was entered for this role alone.
    pub key: Option<SealedKey>,
    /// When that key ends.
    pub key_ends_at: Option<DateTime<Utc>>,
    /// What was typed last as the role's ARN.
    pub role_arn: String,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, user_id, name, external_id, source, source_connection_id, source_arn, \
                       source_account, key_hint, access_key_id_sealed, secret_sealed, \
                       session_token_sealed, key_ends_at, role_arn, created_at, updated_at";

impl Drafts<'_> {
    /// Stores a new one; answers whether the person may have another.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insert(&self, new: &StoredDraft) -> Result<bool> {
        let [key_id, secret, token] = key_values(new.key.as_ref());
        let [source, source_id] = source_values(Some(new.source));
        let transaction = self.0.begin().await?;
        let count = row(
            &transaction,
            "SELECT COUNT(*) AS count FROM role_drafts WHERE user_id = $1",
            [new.user.to_string().into()],
        )
        .await?;
        let count: usize = count.map_or(Ok(0), |row| row.count("count"))?;
        if count >= DRAFTS_MAX {
            return Ok(false);
        }
        run(
            &transaction,
            &format!(
                "INSERT INTO role_drafts ({COLUMNS}) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
            ),
            [
                new.id.to_string().into(),
                new.user.to_string().into(),
                new.name.as_str().into(),
                new.external_id.as_str().into(),
                source,
                source_id,
                new.source_arn.as_str().into(),
                new.source_account.as_str().into(),
                new.key_hint.as_str().into(),
                key_id,
                secret,
                token,
                maybe_moment(new.key_ends_at),
                new.role_arn.as_str().into(),
                moment(new.created_at),
                moment(new.updated_at),
            ],
        )
        .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The person's, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list(&self, user: UserId) -> Result<Vec<StoredDraft>> {
        rows(
            self.0.reads(),
            &format!(
                "SELECT {COLUMNS} FROM role_drafts WHERE user_id = $1 ORDER BY created_at, id"
            ),
            [user.to_string().into()],
        )
        .await?
        .iter()
        .map(draft)
        .collect()
    }

    /// One of the person's; someone else's is as absent as none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get(&self, user: UserId, id: DraftId) -> Result<Option<StoredDraft>> {
        row(
            self.0.reads(),
            &format!("SELECT {COLUMNS} FROM role_drafts WHERE id = $1 AND user_id = $2"),
            [id.to_string().into(), user.to_string().into()],
        )
        .await?
        .map(|row| draft(&row))
        .transpose()
    }

    /// Keeps what was typed as the role's ARN.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_role_arn(
        &self,
        user: UserId,
        id: DraftId,
        role_arn: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        run(
            self.0.writes(),
            "UPDATE role_drafts SET role_arn = $3, updated_at = $4 WHERE id = $1 AND user_id = $2",
            [
                id.to_string().into(),
                user.to_string().into(),
                role_arn.into(),
                moment(now),
            ],
        )
        .await?;
        Ok(())
    }

    /// Deletes one of the person's with the key in it; answers whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete(&self, user: UserId, id: DraftId) -> Result<bool> {
        let deleted = run(
            self.0.writes(),
            "DELETE FROM role_drafts WHERE id = $1 AND user_id = $2",
            [id.to_string().into(), user.to_string().into()],
        )
        .await?;
        Ok(deleted == 1)
    }

    /// Deletes everyone's that nobody has changed since `before`; answers how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_forgotten(&self, before: DateTime<Utc>) -> Result<u64> {
        run(
            self.0.writes(),
            "DELETE FROM role_drafts WHERE updated_at < $1",
            [moment(before)],
        )
        .await
    }
}

fn draft(row: &Row) -> Result<StoredDraft> {
    Ok(StoredDraft {
        id: DraftId(row.parse("id")?),
        user: UserId(row.parse("user_id")?),
        name: row.get("name")?,
        external_id: row.parse("external_id")?,
        source: source(row)?,
        source_arn: row.get("source_arn")?,
        source_account: row.parse("source_account")?,
        key_hint: row.get("key_hint")?,
        key: sealed_key(row)?,
        key_ends_at: row.get("key_ends_at")?,
        role_arn: row.get("role_arn")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
