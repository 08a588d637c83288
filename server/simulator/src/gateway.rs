//! What happens to an AWS request: told which service, verified, maybe spoiled, answered.

use axum::body::Bytes;
use axum::http::request::Parts;
use chrono::{DateTime, Utc};

use crate::State;
use crate::asked::Asked;
use crate::authorization::Authorization;
use crate::callers::{self, Caller};
use crate::ce;
use crate::ec2;
use crate::error::{AwsError, Cause, Reply, Service};
use crate::faults::{Asking, Outcome};
use crate::log::Ticket;
use crate::sigv4::Signed;
use crate::spoil::{self, Delivery};
use crate::sts;

/// What leaves, and when AWS believes that is.
pub(crate) struct Answered {
    pub delivery: Delivery,
    /// Instead of the real `Date`.
    pub date: Option<DateTime<Utc>>,
}

/// Handles one request of AWS's.
pub(crate) async fn handle(
    state: &State,
    parts: &Parts,
    body: Bytes,
    ticket: &Ticket,
    request_id: &str,
) -> Answered {
    let header = |name: &str| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let target = header("x-amz-target").unwrap_or_default();
    let authorization = header("authorization").map(Authorization::parse);
    let claimed = authorization
        .as_ref()
        .and_then(|parsed| parsed.as_ref().ok());
    let service = match claimed {
        Some(authorization) => Service::from_scope(&authorization.service),
        None => Some(unsigned(target, &body)),
    };
    let asked = Asked::new(service, target, &body);
    let scope = claimed.map_or(service.map_or("", Service::name), |a| a.service.as_str());
    let region = claimed.map_or("", |authorization| authorization.region.as_str());
    ticket.note(|entry| {
        entry.service = scope.to_owned();
        entry.region = region.to_owned();
        entry.operation = asked.operation.clone();
        entry.access_key_id = claimed.map(|authorization| authorization.access_key_id.clone());
        entry.bytes_in = body.len();
        entry.body = asked.parameters.clone();
    });
    let asking = Asking {
        access_key_id: claimed.map_or("", |authorization| authorization.access_key_id.as_str()),
        service: service.map_or("", Service::name),
        operation: &asked.operation,
    };
    tokio::time::sleep(state.faults.delay(asking)).await;
    let (clock_skew, date_skew) = (
        state.faults.clock_skew(asking),
        state.faults.date_skew(asking),
    );
    let skew = clock_skew.saturating_add(date_skew);
    let answered = |delivery| Answered {
        delivery,
        date: (skew != 0).then(|| callers::now(skew)),
    };
    let Some(service) = service else {
        let text =
            "Credential should be scoped to one of the simulated services: 'ce', 'sts', 'ec2'.";
        let refusal = AwsError::new(Cause::BadSignature, text);
        return answered(Delivery::Whole(refusal.reply(Service::Sts, request_id)));
    };
    let region = region.to_owned();
    let now = callers::now(clock_skew);
    let caller = match verify(state, parts, &body, authorization.as_ref(), service, now) {
        Ok(caller) => caller,
        Err(error) => return answered(Delivery::Whole(error.reply(service, request_id))),
    };
    let fault = state.faults.next(asking);
    ticket.note(|entry| entry.fault = fault.as_ref().map(Outcome::name));
    let instead = fault
        .as_ref()
        .and_then(|fault| spoil::without_answer(fault, service, &asked.operation, request_id));
    if let Some(delivery) = instead {
        return answered(delivery);
    }
    let request = Verified {
        caller,
        service,
        region,
        target,
        now,
        asking,
        request_id,
    };
    let reply = request
        .answer(state, body)
        .await
        .unwrap_or_else(|error| error.reply(service, request_id));
    answered(spoil::with_answer(fault.as_ref(), service, reply))
}

/// Whose shape a refusal of an unsigned request has.
fn unsigned(target: &str, body: &[u8]) -> Service {
    if !target.is_empty() {
        return Service::CostExplorer;
    }
    match sts::parameter(&sts::parameters(body), "Version") {
        "2016-11-15" => Service::Ec2,
        _ => Service::Sts,
    }
}

fn verify(
    state: &State,
    parts: &Parts,
    body: &[u8],
    authorization: Option<&Result<Authorization, String>>,
    service: Service,
    now: DateTime<Utc>,
) -> Result<Caller, AwsError> {
    let authorization = authorization.ok_or_else(|| {
        let text = match service {
            Service::CostExplorer => "Missing Authentication Token",
            Service::Sts | Service::Ec2 => "Request is missing Authentication Token",
        };
        AwsError::new(Cause::MissingAuthentication, text)
    })?;
    let authorization = authorization
        .as_ref()
        .map_err(|text| AwsError::new(Cause::IncompleteSignature, text))?;
    let signed = Signed {
        method: &parts.method,
        uri: &parts.uri,
        headers: &parts.headers,
        body,
    };
    signed.verify(authorization, now, |id| state.keys.find(id))
}

/// A request whose signature is right.
struct Verified<'a> {
    caller: Caller,
    service: Service,
    region: String,
    target: &'a str,
    now: DateTime<Utc>,
    asking: Asking<'a>,
    request_id: &'a str,
}

impl Verified<'_> {
    async fn answer(self, state: &State, body: Bytes) -> Result<Reply, AwsError> {
        match self.service {
            Service::Sts => sts::Context {
                caller: &self.caller,
                keys: &state.keys,
                trust: &state.trust,
                now: self.now,
                request_id: self.request_id,
            }
            .answer(&sts::parameters(&body)),
            Service::CostExplorer => self.explore(state, body).await,
            Service::Ec2 => self.inspect(state, body).await,
        }
    }

    async fn inspect(self, state: &State, body: Bytes) -> Result<Reply, AwsError> {
        let books = state.books_of(self.caller.account());
        let (today, seed, empty_pages) = (state.clock.today(), state.seed, state.empty_pages());
        let token_lasts = state.faults.page_token(self.asking);
        let request_id = self.request_id.to_owned();
        let Self {
            caller,
            now,
            region,
            ..
        } = self;
        // A large inventory takes a while, too.
        let task = tokio::task::spawn_blocking(move || {
            ec2::Context {
                caller: &caller,
                books: &books,
                today,
                region: &region,
                request_id: &request_id,
                seed,
                now,
                token_lasts,
                empty_pages,
            }
            .answer(&sts::parameters(&body))
        });
        task.await.unwrap_or_else(|_| Err(AwsError::internal()))
    }

    async fn explore(self, state: &State, body: Bytes) -> Result<Reply, AwsError> {
        let books = state.books_of(self.caller.account());
        let (today, seed, page_size) = (state.clock.today(), state.seed, state.page_size);
        let token_lasts = state.faults.page_token(self.asking);
        let operation = ce::operation(self.target);
        let Self { caller, now, .. } = self;
        // Adding up a year takes a while; other connections go on meanwhile.
        let task = tokio::task::spawn_blocking(move || {
            ce::Context {
                caller: &caller,
                books: &books,
                today,
                now,
                seed,
                page_size,
                token_lasts,
            }
            .answer(operation, &body)
        });
        task.await.unwrap_or_else(|_| Err(AwsError::internal()))
    }
}
