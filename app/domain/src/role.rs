//! Roles that a key takes on: their names, the ExternalId that only we know to
//! use, and whom a role has to trust.
//!
//! Source of the limits: AWS's STS API reference (AssumeRole) and IAM's name rules.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    account::{AwsAccountId, ConnectionId},
    error::Error,
};

const ARN_MIN: usize = 20;
const ARN_MAX: usize = 2048;
const EXTERNAL_ID_MIN: usize = 2;
const EXTERNAL_ID_MAX: usize = 1224;
const ROLE_NAME_MAX: usize = 64;

/// A role's full name: `arn:aws:iam::123456789012:role/CostTracker`.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoleArn(String);

impl RoleArn {
    /// As AWS takes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The account that the role belongs to.
    #[must_use]
    pub fn account(&self) -> Option<AwsAccountId> {
        Arn::split(&self.0)?.account.parse().ok()
    }

    /// `aws`, or the name of one of AWS's separate clouds.
    #[must_use]
    pub fn partition(&self) -> &str {
        Arn::split(&self.0).map_or("", |arn| arn.partition)
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for RoleArn {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let wrong = |message: &str, advice: &str| Err(Error::invalid("role_arn", message, advice));
        let Some(arn) = Arn::split(text).filter(|_| text.len() <= ARN_MAX) else {
            return wrong(
                "This isn't a role's ARN.",
                "Copy the ARN from the role's page in the IAM console: \
                 arn:aws:iam::123456789012:role/CostTracker.",
            );
        };
        match (arn.service, arn.kind()) {
            ("iam", "role") => {}
            ("sts", "assumed-role") => {
                return wrong(
                    "This ARN names a session of a role, not the role.",
                    "Copy the ARN from the role's page in the IAM console; it has :role/ in it.",
                );
            }
            ("iam", "instance-profile") => {
                return wrong(
                    "This ARN names an instance profile, not the role in it.",
                    "Both are on the role's page in the IAM console: copy the one with :role/ in it.",
                );
            }
            _ => {
                return wrong(
                    "This ARN names something else than a role.",
                    "A role's ARN has :role/ in it: arn:aws:iam::123456789012:role/CostTracker.",
                );
            }
        }
        let path = arn.resource.strip_prefix("role/").unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default();
        let named = (1..=ROLE_NAME_MAX).contains(&name.len()) && name.chars().all(is_name_letter);
        let plain = arn.resource.bytes().all(|byte| byte.is_ascii_graphic());
        let account = arn.account.parse::<AwsAccountId>().is_ok();
        if text.len() < ARN_MIN || !named || !plain || !account || !arn.region.is_empty() {
            return wrong(
                "This role's ARN has something missing or too much.",
                "Copy the whole ARN from the role's page in the IAM console: \
                 arn:aws:iam::123456789012:role/CostTracker.",
            );
        }
        Ok(Self(text.to_owned()))
    }
}

/// Goes along whenever the role is taken on; the role's trust policy demands it.
/// Not a secret: it keeps somebody who knows a role's ARN from making us take
/// it on for them (AWS calls that the confused deputy).
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExternalId(String);

impl ExternalId {
    /// From random bits.
    #[must_use]
    pub fn from_random(bits: u128) -> Self {
        Self(format!("cost-tracker-{bits:032x}"))
    }

    /// As it goes to AWS.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ExternalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text can't be an ExternalId.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("an ExternalId has 2 to 1224 letters, digits or =,.@:/_+-")]
pub struct NotAnExternalId;

impl FromStr for ExternalId {
    type Err = NotAnExternalId;

    fn from_str(text: &str) -> Result<Self, NotAnExternalId> {
        let length = (EXTERNAL_ID_MIN..=EXTERNAL_ID_MAX).contains(&text.len());
        let letters = text
            .chars()
            .all(|letter| is_name_letter(letter) || matches!(letter, ':' | '/'));
        if length && letters {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAnExternalId)
        }
    }
}

/// Whose credentials take a role on.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleSource {
    /// A key that was entered for this role alone.
    OwnKey,
    /// The key of another connection of the same person.
    Connection(ConnectionId),
    /// The server's own credentials.
    Environment,
}

/// A role as a person may see it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Role {
    /// The role.
    pub arn: RoleArn,
    /// What its trust policy demands.
    pub external_id: ExternalId,
    /// Who takes it on.
    pub source: RoleSource,
    /// What the person calls the connection whose key takes it on.
    pub source_name: Option<String>,
    /// Who AWS says the one is that takes it on.
    pub source_arn: String,
}

/// Whom a role's trust policy has to name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Principal {
    /// As it stands in a policy.
    pub arn: String,
    /// It is a role's, made from a session's ARN, which leaves the role's path
    /// out: a role that has one needs its whole ARN here.
    pub path_unknown: bool,
}

