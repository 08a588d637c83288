//! Turns a planned outcome into what leaves: an error in the service's own shape, a broken
//! answer, or no answer.

use serde_json::Value;

use crate::error::{AwsError, Cause, Reply, Service, error_reply};
use crate::faults::{Named, Outcome};

/// How an answer leaves.
pub(crate) enum Delivery {
    Whole(Reply),
    /// The first half of the body, then the connection breaks.
    Half(Reply),
    /// The first half of the body, then blanks without an end.
    Endless(Reply),
    Reset,
    Never,
}

/// What leaves instead of an answer, where the outcome needs none to be made.
pub(crate) fn without_answer(
    outcome: &Outcome,
    service: Service,
    operation: &str,
    request_id: &str,
) -> Option<Delivery> {
    let named = match outcome {
        Outcome::Error {
            status,
            code,
            message,
        } => {
            let reply = error_reply(service, *status, code, message, request_id);
            return Some(Delivery::Whole(reply));
        }
        Outcome::Named(named) => *named,
    };
    let reply = match named {
        Named::Throttle => AwsError::throttled(service).reply(service, request_id),
        Named::Status500 => {
            let code = match service {
                Service::Ec2 => "InternalError",
                Service::CostExplorer | Service::Sts => "InternalFailure",
            };
            error_reply(
                service,
                500,
                code,
                "An internal error occurred.",
                request_id,
            )
        }
        Named::Status503 => {
            let code = match service {
                Service::Ec2 => "Unavailable",
                Service::CostExplorer | Service::Sts => "ServiceUnavailable",
            };
            error_reply(
                service,
                503,
                code,
                "The service is unavailable.",
                request_id,
            )
        }
        Named::Status502 => gateway(502, "Bad Gateway"),
        Named::Status504 => gateway(504, "Gateway Timeout"),
        Named::Empty => Reply::ok(service, empty(service, operation)),
        Named::PageTokenExpired => expired_token(service).reply(service, request_id),
        Named::Reset => return Some(Delivery::Reset),
        Named::Hang => return Some(Delivery::Never),
        Named::Ok | Named::Half | Named::WrongTypes | Named::Endless => return None,
    };
    Some(Delivery::Whole(reply))
}

/// What leaves of a true answer.
pub(crate) fn with_answer(outcome: Option<&Outcome>, service: Service, reply: Reply) -> Delivery {
    match outcome {
        Some(Outcome::Named(Named::Half)) => Delivery::Half(reply),
        Some(Outcome::Named(Named::Endless)) => Delivery::Endless(reply),
        Some(Outcome::Named(Named::WrongTypes)) => Delivery::Whole(wrong_types(service, reply)),
        _ => Delivery::Whole(reply),
    }
}

/// A page token whose time is over.
pub(crate) fn expired_token(service: Service) -> AwsError {
    match service {
        Service::Ec2 => AwsError::new(
            Cause::Other("InvalidNextToken", 400),
            "The token has expired.",
        ),
        Service::CostExplorer | Service::Sts => AwsError::new(
            Cause::Other("InvalidNextTokenException", 400),
            "The page token has expired. Start again without it.",
        ),
    }
}

/// A gateway's page, without AWS's body.
fn gateway(status: u16, text: &str) -> Reply {
    Reply {
        status,
        code: Some(status.to_string()),
        content_type: "text/html",
        body: format!("<html><body><h1>{status} {text}</h1></body></html>"),
    }
}

fn empty(service: Service, operation: &str) -> String {
    let namespace = match service {
        Service::CostExplorer => return "{}".to_owned(),
        Service::Sts => "https://sts.amazonaws.com/doc/2011-06-15/",
        Service::Ec2 => "http://ec2.amazonaws.com/doc/2016-11-15/",
    };
    format!("<{operation}Response xmlns=\"{namespace}\"/>")
}

fn wrong_types(service: Service, mut reply: Reply) -> Reply {
    if service != Service::CostExplorer {
        reply.body = words(&reply.body);
        return reply;
    }
    if let Ok(mut body) = serde_json::from_str::<Value>(&reply.body) {
        let truth = body.clone();
        swap(&mut body);
        // Nothing in it has another type: then the lists themselves are none.
        if let (true, Value::Object(members)) = (body == truth, &mut body) {
            members
                .values_mut()
                .for_each(|value| *value = Value::from(1));
        }
        reply.body = body.to_string();
    }
    reply
}

/// Amounts become numbers, numbers and booleans become strings.
fn swap(value: &mut Value) {
    match value {
        Value::Object(members) => members.values_mut().for_each(swap),
        Value::Array(items) => items.iter_mut().for_each(swap),
        Value::String(text) => {
            if let Ok(number @ Value::Number(_)) = serde_json::from_str(text) {
                *value = number;
            }
        }
        Value::Number(_) | Value::Bool(_) => *value = value.to_string().into(),
        Value::Null => {}
    }
}

/// XML knows no types: numbers, dates and booleans become words.
fn words(xml: &str) -> String {
    xml.split_inclusive('>')
        .map(|piece| match piece.split_once('<') {
            Some((text, tag)) if is_value(text) => format!("many<{tag}"),
            _ => piece.to_owned(),
        })
        .collect()
}

fn is_value(text: &str) -> bool {
    matches!(text, "true" | "false")
        || (text.starts_with(|c: char| c.is_ascii_digit())
            && text
                .chars()
                .all(|c| c.is_ascii_digit() || ".:-TZ".contains(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_types_are_swapped() {
        let spoiled = |body: &str| {
            let reply = Reply::ok(Service::CostExplorer, body.to_owned());
            wrong_types(Service::CostExplorer, reply).body
        };
        assert_eq!(
            spoiled(
                r#"{"Total":{"Amount":"1.5","Unit":"USD"},"Impact":{"MaxImpact":2},"Estimated":true}"#
            ),
            r#"{"Estimated":"true","Impact":{"MaxImpact":"2"},"Total":{"Amount":1.5,"Unit":"USD"}}"#
        );
        assert_eq!(spoiled(r#"{"Anomalies":[]}"#), r#"{"Anomalies":1}"#);
    }

    #[test]
    fn values_in_xml_become_words() {
        assert_eq!(
            words(
                "<r><size>40</size><name>a 1</name><on>true</on>\n<at>2026-11-24T01:00:00.000Z</at></r>"
            ),
            "<r><size>many</size><name>a 1</name><on>many</on>\n<at>many</at></r>"
        );
    }
}
