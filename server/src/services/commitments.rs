//! Reservations and Savings Plans. Looking reads AWS's last answers from the store; only a
//! person's button calls AWS, after the price was shown.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    Result,
    account::ConnectionId,
    commitments::{CommitmentQuestion, Owned, Report},
    committed::{self, Committed, CommittedFromAws, Held, Holding, RESERVABLE, Row, Targets, What},
    cube::Granularity,
    dimension::{Dimension, Filter},
    look::Look,
    money::Currency,
    period::{Period, Piece},
    ports::Commitments,
    unusual::Said,
    user::User,
};

use super::{access::Access, caps, clock::Clock, gone, internal, own};
use crate::{
    aws::{Asked, AwsError, Gateway, Priority, Target},
    store::{Store, connections::StoredConnection},
};

/// Implements [`Commitments`].
#[derive(Clone)]
pub struct CommitmentService {
    store: Store,
    clock: Clock,
    access: Access,
    gateway: Arc<Gateway>,
}

/// An answer with a report for the months and one for the days, or why not.
type Told<T> = std::result::Result<Asked<Owned<Report<T>>>, AwsError>;

impl CommitmentService {
    /// Puts the parts together.
    #[must_use]
    pub const fn new(store: Store, clock: Clock, access: Access, gateway: Arc<Gateway>) -> Self {
        Self {
            store,
            clock,
            access,
            gateway,
        }
    }

    /// What is asked about: Savings Plans, EC2, and what else costs anything and can be reserved.
    async fn kinds(&self, id: ConnectionId) -> Result<Vec<What>> {
        let services = self
            .store
            .costs()
            .known_values(id, &Dimension::Service.into())
            .await;
        let services = services.map_err(|error| internal("reading known values", &error))?;
        let reservable = RESERVABLE.into_iter().enumerate();
        let used = reservable
            .filter(|(place, name)| *place == 0 || services.iter().any(|one| one == name))
            .map(|(_, name)| What::Reservations(name.to_owned()));
        Ok([What::SavingsPlans].into_iter().chain(used).collect())
    }

    async fn told_by_aws(&self, id: ConnectionId) -> Result<Option<CommittedFromAws>> {
        let answer = self.store.commitments().from_aws(id).await;
        answer.map_err(|error| internal("reading commitments", &error))
    }

    /// Asks everything and keeps the answers.
    async fn fetch(self, connection: StoredConnection, kinds: Vec<What>) -> Result<()> {
        let target = self.access.target(&connection).await?;
        let today = self.clock.today();
        let (Some(months), Some(days)) = (committed::months(today), committed::days(today)) else {
            return Ok(());
        };
        let mut holdings = Vec::new();
        for what in kinds {
            let visit = Visit {
                service: &self,
                connection: &connection,
                target: &target,
                filter: filter(&what),
                plans: what == What::SavingsPlans,
            };
            let held = visit.held(months, days).await;
            holdings.push(Holding { what, held });
        }
        let answer = CommittedFromAws {
            asked_at: self.clock.now(),
            holdings,
        };
        let kept = self.store.commitments().keep(connection.id, &answer).await;
        kept.map_err(gone("keeping commitments"))
    }
}

/// The service that is asked about; AWS takes one at a time.
fn filter(what: &What) -> Option<Filter> {
    match what {
        What::SavingsPlans => None,
        What::Reservations(service) => Some(Filter::In {
            key: Dimension::Service.into(),
            values: vec![service.clone()],
        }),
    }
}

/// Asking about one kind.
struct Visit<'a> {
    service: &'a CommitmentService,
    connection: &'a StoredConnection,
    target: &'a Target,
    filter: Option<Filter>,
    plans: bool,
}

