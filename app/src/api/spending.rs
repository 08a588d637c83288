//! What this tool itself costs. Never calls AWS.

use domain::spending::SpendingReport;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{answer, answer_keeping, require_user, services};
use crate::error::ApiError;

/// The page's sums, over all of the person's connections.
#[server(endpoint = "spending/report")]
pub async fn report() -> Result<SpendingReport, ApiError> {
    let report = async || {
        let user = require_user().await?;
        services()?.spending.report(&user).await
    };
    answer(report().await)
}

/// Gives a connection another monthly cap, in dollars.
#[server(endpoint = "spending/set_cap")]
pub async fn set_cap(connection: String, cap: String) -> Result<(), ApiError> {
    let set = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        services()?
            .spending
            .set_cap(&user, id, cap.parse()?)
            .await?;
        leptos_axum::redirect(&format!("/connections/{id}?saved=cap"));
        Ok(())
    };
    let result = set().await;
    answer_keeping(result, [("cap", cap)])
}
