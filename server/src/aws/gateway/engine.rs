//! What every question goes through: one flight for those who ask the same,
//! credentials, queue, ledger, retries.

use std::{fmt::Debug, future::Future, sync::Arc, time::Duration};

use aws_sdk_costexplorer::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
    operation::RequestId,
};
use chrono::{DateTime, Utc};
use domain::ledger::{AwsService, Operation};
use futures::{
    FutureExt,
    future::{BoxFuture, Either, select},
};
use sha2::{Digest, Sha256};

use super::{Asking, Settings, identity};
use crate::aws::{
    classify::{Asked, Failure, classify, may_be_the_region},
    client::{Call, Clients, Endpoint},
    environment::Environment,
    error::AwsError,
    flights::{Flights, Panicked, Question},
    kind::Kind,
    lane::Pace,
    ledger::Ledger,
    retry::{Answered, Attempts, Request, random_fraction},
    sessions::Sessions,
    table::Circumstance,
    target::Target,
    throttle::Throttle,
    timer::{Timer, TokioTimer},
    urgency::Urgency,
};

/// A question that is asked for ends by itself at its deadline; this much later
/// whoever waits for somebody else's stops.
const GRACE: Duration = Duration::from_millis(250);

/// Everything that outlives a single question.
pub(super) struct Engine {
    pub endpoint: Endpoint,
    clients: Arc<Clients>,
    cost_explorer: Attempts,
    ec2: Attempts,
    sts: Attempts,
    flights: Arc<Flights>,
    timer: Arc<dyn Timer>,
    pub sessions: Sessions,
    pub environment: Environment,
    pub now: fn() -> DateTime<Utc>,
}

impl Engine {
    pub(super) fn new(
        clients: Clients,
        settings: &Settings,
        ledger: &Arc<dyn Ledger>,
        now: fn() -> DateTime<Utc>,
    ) -> Self {
        let attempts = |service| {
            let pace = Pace {
                per_second: settings.per_second(service),
                queue_limit: settings.queue_limit,
            };
            Attempts {
                throttle: Throttle::new(pace, Arc::new(TokioTimer)),
                ledger: Arc::clone(ledger),
                timer: Arc::new(TokioTimer),
                settings: settings.retries,
                fraction: random_fraction,
                now,
            }
        };
        Self {
            endpoint: settings.endpoint.clone(),
            clients: Arc::new(clients),
            cost_explorer: attempts(AwsService::CostExplorer),
            ec2: attempts(AwsService::Ec2),
            sts: attempts(AwsService::Sts),
            flights: Arc::default(),
            timer: Arc::new(TokioTimer),
            sessions: Sessions::default(),
            environment: Environment::new(settings.environment_credentials),
            now,
        }
    }

    pub(super) async fn ask<I, T, E, F, Fut>(
        self: &Arc<Self>,
        asking: Asking<'_>,
        input: I,
        send: F,
    ) -> Result<Answered<T>, AwsError>
    where
        I: Clone + Debug + Send + Sync + 'static,
        T: RequestId + Clone + Send + Sync + 'static,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
        F: Fn(I, Call) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send + 'static,
    {
        if asking.region.is_some_and(|region| !is_region(region)) {
            let failure = Failure::of(Kind::Refused);
            return Err(AwsError::new(asking.operation, 0, failure));
        }
        let question = question(asking, &input);
        let settings = &self.attempts(asking.operation.service()).settings;
        let deadline = self.timer.now() + settings.patience(asking.priority);
        let send = Arc::new(send);
        loop {
            let seat = self
                .flights
                .board(question, asking.priority, deadline, |urgency| {
                    let flight = Flight {
                        engine: Arc::clone(self),
                        target: asking.target.clone(),
                        operation: asking.operation,
                        region: asking.region.map(str::to_owned),
                        urgency,
                    };
                    let (input, send) = (input.clone(), Arc::clone(&send));
                    async move { flight.run(input, &*send).await.map(Arc::new) }.boxed()
                });
            let patience = self.timer.until(deadline + GRACE);
            let answer = match select(seat.answer, patience).await {
                Either::Left((answer, _)) => answer,
                Either::Right(_) => {
                    let failure = Failure::of(Circumstance::TooSlow.kind());
                    return Err(AwsError::new(asking.operation, 0, failure));
                }
            };
            return match answer {
                Ok(Ok(answered)) => {
                    let Answered { value, attempts } = Arc::unwrap_or_clone(answered);
                    // Whoever began it has paid.
                    let attempts = if seat.first { attempts } else { 0 };
                    Ok(Answered { value, attempts })
                }
                Ok(Err(error)) if seat.first => Err(error),
                // It was refused to somebody less urgent, just before we joined.
                Ok(Err(error)) if error.kind == Kind::CapReached => continue,
                Ok(Err(error)) => Err(error.after(0)),
                Err(Panicked) if !seat.first => continue,
                Err(Panicked) => {
                    let failure = Failure::of(Circumstance::OurFault.kind());
                    Err(AwsError::new(asking.operation, 0, failure))
                }
            };
        }
    }

