//! What can happen instead of the true answer.

use serde::{Deserialize, Serialize};

/// What happens instead of the true answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Outcome {
    /// One of the common ones, by name.
    Named(Named),
    /// Any of AWS's errors.
    Error {
        /// HTTP status.
        status: u16,
        /// AWS's code.
        code: String,
        /// AWS's text.
        #[serde(default)]
        message: String,
    },
}

/// Common outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// The true answer; to let some requests pass before one fails.
    Ok,
    /// The service's own throttling error.
    Throttle,
    /// The service's own failure, status 500.
    #[serde(rename = "500")]
    Status500,
    /// A gateway's 502, without AWS's body.
    #[serde(rename = "502")]
    Status502,
    /// The service's own "unavailable", status 503.
    #[serde(rename = "503")]
    Status503,
    /// A gateway's 504, without AWS's body.
    #[serde(rename = "504")]
    Status504,
    /// The connection is reset without an answer.
    Reset,
    /// Status 200 with `{}`, or with the operation's element and nothing in it.
    Empty,
    /// Status 200; the connection breaks in the middle of the body.
    Half,
    /// Status 200; numbers where strings are due and the reverse, in XML words where numbers,
    /// dates and booleans are due.
    WrongTypes,
    /// Status 200; half of the body, then a blank now and then, for ever.
    Endless,
    /// The service's own refusal of a page token, whether one was sent or not.
    PageTokenExpired,
    /// Never an answer.
    Hang,
}

impl Outcome {
    /// The name it is set and logged by.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Error { code, .. } => code.clone(),
            Self::Named(named) => serde_json::to_value(named)
                .ok()
                .and_then(|value| value.as_str().map(str::to_owned))
                .unwrap_or_default(),
        }
    }
}

/// An outcome of some requests in a hundred.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// Of a hundred requests, so many; all of them with 100.
    pub percent: u8,
    /// What happens to them.
    pub outcome: Outcome,
}
