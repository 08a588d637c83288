//! What each kind of charge came to, from the store alone.

use std::collections::BTreeMap;

use domain::{
    Error, Result,
    account::ConnectionId,
    charge::Step as BillStep,
    cube::Cube,
    dimension::Dimension,
    grouped::{Figures, Table},
    metric::Metric,
    money::{Currency, Money, Nanos},
    period::Period,
    query::{CubeChoice, ReportQuery, Step},
};

use super::internal;
use crate::store::{Store, costs::Reported};

/// The cube that tells kinds of charges apart.
pub const BILL_CUBE: Cube = Cube::ServiceRecordType;

/// What each kind of charge came to over a period, by currency.
///
/// # Errors
/// When the store fails, or the metric is none of money.
pub async fn by_kind(
    store: &Store,
    id: ConnectionId,
    period: Period,
    metric: Metric,
) -> Result<BTreeMap<Currency, Vec<(String, Nanos)>>> {
    let query = ReportQuery {
        connections: vec![id],
        cube: CubeChoice::This(BILL_CUBE.question()),
        period,
        step: Step::Total,
        group_by: vec![Dimension::RecordType.into()],
        metric,
        filter: None,
        top: None,
    };
    let reported = store.costs().report(&query).await;
    match reported.map_err(|error| internal("reading kinds of charges", &error))? {
        Reported::Known(report) => by_currency(report.figures).ok_or_else(Error::not_money),
        Reported::Ask(_) => Ok(BTreeMap::new()),
    }
}

/// Each group's first key with its total, by currency; `None` where it isn't money.
pub fn by_currency(figures: Figures) -> Option<BTreeMap<Currency, Vec<(String, Nanos)>>> {
    let Figures::Money(tables) = figures else {
        return None;
    };
    let table = |table: Table<Currency, Nanos>| {
        let charges = table.groups.into_iter().map(|group| {
            let kind = group.keys.into_iter().next().unwrap_or_default();
            (kind, group.total)
        });
        (table.unit, charges.collect())
    };
    Some(tables.into_iter().map(table).collect())
}

/// What credits took off over a period, by currency; none where there was none.
///
/// # Errors
/// As [`by_kind`].
pub async fn credits(
    store: &Store,
    id: ConnectionId,
    period: Period,
    metric: Metric,
) -> Result<Vec<Money>> {
    let mut all = Vec::new();
    for (currency, charges) in by_kind(store, id, period, metric).await? {
        let credits = charges
            .iter()
            .filter(|(kind, _)| BillStep::of(kind) == BillStep::Credits)
            .map(|(_, amount)| *amount);
        let sum = Nanos::sum(credits).map_err(|error| internal("adding up credits", &error))?;
        if sum != Nanos::ZERO {
            all.push(Money::new(sum, currency));
        }
    }
    Ok(all)
}
