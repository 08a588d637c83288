//! What AWS costs, from the store alone: looking never calls AWS.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use async_trait::async_trait;
use chrono::NaiveDate;
use domain::{
    Error, Result,
    account::{ConnectionId, ConnectionKind},
    beside::Beside,
    history::MonthTotal,
    look::Look,
    money::{Currency, Money},
    period::Period,
    ports::Costs,
    report::{LeftOut, NotAdded, OpenFindings, Overview, Part, Sum, Together, Waste},
    trouble::Trouble,
    user::{User, UserId},
};

use super::{
    caps, charges,
    clock::Clock,
    internal,
    outlook::{Days, Outlooks},
    overview::{self, CHART_MONTHS, KnownDay, MONTHS, ServiceCost, Stored},
    own,
    remembered::Remembered,
    state,
};
use crate::store::{
    Store,
    connections::StoredConnection,
    costs::{DailyCost, SliceInfo},
};

/// Implements [`Costs`].
pub struct CostService {
    store: Store,
    clock: Clock,
    outlooks: Arc<Outlooks>,
    overviews: Remembered<(UserId, ConnectionId, Look, NaiveDate), Arc<Overview>>,
    together: Remembered<(UserId, Look, NaiveDate), Arc<Together>>,
}

impl CostService {
    /// Puts the parts together.
    #[must_use]
    pub fn new(store: Store, clock: Clock, outlooks: Arc<Outlooks>) -> Self {
        Self {
            store,
            clock,
            outlooks,
            overviews: Remembered::default(),
            together: Remembered::default(),
        }
    }

    /// What could be got back, as far as anybody has looked.
    async fn waste(&self, id: ConnectionId, currency: Currency) -> Result<Waste> {
        let looked = self.store.inventory().parts(id).await;
        let looked = looked.map_err(|error| internal("reading the inventory", &error))?;
        let looked = looked.iter().any(|part| part.complete_at.is_some());
        let findings = self.store.findings();
        let findings = findings.sums(id, self.clock.today()).await;
        let findings = findings.map_err(|error| internal("adding up findings", &error))?;
        let told = self.store.commitments().from_aws(id).await;
        let told = told.map_err(|error| internal("reading commitments", &error))?;
        Ok(Waste {
            findings: looked.then_some(OpenFindings {
                per_month: findings.found,
                count: findings.open,
            }),
            unused: told.and_then(|told| told.unused(currency)),
        })
    }

    /// Days and costs of a period, by currency, the one of the newest costs first.
    async fn stored(
        &self,
        id: ConnectionId,
        period: Period,
        look: Look,
    ) -> Result<(Vec<SliceInfo>, Vec<Stored>)> {
        let costs = self.store.costs();
        let slices = costs.slices(id, &look.cube().question(), period).await;
        let slices = slices.map_err(|error| internal("reading stored days", &error))?;
        let rows = costs.daily_by_service(id, look, period).await;
        let rows = rows.map_err(|error| internal("reading stored costs", &error))?;
        let days: HashMap<NaiveDate, KnownDay> = slices.iter().map(KnownDay::of).collect();
        Ok((slices, by_currency(&days, rows)))
    }
}

fn by_currency(days: &HashMap<NaiveDate, KnownDay>, rows: Vec<DailyCost>) -> Vec<Stored> {
    let mut all: BTreeMap<Currency, Vec<ServiceCost>> = BTreeMap::new();
    for row in rows {
        let cost = ServiceCost {
            day: row.day,
            service: row.key,
            amount: row.amount,
        };
        all.entry(row.currency).or_default().push(cost);
    }
    if all.is_empty() {
        all.insert(Currency::USD, Vec::new());
    }
    let stored = |(currency, costs)| Stored {
        currency,
        days: days.clone(),
        costs,
    };
    let mut all: Vec<Stored> = all.into_iter().map(stored).collect();
    let newest = |one: &Stored| one.costs.iter().map(|cost| cost.day).max();
    // Stable: by code where they are as new.
    all.sort_by_key(|one| std::cmp::Reverse(newest(one)));
    all
}

