//! What AWS costs. Only `refresh` makes the server call AWS, and it says so.

use domain::{account::SyncState, metric::Metric, report};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{answer, require_user, services};
use crate::error::ApiError;

/// The Overview page's figures, from the store.
#[server(endpoint = "costs/overview")]
pub async fn overview(connection: String, metric: Metric) -> Result<report::Overview, ApiError> {
    let overview = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        services()?.costs.overview(&user, id, metric).await
    };
    answer(overview().await)
}

/// How far a sync has come.
#[server(endpoint = "costs/progress")]
pub async fn progress(connection: String) -> Result<SyncState, ApiError> {
    let progress = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        services()?.costs.progress(&user, id).await
    };
    answer(progress().await)
}

/// Asks AWS again for the days that may still change.
#[server(endpoint = "costs/refresh")]
pub async fn refresh(connection: String) -> Result<SyncState, ApiError> {
    let refresh = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        services()?.costs.refresh(&user, id).await
    };
    answer(refresh().await)
}
