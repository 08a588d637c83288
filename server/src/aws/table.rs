//! What AWS's codes mean. The code alone is ambiguous: where it was said, and
//! what the message says, tell its meanings apart. docs/errors.md is made of this.

use domain::ledger::{AwsService, Operation};

use super::kind::Kind;

/// Where a row holds.
#[derive(Clone, Copy)]
pub(super) enum Scope {
    Everywhere,
    In(AwsService),
    For(&'static [Operation]),
}

impl Scope {
    pub(super) fn holds(self, operation: Operation) -> bool {
        match self {
            Self::Everywhere => true,
            Self::In(service) => operation.service() == service,
            Self::For(operations) => operations.contains(&operation),
        }
    }
}

/// One row: where it holds, the codes that AWS uses for it, a part of the
/// message (in lower case) where the codes have other meanings too, and what it is.
pub(super) struct Row(
    pub Scope,
    pub &'static [&'static str],
    pub &'static str,
    pub Kind,
);

const CE: Scope = Scope::In(AwsService::CostExplorer);
const EC2: Scope = Scope::In(AwsService::Ec2);
const STS: Scope = Scope::In(AwsService::Sts);
const ALL: Scope = Scope::Everywhere;
const FORECASTS: Scope = Scope::For(&[Operation::GetCostForecast, Operation::GetUsageForecast]);
const COMMITMENTS: Scope = Scope::For(&[
    Operation::GetReservationUtilization,
    Operation::GetReservationCoverage,
    Operation::GetSavingsPlansUtilization,
    Operation::GetSavingsPlansCoverage,
]);
const ROLES: Scope = Scope::For(&[Operation::AssumeRole]);

const DENIED: &[&str] = &[
    "AccessDeniedException",
    "AccessDenied",
    "UnauthorizedOperation",
];
const SIGNATURE: &[&str] = &["InvalidSignatureException", "SignatureDoesNotMatch"];
const VALIDATION: &[&str] = &["ValidationException", "ValidationError"];
const UNAVAILABLE: &[&str] = &["DataUnavailableException"];

/// The first row that fits counts. Sources: AWS's API references and messages
/// that people reported.
pub(super) const TABLE: &[Row] = &[
    // The key.
    Row(
        ALL,
        &[
            "UnrecognizedClientException",
            "InvalidClientTokenId",
            "InvalidAccessKeyId",
            "InvalidClientTokenIdException",
        ],
        "",
        Kind::UnknownKey,
    ),
    // Of a region that isn't open to the account too: the gateway finds out which.
    Row(EC2, &["AuthFailure"], "", Kind::UnknownKey),
    Row(ALL, SIGNATURE, "signature expired", Kind::Clock),
    Row(ALL, SIGNATURE, "signature not yet current", Kind::Clock),
    Row(ALL, SIGNATURE, "", Kind::WrongSecret),
    Row(
        ALL,
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
        ALL,
        &[
            "ExpiredToken",
            "ExpiredTokenException",
            "TokenRefreshRequired",
        ],
        "",
        Kind::ExpiredToken,
    ),
    Row(
        ALL,
        &[
            "IncompleteSignature",
            "IncompleteSignatureException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
        ],
        "",
        Kind::MalformedKey,
    ),
    // What it may do.
    Row(
        CE,
        DENIED,
        "not enabled for cost explorer",
        Kind::NotEnabled,
    ),
    Row(
        CE,
        DENIED,
        "linked account doesn't have access",
        Kind::CutOffByPayer,
    ),
    Row(
        ALL,
        DENIED,
        "service control policy",
        Kind::DeniedByOrganization,
    ),
    Row(
        ALL,
        DENIED,
        "resource control policy",
        Kind::DeniedByOrganization,
    ),
    Row(ALL, DENIED, "explicit deny", Kind::ForbiddenByPolicy),
    Row(ALL, DENIED, "permissions boundary", Kind::ForbiddenByPolicy),
    Row(ALL, DENIED, "session policy", Kind::ForbiddenByPolicy),
    Row(ROLES, DENIED, "", Kind::RoleDenied),
    Row(ALL, DENIED, "", Kind::Denied),
    Row(STS, &["RegionDisabledException"], "", Kind::RegionDisabled),
    Row(
        ALL,
        &[
            "SubscriptionRequiredException",
            "SubscriptionRequired",
            "OptInRequired",
        ],
        "",
        Kind::NotActivated,
    ),
    // How much.
    Row(
        ALL,
        &[
            "LimitExceededException",
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "RequestThrottled",
            "RequestThrottledException",
            "RequestLimitExceeded",
            "EC2ThrottledException",
            "TooManyRequestsException",
            "BandwidthLimitExceeded",
            "PriorRequestNotComplete",
            "SlowDown",
        ],
        "",
        Kind::Throttled,
    ),
    // What was asked.
    Row(FORECASTS, UNAVAILABLE, "", Kind::TooLittleHistory),
    Row(COMMITMENTS, UNAVAILABLE, "", Kind::NoCommitments),
    Row(CE, UNAVAILABLE, "", Kind::NoData),
    Row(
        CE,
        &[
            "InvalidNextTokenException",
            "RequestChangedException",
            "BillExpirationException",
        ],
        "",
        Kind::AnswerChanged,
    ),
    Row(EC2, &["InvalidNextToken"], "", Kind::AnswerChanged),
    Row(CE, VALIDATION, "beyond 14 months", Kind::TooFarBack),
    Row(CE, VALIDATION, "past 14 months", Kind::TooFarBack),
    Row(CE, VALIDATION, "start date is too old", Kind::TooFarBack),
    Row(
        CE,
        VALIDATION,
        "not permitted for member accounts",
        Kind::CutOffByPayer,
    ),
    Row(
        CE,
        &["UnresolvableUsageUnitException"],
        "",
        Kind::MixedUnits,
    ),
    Row(CE, &["UnknownMonitorException"], "", Kind::UnknownMonitor),
    Row(
        ALL,
        &[
            "ValidationException",
            "ValidationError",
            "ResourceNotFoundException",
            "BillingViewHealthStatusException",
            "UnknownOperationException",
            "InvalidParameterValue",
            "InvalidParameterCombination",
            "InvalidVolume.NotFound",
            "InvalidSnapshot.NotFound",
            "InvalidAllocationID.NotFound",
        ],
        "",
        Kind::Refused,
    ),
    // AWS itself.
    Row(
        ALL,
        &[
            "InternalServerException",
            "InternalFailure",
            "InternalError",
            "InternalServerError",
            "ServiceUnavailable",
            "ServiceUnavailableException",
            "Unavailable",
            "RequestTimeout",
            "RequestTimeoutException",
        ],
        "",
        Kind::Server,
    ),
];

