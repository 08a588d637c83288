//! Who takes a role on: a key for it alone, another connection's key, or the
//! server's own credentials.

use std::sync::Arc;

use domain::{
    Code, Error, Result,
    account::ConnectionKind,
    ports::NewSource,
    role::{ExternalId, RoleArn, RoleSource},
    user::User,
    ways::AwsIdentity,
};
use uuid::Uuid;

use super::{ConnectionService, input::TypedKey, refusals::no_draft};
use crate::{
    aws::{AwsKey, Credentials},
    services::{access::taking_on, internal, keys::KeyPlace, own},
    store::{StoreError, drafts::StoredDraft},
};

/// Who is to take a role on, and what is kept of that.
pub(super) struct Source {
    pub source: RoleSource,
    pub identity: AwsIdentity,
    /// Where it was entered for this role alone.
    pub key: Option<TypedKey>,
}

impl ConnectionService {
    /// Asks AWS who the source is: free.
    pub(super) async fn new_source(&self, user: &User, source: NewSource) -> Result<Source> {
        match source {
            NewSource::Key(key) => {
                let typed = TypedKey::read(key, self.clock.now())?;
                let credentials = Credentials::Key(Arc::clone(&typed.key));
                Ok(Source {
                    source: RoleSource::OwnKey,
                    identity: self.source_identity(user, credentials).await?,
                    key: Some(typed),
                })
            }
            NewSource::Connection(id) => {
                let stored = own(&self.store, user.id, id).await?;
                if stored.kind != ConnectionKind::AccessKey {
                    return Err(Error::not_found("connection"));
                }
                let target = self.access.target(&stored).await?;
                let identity = match self.identity(&target).await {
                    Ok(identity) => identity,
                    Err(error) => {
                        return Err(self.access.explain(&stored, &target, &error).await);
                    }
                };
                Ok(Source {
                    source: RoleSource::Connection(id),
                    identity: AwsIdentity {
                        account: identity.account,
                        arn: identity.arn,
                    },
                    key: None,
                })
            }
            NewSource::Environment => {
                self.require_environment(user)?;
                let credentials = Credentials::Environment;
                let identity = self.source_identity(user, credentials).await?;
                *self.known_environment() = Some(identity.clone());
                Ok(Source {
                    source: RoleSource::Environment,
                    identity,
                    key: None,
                })
            }
        }
    }

    /// The key that was entered for a draft's role.
    pub(super) fn draft_key(&self, draft: &StoredDraft) -> Result<Arc<AwsKey>> {
        if draft.key_ends_at.is_some_and(|at| at <= self.clock.now()) {
            return Err(Error::new(
                Code::AwsExpiredToken,
                "The temporary key that was entered for this role has expired.",
                "Begin again with a new key. The role's trust policy then needs the new ExternalId.",
            )
            .with_link("/connect?way=role"));
        }
        let unreadable = || {
            let error = StoreError::Unreadable("secret_sealed");
            internal("opening an unfinished role's key", &error)
        };
        let sealed = draft.key.as_ref().ok_or_else(unreadable)?;
        let place = KeyPlace::Draft(draft.user, draft.id);
        Ok(Arc::new(self.keys.open(place, sealed)?))
    }

    /// What a role is taken on with.
    pub(super) async fn source_credentials(
        &self,
        user: &User,
        source: RoleSource,
        own_key: Option<Arc<AwsKey>>,
    ) -> Result<Credentials> {
        match (source, own_key) {
            (RoleSource::OwnKey, Some(key)) => Ok(Credentials::Key(key)),
            (RoleSource::OwnKey, None) => Err(no_draft()),
            (RoleSource::Connection(id), _) => {
                let stored = own(&self.store, user.id, id).await?;
                Ok(Credentials::Key(self.access.own_key(&stored)?))
            }
            (RoleSource::Environment, _) => {
                self.require_environment(user)?;
                Ok(Credentials::Environment)
            }
        }
    }

    /// Whether the role can be taken on with any ExternalId: AWS advises to try.
    /// Then whoever knows its ARN could have somebody like us take it on for them.
    pub(super) async fn role_warnings(
        &self,
        user: &User,
        source: Credentials,
        role: &RoleArn,
    ) -> Result<Vec<String>> {
        let other = ExternalId::from_random(Uuid::new_v4().as_u128());
        let credentials = taking_on(source, role, &other);
        let target = self.target(user, credentials, ConnectionKind::Role)?;
        Ok(match self.identity(&target).await {
            Ok(_) => vec![
                "The role can be taken on without this ExternalId. Put the condition of the trust \
                 policy below into it."
                    .to_owned(),
            ],
            Err(_) => Vec::new(),
        })
    }
}
