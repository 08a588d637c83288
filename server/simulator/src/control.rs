//! The simulator's own pages, for tests: what arrived, what shall go wrong, which day it is.
//! Unsigned, and only for callers that address this machine by a loopback name, so that no web
//! page can reach it through a name of its own.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::State;
use crate::faults::FaultRule;

/// What all of the pages begin with.
pub(crate) const PREFIX: &str = "/_simulator/";

const LARGEST_BODY: usize = 1 << 20;

#[derive(Deserialize)]
#[serde(untagged)]
enum Rules {
    All(Vec<FaultRule>),
    One(FaultRule),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Today {
    today: Option<NaiveDate>,
}

/// `GET|DELETE requests`, `GET|PUT|DELETE faults`, `GET|PUT today`.
pub(crate) async fn handle(state: &State, request: Request) -> Response {
    if !addressed_to_loopback(&request) {
        return refusal(StatusCode::FORBIDDEN, "Use a loopback address.");
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return refusal(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large.");
    };
    let page = parts.uri.path().strip_prefix(PREFIX).unwrap_or_default();
    match (&parts.method, page) {
        (&Method::GET, "requests") => answer(&state.log.all()),
        (&Method::DELETE, "requests") => {
            state.log.clear();
            answer(&json!({}))
        }
        (&Method::GET, "faults") => answer(&state.faults.all()),
        (&Method::PUT, "faults") => match serde_json::from_slice(&body) {
            Ok(Rules::All(rules)) => {
                state.faults.replace(rules);
                answer(&state.faults.all())
            }
            Ok(Rules::One(rule)) => {
                state.faults.set(rule);
                answer(&state.faults.all())
            }
            Err(_) => refusal(
                StatusCode::BAD_REQUEST,
                "Send one rule, or a list of all rules.",
            ),
        },
        (&Method::DELETE, "faults") => {
            state.faults.replace(Vec::new());
            answer(&json!([]))
        }
        (&Method::GET, "today") => answer(&json!({"today": state.clock.today()})),
        (&Method::PUT, "today") => {
            match serde_json::from_slice::<Today>(&body).map(|day| state.clock.set(day.today)) {
                Ok(Ok(())) => answer(&json!({"today": state.clock.today()})),
                Ok(Err(error)) => refusal(StatusCode::BAD_REQUEST, &error.to_string()),
                Err(_) => refusal(
                    StatusCode::BAD_REQUEST,
                    "Send {\"today\": \"YYYY-MM-DD\"}, or null for the real day.",
                ),
            }
        }
        _ => refusal(StatusCode::NOT_FOUND, "There are: requests, faults, today."),
    }
}

fn addressed_to_loopback(request: &Request) -> bool {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    match url::Url::parse(&format!("http://{host}"))
        .ok()
        .as_ref()
        .and_then(url::Url::host)
    {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

fn answer(value: &impl Serialize) -> Response {
    match serde_json::to_string(value) {
        Ok(text) => json_response(StatusCode::OK, text),
        Err(_) => refusal(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The answer could not be written.",
        ),
    }
}

fn refusal(status: StatusCode, text: &str) -> Response {
    json_response(status, json!({"error": text}).to_string())
}

fn json_response(status: StatusCode, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}
