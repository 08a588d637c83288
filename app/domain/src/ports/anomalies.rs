//! What cost more than it should, from the store; and what AWS says of it, when a person asks.

use async_trait::async_trait;

use crate::{
    Result,
    account::ConnectionId,
    detector::Sensitivity,
    marked::Marked,
    unusual::{EventId, Mark, Unusual},
    user::User,
};

/// Unusual costs.
#[async_trait]
pub trait Anomalies: Send + Sync {
    /// All of the last days, and one of them in detail: the costliest where `chosen` is none
    /// of them. Never calls AWS.
    async fn unusual(
        &self,
        user: &User,
        id: ConnectionId,
        chosen: Option<EventId>,
    ) -> Result<Unusual>;

    /// Says how little is enough to be told about.
    async fn set_sensitivity(
        &self,
        user: &User,
        id: ConnectionId,
        sensitivity: Sensitivity,
    ) -> Result<()>;

    /// Remembers what a person says of an event, or of what only AWS found; `None` takes it
    /// back.
    async fn mark(
        &self,
        user: &User,
        id: ConnectionId,
        marked: &Marked,
        mark: Option<Mark>,
    ) -> Result<()>;

    /// Asks AWS what it finds unusual, for a price. Where the cap doesn't cover it, only with
    /// `beyond_cap`: the word of a person who has seen the price.
    async fn ask_aws(&self, user: &User, id: ConnectionId, beyond_cap: bool) -> Result<()>;
}
