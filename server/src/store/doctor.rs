//! What is known about what keys may do, and how far the last examination of
//! each connection came: one at a time for each connection.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    account::ConnectionId,
    doctor::{CheckState, Finding, Progress},
    ledger::Operation,
};
use uuid::Uuid;

use super::{
    Result, StoreError,
    database::{Database, Row, moment, row, rows, run},
};

/// An examination that hasn't moved for so long was killed: any single check is
/// given up sooner.
const STUCK: TimeDelta = TimeDelta::minutes(5);

/// Findings and examinations.
pub struct Doctor<'a>(pub(super) &'a Database);

/// Names one examination.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ExaminationId(Uuid);

/// Whose key was examined: findings of another key say nothing about this one.
#[derive(Clone, Copy, Debug)]
pub struct Examined<'a> {
    /// The access key id with its middle left out.
    pub key_hint: &'a str,
    /// Who AWS says the key is.
    pub arn: &'a str,
}

impl Doctor<'_> {
    /// Begins an examination; `None` when one is under way. Of two who race, one
    /// gets it, and one that was killed is taken over.
    ///
    /// # Errors
    /// [`StoreError::OwnerGone`] when the connection has been deleted.
    pub async fn begin(
        &self,
        connection: ConnectionId,
        total: u32,
        now: DateTime<Utc>,
    ) -> Result<Option<ExaminationId>> {
        let id = Uuid::new_v4();
        let begun = run(
            self.0.writes(),
            "INSERT INTO key_examinations \
             (connection_id, run, running, done, total, started_at, moved_at) \
             VALUES ($1, $2, TRUE, 0, $3, $4, $4) ON CONFLICT (connection_id) DO UPDATE SET \
             run = excluded.run, running = TRUE, done = 0, total = excluded.total, \
             started_at = excluded.started_at, moved_at = excluded.moved_at \
             WHERE NOT key_examinations.running OR key_examinations.moved_at < $5",
            [
                connection.to_string().into(),
                id.to_string().into(),
                i64::from(total).into(),
                moment(now),
                moment(now - STUCK),
            ],
        )
        .await?;
        Ok((begun == 1).then_some(ExaminationId(id)))
    }

    /// Writes down one finding of an examination. Answers whether the
    /// examination is still this one's: if not, it has been taken over.
    ///
    /// # Errors
    /// [`StoreError::OwnerGone`] when the connection has been deleted.
    pub async fn found(
        &self,
        connection: ConnectionId,
        examination: ExaminationId,
        key: Examined<'_>,
        operation: Operation,
        finding: &Finding,
    ) -> Result<bool> {
        let transaction = self.0.begin().await?;
        let moved = run(
            &transaction,
            "UPDATE key_examinations SET done = done + 1, moved_at = $3 \
             WHERE connection_id = $1 AND run = $2 AND running",
            [
                connection.to_string().into(),
                examination.0.to_string().into(),
                moment(finding.checked_at),
            ],
        )
        .await?;
        let error = finding
            .reason
            .as_ref()
            .map(serde_json::to_string)
            .transpose()
            .map_err(|_| StoreError::Unreadable("error_json"))?;
        // What was paid for is kept in any case.
        run(
            &transaction,
            "INSERT INTO key_checks \
             (connection_id, action, key_hint, arn, state, error_json, checked_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (connection_id, action) DO UPDATE SET \
             key_hint = excluded.key_hint, arn = excluded.arn, state = excluded.state, \
             error_json = excluded.error_json, checked_at = excluded.checked_at",
            [
                connection.to_string().into(),
                operation.iam_action().into(),
                key.key_hint.into(),
                key.arn.into(),
                finding.state.as_str().into(),
                error.into(),
                moment(finding.checked_at),
            ],
        )
        .await?;
        transaction.commit().await?;
        Ok(moved == 1)
    }

    /// Ends an examination.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end(
        &self,
        connection: ConnectionId,
        examination: ExaminationId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        run(
            self.0.writes(),
            "UPDATE key_examinations SET running = FALSE, moved_at = $3 \
             WHERE connection_id = $1 AND run = $2",
            [
                connection.to_string().into(),
                examination.0.to_string().into(),
                moment(now),
            ],
        )
        .await?;
        Ok(())
    }

    /// The last examination, if there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn progress(
        &self,
        connection: ConnectionId,
        now: DateTime<Utc>,
    ) -> Result<Option<Progress>> {
        row(
            self.0.reads(),
            "SELECT running, done, total, started_at, moved_at FROM key_examinations \
             WHERE connection_id = $1",
            [connection.to_string().into()],
        )
        .await?
        .map(|row| {
            let moved_at: DateTime<Utc> = row.get("moved_at")?;
            let running: bool = row.get("running")?;
            Ok(Progress {
                running: running && now - moved_at <= STUCK,
                done: row.count("done")?,
                total: row.count("total")?,
                started_at: row.get("started_at")?,
            })
        })
        .transpose()
    }

    /// What is known about a connection's present key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn findings(
        &self,
        connection: ConnectionId,
        key: Examined<'_>,
    ) -> Result<Vec<(Operation, Finding)>> {
        rows(
            self.0.reads(),
            "SELECT action, state, error_json, checked_at FROM key_checks \
             WHERE connection_id = $1 AND key_hint = $2 AND arn = $3 ORDER BY action",
            [
                connection.to_string().into(),
                key.key_hint.into(),
                key.arn.into(),
            ],
        )
        .await?
        .iter()
        .map(|row| Ok((row.parse("action")?, finding(row)?)))
        .collect()
    }
}

fn finding(row: &Row) -> Result<Finding> {
    let error: Option<String> = row.get("error_json")?;
    Ok(Finding {
        state: row.read("state", |text| {
            CheckState::ALL
                .into_iter()
                .find(|state| state.as_str() == text)
        })?,
        reason: error
            .map(|json| serde_json::from_str(&json))
            .transpose()
            .map_err(|_| StoreError::Unreadable("error_json"))?,
        checked_at: row.get("checked_at")?,
    })
}