#[async_trait]
impl Costs for CostService {
    async fn overview(&self, user: &User, id: ConnectionId, look: Look) -> Result<Arc<Overview>> {
        if !look.metric.is_cost() {
            return Err(Error::not_money());
        }
        let today = self.clock.today();
        let key = (user.id, id, look, today);
        let make = async || {
            self.make_overview(user, id, look, today)
                .await
                .map(Arc::new)
        };
        self.overviews.get(&self.store, key, make).await
    }

    async fn together(&self, user: &User, look: Look) -> Result<Arc<Together>> {
        if !look.metric.is_cost() {
            return Err(Error::not_money());
        }
        let today = self.clock.today();
        let key = (user.id, look, today);
        let make = async || self.add_up(user, look, today).await.map(Arc::new);
        self.together.get(&self.store, key, make).await
    }
}

impl CostService {
    async fn make_overview(
        &self,
        user: &User,
        id: ConnectionId,
        look: Look,
        today: NaiveDate,
    ) -> Result<Overview> {
        let connection = own(&self.store, user.id, id).await?;
        // First: what is said to have come is in the sums below.
        let sync = state::of(&self.store, self.clock, id).await?;
        let period = Period::months_to_date(today, CHART_MONTHS);
        let (slices, stored) = self.stored(id, period, look).await?;
        let months = self.months(id, today, look).await?;
        let mut glances = Vec::with_capacity(stored.len());
        for one in &stored {
            let mut costs = one.glance(today).map_err(adding_up)?;
            let days = Days::of(one).map_err(adding_up)?;
            costs.ahead = self.outlooks.ahead(id, look, &days).await?;
            let in_it = |month: &&MonthTotal| month.currency == one.currency;
            costs.months = months.iter().filter(in_it).copied().collect();
            glances.push(costs);
        }
        let others = glances.split_off(1);
        // There is always one.
        let costs = glances.pop().ok_or_else(|| Error::internal("costs"))?;
        let this_month = Period::month_to_date(today);
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
        let credits = charges::credits(&self.store, id, this_month, look.counted()).await?;
        Ok(Overview {
            connection: id,
            connection_name: connection.name.clone(),
            sample: connection.kind == ConnectionKind::Sample,
            today,
            look,
            waste: self.waste(id, costs.chart.currency).await?,
            credits: in_currency(&credits, costs.chart.currency),
            costs,
            others,
            disagreements,
            sync,
            cap: caps::status(&self.store, self.clock, &connection).await?,
            as_of: slices.iter().map(|slice| slice.asked_at).max(),
        })
    }

    async fn add_up(&self, user: &User, look: Look, today: NaiveDate) -> Result<Together> {
        let connections = self.store.connections().list(user.id).await;
        let connections = connections.map_err(|error| internal("listing connections", &error))?;
        let are_real = connections
            .iter()
            .any(|one| one.kind != ConnectionKind::Sample);
        let mut left_out = Vec::new();
        let mut found: BTreeMap<Currency, Vec<Added>> = BTreeMap::new();
        for connection in connections {
            let out = |why, troubles| LeftOut {
                connection: connection.id,
                name: connection.name.clone(),
                why,
                troubles,
            };
            if are_real && connection.kind == ConnectionKind::Sample {
                left_out.push(out(NotAdded::Sample, Vec::new()));
                continue;
            }
            let added = self.added(&connection, today, look).await?;
            if added.iter().all(|one| one.stored.days.is_empty()) {
                let troubles = added.into_iter().next().map(|one| one.part.troubles);
                left_out.push(out(NotAdded::NothingStored, troubles.unwrap_or_default()));
                continue;
            }
            for one in added {
                found.entry(one.stored.currency).or_default().push(one);
            }
        }
        let sums = found
            .into_iter()
            .map(|(currency, all)| self.sum(today, currency, all));
        Ok(Together {
            today,
            look,
            sums: sums.collect::<Result<_>>()?,
            left_out,
        })
    }
}

/// A connection in a sum.
struct Added {
    part: Part,
    stored: Stored,
    months: Vec<MonthTotal>,
}

