//! What cost more than it should. Looking reads the store and reckons; only asking AWS for its
//! own findings calls AWS, after the price was shown.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    Error, Result,
    account::ConnectionId,
    anomaly::AwsAnomaly,
    detector::Sensitivity,
    marked::{AwsAlone, Marked},
    period::Period,
    ports::Anomalies,
    unusual::{Closeup, DAYS_SHOWN, EventId, Finding, FromAws, Mark, Said, Unusual, aws_price},
    user::User,
};

use super::{access::Access, caps, clock::Clock, gone, internal, own};
use crate::{
    aws::{AwsError, Gateway, Priority, Target},
    store::{Store, anomalies::StoredMark, connections::StoredConnection},
};

mod causes;
mod found;

use found::{Found, found};

/// Implements [`Anomalies`].
#[derive(Clone)]
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
        Ok(all)
    }

    /// Puts AWS's side beside ours; what it alone found. What was said of AWS's while it was
    /// alone holds for ours, too, until somebody says otherwise.
    async fn join(
        &self,
        id: ConnectionId,
        aws: Option<&FromAws>,
        all: &mut [Found],
    ) -> Result<Vec<AwsAlone>> {
        let marks = self.store.anomalies().marks_of_aws(id).await;
        let marks = marks.map_err(|error| internal("reading what was said of AWS's", &error))?;
        let mut alone = Vec::new();
        for anomaly in told(aws) {
            let mark = marks.get(&anomaly.id).copied();
            let mut is_ours = false;
            // What AWS calls one thing may be several events of ours.
            for one in all.iter_mut().map(|one| &mut one.finding) {
                if one.is_told_by(anomaly) {
                    is_ours = true;
                    one.aws.push(anomaly.clone());
                    one.mark = one.mark.or(mark);
                }
            }
            if !is_ours {
                let anomaly = anomaly.clone();
                alone.push(AwsAlone { anomaly, mark });
            }
        }
        alone.sort_by_key(|one| one.mark.is_some());
        Ok(alone)
    }

    async fn mark_event(
        &self,
        id: ConnectionId,
        event: &EventId,
        mark: Option<Mark>,
    ) -> Result<()> {
        let all = self.found(id, self.sensitivity(id).await?).await?;
        let mut all = all.into_iter().map(|one| one.finding);
        let finding = all.find(|finding| finding.id == *event);
        let finding = finding.ok_or_else(|| Error::not_found("event"))?;
        let last_day = finding.event.period.last_day();
        let kept = self.store.anomalies();
        let failed = "remembering what was said of an event";
        if let Some(mark) = mark {
            let mark = StoredMark {
                event: event.clone(),
                last_day,
                mark,
            };
            let marked = kept.mark(id, &mark, self.clock.now()).await;
            return marked.map_err(gone(failed));
        }
        // Or what was said of AWS's would hold for it again.
        let aws = self.told_by_aws(id).await?;
        for anomaly in told(aws.as_ref()).filter(|aws| finding.is_told_by(aws)) {
            let unmarked = kept.unmark_aws(id, &anomaly.id).await;
            unmarked.map_err(gone(failed))?;
        }
        let unmarked = kept.unmark(id, event, last_day).await;
        unmarked.map_err(gone(failed))
    }

    /// Only of what AWS told of this connection: other people's ids are none.
    async fn mark_aws(&self, id: ConnectionId, anomaly: &str, mark: Option<Mark>) -> Result<()> {
        let aws = self.told_by_aws(id).await?;
        if !told(aws.as_ref()).any(|one| one.id == anomaly) {
            return Err(Error::not_found("anomaly"));
        }
        let kept = self.store.anomalies();
        let done = match mark {
            Some(mark) => kept.mark_aws(id, anomaly, mark, self.clock.now()).await,
            None => kept.unmark_aws(id, anomaly).await,
        };
        done.map_err(gone("remembering what was said of an anomaly"))
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
        (connection, target): (&StoredConnection, &Target),
        answer: std::result::Result<crate::aws::Asked<T>, AwsError>,
    ) -> Said<T> {
        match answer {
            Ok(asked) => Said::Told(asked.value),
            Err(error) => Said::Refused(self.access.explain(connection, target, &error).await),
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

/// What AWS found, if it answered.
fn told(aws: Option<&FromAws>) -> impl Iterator<Item = &AwsAnomaly> {
    let told = aws.and_then(|aws| aws.anomalies.told());
    told.into_iter().flatten()
}

/// What nobody has marked stands on top, and of that what cost most.
fn place(finding: &Finding) -> (bool, i64, EventId) {
    let impact = finding.event.impact();
    (finding.mark.is_some(), -impact.0, finding.id.clone())
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
        let alone = self.join(id, aws.as_ref(), &mut all).await?;
        all.sort_by_key(|one| place(&one.finding));
        let chosen = chosen.and_then(|id| all.iter().position(|one| one.finding.id == id));
        let closeup = match all.get(chosen.unwrap_or_default()) {
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
        marked: &Marked,
        mark: Option<Mark>,
    ) -> Result<()> {
        own(&self.store, user.id, id).await?;
        match marked {
            Marked::Event(event) => self.mark_event(id, event, mark).await,
            Marked::Aws(anomaly) => self.mark_aws(id, anomaly, mark).await,
        }
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
        // A task of its own: what is paid for is kept, though the browser goes away.
        let task = tokio::spawn(self.clone().fetch(connection));
        task.await
            .map_err(|error| internal("asking AWS for anomalies", &error))?
    }
}

impl AnomalyService {
    /// Asks AWS and keeps the answers.
    async fn fetch(self, connection: StoredConnection) -> Result<()> {
        let target = self.access.target(&connection).await?;
        let monitors = self
            .gateway
            .anomaly_monitors(&target, Priority::Person)
            .await;
        let monitors = self.said((&connection, &target), monitors).await;
        // Without a monitor there are none, and the question would cost as much.
        let anomalies = match monitors.told().is_some_and(Vec::is_empty) {
            true => Said::Told(Vec::new()),
            false => {
                let since = self.shown().start();
                let told = self
                    .gateway
                    .anomalies(&target, since, Priority::Person)
                    .await;
                self.said((&connection, &target), told).await
            }
        };
        let answer = FromAws {
            asked_at: self.clock.now(),
            monitors,
            anomalies,
        };
        let anomalies = self.store.anomalies();
        let kept = anomalies.keep_from_aws(connection.id, &answer).await;
        kept.map_err(gone("keeping AWS's anomalies"))
    }
}
