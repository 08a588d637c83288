//! What happens to an AWS request: told which service, verified, maybe spoiled, answered.

use axum::body::Bytes;
use axum::http::request::Parts;
use chrono::Utc;
use serde_json::{Value, json};

use crate::State;
use crate::authorization::Authorization;
use crate::ce;
use crate::error::{AwsError, Cause, Reply, Service, error_reply};
use crate::faults::{Named, Outcome};
use crate::keys::{self, KeyPair};
use crate::log::Ticket;
use crate::sigv4::Signed;
use crate::sts;

/// How an answer leaves.
pub(crate) enum Delivery {
    Whole(Reply),
    /// The first half of the body, then the connection breaks.
    Half(Reply),
    Reset,
    Never,
}

/// Handles one request of AWS's.
pub(crate) async fn handle(
    state: &State,
    parts: &Parts,
    body: Bytes,
    ticket: &Ticket,
    request_id: &str,
) -> Delivery {
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
        None if target.is_empty() => Some(Service::Sts),
        None => Some(Service::CostExplorer),
    };
    let asked = Asked::new(service, target, &body);
    ticket.note(|entry| {
        entry.service = claimed
            .map_or(service.map_or("", Service::name), |a| a.service.as_str())
            .to_owned();
        entry.operation = asked.operation.clone();
        entry.access_key_id = claimed.map(|authorization| authorization.access_key_id.clone());
        entry.bytes_in = body.len();
        entry.body = asked.parameters.clone();
    });
    let id = claimed.map_or("", |authorization| authorization.access_key_id.as_str());
    tokio::time::sleep(state.faults.latency(id, service.map_or("", Service::name))).await;
    let Some(service) = service else {
        let text = "Credential should be scoped to one of the simulated services: 'ce', 'sts'.";
        return Delivery::Whole(
            AwsError::new(Cause::BadSignature, text).reply(Service::Sts, request_id),
        );
    };
    let verified = verify(parts, &body, authorization, service);
    match verified {
        Err(error) => Delivery::Whole(error.reply(service, request_id)),
        Ok(key) => {
            let fault = state.faults.next(key.access_key_id, service.name());
            ticket.note(|entry| entry.fault = fault.as_ref().map(Outcome::name));
            let request = Verified {
                key,
                service,
                body,
                target: target.to_owned(),
                request_id: request_id.to_owned(),
            };
            spoiled(state, fault, request).await
        }
    }
}

fn verify(
    parts: &Parts,
    body: &[u8],
    authorization: Option<Result<Authorization, String>>,
    service: Service,
) -> Result<&'static KeyPair, AwsError> {
    let authorization = authorization.ok_or_else(|| {
        let text = match service {
            Service::CostExplorer => "Missing Authentication Token",
            Service::Sts => "Request is missing Authentication Token",
        };
        AwsError::new(Cause::MissingAuthentication, text)
    })?;
    let authorization =
        authorization.map_err(|text| AwsError::new(Cause::IncompleteSignature, text))?;
    let signed = Signed {
        method: &parts.method,
        uri: &parts.uri,
        headers: &parts.headers,
        body,
    };
    signed.verify(&authorization, Utc::now(), keys::find)
}

/// A request whose signature is right.
struct Verified {
    key: &'static KeyPair,
    service: Service,
    body: Bytes,
    target: String,
    request_id: String,
}

async fn spoiled(state: &State, fault: Option<Outcome>, request: Verified) -> Delivery {
    let (service, request_id) = (request.service, request.request_id.clone());
    let error = |status, code: &str, message: &str| {
        Delivery::Whole(error_reply(service, status, code, message, &request_id))
    };
    let gateway = |status, text: &str| {
        let body = format!("<html><body><h1>{status} {text}</h1></body></html>");
        Delivery::Whole(Reply {
            status,
            code: Some(status.to_string()),
            content_type: "text/html",
            body,
        })
    };
    match fault {
        None | Some(Outcome::Named(Named::Ok)) => Delivery::Whole(answer(state, request).await),
        Some(Outcome::Error {
            status,
            code,
            message,
        }) => error(status, &code, &message),
        Some(Outcome::Named(named)) => match named {
            Named::Throttle => {
                Delivery::Whole(AwsError::throttled(service).reply(service, &request_id))
            }
            Named::Status500 => error(500, "InternalFailure", "An internal error occurred."),
            Named::Status503 => error(503, "ServiceUnavailable", "The service is unavailable."),
            Named::Status502 => gateway(502, "Bad Gateway"),
            Named::Status504 => gateway(504, "Gateway Timeout"),
            Named::Reset => Delivery::Reset,
            Named::Hang => Delivery::Never,
            Named::Empty => Delivery::Whole(Reply::ok(service, "{}".to_owned())),
            Named::Half => Delivery::Half(answer(state, request).await),
            Named::WrongTypes => Delivery::Whole(with_numbers(answer(state, request).await)),
            Named::Ok => Delivery::Whole(answer(state, request).await),
        },
    }
}

async fn answer(state: &State, request: Verified) -> Reply {
    let Verified {
        key,
        service,
        body,
        target,
        request_id,
    } = request;
    let answered = match service {
        Service::Sts => sts::answer(key, &sts::parameters(&body), &request_id),
        Service::CostExplorer => {
            let books = state.books_of(key.account());
            let (today, seed, page_size) = (state.clock.today(), state.seed, state.page_size);
            // Adding up a year takes a while; other connections go on meanwhile.
            let task = tokio::task::spawn_blocking(move || {
                ce::Context {
                    key,
                    books: &books,
                    today,
                    seed,
                    page_size,
                }
                .answer(ce::operation(&target), &body)
            });
            task.await
                .unwrap_or_else(|_| Err(AwsError::new(Cause::Other("InternalFailure", 500), "")))
        }
    };
    answered.unwrap_or_else(|error| error.reply(service, &request_id))
}

/// The answer with every amount a JSON number.
fn with_numbers(mut reply: Reply) -> Reply {
    fn spoil(value: &mut Value) {
        match value {
            Value::Object(members) => {
                if let Some(amount) = members.get_mut("Amount") {
                    *amount = amount
                        .as_str()
                        .and_then(|text| serde_json::from_str(text).ok())
                        .unwrap_or(Value::from(1));
                }
                members.values_mut().for_each(spoil);
            }
            Value::Array(items) => items.iter_mut().for_each(spoil),
            _ => {}
        }
    }
    if let Ok(mut body) = serde_json::from_str(&reply.body) {
        spoil(&mut body);
        reply.body = body.to_string();
    }
    reply
}

/// What a request asks for, for the log.
struct Asked {
    operation: String,
    parameters: Option<Value>,
}

impl Asked {
    fn new(service: Option<Service>, target: &str, body: &[u8]) -> Self {
        if service == Some(Service::CostExplorer) {
            let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
            let mut parameters = serde_json::from_slice::<Value>(body).ok();
            if let Some(token) = parameters
                .as_mut()
                .and_then(|body| body.get_mut("NextPageToken"))
            {
                *token = Value::from("(not logged)");
            }
            return Self {
                operation,
                parameters,
            };
        }
        let parameters = sts::parameters(body);
        let operation = sts::parameter(&parameters, "Action").to_owned();
        let public = parameters
            .iter()
            .filter(|(name, _)| matches!(name.as_str(), "Action" | "Version"));
        Self {
            operation,
            parameters: Some(
                public
                    .map(|(name, value)| (name.clone(), json!(value)))
                    .collect(),
            ),
        }
    }
}
