//! Every error that AWS is known to send, through the SDK's own parsing.

use domain::Code;

use aws_sdk_costexplorer::error::ErrorMetadata;

use super::*;
use crate::aws::canned::{Can, Canned};

fn asked(operation: Operation) -> Asked {
    Asked {
        operation,
        temporary: false,
        now: Utc::now(),
    }
}

async fn cost_explorer(canned: Canned) -> Failure {
    let client = Can::of([canned]).call().cost_explorer();
    classify(
        client.get_cost_and_usage().send().await.unwrap_err(),
        asked(Operation::GetCostAndUsage),
    )
}

async fn sts(canned: Canned) -> Failure {
    let client = Can::of([canned]).call().sts();
    classify(
        client.get_caller_identity().send().await.unwrap_err(),
        asked(Operation::GetCallerIdentity),
    )
}

/// HTTP status, code, message; what it is; whether it is retried.
type Case = (u16, &'static str, &'static str, Kind, bool);

const SIGNATURE_MESSAGE: &str =
    "The request signature we calculated does not match the signature you provided.";
const NOT_AUTHORIZED: &str = "User: arn:aws:iam::111122223333:user/x is not authorized to perform: ce:GetCostAndUsage on resource: arn:aws:ce:us-east-1:111122223333:/GetCostAndUsage";

#[tokio::test]
async fn cost_explorers_errors_are_told_apart() {
    let cases: [Case; 35] = [
        (
            400,
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
            Kind::UnknownKey,
            false,
        ),
        (
            400,
            "InvalidSignatureException",
            SIGNATURE_MESSAGE,
            Kind::WrongSecret,
            false,
        ),
        (
            400,
            "InvalidSignatureException",
            "Signature expired: 20261124T101010Z is now earlier than 20261124T102010Z",
            Kind::Clock,
            false,
        ),
        (
            400,
            "InvalidSignatureException",
            "Signature not yet current: 20261124T101010Z is still later than 20261124T100510Z",
            Kind::Clock,
            false,
        ),
        (400, "RequestTimeTooSkewed", "", Kind::Clock, false),
        (
            400,
            "RequestExpired",
            "Request has expired.",
            Kind::Clock,
            false,
        ),
        (
            400,
            "ExpiredTokenException",
            "The security token included in the request is expired",
            Kind::ExpiredToken,
            false,
        ),
        (
            400,
            "com.amazon.coral.service#ExpiredTokenException",
            "The security token included in the request is expired",
            Kind::ExpiredToken,
            false,
        ),
        (
            400,
            "MissingAuthenticationTokenException",
            "Missing Authentication Token",
            Kind::MalformedKey,
            false,
        ),
        (
            400,
            "IncompleteSignatureException",
            "",
            Kind::MalformedKey,
            false,
        ),
        (
            400,
            "AccessDeniedException",
            "User not enabled for cost explorer access",
            Kind::NotEnabled,
            false,
        ),
        (
            400,
            "AccessDeniedException",
            NOT_AUTHORIZED,
            Kind::Denied,
            false,
        ),
        (
            400,
            "AccessDeniedException",
            "... because no identity-based policy allows the ce:GetCostAndUsage action",
            Kind::Denied,
            false,
        ),
        (
            400,
            "AccessDeniedException",
            "... with an explicit deny in a service control policy: arn:aws:organizations::1:policy/p",
            Kind::DeniedByOrganization,
            false,
        ),
        (
            400,
            "AccessDeniedException",
            "... because no service control policy allows the ce:GetCostAndUsage action",
            Kind::DeniedByOrganization,
            false,
        ),
        (
            400,
            "AccessDeniedException",
            "... with an explicit deny in an identity-based policy",
            Kind::ForbiddenByPolicy,
            false,
        ),
        (
            400,
            "AccessDeniedException",
            "... because no permissions boundary allows the ce:GetCostAndUsage action",
            Kind::ForbiddenByPolicy,
            false,
        ),
        (
            400,
            "AccessDeniedException",
            "Linked account doesn't have access to cost explorer.",
            Kind::CutOffByPayer,
            false,
        ),
        (
            400,
            "SubscriptionRequiredException",
            "The AWS Access Key Id needs a subscription for the service",
            Kind::NotActivated,
            false,
        ),
        (400, "OptInRequired", "", Kind::NotActivated, false),
        (
            400,
            "LimitExceededException",
            "Rate limit exceeded",
            Kind::Throttled,
            true,
        ),
        (
            400,
            "ThrottlingException",
            "Rate exceeded",
            Kind::Throttled,
            true,
        ),
        (429, "SomethingNew", "", Kind::Throttled, true),
        (
            400,
            "DataUnavailableException",
            "Insufficient amount of historical data",
            Kind::NoData,
            false,
        ),
        (
            400,
            "InvalidNextTokenException",
            "",
            Kind::AnswerChanged,
            false,
        ),
        (
            400,
            "RequestChangedException",
            "",
            Kind::AnswerChanged,
            false,
        ),
        (
            400,
            "BillExpirationException",
            "",
            Kind::AnswerChanged,
            false,
        ),
        (
            400,
            "ValidationException",
            "You haven't enabled historical data beyond 14 months.",
            Kind::TooFarBack,
            false,
        ),
        (
            400,
            "ValidationException",
            "Group Definition type is invalid.",
            Kind::Refused,
            false,
        ),
        (400, "ResourceNotFoundException", "", Kind::Refused, false),
        (400, "UnknownOperationException", "", Kind::Refused, false),
        (
            400,
            "SomethingNewException",
            "arn:aws:iam::111122223333:user/x",
            Kind::Refused,
            false,
        ),
        (500, "InternalServerException", "", Kind::Server, true),
        (500, "SomethingNewException", "", Kind::Server, true),
        (503, "ServiceUnavailable", "", Kind::Server, true),
    ];
    for (status, code, message, kind, retried) in cases {
        let failure = cost_explorer(Canned::cost_explorer(status, code, message)).await;
        assert_eq!(failure.kind, kind, "{status} {code} {message}");
        assert_eq!(failure.kind.is_retried(), retried, "{code}");
        assert_eq!(failure.request_id.as_deref(), Some("canned-1"));
        assert_eq!(
            failure.aws_code.as_deref(),
            Some(code.rsplit('#').next().unwrap())
        );
        assert!(failure.source.is_none(), "{code}: nothing of AWS's is kept");
    }
}

