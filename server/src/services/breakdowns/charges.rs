//! Every charge of a period by day, service and kind, from the cube that tells kinds apart.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{
    Error, Result,
    account::ConnectionId,
    dimension::Dimension,
    focus::Charge,
    grouped::Figures,
    metric::Metric,
    money::{Currency, Nanos},
    period::Period,
    query::{CubeChoice, ReportQuery, Step},
};

use super::super::{charges::BILL_CUBE, internal};
use crate::store::{Store, costs::Reported};

/// How often each day's charges are counted: before and after discounts, and spread.
const METRICS: [Metric; 3] = [
    Metric::Unblended,
    Metric::NetUnblended,
    Metric::NetAmortized,
];

/// The charges in order of day, service and kind; days that aren't stored have none.
pub(super) async fn by_day(store: &Store, id: ConnectionId, period: Period) -> Result<Vec<Charge>> {
    let mut all: BTreeMap<(NaiveDate, Vec<String>, Currency), [Nanos; 3]> = BTreeMap::new();
    for (place, metric) in METRICS.into_iter().enumerate() {
        let query = ReportQuery {
            connections: vec![id],
            cube: CubeChoice::This(BILL_CUBE.question()),
            period,
            step: Step::Daily,
            group_by: vec![Dimension::Service.into(), Dimension::RecordType.into()],
            metric,
            filter: None,
            top: None,
        };
        let reported = store.costs().report(&query).await;
        let reported = reported.map_err(|error| internal("reading charges", &error))?;
        let Reported::Known(report) = reported else {
            return Ok(Vec::new());
        };
        let Figures::Money(tables) = report.figures else {
            return Err(Error::not_money());
        };
        for table in tables {
            for group in table.groups {
                let known = report.pieces.iter().zip(group.values);
                for (piece, value) in known.filter(|(_, value)| *value != Nanos::ZERO) {
                    let key = (piece.start(), group.keys.clone(), table.unit);
                    all.entry(key).or_default()[place] = value;
                }
            }
        }
    }
    let charge =
        |((day, keys, currency), costs): ((NaiveDate, Vec<String>, Currency), [Nanos; 3])| {
            let mut keys = keys.into_iter();
            Charge {
                day,
                service: keys.next().unwrap_or_default(),
                kind: keys.next().unwrap_or_default(),
                currency,
                unblended: costs[0],
                net_unblended: costs[1],
                net_amortized: costs[2],
            }
        };
    Ok(all.into_iter().map(charge).collect())
}
