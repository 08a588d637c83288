//! Where an event's money went: its service's usage types, before and during. Usage types are
//! kept for all accounts together, so it is likely and not certain.

use std::collections::BTreeMap;

use chrono::Days;
use domain::{
    Result,
    account::ConnectionId,
    cube::Cube,
    dimension::{Dimension, Filter},
    grouped::Figures,
    metric::Metric,
    money::{Currency, Nanos},
    period::Period,
    query::{CubeChoice, ReportQuery, Step},
    unusual::{Cause, Finding, UsageLine, cause},
};

use super::super::internal;
use crate::store::{Store, costs::Reported};

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
    let query = |metric| ReportQuery {
        connections: vec![id],
        cube: CubeChoice::This(Cube::ServiceUsageType.question()),
        period,
        step: Step::Total,
        group_by: vec![Dimension::UsageType.into()],
        metric,
        filter: Some(Filter::In {
            key: Dimension::Service.into(),
            values: vec![finding.id.service.clone()],
        }),
        top: None,
    };
    let mut lines: BTreeMap<String, (i128, f64)> = BTreeMap::new();
    for metric in [Metric::default(), Metric::UsageQuantity] {
        let reported = store.costs().report(&query(metric)).await;
        let reported = reported.map_err(|error| internal("making a report", &error))?;
        let Reported::Known(report) = reported else {
            return Ok(Vec::new());
        };
        match report.figures {
            Figures::Money(tables) => {
                let ours = |unit: &Currency| *unit == finding.currency;
                let tables = tables.into_iter().filter(|table| ours(&table.unit));
                for group in tables.flat_map(|table| table.groups) {
                    let line = lines.entry(group.keys.concat()).or_default();
                    line.0 += i128::from(group.total.0);
                }
            }
            Figures::Usage(tables) => {
                for group in tables.into_iter().flat_map(|table| table.groups) {
                    lines.entry(group.keys.concat()).or_default().1 += group.total;
                }
            }
        }
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
