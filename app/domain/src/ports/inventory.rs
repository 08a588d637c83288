//! What there is in EC2, and looking at it again.

use async_trait::async_trait;

use crate::{
    Result,
    account::ConnectionId,
    inventory::{InventoryPage, InventoryWish, Scan},
    user::User,
};

/// The inventory. Scanning is free of charge.
#[async_trait]
pub trait Inventories: Send + Sync {
    /// A page of what is known. Never calls AWS.
    async fn page(
        &self,
        user: &User,
        id: ConnectionId,
        wish: InventoryWish,
    ) -> Result<InventoryPage>;

    /// All that is wished for, as comma-separated values. Never calls AWS.
    async fn csv(&self, user: &User, id: ConnectionId, wish: InventoryWish) -> Result<String>;

    /// Begins a scan, unless one is under way.
    async fn scan(&self, user: &User, id: ConnectionId) -> Result<Scan>;
}
