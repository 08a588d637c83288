//! What AWS costs, from the store alone: looking never calls AWS.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    Code, Error, Result,
    account::{ConnectionId, ConnectionKind},
    look::Look,
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
    outlook::{Days, Outlooks},
    overview::{CHART_MONTHS, KnownDay, ServiceCost, Stored},
    state,
};
use crate::store::{Store, connections::StoredConnection, costs::SliceInfo};

/// Implements [`Costs`].
pub struct CostService {
    store: Store,
    clock: Clock,
    outlooks: Arc<Outlooks>,
}

impl CostService {
    /// Puts the parts together.
    #[must_use]
    pub const fn new(store: Store, clock: Clock, outlooks: Arc<Outlooks>) -> Self {
        Self {
            store,
            clock,
            outlooks,
        }
    }

    async fn connection(&self, user: &User, id: ConnectionId) -> Result<StoredConnection> {
        let found = self.store.connections().get(user.id, id).await;
        found
            .map_err(|error| internal("finding a connection", &error))?
            .ok_or_else(|| Error::not_found("connection"))
    }

    /// Days and costs of a period.
    async fn stored(
        &self,
        id: ConnectionId,
        period: Period,
        look: Look,
    ) -> Result<(Vec<SliceInfo>, Stored)> {
        let costs = self.store.costs();
        let slices = costs.slices(id, &look.cube().question(), period).await;
        let slices = slices.map_err(|error| internal("reading stored days", &error))?;
        let rows = costs.daily_by_service(id, look, period).await;
        let rows = rows.map_err(|error| internal("reading stored costs", &error))?;
        let currency = rows.first().map_or(Currency::USD, |row| row.currency);
        if rows.iter().any(|row| row.currency != currency) {
            return Err(mixed_currencies());
        }
        let cost = |row: crate::store::costs::DailyCost| ServiceCost {
            day: row.day,
            service: row.key,
            amount: row.amount,
        };
        let stored = Stored {
            currency,
            days: slices.iter().map(KnownDay::of).collect(),
            costs: rows.into_iter().map(cost).collect(),
        };
        Ok((slices, stored))
    }
}

#[async_trait]
impl Costs for CostService {
    async fn overview(&self, user: &User, id: ConnectionId, look: Look) -> Result<Overview> {
        if !look.metric.is_cost() {
            return Err(Error::not_money());
        }
        let connection = self.connection(user, id).await?;
        let today = self.clock.today();
        let period = Period::months_to_date(today, CHART_MONTHS);
        let (slices, stored) = self.stored(id, period, look).await?;
        let adding_up = |error| internal("adding up stored costs", &error);
        let mut costs = stored.glance(today).map_err(adding_up)?;
        let days = Days::of(&stored).map_err(adding_up)?;
        costs.ahead = self.outlooks.ahead(id, look, &days).await?;
        let disagreements = self.store.costs();
        let disagreements = disagreements
            .disagreements(id, period, look.counted())
            .await;
        let mut disagreements: Vec<_> = disagreements
            .map_err(|error| internal("comparing stored cubes", &error))?
            .into_iter()
            .filter(|one| !one.is_rounding())
            .map(|one| one.day)
            .collect();
        disagreements.dedup();
        Ok(Overview {
            connection: id,
            connection_name: connection.name.clone(),
            sample: connection.kind == ConnectionKind::Sample,
            today,
            look,
            costs,
            disagreements,
            sync: state::of(&self.store, self.clock, id).await?,
            cap: caps::status(&self.store, self.clock, &connection).await?,
            as_of: slices.iter().map(|slice| slice.asked_at).max(),
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
