//! What AWS costs. Only `refresh` makes the server call AWS, and it says so.

#[cfg(feature = "ssr")]
use std::sync::Arc;

#[cfg(feature = "ssr")]
use domain::{Error, look::Look};
use domain::{charge::View, metric::Metric, report};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    components::explore::address::ALL,
    context::{answer, of_chosen, require_user, services},
    pages::overview::parts,
};
use crate::{error::ApiError, pages::overview::answer::AtAGlance};

/// The Overview as its page shows it: of a connection, of all together, or of the
/// person's first. `None` where they have none.
#[server(endpoint = "costs/page")]
pub async fn page(
    metric: Metric,
    #[server(default)] view: View,
    #[server(default)] connection: Option<String>,
) -> Result<Option<AtAGlance>, ApiError> {
    let page = async |user, id: String, list| {
        let costs = &services()?.costs;
        let look = Look { metric, view };
        if id == ALL {
            let together = costs.together(&user, look).await?;
            return Ok(parts::kept(together, list, parts::of_all));
        }
        let overview = costs.overview(&user, id.parse()?, look).await?;
        Ok(parts::kept(overview, list, parts::of_one))
    };
    answer(of_chosen(connection.as_deref(), page).await)
}

/// What one of the page's charts shows; of all connections together, the one of a currency.
#[server(endpoint = "costs/chart")]
pub async fn chart(
    connection: String,
    metric: Metric,
    #[server(default)] view: View,
    #[server(default)] currency: String,
) -> Result<report::Daily, ApiError> {
    let chart = async || {
        let user = require_user().await?;
        let services = services()?;
        let look = Look { metric, view };
        if connection == ALL {
            let together = services.costs.together(&user, look).await?;
            let of = |sum: &&report::Sum| sum.costs.chart.currency.code() == currency;
            let sum = together.sums.iter().find(of);
            let sum = sum.ok_or_else(|| Error::not_found("chart"))?;
            return Ok(sum.costs.daily());
        }
        let id = connection.parse()?;
        let overview = services.costs.overview(&user, id, look).await?;
        let mut all = std::iter::once(&overview.costs).chain(&overview.others);
        let of = |costs: &&report::Glance| costs.chart.currency.code() == currency;
        Ok(all.find(of).unwrap_or(&overview.costs).daily())
    };
    answer(chart().await)
}

/// The same figures as data, from the store.
#[server(endpoint = "costs/overview")]
pub async fn overview(
    connection: String,
    metric: Metric,
    #[server(default)] view: View,
) -> Result<report::Overview, ApiError> {
    let overview = async || {
        let user = require_user().await?;
        let id = connection.parse()?;
        let costs = &services()?.costs;
        let overview = costs.overview(&user, id, Look { metric, view }).await?;
        Ok(Arc::unwrap_or_clone(overview))
    };
    answer(overview().await)
}

/// The same of all connections together, by currency, as data.
#[server(endpoint = "costs/together")]
pub async fn together(
    metric: Metric,
    #[server(default)] view: View,
) -> Result<report::Together, ApiError> {
    let together = async || {
        let user = require_user().await?;
        let costs = &services()?.costs;
        let together = costs.together(&user, Look { metric, view }).await?;
        Ok(Arc::unwrap_or_clone(together))
    };
    answer(together().await)
}
