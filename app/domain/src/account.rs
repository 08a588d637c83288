//! AWS accounts and a person's connections to them.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use crate::job::SyncState;
use crate::{error::Error, expiry::KeyEnd, money::Money, role::Role, spending::CapStatus};

/// What one Cost Explorer request costs: $0.01 for each request and page.
/// Source: AWS's price list, `USE1-APIRequest` of AWS Cost Explorer.
pub const COST_EXPLORER_REQUEST: Money =
    Money::new(crate::money::Nanos(10_000_000), crate::money::Currency::USD);

/// Names one connection.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConnectionId(pub Uuid);

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Someone else's id and a misspelt one look the same: not found.
impl FromStr for ConnectionId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        text.parse()
            .map(Self)
            .map_err(|_| Error::not_found("connection"))
    }
}

/// An AWS account's twelve digits.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AwsAccountId(String);

impl AwsAccountId {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text isn't an AWS account's number.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("an AWS account id has twelve digits")]
pub struct NotAnAccountId;

impl FromStr for AwsAccountId {
    type Err = NotAnAccountId;

    fn from_str(text: &str) -> Result<Self, NotAnAccountId> {
        if text.len() == 12 && text.bytes().all(|digit| digit.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAnAccountId)
        }
    }
}

impl fmt::Display for AwsAccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a connection proves itself to AWS.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionKind {
    /// An access key of the person's own, perhaps with a session token.
    AccessKey,
    /// A role that a key, or the server's own credentials, take on.
    Role,
    /// The server's own credentials: its environment or its instance's profile.
    Environment,
    /// The built-in simulator: no AWS account and no cost behind it.
    Sample,
}

impl ConnectionKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::AccessKey, Self::Role, Self::Environment, Self::Sample];

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessKey => "access_key",
            Self::Role => "role",
            Self::Environment => "environment",
            Self::Sample => "sample",
        }
    }
}

/// A person's link to one AWS account, as the person may see it: no secret in it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// Names it.
    pub id: ConnectionId,
    /// What the person calls it.
    pub name: String,
    /// How it proves itself.
    pub kind: ConnectionKind,
    /// The access key id with its middle left out: `AKIA…7QXY`. Empty where the
    /// connection has no key of its own.
    pub key_hint: String,
    /// Whether a session token is stored with the key.
    pub temporary: bool,
    /// When the temporary key ends that everything here hangs on, its own or
    /// another connection's; `None` for lasting keys and where nobody said.
    pub key_end: Option<KeyEnd>,
    /// Of a [`ConnectionKind::Role`].
    pub role: Option<Role>,
    /// The account that AWS says it leads to.
    pub aws_account: AwsAccountId,
    /// Who AWS says it is.
    pub arn: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// What the first and later syncs say.
    pub sync: SyncState,
    /// What its requests may cost and have cost this month.
    pub cap: CapStatus,
    /// What looks odd about the key, though AWS took it. Filled right after saving.
    pub warnings: Vec<String>,
}

/// `AKIA…7QXY`: enough to recognize a key by, too little to be one.
#[must_use]
pub fn key_hint(access_key_id: &str) -> String {
    let letters: Vec<char> = access_key_id.chars().collect();
    if letters.len() < 12 {
        return "…".to_owned();
    }
    let (head, tail) = (&letters[..4], &letters[letters.len() - 4..]);
    head.iter().chain(&['…']).chain(tail).collect()
}

/// What looks odd about a key. AWS decides: these are warnings, never refusals.
/// The practice (not a specification) is 20 characters that begin with AKIA or
/// ASIA and a secret of 40; ASIA keys are temporary and need a session token.
#[must_use]
pub fn key_warnings(access_key_id: &str, secret_length: usize, has_token: bool) -> Vec<String> {
    let mut warnings = Vec::new();
    let upper = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit();
    let (long_lived, temporary) = (
        access_key_id.starts_with("AKIA"),
        access_key_id.starts_with("ASIA"),
    );
    if access_key_id.len() != 20 || !access_key_id.chars().all(upper) {
        warnings.push(
            "Access key ids usually have 20 capital letters and digits. Was something cut off?"
                .to_owned(),
        );
    } else if !long_lived && !temporary {
        warnings.push("Access key ids usually begin with AKIA or ASIA.".to_owned());
    }
    if secret_length != 40 {
        warnings.push(format!(
            "Secret keys usually have 40 characters; this has {secret_length}."
        ));
    }
    if temporary && !has_token {
        warnings.push("A key that begins with ASIA needs its session token.".to_owned());
    }
    if long_lived && has_token {
        warnings.push("A key that begins with AKIA has no session token.".to_owned());
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_hide_the_middle() {
        assert_eq!(key_hint("AKIAIOSFODNN7EXAMPLE"), "AKIA…MPLE");
        assert_eq!(key_hint("short"), "…");
    }

    #[test]
    fn odd_keys_are_warned_about() {
        assert!(key_warnings("AKIAIOSFODNN7EXAMPLE", 40, false).is_empty());
        assert_eq!(key_warnings("ASIAIOSFODNN7EXAMPLE", 40, false).len(), 1);
        assert_eq!(key_warnings("AKIAIOSFODNN7EXAMPLE", 34, true).len(), 2);
        assert_eq!(key_warnings("akia", 40, false).len(), 1);
    }
}