#[tokio::test]
async fn stss_errors_are_told_apart() {
    let cases: [Case; 10] = [
        (
            403,
            "InvalidClientTokenId",
            "The security token included in the request is invalid.",
            Kind::UnknownKey,
            false,
        ),
        (
            403,
            "SignatureDoesNotMatch",
            SIGNATURE_MESSAGE,
            Kind::WrongSecret,
            false,
        ),
        (
            403,
            "SignatureDoesNotMatch",
            "Signature expired: 20261124T101010Z is now earlier than 20261124T102010Z",
            Kind::Clock,
            false,
        ),
        (
            403,
            "ExpiredToken",
            "The security token included in the request is expired",
            Kind::ExpiredToken,
            false,
        ),
        (
            403,
            "AccessDenied",
            "User: arn:aws:iam::111122223333:user/x is not authorized",
            Kind::Denied,
            false,
        ),
        (
            403,
            "RegionDisabledException",
            "STS is not activated in this region",
            Kind::RegionDisabled,
            false,
        ),
        (400, "IncompleteSignature", "", Kind::MalformedKey, false),
        (
            403,
            "MissingAuthenticationToken",
            "",
            Kind::MalformedKey,
            false,
        ),
        (400, "Throttling", "Rate exceeded", Kind::Throttled, true),
        (500, "InternalFailure", "", Kind::Server, true),
    ];
    for (status, code, message, kind, retried) in cases {
        let failure = sts(Canned::sts(status, code, message)).await;
        assert_eq!(failure.kind, kind, "{status} {code} {message}");
        assert_eq!(failure.kind.is_retried(), retried, "{code}");
        assert_eq!(failure.aws_code.as_deref(), Some(code));
    }
}

#[tokio::test]
async fn a_wrong_clock_is_not_a_wrong_secret() {
    for (minutes, kind) in [
        (0, Kind::WrongSecret),
        (3, Kind::WrongSecret),
        (-7, Kind::Clock),
        (90, Kind::Clock),
    ] {
        let theirs = Utc::now() + TimeDelta::minutes(minutes);
        let body = serde_json::json!({ "__type": "InvalidSignatureException", "message": SIGNATURE_MESSAGE });
        let canned = Canned::Answer {
            status: 400,
            body: body.to_string(),
            date: Some(theirs.format("%a, %d %b %Y %H:%M:%S GMT").to_string()),
        };
        assert_eq!(cost_explorer(canned).await.kind, kind, "{minutes} minutes");
    }
}

