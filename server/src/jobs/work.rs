//! Works on one job: finds its questions once, then asks one after the other. Each answer is
//! stored together with the progress that it makes.

use std::{collections::HashSet, sync::Arc, time::Duration};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::{
    Result,
    account::ConnectionId,
    breakdown::USED_DAYS,
    cube::{Cube, Question},
    job::JobState,
    period::Period,
};

use super::{
    ask::Asker,
    plan::{self, Extras, History, Occasion, Part, Step},
    sync::leased_until,
};
use crate::{
    aws::{Gateway, Priority, Target},
    services::{
        access::{Access, Means},
        clock::Clock,
        internal,
        outlook::Outlooks,
        overview::KnownDay,
    },
    store::{
        Store, StoreError,
        connections::StoredConnection,
        costs::SliceInfo,
        jobs::{Job, JobId, JobKind, JobOutcome, Owner, StepState, Stored, StoredStep},
    },
};

/// A sign of life, well within the lease.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// What an interrupted job got within this time isn't paid for again when its questions are
/// found anew because the day has changed.
const STILL_NEW: TimeDelta = TimeDelta::hours(1);
/// How far back it matters what was answered.
const REMEMBERED: Days = Days::new(7);

/// Does the work.
pub(super) struct Worker {
    pub store: Store,
    pub clock: Clock,
    pub gateway: Arc<Gateway>,
    pub access: Access,
    pub outlooks: Arc<Outlooks>,
}

/// Who waits for a job's answers.
pub(super) const fn priority(kind: JobKind) -> Priority {
    match kind {
        // Asked for by somebody who has seen the price.
        JobKind::Refresh | JobKind::Asked => Priority::Person,
        JobKind::First | JobKind::AskedAlone => Priority::Sync,
        JobKind::Scheduled | JobKind::Again => Priority::Upkeep,
    }
}

/// Why there is nothing more to do.
enum End {
    /// All questions are answered.
    Done,
    /// A person paused it.
    Halted,
    /// It was cancelled, or another server has it.
    Lost,
}

/// What a job's kind means for what is kept by itself; nothing, where it only asks what a
/// person wanted to know.
const fn occasion(kind: JobKind) -> Option<Occasion> {
    match kind {
        JobKind::First | JobKind::Refresh => Some(Occasion::Asked),
        JobKind::Scheduled => Some(Occasion::Daily),
        JobKind::Again => Some(Occasion::Again),
        JobKind::Asked | JobKind::AskedAlone => None,
    }
}

/// Whether a job asks for the totals of months. It doesn't matter which job asked before, or
/// whether that came to an end.
///
/// # Errors
/// When the store fails.
pub async fn months_are_due(
    store: &Store,
    id: ConnectionId,
    today: NaiveDate,
    occasion: Occasion,
) -> std::result::Result<bool, StoreError> {
    let answered_on = store.jobs().last_answered(id, &Part::Months).await?;
    let reach = match answered_on {
        Some(_) => store.costs().reach(id, &Question::months()).await?,
        None => None,
    };
    let any_stored = reach.is_some();
    Ok(plan::wants_months(today, occasion, answered_on, any_stored))
}

/// What AWS has answered lately.
struct Answers {
    connection: ConnectionId,
    today: NaiveDate,
    just_come_since: Option<DateTime<Utc>>,
    lately: Vec<(Part, Period, NaiveDate)>,
}

impl Answers {
    fn history(&self, part: &Part, slices: &[SliceInfo]) -> History {
        let of_part = self.lately.iter().filter(|(one, ..)| one == part);
        let just_come = slices
            .iter()
            .filter(|slice| {
                self.just_come_since
                    .is_some_and(|since| slice.asked_at >= since)
            })
            .map(|slice| slice.day)
            .collect::<HashSet<_>>();
        let days = slices.iter().map(KnownDay::of);
        History {
            days: days.collect(),
            answered: of_part.map(|(_, period, on)| (*period, *on)).collect(),
            just_come,
        }
    }
}

impl Worker {
    /// Works until the job is done, fails, is halted or lost.
    pub async fn run(&self, job: Job, owner: &Owner) {
        let mut job = Some(job);
        while let Some(now) = job {
            job = match self.run_once(&now, owner).await {
                Ok(more) => more,
                Err(error) => {
                    internal("ending a job", &error);
                    None
                }
            };
        }
    }

