//! Works on one job: finds its questions once, then asks one after the other. Each answer is
//! stored together with the progress that it makes.

use std::{collections::HashSet, sync::Arc, time::Duration};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::{Result, account::ConnectionId, cube::Cube, job::JobState, period::Period};

use super::{
    ask::Asker,
    plan::{self, Extras, History, Occasion, Part},
    sync::leased_until,
};
use crate::{
    aws::{Gateway, Priority, Target},
    services::{access::Access, clock::Clock, internal, outlook::Outlooks, overview::KnownDay},
    store::{
        Store, StoreError,
        connections::StoredConnection,
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
        JobKind::Refresh => Priority::Person,
        JobKind::First => Priority::Sync,
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

impl Worker {
    /// Works until the job is done, fails, is halted or lost.
    pub async fn run(&self, job: Job, owner: &Owner) {
        let (id, connection) = (job.id, job.connection);
        let end = tokio::select! {
            end = self.work(&job, owner) => end,
            () = self.keep(id, owner) => Ok(End::Lost),
        };
        let (jobs, now) = (self.store.jobs(), self.clock.now());
        let ended = match end {
            Ok(End::Lost) => Ok(()),
            Ok(End::Halted) => jobs.let_go(id, owner).await,
            Ok(End::Done) => jobs.finish(id, owner, &JobOutcome::Done, now).await,
            Err(error) => {
                tracing::warn!(%connection, code = error.code.as_str(), "a sync stopped early");
                jobs.finish(id, owner, &JobOutcome::Failed(error), now)
                    .await
            }
        };
        if let Err(error) = ended {
            internal("ending a job", &error);
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
        let found = self.store.connections();
        let found = found.one_for_upkeep(job.connection).await;
        let found = found.map_err(|error| internal("finding a job's connection", &error))?;
        let Some(connection) = found else {
            return Ok(End::Lost);
        };
        let target = self.access.target(&connection).await?;
        let Some(steps) = self.planned(job, owner).await? else {
            return Ok(End::Lost);
        };
        let mut news = steps.iter().any(|step| step.news);
        for step in steps {
            if step.state != StepState::Open {
                continue;
            }
            let until = leased_until(self.clock.now());
            let state = self.store.jobs().renew(job.id, owner, until).await;
            match state.map_err(|error| internal("looking after a job", &error))? {
                Some(JobState::Running) => {}
                Some(_) => return Ok(End::Halted),
                None => return Ok(End::Lost),
            }
            if step.step.only_after_news && !news {
                let skipped = self.store.jobs().skip(job.id, owner, step.position).await;
                skipped.map_err(|error| internal("leaving a question out", &error))?;
                continue;
            }
            match self.ask(job, owner, (&connection, &target), &step).await? {
                Stored::Kept { news: more } => news |= more,
                Stored::Lost => return Ok(End::Lost),
            }
        }
        Ok(End::Done)
    }

    /// The job's steps. They stand for a day: on another one, what is still open is found
    /// anew, because what AWS may still change has changed. `None` when the job is lost.
    async fn planned(&self, job: &Job, owner: &Owner) -> Result<Option<Vec<StoredStep>>> {
        let failed = |error: StoreError| internal("finding what to ask for", &error);
        let today = self.clock.today();
        if job.planned_on != Some(today) {
            let occasion = match job.kind {
                JobKind::First | JobKind::Refresh => Occasion::Asked,
                JobKind::Scheduled => Occasion::Daily,
                JobKind::Again => Occasion::Again,
            };
            let since = self.clock.now() - STILL_NEW;
            let since = job.planned_on.map(|_| since);
            let histories = self.histories(job.connection, today, since).await;
            let mut steps = plan::steps(today, occasion, &histories.map_err(failed)?);
            let extras = Extras {
                months: job.kind == JobKind::First && job.planned_on.is_none(),
                forecast: occasion != Occasion::Again
                    && !self.outlooks.is_kept(job.connection, today).await?,
            };
            steps.extend(plan::extra_steps(today, extras));
            let planned = self.store.jobs().plan(job.id, owner, today, &steps).await;
            if !planned.map_err(failed)? {
                return Ok(None);
            }
        }
        let steps = self.store.jobs().steps(job.id).await;
        steps.map(Some).map_err(failed)
    }

    /// What is known about each kept cube; what came since a moment counts as settled.
    async fn histories(
        &self,
        id: ConnectionId,
        today: NaiveDate,
        just_come_since: Option<DateTime<Utc>>,
    ) -> std::result::Result<Vec<(Cube, History)>, StoreError> {
        let answered = self
            .store
            .jobs()
            .answered_since(id, today - REMEMBERED)
            .await?;
        let mut histories = Vec::new();
        for cube in Cube::ALL {
            let slices = self
                .store
                .costs()
                .slices(id, &cube.question(), Period::kept(today))
                .await?;
            let of_cube = answered
                .iter()
                .filter(|(part, ..)| *part == Part::Cube(cube));
            let just_come = slices
                .iter()
                .filter(|slice| just_come_since.is_some_and(|since| slice.asked_at >= since))
                .map(|slice| slice.day)
                .collect::<HashSet<_>>();
            let days = slices.into_iter().map(|slice| {
                let known = KnownDay {
                    estimated: slice.estimated,
                    asked_on: slice.asked_on,
                };
                (slice.day, known)
            });
            let history = History {
                days: days.collect(),
                answered: of_cube.map(|(_, period, on)| (*period, *on)).collect(),
                just_come,
            };
            histories.push((cube, history));
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
