//! A month's bill and its forecast. From the store: nothing here calls AWS.

#[cfg(feature = "ssr")]
use domain::look::Look;
use domain::{bill, charge::View, expected, metric::Metric};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{answer, of_chosen, require_user, services};
use crate::{error::ApiError, pages};

/// A month's bill as its page shows it: of a connection, or of the person's first. `None`
/// where they have none.
#[server(endpoint = "bills/page")]
pub async fn page(
    metric: Metric,
    month: Option<String>,
    #[server(default)] connection: Option<String>,
) -> Result<Option<pages::bill::Drawn>, ApiError> {
    let page = async |user, id: String, list: Vec<_>| {
        let day = month.as_deref().map(bill::first_of).transpose()?;
        let bill = services()?
            .bills
            .bill(&user, id.parse()?, day, metric)
            .await?;
        Ok(pages::bill::parts::of(bill, &list))
    };
    answer(of_chosen(connection.as_deref(), page).await)
}

/// A forecast as its page shows it: of a connection, or of the person's first. `None` where
/// they have none.
#[server(endpoint = "bills/forecast_page")]
pub async fn forecast_page(
    metric: Metric,
    #[server(default)] view: View,
    #[server(default)] connection: Option<String>,
) -> Result<Option<pages::forecast::Drawn>, ApiError> {
    let page = async |user, id: String, list: Vec<_>| {
        let look = Look { metric, view };
        let forecast = services()?.bills.forecast(&user, id.parse()?, look).await?;
        Ok(pages::forecast::parts::of(forecast, &list))
    };
    answer(of_chosen(connection.as_deref(), page).await)
}

/// The same as data: the bill of a month, `2026-10`; of this month without it.
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

/// The same as data: where this month will end, and how past forecasts did.
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
