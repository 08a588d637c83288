//! What something cost and how much of it was used, from the store alone: the same report
//! twice, once counted as money and once as usage.

use domain::{
    cube::Question,
    grouped::{Figures, Table},
    metric::Metric,
    money::{Currency, Nanos},
    query::ReportQuery,
};

use crate::store::{Store, StoreError, costs::Reported};

/// A table for each currency, and one for each unit.
pub struct CostAndUsage {
    /// Where both come from.
    pub cube: Question,
    /// By the query's own metric.
    pub cost: Vec<Table<Currency, Nanos>>,
    /// How much was used.
    pub usage: Vec<Table<String, f64>>,
}

/// Both of what `query` asks for; `None` where the store doesn't know it.
///
/// # Errors
/// When the store fails.
pub async fn cost_and_usage(
    store: &Store,
    query: &ReportQuery,
) -> Result<Option<CostAndUsage>, StoreError> {
    let used = ReportQuery {
        metric: Metric::UsageQuantity,
        ..query.clone()
    };
    let (mut cost, mut usage, mut cube) = (Vec::new(), Vec::new(), None);
    for query in [query, &used] {
        let Reported::Known(report) = store.costs().report(query).await? else {
            return Ok(None);
        };
        match report.figures {
            Figures::Money(tables) => cost = tables,
            Figures::Usage(tables) => usage = tables,
        }
        cube = Some(report.cube);
    }
    Ok(cube.map(|cube| CostAndUsage { cube, cost, usage }))
}