#[tokio::test]
async fn what_stands_in_between_is_not_aws() {
    for status in [302, 403, 407, 404] {
        let failure =
            cost_explorer(Canned::error(status, "<html>Sign in to the hotel</html>")).await;
        assert_eq!(failure.kind, Kind::NotAws, "{status}");
        assert_eq!(failure.kind.code(), Code::AwsUnreadable);
    }
    for status in [500, 502, 503, 504] {
        let failure = cost_explorer(Canned::error(status, "<html>Bad gateway</html>")).await;
        assert_eq!(failure.kind, Kind::Server, "{status}");
    }
    assert_eq!(sts(Canned::error(302, "")).await.kind, Kind::NotAws);
    assert_eq!(sts(Canned::error(502, "")).await.kind, Kind::Server);
}

#[tokio::test]
async fn what_does_not_parse_is_unreadable() {
    for body in [
        "<html>",
        "{\"ResultsByTime\": 3}",
        "[",
        "{\"ResultsByTime\":[{\"Total\":{\"UnblendedCost\":{\"Amount\":1.5}}}]}",
    ] {
        let failure = cost_explorer(Canned::ok(body)).await;
        assert_eq!(failure.kind, Kind::Unreadable, "{body}");
        assert!(!failure.kind.is_retried());
        assert!(failure.source.is_none(), "a parser may quote the answer");
    }
    assert_eq!(sts(Canned::ok("{}")).await.kind, Kind::Unreadable);
}

#[tokio::test]
async fn broken_connections_are_the_networks() {
    let failure = cost_explorer(Canned::Broken("connection reset by peer")).await;
    assert_eq!(failure.kind, Kind::Network);
    assert!(failure.kind.is_retried());
    let failure = cost_explorer(Canned::Broken("invalid peer certificate: UnknownIssuer")).await;
    assert_eq!(failure.kind, Kind::Certificate);
    assert!(!failure.kind.is_retried());
}

#[test]
fn only_harmless_text_is_logged() {
    assert_eq!(harmless("0a1b-2c_3.D").as_deref(), Some("0a1b-2c_3.D"));
    for text in [
        "",
        "two words",
        "line\nbreak",
        "arn:aws:iam::1:user/x",
        &"x".repeat(81),
    ] {
        assert_eq!(harmless(text), None);
    }
}

fn provider_error(error: impl StdError + Send + Sync + 'static) -> CredentialsError {
    CredentialsError::provider_error(error)
}

fn provided(error: &CredentialsError) -> Failure {
    provider_failure(error, asked(Operation::GetCostAndUsage))
}

#[test]
fn what_aws_said_to_a_provider_is_found_in_the_chain() {
    let said = |code: &str, message: &str| {
        let meta = ErrorMetadata::builder().code(code).message(message).build();
        AssumeRoleError::generic(meta)
    };
    for (code, kind) in [
        ("AccessDenied", Kind::RoleDenied),
        ("ExpiredToken", Kind::ExpiredToken),
        ("InvalidClientTokenId", Kind::UnknownKey),
        ("Throttling", Kind::Throttled),
    ] {
        // Buried as AWS's own providers bury it.
        let inner = provider_error(said(code, "User: arn:aws:iam::111122223333:user/x"));
        let failure = provided(&provider_error(inner));
        assert_eq!(
            (failure.kind, failure.aws_code.as_deref()),
            (kind, Some(code))
        );
        assert!(failure.source.is_none());
    }
    let web = AssumeRoleWithWebIdentityError::generic(
        ErrorMetadata::builder().code("AccessDenied").build(),
    );
    assert_eq!(provided(&provider_error(web)).kind, Kind::RoleDenied);
    let none = CredentialsError::not_loaded_no_source();
    assert_eq!(provided(&none).kind, Kind::EnvironmentEmpty);
    let late = CredentialsError::provider_timed_out(std::time::Duration::from_secs(1));
    assert_eq!(provided(&late).kind, Kind::Timeout);
    let odd = CredentialsError::invalid_configuration("a loop");
    assert_eq!(provided(&odd).kind, Kind::EnvironmentBroken);
}