impl Principal {
    /// Of who AWS says a key is.
    ///
    /// # Errors
    /// With what to do, when AWS lets this one take no role on.
    pub fn of(caller: &str) -> Result<Self, Error> {
        let arn = Arn::split(caller).ok_or_else(strange_caller)?;
        match (arn.service, arn.kind()) {
            ("iam", "user") => Ok(Self {
                arn: caller.to_owned(),
                path_unknown: false,
            }),
            ("sts", "assumed-role") => {
                let role = arn.resource.split('/').nth(1).unwrap_or_default();
                Ok(Self {
                    arn: format!("arn:{}:iam::{}:role/{role}", arn.partition, arn.account),
                    path_unknown: true,
                })
            }
            ("iam", "root") => Err(Error::invalid(
                "access_key_id",
                "This is the key of the account's root user, who can't take on a role.",
                "Make an IAM user for this, with an access key of its own. The root user should \
                 have no access key at all.",
            )),
            ("sts", "federated-user") => Err(Error::invalid(
                "access_key_id",
                "This is the key of a federated session, which can't take on a role.",
                "Use the access key of an IAM user, or of a role.",
            )),
            _ => Err(strange_caller()),
        }
    }
}

fn strange_caller() -> Error {
    Error::invalid(
        "access_key_id",
        "AWS says that this key belongs to neither a user nor a role.",
        "Use the access key of an IAM user, or of a role.",
    )
}

fn is_name_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "_+=,.@-".contains(letter)
}

/// The parts of `arn:partition:service:region:account:resource`.
struct Arn<'a> {
    partition: &'a str,
    service: &'a str,
    region: &'a str,
    account: &'a str,
    resource: &'a str,
}

impl<'a> Arn<'a> {
    fn split(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let mut next = || parts.next();
        (next()? == "arn").then_some(())?;
        let arn = Self {
            partition: next()?,
            service: next()?,
            region: next()?,
            account: next()?,
            resource: next()?,
        };
        let partition = arn.partition.starts_with("aws")
            && (arn.partition.bytes()).all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        partition.then_some(arn)
    }

    fn kind(&self) -> &'a str {
        self.resource.split('/').next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_taken() {
        for (text, account) in [
            ("arn:aws:iam::123456789012:role/CostTracker", "123456789012"),
            (
                " arn:aws:iam::123456789012:role/a/b/Cost+=,.@-_1\n",
                "123456789012",
            ),
            ("arn:aws-us-gov:iam::210987654321:role/x", "210987654321"),
        ] {
            let arn: RoleArn = text.parse().unwrap();
            assert_eq!(arn.as_str(), text.trim());
            assert_eq!(arn.account().unwrap().as_str(), account);
        }
    }

    #[test]
    fn what_is_no_role_is_told_what_it_is() {
        for (text, says) in [
            ("", "isn't a role's ARN"),
            ("CostTracker", "isn't a role's ARN"),
            ("arn:gcp:iam::123456789012:role/x", "isn't a role's ARN"),
            (
                "arn:aws:sts::123456789012:assumed-role/x/y",
                "a session of a role",
            ),
            (
                "arn:aws:iam::123456789012:instance-profile/x",
                "an instance profile",
            ),
            ("arn:aws:iam::123456789012:user/x", "something else"),
            ("arn:aws:iam::123456789012:role", "missing or too much"),
            ("arn:aws:iam::123456789012:role/", "missing or too much"),
            ("arn:aws:iam::12345678901:role/x", "missing or too much"),
            (
                "arn:aws:iam:eu-west-1:123456789012:role/x",
                "missing or too much",
            ),
            ("arn:aws:iam::123456789012:role/a b", "missing or too much"),
            ("arn:aws:iam::123456789012:role/ä", "missing or too much"),
        ] {
            let error = text.parse::<RoleArn>().unwrap_err();
            assert_eq!(error.field.as_deref(), Some("role_arn"));
            assert!(error.message.contains(says), "{text}: {}", error.message);
        }
        let long = format!("arn:aws:iam::123456789012:role/{}", "x".repeat(65));
        assert!(long.parse::<RoleArn>().is_err());
        let longer = format!("arn:aws:iam::123456789012:role/{}x", "x/".repeat(1100));
        assert!(longer.parse::<RoleArn>().is_err());
    }

    #[test]
    fn ours_are_external_ids_as_aws_takes_them() {
        for bits in [0, 1, u128::MAX] {
            let ours = ExternalId::from_random(bits);
            assert_eq!(ours.as_str().parse(), Ok(ours.clone()));
            assert_eq!(ours.as_str().len(), 45);
        }
        for text in ["", "x", "a b", "ä-ö", "a\"b"] {
            assert_eq!(text.parse::<ExternalId>(), Err(NotAnExternalId));
        }
    }

    #[test]
    fn a_role_trusts_who_can_take_it_on() {
        let user = "arn:aws:iam::123456789012:user/costs/tracker";
        let principal = Principal::of(user).unwrap();
        assert_eq!((&*principal.arn, principal.path_unknown), (user, false));
        let session = "arn:aws:sts::123456789012:assumed-role/Server/i-0123";
        let principal = Principal::of(session).unwrap();
        assert_eq!(principal.arn, "arn:aws:iam::123456789012:role/Server");
        assert!(principal.path_unknown);
        for (caller, says) in [
            ("arn:aws:iam::123456789012:root", "root user"),
            ("arn:aws:sts::123456789012:federated-user/x", "federated"),
            ("nobody", "neither a user nor a role"),
        ] {
            let error = Principal::of(caller).unwrap_err();
            assert!(error.message.contains(says), "{}", error.message);
        }
    }
}
