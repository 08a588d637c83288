//! Has the detector judge each service of each account, from the stored days.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use domain::{
    Result,
    account::ConnectionId,
    cube::Cube,
    detector::{Judged, Sensitivity, Series, judge},
    dimension::Dimension,
    grouped::Figures,
    metric::Metric,
    period::Period,
    query::{CubeChoice, ReportQuery, Step},
    unusual::{EventId, Finding},
};

use super::super::internal;
use crate::store::{Store, costs::Reported};

/// So many pairs of a service and an account are looked at: the largest.
const LARGEST: u32 = 300;
/// So many days are drawn before an event, and after it.
const BEFORE: u64 = 42;
const AFTER: u64 = 21;

/// An event and the days it was found in.
pub(super) struct Found {
    pub(super) finding: Finding,
    days: Vec<Judged>,
}

impl Found {
    /// The days around it.
    pub(super) fn around(&self) -> Vec<Judged> {
        let period = self.finding.event.period;
        let from = period.start() - Days::new(BEFORE);
        let until = period.end() + Days::new(AFTER);
        let near = |day: &&Judged| from <= day.day && day.day < until;
        self.days.iter().filter(near).copied().collect()
    }
}

/// All events that reach into `shown`.
pub(super) async fn found(
    store: &Store,
    id: ConnectionId,
    kept: Period,
    shown: Period,
    sensitivity: Sensitivity,
) -> Result<Vec<Found>> {
    let question = Cube::ServiceAccount.question();
    let slices = store.costs().slices(id, &question, kept).await;
    let slices = slices.map_err(|error| internal("reading stored days", &error))?;
    let stored: BTreeSet<NaiveDate> = slices.iter().map(|slice| slice.day).collect();
    let query = ReportQuery {
        connections: vec![id],
        cube: CubeChoice::This(question),
        period: kept,
        step: Step::Daily,
        group_by: vec![Dimension::Service.into(), Dimension::LinkedAccount.into()],
        metric: Metric::default(),
        filter: None,
        top: Some(LARGEST),
    };
    let reported = store.costs().report(&query).await;
    let reported = reported.map_err(|error| internal("making a report", &error))?;
    let Reported::Known(report) = reported else {
        return Ok(Vec::new());
    };
    let Figures::Money(tables) = report.figures else {
        return Ok(Vec::new());
    };
    // Days before the first stored one tell nothing, not even that there was nothing.
    let Some(first) = stored.first().copied() else {
        return Ok(Vec::new());
    };
    let mut all = Vec::new();
    for table in tables {
        for group in table.groups.into_iter().filter(|group| !group.is_rest()) {
            let [service, account] = &group.keys[..] else {
                continue;
            };
            let days = report.pieces.iter().zip(&group.values);
            let days = days.filter(|(piece, _)| piece.start() >= first);
            let series = Series {
                start: first,
                days: days
                    .map(|(piece, value)| stored.contains(&piece.start()).then_some(*value))
                    .collect(),
            };
            let verdict = judge(&series, sensitivity);
            let events = verdict.events.into_iter();
            for event in events.filter(|event| event.period.end() > shown.start()) {
                all.push(Found {
                    finding: Finding {
                        id: EventId {
                            service: service.clone(),
                            account: account.clone(),
                            start: event.period.start(),
                        },
                        currency: table.unit,
                        event,
                        mark: None,
                        aws: Vec::new(),
                    },
                    days: verdict.days.clone(),
                });
            }
        }
    }
    Ok(all)
}
