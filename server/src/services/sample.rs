//! The sample account: a key to the built-in simulator.

use domain::{Code, Error, Result, account::ConnectionKind};
use secrecy::SecretString;

use crate::aws::{AwsKey, Endpoint, Gateway};

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

    /// Where a connection's requests go.
    ///
    /// # Errors
    /// When it is a sample connection and there is no sample account any more.
    pub fn endpoint_for(
        sample: Option<&Self>,
        kind: ConnectionKind,
        gateway: &Gateway,
    ) -> Result<Endpoint> {
        match kind {
            ConnectionKind::AccessKey => Ok(gateway.default_endpoint()),
            ConnectionKind::Sample => sample
                .map(|sample| sample.endpoint.clone())
                .ok_or_else(switched_off),
        }
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
