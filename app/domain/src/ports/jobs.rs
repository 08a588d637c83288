//! What a person can do about getting the costs.

use async_trait::async_trait;

use crate::{
    Result,
    account::ConnectionId,
    job::{Cadence, SyncState},
    user::User,
};

/// Jobs that get costs. All but a refresh and going on cost nothing.
#[async_trait]
pub trait Jobs: Send + Sync {
    /// How far the newest one has come. Never calls AWS.
    async fn progress(&self, user: &User, id: ConnectionId) -> Result<SyncState>;

    /// Asks AWS for what may have changed, unless that is under way. Where the cap
    /// doesn't cover what that usually costs, only with `beyond_cap`: the word of
    /// a person who has seen the price.
    async fn refresh(&self, user: &User, id: ConnectionId, beyond_cap: bool) -> Result<SyncState>;

    /// Halts it after the question that is on its way.
    async fn pause(&self, user: &User, id: ConnectionId) -> Result<SyncState>;

    /// Goes on with a paused one.
    async fn resume(&self, user: &User, id: ConnectionId) -> Result<SyncState>;

    /// Ends it; what it has stored stays.
    async fn cancel(&self, user: &User, id: ConnectionId) -> Result<SyncState>;

    /// Goes on with one that has failed or was cancelled, where it stopped.
    async fn retry(&self, user: &User, id: ConnectionId) -> Result<SyncState>;

    /// Sets how often a refresh begins by itself.
    async fn set_cadence(
        &self,
        user: &User,
        id: ConnectionId,
        cadence: Cadence,
    ) -> Result<SyncState>;
}
