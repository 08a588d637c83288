//! What can go wrong with a call, and what a person reads about it. All text
//! is ours: nothing that AWS sent gets in here, except its code and request id.

use std::{error::Error as StdError, sync::Arc};

use domain::{Code, ledger::Operation, policy};

use super::classify::Failure;

/// What happened.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Kind {
    /// AWS doesn't know the access key id, or the session token belongs to another.
    UnknownKey,
    /// The access key id has characters that no key has.
    MalformedKey,
    /// The signature doesn't fit: the secret is another key's.
    WrongSecret,
    /// The session token's time is over.
    ExpiredToken,
    /// No IAM policy allows the action.
    Denied,
    /// An IAM policy or a permissions boundary forbids the action.
    ForbiddenByPolicy,
    /// An organization's policy forbids the action.
    DeniedByOrganization,
    /// Cost Explorer isn't switched on.
    NotEnabled,
    /// The payer account keeps costs from this member account.
    CutOffByPayer,
    /// The AWS account isn't complete yet.
    NotActivated,
    /// Too many requests.
    Throttled,
    /// AWS has nothing to say.
    NoData,
    /// No connection, or it broke.
    Network,
    /// The other side's certificate isn't trusted.
    Certificate,
    /// No answer in time.
    Timeout,
    /// AWS failed.
    Server,
    /// Our clock differs from AWS's.
    Clock,
    /// AWS didn't take the question.
    Refused,
    /// The days lie before what AWS keeps.
    TooFarBack,
    /// The answer changed while its pages were read.
    AnswerChanged,
    /// AWS's answer makes no sense.
    Unreadable,
    /// Something that isn't AWS answered.
    NotAws,
    /// The role can't be taken on.
    RoleDenied,
    /// The region isn't open to the account.
    RegionDisabled,
    /// The server's own credentials are asked for, but switched off.
    EnvironmentOff,
    /// The server has no credentials of its own.
    EnvironmentEmpty,
    /// The server's own credentials can't be loaded.
    EnvironmentBroken,
    /// The connection's cap for our own requests is reached.
    CapReached,
    /// Our queue is full, or the turn didn't come in time.
    Busy,
    /// A fault of ours: the ledger couldn't be written, or no request could be made.
    Internal,
}

