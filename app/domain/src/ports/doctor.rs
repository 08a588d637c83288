//! What a connection's key may do at AWS.

use async_trait::async_trait;

use crate::{Result, account::ConnectionId, doctor::Examination, ledger::Operation, user::User};

/// Checks keys, action by action.
#[async_trait]
pub trait Doctor: Send + Sync {
    /// What is known, from the store alone.
    async fn examination(&self, user: &User, id: ConnectionId) -> Result<Examination>;

    /// Begins to ask AWS for each operation, one after the other, unless an
    /// examination of this connection is under way. `beyond_cap` is the
    /// person's word that it may cost more than the cap covers.
    async fn examine(
        &self,
        user: &User,
        id: ConnectionId,
        operations: Vec<Operation>,
        beyond_cap: bool,
    ) -> Result<()>;
}
