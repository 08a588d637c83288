//! Who is signed in. Knows only the SHA-256 of a session's token.

use chrono::{DateTime, TimeDelta, Utc};
use domain::user::{User, UserId};

use super::{
    Result,
    database::{Database, moment, row, run},
    users::user,
};
use crate::security::password::PasswordHash;

/// A session's last use is written down at most this often: reading a page
/// shouldn't have to wait for a write.
const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(1);

/// Sessions.
pub struct Sessions<'a>(pub(super) &'a Database);

impl Sessions<'_> {
    /// Begins a session that ends at `expires_at` whatever happens, if the password that was
    /// proved is the account's still; answers whether it began.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insert(
        &self,
        token_sha256: &[u8; 32],
        user: UserId,
        proved: &PasswordHash,
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<bool> {
        // Where several write at once, one that is changing the password is waited for.
        let wait = match self.0.is_postgres() {
            true => " FOR SHARE",
            false => "",
        };
        let sql = format!(
            "INSERT INTO sessions (token_sha256, user_id, created_at, last_seen_at, expires_at) \
             SELECT $1, id, $3, $3, $4 FROM users WHERE id = $2 AND password_hash = $5{wait}"
        );
        let inserted = run(
            self.0.writes(),
            &sql,
            [
                token_sha256.to_vec().into(),
                user.to_string().into(),
                moment(now),
                moment(expires_at),
                proved.as_str().into(),
            ],
        )
        .await?;
        Ok(inserted == 1)
    }

    /// Whose session it is; `None` when it has ended, was unused for `idle`, or
    /// never was.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(
        &self,
        token_sha256: &[u8; 32],
        now: DateTime<Utc>,
        idle: TimeDelta,
    ) -> Result<Option<User>> {
        let found = row(
            self.0.reads(),
            "SELECT users.id AS id, users.email AS email, users.role AS role, \
             sessions.last_seen_at AS last_seen_at \
             FROM sessions JOIN users ON users.id = sessions.user_id \
             WHERE sessions.token_sha256 = $1 AND sessions.expires_at > $2 \
             AND sessions.last_seen_at > $3",
            [
                token_sha256.to_vec().into(),
                moment(now),
                moment(now - idle),
            ],
        )
        .await?;
        let Some(found) = found else {
            return Ok(None);
        };
        if found.get::<DateTime<Utc>>("last_seen_at")? <= now - TOUCH_EVERY {
            run(
                self.0.writes(),
                "UPDATE sessions SET last_seen_at = $2 \
                 WHERE token_sha256 = $1 AND last_seen_at < $2",
                [token_sha256.to_vec().into(), moment(now)],
            )
            .await?;
        }
        user(&found).map(Some)
    }

    /// Ends a session. One that isn't there is no error.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete(&self, token_sha256: &[u8; 32]) -> Result<()> {
        run(
            self.0.writes(),
            "DELETE FROM sessions WHERE token_sha256 = $1",
            [token_sha256.to_vec().into()],
        )
        .await?;
        Ok(())
    }

    /// Ends all of a person's sessions; answers how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_all_of(&self, user: UserId) -> Result<u64> {
        run(
            self.0.writes(),
            "DELETE FROM sessions WHERE user_id = $1",
            [user.to_string().into()],
        )
        .await
    }

    /// Forgets sessions that have ended by age or by being unused for `idle`;
    /// answers how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_expired(&self, now: DateTime<Utc>, idle: TimeDelta) -> Result<u64> {
        run(
            self.0.writes(),
            "DELETE FROM sessions WHERE expires_at <= $1 OR last_seen_at <= $2",
            [moment(now), moment(now - idle)],
        )
        .await
    }
}