impl Kind {
    /// The kind as people and programs meet it.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::UnknownKey | Self::MalformedKey => Code::AwsUnknownKey,
            Self::WrongSecret => Code::AwsWrongSecret,
            Self::ExpiredToken => Code::AwsExpiredToken,
            Self::Denied | Self::ForbiddenByPolicy => Code::AwsDenied,
            Self::DeniedByOrganization => Code::AwsDeniedByOrganization,
            Self::NotEnabled => Code::AwsNotEnabled,
            Self::CutOffByPayer => Code::AwsCutOffByPayer,
            Self::NotActivated => Code::AwsNotActivated,
            Self::Throttled => Code::AwsThrottled,
            Self::NoData => Code::AwsNoData,
            Self::Network | Self::Certificate => Code::AwsNetwork,
            Self::Timeout => Code::AwsTimeout,
            Self::Server => Code::AwsServer,
            Self::Clock => Code::AwsClock,
            Self::Refused | Self::TooFarBack | Self::AnswerChanged => Code::AwsRefused,
            Self::Unreadable | Self::NotAws => Code::AwsUnreadable,
            Self::RoleDenied => Code::AwsRoleDenied,
            Self::RegionDisabled => Code::AwsRegionDisabled,
            Self::EnvironmentOff => Code::NotAllowed,
            Self::EnvironmentEmpty | Self::EnvironmentBroken => Code::AwsNoCredentials,
            Self::CapReached => Code::CapReached,
            Self::Busy => Code::Busy,
            Self::Internal => Code::Internal,
        }
    }

    /// Whether the same question may be answered if asked again a little later.
    #[must_use]
    pub const fn is_retried(self) -> bool {
        matches!(
            self,
            Self::Throttled | Self::Network | Self::Timeout | Self::Server
        )
    }

    /// What happened, and what to do next.
    fn words(self, action: &str) -> (String, &'static str) {
        let fixed = |text: &str| text.to_owned();
        match self {
            Self::UnknownKey => (
                fixed("AWS doesn't know this access key id."),
                "Check it for typing mistakes, and that the key hasn't been deactivated or deleted. A temporary key also needs its own session token.",
            ),
            Self::MalformedKey => (
                fixed("AWS can't read this access key id."),
                "Copy it again, without spaces or other signs around it.",
            ),
            Self::WrongSecret => (
                fixed("The secret key doesn't belong to this access key id."),
                "Copy both again from the same place. If the secret is lost, make a new access key in IAM.",
            ),
            Self::ExpiredToken => (
                fixed("The temporary key has expired."),
                "Get a new access key, secret and session token, and replace all three.",
            ),
            Self::Denied => (
                format!("This key isn't allowed to use {action}."),
                "Attach the policy below to its user or role in IAM. If it is attached already, the account's root user has to activate IAM access to billing information in the account settings.",
            ),
            Self::ForbiddenByPolicy => (
                format!("An IAM policy of this key forbids {action}."),
                "Remove the Deny statement or widen the permissions boundary in IAM: allowing the action elsewhere doesn't outweigh it.",
            ),
            Self::DeniedByOrganization => (
                format!("Your organization's policies forbid {action} in this account."),
                "Ask the administrators of your AWS organization to exempt it, or connect the management account instead.",
            ),
            Self::NotEnabled => (
                fixed("Cost Explorer isn't enabled in this AWS account."),
                "Open Cost Explorer once in the AWS console, as the root user or an administrator. AWS then needs up to 24 hours to prepare the data.",
            ),
            Self::CutOffByPayer => (
                fixed("The account that pays the bill keeps cost data from this member account."),
                "Ask its administrators to give linked accounts access to Cost Explorer, or connect the paying account instead.",
            ),
            Self::NotActivated => (
                fixed("This AWS account isn't fully activated."),
                "Finish signing up in the AWS console: a payment method or a confirmation is missing.",
            ),
            Self::Throttled => (
                fixed("AWS asked us to slow down, and still did after several tries."),
                "Try again in a few minutes. Another tool may be using the same account's Cost Explorer.",
            ),
            Self::NoData => (
                fixed("AWS sent no cost data for these days."),
                "New accounts have none for the first day or two. Try again later.",
            ),
            Self::Network => (
                fixed("AWS couldn't be reached from this server."),
                "Check the server's internet connection, DNS, firewall and proxy.",
            ),
            Self::Certificate => (
                fixed("The secure connection to AWS couldn't be trusted."),
                "If a proxy inspects the traffic, add its certificate to those the server trusts. Check the server's clock too.",
            ),
            Self::Timeout => (
                fixed("AWS took too long to answer."),
                "Try again. If it stays, check the server's internet connection.",
            ),
            Self::Server => (
                fixed("AWS had a fault of its own, and still did after several tries."),
                "Try again in a few minutes. The AWS Health Dashboard shows whether it is a known one.",
            ),
            Self::Clock => (
                fixed("This server's clock differs too much from AWS's."),
                "Set the server's clock, best by switching on time synchronization (NTP), and try again.",
            ),
            Self::Refused => (
                fixed("AWS refused the question."),
                "Try again later. If it stays, the server's log has AWS's error code and request id.",
            ),
            Self::TooFarBack => (
                fixed("AWS doesn't keep daily costs that far back."),
                "Ask for later days: AWS keeps about 14 months.",
            ),
            Self::AnswerChanged => (
                fixed("AWS's answer changed while it was being read."),
                "Try again.",
            ),
            Self::Unreadable => (
                fixed("AWS answered something that can't be read."),
                "Try again later. If it stays, this version may be too old for what AWS sends.",
            ),
            Self::NotAws => (
                fixed("Something other than AWS answered this server."),
                "Look for a proxy, a firewall or a sign-in page between this server and the internet.",
            ),
            Self::RoleDenied => (
                fixed("AWS didn't let this server take on the role."),
                "AWS doesn't say which of these it is: the role doesn't exist, its trust policy doesn't name who asks, or the ExternalId in it is another. Compare all three with the connection page, and see that who asks may use sts:AssumeRole.",
            ),
            Self::RegionDisabled => (
                fixed("This region isn't open to the AWS account."),
                "Nothing runs there, so nothing is missed. If you have just enabled the region, AWS needs some minutes.",
            ),
            Self::EnvironmentOff => (
                fixed("This server's own AWS credentials are switched off."),
                "Ask the administrator to start the server with --environment-credentials on, or connect with a key.",
            ),
            Self::EnvironmentEmpty => (
                fixed("This server has no AWS credentials of its own."),
                "The administrator gives it some: by environment variables, a profile, or a role of the instance or container it runs in.",
            ),
            Self::EnvironmentBroken => (
                fixed("This server's own AWS credentials couldn't be loaded."),
                "The administrator finds the reason in the server's log: a file, a token or the metadata service of the instance or container.",
            ),
            Self::CapReached => (
                fixed("This connection's monthly cap for requests to AWS is reached."),
                "Background updates go on by themselves on the 1st, or when you raise the cap on the connection's page. You may still refresh by hand, after seeing the price.",
            ),
            Self::Busy => (
                fixed("Too many requests to AWS are waiting already."),
                "Try again in a minute.",
            ),
            Self::Internal => (
                fixed("Something went wrong on this server before AWS was asked."),
                "Try again. If it stays, look into the server's log.",
            ),
        }
    }
}

