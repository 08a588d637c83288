//! From credentials to what a request is signed with: as it is, by taking a
//! role on, or from the server's own environment.

use std::sync::Arc;

use aws_sdk_sts::{
    operation::{
        RequestId,
        assume_role::{AssumeRoleInput, AssumeRoleOutput},
    },
    types::Credentials as AwsCredentials,
};
use chrono::{DateTime, Utc};
use domain::ledger::{Operation, Payer};
use futures::future::{BoxFuture, FutureExt};
use secrecy::SecretString;
use sha2::{Digest, Sha256};

use super::{Asking, engine::Engine};
use crate::aws::{
    classify::{Asked, Failure},
    client::Endpoint,
    error::AwsError,
    key::AwsKey,
    kind::Kind,
    sessions::Signing,
    target::{Credentials, Fingerprint, RoleGrant, Target},
};

/// As long as AWS allows when one role takes on another.
const SESSION_SECONDS: i32 = 3_600;

impl Engine {
    /// What the question is signed with; `renew` when the last answer to this has expired.
    pub(super) fn signing<'a>(
        self: &'a Arc<Self>,
        asking: Asking<'a>,
        renew: bool,
    ) -> BoxFuture<'a, Result<Signing, AwsError>> {
        async move {
            match &asking.target.credentials {
                Credentials::Key(key) => Ok(Signing::stored(key)),
                Credentials::Role { source, role } => {
                    let name = session_name(asking.target);
                    if let Some(kept) = self.kept(&name, renew) {
                        return Ok(kept);
                    }
                    let signing = self.assume_role(asking, source, role).await?;
                    self.sessions.keep(name, signing.clone(), (self.now)());
                    Ok(signing)
                }
                Credentials::Environment => {
                    let name = Credentials::Environment.fingerprint();
                    if let Some(kept) = self.kept(&name, renew) {
                        return Ok(kept);
                    }
                    let asked = Asked {
                        operation: asking.operation,
                        temporary: true,
                        now: (self.now)(),
                    };
                    let found = self.environment.credentials(asked).await;
                    let signing =
                        found.map_err(|failure| AwsError::new(asking.operation, 0, failure))?;
                    self.sessions.keep(name, signing.clone(), (self.now)());
                    Ok(signing)
                }
            }
        }
        .boxed()
    }

    fn kept(&self, name: &Fingerprint, renew: bool) -> Option<Signing> {
        if renew {
            return None;
        }
        self.sessions.fresh(name, (self.now)())
    }

    async fn assume_role(
        self: &Arc<Self>,
        asking: Asking<'_>,
        source: &Credentials,
        role: &RoleGrant,
    ) -> Result<Signing, AwsError> {
        let target = Target {
            credentials: source.clone(),
            // The role's account isn't the one that asks for it.
            payer: Payer {
                aws_account: None,
                ..asking.target.payer.clone()
            },
            endpoint: asking.target.endpoint.clone(),
        };
        let input = AssumeRoleInput::builder()
            .role_arn(&role.arn)
            .role_session_name(&role.session_name)
            .external_id(&role.external_id)
            .duration_seconds(SESSION_SECONDS);
        let asking = Asking::of(&target, Operation::AssumeRole, asking.priority);
        let answered = self
            .ask(asking, input, |input, call| async move {
                input.send_with(&call.sts()).await.map(Assumed::from)
            })
            .await?;
        answered.value.signing.ok_or_else(|| {
            let failure = Failure::of(Kind::Unreadable);
            AwsError::new(asking.operation, answered.attempts, failure)
        })
    }
}

/// What is kept of AWS's answer: its secrets are wiped when the last copy goes.
#[derive(Clone)]
struct Assumed {
    signing: Option<Signing>,
    request_id: Option<String>,
}

impl From<AssumeRoleOutput> for Assumed {
    fn from(mut output: AssumeRoleOutput) -> Self {
        Self {
            request_id: output.request_id().map(str::to_owned),
            signing: output.credentials.take().and_then(session),
        }
    }
}

impl RequestId for Assumed {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }
}

fn session(credentials: AwsCredentials) -> Option<Signing> {
    let expiration = credentials.expiration;
    let until = DateTime::<Utc>::from_timestamp(expiration.secs(), expiration.subsec_nanos())?;
    let key = AwsKey {
        access_key_id: credentials.access_key_id,
        secret: SecretString::from(credentials.secret_access_key),
        session_token: Some(SecretString::from(credentials.session_token)),
    };
    Some(Signing {
        key: Arc::new(key),
        until: Some(until),
        renewable: true,
    })
}

/// The same role by the same credentials at the same place.
fn session_name(target: &Target) -> Fingerprint {
    let mut hash = Sha256::new();
    hash.update(target.credentials.fingerprint());
    if let Endpoint::At(url) = &target.endpoint {
        hash.update(url.as_str());
    }
    hash.finalize().into()
}
