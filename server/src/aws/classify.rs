//! From what AWS or the network said to a [`Kind`]. Reads AWS's code first and
//! its message only where the code alone is ambiguous; keeps neither message
//! nor body.

use std::{error::Error as StdError, io, sync::Arc};

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_costexplorer::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
    operation::RequestId,
};
use aws_sdk_sts::operation::{
    assume_role::AssumeRoleError, assume_role_with_web_identity::AssumeRoleWithWebIdentityError,
};
use chrono::{DateTime, TimeDelta, Utc};

use super::error::Kind;

/// Signatures more than about five minutes off are refused by AWS.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(4);

/// How one attempt failed.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub kind: Kind,
    /// AWS's own name for it.
    pub aws_code: Option<String>,
    pub request_id: Option<String>,
    /// Of connections: never holds anything that AWS sent.
    pub source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Failure {
    pub(super) fn of(kind: Kind) -> Self {
        Self {
            kind,
            aws_code: None,
            request_id: None,
            source: None,
        }
    }

    pub(super) fn caused(kind: Kind, source: impl StdError + Send + Sync + 'static) -> Self {
        Self {
            source: Some(Arc::new(source)),
            ..Self::of(kind)
        }
    }
}

/// Says what happened, at the time `now`.
pub(super) fn classify<E>(error: SdkError<E, HttpResponse>, now: DateTime<Utc>) -> Failure
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    match error {
        SdkError::ServiceError(answered) => {
            let (meta, response) = (answered.err().meta(), answered.raw());
            // STS puts the id into the body, Cost Explorer into a header.
            let request_id = response.request_id().or_else(|| meta.request_id());
            let date = response.headers().get("date");
            Failure {
                kind: answer(
                    response.status().as_u16(),
                    meta.code(),
                    meta.message().unwrap_or_default(),
                    date.and_then(|date| clock_difference(date, now)),
                ),
                aws_code: meta.code().and_then(harmless),
                request_id: request_id.and_then(harmless),
                source: None,
            }
        }
        SdkError::ResponseError(unreadable) => {
            let status = unreadable.raw().status().as_u16();
            let request_id = unreadable.raw().request_id().and_then(harmless);
            let error = SdkError::<E, HttpResponse>::ResponseError(unreadable);
            // A parser's error may quote what AWS sent: only a connection's is kept.
            let source = error
                .into_source()
                .ok()
                .filter(|cause| is_connection_error(&**cause));
            let kind = if source.is_some() {
                Kind::Network
            } else {
                answer(status, None, "", None)
            };
            Failure {
                kind,
                aws_code: None,
                request_id,
                source: source.map(Arc::from),
            }
        }
        SdkError::TimeoutError(_) => Failure::of(Kind::Timeout),
        SdkError::DispatchFailure(failure) => {
            let timed_out = failure.is_timeout();
            let error = SdkError::<E, HttpResponse>::DispatchFailure(failure);
            let source = error.into_source().ok();
            let kind = match &source {
                _ if timed_out => Kind::Timeout,
                Some(cause) => broken_connection(&**cause),
                None => Kind::Network,
            };
            Failure {
                source: source.map(Arc::from),
                ..Failure::of(kind)
            }
        }
        // Nothing left the machine: a fault of ours.
        _ => Failure::of(Kind::Internal),
    }
}

/// Why credentials couldn't be had. What AWS's own providers ask AWS on the way
/// is only found in the chain of sources.
pub(super) fn provider_failure(error: &CredentialsError) -> Failure {
    let answered = chain(error).find_map(|cause| {
        let assume = cause.downcast_ref::<AssumeRoleError>();
        let web = cause.downcast_ref::<AssumeRoleWithWebIdentityError>();
        assume
            .map(ProvideErrorMetadata::meta)
            .or_else(|| web.map(ProvideErrorMetadata::meta))
    });
    let kind = match (answered, error) {
        (Some(meta), _) => match answer(400, meta.code(), meta.message().unwrap_or_default(), None)
        {
            Kind::Denied => Kind::RoleDenied,
            kind => kind,
        },
        (None, CredentialsError::CredentialsNotLoaded(_)) => Kind::EnvironmentEmpty,
        (None, CredentialsError::ProviderTimedOut(_)) => Kind::Timeout,
        (None, _) => Kind::EnvironmentBroken,
    };
    Failure {
        aws_code: answered.and_then(|meta| meta.code()).and_then(harmless),
        ..Failure::of(kind)
    }
}

/// One row: the codes that AWS uses for it, a part of the message where the
/// codes have other meanings too, and what it is.
struct Row(&'static [&'static str], &'static str, Kind);

const DENIED: &[&str] = &[
    "AccessDeniedException",
    "AccessDenied",
    "UnauthorizedOperation",
];
const SIGNATURE: &[&str] = &["InvalidSignatureException", "SignatureDoesNotMatch"];
const VALIDATION: &[&str] = &["ValidationException", "ValidationError"];

