//! The key doctor: asks AWS one question for each action and keeps each answer
//! as it comes, so that a kill loses none that was paid for.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use domain::{
    Code, Error, Result,
    account::ConnectionId,
    doctor::{self, ActionRow, CheckState, Examination, Finding, Scope},
    ledger::Operation,
    ports::Doctor,
    user::User,
};
use tokio::task::JoinHandle;

use super::{caps, clock::Clock, examiner::Examiner, internal, own};
use crate::store::{
    Store, StoreError,
    connections::StoredConnection,
    doctor::{ExaminationId, Examined},
};

/// Implements [`Doctor`].
pub struct DoctorService {
    store: Store,
    clock: Clock,
    examiner: Arc<dyn Examiner>,
    running: Arc<Mutex<Running>>,
}

/// Examinations under way, by connection.
type Running = HashMap<ConnectionId, (ExaminationId, JoinHandle<()>)>;

impl DoctorService {
    /// Puts the parts together.
    #[must_use]
    pub fn new(store: Store, clock: Clock, examiner: Arc<dyn Examiner>) -> Self {
        Self {
            store,
            clock,
            examiner,
            running: Arc::default(),
        }
    }

    /// After connecting: what costs nothing. Connecting doesn't depend on it.
    pub async fn look_at_what_is_free(&self, user: &User, id: ConnectionId) {
        let free = Scope::Free.operations();
        if let Err(error) = self.examine(user, id, free, false).await {
            tracing::warn!(connection = %id, code = error.code.as_str(), "no first examination");
        }
    }

    /// Stops every examination, for the end of the process. What was found stays.
    pub async fn stop_all(&self) {
        let running: Vec<_> = lock(&self.running).drain().collect();
        for (connection, (examination, task)) in running {
            task.abort();
            // Waited for, so that nothing is written afterwards.
            drop(task.await);
            let now = self.clock.now();
            let ended = self.store.doctor().end(connection, examination, now).await;
            if let Err(error) = ended {
                internal("ending an examination", &error);
            }
        }
    }

    /// Refuses what the cap doesn't cover, unless the person said so.
    async fn afford(
        &self,
        connection: &StoredConnection,
        operations: &[Operation],
        beyond_cap: bool,
    ) -> Result<()> {
        let price = doctor::price(operations);
        let cap = caps::status(&self.store, self.clock, connection).await?;
        if price.amount.0 == 0 || beyond_cap || cap.covers(price) {
            Ok(())
        } else {
            Err(cap.refusal(&price.display()))
        }
    }
}

#[async_trait]
impl Doctor for DoctorService {
    async fn examination(&self, user: &User, id: ConnectionId) -> Result<Examination> {
        let connection = own(&self.store, user.id, id).await?;
        let known = self.store.doctor();
        // First: what is said to have ended has all its findings here, the last one too.
        let progress = known.progress(id, self.clock.now()).await;
        let progress = progress.map_err(|error| internal("reading an examination", &error))?;
        let findings = known.findings(id, examined(&connection)).await;
        let mut findings: HashMap<Operation, Finding> = findings
            .map_err(|error| internal("reading findings", &error))?
            .into_iter()
            .collect();
        Ok(Examination {
            connection: id,
            cap: caps::status(&self.store, self.clock, &connection).await?,
            name: connection.name,
            rows: doctor::actions()
                .into_iter()
                .map(|operation| ActionRow {
                    operation,
                    finding: findings.remove(&operation),
                })
                .collect(),
            progress,
        })
    }

    async fn examine(
        &self,
        user: &User,
        id: ConnectionId,
        operations: Vec<Operation>,
        beyond_cap: bool,
    ) -> Result<()> {
        let connection = own(&self.store, user.id, id).await?;
        self.afford(&connection, &operations, beyond_cap).await?;
        let total = u32::try_from(operations.len()).unwrap_or(u32::MAX);
        let begun = self.store.doctor().begin(id, total, self.clock.now()).await;
        let examination = match begun {
            Ok(Some(examination)) => examination,
            Ok(None) => return Err(under_way()),
            Err(StoreError::OwnerGone) => return Err(Error::not_found("connection")),
            Err(error) => return Err(internal("beginning an examination", &error)),
        };
        let visit = Visit {
            store: self.store.clone(),
            clock: self.clock,
            examiner: Arc::clone(&self.examiner),
            connection,
            examination,
        };
        let running = Arc::clone(&self.running);
        // Held until the task is noted: it can't end, and remove itself, before that.
        let mut noted = lock(&self.running);
        let task = tokio::spawn(async move {
            visit.run(&operations).await;
            let mut running = lock(&running);
            // The next one may have begun since this one's end was stored.
            if running.get(&id).is_some_and(|(one, _)| *one == examination) {
                running.remove(&id);
            }
        });
        noted.insert(id, (examination, task));
        Ok(())
    }
}

/// One examination, as a task.
struct Visit {
    store: Store,
    clock: Clock,
    examiner: Arc<dyn Examiner>,
    connection: StoredConnection,
    examination: ExaminationId,
}

impl Visit {
    async fn run(&self, operations: &[Operation]) {
        if let Err(error) = self.check_all(operations).await {
            tracing::warn!(
                connection = %self.connection.id,
                code = error.code.as_str(),
                "an examination stopped early"
            );
        }
        let ended = self
            .store
            .doctor()
            .end(self.connection.id, self.examination, self.clock.now())
            .await;
        if let Err(error) = ended {
            internal("ending an examination", &error);
        }
    }

    async fn check_all(&self, operations: &[Operation]) -> Result<()> {
        let mut hopeless: Option<Error> = None;
        for operation in operations {
            // A connection that has been deleted asks nothing more.
            let there = self
                .store
                .connections()
                .get(self.connection.user, self.connection.id)
                .await
                .map_err(|error| internal("finding a connection", &error))?;
            if there.is_none() {
                return Ok(());
            }
            let answer = match &hopeless {
                // Asking on would cost more and tell nothing new.
                Some(error) => Err(error.clone()),
                None => {
                    let today = self.clock.today();
                    self.examiner
                        .check(&self.connection, *operation, today)
                        .await
                }
            };
            if let Err(error) = &answer
                && doctor::stops_all(error.code)
            {
                hopeless = Some(error.clone());
            }
            if !self.keep(*operation, answer.err()).await? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Answers whether to go on.
    async fn keep(&self, operation: Operation, error: Option<Error>) -> Result<bool> {
        let state = error
            .as_ref()
            .map_or(CheckState::Granted, |error| CheckState::of(error.code));
        let finding = Finding {
            state,
            reason: error.filter(|_| state != CheckState::Granted),
            checked_at: self.clock.now(),
        };
        let kept = self
            .store
            .doctor()
            .found(
                self.connection.id,
                self.examination,
                examined(&self.connection),
                operation,
                &finding,
            )
            .await;
        match kept {
            Ok(ours) => Ok(ours),
            Err(StoreError::OwnerGone) => Ok(false),
            Err(error) => Err(internal("storing a finding", &error)),
        }
    }
}

fn examined(connection: &StoredConnection) -> Examined<'_> {
    Examined {
        key_hint: &connection.key_hint,
        arn: &connection.arn,
    }
}

fn under_way() -> Error {
    Error::new(
        Code::Busy,
        "This key is being checked already.",
        "Wait until that check has ended: it shows its results as they come.",
    )
}

fn lock<T>(map: &Mutex<T>) -> MutexGuard<'_, T> {
    // The map is whole after any panic: each use is a single insert, remove or drain.
    map.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "doctor_tests.rs"]
mod tests;
