//! What there is in EC2, from the store; and a scan on demand.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use csv::{Terminator, Writer, WriterBuilder};
use domain::{
    Error, Result,
    account::ConnectionId,
    inventory::{
        InventoryCount, InventoryPage, InventoryRow, InventoryWish, LINES, Resource, Scan,
        ScanOutcome, gaps,
    },
    ports::Inventories,
    spreadsheet::harmless,
    user::User,
};

use super::{clock::Clock, internal, own};
use crate::{
    jobs::scanning::Scanner,
    store::{Store, StoreError, inventory::StoredResource},
};

/// Lines that are read at once for a file.
const AT_ONCE: u32 = 10_000;
/// What the columns of a file are called.
const COLUMNS: [&str; 12] = [
    "kind",
    "id",
    "name",
    "region",
    "state",
    "detail",
    "created",
    "first_seen",
    "last_seen",
    "in_state_since",
    "gone",
    "tags",
];

/// Implements [`Inventories`].
pub struct InventoryService {
    store: Store,
    clock: Clock,
    scanner: Arc<Scanner>,
}

impl InventoryService {
    /// Puts the parts together.
    #[must_use]
    pub const fn new(store: Store, clock: Clock, scanner: Arc<Scanner>) -> Self {
        Self {
            store,
            clock,
            scanner,
        }
    }
}

#[async_trait]
impl Inventories for InventoryService {
    async fn page(
        &self,
        user: &User,
        id: ConnectionId,
        wish: InventoryWish,
    ) -> Result<InventoryPage> {
        own(&self.store, user.id, id).await?;
        let (inventory, filter) = (self.store.inventory(), wish.read());
        let scan = inventory.scan(id, self.clock.now()).await.map_err(unread)?;
        let parts = inventory.parts(id).await.map_err(unread)?;
        let total = inventory.count(id, &filter).await.map_err(unread)?;
        let skip = wish.page_index().saturating_mul(LINES);
        let found = inventory.list(id, &filter, skip, LINES).await;
        let mut closed: Vec<_> = parts
            .iter()
            .filter(|part| part.outcome == ScanOutcome::NotOptedIn)
            .map(|part| part.region.as_str())
            .collect();
        closed.dedup();
        Ok(InventoryPage {
            connection: id,
            wish,
            scan,
            as_of: parts.iter().filter_map(|part| part.complete_at).min(),
            gaps: gaps(&parts),
            closed_regions: u32::try_from(closed.len()).unwrap_or(u32::MAX),
            counts: parts
                .iter()
                .filter(|part| part.found > 0)
                .map(|part| InventoryCount {
                    kind: part.kind,
                    region: part.region.to_string(),
                    count: part.found,
                })
                .collect(),
            total,
            rows: found.map_err(unread)?.into_iter().map(row).collect(),
        })
    }

    async fn csv(&self, user: &User, id: ConnectionId, wish: InventoryWish) -> Result<String> {
        own(&self.store, user.id, id).await?;
        let (filter, mut skip) = (wish.read(), 0);
        let mut file = file();
        file.write_record(COLUMNS).map_err(unwritten)?;
        loop {
            let found = self
                .store
                .inventory()
                .list(id, &filter, skip, AT_ONCE)
                .await;
            let found = found.map_err(unread)?;
            let is_last = found.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
            for one in found {
                let cells = cells(&row(one));
                file.write_record(cells.map(|text| harmless(&text)))
                    .map_err(unwritten)?;
            }
            if is_last {
                return text(file);
            }
            skip = skip.saturating_add(AT_ONCE);
        }
    }

    async fn scan(&self, user: &User, id: ConnectionId) -> Result<Scan> {
        own(&self.store, user.id, id).await?;
        self.scanner.start(id, true).await?;
        let scan = self.store.inventory().scan(id, self.clock.now()).await;
        scan.map_err(unread)?
            .ok_or_else(|| Error::not_found("connection"))
    }
}

fn unread(error: StoreError) -> Error {
    internal("reading the inventory", &error)
}

fn row(stored: StoredResource) -> InventoryRow {
    let resource = stored.resource;
    let created_at = match &resource {
        Resource::Instance(one) => one.launched_at,
        Resource::Volume(one) => one.created_at,
        Resource::Address(_) => None,
        Resource::Snapshot(one) => one.started_at,
    };
    InventoryRow {
        kind: resource.kind(),
        id: resource.id().to_owned(),
        name: resource.name().map(str::to_owned),
        region: resource.region().to_string(),
        state: resource.state().to_owned(),
        detail: resource.detail(),
        tags: resource
            .tags()
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
        created_at,
        first_seen_at: stored.first_seen_at,
        last_seen_at: stored.last_seen_at,
        state_since: stored.state_since,
        gone_at: stored.gone_at,
        console: resource.console_link(),
    }
}

/// A file as RFC 4180 has it.
fn file() -> Writer<Vec<u8>> {
    let mut builder = WriterBuilder::new();
    builder.terminator(Terminator::CRLF).from_writer(Vec::new())
}

fn text(file: Writer<Vec<u8>>) -> Result<String> {
    let bytes = file
        .into_inner()
        .map_err(|error| internal("writing a file", &error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn unwritten(error: csv::Error) -> Error {
    internal("writing a file", &error)
}

fn cells(row: &InventoryRow) -> [String; 12] {
    let time = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let maybe = |at: Option<DateTime<Utc>>| at.map(time).unwrap_or_default();
    let tags: Vec<String> = row
        .tags
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    [
        row.kind.as_str().to_owned(),
        row.id.clone(),
        row.name.clone().unwrap_or_default(),
        row.region.clone(),
        row.state.clone(),
        row.detail.clone(),
        maybe(row.created_at),
        time(row.first_seen_at),
        time(row.last_seen_at),
        time(row.state_since),
        maybe(row.gone_at),
        tags.join("; "),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(cell: &str) -> String {
        let mut file = file();
        file.write_record([harmless(cell)]).unwrap();
        let line = text(file).unwrap();
        line.strip_suffix("\r\n").unwrap().to_owned()
    }

    #[test]
    fn cells_stay_cells() {
        assert_eq!(cell("web"), "web");
        assert_eq!(cell("a, \"b\""), "\"a, \"\"b\"\"\"");
        assert_eq!(cell("two\nlines"), "\"two\nlines\"");
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("@x,y"), "\"'@x,y\"");
    }
}
