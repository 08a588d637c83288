//! The server's own credentials, wherever the AWS SDK finds them. Only where
//! the operator has switched it on: else people would see the costs of whoever
//! runs the server.

use std::{sync::Arc, time::Duration};

use aws_config::{
    Region, default_provider::credentials::DefaultCredentialsChain, provider_config::ProviderConfig,
};
use aws_sdk_sts::config::{Credentials, ProvideCredentials};
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;

use super::{
    classify::{Asked, Failure, provider_failure},
    key::AwsKey,
    sessions::Signing,
    table::Circumstance,
};

/// Variables, files, tokens, and the container's or the instance's metadata service.
const PATIENCE: Duration = Duration::from_secs(10);
/// Credentials without an end may be replaced at any time: how soon it is noticed.
/// The sessions' own margin comes off it.
const LOOKED_UP_AGAIN: TimeDelta = TimeDelta::minutes(10);

/// Looks them up.
pub(super) struct Environment {
    switched_on: bool,
}

impl Environment {
    pub(super) const fn new(switched_on: bool) -> Self {
        Self { switched_on }
    }

    /// What is there now.
    pub(super) async fn credentials(&self, asked: Asked) -> Result<Signing, Failure> {
        if !self.switched_on {
            return Err(Failure::of(Circumstance::SwitchedOff.kind()));
        }
        let found = tokio::time::timeout(PATIENCE, look_up(asked)).await;
        match found {
            Ok(Ok(credentials)) => Ok(signing(&credentials, asked.now)),
            Ok(Err(failure)) => Err(failure),
            Err(_) => Err(Failure::of(Circumstance::NoneFound.kind())),
        }
    }
}

/// Anew each time: files and variables of containers change.
async fn look_up(asked: Asked) -> Result<Credentials, Failure> {
    let chain = DefaultCredentialsChain::builder()
        .configure(ProviderConfig::without_region())
        .region(Region::from_static("us-east-1"))
        .build()
        .await;
    chain
        .provide_credentials()
        .await
        .map_err(|error| provider_failure(&error, asked))
}

fn signing(credentials: &Credentials, now: DateTime<Utc>) -> Signing {
    let until = credentials
        .expiry()
        .map_or(now + LOOKED_UP_AGAIN, DateTime::<Utc>::from);
    Signing {
        key: Arc::new(AwsKey {
            access_key_id: credentials.access_key_id().to_owned(),
            secret: SecretString::from(credentials.secret_access_key()),
            session_token: credentials.session_token().map(SecretString::from),
        }),
        until: Some(until),
        renewable: true,
    }
}