impl CostService {
    /// A connection's part in the sum of each of its currencies.
    async fn added(
        &self,
        connection: &StoredConnection,
        today: NaiveDate,
        look: Look,
    ) -> Result<Vec<Added>> {
        let id = connection.id;
        // First: what is said to have come is in the sums below.
        let sync = state::of(&self.store, self.clock, id).await?;
        let period = Period::months_to_date(today, CHART_MONTHS);
        let (slices, all) = self.stored(id, period, look).await?;
        let this_month = Period::month_to_date(today);
        let as_of = slices.iter().map(|slice| slice.asked_at).max();
        let cap = caps::status(&self.store, self.clock, connection).await?;
        let months = self.months(id, today, look).await?;
        let credits = charges::credits(&self.store, id, this_month, look.counted()).await?;
        let mut added = Vec::with_capacity(all.len());
        for (place, stored) in all.into_iter().enumerate() {
            let month_to_date = stored.sum(this_month);
            added.push(Added {
                part: Part {
                    connection: id,
                    name: connection.name.clone(),
                    month_to_date: month_to_date.map_err(adding_up)?,
                    // Told once, whatever costs there were in other currencies.
                    waste: match place {
                        0 => self.waste(id, stored.currency).await?,
                        _ => Waste::default(),
                    },
                    credits: in_currency(&credits, stored.currency),
                    repeated: place > 0,
                    troubles: match place {
                        0 => Trouble::of(&sync, &cap, as_of, today),
                        _ => Vec::new(),
                    },
                    cap: cap.clone(),
                    as_of,
                },
                stored,
                months: months.clone(),
            });
        }
        Ok(added)
    }

    fn sum(&self, today: NaiveDate, currency: Currency, all: Vec<Added>) -> Result<Sum> {
        let (mut parts, mut stored, mut months) = (Vec::new(), Vec::new(), Vec::new());
        for one in all {
            parts.push(one.part);
            stored.push(one.stored);
            months.push(one.months);
        }
        let amount = |part: &Part| part.month_to_date.total.map(|total| total.amount);
        // Stable: by name where they cost the same.
        parts.sort_by_key(|part| std::cmp::Reverse(amount(part)));
        let all = Stored::together(&stored, currency);
        let mut costs = all.glance(today).map_err(adding_up)?;
        costs.ahead = self
            .outlooks
            .together(&Days::of(&all).map_err(adding_up)?)?;
        costs.months = overview::months_together(&months, currency).map_err(adding_up)?;
        let beside = Beside::of(&parts).map_err(adding_up)?;
        Ok(Sum {
            costs,
            beside,
            parts,
        })
    }

    async fn months(
        &self,
        id: ConnectionId,
        today: NaiveDate,
        look: Look,
    ) -> Result<Vec<MonthTotal>> {
        let period = Period::months_to_date(today, MONTHS);
        let months = self.store.costs().month_totals(id, period, look).await;
        months.map_err(|error| internal("reading totals of months", &error))
    }
}

fn adding_up(error: domain::money::MoneyError) -> Error {
    internal("adding up stored costs", &error)
}

fn in_currency(all: &[Money], currency: Currency) -> Option<Money> {
    all.iter().find(|money| money.currency == currency).copied()
}

#[cfg(test)]
mod tests {
    use domain::money::Nanos;

    use super::*;

    #[test]
    fn each_currency_is_by_itself_the_newest_first() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let euros: Currency = "EUR".parse().unwrap();
        let cost = |on: &str, currency, amount| DailyCost {
            day: day(on),
            key: "Amazon S3".to_owned(),
            currency,
            amount: Nanos(amount),
        };
        let rows = vec![
            cost("2026-11-01", Currency::USD, 1),
            cost("2026-11-02", Currency::USD, 2),
            cost("2026-11-02", euros, 4),
            cost("2026-11-03", euros, 8),
        ];
        let known = KnownDay {
            estimated: false,
            asked_on: day("2026-11-24"),
        };
        let days: HashMap<_, _> = ["2026-11-01", "2026-11-02", "2026-11-03"]
            .map(|text| (day(text), known))
            .into();
        let november = Period::month_to_date(day("2026-11-03"));
        let sums: Vec<_> = by_currency(&days, rows)
            .iter()
            .map(|one| one.sum(november).unwrap())
            .map(|figure| (figure.total.unwrap(), figure.days_missing))
            .collect();
        let money = |amount, currency| Money::new(Nanos(amount), currency);
        assert_eq!(sums, [(money(12, euros), 0), (money(3, Currency::USD), 0)]);
        let none = by_currency(&days, Vec::new());
        assert_eq!((none.len(), none[0].currency), (1, Currency::USD));
    }
}
