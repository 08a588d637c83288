//! Who asks, and where.

use std::sync::Arc;

use domain::{account::AwsAccountId, ledger::Payer};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};

use super::{client::Endpoint, key::AwsKey};

/// Who asks, and where.
#[derive(Clone)]
pub struct Target {
    /// Sign the requests.
    pub credentials: Credentials,
    /// Whose requests they are. Its AWS account, once known, names the queue.
    pub payer: Payer,
    /// Where they go: [`super::Gateway::default_endpoint`], or the sample account's simulator.
    pub endpoint: Endpoint,
}

/// What requests are signed with.
#[derive(Clone)]
pub enum Credentials {
    /// A stored key, with or without a session token.
    Key(Arc<AwsKey>),
    /// A role that is taken on with other credentials.
    Role {
        /// A key, or the server's environment.
        source: Box<Credentials>,
        /// Which role.
        role: RoleGrant,
    },
    /// What the server finds in its own environment: variables, profile, web
    /// identity, container or instance. Only where the operator switched it on.
    Environment,
}

impl Credentials {
    /// The id of the stored key behind them; `None` where it is the server's own.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        match self {
            Self::Key(key) => Some(&key.access_key_id),
            Self::Role { source, .. } => source.key_id(),
            Self::Environment => None,
        }
    }
}

/// A role that somebody lets this server take on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RoleGrant {
    /// Names it.
    pub arn: String,
    /// Ours for this connection: keeps others from making us use their role.
    pub external_id: String,
    /// What AWS's own logs call us.
    pub session_name: String,
}

/// Tells credentials apart without holding them.
pub(super) type Fingerprint = [u8; 32];

impl Credentials {
    /// Two that differ in anything, a secret too, differ in this: nobody gets
    /// the answer to a question that they couldn't have asked.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        let mut hash = Sha256::new();
        self.feed(&mut hash);
        hash.finalize().into()
    }

    fn feed(&self, hash: &mut Sha256) {
        let mut part = |text: &str| {
            hash.update(text.len().to_be_bytes());
            hash.update(text);
        };
        match self {
            Self::Key(key) => {
                part("key");
                part(&key.access_key_id);
                part(key.secret.expose_secret());
                part(
                    key.session_token
                        .as_ref()
                        .map_or("", |token| token.expose_secret()),
                );
            }
            Self::Role { source, role } => {
                part("role");
                part(&role.arn);
                part(&role.external_id);
                part(&role.session_name);
                source.feed(hash);
            }
            Self::Environment => part("environment"),
        }
    }

    /// What their queue is called while it isn't known whose account they belong to.
    fn name(&self) -> &str {
        match self {
            Self::Key(key) => &key.access_key_id,
            Self::Role { role, .. } => &role.arn,
            Self::Environment => "environment",
        }
    }
}

impl Target {
    /// Names the queue. Two connections to one AWS account share it; credentials
    /// whose account isn't known yet have one of their own, and so has the simulator.
    pub(super) fn lane(&self, region: Option<&str>) -> String {
        let account = self.payer.aws_account.as_ref();
        let mut name = account
            .map_or(self.credentials.name(), AwsAccountId::as_str)
            .to_owned();
        if let Some(region) = region {
            name = format!("{name} in {region}");
        }
        match &self.endpoint {
            Endpoint::Aws => name,
            Endpoint::At(loopback) => format!("{name} at {loopback}"),
        }
    }
}
