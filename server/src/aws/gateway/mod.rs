//! The questions that the product asks AWS: one file for each noun, and here
//! what they have in common. Nothing here is stored.

mod anomalies;
mod check;
mod commitments;
mod costs;
mod engine;
mod forecasts;
mod identity;
mod inventory;
mod pages;
mod settings;
mod signing;
mod values;

use std::{fmt::Debug, future::Future, sync::Arc};

use aws_sdk_costexplorer::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
    operation::RequestId,
};
use chrono::{DateTime, Utc};
use domain::ledger::Operation;

use self::engine::Engine;
pub use self::{costs::Answer, identity::Identity, pages::Asked, settings::Settings};
use super::{
    client::{Call, Clients, Endpoint},
    error::AwsError,
    ledger::Ledger,
    priority::Priority,
    retry::Answered,
    target::Target,
};

/// Asks AWS: throttled, retried, written down.
pub struct Gateway {
    engine: Arc<Engine>,
}

/// One question, before it is put into AWS's words.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub target: &'a Target,
    pub operation: Operation,
    /// Where, for EC2. The other services answer for all regions.
    pub region: Option<&'a str>,
    pub priority: Priority,
}

impl<'a> Asking<'a> {
    pub(super) const fn of(target: &'a Target, operation: Operation, priority: Priority) -> Self {
        Self {
            target,
            operation,
            region: None,
            priority,
        }
    }

    pub(super) const fn in_region(self, region: &'a str) -> Self {
        Self {
            region: Some(region),
            ..self
        }
    }
}

impl Gateway {
    /// Reads the machine's trusted certificates: make one and keep it. `now`
    /// tells the time of day for the ledger, and is compared with AWS's.
    #[must_use]
    pub fn new(settings: &Settings, ledger: Arc<dyn Ledger>, now: fn() -> DateTime<Utc>) -> Self {
        Self::with_clients(Clients::new(), settings, ledger, now)
    }

    pub(super) fn with_clients(
        clients: Clients,
        settings: &Settings,
        ledger: Arc<dyn Ledger>,
        now: fn() -> DateTime<Utc>,
    ) -> Self {
        let engine = Engine::new(clients, settings, &ledger, now);
        Self {
            engine: Arc::new(engine),
        }
    }

    /// Where real connections lead.
    #[must_use]
    pub fn default_endpoint(&self) -> Endpoint {
        self.engine.endpoint.clone()
    }

    /// Makes one SDK call, as often as it takes. `input` is the question, an
    /// input builder of the SDK's: those who ask the same at the same time get
    /// the same answer. `send` sends it with the client of its service:
    ///
    /// ```ignore
    /// self.ask(asking, input, |input, call| async move {
    ///     input.send_with(&call.cost_explorer()).await
    /// })
    /// ```
    pub(super) async fn ask<I, T, E, F, Fut>(
        &self,
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
        self.engine.ask(asking, input, send).await
    }
}

#[cfg(test)]
mod tests;