/// The first row that fits counts. Sources: AWS's API references and messages
/// that people reported.
const TABLE: &[Row] = &[
    Row(
        &[
            "UnrecognizedClientException",
            "InvalidClientTokenId",
            "InvalidAccessKeyId",
            "InvalidClientTokenIdException",
        ],
        "",
        Kind::UnknownKey,
    ),
    Row(SIGNATURE, "signature expired", Kind::Clock),
    Row(SIGNATURE, "signature not yet current", Kind::Clock),
    Row(SIGNATURE, "", Kind::WrongSecret),
    Row(
        &[
            "RequestTimeTooSkewed",
            "RequestExpired",
            "RequestInTheFuture",
            "RequestExpiredException",
        ],
        "",
        Kind::Clock,
    ),
    Row(
        &[
            "ExpiredToken",
            "ExpiredTokenException",
            "TokenRefreshRequired",
        ],
        "",
        Kind::ExpiredToken,
    ),
    Row(
        &[
            "IncompleteSignature",
            "IncompleteSignatureException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
        ],
        "",
        Kind::MalformedKey,
    ),
    Row(DENIED, "not enabled for cost explorer", Kind::NotEnabled),
    Row(
        DENIED,
        "linked account doesn't have access",
        Kind::CutOffByPayer,
    ),
    Row(DENIED, "service control policy", Kind::DeniedByOrganization),
    Row(
        DENIED,
        "resource control policy",
        Kind::DeniedByOrganization,
    ),
    Row(DENIED, "explicit deny", Kind::ForbiddenByPolicy),
    Row(DENIED, "permissions boundary", Kind::ForbiddenByPolicy),
    Row(DENIED, "", Kind::Denied),
    Row(
        &[
            "SubscriptionRequiredException",
            "SubscriptionRequired",
            "OptInRequired",
        ],
        "",
        Kind::NotActivated,
    ),
    Row(
        &[
            "LimitExceededException",
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "RequestThrottled",
            "RequestThrottledException",
            "RequestLimitExceeded",
            "TooManyRequestsException",
            "BandwidthLimitExceeded",
            "PriorRequestNotComplete",
            "SlowDown",
        ],
        "",
        Kind::Throttled,
    ),
    Row(&["DataUnavailableException"], "", Kind::NoData),
    Row(
        &[
            "InvalidNextTokenException",
            "InvalidNextToken",
            "RequestChangedException",
            "BillExpirationException",
        ],
        "",
        Kind::AnswerChanged,
    ),
    Row(VALIDATION, "beyond 14 months", Kind::TooFarBack),
    Row(VALIDATION, "past 14 months", Kind::TooFarBack),
    Row(VALIDATION, "start date is too old", Kind::TooFarBack),
    Row(
        VALIDATION,
        "not permitted for member accounts",
        Kind::CutOffByPayer,
    ),
    Row(
        &[
            "InternalServerException",
            "InternalFailure",
            "InternalError",
            "InternalServerError",
            "ServiceUnavailable",
            "ServiceUnavailableException",
            "RequestTimeout",
            "RequestTimeoutException",
        ],
        "",
        Kind::Server,
    ),
];

/// What an answer with an error in it means. `skew` is by how much AWS's clock
/// differs from ours.
fn answer(status: u16, code: Option<&str>, message: &str, skew: Option<TimeDelta>) -> Kind {
    let message = message.to_ascii_lowercase();
    let known = code.and_then(|code| {
        TABLE
            .iter()
            .find(|Row(codes, part, _)| codes.contains(&code) && message.contains(part))
    });
    match (known, status) {
        // A wrong clock and a wrong secret look the same to AWS.
        (Some(Row(_, _, Kind::WrongSecret)), _)
            if skew.is_some_and(|skew| skew.abs() > CLOCK_TOLERANCE) =>
        {
            Kind::Clock
        }
        (Some(Row(_, _, kind)), _) => *kind,
        // The SDK's way of saying that a good answer doesn't parse.
        (None, 200..300) => Kind::Unreadable,
        (None, 429) => Kind::Throttled,
        (None, 500..) => Kind::Server,
        (None, 400..500) if code.is_some() => Kind::Refused,
        // A redirect, or an error that isn't in AWS's manner: something in between.
        (None, _) => Kind::NotAws,
    }
}

fn clock_difference(date: &str, now: DateTime<Utc>) -> Option<TimeDelta> {
    let theirs = DateTime::parse_from_rfc2822(date).ok()?;
    Some(theirs.with_timezone(&Utc) - now)
}

fn broken_connection(cause: &(dyn StdError + 'static)) -> Kind {
    // The TLS library's own type isn't ours to name; its text is stable enough.
    let about_certificates = chain(cause).any(|error| {
        let text = error.to_string().to_ascii_lowercase();
        text.contains("certificate") || text.contains("unknownissuer")
    });
    if about_certificates {
        Kind::Certificate
    } else {
        Kind::Network
    }
}

/// Whether the connection broke in the middle of an answer.
fn is_connection_error(cause: &(dyn StdError + 'static)) -> bool {
    chain(cause).any(|error| {
        error.downcast_ref::<io::Error>().is_some()
            || error
                .to_string()
                .starts_with("connection closed before message completed")
            || error
                .to_string()
                .starts_with("error reading a body from connection")
            || error
                .to_string()
                .starts_with("end of file before message length reached")
    })
}

fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// Codes and request ids go into logs: nothing but what they are made of does.
fn harmless(text: &str) -> Option<String> {
    let fine = !text.is_empty()
        && text.len() <= 80
        && text
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter));
    fine.then(|| text.to_owned())
}

#[cfg(test)]
#[path = "classify_tests.rs"]
mod tests;
