//! An access key on its way to AWS. Never shown, never logged.

use secrecy::SecretString;

/// An access key, opened for a call. No `Debug`, so that it can't be logged;
/// the secrets are wiped from memory when it is dropped.
pub struct AwsKey {
    /// Names the key: not secret, but not for everybody's eyes either.
    pub access_key_id: String,
    /// Signs requests; never leaves this machine.
    pub secret: SecretString,
    /// Goes along with every request of a temporary key.
    pub session_token: Option<SecretString>,
}