impl Visit<'_> {
    /// Months first: where none is owned, or AWS says no, the rest isn't asked.
    async fn held(&self, months: Period, days: Period) -> Said<Option<Held>> {
        let rows = match self.used(months, Granularity::Monthly).await {
            Ok(None) => return Said::Told(None),
            Ok(Some(rows)) => rows,
            Err(error) => return Said::Refused(error),
        };
        let mut held = Held {
            months: rows,
            ..Held::default()
        };
        match self.used(days, Granularity::Daily).await {
            Ok(rows) => held.days = rows.unwrap_or_default(),
            Err(error) => held.gaps.push(error),
        }
        let months = self
            .covered(months, Granularity::Monthly, &mut held.months)
            .await;
        // The same right is needed for both.
        let days = match months {
            Ok(()) => self.covered(days, Granularity::Daily, &mut held.days).await,
            refused => refused,
        };
        held.gaps.extend(days.err());
        Said::Told(Some(held))
    }

    fn question(&self, period: Period, granularity: Granularity) -> CommitmentQuestion {
        CommitmentQuestion {
            period,
            granularity,
            filter: self.filter.clone(),
        }
    }

    async fn told<T>(&self, told: Told<T>) -> Result<Option<Vec<Piece<T>>>> {
        match told {
            Ok(asked) => Ok(match asked.value {
                Owned::None => None,
                Owned::Some(report) => Some(report.pieces),
            }),
            Err(error) => {
                let access = &self.service.access;
                Err(access.explain(self.connection, self.target, &error).await)
            }
        }
    }

    async fn used(&self, period: Period, by: Granularity) -> Result<Option<Vec<Row>>> {
        let (gateway, question) = (&self.service.gateway, self.question(period, by));
        let (target, person) = (self.target, Priority::Person);
        if self.plans {
            let told = gateway
                .savings_plans_utilization(target, &question, person)
                .await;
            let pieces = self.told(told).await?.into_iter().flatten();
            let rows: Vec<Row> = pieces
                .map(|piece| Row::of_plans(piece.period, &piece.value))
                .collect();
            return Ok((!rows.is_empty()).then_some(rows));
        }
        let told = gateway
            .reservation_utilization(target, &question, person)
            .await;
        let pieces = self.told(told).await?.into_iter().flatten();
        let rows: Vec<Row> = pieces
            .map(|piece| Row::of_reservations(piece.period, &piece.value))
            .collect();
        Ok((!rows.is_empty()).then_some(rows))
    }

    /// Notes how much was covered in the rows.
    async fn covered(&self, period: Period, by: Granularity, rows: &mut [Row]) -> Result<()> {
        let (gateway, question) = (&self.service.gateway, self.question(period, by));
        let (target, person) = (self.target, Priority::Person);
        let percents: Vec<(Period, Option<f64>)> = if self.plans {
            let told = gateway
                .savings_plans_coverage(target, &question, person)
                .await;
            let pieces = self.told(told).await?.into_iter().flatten();
            pieces
                .map(|piece| (piece.period, piece.value.covered_percent))
                .collect()
        } else {
            let told = gateway
                .reservation_coverage(target, &question, person)
                .await;
            let pieces = self.told(told).await?.into_iter().flatten();
            pieces
                .map(|piece| (piece.period, piece.value.covered_percent))
                .collect()
        };
        for row in rows {
            let found = percents.iter().find(|(period, _)| *period == row.period);
            row.covered_percent = found.and_then(|(_, percent)| *percent);
        }
        Ok(())
    }
}

#[async_trait]
impl Commitments for CommitmentService {
    async fn committed(&self, user: &User, id: ConnectionId) -> Result<Committed> {
        let connection = own(&self.store, user.id, id).await?;
        let aws = self.told_by_aws(id).await?;
        let targets = self.store.commitments().targets(id).await;
        let today = self.clock.today();
        let month = Period::last_month(today);
        let costs = self.store.costs();
        let totals = costs.daily_totals(id, Look::default(), month).await;
        let totals = totals.map_err(|error| internal("reading stored costs", &error))?;
        Ok(Committed {
            connection: id,
            today,
            currency: totals.first().map_or(Currency::USD, |one| one.currency),
            may_ask: aws.as_ref().is_none_or(|aws| aws.is_old(self.clock.now())),
            aws,
            targets: targets.map_err(|error| internal("reading targets", &error))?,
            kinds: u32::try_from(self.kinds(id).await?.len()).unwrap_or(u32::MAX),
            cap: caps::status(&self.store, self.clock, &connection).await?,
        })
    }

    async fn set_targets(&self, user: &User, id: ConnectionId, targets: Targets) -> Result<()> {
        own(&self.store, user.id, id).await?;
        let set = self.store.commitments().set_targets(id, targets).await;
        set.map_err(gone("changing targets"))
    }

    async fn ask(&self, user: &User, id: ConnectionId, beyond_cap: bool) -> Result<()> {
        let connection = own(&self.store, user.id, id).await?;
        let aws = self.told_by_aws(id).await?;
        if !aws.is_none_or(|aws| aws.is_old(self.clock.now())) {
            return Ok(());
        }
        let kinds = self.kinds(id).await?;
        let (_, most) = committed::price(u32::try_from(kinds.len()).unwrap_or(u32::MAX));
        let cap = caps::status(&self.store, self.clock, &connection).await?;
        if !beyond_cap && !cap.covers(most) {
            return Err(cap.refusal(&most.display()));
        }
        // A task of its own: what is paid for is kept, though the browser goes away.
        let task = tokio::spawn(self.clone().fetch(connection, kinds));
        task.await
            .map_err(|error| internal("asking about commitments", &error))?
    }
}
