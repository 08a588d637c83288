//! The loop around each attempt: permit, ledger, call, classify, ledger, wait.
//! The SDK's own retries are off, so that each attempt is counted and spaced.

use std::{
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use domain::ledger::{Arrival, Asker, Departure, Operation, Payer};
use futures::future::{Either, select};

use super::{
    classify::Failure,
    error::AwsError,
    key::AwsKey,
    kind::Kind,
    ledger::{Ledger, LedgerError, LineId},
    priority::Priority,
    sessions::Signing,
    table::Circumstance,
    throttle::{Permit, Refusal, Throttle},
    timer::Timer,
    urgency::Urgency,
};

/// How stubborn the loop is.
#[derive(Clone, Copy, Debug)]
pub struct RetrySettings {
    /// The upper bound of the first wait; it doubles each time.
    pub base: Duration,
    /// The upper bound of every wait.
    pub cap: Duration,
    /// Attempts in all.
    pub attempts: u32,
    /// How long a person waits at most, the queue included.
    pub person: Duration,
    /// How long background work waits at most, the queue included.
    pub background: Duration,
    /// How long one attempt may take, its whole answer included.
    pub attempt: Duration,
}

impl Default for RetrySettings {
    fn default() -> Self {
        Self {
            base: Duration::from_millis(500),
            cap: Duration::from_secs(20),
            attempts: 6,
            person: Duration::from_secs(60),
            background: Duration::from_secs(600),
            attempt: Duration::from_secs(60),
        }
    }
}

impl RetrySettings {
    /// How long a question of this priority may take, the queue included.
    pub(super) const fn patience(&self, priority: Priority) -> Duration {
        match priority {
            Priority::Person => self.person,
            Priority::Sync | Priority::Upkeep => self.background,
        }
    }

    /// The wait after the `attempt`th failure, with full jitter: `fraction` of
    /// the bound, from 0 to 1.
    fn wait(&self, attempt: u32, fraction: f64) -> Duration {
        let doublings = attempt.saturating_sub(1).min(16);
        let bound = self.base.saturating_mul(1 << doublings).min(self.cap);
        bound.mul_f64(fraction.clamp(0.0, 1.0))
    }
}

/// What every question goes through.
pub(super) struct Attempts {
    pub throttle: Throttle,
    pub ledger: Arc<dyn Ledger>,
    pub timer: Arc<dyn Timer>,
    pub settings: RetrySettings,
    /// From 0 to 1, at random.
    pub fraction: fn() -> f64,
    /// The time of day, for the ledger.
    pub now: fn() -> DateTime<Utc>,
}

/// One request to be made, as often as it takes.
pub(super) struct Request<'a> {
    pub operation: Operation,
    pub payer: &'a Payer,
    /// Names the queue.
    pub lane: &'a str,
    pub urgency: &'a Urgency,
}

/// An answer, AWS's id for it and how many attempts it took.
#[derive(Clone, Debug)]
pub(super) struct Answered<T> {
    pub value: T,
    pub attempts: u32,
}

impl<T> Answered<T> {
    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> Answered<U> {
        Answered {
            value: change(self.value),
            attempts: self.attempts,
        }
    }
}

/// What AWS answered in one attempt, with its request id.
pub(super) type Outcome<T> = Result<(T, Option<String>), Failure>;

impl Attempts {
    /// Asks until there is an answer, a failure that stays, or no time left.
    /// `sign` gives what the attempt is signed with; told `true`, what it gave
    /// before has expired.
    pub(super) async fn run<T, S, Signed, F, Fut>(
        &self,
        request: Request<'_>,
        sign: S,
        mut call: F,
    ) -> Result<Answered<T>, AwsError>
    where
        S: Fn(bool) -> Signed,
        Signed: Future<Output = Result<Signing, AwsError>>,
        F: FnMut(Arc<AwsKey>, Arc<Permit>) -> Fut,
        Fut: Future<Output = Outcome<T>>,
    {
        let fail = |attempts, failure| AwsError::new(request.operation, attempts, failure);
        let mut attempts = 0;
        let mut expired = false;
        let mut last: Option<Failure> = None;
        loop {
            let signing = sign(expired).await.map_err(|error| error.after(attempts))?;
            let permit = match self.permit(&request).await {
                Ok(permit) => Arc::new(permit),
                // What AWS said last is worth more than that we ran out of time.
                Err(refusal) => {
                    let failure = last.unwrap_or_else(|| refused(refusal));
                    return Err(fail(attempts, failure));
                }
            };
            // The turn may come long after the signature was prepared.
            if !expired && signing.is_stale((self.now)()) {
                expired = true;
                continue;
            }
            let line = self
                .depart(&request, attempts + 1)
                .await
                .map_err(|failure| fail(attempts, failure))?;
            attempts += 1;
            let begun = self.timer.now();
            let limit = request.urgency.now().deadline;
            let limit = limit.min(begun + self.settings.attempt);
            let attempt = std::pin::pin!(call(Arc::clone(&signing.key), Arc::clone(&permit)));
            let outcome = match select(attempt, self.timer.until(limit)).await {
                Either::Left((outcome, _)) => outcome,
                Either::Right(_) => Err(Failure::of(Circumstance::TooSlow.kind())),
            };
            self.arrive(line, begun, &outcome).await;
            match outcome {
                Ok((value, _)) => {
                    permit.answered();
                    return Ok(Answered { value, attempts });
                }
                Err(failure) => {
                    self.tell(&permit, &request, attempts, &failure);
                    // Sessions may end before their time: one more is tried at once.
                    let renew = failure.kind == Kind::ExpiredToken && signing.renewable && !expired;
                    let wait = if renew {
                        Duration::ZERO
                    } else {
                        self.settings.wait(attempts, (self.fraction)())
                    };
                    let again = self.timer.now() + wait;
                    if !(renew || failure.kind.is_retried())
                        || attempts >= self.settings.attempts
                        || again >= request.urgency.now().deadline
                    {
                        return Err(fail(attempts, failure));
                    }
                    drop(permit);
                    expired = renew;
                    last = Some(failure);
                    self.timer.until(again).await;
                }
            }
        }
    }