/// What happens without a code of AWS's, or despite it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Circumstance {
    ClockDiffers,
    TokenIsOver,
    KnownElsewhere,
    TooManyByStatus,
    FailedByStatus,
    OtherCode,
    NotInAwssManner,
    Unparsable,
    TooLong,
    Broken,
    Untrusted,
    TooSlow,
    QueueFull,
    CapReached,
    SwitchedOff,
    NoneFound,
    NotLoaded,
    OurFault,
}

impl Circumstance {
    /// All of them, in the order in which they are looked for.
    #[cfg(test)]
    pub(super) const ALL: [Self; 18] = [
        Self::ClockDiffers,
        Self::TokenIsOver,
        Self::KnownElsewhere,
        Self::TooManyByStatus,
        Self::FailedByStatus,
        Self::OtherCode,
        Self::NotInAwssManner,
        Self::Unparsable,
        Self::TooLong,
        Self::Broken,
        Self::Untrusted,
        Self::TooSlow,
        Self::QueueFull,
        Self::CapReached,
        Self::SwitchedOff,
        Self::NoneFound,
        Self::NotLoaded,
        Self::OurFault,
    ];

    pub(super) const fn kind(self) -> Kind {
        match self {
            Self::ClockDiffers => Kind::Clock,
            Self::TokenIsOver => Kind::ExpiredToken,
            Self::KnownElsewhere => Kind::RegionDisabled,
            Self::TooManyByStatus => Kind::Throttled,
            Self::FailedByStatus => Kind::Server,
            Self::OtherCode => Kind::Refused,
            Self::NotInAwssManner => Kind::NotAws,
            Self::Unparsable | Self::TooLong => Kind::Unreadable,
            Self::Broken => Kind::Network,
            Self::Untrusted => Kind::Certificate,
            Self::TooSlow => Kind::Timeout,
            Self::QueueFull => Kind::Busy,
            Self::CapReached => Kind::CapReached,
            Self::SwitchedOff => Kind::EnvironmentOff,
            Self::NoneFound => Kind::EnvironmentEmpty,
            Self::NotLoaded => Kind::EnvironmentBroken,
            Self::OurFault => Kind::Internal,
        }
    }
}
