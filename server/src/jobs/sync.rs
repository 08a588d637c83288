//! Begins, halts and goes on with the jobs that get costs from AWS. A job is stored before
//! anything is asked; one server at a time works on it.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Result, account::ConnectionId, job::JobState, user::UserId};
use tokio::task::JoinHandle;

use super::{
    ownership::Ownership,
    schedule::{Due, Past, due},
    work::Worker,
};
use crate::{
    aws::Gateway,
    jobs::plan::{Occasion, Step},
    services::{access::Access, clock::Clock, internal, outlook::Outlooks, own},
    store::{
        Store, StoreError,
        jobs::{Job, JobId, JobKind, Owner},
    },
};

/// How long a job belongs to a server that gives no sign of life.
const LEASE: TimeDelta = TimeDelta::seconds(30);
/// What failed within this time is gone on with, rather than asked for again.
const STILL_NEW: TimeDelta = TimeDelta::hours(1);

/// Begins, resumes and stops syncs.
pub struct Syncer {
    store: Store,
    clock: Clock,
    worker: Worker,
    ownership: Ownership,
    running: Mutex<HashMap<u64, Running>>,
    runs: AtomicU64,
}

struct Running {
    connection: ConnectionId,
    /// While it is worked on.
    job: Option<JobId>,
    task: JoinHandle<()>,
}

/// Until when a job that is taken or renewed now is this server's.
pub(super) fn leased_until(now: DateTime<Utc>) -> DateTime<Utc> {
    now + LEASE
}

