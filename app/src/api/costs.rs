//! What AWS costs. Only `refresh` makes the server call AWS, and it says so.

#[cfg(feature = "ssr")]
use domain::look::Look;
use domain::{charge::View, metric::Metric, report};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{answer, require_user, services};
use crate::error::ApiError;

/// The Overview page's figures, from the store.
#[server(endpoint = "costs/overview")]
pub async fn overview(
    connection: String,
    metric: Metric,
    #[server(default)] view: View,
) -> Result<report::Overview, ApiError> {
    let overview = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        services()?
            .costs
            .overview(&user, id, Look { metric, view })
            .await
    };
    answer(overview().await)
}

/// The same of all connections together, by currency.
#[server(endpoint = "costs/together")]
pub async fn together(
    metric: Metric,
    #[server(default)] view: View,
) -> Result<report::Together, ApiError> {
    let together = async || {
        let user = require_user().await?;
        services()?
            .costs
            .together(&user, Look { metric, view })
            .await
    };
    answer(together().await)
}
