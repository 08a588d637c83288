//! What a connection's jobs say, as people see it.

use domain::{
    Result,
    account::ConnectionId,
    job::{JobState, PartProgress, QUESTIONS_A_REFRESH, SyncState},
};

use super::internal;
use crate::{
    jobs::plan::Part,
    store::{
        Store, StoreError,
        jobs::{StepState, StoredStep},
    },
};

/// The state of a connection's jobs.
///
/// # Errors
/// When the store fails.
pub async fn of(store: &Store, id: ConnectionId) -> Result<SyncState> {
    read(store, id)
        .await
        .map_err(|error| internal("reading a job", &error))
}

async fn read(store: &Store, id: ConnectionId) -> std::result::Result<SyncState, StoreError> {
    let jobs = store.jobs();
    // First: a job that ends between two of these questions is then still said to run, and
    // never ended without having come to an end.
    let latest = jobs.latest(id).await?;
    let complete = jobs.latest_complete(id).await?;
    let refresh = jobs.latest_refresh(id).await?;
    let mut state = SyncState {
        finished_at: complete.and_then(|complete| complete.finished_at),
        usual_requests: refresh
            .map_or(0, |refresh| refresh.requests)
            .max(QUESTIONS_A_REFRESH),
        cadence: jobs.cadence(id).await?,
        ..SyncState::default()
    };
    let Some(latest) = latest else {
        return Ok(state);
    };
    state.running = matches!(latest.state, JobState::Waiting | JobState::Running);
    state.parts = parts(&jobs.steps(latest.id).await?);
    state.days_done = state.parts.iter().map(|part| part.days_done).sum();
    state.days_total = state.parts.iter().map(|part| part.days_total).sum();
    state.state = Some(latest.state);
    state.requests = latest.requests;
    state.price = Some(latest.price);
    state.error = latest.error;
    Ok(state)
}

/// Each part with its days. What turned out not to be needed counts as done.
fn parts(steps: &[StoredStep]) -> Vec<PartProgress> {
    let mut parts: Vec<PartProgress> = Vec::new();
    // The others aren't about days that are being fetched.
    let of_days = |part: &Part| matches!(part, Part::Cube(_) | Part::Asked(_));
    for one in steps.iter().filter(|one| of_days(&one.step.part)) {
        let name = one.step.part.label();
        let days = u32::try_from(one.step.period.len()).unwrap_or(u32::MAX);
        let done = if one.state == StepState::Open {
            0
        } else {
            days
        };
        match parts.iter_mut().find(|part| part.name == name) {
            Some(part) => {
                part.days_done = part.days_done.saturating_add(done);
                part.days_total = part.days_total.saturating_add(days);
            }
            None => parts.push(PartProgress {
                name,
                days_done: done,
                days_total: days,
            }),
        }
    }
    parts
}
