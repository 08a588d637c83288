//! What AWS costs, from the store alone: looking never calls AWS.

use async_trait::async_trait;
use domain::{
    Code, Error, Result,
    account::{ConnectionId, ConnectionKind},
    cube::Cube,
    metric::Metric,
    money::Currency,
    period::Period,
    ports::Costs,
    report::Overview,
    user::User,
};

use super::{
    caps,
    clock::Clock,
    internal,
    overview::{CHART_MONTHS, KnownDay, ServiceCost, Stored},
    state,
};
use crate::store::{Store, connections::StoredConnection, costs::SliceInfo};

/// Implements [`Costs`].
pub struct CostService {
    store: Store,
    clock: Clock,
}

impl CostService {
    /// Puts the parts together.
    #[must_use]
    pub const fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    async fn connection(&self, user: &User, id: ConnectionId) -> Result<StoredConnection> {
        let found = self.store.connections().get(user.id, id).await;
        found
            .map_err(|error| internal("finding a connection", &error))?
            .ok_or_else(|| Error::not_found("connection"))
    }
}

#[async_trait]
impl Costs for CostService {
    async fn overview(&self, user: &User, id: ConnectionId, metric: Metric) -> Result<Overview> {
        if !metric.is_cost() {
            return Err(Error::invalid(
                "metric",
                "This metric counts usage, not money.",
                "Choose one of the five costs.",
            ));
        }
        let connection = self.connection(user, id).await?;
        let today = self.clock.today();
        let period = Period::months_to_date(today, CHART_MONTHS);
        let cube = Cube::ServiceAccount;
        let slices = self
            .store
            .costs()
            .slices(id, &cube.question(), period)
            .await;
        let slices = slices.map_err(|error| internal("reading stored days", &error))?;
        let rows = self
            .store
            .costs()
            .daily_by_key1(id, cube, period, metric)
            .await;
        let rows = rows.map_err(|error| internal("reading stored costs", &error))?;
        let currency = rows.first().map_or(Currency::USD, |row| row.currency);
        if rows.iter().any(|row| row.currency != currency) {
            return Err(mixed_currencies());
        }
        let as_of = slices.iter().map(|slice| slice.asked_at).max();
        let known = |slice: &SliceInfo| KnownDay {
            estimated: slice.estimated,
            asked_on: slice.asked_on,
        };
        let stored = Stored {
            currency,
            days: slices
                .iter()
                .map(|slice| (slice.day, known(slice)))
                .collect(),
            costs: rows
                .into_iter()
                .map(|row| ServiceCost {
                    day: row.day,
                    service: row.key,
                    amount: row.amount,
                })
                .collect(),
        };
        let figures = stored
            .figures(today)
            .map_err(|error| internal("adding up stored costs", &error))?;
        Ok(Overview {
            connection: id,
            connection_name: connection.name.clone(),
            sample: connection.kind == ConnectionKind::Sample,
            today,
            metric,
            month_to_date: figures.month_to_date,
            last_month_to_same_day: figures.last_month_to_same_day,
            last_month: figures.last_month,
            change: figures.change,
            chart: figures.chart,
            sync: state::of(&self.store, id).await?,
            cap: caps::status(&self.store, self.clock, &connection).await?,
            as_of,
        })
    }
}

fn mixed_currencies() -> Error {
    Error::new(
        Code::AwsUnreadable,
        "The costs of this account come in more than one currency.",
        "Currencies are never added up, and this version shows only one of them.",
    )
}
