//! What can go wrong, as a person meets it: a closed set of codes, each with
//! what happened and what to do next. No upstream text ever gets in here.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The kind of a failure. Programs branch on it; people read [`Error::message`].
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Nobody is signed in, or the session has ended.
    NotSignedIn,
    /// The account or the password is wrong; never says which.
    WrongCredentials,
    /// Signing in is slowed down or locked for a while.
    TooManyAttempts,
    /// The first account exists already.
    SetupDone,
    /// Signed in, but this isn't theirs to do.
    NotAllowed,
    /// There is no such thing, or it belongs to someone else: both look the same.
    NotFound,
    /// A field of a form isn't right.
    Invalid,
    /// It exists already.
    Conflict,
    /// AWS doesn't know this access key id.
    AwsUnknownKey,
    /// AWS says the secret doesn't belong to the access key id.
    AwsWrongSecret,
    /// The session token has expired, or is missing.
    AwsExpiredToken,
    /// IAM doesn't allow the action.
    AwsDenied,
    /// An organization's policy denies the action.
    AwsDeniedByOrganization,
    /// Cost Explorer isn't switched on for the account.
    AwsNotEnabled,
    /// The payer account keeps cost data from this member account.
    AwsCutOffByPayer,
    /// The AWS account isn't fully activated.
    AwsNotActivated,
    /// AWS asked us to slow down, and still did after our retries.
    AwsThrottled,
    /// AWS has no data for this yet.
    AwsNoData,
    /// AWS couldn't be reached, or the connection broke.
    AwsNetwork,
    /// AWS took too long.
    AwsTimeout,
    /// AWS failed on its side, and still did after our retries.
    AwsServer,
    /// This server's clock differs too much from AWS's.
    AwsClock,
    /// AWS refused the question itself.
    AwsRefused,
    /// AWS answered something that can't be read.
    AwsUnreadable,
    /// AWS doesn't let us take on the role.
    AwsRoleDenied,
    /// The region isn't open to the AWS account.
    AwsRegionDisabled,
    /// The server has no AWS credentials of its own.
    AwsNoCredentials,
    /// The connection's monthly cap for our own requests is reached.
    CapReached,
    /// Too much is waiting already.
    Busy,
    /// A fault of ours. The log has the reason under [`Error::incident`].
    Internal,
}

impl Code {
    /// The name on the wire, e.g. `aws_wrong_secret`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotSignedIn => "not_signed_in",
            Self::WrongCredentials => "wrong_credentials",
            Self::TooManyAttempts => "too_many_attempts",
            Self::SetupDone => "setup_done",
            Self::NotAllowed => "not_allowed",
            Self::NotFound => "not_found",
            Self::Invalid => "invalid",
            Self::Conflict => "conflict",
            Self::AwsUnknownKey => "aws_unknown_key",
            Self::AwsWrongSecret => "aws_wrong_secret",
            Self::AwsExpiredToken => "aws_expired_token",
            Self::AwsDenied => "aws_denied",
            Self::AwsDeniedByOrganization => "aws_denied_by_organization",
            Self::AwsNotEnabled => "aws_not_enabled",
            Self::AwsCutOffByPayer => "aws_cut_off_by_payer",
            Self::AwsNotActivated => "aws_not_activated",
            Self::AwsThrottled => "aws_throttled",
            Self::AwsNoData => "aws_no_data",
            Self::AwsNetwork => "aws_network",
            Self::AwsTimeout => "aws_timeout",
            Self::AwsServer => "aws_server",
            Self::AwsClock => "aws_clock",
            Self::AwsRefused => "aws_refused",
            Self::AwsUnreadable => "aws_unreadable",
            Self::AwsRoleDenied => "aws_role_denied",
            Self::AwsRegionDisabled => "aws_region_disabled",
            Self::AwsNoCredentials => "aws_no_credentials",
            Self::CapReached => "cap_reached",
            Self::Busy => "busy",
            Self::Internal => "internal",
        }
    }
}

/// A failure that a person may read.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Error {
    /// The kind.
    pub code: Code,
    /// What happened, in one sentence.
    pub message: String,
    /// What to do about it, in one or two sentences; empty where nothing helps.
    pub advice: String,
    /// The form field it is about, by its name.
    pub field: Option<String>,
    /// An IAM policy (JSON) to copy that would mend it.
    pub policy: Option<String>,
    /// A path within the product that leads on, e.g. to the connection that exists already.
    pub link: Option<String>,
    /// What to look for in the server's log.
    pub incident: Option<String>,
}

impl Error {
    /// An error with what happened and what to do.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            advice: advice.into(),
            field: None,
            policy: None,
            link: None,
            incident: None,
        }
    }

    /// A form field that isn't right.
    #[must_use]
    pub fn invalid(field: &str, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..Self::new(Code::Invalid, message, advice)
        }
    }

    /// A metric of usage where a cost is wanted.
    #[must_use]
    pub fn not_money() -> Self {
        Self::invalid(
            "metric",
            "This metric counts usage, not money.",
            "Choose one of the five costs.",
        )
    }

    /// Nobody is signed in.
    #[must_use]
    pub fn not_signed_in() -> Self {
        Self::new(
            Code::NotSignedIn,
            "You are not signed in.",
            "Sign in to go on.",
        )
    }

    /// There is nothing here for this person.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(
            Code::NotFound,
            format!("There is no such {what}."),
            "It may have been deleted. Go back to the list and choose again.",
        )
    }

    /// A fault of ours, findable in the log.
    #[must_use]
    pub fn internal(incident: impl Into<String>) -> Self {
        Self {
            incident: Some(incident.into()),
            ..Self::new(
                Code::Internal,
                "Something went wrong on this server.",
                "Try again. If it stays, the server's log has the reason under this number.",
            )
        }
    }

    /// The same error with a policy to copy.
    #[must_use]
    pub fn with_policy(mut self, policy: impl Into<String>) -> Self {
        self.policy = Some(policy.into());
        self
    }

    /// The same error with a path that leads on.
    #[must_use]
    pub fn with_link(mut self, link: impl Into<String>) -> Self {
        self.link = Some(link.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_same_on_the_wire_and_in_text() {
        for code in [
            Code::AwsCutOffByPayer,
            Code::CapReached,
            Code::AwsRoleDenied,
            Code::Internal,
            Code::NotSignedIn,
            Code::AwsUnknownKey,
        ] {
            let json = serde_json::to_string(&code).unwrap();
            assert_eq!(json, format!("\"{}\"", code.as_str()));
        }
    }
}
