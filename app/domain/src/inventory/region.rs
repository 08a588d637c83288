//! AWS's regions.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::words::open_words;

/// A region's name, such as `eu-central-1`. It becomes part of the address that is asked:
/// nothing else gets in.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Region(String);

/// No region has such a name: `global` and `NoRegion` in the costs aren't places.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not the name of an AWS region")]
pub struct NotARegion;

impl Region {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Words of small letters and at last a number, with hyphens between: `us-gov-west-1`.
impl FromStr for Region {
    type Err = NotARegion;

    fn from_str(text: &str) -> Result<Self, NotARegion> {
        let mut parts = text.rsplit('-');
        let number = parts.next().unwrap_or_default();
        let words: Vec<&str> = parts.collect();
        let is_number = matches!(number.len(), 1 | 2) && number.bytes().all(|b| b.is_ascii_digit());
        let is_word = |word: &&str| {
            (2..=12).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase())
        };
        if is_number && (2..=4).contains(&words.len()) && words.iter().all(is_word) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotARegion)
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Region {
    type Error = NotARegion;

    fn try_from(text: String) -> Result<Self, NotARegion> {
        text.parse()
    }
}

impl From<Region> for String {
    fn from(region: Region) -> Self {
        region.0
    }
}

open_words! {
    /// Whether an account may use a region.
    OptIn {
        /// Open to everyone.
        NotRequired "opt-in-not-required"
        /// The account opened it.
        OptedIn "opted-in"
        /// Closed: asking there is refused.
        NotOptedIn "not-opted-in"
    }
}

/// A region and whether the account may use it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct RegionState {
    /// Which.
    pub region: Region,
    /// Whether it is open to the account.
    pub opt_in: OptIn,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_places_with_a_number() {
        for name in [
            "us-east-1",
            "ap-southeast-12",
            "us-gov-west-1",
            "us-iso-east-1",
            "eusc-de-east-1",
            "il-central-1",
            "cn-northwest-1",
        ] {
            assert_eq!(name.parse::<Region>().unwrap().as_str(), name);
        }
    }

    #[test]
    fn nothing_else_becomes_an_address() {
        for text in [
            "",
            "global",
            "NoRegion",
            "us-east",
            "us-east-",
            "-1",
            "1",
            "us-east-123",
            "us-east-1a",
            "US-EAST-1",
            "us--1",
            "us-east-1.evil.example",
            "evil.example/-1",
            "us-east-1\n",
            "a-b-c-d-e-1",
            "us east-1",
        ] {
            assert_eq!(text.parse::<Region>(), Err(NotARegion), "{text:?}");
        }
    }
}
