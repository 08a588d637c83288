//! What a person can do about getting the costs.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    Result,
    account::ConnectionId,
    job::{Cadence, SyncState},
    ports::Jobs,
    user::User,
};

use super::{breakdowns::rest_of, caps, clock::Clock, internal, own, state};
use crate::{
    jobs::sync::Syncer,
    store::{Store, connections::StoredConnection, jobs::JobKind},
};

/// Implements [`Jobs`].
pub struct JobService {
    store: Store,
    clock: Clock,
    syncer: Arc<Syncer>,
}

impl JobService {
    /// Puts the parts together.
    #[must_use]
    pub const fn new(store: Store, clock: Clock, syncer: Arc<Syncer>) -> Self {
        Self {
            store,
            clock,
            syncer,
        }
    }

    /// Refuses what the cap doesn't cover.
    async fn afford(&self, connection: &StoredConnection, going_on: bool) -> Result<()> {
        let cap = caps::status(&self.store, self.clock, connection).await?;
        let state = state::of(&self.store, self.clock, connection.id).await?;
        let price = match going_on {
            true => rest_of(&state).unwrap_or_else(|| state.usual_price()),
            false => state.usual_price(),
        };
        if cap.covers(price) {
            Ok(())
        } else {
            Err(cap.refusal(&price.display()))
        }
    }
}

#[async_trait]
impl Jobs for JobService {
    async fn progress(&self, user: &User, id: ConnectionId) -> Result<SyncState> {
        own(&self.store, user.id, id).await?;
        state::of(&self.store, self.clock, id).await
    }

    async fn refresh(&self, user: &User, id: ConnectionId, beyond_cap: bool) -> Result<SyncState> {
        let connection = own(&self.store, user.id, id).await?;
        if !beyond_cap {
            self.afford(&connection, false).await?;
        }
        self.syncer.start(user.id, id, JobKind::Refresh).await?;
        state::of(&self.store, self.clock, id).await
    }

    async fn pause(&self, user: &User, id: ConnectionId) -> Result<SyncState> {
        self.syncer.pause(user.id, id).await?;
        state::of(&self.store, self.clock, id).await
    }

    async fn resume(&self, user: &User, id: ConnectionId) -> Result<SyncState> {
        self.syncer.resume(user.id, id).await?;
        state::of(&self.store, self.clock, id).await
    }

    async fn cancel(&self, user: &User, id: ConnectionId) -> Result<SyncState> {
        self.syncer.cancel(user.id, id).await?;
        state::of(&self.store, self.clock, id).await
    }

    async fn retry(&self, user: &User, id: ConnectionId) -> Result<SyncState> {
        // Beyond the cap there is the refresh, which says what it costs.
        self.afford(&own(&self.store, user.id, id).await?, true)
            .await?;
        self.syncer.retry(user.id, id).await?;
        state::of(&self.store, self.clock, id).await
    }

    async fn set_cadence(
        &self,
        user: &User,
        id: ConnectionId,
        cadence: Cadence,
    ) -> Result<SyncState> {
        own(&self.store, user.id, id).await?;
        let set = self.store.jobs().set_cadence(id, cadence).await;
        set.map_err(|error| internal("setting how often to refresh", &error))?;
        state::of(&self.store, self.clock, id).await
    }
}
