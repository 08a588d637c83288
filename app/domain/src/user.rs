//! People who sign in.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Error;

/// Names one person.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(pub Uuid);

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An e-mail address in lower case: what a person signs in with.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Only what can't be an address at all is refused: the rest is the mail
/// server's business, and we never send mail.
impl FromStr for Email {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim().to_lowercase();
        let plausible = text.len() <= 254
            && !text
                .chars()
                .any(|letter| letter.is_whitespace() || letter.is_control())
            && text.split_once('@').is_some_and(|(local, host)| {
                !local.is_empty() && !host.is_empty() && !host.contains('@')
            });
        if plausible {
            Ok(Self(text))
        } else {
            Err(Error::invalid(
                "email",
                "This isn't an e-mail address.",
                "Write it like name@example.com.",
            ))
        }
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a person may do beyond their own things.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the server.
    Administrator,
    /// Looks at their own costs.
    Member,
}

impl Role {
    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Member => "member",
        }
    }
}

/// Someone who is signed in.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// Names them.
    pub id: UserId,
    /// What they sign in with.
    pub email: Email,
    /// What they may do.
    pub role: Role,
}

/// The fewest characters of a password.
pub const PASSWORD_MIN: usize = 12;
/// The most characters of a password: beyond this, hashing would be an attack.
pub const PASSWORD_MAX: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_trimmed_and_lowered() {
        assert_eq!(
            " Ann@Example.COM ".parse::<Email>().unwrap().as_str(),
            "ann@example.com"
        );
        for text in [
            "",
            "ann",
            "@example.com",
            "ann@",
            "a b@c",
            "a@b@c",
            "a\u{0}@b",
        ] {
            assert_eq!(
                text.parse::<Email>().unwrap_err().field.as_deref(),
                Some("email")
            );
        }
    }
}
