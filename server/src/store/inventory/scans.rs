//! Scans and their parts.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Error,
    account::ConnectionId,
    inventory::{Region, ResourceKind, Scan, ScanOutcome, ScanPart},
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::Inventory;
use crate::store::{
    Result, StoreError,
    database::{Row, moment, row, rows, run},
};

/// A scan without a sign of life for so long was killed.
const STUCK: TimeDelta = TimeDelta::seconds(60);

/// A scan, and that it is ours to work on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ScanRun {
    /// Whose.
    pub connection: ConnectionId,
    /// Names the scan.
    pub(super) run: String,
    /// Names who works on it.
    pub(super) holder: String,
    /// Whether a person waits for it.
    pub by_person: bool,
}

impl Inventory<'_> {
    /// Begins a scan, or goes on with one that was killed; `None` when one is under way.
    ///
    /// # Errors
    /// [`StoreError::OwnerGone`] when the connection has been deleted.
    pub async fn begin(
        &self,
        connection: ConnectionId,
        by_person: bool,
        now: DateTime<Utc>,
    ) -> Result<Option<ScanRun>> {
        let holder = Uuid::new_v4().to_string();
        let begun = row(
            self.0.writes(),
            "INSERT INTO inventory_scans \
             (connection_id, run, holder, running, by_person, total, started_at, moved_at) \
             VALUES ($1, $2, $2, TRUE, $3, 0, $4, $4) ON CONFLICT (connection_id) DO UPDATE SET \
             run = CASE WHEN inventory_scans.running THEN inventory_scans.run \
             ELSE excluded.run END, \
             started_at = CASE WHEN inventory_scans.running THEN inventory_scans.started_at \
             ELSE excluded.started_at END, \
             holder = excluded.holder, running = TRUE, by_person = excluded.by_person, \
             moved_at = excluded.moved_at, finished_at = NULL, error_json = NULL \
             WHERE NOT inventory_scans.running OR inventory_scans.moved_at < $5 RETURNING run",
            [
                connection.to_string().into(),
                holder.as_str().into(),
                by_person.into(),
                moment(now),
                moment(now - STUCK),
            ],
        )
        .await?;
        begun
            .map(|row| {
                Ok(ScanRun {
                    connection,
                    run: row.get("run")?,
                    holder,
                    by_person,
                })
            })
            .transpose()
    }

    /// Whose scans were killed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn stuck(&self, now: DateTime<Utc>) -> Result<Vec<ConnectionId>> {
        rows(
            self.0.reads(),
            "SELECT connection_id FROM inventory_scans WHERE running AND moved_at < $1",
            [moment(now - STUCK)],
        )
        .await?
        .iter()
        .map(|row| row.parse("connection_id").map(ConnectionId))
        .collect()
    }

    /// A sign of life; answers whether the scan is still this one's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn renew(&self, scan: &ScanRun, now: DateTime<Utc>) -> Result<bool> {
        moved(self.0.writes(), scan, now).await
    }

    /// How many parts there are to ask about; why not all regions are known, if so.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plan(
        &self,
        scan: &ScanRun,
        total: u32,
        regions_error: Option<&Error>,
    ) -> Result<()> {
        run(
            self.0.writes(),
            "UPDATE inventory_scans SET total = $3, regions_error_json = $4 \
             WHERE connection_id = $1 AND holder = $2",
            [
                scan.connection.to_string().into(),
                scan.holder.as_str().into(),
                i64::from(total).into(),
                json(regions_error)?.into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// The parts that this scan has asked about already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn done(&self, scan: &ScanRun) -> Result<HashSet<(Region, ResourceKind)>> {
        rows(
            self.0.reads(),
            "SELECT region, kind FROM inventory_parts WHERE connection_id = $1 AND run = $2",
            [scan.connection.to_string().into(), scan.run.as_str().into()],
        )
        .await?
        .iter()
        .map(|row| Ok((row.parse("region")?, row.parse("kind")?)))
        .collect()
    }

    /// Writes down that a part couldn't be seen. What was seen before stays as it was.
    /// Answers whether the scan is still this one's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_gap(
        &self,
        scan: &ScanRun,
        (region, kind): (&Region, ResourceKind),
        outcome: ScanOutcome,
        error: Option<&Error>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let transaction = self.0.begin().await?;
        if !moved(&transaction, scan, now).await? {
            return Ok(false);
        }
        run(
            &transaction,
            "INSERT INTO inventory_parts (connection_id, region, kind, run, outcome, found, \
             tried_at, error_json) VALUES ($1, $2, $3, $4, $5, 0, $6, $7) \
             ON CONFLICT (connection_id, region, kind) DO UPDATE SET run = excluded.run, \
             outcome = excluded.outcome, tried_at = excluded.tried_at, \
             error_json = excluded.error_json",
            [
                scan.connection.to_string().into(),
                region.as_str().into(),
                kind.as_str().into(),
                scan.run.as_str().into(),
                outcome.as_str().into(),
                moment(now),
                json(error)?.into(),
            ],
        )
        .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Ends a scan.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end(
        &self,
        scan: &ScanRun,
        error: Option<&Error>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        run(
            self.0.writes(),
            "UPDATE inventory_scans SET running = FALSE, moved_at = $3, finished_at = $3, \
             error_json = $4 WHERE connection_id = $1 AND holder = $2",
            [
                scan.connection.to_string().into(),
                scan.holder.as_str().into(),
                moment(now),
                json(error)?.into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// The last scan, or the one under way.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn scan(&self, connection: ConnectionId, now: DateTime<Utc>) -> Result<Option<Scan>> {
        row(
            self.0.reads(),
            "SELECT s.running, s.total, s.started_at, s.moved_at, s.finished_at, s.error_json, \
             s.regions_error_json, (SELECT COUNT(*) FROM inventory_parts p \
             WHERE p.connection_id = s.connection_id AND p.run = s.run) AS done \
             FROM inventory_scans s WHERE s.connection_id = $1",
            [connection.to_string().into()],
        )
        .await?
        .map(|row| {
            let running: bool = row.get("running")?;
            let moved_at: DateTime<Utc> = row.get("moved_at")?;
            Ok(Scan {
                running: running && now - moved_at <= STUCK,
                done: row.count("done")?,
                total: row.count("total")?,
                started_at: row.get("started_at")?,
                finished_at: row.get("finished_at")?,
                error: error(&row, "error_json")?,
                regions_error: error(&row, "regions_error_json")?,
            })
        })
        .transpose()
    }

    /// How each part went, by region and kind.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn parts(&self, connection: ConnectionId) -> Result<Vec<ScanPart>> {
        rows(
            self.0.reads(),
            "SELECT region, kind, outcome, found, tried_at, complete_at, error_json \
             FROM inventory_parts WHERE connection_id = $1 ORDER BY region, kind",
            [connection.to_string().into()],
        )
        .await?
        .iter()
        .map(part)
        .collect()
    }
}

/// A sign of life; whether the scan is still this one's.
pub(super) async fn moved(
    on: &impl ConnectionTrait,
    scan: &ScanRun,
    now: DateTime<Utc>,
) -> Result<bool> {
    let moved = run(
        on,
        "UPDATE inventory_scans SET moved_at = $3 \
         WHERE connection_id = $1 AND holder = $2 AND running",
        [
            scan.connection.to_string().into(),
            scan.holder.as_str().into(),
            moment(now),
        ],
    )
    .await?;
    Ok(moved == 1)
}

fn part(row: &Row) -> Result<ScanPart> {
    Ok(ScanPart {
        region: row.parse("region")?,
        kind: row.parse("kind")?,
        outcome: row.read("outcome", |text| {
            let mut all = ScanOutcome::ALL.into_iter();
            all.find(|outcome| outcome.as_str() == text)
        })?,
        found: row.count("found")?,
        tried_at: row.get("tried_at")?,
        complete_at: row.get("complete_at")?,
        error: error(row, "error_json")?,
    })
}

fn json(error: Option<&Error>) -> Result<Option<String>> {
    let json = error.map(serde_json::to_string).transpose();
    json.map_err(|_| StoreError::Unreadable("error_json"))
}

fn error(row: &Row, column: &'static str) -> Result<Option<Error>> {
    let json: Option<String> = row.get(column)?;
    let error = json.map(|json| serde_json::from_str(&json)).transpose();
    error.map_err(|_| StoreError::Unreadable(column))
}
