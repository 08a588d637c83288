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
use domain::ledger::{AwsService, Operation};

use super::{
    bounded::TooLong,
    error::AwsError,
    kind::Kind,
    table::{Circumstance, Row, TABLE},
};

/// Signatures more than about five minutes off are refused by AWS.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(4);
const EC2_AUTH_FAILURE: &str = "AuthFailure";
/// Of tokens that are over and of signatures that came late.
const EC2_EXPIRED: &str = "RequestExpired";

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

/// What was asked, as far as it tells the meanings of an answer apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub operation: Operation,
    /// Whether the credentials had an end.
    pub temporary: bool,
    /// Our time of day.
    pub now: DateTime<Utc>,
}

/// Says what happened.
pub(super) fn classify<E>(error: SdkError<E, HttpResponse>, asked: Asked) -> Failure
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
                    date.and_then(|date| clock_difference(date, asked.now)),
                    asked,
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
            let cause = error.into_source().ok();
            let too_long = cause.as_deref().is_some_and(|cause| is_too_long(cause));
            let source = cause.filter(|cause| is_connection_error(&**cause));
            let kind = match &source {
                _ if too_long => Circumstance::TooLong.kind(),
                Some(_) => Circumstance::Broken.kind(),
                None => answer(status, None, "", None, asked),
            };
            Failure {
                kind,
                aws_code: None,
                request_id,
                source: source.map(Arc::from),
            }
        }
        SdkError::TimeoutError(_) => Failure::of(Circumstance::TooSlow.kind()),
        SdkError::DispatchFailure(failure) => {
            let timed_out = failure.is_timeout();
            let error = SdkError::<E, HttpResponse>::DispatchFailure(failure);
            let source = error.into_source().ok();
            let provider = source.as_deref().and_then(|cause| {
                chain(cause).find_map(|error| error.downcast_ref::<CredentialsError>())
            });
            if let Some(error) = provider {
                return provider_failure(error, asked);
            }
            let kind = match &source {
                _ if timed_out => Circumstance::TooSlow.kind(),
                Some(cause) => broken_connection(&**cause),
                None => Circumstance::Broken.kind(),
            };
            Failure {
                source: source.map(Arc::from),
                ..Failure::of(kind)
            }
        }
        // Nothing left the machine: a fault of ours.
        _ => Failure::of(Circumstance::OurFault.kind()),
    }
}

/// Why credentials couldn't be had. What AWS's own providers ask AWS on the way
/// is only found in the chain of sources.
pub(super) fn provider_failure(error: &CredentialsError, asked: Asked) -> Failure {
    let answered = chain(error).find_map(|cause| {
        let assume = cause.downcast_ref::<AssumeRoleError>();
        let web = cause.downcast_ref::<AssumeRoleWithWebIdentityError>();
        assume
            .map(ProvideErrorMetadata::meta)
            .or_else(|| web.map(ProvideErrorMetadata::meta))
    });
    let kind = match (answered, error) {
        (Some(meta), _) => {
            let message = meta.message().unwrap_or_default();
            // Whatever was asked: the provider asked for a role.
            let asked = Asked {
                operation: Operation::AssumeRole,
                ..asked
            };
            answer(400, meta.code(), message, None, asked)
        }
        (None, CredentialsError::CredentialsNotLoaded(_)) => Circumstance::NoneFound.kind(),
        (None, CredentialsError::ProviderTimedOut(_)) => Circumstance::TooSlow.kind(),
        (None, _) => Circumstance::NotLoaded.kind(),
    };
    Failure {
        aws_code: answered.and_then(|meta| meta.code()).and_then(harmless),
        ..Failure::of(kind)
    }
}

/// What an answer with an error in it means. `skew` is by how much AWS's clock
/// differs from ours.
fn answer(
    status: u16,
    code: Option<&str>,
    message: &str,
    skew: Option<TimeDelta>,
    asked: Asked,
) -> Kind {
    let message = message.to_ascii_lowercase();
    let known = code.and_then(|code| {
        TABLE.iter().find(|Row(scope, codes, part, _)| {
            scope.holds(asked.operation) && codes.contains(&code) && message.contains(part)
        })
    });
    let differs = skew.is_some_and(|skew| skew.abs() > CLOCK_TOLERANCE);
    // To AWS, a wrong clock and a wrong secret look the same.
    let about_signature = matches!(known, Some(Row(_, _, _, Kind::WrongSecret | Kind::Clock)))
        || code == Some(EC2_AUTH_FAILURE);
    match (known, status) {
        _ if about_signature && differs => Circumstance::ClockDiffers.kind(),
        (Some(_), _) if code == Some(EC2_EXPIRED) && asked.temporary => {
            Circumstance::TokenIsOver.kind()
        }
        (Some(Row(_, _, _, kind)), _) => *kind,
        // The SDK's way of saying that a good answer doesn't parse.
        (None, 200..300) => Circumstance::Unparsable.kind(),
        (None, 429) => Circumstance::TooManyByStatus.kind(),
        (None, 500..) => Circumstance::FailedByStatus.kind(),
        (None, 400..500) if code.is_some() => Circumstance::OtherCode.kind(),
        // A redirect, or an error that isn't in AWS's manner: something in between.
        (None, _) => Circumstance::NotInAwssManner.kind(),
    }
}

/// Whether EC2 refused credentials: in a region that isn't open to the account
/// it says so of good ones too.
pub(super) fn may_be_the_region(error: &AwsError) -> bool {
    error.operation.service() == AwsService::Ec2
        && error.aws_code.as_deref() == Some(EC2_AUTH_FAILURE)
        && error.kind == Kind::UnknownKey
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
        Circumstance::Untrusted.kind()
    } else {
        Circumstance::Broken.kind()
    }
}

fn is_too_long(cause: &(dyn StdError + 'static)) -> bool {
    chain(cause).any(|error| error.downcast_ref::<TooLong>().is_some())
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
#[cfg(test)]
#[path = "classify_trouble_tests.rs"]
mod trouble_tests;
