//! Why the server doesn't start with these settings: one sentence each, with
//! what to do. Never repeats a value that may hold a secret.

/// A setting that can't be used.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

impl ConfigError {
    /// From one sentence (or two) that says what is wrong and what to do.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}
