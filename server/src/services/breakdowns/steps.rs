//! How a report's totals come together from usage, and on which days AWS's answers don't agree.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::{
    Result,
    bill::Known,
    cube::Question,
    dimension::Dimension,
    grouped::{Figures, Report, Table},
    money::{Currency, MoneyError, Nanos},
    query::{CubeChoice, ReportQuery, Step},
    reconciliation::{Closed, NotTold, Reconciliation, ToTotal},
};

use super::{BreakdownService, begun};
use crate::{
    services::{bills, charges, internal},
    store::costs::Reported,
};

/// By the names of kinds of charges.
type Kinds = Vec<(String, Nanos)>;

impl BreakdownService {
    /// The way from usage to the totals of a report, whose days are known as `known` says.
    pub(super) async fn to_total(
        &self,
        query: &ReportQuery,
        report: &Report,
        known: Known,
    ) -> Result<ToTotal> {
        let Figures::Money(shown) = &report.figures else {
            return Ok(ToTotal::NotTold(NotTold::Usage));
        };
        let by_kind = ReportQuery {
            cube: CubeChoice::Best,
            step: Step::Total,
            group_by: vec![Dimension::RecordType.into()],
            top: None,
            ..query.clone()
        };
        let Reported::Known(kinds) = self.reported(&by_kind).await? else {
            return Ok(ToTotal::NotTold(NotTold::Filter));
        };
        let slices = self.all_slices(&query.connections, &kinds.cube, query.period);
        let told = bills::known(begun(query.period, self.clock.today()), &slices.await?);
        let kinds = charges::by_currency(kinds.figures).unwrap_or_default();
        // Of several connections, one may have nothing yet.
        let nothing = kinds
            .values()
            .flatten()
            .all(|(_, amount)| *amount == Nanos::ZERO);
        if nothing && told.missing == told.days {
            return Ok(ToTotal::NotTold(NotTold::NothingStored));
        }
        let connections = u32::try_from(query.connections.len()).unwrap_or(u32::MAX);
        let days = told.days.saturating_mul(connections);
        let lacks_days = told.missing > known.missing;
        ways(query, shown, kinds, days, lacks_days)
            .map(ToTotal::Told)
            .map_err(|error| internal("adding up kinds of charges", &error))
    }

    /// The days of which the kept cubes say different things, where one of them is shown.
    pub(super) async fn disagreeing(
        &self,
        query: &ReportQuery,
        shown: &Question,
    ) -> Result<Vec<NaiveDate>> {
        let mut days = BTreeSet::new();
        if query.metric.is_cost() && shown.kept().is_some() {
            for id in &query.connections {
                let costs = self.store.costs();
                let all = costs.disagreements(*id, query.period, query.metric).await;
                let all = all.map_err(|error| internal("comparing stored cubes", &error))?;
                let real = all.iter().filter(|one| !one.is_rounding());
                days.extend(real.map(|one| one.day));
            }
        }
        Ok(days.into_iter().collect())
    }
}

/// One for each currency that is shown or has charges, as far as there is anything.
fn ways(
    query: &ReportQuery,
    shown: &[Table<Currency, Nanos>],
    mut kinds: BTreeMap<Currency, Kinds>,
    days: u32,
    lacks_days: bool,
) -> std::result::Result<Vec<Closed>, MoneyError> {
    let mut totals: BTreeMap<Currency, Nanos> =
        kinds.keys().map(|one| (*one, Nanos::ZERO)).collect();
    totals.extend(shown.iter().map(|table| (table.unit, table.total)));
    let mut ways = Vec::with_capacity(totals.len());
    for (currency, total) in totals {
        let kinds = kinds.remove(&currency).unwrap_or_default();
        let way = Reconciliation::of(query.period, query.metric, currency, kinds)?;
        if total != Nanos::ZERO || !way.steps.is_empty() {
            ways.push(Closed::of(way, total, days, lacks_days)?);
        }
    }
    Ok(ways)
}
