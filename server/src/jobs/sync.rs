//! Gets costs from AWS into the store: one sync at a time for each connection,
//! resumable, because what is stored decides what is asked next.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Error, Result,
    account::{COST_EXPLORER_REQUEST, ConnectionId},
    cube::Cube,
    ledger::Payer,
    money::{Money, Nanos},
    period::Period,
    user::UserId,
};
use tokio::task::JoinHandle;

use super::plan;
use crate::{
    aws::{Credentials, Endpoint, Gateway, Priority, Target},
    services::{clock::Clock, internal, keys::Keys, overview::KnownDay, sample::SampleAccount},
    store::{
        Store,
        connections::StoredConnection,
        syncs::{SyncId, SyncKind, SyncOutcome},
    },
};

/// What an interrupted sync got within this time isn't paid for again: a server
/// that is restarted over and over would pay each time.
const STILL_NEW: TimeDelta = TimeDelta::hours(1);

/// Begins, resumes and stops syncs.
pub struct Syncer {
    store: Store,
    clock: Clock,
    keys: Keys,
    gateway: Arc<Gateway>,
    sample: Option<SampleAccount>,
    running: Mutex<HashMap<ConnectionId, JoinHandle<()>>>,
}

/// How far one sync has come.
#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    days_done: u32,
    requests: u32,
}

