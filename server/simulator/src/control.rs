//! The simulator's own pages, for tests: what arrived, what shall go wrong, which day it is.
//! Unsigned, and only for callers that address this machine by a loopback name, so that no web
//! page can reach it through a name of its own.

use std::collections::BTreeMap;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::State;
use crate::books::{Metric, Restatement, SAMPLE};
use crate::faults::FaultRule;
use crate::roles;

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
#[serde(untagged)]
enum Orders {
    All(Vec<Restatement>),
    One(Restatement),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Today {
    today: Option<NaiveDate>,
}

/// When a temporary key ends; null for never.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    access_key_id: String,
    expires_at: Option<DateTime<Utc>>,
}

/// Whom roles trust and how long their sessions last.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Trusting {
    /// Every role that trusts, without it.
    role_arn: Option<String>,
    external_id: Option<String>,
    /// Whatever is asked for; 0 for as asked.
    session_seconds: Option<i64>,
}

/// Which charges of the sample company are told.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    start: NaiveDate,
    /// The day after the last one.
    end: NaiveDate,
    /// As AWS calls it.
    metric: String,
    /// What else than day and service they are told apart by.
    by: By,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum By {
    LinkedAccount,
    RecordType,
    Region,
    UsageType,
}

/// Charges of a day that are alike, in units of 10⁻¹⁰.
#[derive(Serialize)]
struct Charged<'a> {
    day: NaiveDate,
    service: &'a str,
    value: &'a str,
    amount: String,
}

