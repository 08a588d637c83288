//! Connections by the server's own credentials: for administrators only, and
//! only where the operator has switched them on.

use async_trait::async_trait;
use domain::{
    Error, Result,
    account::{Connection, ConnectionId, ConnectionKind},
    ports::Environment,
    user::User,
    ways::AwsIdentity,
};

use super::{
    ConnectionService,
    input::checked_name,
    proof::{Candidate, Means},
    refusals::no_environment,
};
use crate::{aws::Credentials, services::own};

#[async_trait]
impl Environment for ConnectionService {
    async fn look(&self, user: &User) -> Result<AwsIdentity> {
        self.require_environment(user)?;
        let identity = self.source_identity(user, Credentials::Environment).await?;
        *self.known_environment() = Some(identity.clone());
        Ok(identity)
    }

    async fn connect(&self, user: &User, name: &str) -> Result<Connection> {
        self.require_environment(user)?;
        let candidate = Candidate {
            name: checked_name(name)?,
            kind: ConnectionKind::Environment,
            credentials: Credentials::Environment,
            means: Means::default(),
            draft: None,
        };
        self.connect(user, candidate).await
    }

    async fn renew(&self, user: &User, id: ConnectionId) -> Result<Connection> {
        let stored = own(&self.store, user.id, id).await?;
        self.require_environment(user)?;
        if stored.kind != ConnectionKind::Environment {
            return Err(Error::not_found("connection"));
        }
        let means = Means::default();
        self.replace(user, &stored, Credentials::Environment, means, "")
            .await
    }
}

impl ConnectionService {
    pub(super) fn require_environment(&self, user: &User) -> Result<()> {
        if self.may_use_environment(user) {
            Ok(())
        } else {
            Err(no_environment())
        }
    }

    /// Who AWS says somebody is: free.
    pub(super) async fn source_identity(
        &self,
        user: &User,
        credentials: Credentials,
    ) -> Result<AwsIdentity> {
        let target = self.target(user, credentials, ConnectionKind::Role)?;
        let identity = self.identity(&target).await.map_err(super::proof::told)?;
        Ok(AwsIdentity {
            account: identity.account,
            arn: identity.arn,
        })
    }
}
