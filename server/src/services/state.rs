//! What a connection's jobs say, as people see it.

use chrono::TimeDelta;
use domain::{
    Result,
    account::ConnectionId,
    breakdown::USED_DAYS,
    cube::Question,
    job::{JobState, PartProgress, QUESTIONS_A_REFRESH, SyncState},
};

use super::{clock::Clock, internal};
use crate::{
    jobs::{
        plan::{Occasion, Part},
        work::months_are_due,
    },
    store::{
        Store, StoreError,
        jobs::{AskedAnswer, StepState, StoredStep},
    },
};

/// What AWS may still change lies in this month and the one before.
const FEW_DAYS: usize = 62;

/// The state of a connection's jobs.
///
/// # Errors
/// When the store fails.
pub async fn of(store: &Store, clock: Clock, id: ConnectionId) -> Result<SyncState> {
    read(store, id, clock)
        .await
        .map_err(|error| internal("reading a job", &error))
}

async fn read(
    store: &Store,
    id: ConnectionId,
    clock: Clock,
) -> std::result::Result<SyncState, StoreError> {
    let jobs = store.jobs();
    // First: a job that ends between two of these questions is then still said to run, and
    // never ended without having come to an end.
    let latest = jobs.latest(id).await?;
    let complete = jobs.latest_complete(id).await?;
    let is_whole = complete.is_some();
    let mut state = SyncState {
        finished_at: complete.and_then(|complete| complete.finished_at),
        usual_requests: usual_requests(store, id).await?,
        asked_requests: asked_requests(store, id, clock, is_whole).await?,
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
    state.asked = latest.kind.is_asked();
    state.error = latest.error;
    // What the last refresh cost isn't what a question beside it did.
    let mut paid = (Some(latest.requests), Some(latest.price));
    if state.asked {
        let refresh = jobs.latest_of_kept(id).await?;
        paid = refresh.map(|job| (job.requests, job.price)).unzip();
    }
    state.requests = paid.0.unwrap_or(0);
    state.price = paid.1;
    Ok(state)
}

/// What a refresh of what is kept takes, going by the last one.
async fn usual_requests(store: &Store, id: ConnectionId) -> std::result::Result<u32, StoreError> {
    let jobs = store.jobs();
    let mut requests = 0;
    if let Some(refresh) = jobs.latest_refresh(id).await? {
        let beside = jobs.asked_requests(refresh.id).await?;
        requests = refresh.requests.saturating_sub(beside);
    }
    Ok(requests.max(QUESTIONS_A_REFRESH))
}

/// What a person's refresh takes for what has been used lately, and for the totals of months
/// where AWS gave none long ago, or was never asked.
async fn asked_requests(
    store: &Store,
    id: ConnectionId,
    clock: Clock,
    is_whole: bool,
) -> std::result::Result<u32, StoreError> {
    let since = clock.now() - TimeDelta::days(USED_DAYS);
    let used = store.costs().used_cubes(id, since).await?;
    let months = is_whole && months_are_due(store, id, clock.today(), Occasion::Asked).await?;
    let mut requests = u32::from(months);
    if !used.is_empty() {
        let answers = store.jobs().asked_answers(id).await?;
        let of_each = used.iter().map(|one| of_a_refresh(&answers, one));
        requests += of_each.sum::<u32>();
    }
    Ok(requests)
}

/// Requests that asking a question for the days that may have changed takes: as many as the
/// last time, or one.
#[must_use]
pub fn of_a_refresh(answers: &[AskedAnswer], question: &Question) -> u32 {
    let mut last = answers.iter().rev();
    last.find(|answer| answer.question == *question && answer.period.len() <= FEW_DAYS)
        .map_or(1, |answer| answer.requests.max(1))
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