async fn ec2(canned: Canned, temporary: bool) -> Failure {
    let client = Can::of([canned]).call().ec2();
    let asked = Asked {
        temporary,
        ..asked(Operation::DescribeRegions)
    };
    classify(client.describe_regions().send().await.unwrap_err(), asked)
}

#[tokio::test]
async fn ec2s_errors_are_told_apart() {
    let denied = "You are not authorized to perform this operation.";
    let named = "You are not authorized to perform this operation. User: arn:aws:iam::111122223333:user/x is not authorized to perform: ec2:DescribeRegions because no identity-based policy allows the ec2:DescribeRegions action";
    let organization = "You are not authorized to perform this operation. ... with an explicit deny in a service control policy";
    let cases: [Case; 11] = [
        (
            401,
            "AuthFailure",
            "AWS was not able to validate the provided access credentials",
            Kind::UnknownKey,
            false,
        ),
        (403, "UnauthorizedOperation", denied, Kind::Denied, false),
        (403, "UnauthorizedOperation", named, Kind::Denied, false),
        (
            403,
            "UnauthorizedOperation",
            organization,
            Kind::DeniedByOrganization,
            false,
        ),
        (
            503,
            "RequestLimitExceeded",
            "Request limit exceeded.",
            Kind::Throttled,
            true,
        ),
        (401, "OptInRequired", "", Kind::NotActivated, false),
        (400, "InvalidParameterValue", "", Kind::Refused, false),
        (400, "InvalidParameterCombination", "", Kind::Refused, false),
        (400, "InvalidVolume.NotFound", "", Kind::Refused, false),
        (503, "Unavailable", "", Kind::Server, true),
        (500, "InternalError", "", Kind::Server, true),
    ];
    for (status, code, message, kind, retried) in cases {
        let failure = ec2(Canned::ec2(status, code, message), false).await;
        assert_eq!(failure.kind, kind, "{status} {code} {message}");
        assert_eq!(failure.kind.is_retried(), retried, "{code}");
        assert_eq!(failure.aws_code.as_deref(), Some(code));
        assert_eq!(failure.request_id.as_deref(), Some("canned-1"));
    }
}

#[tokio::test]
async fn a_token_that_is_over_is_not_a_wrong_clock() {
    let expired = |date: Option<DateTime<Utc>>| match Canned::ec2(400, "RequestExpired", "") {
        Canned::Answer { status, body, .. } => Canned::Answer {
            status,
            body,
            date: date.map(|date| date.to_rfc2822()),
        },
        Canned::Broken(_) => unreachable!(),
    };
    let off = Utc::now() - TimeDelta::minutes(20);
    for (temporary, date, kind) in [
        (false, None, Kind::Clock),
        (true, None, Kind::ExpiredToken),
        (true, Some(Utc::now()), Kind::ExpiredToken),
        (true, Some(off), Kind::Clock),
    ] {
        assert_eq!(ec2(expired(date), temporary).await.kind, kind);
    }
}

#[tokio::test]
async fn one_code_means_different_things_to_different_operations() {
    let said = |code: &str| Canned::cost_explorer(400, code, "");
    for (operation, code, kind) in [
        (
            Operation::GetCostForecast,
            "DataUnavailableException",
            Kind::TooLittleHistory,
        ),
        (
            Operation::GetSavingsPlansCoverage,
            "DataUnavailableException",
            Kind::NoCommitments,
        ),
        (
            Operation::GetAnomalies,
            "DataUnavailableException",
            Kind::NoData,
        ),
        (
            Operation::GetUsageForecast,
            "UnresolvableUsageUnitException",
            Kind::MixedUnits,
        ),
        (
            Operation::GetAnomalyMonitors,
            "UnknownMonitorException",
            Kind::UnknownMonitor,
        ),
        (
            Operation::GetCallerIdentity,
            "AccessDeniedException",
            Kind::Denied,
        ),
        (
            Operation::AssumeRole,
            "AccessDeniedException",
            Kind::RoleDenied,
        ),
    ] {
        let client = Can::of([said(code)]).call().cost_explorer();
        let error = client.get_cost_and_usage().send().await.unwrap_err();
        assert_eq!(
            classify(error, asked(operation)).kind,
            kind,
            "{operation:?}"
        );
    }
}
