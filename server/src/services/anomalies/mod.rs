//! What cost more than it should. Looking reads the store and reckons; only asking AWS for its
//! own findings calls AWS, after the price was shown.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    Error, Result,
    account::ConnectionId,
    detector::Sensitivity,
    period::Period,
    ports::Anomalies,
    unusual::{Closeup, DAYS_SHOWN, EventId, Finding, FromAws, Mark, Said, Unusual, aws_price},
    user::User,
};

use super::{access::Access, caps, clock::Clock, gone, internal, own};
use crate::{
    aws::{AwsError, Gateway, Priority},
    store::{Store, anomalies::StoredMark, connections::StoredConnection},
};

mod causes;
mod found;

use found::{Found, found};

/// Implements [`Anomalies`].
pub struct AnomalyService {
    store: Store,
    clock: Clock,
    access: Access,
    gateway: Arc<Gateway>,
}

impl AnomalyService {
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

    /// The days that are looked at.
    fn shown(&self) -> Period {
        let end = Period::day(self.clock.today());
        let start = end.end() - chrono::Days::new(u64::from(DAYS_SHOWN));
        Period::new(start, end.end()).unwrap_or(end)
    }

    /// All events of the last days, with what people and AWS say of them.
    async fn found(&self, id: ConnectionId, sensitivity: Sensitivity) -> Result<Vec<Found>> {
        let kept = Period::kept(self.clock.today());
        let mut all = found(&self.store, id, kept, self.shown(), sensitivity).await?;
        let marks = self.store.anomalies().marks(id).await;
        let marks = marks.map_err(|error| internal("reading what was said of events", &error))?;
        for one in &mut all {
            let finding = &mut one.finding;
            finding.mark = marks
                .iter()
                .find(|mark| is_about(mark, finding))
                .map(|mark| mark.mark);
        }
        all.sort_by_key(|one| {
            let finding = &one.finding;
            (
                finding.mark.is_some(),
                -finding.event.impact().0,
                finding.id.clone(),
            )
        });
        Ok(all)
    }

    async fn sensitivity(&self, id: ConnectionId) -> Result<Sensitivity> {
        let sensitivity = self.store.anomalies().sensitivity(id).await;
        sensitivity.map_err(|error| internal("reading a sensitivity", &error))
    }

    async fn told_by_aws(&self, id: ConnectionId) -> Result<Option<FromAws>> {
        let answer = self.store.anomalies().from_aws(id).await;
        answer.map_err(|error| internal("reading AWS's anomalies", &error))
    }

    async fn said<T>(
        &self,
        connection: &StoredConnection,
        answer: std::result::Result<crate::aws::Asked<T>, AwsError>,
    ) -> Said<T> {
        match answer {
            Ok(asked) => Said::Told(asked.value),
            Err(error) => Said::Refused(self.access.explain(connection, &error).await),
        }
    }
}

/// Whether something was said of the same days of the same service and account.
fn is_about(mark: &StoredMark, finding: &Finding) -> bool {
    mark.event.service == finding.id.service
        && mark.event.account == finding.id.account
        && mark.event.start <= finding.event.period.last_day()
        && mark.last_day >= finding.event.period.start()
}

