//! Where an event's money went: its service's usage types, before and during. Usage types are
//! kept for all accounts together, so it is likely and not certain.

use std::collections::BTreeMap;

use chrono::Days;
use domain::{
    Result,
    account::ConnectionId,
    cube::Cube,
    dimension::{Dimension, Filter},
    grouped::Table,
    metric::Metric,
    money::{Currency, Nanos},
    period::Period,
    query::{CubeChoice, ReportQuery, Step},
    unusual::{Cause, Finding, UsageLine, cause},
};

use super::super::{internal, usage::cost_and_usage};
use crate::store::Store;

/// Four weeks before an event are what is usual.
const BEFORE: u64 = 28;

pub(super) async fn of(
    store: &Store,
    id: ConnectionId,
    finding: &Finding,
) -> Result<Option<Cause>> {
    let during = finding.event.period;
    let start = during.start() - Days::new(BEFORE);
    let Ok(before) = Period::new(start, during.start()) else {
        return Ok(None);
    };
    let before = lines(store, id, finding, before).await?;
    let during = lines(store, id, finding, during).await?;
    Ok(cause(&before, &during, finding.currency))
}

/// What each usage type of the service came to a day.
async fn lines(
    store: &Store,
    id: ConnectionId,
    finding: &Finding,
    period: Period,
) -> Result<Vec<UsageLine>> {
    let query = ReportQuery {
        connections: vec![id],
        cube: CubeChoice::This(Cube::ServiceUsageType.question()),
        period,
        step: Step::Total,
        group_by: vec![Dimension::UsageType.into()],
        metric: Metric::default(),
        filter: Some(Filter::In {
            key: Dimension::Service.into(),
            values: vec![finding.id.service.clone()],
        }),
        top: None,
    };
    let both = cost_and_usage(store, &query).await;
    let both = both.map_err(|error| internal("making a report", &error))?;
    let Some(both) = both else {
        return Ok(Vec::new());
    };
    let mut lines: BTreeMap<String, (i128, f64)> = BTreeMap::new();
    let ours = |table: &Table<Currency, Nanos>| table.unit == finding.currency;
    for group in both
        .cost
        .into_iter()
        .filter(ours)
        .flat_map(|table| table.groups)
    {
        let line = lines.entry(group.keys.concat()).or_default();
        line.0 += i128::from(group.total.0);
    }
    for group in both.usage.into_iter().flat_map(|table| table.groups) {
        lines.entry(group.keys.concat()).or_default().1 += group.total;
    }
    let days = i128::try_from(period.len().max(1)).unwrap_or(1);
    Ok(lines
        .into_iter()
        .map(|(usage_type, (cost, quantity))| UsageLine {
            usage_type,
            a_day: Nanos(i64::try_from(cost / days).unwrap_or(i64::MAX)),
            quantity: quantity / days as f64,
        })
        .collect())
}
