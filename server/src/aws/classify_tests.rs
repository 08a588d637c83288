//! Every error that AWS is known to send, through the SDK's own parsing.

use super::*;
use crate::aws::canned::{Can, Canned};

pub(super) fn asked(operation: Operation) -> Asked {
    Asked {
        operation,
        temporary: false,
        now: Utc::now(),
    }
}

pub(super) async fn cost_explorer(canned: Canned) -> Failure {
    let client = Can::of([canned]).call().cost_explorer();
    classify(
        client.get_cost_and_usage().send().await.unwrap_err(),
        asked(Operation::GetCostAndUsage),
    )
}

pub(super) async fn sts(canned: Canned) -> Failure {
    let client = Can::of([canned]).call().sts();
    classify(
        client.get_caller_identity().send().await.unwrap_err(),
        asked(Operation::GetCallerIdentity),
    )
}

/// HTTP status, code, message; what it is; whether it is retried.
type Case = (u16, &'static str, &'static str, Kind, bool);

pub(super) const SIGNATURE_MESSAGE: &str =
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

pub(super) async fn ec2(canned: Canned, temporary: bool) -> Failure {
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
