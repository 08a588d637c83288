//! What this tool itself costs.

use async_trait::async_trait;

use crate::{
    Result,
    account::ConnectionId,
    spending::{Cap, SpendingReport},
    user::User,
};

/// The own requests to AWS: counted, priced, capped. Never calls AWS.
#[async_trait]
pub trait Spending: Send + Sync {
    /// The person's, over all their connections, deleted ones too.
    async fn report(&self, user: &User) -> Result<SpendingReport>;

    /// Gives one of the person's connections another cap. Background work that
    /// the old one stopped goes on when the new one covers it.
    async fn set_cap(&self, user: &User, id: ConnectionId, cap: Cap) -> Result<()>;
}
