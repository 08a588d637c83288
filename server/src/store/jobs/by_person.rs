//! What people do with jobs: halt one, let it go on, end it, try again, and choose how often one
//! begins by itself.

use chrono::{DateTime, Utc};
use domain::{
    account::ConnectionId,
    job::{Cadence, JobState},
};

use super::{JobId, JobKind, Jobs};
use crate::store::{
    Result,
    database::{moment, row, run},
};

impl Jobs<'_> {
    /// Lets the connection's newest job go on if it has failed or was cancelled; answers
    /// whether it does. What it has stored isn't asked for again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reopen(&self, connection: ConnectionId, now: DateTime<Utc>) -> Result<bool> {
        self.reopen_as(connection, None, now).await
    }

    /// As [`Jobs::reopen`], but from now on of another kind: who asks has changed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reopen_as(
        &self,
        connection: ConnectionId,
        kind: Option<JobKind>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let touched = run(
            self.0.writes(),
            "UPDATE jobs SET state = 'waiting', tried_at = $2, finished_at = NULL, \
             error_json = NULL, owner = NULL, leased_until = NULL, kind = COALESCE($3, kind) \
             WHERE id = (SELECT id FROM jobs WHERE connection_id = $1 \
             ORDER BY created_at DESC, id DESC LIMIT 1) AND state IN ('failed', 'cancelled') \
             AND NOT EXISTS (SELECT 1 FROM jobs WHERE connection_id = $1 \
             AND state IN ('waiting', 'running', 'paused'))",
            [
                connection.to_string().into(),
                moment(now),
                kind.map(JobKind::as_str).into(),
            ],
        )
        .await?;
        Ok(touched > 0)
    }

    /// Halts the connection's open job, if it has one: after the question that is on its way.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pause(&self, connection: ConnectionId) -> Result<()> {
        self.turn(connection, JobState::Paused, "'waiting', 'running'")
            .await
    }

    /// Lets the connection's paused job go on, if it has one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn resume(&self, connection: ConnectionId) -> Result<()> {
        self.turn(connection, JobState::Waiting, "'paused'").await
    }

    async fn turn(&self, connection: ConnectionId, into: JobState, from: &str) -> Result<()> {
        let sql =
            format!("UPDATE jobs SET state = $2 WHERE connection_id = $1 AND state IN ({from})");
        run(
            self.0.writes(),
            &sql,
            [connection.to_string().into(), into.as_str().into()],
        )
        .await?;
        Ok(())
    }

    /// Ends the connection's open job, if it has one, and answers which that was; whoever works
    /// on it has lost it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cancel(
        &self,
        connection: ConnectionId,
        now: DateTime<Utc>,
    ) -> Result<Option<JobId>> {
        row(
            self.0.writes(),
            "UPDATE jobs SET state = 'cancelled', finished_at = $2, owner = NULL, \
             leased_until = NULL \
             WHERE connection_id = $1 AND state IN ('waiting', 'running', 'paused') RETURNING id",
            [connection.to_string().into(), moment(now)],
        )
        .await?
        .map(|row| row.get("id").map(JobId))
        .transpose()
    }

    /// How often a connection is refreshed by itself.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cadence(&self, connection: ConnectionId) -> Result<Cadence> {
        row(
            self.0.reads(),
            "SELECT cadence FROM refresh_settings WHERE connection_id = $1",
            [connection.to_string().into()],
        )
        .await?
        .map_or(Ok(Cadence::default()), |row| row.parse("cadence"))
    }

    /// Sets how often.
    ///
    /// # Errors
    /// [`crate::store::StoreError::OwnerGone`] when the connection has been deleted.
    pub async fn set_cadence(&self, connection: ConnectionId, cadence: Cadence) -> Result<()> {
        run(
            self.0.writes(),
            "INSERT INTO refresh_settings (connection_id, cadence) VALUES ($1, $2) \
             ON CONFLICT (connection_id) DO UPDATE SET cadence = excluded.cadence",
            [connection.to_string().into(), cadence.as_str().into()],
        )
        .await?;
        Ok(())
    }
}