impl Syncer {
    /// Puts the parts together.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Clock,
        gateway: Arc<Gateway>,
        access: Access,
        outlooks: Arc<Outlooks>,
        ownership: Ownership,
    ) -> Self {
        Self {
            worker: Worker {
                store: store.clone(),
                clock,
                gateway,
                access,
                outlooks,
            },
            store,
            clock,
            ownership,
            running: Mutex::default(),
            runs: AtomicU64::default(),
        }
    }

    fn owner(&self) -> &Owner {
        &self.ownership.owner
    }

    /// Begins a job, unless one is open; one that a person has paused goes on. A refresh goes
    /// on with what has failed just now, rather than pay for it again.
    ///
    /// # Errors
    /// When the connection isn't the person's, or the store fails.
    pub async fn start(
        self: &Arc<Self>,
        user: UserId,
        id: ConnectionId,
        kind: JobKind,
    ) -> Result<()> {
        own(&self.store, user, id).await?;
        let latest = self.store.jobs().latest(id).await;
        let latest = latest.map_err(|error| internal("finding a job", &error))?;
        let just_failed = latest.is_some_and(|latest| {
            latest.state == JobState::Failed
                && !latest.kind.is_asked()
                && latest
                    .finished_at
                    .is_some_and(|at| self.clock.now() - at < STILL_NEW)
        });
        if kind == JobKind::Refresh && just_failed {
            // Whoever began it: now it is a person who asks, and has seen the price.
            return self.go_on(id, Some(kind)).await;
        }
        if kind == JobKind::Refresh {
            let wanted = self.store.jobs().refresh_too(id, self.clock.now()).await;
            wanted.map_err(|error| internal("adding a refresh to a job", &error))?;
        }
        self.begin(id, kind).await
    }

    /// Has a person's question asked: at once, or next, where a job is open.
    ///
    /// # Errors
    /// When the connection isn't the person's, or the store fails.
    pub async fn ask(self: &Arc<Self>, user: UserId, id: ConnectionId, step: &Step) -> Result<()> {
        own(&self.store, user, id).await?;
        let (today, now) = (self.clock.today(), self.clock.now());
        let asked = self.store.jobs().ask(id, step, today, now).await;
        asked.map_err(|error| internal("adding a question to a job", &error))?;
        self.take(Some(id)).await
    }

    async fn begin(self: &Arc<Self>, id: ConnectionId, kind: JobKind) -> Result<()> {
        let begun = self.store.jobs().begin(id, kind, self.clock.now()).await;
        let begun = begun.map_err(|error| internal("beginning a job", &error))?;
        if begun.is_none() {
            let resumed = self.store.jobs().resume(id).await;
            resumed.map_err(|error| internal("going on with a job", &error))?;
        }
        self.take(Some(id)).await
    }

    /// Goes on with the newest job if it has ended early.
    async fn go_on(self: &Arc<Self>, id: ConnectionId, kind: Option<JobKind>) -> Result<()> {
        let now = self.clock.now();
        let reopened = self.store.jobs().reopen_as(id, kind, now).await;
        reopened.map_err(|error| internal("going on with a job", &error))?;
        self.take(Some(id)).await
    }

    /// Halts the open job after the question that is on its way, so that what has been paid
    /// for is stored.
    ///
    /// # Errors
    /// When the connection isn't the person's, or the store fails.
    pub async fn pause(&self, user: UserId, id: ConnectionId) -> Result<()> {
        own(&self.store, user, id).await?;
        let paused = self.store.jobs().pause(id).await;
        paused.map_err(|error| internal("pausing a job", &error))
    }

    /// Goes on with a paused job.
    ///
    /// # Errors
    /// When the connection isn't the person's, or the store fails.
    pub async fn resume(self: &Arc<Self>, user: UserId, id: ConnectionId) -> Result<()> {
        own(&self.store, user, id).await?;
        let resumed = self.store.jobs().resume(id).await;
        resumed.map_err(|error| internal("going on with a job", &error))?;
        self.take(Some(id)).await
    }

    /// Ends the open job at once. What it has stored stays.
    ///
    /// # Errors
    /// When the connection isn't the person's, or the store fails.
    pub async fn cancel(&self, user: UserId, id: ConnectionId) -> Result<()> {
        own(&self.store, user, id).await?;
        let cancelled = self.store.jobs().cancel(id, self.clock.now()).await;
        let cancelled = cancelled.map_err(|error| internal("cancelling a job", &error))?;
        // That one alone: the next may have begun already.
        if cancelled.is_some() {
            self.stop_where(|running| running.job == cancelled).await;
        }
        Ok(())
    }

    /// Goes on with a job that failed or was cancelled.
    ///
    /// # Errors
    /// When the connection isn't the person's, or the store fails.
    pub async fn retry(self: &Arc<Self>, user: UserId, id: ConnectionId) -> Result<()> {
        own(&self.store, user, id).await?;
        self.go_on(id, None).await
    }

    /// Takes jobs that nobody works on: of one connection, or all.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn take(self: &Arc<Self>, only: Option<ConnectionId>) -> Result<()> {
        loop {
            let now = self.clock.now();
            let jobs = self.store.jobs();
            let claimed = jobs
                .claim(self.owner(), only, now, leased_until(now))
                .await
                .map_err(|error| internal("taking a job", &error))?;
            let Some(job) = claimed else { return Ok(()) };
            self.spawn(job);
        }
    }

    fn spawn(self: &Arc<Self>, job: Job) {
        let run = self.runs.fetch_add(1, Ordering::Relaxed);
        let (id, connection) = (job.id, job.connection);
        let syncer = Arc::clone(self);
        let mut running = self.lock();
        let task = tokio::spawn(async move {
            syncer.worker.run(job, syncer.owner()).await;
            // It is in the map by now: that is locked until it is. Nobody means that job any more
            // when they stop this run.
            if let Some(running) = syncer.lock().get_mut(&run) {
                running.job = None;
            }
            // Paused and resumed within one question, it waits again. Before this run is
            // forgotten: whoever stops everything waits for it.
            drop(syncer.take(Some(connection)).await);
            syncer.lock().remove(&run);
        });
        let running_now = Running {
            connection,
            job: Some(id),
            task,
        };
        running.insert(run, running_now);
    }

    /// Stops the work for a connection, if any; its waiting requests leave the queue.
    pub async fn stop(&self, id: ConnectionId) {
        self.stop_where(|running| running.connection == id).await;
    }

    async fn stop_where(&self, is_meant: impl Fn(&Running) -> bool) {
        let stopped: Vec<_> = self
            .lock()
            .extract_if(|_, running| is_meant(running))
            .collect();
        end(stopped).await;
    }

    /// Stops everything, for the end of the process. Whoever comes next goes on.
    pub async fn stop_all(&self) {
        // What was just about to begin another has begun it by the time it is stopped.
        loop {
            let stopped: Vec<_> = self.lock().drain().collect();
            if stopped.is_empty() {
                break;
            }
            end(stopped).await;
        }
        if let Err(error) = self.store.jobs().let_all_go(self.owner()).await {
            internal("giving jobs back", &error);
        }
    }

    /// At the start: goes on with what this server left behind when it was killed, and with
    /// whatever else waits.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn resume_all(self: &Arc<Self>) -> Result<()> {
        if let Some(before) = &self.ownership.before {
            let given_back = self.store.jobs().let_all_go(before).await;
            given_back.map_err(|error| internal("finding interrupted jobs", &error))?;
        }
        self.take(None).await
    }

    /// Begins what is due by now, of all connections, and takes what nobody works on.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn look(self: &Arc<Self>) -> Result<()> {
        let all = self.store.connections().all_for_upkeep().await;
        let all = all.map_err(|error| internal("listing connections for upkeep", &error))?;
        for connection in all {
            let due = self.due(connection.id).await;
            match due.map_err(|error| internal("reading what is due", &error))? {
                None => {}
                // What a person once asked for goes on without them: the cap holds.
                Some(Due::Retry) => {
                    let latest = self.store.jobs().latest(connection.id).await;
                    let latest = latest.map_err(|error| internal("finding a job", &error))?;
                    let theirs = latest.is_some_and(|job| job.kind == JobKind::Refresh);
                    let kind = theirs.then_some(JobKind::Scheduled);
                    self.go_on(connection.id, kind).await?;
                }
                Some(Due::Refresh(Occasion::Again)) => {
                    self.begin(connection.id, JobKind::Again).await?;
                }
                Some(Due::Refresh(_)) => self.begin(connection.id, JobKind::Scheduled).await?,
            }
        }
        self.take(None).await
    }

    async fn due(&self, id: ConnectionId) -> std::result::Result<Option<Due>, StoreError> {
        let (jobs, now) = (self.store.jobs(), self.clock.now());
        let midnight = now.date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
        let mut latest = jobs.latest(id).await?;
        // What a person asked beside what is kept says nothing about that.
        let ended = latest.as_ref().is_some_and(|job| job.state.has_ended());
        let aside = ended && latest.as_ref().is_some_and(|job| job.kind.is_asked());
        if aside {
            latest = jobs.latest_of_kept(id).await?;
        }
        let past = Past {
            state: latest.as_ref().map(|job| job.state),
            error: latest
                .as_ref()
                .and_then(|job| Some(job.error.as_ref()?.code)),
            tried_at: latest.as_ref().map(|job| job.tried_at),
            by_itself_today: jobs.begun_by_itself(id, midnight).await?,
        };
        let due = due(id, jobs.cadence(id).await?, &past, now);
        // Only the newest job can go on.
        Ok(due.map(|due| match due {
            Due::Retry if aside => Due::Refresh(Occasion::Daily),
            due => due,
        }))
    }

    /// Whether this server works on anything.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        !self.lock().is_empty()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Running>> {
        // The map is whole after any panic: each use is a single insert, remove or drain.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn end(stopped: Vec<(u64, Running)>) {
    for (_, running) in &stopped {
        running.task.abort();
    }
    for (_, running) in stopped {
        // Cancelled is what was wanted; waited for, so that nothing is stored afterwards.
        drop(running.task.await);
    }
}
