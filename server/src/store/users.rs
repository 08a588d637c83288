//! Accounts of the people who sign in.

use chrono::{DateTime, Utc};
use domain::user::{Email, Role, User, UserId};
use uuid::Uuid;

use super::{
    Result, StoreError,
    database::{Database, Row, moment, row, rows, run},
};
use crate::security::password::PasswordHash;

/// Accounts.
pub struct Users<'a>(pub(super) &'a Database);

/// Why there is no new account.
#[derive(Debug, thiserror::Error)]
pub enum CreateUserError {
    /// Somebody has an account already, so this isn't the first.
    #[error("the first account exists already")]
    AlreadySetUp,
    /// The address has an account.
    #[error("the address has an account already")]
    EmailTaken,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Users<'_> {
    /// How many accounts there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(&self) -> Result<u64> {
        row(self.0.reads(), "SELECT COUNT(*) AS people FROM users", [])
            .await?
            .ok_or(StoreError::Unreadable("people"))?
            .count("people")
    }

    /// Makes the first account, an administrator. Of people who race for it,
    /// exactly one gets it.
    ///
    /// # Errors
    /// [`CreateUserError::AlreadySetUp`] when there is an account, whoever's it is.
    pub async fn create_first(
        &self,
        email: &Email,
        password: &PasswordHash,
        now: DateTime<Utc>,
    ) -> std::result::Result<UserId, CreateUserError> {
        let id = UserId(Uuid::new_v4());
        let transaction = self.0.begin().await?;
        if self.0.is_postgres() {
            // Two inserts that don't see each other would both find the table empty.
            run(
                &transaction,
                "LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE",
                [],
            )
            .await?;
        }
        let inserted = run(
            &transaction,
            "INSERT INTO users (id, email, password_hash, role, created_at) \
             SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT 1 FROM users)",
            [
                id.to_string().into(),
                email.as_str().into(),
                password.as_str().into(),
                Role::Administrator.as_str().into(),
                moment(now),
            ],
        )
        .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        if inserted == 1 {
            Ok(id)
        } else {
            Err(CreateUserError::AlreadySetUp)
        }
    }

    /// Makes an account.
    ///
    /// # Errors
    /// [`CreateUserError::EmailTaken`] when the address has one.
    pub async fn create(
        &self,
        email: &Email,
        password: &PasswordHash,
        role: Role,
        now: DateTime<Utc>,
    ) -> std::result::Result<UserId, CreateUserError> {
        let id = UserId(Uuid::new_v4());
        let inserted = run(
            self.0.writes(),
            "INSERT INTO users (id, email, password_hash, role, created_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (email) DO NOTHING",
            [
                id.to_string().into(),
                email.as_str().into(),
                password.as_str().into(),
                role.as_str().into(),
                moment(now),
            ],
        )
        .await?;
        if inserted == 1 {
            Ok(id)
        } else {
            Err(CreateUserError::EmailTaken)
        }
    }

    /// The account of an address, with what its password is checked against.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_email(&self, email: &Email) -> Result<Option<(User, PasswordHash)>> {
        row(
            self.0.reads(),
            "SELECT id, email, role, password_hash FROM users WHERE email = $1",
            [email.as_str().into()],
        )
        .await?
        .map(|row| Ok((user(&row)?, PasswordHash::stored(row.get("password_hash")?))))
        .transpose()
    }

    /// Gives an account another password and ends all its sessions, both or
    /// neither; where one was `proved`, only if that is the account's still. Answers whether
    /// it has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_password_hash(
        &self,
        id: UserId,
        password: &PasswordHash,
        proved: Option<&PasswordHash>,
    ) -> Result<bool> {
        let transaction = self.0.begin().await?;
        let updated = run(
            &transaction,
            "UPDATE users SET password_hash = $2 \
             WHERE id = $1 AND password_hash = COALESCE($3, password_hash)",
            [
                id.to_string().into(),
                password.as_str().into(),
                proved.map(PasswordHash::as_str).into(),
            ],
        )
        .await?;
        if updated == 0 {
            return Ok(false);
        }
        run(
            &transaction,
            "DELETE FROM sessions WHERE user_id = $1",
            [id.to_string().into()],
        )
        .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Everyone, by address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list(&self) -> Result<Vec<User>> {
        let mut users = rows(self.0.reads(), "SELECT id, email, role FROM users", [])
            .await?
            .iter()
            .map(user)
            .collect::<Result<Vec<User>>>()?;
        users.sort_by(|a, b| a.email.as_str().cmp(b.email.as_str()));
        Ok(users)
    }
}

/// From a row with `id`, `email` and `role`.
pub(super) fn user(row: &Row) -> Result<User> {
    Ok(User {
        id: UserId(row.parse("id")?),
        email: row.parse("email")?,
        role: row.read("role", |text| {
            [Role::Administrator, Role::Member]
                .into_iter()
                .find(|role| role.as_str() == text)
        })?,
    })
}