    /// The job again, when somebody has wanted more of it meanwhile.
    async fn run_once(
        &self,
        job: &Job,
        owner: &Owner,
    ) -> std::result::Result<Option<Job>, StoreError> {
        let (id, connection) = (job.id, job.connection);
        let end = tokio::select! {
            end = self.work(job, owner) => end,
            () = self.keep(id, owner) => Ok(End::Lost),
        };
        let (jobs, now) = (self.store.jobs(), self.clock.now());
        let is_over = match end {
            Ok(End::Lost) => true,
            Ok(End::Halted) => {
                jobs.let_go(id, owner).await?;
                true
            }
            Ok(End::Done) => jobs.finish(id, owner, &JobOutcome::Done, now).await?,
            Err(error) => {
                tracing::warn!(%connection, code = error.code.as_str(), "a sync stopped early");
                jobs.finish(id, owner, &JobOutcome::Failed(error), now)
                    .await?
            }
        };
        match is_over {
            true => Ok(None),
            false => jobs.mine(id, owner).await,
        }
    }

    /// Renews the lease; returns when the job is lost.
    async fn keep(&self, id: JobId, owner: &Owner) {
        loop {
            tokio::time::sleep(HEARTBEAT).await;
            let until = leased_until(self.clock.now());
            match self.store.jobs().renew(id, owner, until).await {
                Ok(None) => return,
                Ok(Some(_)) => {}
                Err(error) => {
                    internal("renewing a job's lease", &error);
                }
            }
        }
    }

    async fn work(&self, job: &Job, owner: &Owner) -> Result<End> {
        let Some((mut connection, mut means)) = self.connection(job).await? else {
            return Ok(End::Lost);
        };
        // Read after the means: what is put in place between the two is noticed later.
        let mut target = self.access.target(&connection).await?;
        if !self.planned(job, owner).await? {
            return Ok(End::Lost);
        }
        loop {
            // Looked for each time: a person may have asked something meanwhile.
            let steps = self.store.jobs().steps(job.id).await;
            let steps = steps.map_err(|error| internal("finding what to ask for", &error))?;
            let Some(step) = steps.iter().find(|step| step.state == StepState::Open) else {
                return Ok(End::Done);
            };
            let until = leased_until(self.clock.now());
            let state = self.store.jobs().renew(job.id, owner, until).await;
            match state.map_err(|error| internal("looking after a job", &error))? {
                Some(JobState::Running) => {}
                Some(_) => return Ok(End::Halted),
                None => return Ok(End::Lost),
            }
            let is_news = |step: &StoredStep| step.news && matches!(step.step.part, Part::Cube(_));
            if step.step.only_after_news && !steps.iter().any(is_news) {
                let skipped = self.store.jobs().skip(job.id, owner, step.position).await;
                skipped.map_err(|error| internal("leaving a question out", &error))?;
                continue;
            }
            let asked = self.ask(job, owner, (&connection, &target), step).await;
            if matches!(asked, Ok(Stored::Lost)) {
                return Ok(End::Lost);
            }
            // With the key that a person has put in place meanwhile.
            let (now, by) = match self.connection(job).await {
                Ok(Some(now)) => now,
                Ok(None) => return Ok(End::Lost),
                Err(error) => return Err(asked.err().unwrap_or(error)),
            };
            if by != means {
                target = self.access.target(&now).await?;
                (means, connection) = (by, now);
            } else {
                asked?;
            }
        }
    }

    /// The job's connection, and by what it signs in; `None` when it has been deleted.
    async fn connection(&self, job: &Job) -> Result<Option<(StoredConnection, Means)>> {
        let found = self.store.connections();
        let found = found.one_for_upkeep(job.connection).await;
        let found = found.map_err(|error| internal("finding a job's connection", &error))?;
        let Some(connection) = found else {
            return Ok(None);
        };
        let means = self.access.means(&connection).await?;
        Ok(Some((connection, means)))
    }

