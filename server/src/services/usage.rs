//! What something cost and how much of it was used, from the store alone: the same report
//! twice, once counted as money and once as usage.

use domain::{
    grouped::{Figures, Report, Table},
    metric::Metric,
    money::{Currency, Nanos},
    query::ReportQuery,
};

use crate::store::{Store, StoreError, costs::Reported};

/// A table for each currency, and one for each unit.
pub struct CostAndUsage {
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
    let mut both = CostAndUsage {
        cost: Vec::new(),
        usage: Vec::new(),
    };
    for query in [query, &used] {
        let Reported::Known(Report { figures, .. }) = store.costs().report(query).await? else {
            return Ok(None);
        };
        match figures {
            Figures::Money(tables) => both.cost = tables,
            Figures::Usage(tables) => both.usage = tables,
        }
    }
    Ok(Some(both))
}