/// A question that has no answer.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{} failed after {attempts} attempts: {}", .operation.iam_action(), .kind.code().as_str())]
pub struct AwsError {
    /// What happened in the end.
    pub kind: Kind,
    /// What was asked.
    pub operation: Operation,
    /// Attempts that left the machine, over all pages. Each may have cost its price.
    pub attempts: u32,
    /// AWS's own name for it.
    pub aws_code: Option<String>,
    /// AWS's id of the last attempt, for support.
    pub request_id: Option<String>,
    #[source]
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl AwsError {
    pub(super) fn new(operation: Operation, attempts: u32, failure: Failure) -> Self {
        // A role isn't missing a policy of its own when it can't be taken on.
        let kind = match (operation, failure.kind) {
            (Operation::AssumeRole, Kind::Denied) => Kind::RoleDenied,
            (_, kind) => kind,
        };
        Self {
            kind,
            operation,
            attempts,
            aws_code: failure.aws_code,
            request_id: failure.request_id,
            source: failure.source,
        }
    }

    /// The same, for a question that had cost so many attempts before it came to this.
    pub(super) fn after(self, attempts: u32) -> Self {
        Self { attempts, ..self }
    }

    /// What a person may read.
    #[must_use]
    pub fn to_domain(&self) -> domain::Error {
        let (message, advice) = self.kind.words(self.operation.iam_action());
        let error = domain::Error::new(self.kind.code(), message, advice);
        match self.kind {
            Kind::Denied => error.with_policy(policy::for_one(self.operation)),
            _ => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Kind; 30] = [
        Kind::UnknownKey,
        Kind::MalformedKey,
        Kind::WrongSecret,
        Kind::ExpiredToken,
        Kind::Denied,
        Kind::ForbiddenByPolicy,
        Kind::DeniedByOrganization,
        Kind::NotEnabled,
        Kind::CutOffByPayer,
        Kind::NotActivated,
        Kind::Throttled,
        Kind::NoData,
        Kind::Network,
        Kind::Certificate,
        Kind::Timeout,
        Kind::Server,
        Kind::Clock,
        Kind::Refused,
        Kind::TooFarBack,
        Kind::AnswerChanged,
        Kind::Unreadable,
        Kind::NotAws,
        Kind::RoleDenied,
        Kind::RegionDisabled,
        Kind::EnvironmentOff,
        Kind::EnvironmentEmpty,
        Kind::EnvironmentBroken,
        Kind::CapReached,
        Kind::Busy,
        Kind::Internal,
    ];

    #[test]
    fn every_kind_says_what_happened_and_what_to_do() {
        let mut messages = std::collections::HashSet::new();
        for kind in ALL {
            let (message, advice) = kind.words("ce:GetCostAndUsage");
            assert!(message.ends_with('.') && advice.ends_with('.'), "{kind:?}");
            assert!(messages.insert(message), "{kind:?} reads like another");
        }
    }

    #[test]
    fn a_denial_names_the_action_and_brings_the_policy() {
        let error =
            AwsError::new(Operation::GetCostAndUsage, 1, Failure::of(Kind::Denied)).to_domain();
        assert!(error.message.contains("ce:GetCostAndUsage"));
        let policy: serde_json::Value = serde_json::from_str(&error.policy.unwrap()).unwrap();
        assert_eq!(policy["Statement"][0]["Action"][0], "ce:GetCostAndUsage");
    }

    #[test]
    fn keys_and_permissions_are_not_retried() {
        let retried: Vec<Kind> = ALL.into_iter().filter(|kind| kind.is_retried()).collect();
        assert_eq!(
            retried,
            [Kind::Throttled, Kind::Network, Kind::Timeout, Kind::Server]
        );
    }
}
