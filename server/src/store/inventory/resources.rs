//! Writes what a part of a scan saw: only what is new, has changed or has gone.

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use chrono::{DateTime, Utc};
use domain::inventory::{Region, Resource, ResourceKind, ScanOutcome};
use sea_orm::{DatabaseTransaction, Value};

use super::{Inventory, ScanRun, scans::moved};
use crate::store::{
    Result, StoreError,
    costs::sql::{ROWS_AT_ONCE, Sql},
    database::{moment, row, rows, run},
};

/// A resource as it is stored.
struct Stored {
    mark: i64,
    gone: bool,
}

impl Inventory<'_> {
    /// Keeps all that there is of a kind in a region; what isn't among it any more has gone.
    /// Answers whether the scan is still this one's: if not, nothing is kept.
    ///
    /// # Errors
    /// [`StoreError::OwnerGone`] when the connection has been deleted.
    pub async fn keep(
        &self,
        scan: &ScanRun,
        (region, kind): (&Region, ResourceKind),
        seen: &[Resource],
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let transaction = self.0.begin().await?;
        if !moved(&transaction, scan, now).await? {
            return Ok(false);
        }
        let part = Part {
            on: &transaction,
            scan,
            region,
            kind,
            now,
        };
        let before = part.complete_at().await?;
        let known = part.known().await?;
        let mut there = HashSet::with_capacity(seen.len());
        let mut changed = Vec::new();
        for resource in seen {
            if !there.insert(resource.id()) {
                continue;
            }
            let facts = serde_json::to_string(resource)
                .map_err(|_| StoreError::Unreadable("facts_json"))?;
            let mark = mark(&facts);
            let same = |known: &Stored| known.mark == mark && !known.gone;
            if !known.get(resource.id()).is_some_and(same) {
                changed.push(part.row(resource, facts, mark));
            }
        }
        part.write(changed).await?;
        let gone = known
            .iter()
            .filter(|(id, known)| !known.gone && !there.contains(id.as_str()))
            .map(|(id, _)| id.as_str());
        part.gone(gone.collect(), before.unwrap_or(now)).await?;
        part.complete(there.len()).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

/// A part that is being written.
struct Part<'a> {
    on: &'a DatabaseTransaction,
    scan: &'a ScanRun,
    region: &'a Region,
    kind: ResourceKind,
    now: DateTime<Utc>,
}

impl Part<'_> {
    fn place(&self) -> [Value; 3] {
        [
            self.scan.connection.to_string().into(),
            self.kind.as_str().into(),
            self.region.as_str().into(),
        ]
    }

    async fn complete_at(&self) -> Result<Option<DateTime<Utc>>> {
        let row = row(
            self.on,
            "SELECT complete_at FROM inventory_parts \
             WHERE connection_id = $1 AND kind = $2 AND region = $3",
            self.place(),
        )
        .await?;
        row.map_or(Ok(None), |row| row.get("complete_at"))
    }

    async fn known(&self) -> Result<HashMap<String, Stored>> {
        rows(
            self.on,
            "SELECT resource_id, facts_mark, gone_at FROM inventory_resources \
             WHERE connection_id = $1 AND kind = $2 AND region = $3",
            self.place(),
        )
        .await?
        .iter()
        .map(|row| {
            let gone: Option<DateTime<Utc>> = row.get("gone_at")?;
            let stored = Stored {
                mark: row.get("facts_mark")?,
                gone: gone.is_some(),
            };
            Ok((row.get("resource_id")?, stored))
        })
        .collect()
    }

    fn row(&self, resource: &Resource, facts: String, mark: i64) -> [Value; 10] {
        let [connection, kind, region] = self.place();
        [
            connection,
            kind,
            region,
            resource.id().into(),
            resource.state().into(),
            looked_for(resource).into(),
            facts.into(),
            mark.into(),
            moment(self.now),
            moment(self.now),
        ]
    }

    /// What comes back after it had gone is the same resource, but in its state only since now.
    async fn write(&self, mut changed: Vec<[Value; 10]>) -> Result<()> {
        while !changed.is_empty() {
            let rest = changed.split_off(changed.len().min(ROWS_AT_ONCE));
            let mut sql = Sql::new(
                self.on,
                "INSERT INTO inventory_resources (connection_id, kind, region, resource_id, \
                 state, looked_for, facts_json, facts_mark, first_seen_at, state_since) VALUES ",
            );
            sql.rows(std::mem::replace(&mut changed, rest)).push(
                " ON CONFLICT (connection_id, kind, region, resource_id) DO UPDATE SET \
                 state_since = CASE WHEN inventory_resources.state = excluded.state \
                 AND inventory_resources.gone_at IS NULL \
                 THEN inventory_resources.state_since ELSE excluded.state_since END, \
                 state = excluded.state, looked_for = excluded.looked_for, \
                 facts_json = excluded.facts_json, facts_mark = excluded.facts_mark, \
                 last_seen_at = NULL, gone_at = NULL",
            );
            sql.run(self.on).await?;
        }
        Ok(())
    }

    async fn gone(&self, ids: Vec<&str>, last_seen_at: DateTime<Utc>) -> Result<()> {
        for ids in ids.chunks(ROWS_AT_ONCE) {
            let mut sql = Sql::new(self.on, "UPDATE inventory_resources SET gone_at = ");
            sql.bind(moment(self.now)).push(", last_seen_at = ");
            sql.bind(moment(last_seen_at));
            let columns = [" WHERE connection_id = ", " AND kind = ", " AND region = "];
            for (column, value) in columns.into_iter().zip(self.place()) {
                sql.push(column).bind(value);
            }
            sql.push(" AND resource_id IN ").list(ids.iter().copied());
            sql.run(self.on).await?;
        }
        Ok(())
    }

    async fn complete(&self, found: usize) -> Result<()> {
        let [connection, kind, region] = self.place();
        let found = i64::try_from(found).map_err(|_| StoreError::TooLarge)?;
        run(
            self.on,
            "INSERT INTO inventory_parts (connection_id, kind, region, run, outcome, found, \
             tried_at, complete_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7) \
             ON CONFLICT (connection_id, region, kind) DO UPDATE SET run = excluded.run, \
             outcome = excluded.outcome, found = excluded.found, tried_at = excluded.tried_at, \
             complete_at = excluded.complete_at, error_json = NULL",
            [
                connection,
                kind,
                region,
                self.scan.run.as_str().into(),
                ScanOutcome::Complete.as_str().into(),
                found.into(),
                moment(self.now),
            ],
        )
        .await?;
        Ok(())
    }
}

/// Tells facts apart. Another version of the server may mark the same facts otherwise: they are
/// written once more then, which does no harm.
fn mark(facts: &str) -> i64 {
    let mut hasher = DefaultHasher::new();
    facts.hash(&mut hasher);
    hasher.finish().cast_signed()
}

/// A line for each text, and a last one that is empty: a tag's line is all of it.
fn looked_for(resource: &Resource) -> String {
    let mut text = format!("\n{}\n{}\n", resource.id(), resource.detail());
    for (key, value) in resource.tags() {
        text.push_str(&format!("{key}={value}\n"));
    }
    text.to_lowercase()
}