    const fn attempts(&self, service: AwsService) -> &Attempts {
        match service {
            AwsService::CostExplorer => &self.cost_explorer,
            AwsService::Ec2 => &self.ec2,
            AwsService::Sts => &self.sts,
        }
    }

    /// Whether AWS knows the credentials. Boxed: it is asked in the middle of
    /// another question.
    fn knows<'a>(self: &'a Arc<Self>, asking: Asking<'a>) -> BoxFuture<'a, bool> {
        let identity = Asking {
            operation: Operation::GetCallerIdentity,
            region: None,
            ..asking
        };
        async move { identity::ask(self, identity).await.is_ok() }.boxed()
    }
}

/// One question under way, whoever waits for it.
struct Flight {
    engine: Arc<Engine>,
    target: Target,
    operation: Operation,
    region: Option<String>,
    urgency: Urgency,
}

impl Flight {
    async fn run<I, T, E, F, Fut>(self, input: I, send: &F) -> Result<Answered<T>, AwsError>
    where
        I: Clone,
        T: RequestId,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
        F: Fn(I, Call) -> Fut,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        let lane = self.target.lane(self.region.as_deref());
        let request = Request {
            operation: self.operation,
            payer: &self.target.payer,
            lane: &lane,
            urgency: &self.urgency,
        };
        let attempts = self.engine.attempts(self.operation.service());
        let answered = attempts
            .run(
                request,
                |renew| self.engine.signing(self.asking(), renew),
                |key, permit| {
                    let asked = Asked {
                        operation: self.operation,
                        temporary: key.session_token.is_some(),
                        now: (self.engine.now)(),
                    };
                    let call = Call {
                        clients: Arc::clone(&self.engine.clients),
                        key,
                        endpoint: self.target.endpoint.clone(),
                        region: self.region.clone(),
                        permit,
                    };
                    let sent = send(input.clone(), call);
                    async move {
                        match sent.await {
                            Ok(value) => {
                                let request_id = value.request_id().map(str::to_owned);
                                Ok((value, request_id))
                            }
                            Err(error) => Err(classify(error, asked)),
                        }
                    }
                },
            )
            .await;
        match answered {
            Err(mut error)
                if may_be_the_region(&error) && self.engine.knows(self.asking()).await =>
            {
                error.kind = Circumstance::KnownElsewhere.kind();
                Err(error)
            }
            answered => answered,
        }
    }

    fn asking(&self) -> Asking<'_> {
        Asking {
            target: &self.target,
            operation: self.operation,
            region: self.region.as_deref(),
            priority: self.urgency.now().priority,
        }
    }
}

/// The same credentials, the same place, the same words.
fn question(asking: Asking<'_>, input: &impl Debug) -> Question {
    let mut hash = Sha256::new();
    hash.update(asking.target.credentials.fingerprint());
    let place = (&asking.target.endpoint, asking.region);
    hash.update(format!("{place:?}{input:?}"));
    Question {
        operation: asking.operation,
        content: hash.finalize().into(),
    }
}

/// A region's name becomes part of a host's name: nothing else may.
fn is_region(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 32
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
#[path = "engine_tests.rs"]
mod tests;
