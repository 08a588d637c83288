//! What every question goes through: credentials, queue, ledger, retries.

use std::{fmt::Debug, future::Future, sync::Arc};

use aws_sdk_costexplorer::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
    operation::RequestId,
};
use chrono::{DateTime, Utc};
use domain::ledger::AwsService;

use super::{Asking, Settings};
use crate::aws::{
    budget::Budget,
    classify::{Failure, classify},
    client::{Call, Clients, Endpoint},
    environment::Environment,
    error::{AwsError, Kind},
    lane::Pace,
    ledger::Ledger,
    retry::{Answered, Attempts, Request, random_fraction},
    sessions::Sessions,
    throttle::Throttle,
    timer::TokioTimer,
};

/// Everything that outlives a single question.
pub(super) struct Engine {
    pub endpoint: Endpoint,
    clients: Arc<Clients>,
    cost_explorer: Attempts,
    ec2: Attempts,
    sts: Attempts,
    pub sessions: Sessions,
    pub environment: Environment,
    pub now: fn() -> DateTime<Utc>,
}

impl Engine {
    pub(super) fn new(
        clients: Clients,
        settings: &Settings,
        ledger: &Arc<dyn Ledger>,
        budget: &Arc<dyn Budget>,
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
                budget: Arc::clone(budget),
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
        let lane = asking.target.lane(asking.region);
        let request = Request {
            operation: asking.operation,
            payer: &asking.target.payer,
            lane: &lane,
            priority: asking.priority,
        };
        let now = self.now;
        let signing = |renew| self.signing(asking, renew);
        self.attempts(asking.operation.service())
            .run(request, signing, |key, permit| {
                let call = Call {
                    clients: Arc::clone(&self.clients),
                    key,
                    endpoint: asking.target.endpoint.clone(),
                    region: asking.region.map(str::to_owned),
                    permit,
                };
                let sent = send(input.clone(), call);
                async move {
                    match sent.await {
                        Ok(value) => {
                            let request_id = value.request_id().map(str::to_owned);
                            Ok((value, request_id))
                        }
                        Err(error) => Err(classify(error, now())),
                    }
                }
            })
            .await
    }

    const fn attempts(&self, service: AwsService) -> &Attempts {
        match service {
            AwsService::CostExplorer => &self.cost_explorer,
            AwsService::Ec2 => &self.ec2,
            AwsService::Sts => &self.sts,
        }
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
