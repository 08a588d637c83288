//! What this tool itself costs, from the ledger alone, beside the accounts' own
//! lines. Never calls AWS.

mod sums;

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use chrono::NaiveDate;
use domain::{
    Code, Error, Result,
    account::{ConnectionId, ConnectionKind},
    cube::Cube,
    metric::Metric,
    money::{Currency, Money},
    period::Period,
    ports::Spending,
    spending::{COST_EXPLORER_SERVICE, Cap, Comparison, SpendingReport},
    user::User,
};

use self::sums::Known;
use super::{caps, clock::Clock, internal, overview::is_finished, own, state};
use crate::{
    jobs::sync::Syncer,
    store::{Store, connections::StoredConnection, ledger::LedgerSum},
};

/// Months on the page, this one included.
const MONTHS: u32 = 12;

/// Implements [`Spending`].
pub struct SpendingService {
    store: Store,
    clock: Clock,
    syncer: Arc<Syncer>,
}

impl SpendingService {
    /// Puts the parts together.
    #[must_use]
    pub const fn new(store: Store, clock: Clock, syncer: Arc<Syncer>) -> Self {
        Self {
            store,
            clock,
            syncer,
        }
    }

    /// What AWS says an account's requests cost, by day, where it has finished the day.
    async fn theirs(
        &self,
        id: ConnectionId,
        period: Period,
    ) -> Result<HashMap<NaiveDate, Option<Money>>> {
        let cube = Cube::ServiceAccount;
        let costs = self.store.costs();
        let days = costs.slices(id, &cube.question(), period).await;
        let days = days.map_err(|error| internal("reading stored days", &error))?;
        let lines = costs
            .daily_by_key1(id, cube, period, Metric::Unblended)
            .await;
        let lines = lines.map_err(|error| internal("reading stored costs", &error))?;
        let mut theirs: HashMap<NaiveDate, Option<Money>> = days
            .into_iter()
            .filter(|slice| is_finished(slice.day, slice.asked_on))
            .map(|slice| (slice.day, None))
            .collect();
        for line in lines {
            if line.key == COST_EXPLORER_SERVICE
                && let Some(day) = theirs.get_mut(&line.day)
            {
                *day = Some(Money::new(line.amount, line.currency));
            }
        }
        Ok(theirs)
    }

    async fn comparison(
        &self,
        connection: &StoredConnection,
        today: NaiveDate,
        ledger: &[LedgerSum],
    ) -> Result<Comparison> {
        let period = Period::months_to_date(today, MONTHS);
        let theirs = self.theirs(connection.id, period).await?;
        let months = sums::compare(period, &connection.aws_account, ledger, &theirs);
        Ok(Comparison {
            connection: connection.id,
            name: connection.name.clone(),
            account: connection.aws_account.clone(),
            months: months.map_err(|error| internal("comparing requests", &error))?,
        })
    }
}

#[async_trait]
impl Spending for SpendingService {
    async fn report(&self, user: &User) -> Result<SpendingReport> {
        // Requests leave in real time, whatever day the product plays.
        let today = self.clock.now().date_naive();
        let ledger = self
            .store
            .ledger()
            .sums(user.id, Period::months_to_date(today, MONTHS))
            .await;
        let ledger = ledger.map_err(|error| internal("adding up requests", &error))?;
        if ledger
            .iter()
            .any(|sum| sum.spent.price.currency != Currency::USD)
        {
            return Err(foreign_prices());
        }
        let stored = self.store.connections().list(user.id).await;
        let stored = stored.map_err(|error| internal("listing connections", &error))?;
        let mut known = Vec::new();
        let mut comparisons = Vec::new();
        for connection in &stored {
            known.push(Known {
                id: connection.id,
                name: connection.name.clone(),
                cap: caps::status(&self.store, self.clock, connection).await?,
            });
            if connection.kind != ConnectionKind::Sample {
                comparisons.push(self.comparison(connection, today, &ledger).await?);
            }
        }
        sums::report(today, MONTHS, &ledger, known, comparisons)
            .map_err(|error| internal("adding up requests", &error))
    }

    async fn set_cap(&self, user: &User, id: ConnectionId, cap: Cap) -> Result<()> {
        let connection = own(&self.store, user.id, id).await?;
        if connection.kind == ConnectionKind::Sample {
            return Err(Error::new(
                Code::NotAllowed,
                "The sample account costs nothing, so there is nothing to cap.",
                "Caps are for connections to AWS.",
            ));
        }
        let set = self.store.caps().set(id, cap).await;
        set.map_err(|error| internal("storing a cap", &error))?;
        // What the old cap stopped goes on.
        let stopped = state::of(&self.store, self.clock, id).await?.error;
        let covered = caps::status(&self.store, self.clock, &connection)
            .await?
            .covers(domain::account::COST_EXPLORER_REQUEST);
        if covered && stopped.is_some_and(|error| error.code == Code::CapReached) {
            self.syncer.retry(user.id, id).await?;
        }
        Ok(())
    }
}

fn foreign_prices() -> Error {
    Error::new(
        Code::AwsUnreadable,
        "The ledger has requests in another currency than dollars.",
        "Currencies are never added up, and this version prices requests in dollars.",
    )
}
