//! What there is in EC2. Looking reads the store; scanning asks AWS, which is free.

use domain::inventory::{InventoryPage, InventoryWish, Scan};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{answer, require_user, services};
use crate::error::ApiError;

/// A page of what is known.
#[server(name = Page, endpoint = "inventory/page")]
pub async fn page(
    connection: String,
    #[server(default)] wish: InventoryWish,
) -> Result<InventoryPage, ApiError> {
    let page = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        services()?.inventory.page(&user, id, wish).await
    };
    answer(page().await)
}

/// Looks at everything again.
#[server(name = ScanNow, endpoint = "inventory/scan")]
pub async fn scan(connection: String) -> Result<Scan, ApiError> {
    let scan = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        services()?.inventory.scan(&user, id).await
    };
    answer(scan().await)
}
