//! What the syncs of a connection say, as people see it.

use chrono::{DateTime, Utc};
use domain::{
    Result,
    account::{ConnectionId, SyncState},
};

use super::internal;
use crate::store::{Store, syncs::RunState};

/// The state of a connection's syncs.
///
/// # Errors
/// When the store fails.
pub async fn of(store: &Store, id: ConnectionId) -> Result<SyncState> {
    Ok(with_last_try(store, id).await?.0)
}

/// The same, and when the last sync began.
///
/// # Errors
/// When the store fails.
pub async fn with_last_try(
    store: &Store,
    id: ConnectionId,
) -> Result<(SyncState, Option<DateTime<Utc>>)> {
    let syncs = store.syncs();
    let latest = syncs
        .latest(id)
        .await
        .map_err(|error| internal("reading a sync", &error))?;
    let complete = syncs
        .latest_complete(id)
        .await
        .map_err(|error| internal("reading a sync", &error))?;
    let finished_at = complete.and_then(|complete| complete.finished_at);
    let Some(latest) = latest else {
        return Ok((
            SyncState {
                finished_at,
                ..SyncState::default()
            },
            None,
        ));
    };
    let state = SyncState {
        running: latest.state == RunState::Running,
        days_done: latest.days_done,
        days_total: latest.days_total,
        finished_at,
        requests: latest.requests,
        price: Some(latest.price),
        error: latest.error,
    };
    Ok((state, Some(latest.started_at)))
}