    /// Waits for its turn; for a better one when somebody more urgent asks the same.
    async fn permit(&self, request: &Request<'_>) -> Result<Permit, Refusal> {
        loop {
            let state = request.urgency.now();
            let turn = self
                .throttle
                .permit(request.lane, state.priority, state.deadline);
            let (turn, hurried) = (
                std::pin::pin!(turn),
                std::pin::pin!(request.urgency.exceeds(state.priority)),
            );
            match select(turn, hurried).await {
                Either::Left((Err(Refusal::TooLate), _))
                    if request.urgency.now().deadline > state.deadline => {}
                Either::Left((permit, _)) => return permit,
                Either::Right(_) => {}
            }
        }
    }

    async fn depart(&self, request: &Request<'_>, attempt: u32) -> Result<LineId, Failure> {
        loop {
            let priority = request.urgency.now().priority;
            let departure = Departure {
                payer: request.payer.clone(),
                operation: request.operation,
                attempt,
                at: (self.now)(),
                price: request.operation.price(),
                asker: match priority {
                    Priority::Person => Asker::Person,
                    Priority::Sync | Priority::Upkeep => Asker::Background,
                },
            };
            let (circumstance, error) = match self.ledger.depart(&departure).await {
                Ok(line) => return Ok(line),
                // Meanwhile a person asks the same: they may.
                Err(LedgerError::CapReached) if request.urgency.now().priority != priority => {
                    continue;
                }
                Err(error @ LedgerError::CapReached) => (Circumstance::CapReached, error),
                Err(error @ LedgerError::Failed(_)) => (Circumstance::OurFault, error),
            };
            return Err(Failure::caused(circumstance.kind(), error));
        }
    }

    async fn arrive<T>(&self, line: LineId, begun: Instant, outcome: &Outcome<T>) {
        let (name, request_id) = match outcome {
            Ok((_, request_id)) => ("ok", request_id.clone()),
            Err(failure) => (failure.kind.code().as_str(), failure.request_id.clone()),
        };
        let took = self.timer.now().saturating_duration_since(begun);
        let arrival = Arrival {
            outcome: name.to_owned(),
            milliseconds: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            request_id,
        };
        // The answer is paid for: it isn't thrown away because a line stays open.
        if let Err(error) = self.ledger.arrive(line, &arrival).await {
            let source = std::error::Error::source(&error).map(ToString::to_string);
            tracing::error!(line = line.0, source, "{error}");
        }
    }

    fn tell(&self, permit: &Permit, request: &Request<'_>, attempt: u32, failure: &Failure) {
        match failure.kind {
            Kind::Throttled => permit.throttled(),
            Kind::Network | Kind::Timeout => {}
            _ => permit.answered(),
        }
        tracing::warn!(
            operation = request.operation.iam_action(),
            attempt,
            kind = failure.kind.code().as_str(),
            aws_code = failure.aws_code,
            request_id = failure.request_id,
            "AWS request failed"
        );
    }
}

fn refused(refusal: Refusal) -> Failure {
    Failure::caused(Circumstance::QueueFull.kind(), refusal)
}

/// From 0 to 1, at random; in the middle where the machine has no randomness.
pub(super) fn random_fraction() -> f64 {
    let bits = getrandom::u32().unwrap_or(u32::MAX / 2);
    f64::from(bits) / f64::from(u32::MAX)
}

#[cfg(test)]
#[path = "retry_tests.rs"]
mod tests;
