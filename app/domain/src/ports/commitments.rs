//! Reservations and Savings Plans: what AWS said of them, asked for by a person.

use async_trait::async_trait;

use crate::{
    Result,
    account::ConnectionId,
    committed::{Committed, Targets},
    user::User,
};

/// Commitments.
#[async_trait]
pub trait Commitments: Send + Sync {
    /// What AWS said when it was last asked. Never calls AWS.
    async fn committed(&self, user: &User, id: ConnectionId) -> Result<Committed>;

    /// Says what is to be reached.
    async fn set_targets(&self, user: &User, id: ConnectionId, targets: Targets) -> Result<()>;

    /// Asks AWS, for a price. Where the cap doesn't cover it, only with `beyond_cap`: the word
    /// of a person who has seen the price.
    async fn ask(&self, user: &User, id: ConnectionId, beyond_cap: bool) -> Result<()>;
}