/// The pages that there are; see the crate's documentation.
pub(crate) async fn handle(state: &State, request: Request) -> Response {
    if !addressed_to_loopback(&request) {
        return refusal(StatusCode::FORBIDDEN, "Use a loopback address.");
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return refusal(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large.");
    };
    let page = parts.uri.path().strip_prefix(PREFIX).unwrap_or_default();
    match page {
        "requests" => requests(state, &parts.method),
        "faults" => faults(state, &parts.method, &body),
        "restatements" => restatements(state, &parts.method, &body),
        "today" => today(state, &parts.method, &body),
        "keys" => keys(state, &parts.method, &body),
        "inventory" => inventory(state, &parts.method, &body),
        "charges" => charges(state, &parts.uri),
        "roles" => roles(state, &parts.method, &body),
        _ => unknown(),
    }
}

fn unknown() -> Response {
    refusal(
        StatusCode::NOT_FOUND,
        "There are: requests, faults, today, restatements, keys, roles, inventory, charges.",
    )
}

fn requests(state: &State, method: &Method) -> Response {
    match *method {
        Method::GET => answer(&state.log.all()),
        Method::DELETE => {
            state.log.clear();
            answer(&json!({}))
        }
        _ => unknown(),
    }
}

fn faults(state: &State, method: &Method, body: &[u8]) -> Response {
    match *method {
        Method::GET => {}
        Method::DELETE => state.faults.replace(Vec::new()),
        Method::PUT => match serde_json::from_slice(body) {
            Ok(Rules::All(rules)) => state.faults.replace(rules),
            Ok(Rules::One(rule)) => state.faults.set(rule),
            Err(_) => {
                let text = "Send one rule, or a list of all rules.";
                return refusal(StatusCode::BAD_REQUEST, text);
            }
        },
        _ => return unknown(),
    }
    answer(&state.faults.all())
}

fn today(state: &State, method: &Method, body: &[u8]) -> Response {
    match *method {
        Method::GET => {}
        Method::PUT => {
            let set = serde_json::from_slice::<Today>(body).map(|day| state.clock.set(day.today));
            match set {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return refusal(StatusCode::BAD_REQUEST, &error.to_string()),
                Err(_) => {
                    let text = "Send {\"today\": \"YYYY-MM-DD\"}, or null for the real day.";
                    return refusal(StatusCode::BAD_REQUEST, text);
                }
            }
        }
        _ => return unknown(),
    }
    answer(&json!({"today": state.clock.today()}))
}

fn restatements(state: &State, method: &Method, body: &[u8]) -> Response {
    match *method {
        Method::GET => {}
        Method::DELETE => state.shelf.forget_restatements(),
        Method::PUT => match serde_json::from_slice(body) {
            Ok(Orders::All(orders)) => {
                state.shelf.forget_restatements();
                orders.iter().for_each(|order| state.shelf.restate(order));
            }
            Ok(Orders::One(order)) => state.shelf.restate(&order),
            Err(_) => {
                let text = "Send one restatement (start, end, percent), or a list of all.";
                return refusal(StatusCode::BAD_REQUEST, text);
            }
        },
        _ => return unknown(),
    }
    answer(&state.shelf.restatements())
}

fn keys(state: &State, method: &Method, body: &[u8]) -> Response {
    match *method {
        Method::GET => {}
        Method::PUT => {
            let end = serde_json::from_slice::<End>(body).ok();
            if !end.is_some_and(|end| state.keys.expire(&end.access_key_id, end.expires_at)) {
                let text =
                    "Send the access_key_id of a temporary key and expires_at, or null for never.";
                return refusal(StatusCode::BAD_REQUEST, text);
            }
        }
        _ => return unknown(),
    }
    answer(&state.keys.temporary())
}

fn roles(state: &State, method: &Method, body: &[u8]) -> Response {
    match *method {
        Method::GET => {}
        Method::PUT => {
            let known = |arn: &String| roles::ALL.iter().any(|role| role.arn == arn);
            let order = serde_json::from_slice::<Trusting>(body)
                .ok()
                .filter(|order| order.role_arn.as_ref().is_none_or(known))
                .filter(|order| order.external_id.as_deref() != Some(""));
            let Some(order) = order else {
                let text = "Send an external_id (not empty), for one role_arn or for all, or session_seconds.";
                return refusal(StatusCode::BAD_REQUEST, text);
            };
            if let Some(external_id) = order.external_id {
                state.trust.register(order.role_arn, external_id);
            }
            if let Some(seconds) = order.session_seconds {
                state.trust.last((seconds != 0).then_some(seconds));
            }
        }
        _ => return unknown(),
    }
    let all = roles::ALL.map(|role| json!({"arn": role.arn, "trusts": role.trusts}));
    answer(&all)
}

fn inventory(state: &State, method: &Method, body: &[u8]) -> Response {
    match *method {
        Method::GET => {}
        Method::PUT => match serde_json::from_slice(body) {
            Ok(order) => state.shelf.set(order),
            Err(_) => {
                let text = "Send {\"volumes\": 20000, \"snapshots\": 50000, \"empty_pages\": false}, or {}.";
                return refusal(StatusCode::BAD_REQUEST, text);
            }
        },
        _ => return unknown(),
    }
    answer(&state.shelf.order())
}

fn charges(state: &State, uri: &Uri) -> Response {
    let pairs = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let fields = pairs.map(|(name, value)| (name.into_owned(), value.into_owned().into()));
    let fields = serde_json::Value::Object(fields.collect());
    let wanted = serde_json::from_value::<Wanted>(fields).ok();
    let wanted = wanted.and_then(|one| Some((Metric::parse(&one.metric)?, one)));
    let Some((metric, wanted)) = wanted else {
        let text = "Ask with start, end (the day after the last), metric as AWS calls it, and by: linked_account, record_type, region or usage_type.";
        return refusal(StatusCode::BAD_REQUEST, text);
    };
    let books = state.books_of(SAMPLE.payer);
    let mut sums: BTreeMap<(NaiveDate, &str, &str), i128> = BTreeMap::new();
    let days = wanted.start.iter_days();
    for day in days.take_while(|day| *day < wanted.end) {
        for (line, amount) in books.charges(day, state.clock.today(), metric) {
            let value = match wanted.by {
                By::LinkedAccount => line.linked_account,
                By::RecordType => line.record_type,
                By::Region => line.region,
                By::UsageType => &line.usage_type,
            };
            *sums.entry((day, line.service, value)).or_default() += i128::from(amount);
        }
    }
    let told = sums
        .into_iter()
        .map(|((day, service, value), sum)| Charged {
            day,
            service,
            value,
            amount: sum.to_string(),
        });
    answer(&told.collect::<Vec<_>>())
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
