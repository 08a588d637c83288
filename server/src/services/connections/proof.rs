//! Proves with AWS what somebody wants to connect with, before it is kept.

use std::sync::Arc;

use domain::{
    Code, Error, Result,
    account::{AwsAccountId, Connection, ConnectionId, ConnectionKind, key_hint},
    draft::DraftId,
    ledger::Payer,
    user::User,
};
use uuid::Uuid;

use super::{
    ConnectionService,
    refusals::{connected_already, other_account},
};
use crate::{
    aws::{AwsError, AwsKey, Credentials, Identity, Priority, Target},
    services::{internal, keys::KeyPlace, own},
    store::{
        StoreError,
        connections::{InsertConnectionError, Replaced, SealedKey, StoredConnection, StoredRole},
        jobs::JobKind,
    },
};

/// What somebody wants to connect with.
pub(super) struct Candidate {
    pub name: String,
    pub kind: ConnectionKind,
    pub credentials: Credentials,
    pub means: Means,
    /// The draft that becomes the connection.
    pub draft: Option<DraftId>,
}

/// What is kept of it, besides what AWS says.
#[derive(Default)]
pub(super) struct Means {
    pub key: Option<Arc<AwsKey>>,
    pub key_ends_at: Option<chrono::DateTime<chrono::Utc>>,
    pub role: Option<StoredRole>,
}

impl Means {
    fn key_hint(&self) -> String {
        let key = self.key.as_ref();
        key.map_or_else(String::new, |key| key_hint(&key.access_key_id))
    }
}

impl ConnectionService {
    /// Asks AWS who it is (free), then for one day's cost (priced), and stores it
    /// only if both worked. The free question also finds a connection that exists
    /// already, before anything is paid.
    pub(super) async fn connect(&self, user: &User, candidate: Candidate) -> Result<Connection> {
        let mut target = self.target(user, candidate.credentials, candidate.kind)?;
        let identity = self.identity(&target).await.map_err(told)?;
        self.refuse_second(user, &identity.account).await?;
        target.payer.aws_account = Some(identity.account.clone());
        // The built-in simulator needs no proof, and nothing is paid to it.
        if candidate.kind != ConnectionKind::Sample {
            self.prove_cost_explorer(&target).await?;
        }
        let id = ConnectionId(Uuid::new_v4());
        let now = self.clock.now();
        let new = StoredConnection {
            id,
            user: user.id,
            name: candidate.name,
            kind: candidate.kind,
            key_hint: candidate.means.key_hint(),
            key: self.sealed(user, id, &candidate.means)?,
            key_ends_at: candidate.means.key_ends_at,
            role: candidate.means.role,
            aws_account: identity.account,
            arn: identity.arn,
            created_at: now,
            updated_at: now,
        };
        let connections = self.store.connections();
        let stored = match candidate.draft {
            Some(draft) => connections.insert_for_draft(&new, draft).await,
            None => connections.insert(&new).await,
        };
        match stored {
            Ok(()) => {}
            Err(InsertConnectionError::Conflict(other)) => return Err(connected_already(other)),
            // The draft, or the connection whose key takes the role on, was deleted meanwhile.
            Err(InsertConnectionError::Store(StoreError::OwnerGone)) => {
                return Err(Error::not_found("unfinished role"));
            }
            Err(InsertConnectionError::Store(error)) => {
                return Err(internal("storing a connection", &error));
            }
        }
        self.syncer.start(user.id, id, JobKind::First).await?;
        self.doctor.look_at_what_is_free(user, id).await;
        self.view(new).await
    }

    /// Proves another way into a connection's AWS account, puts it in the place
    /// of the old one, and asks for what the old one couldn't fetch. `field` is
    /// what an error is about.
    pub(super) async fn replace(
        &self,
        user: &User,
        stored: &StoredConnection,
        credentials: Credentials,
        means: Means,
        field: &str,
    ) -> Result<Connection> {
        let mut target = self.target(user, credentials, stored.kind)?;
        target.payer.connection = Some(stored.id);
        let identity = self.identity(&target).await.map_err(told)?;
        if identity.account != stored.aws_account {
            return Err(other_account(field, &identity.account, &stored.aws_account));
        }
        target.payer.aws_account = Some(identity.account);
        self.prove_cost_explorer(&target).await?;
        let new = Replaced {
            key_hint: means.key_hint(),
            key: self.sealed(user, stored.id, &means)?,
            key_ends_at: means.key_ends_at,
            role: means.role,
            arn: identity.arn,
        };
        let now = self.clock.now();
        let replaced = self
            .store
            .connections()
            .replace(user.id, stored.id, &new, now)
            .await;
        if !replaced.map_err(|error| internal("replacing a key", &error))? {
            return Err(Error::not_found("connection"));
        }
        self.syncer
            .start(user.id, stored.id, JobKind::Refresh)
            .await?;
        self.view(own(&self.store, user.id, stored.id).await?).await
    }

    pub(super) fn target(
        &self,
        user: &User,
        credentials: Credentials,
        kind: ConnectionKind,
    ) -> Result<Target> {
        Ok(Target {
            credentials,
            payer: Payer {
                user: user.id,
                connection: None,
                aws_account: None,
            },
            endpoint: self.access.endpoint(kind)?,
        })
    }

    pub(super) async fn identity(
        &self,
        target: &Target,
    ) -> std::result::Result<Identity, AwsError> {
        self.gateway.identity(target, Priority::Person).await
    }

    pub(super) async fn refuse_second(&self, user: &User, account: &AwsAccountId) -> Result<()> {
        let other = self.store.connections().to_account(user.id, account).await;
        match other.map_err(|error| internal("finding a connection", &error))? {
            Some(other) => Err(connected_already(other)),
            None => Ok(()),
        }
    }

    async fn prove_cost_explorer(&self, target: &Target) -> Result<()> {
        match self
            .gateway
            .probe(target, self.clock.today(), Priority::Person)
            .await
        {
            Ok(()) => Ok(()),
            Err(error) => match told(error) {
                // A brand-new account has no costs yet; the key is right all the same.
                error if error.code == Code::AwsNoData => Ok(()),
                error => Err(error),
            },
        }
    }

    fn sealed(&self, user: &User, id: ConnectionId, means: &Means) -> Result<Option<SealedKey>> {
        let place = KeyPlace::Connection(user.id, id);
        let key = means.key.as_ref();
        key.map(|key| self.keys.seal(place, key)).transpose()
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
pub(super) fn told(error: AwsError) -> Error {
    error.to_domain()
}