    /// Finds the job's steps. They stand for a day: on another one, what is still open is
    /// found anew, because what AWS may still change has changed. Answers whether the job is
    /// still this server's.
    async fn planned(&self, job: &Job, owner: &Owner) -> Result<bool> {
        let failed = |error: StoreError| internal("finding what to ask for", &error);
        let today = self.clock.today();
        if job.planned_on == Some(today) {
            return Ok(true);
        }
        let since = self.clock.now() - STILL_NEW;
        let since = job.planned_on.map(|_| since);
        let known = self.answered(job.connection, today, since).await;
        let known = known.map_err(failed)?;
        let mut steps = Vec::new();
        if let Some(occasion) = occasion(job.kind) {
            let histories = self.histories(&known, &Cube::ALL.map(Part::Cube)).await;
            let histories: Vec<_> = (Cube::ALL.into_iter())
                .zip(histories.map_err(failed)?)
                .collect();
            steps.extend(plan::steps(today, occasion, &histories));
        }
        steps.extend(self.asked_steps(job, &known).await.map_err(failed)?);
        if let Some(occasion) = occasion(job.kind) {
            let months = months_are_due(&self.store, job.connection, today, occasion).await;
            let forecast = !self.outlooks.is_asked(job.connection, today).await?;
            let extras = Extras::of(occasion, months.map_err(failed)?, forecast);
            steps.extend(plan::extra_steps(today, extras));
        }
        let planned = self.store.jobs().plan(job.id, owner, today, &steps).await;
        planned.map_err(failed)
    }

    /// What people wanted to know and the job hasn't asked yet; for a person's refresh, also
    /// what has been used lately.
    async fn asked_steps(
        &self,
        job: &Job,
        known: &Answers,
    ) -> std::result::Result<Vec<Step>, StoreError> {
        let steps = self.store.jobs().steps(job.id).await?.into_iter();
        let steps = steps.filter(|step| matches!(step.step.part, Part::Asked(_)));
        let (open, done): (Vec<_>, Vec<_>) = steps.partition(|step| step.state == StepState::Open);
        let mut parts: Vec<Part> = open.into_iter().map(|step| step.step.part).collect();
        if job.kind == JobKind::Refresh {
            let since = self.clock.now() - TimeDelta::days(USED_DAYS);
            let costs = self.store.costs();
            let used = costs.used_cubes(job.connection, since).await?;
            for part in used.iter().map(Part::asked) {
                let has_come = done.iter().any(|step| step.step.part == part);
                if !has_come && !parts.contains(&part) {
                    parts.push(part);
                }
            }
        }
        let histories = self.histories(known, &parts).await?;
        let step = |(part, history): (&Part, History)| match part {
            Part::Asked(question) => plan::asked_step(known.today, question, &history),
            _ => None,
        };
        Ok(parts.iter().zip(histories).filter_map(step).collect())
    }

    /// What was answered lately; what came since a moment counts as settled.
    async fn answered(
        &self,
        connection: ConnectionId,
        today: NaiveDate,
        just_come_since: Option<DateTime<Utc>>,
    ) -> std::result::Result<Answers, StoreError> {
        let jobs = self.store.jobs();
        Ok(Answers {
            connection,
            today,
            just_come_since,
            lately: jobs.answered_since(connection, today - REMEMBERED).await?,
        })
    }

    /// What is known about each part, in their order.
    async fn histories(
        &self,
        known: &Answers,
        parts: &[Part],
    ) -> std::result::Result<Vec<History>, StoreError> {
        let mut histories = Vec::with_capacity(parts.len());
        for part in parts {
            let question = match part {
                Part::Cube(cube) => cube.question(),
                Part::Asked(question) => (**question).clone(),
                Part::Months | Part::Forecast => continue,
            };
            let (id, kept) = (known.connection, Period::kept(known.today));
            let slices = self.store.costs().slices(id, &question, kept).await?;
            histories.push(known.history(part, &slices));
        }
        Ok(histories)
    }

    /// One question, stored whole or not at all.
    async fn ask(
        &self,
        job: &Job,
        owner: &Owner,
        (connection, target): (&StoredConnection, &Target),
        step: &StoredStep,
    ) -> Result<Stored> {
        let asker = Asker {
            worker: self,
            connection,
            job,
            owner,
            target,
            step,
            // What day it was when the question left is what its answer is worth.
            asked_on: self.clock.today(),
            asked_at: self.clock.now(),
        };
        match &step.step.part {
            Part::Cube(cube) => asker.days(&cube.question()).await,
            Part::Asked(question) => asker.days(question).await,
            Part::Months => asker.months().await,
            Part::Forecast => asker.forecast().await,
        }
    }
}
