//! A month's bill and where this month will end, from the store alone.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use chrono::NaiveDate;
use domain::{
    Error, Result,
    account::ConnectionId,
    bill::{Bill, Known, ViewTotals, said},
    charge::View,
    cube::{Cube, Question},
    expected::Forecast,
    history::MonthSource,
    look::Look,
    metric::Metric,
    money::{Currency, Money, MoneyError, Nanos},
    period::Period,
    ports::Bills,
    reconciliation::Reconciliation,
    report::DayState,
    user::User,
};

use super::{
    charges::{self, BILL_CUBE},
    clock::Clock,
    internal,
    outlook::Outlooks,
    overview::KnownDay,
    own,
};
use crate::store::{Store, costs::SliceInfo};

/// Implements [`Bills`].
pub struct BillService {
    store: Store,
    clock: Clock,
    outlooks: Arc<Outlooks>,
}

impl BillService {
    /// Puts the parts together.
    #[must_use]
    pub const fn new(store: Store, clock: Clock, outlooks: Arc<Outlooks>) -> Self {
        Self {
            store,
            clock,
            outlooks,
        }
    }

    async fn known(&self, id: ConnectionId, begun: Period) -> Result<Known> {
        let slices = self
            .store
            .costs()
            .slices(id, &BILL_CUBE.question(), begun)
            .await;
        let slices = slices.map_err(|error| internal("reading stored days", &error))?;
        Ok(known(begun, &slices))
    }

    /// The months of which anything is stored, days or a total, and the one that is looked at.
    async fn months(&self, id: ConnectionId, month: Period) -> Result<Vec<Period>> {
        let mut months = vec![month];
        for question in [BILL_CUBE.question(), Question::months()] {
            let reach = self.store.costs().reach(id, &question).await;
            let reach = reach.map_err(|error| internal("reading stored days", &error))?;
            let parts = reach.map(|reach| reach.by_month()).unwrap_or_default();
            months.extend(parts.iter().map(|part| Period::month_of(part.start())));
        }
        months.sort_unstable_by_key(|month| std::cmp::Reverse(month.start()));
        months.dedup();
        Ok(months)
    }

    /// What AWS said of a whole month of which no day is stored.
    async fn totals_alone(
        &self,
        id: ConnectionId,
        month: Period,
        metric: Metric,
    ) -> Result<Vec<Money>> {
        let totals = self.store.costs();
        let totals = totals.month_totals(id, month, Look::by(metric)).await;
        let totals = totals.map_err(|error| internal("reading a month's total", &error))?;
        let alone = totals.iter().filter(|one| one.source == MonthSource::Month);
        Ok(alone
            .map(|one| Money::new(one.total, one.currency))
            .collect())
    }
}

/// How complete the days of a period are.
pub(super) fn known(begun: Period, slices: &[SliceInfo]) -> Known {
    let days: BTreeMap<NaiveDate, KnownDay> = slices.iter().map(KnownDay::of).collect();
    let mut known = Known::default();
    for day in begun.days() {
        known.days += 1;
        match KnownDay::state(day, days.get(&day)) {
            DayState::Missing => known.missing += 1,
            DayState::Unfinished => known.unfinished += 1,
            DayState::Estimated | DayState::Final => {}
        }
    }
    known.estimated = days.values().any(|day| day.estimated);
    known
}

#[async_trait]
impl Bills for BillService {
    async fn bill(
        &self,
        user: &User,
        id: ConnectionId,
        day: Option<NaiveDate>,
        metric: Metric,
    ) -> Result<Bill> {
        if !metric.is_cost() {
            return Err(Error::not_money());
        }
        own(&self.store, user.id, id).await?;
        let today = self.clock.today();
        let month = Period::month_of(day.unwrap_or(today));
        let costs = self.store.costs();
        let charges = charges::by_kind(&self.store, id, month, metric).await?;
        let paid = View::Paid.metric(metric);
        let after_discounts = if paid == metric {
            charges.clone()
        } else {
            charges::by_kind(&self.store, id, month, paid).await?
        };
        let history = costs
            .month_history(id, &Cube::ServiceAccount.question(), month.start(), metric)
            .await
            .map_err(|error| internal("reading a month's history", &error))?;
        let mut restatements = costs
            .restatements(id, &Cube::ServiceAccount.question(), month)
            .await
            .map_err(|error| internal("reading restatements", &error))?;
        restatements.retain(|one| one.before.cost(metric) != one.after.cost(metric));
        restatements.reverse();
        let mut disagreements = costs
            .disagreements(id, month, metric)
            .await
            .map_err(|error| internal("comparing stored cubes", &error))?;
        disagreements.retain(|one| !one.is_rounding());
        let (ways, views) = explained(month, metric, &charges, &after_discounts)
            .map_err(|error| internal("adding up a month's charges", &error))?;
        let begun = Period::new(
            month.start(),
            month
                .end()
                .min(Period::day(today).end())
                .max(Period::day(month.start()).end()),
        )
        .unwrap_or(month);
        Ok(Bill {
            connection: id,
            today,
            month,
            months: self.months(id, month).await?,
            metric,
            known: self.known(id, begun).await?,
            totals_alone: if ways.is_empty() {
                self.totals_alone(id, month, metric).await?
            } else {
                Vec::new()
            },
            ways,
            views,
            disagreements,
            said: said(month, today, &history),
            restatements,
        })
    }

    async fn forecast(&self, user: &User, id: ConnectionId, look: Look) -> Result<Forecast> {
        if !look.metric.is_cost() {
            return Err(Error::not_money());
        }
        own(&self.store, user.id, id).await?;
        self.outlooks.page(id, look).await
    }
}

type Explained = (Vec<Reconciliation>, Vec<ViewTotals>);

fn explained(
    month: Period,
    metric: Metric,
    charges: &BTreeMap<Currency, Vec<(String, Nanos)>>,
    after_discounts: &BTreeMap<Currency, Vec<(String, Nanos)>>,
) -> std::result::Result<Explained, MoneyError> {
    let mut ways = Vec::new();
    let mut views = Vec::new();
    for (currency, kinds) in charges {
        let way = Reconciliation::of(month, metric, *currency, kinds.clone())?;
        let net = after_discounts.get(currency).cloned().unwrap_or_default();
        let net = Reconciliation::of(month, View::Paid.metric(metric), *currency, net)?;
        let totals = View::ALL
            .into_iter()
            .map(|view| {
                let counted = if view == View::Paid { &net } else { &way };
                Ok((view, counted.total_in(view)?))
            })
            .collect::<std::result::Result<Vec<_>, MoneyError>>()?;
        views.push(ViewTotals {
            currency: *currency,
            totals,
        });
        ways.push(way);
    }
    Ok((ways, views))
}
