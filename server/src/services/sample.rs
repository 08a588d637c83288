//! The sample account: a key to the built-in simulator.

use domain::{Code, Error};
use secrecy::SecretString;

use crate::aws::{AwsKey, Endpoint};

/// Where the simulator listens, and the key that it knows.
#[derive(Clone)]
pub struct SampleAccount {
    endpoint: Endpoint,
    access_key_id: String,
    secret: SecretString,
}

impl SampleAccount {
    /// Behind this endpoint, with this key.
    #[must_use]
    pub const fn new(endpoint: Endpoint, access_key_id: String, secret: SecretString) -> Self {
        Self {
            endpoint,
            access_key_id,
            secret,
        }
    }

    /// Its key.
    #[must_use]
    pub fn key(&self) -> AwsKey {
        AwsKey {
            access_key_id: self.access_key_id.clone(),
            secret: self.secret.clone(),
            session_token: None,
        }
    }

    /// Where its requests go.
    #[must_use]
    pub fn endpoint(&self) -> Endpoint {
        self.endpoint.clone()
    }
}

/// There is no sample account on this server.
#[must_use]
pub fn switched_off() -> Error {
    Error::new(
        Code::NotAllowed,
        "The sample account is switched off on this server.",
        "Connect an AWS account of your own, or ask the administrator to start the server with \
         --sample-account on.",
    )
}