#[async_trait]
impl Anomalies for AnomalyService {
    async fn unusual(
        &self,
        user: &User,
        id: ConnectionId,
        chosen: Option<EventId>,
    ) -> Result<Unusual> {
        let connection = own(&self.store, user.id, id).await?;
        let sensitivity = self.sensitivity(id).await?;
        let mut all = self.found(id, sensitivity).await?;
        let aws = self.told_by_aws(id).await?;
        let period = self.shown();
        let told = aws.as_ref().and_then(|aws| aws.anomalies.told());
        let mut alone = Vec::new();
        for anomaly in told.into_iter().flatten() {
            let mut same = all.iter_mut().filter(|one| one.finding.is_told_by(anomaly));
            match same.next() {
                // What AWS calls one thing may be several events of ours.
                Some(first) => {
                    first.finding.aws.push(anomaly.clone());
                    same.for_each(|one| one.finding.aws.push(anomaly.clone()));
                }
                None => alone.push(anomaly.clone()),
            }
        }
        let place = chosen.and_then(|id| all.iter().position(|one| one.finding.id == id));
        let closeup = match all.get(place.unwrap_or_default()) {
            Some(one) => Some(Closeup {
                finding: one.finding.clone(),
                days: one.around(),
                cause: causes::of(&self.store, id, &one.finding).await?,
            }),
            None => None,
        };
        let costs = self.store.costs();
        let question = domain::cube::Cube::ServiceAccount.question();
        let reach = costs.reach(id, &question).await;
        let names = costs.linked_account_names(id).await;
        Ok(Unusual {
            connection: id,
            today: self.clock.today(),
            period,
            has_days: reach
                .map_err(|error| internal("reading stored days", &error))?
                .is_some(),
            sensitivity,
            findings: all.into_iter().map(|one| one.finding).collect(),
            closeup,
            aws_alone: alone,
            may_ask: aws.as_ref().is_none_or(|aws| aws.is_old(self.clock.now())),
            aws,
            cap: caps::status(&self.store, self.clock, &connection).await?,
            names: names.map_err(|error| internal("reading accounts' names", &error))?,
        })
    }

    async fn set_sensitivity(
        &self,
        user: &User,
        id: ConnectionId,
        sensitivity: Sensitivity,
    ) -> Result<()> {
        own(&self.store, user.id, id).await?;
        let set = self
            .store
            .anomalies()
            .set_sensitivity(id, sensitivity)
            .await;
        set.map_err(gone("changing a sensitivity"))
    }

    async fn mark(
        &self,
        user: &User,
        id: ConnectionId,
        event: &EventId,
        mark: Option<Mark>,
    ) -> Result<()> {
        own(&self.store, user.id, id).await?;
        let all = self.found(id, self.sensitivity(id).await?).await?;
        let found = all.into_iter().find(|one| one.finding.id == *event);
        let period = found
            .map(|one| one.finding.event.period)
            .ok_or_else(|| Error::not_found("event"))?;
        let kept = self.store.anomalies();
        let done = match mark {
            Some(mark) => {
                let mark = StoredMark {
                    event: event.clone(),
                    last_day: period.last_day(),
                    mark,
                };
                kept.mark(id, &mark, self.clock.now()).await
            }
            None => kept.unmark(id, event, period.last_day()).await,
        };
        done.map_err(gone("remembering what was said of an event"))
    }

    async fn ask_aws(&self, user: &User, id: ConnectionId, beyond_cap: bool) -> Result<()> {
        let connection = own(&self.store, user.id, id).await?;
        let aws = self.told_by_aws(id).await?;
        if !aws.is_none_or(|aws| aws.is_old(self.clock.now())) {
            return Ok(());
        }
        let cap = caps::status(&self.store, self.clock, &connection).await?;
        if !beyond_cap && !cap.covers(aws_price()) {
            return Err(cap.refusal(&aws_price().display()));
        }
        let target = self.access.target(&connection).await?;
        let monitors = self
            .gateway
            .anomaly_monitors(&target, Priority::Person)
            .await;
        let monitors = self.said(&connection, monitors).await;
        // Without a monitor there are none, and the question would cost as much.
        let anomalies = match monitors.told().is_some_and(Vec::is_empty) {
            true => Said::Told(Vec::new()),
            false => {
                let since = self.shown().start();
                let told = self
                    .gateway
                    .anomalies(&target, since, Priority::Person)
                    .await;
                self.said(&connection, told).await
            }
        };
        let answer = FromAws {
            asked_at: self.clock.now(),
            monitors,
            anomalies,
        };
        let kept = self.store.anomalies().keep_from_aws(id, &answer).await;
        kept.map_err(gone("keeping AWS's anomalies"))
    }
}