impl Syncer {
    /// Puts the parts together.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Clock,
        keys: Keys,
        gateway: Arc<Gateway>,
        sample: Option<SampleAccount>,
    ) -> Self {
        Self {
            store,
            clock,
            keys,
            gateway,
            sample,
            running: Mutex::default(),
        }
    }

    /// Begins a sync of what is missing or unsettled, unless one is under way.
    /// Asks nothing and costs nothing when everything is settled.
    ///
    /// # Errors
    /// When the connection isn't the person's, or the store fails.
    pub async fn start(
        self: &Arc<Self>,
        user: UserId,
        id: ConnectionId,
        kind: SyncKind,
    ) -> Result<()> {
        let found = self.store.connections().get(user, id).await;
        let connection = found
            .map_err(|error| internal("finding a connection to sync", &error))?
            .ok_or_else(|| Error::not_found("connection"))?;
        self.start_stored(connection, kind, None).await
    }

    /// `asked_since` spares the days that were asked for since then.
    async fn start_stored(
        self: &Arc<Self>,
        connection: StoredConnection,
        kind: SyncKind,
        asked_since: Option<DateTime<Utc>>,
    ) -> Result<()> {
        let id = connection.id;
        let questions = self.questions(id, asked_since).await?;
        let days = questions.iter().map(Period::len).sum::<usize>();
        let begun = self
            .store
            .syncs()
            .begin(
                id,
                kind,
                u32::try_from(days).unwrap_or(u32::MAX),
                self.clock.now(),
            )
            .await;
        let Some(sync) = begun.map_err(|error| internal("beginning a sync", &error))? else {
            return Ok(());
        };
        let syncer = Arc::clone(self);
        let task = tokio::spawn(async move {
            syncer.run(sync, connection, questions).await;
            syncer.lock().remove(&id);
        });
        // A task that ended before this line has removed nothing: a finished handle is harmless.
        self.lock().insert(id, task);
        Ok(())
    }

    async fn questions(
        &self,
        id: ConnectionId,
        asked_since: Option<DateTime<Utc>>,
    ) -> Result<Vec<Period>> {
        let today = self.clock.today();
        let slices = self
            .store
            .costs()
            .slices(id, Cube::ServiceAccount, Period::kept(today))
            .await;
        let slices = slices.map_err(|error| internal("reading what is stored", &error))?;
        let spared = slices
            .iter()
            .filter(|slice| asked_since.is_some_and(|since| slice.asked_at >= since))
            .map(|slice| slice.day)
            .collect();
        let known = slices
            .into_iter()
            .map(|slice| {
                let known = KnownDay {
                    estimated: slice.estimated,
                    asked_on: slice.asked_on,
                };
                (slice.day, known)
            })
            .collect();
        Ok(plan::questions(today, &known, &spared))
    }

    /// Stops the connection's sync, if any; its waiting requests leave the queue.
    pub async fn stop(&self, id: ConnectionId) {
        let task = self.lock().remove(&id);
        if let Some(task) = task {
            task.abort();
            // Cancelled is what was wanted; waited for, so that nothing is stored afterwards.
            drop(task.await);
        }
    }

    /// Stops everything, for the end of the process. The next start resumes.
    pub fn stop_all(&self) {
        for (_, task) in self.lock().drain() {
            task.abort();
        }
    }

    /// Goes on with what a killed process left behind.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn resume(self: &Arc<Self>) -> Result<()> {
        let interrupted = self.store.syncs().interrupt_running(self.clock.now()).await;
        let interrupted =
            interrupted.map_err(|error| internal("finding interrupted syncs", &error))?;
        for connection in self.all().await? {
            if interrupted.contains(&connection.id) {
                tracing::info!(connection = %connection.id, "going on with an interrupted sync");
                // Days that the killed sync has paid for are as new as they get.
                let since = self.clock.now() - STILL_NEW;
                self.start_stored(connection, SyncKind::Scheduled, Some(since))
                    .await?;
            }
        }
        Ok(())
    }

    /// Every connection, for upkeep.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn all(&self) -> Result<Vec<StoredConnection>> {
        let all = self.store.connections().all_for_upkeep().await;
        all.map_err(|error| internal("listing connections for upkeep", &error))
    }

    async fn run(&self, sync: SyncId, connection: StoredConnection, questions: Vec<Period>) {
        let id = connection.id;
        let mut progress = Progress::default();
        let outcome = self
            .ask_all(sync, &connection, &questions, &mut progress)
            .await;
        self.report(sync, progress).await;
        let outcome = match outcome {
            Ok(()) => SyncOutcome::Done,
            Err(error) => {
                tracing::warn!(connection = %id, code = error.code.as_str(), "a sync stopped early");
                SyncOutcome::Failed(error)
            }
        };
        let ended = self
            .store
            .syncs()
            .finish(sync, &outcome, self.clock.now())
            .await;
        if let Err(error) = ended {
            internal("ending a sync", &error);
        }
    }

    async fn ask_all(
        &self,
        sync: SyncId,
        connection: &StoredConnection,
        questions: &[Period],
        progress: &mut Progress,
    ) -> Result<()> {
        let target = self.target(connection)?;
        for question in questions {
            self.ask(&target, connection.id, *question, progress)
                .await?;
            self.report(sync, *progress).await;
        }
        Ok(())
    }

    /// One question, stored whole or not at all.
    async fn ask(
        &self,
        target: &Target,
        id: ConnectionId,
        question: Period,
        progress: &mut Progress,
    ) -> Result<()> {
        let cube = Cube::ServiceAccount;
        // What day it was when the question left is what its answer is worth.
        let (asked_on, asked_at) = (self.clock.today(), self.clock.now());
        let answer = self
            .gateway
            .cost_and_usage(target, cube, question, Priority::Sync)
            .await
            .map_err(|error| {
                progress.requests += error.attempts;
                error.to_domain()
            })?;
        progress.requests += answer.requests;
        self.store
            .costs()
            .replace_slices(id, cube, asked_on, asked_at, &answer.slices, &answer.names)
            .await
            .map_err(|error| internal("storing costs", &error))?;
        progress.days_done += u32::try_from(question.len()).unwrap_or(u32::MAX);
        Ok(())
    }

    fn target(&self, connection: &StoredConnection) -> Result<Target> {
        Ok(Target {
            credentials: Credentials::Key(Arc::new(self.keys.open(connection)?)),
            payer: Payer {
                user: connection.user,
                connection: Some(connection.id),
                aws_account: Some(connection.aws_account.clone()),
            },
            endpoint: self.endpoint(connection)?,
        })
    }

    fn endpoint(&self, connection: &StoredConnection) -> Result<Endpoint> {
        SampleAccount::endpoint_for(self.sample.as_ref(), connection.kind, &self.gateway)
    }

    async fn report(&self, sync: SyncId, progress: Progress) {
        let price = Money::new(
            Nanos(COST_EXPLORER_REQUEST.amount.0 * i64::from(progress.requests)),
            COST_EXPLORER_REQUEST.currency,
        );
        let told = self
            .store
            .syncs()
            .progress(sync, progress.days_done, progress.requests, price)
            .await;
        if let Err(error) = told {
            internal("writing a sync's progress", &error);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<ConnectionId, JoinHandle<()>>> {
        // The map is whole after any panic: each use is a single insert, remove or drain.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
