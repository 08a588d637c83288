//! Finds resources again.

use chrono::{DateTime, Utc};
use domain::{
    account::ConnectionId,
    inventory::{InventoryFilter, Resource, ResourceKind},
};

use super::Inventory;
use crate::store::{Result, costs::sql::Sql, database::Row};

/// A resource, and since when we know it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredResource {
    /// What AWS said.
    pub resource: Resource,
    /// The first scan that saw it.
    pub first_seen_at: DateTime<Utc>,
    /// The last one.
    pub last_seen_at: DateTime<Utc>,
    /// The first scan that saw it in its state, without interruption.
    pub state_since: DateTime<Utc>,
    /// The first scan that didn't see it any more.
    pub gone_at: Option<DateTime<Utc>>,
}

impl Inventory<'_> {
    /// Resources by kind, region and id: `count` of them, after `skip`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list(
        &self,
        connection: ConnectionId,
        filter: &InventoryFilter,
        skip: u32,
        count: u32,
    ) -> Result<Vec<StoredResource>> {
        let on = self.0.reads();
        let mut sql = Sql::new(
            on,
            "SELECT r.facts_json, r.first_seen_at, r.state_since, r.gone_at, \
             COALESCE(r.last_seen_at, p.complete_at, r.first_seen_at) AS seen_at \
             FROM inventory_resources r LEFT JOIN inventory_parts p \
             ON p.connection_id = r.connection_id AND p.region = r.region AND p.kind = r.kind",
        );
        condition(&mut sql, connection, filter);
        sql.push(" ORDER BY r.kind, r.region, r.resource_id LIMIT ")
            .bind(i64::from(count))
            .push(" OFFSET ")
            .bind(i64::from(skip));
        sql.fetch(on).await?.iter().map(resource).collect()
    }

    /// All that is there of a kind.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn present(
        &self,
        connection: ConnectionId,
        kind: ResourceKind,
    ) -> Result<Vec<StoredResource>> {
        let filter = InventoryFilter {
            kind: Some(kind),
            ..InventoryFilter::default()
        };
        self.list(connection, &filter, 0, u32::MAX).await
    }

    /// How many there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(&self, connection: ConnectionId, filter: &InventoryFilter) -> Result<u32> {
        let on = self.0.reads();
        let mut sql = Sql::new(on, "SELECT COUNT(*) AS total FROM inventory_resources r");
        condition(&mut sql, connection, filter);
        let rows = sql.fetch(on).await?;
        rows.first().map_or(Ok(0), |row| row.count("total"))
    }
}

fn condition(sql: &mut Sql, connection: ConnectionId, filter: &InventoryFilter) {
    sql.push(" WHERE r.connection_id = ")
        .bind(connection.to_string());
    if let Some(kind) = filter.kind {
        sql.push(" AND r.kind = ").bind(kind.as_str());
    }
    if let Some(region) = &filter.region {
        sql.push(" AND r.region = ").bind(region.as_str());
    }
    sql.push(match filter.gone {
        true => " AND r.gone_at IS NOT NULL",
        false => " AND r.gone_at IS NULL",
    });
    let mut like = |pattern: String| {
        sql.push(" AND r.looked_for LIKE ")
            .bind(pattern)
            .push(" ESCAPE '!'");
    };
    if let Some(search) = &filter.search {
        like(format!("%{}%", literal(search)));
    }
    match &filter.tag {
        Some((key, Some(value))) => {
            like(format!("%\n{}={}\n%", literal(key), literal(value)));
        }
        Some((key, None)) => like(format!("%\n{}=%", literal(key))),
        None => {}
    }
}

/// Without the meanings that `LIKE` gives to letters.
fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '!') {
            literal.push('!');
        }
        literal.push(letter);
    }
    literal
}

fn resource(row: &Row) -> Result<StoredResource> {
    Ok(StoredResource {
        resource: row.json("facts_json")?,
        first_seen_at: row.get("first_seen_at")?,
        last_seen_at: row.get("seen_at")?,
        state_since: row.get("state_since")?,
        gone_at: row.get("gone_at")?,
    })
}
