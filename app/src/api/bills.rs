//! A month's bill and its forecast. From the store: nothing here calls AWS.

#[cfg(feature = "ssr")]
use domain::look::Look;
use domain::{bill, charge::View, expected, metric::Metric};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{answer, require_user, services};
use crate::error::ApiError;

/// The bill of a month, `2026-10`; of this month without it.
#[server(endpoint = "bills/of_month")]
pub async fn of_month(
    connection: String,
    month: Option<String>,
    metric: Metric,
) -> Result<bill::Bill, ApiError> {
    let of_month = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        let day = month.as_deref().map(bill::first_of).transpose()?;
        services()?.bills.bill(&user, id, day, metric).await
    };
    answer(of_month().await)
}

/// Where this month will end, and how past forecasts did.
#[server(endpoint = "bills/forecast")]
pub async fn forecast(
    connection: String,
    metric: Metric,
    #[server(default)] view: View,
) -> Result<expected::Forecast, ApiError> {
    let forecast = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        let look = Look { metric, view };
        services()?.bills.forecast(&user, id, look).await
    };
    answer(forecast().await)
}
