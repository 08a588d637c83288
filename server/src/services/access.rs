//! How a stored connection gets at AWS: opens its key, its source's, or the
//! server's own credentials. Everything that asks AWS on behalf of a connection
//! goes through here, so that a key that has ended burns no request.

use std::sync::Arc;

use domain::{
    Code, Error, Result,
    account::{AwsAccountId, ConnectionKind},
    ledger::{Operation, Payer},
    role::{ExternalId, RoleArn, RoleSource},
};

use super::{
    clock::Clock,
    internal,
    keys::{KeyPlace, Keys},
    own,
    sample::{self, SampleAccount},
};
use crate::{
    aws::{AwsError, AwsKey, Credentials, Endpoint, Gateway, Kind, Priority, RoleGrant, Target},
    store::{
        Store, StoreError,
        connections::{SealedKey, StoredConnection, StoredRole},
    },
};

/// What AWS's own logs call us.
const SESSION_NAME: &str = "cost-tracker";

/// Opens stored connections for calls to AWS.
#[derive(Clone)]
pub struct Access {
    store: Store,
    clock: Clock,
    keys: Keys,
    gateway: Arc<Gateway>,
    sample: Option<SampleAccount>,
}

/// By what a connection signs in: the key as it is sealed, which differs each time, and the role.
#[derive(Eq, PartialEq)]
pub struct Means {
    key: Option<SealedKey>,
    role: Option<StoredRole>,
}

impl Access {
    /// Puts the parts together; without a sample account nothing leads there.
    #[must_use]
    pub const fn new(
        store: Store,
        clock: Clock,
        keys: Keys,
        gateway: Arc<Gateway>,
        sample: Option<SampleAccount>,
    ) -> Self {
        Self {
            store,
            clock,
            keys,
            gateway,
            sample,
        }
    }

    /// What to ask AWS with, on behalf of a connection.
    ///
    /// # Errors
    /// [`Code::AwsExpiredToken`] when its key, or its source's, has ended;
    /// when a sealed key doesn't open; when the sample account is switched off; when
    /// the server's own credentials lead to another account by now.
    pub async fn target(&self, connection: &StoredConnection) -> Result<Target> {
        let target = Target {
            credentials: self.credentials(connection).await?,
            payer: Payer {
                user: connection.user,
                connection: Some(connection.id),
                aws_account: Some(connection.aws_account.clone()),
            },
            endpoint: self.endpoint(connection.kind)?,
        };
        if connection.kind == ConnectionKind::Environment {
            self.same_account(connection, &target).await?;
        }
        Ok(target)
    }

    /// Whoever runs the server may exchange its credentials at any time, for those of
    /// another account too: its costs must not end up among this one's. Asking is free.
    async fn same_account(&self, connection: &StoredConnection, target: &Target) -> Result<()> {
        let identity = self.gateway.identity(target, Priority::Sync).await;
        let account = identity.map_err(|error| error.to_domain())?.account;
        if account == connection.aws_account {
            Ok(())
        } else {
            Err(environments_account(&account, &connection.aws_account))
        }
    }

    /// By what a connection signs in now: other than before when somebody has put another key
    /// or role in place.
    ///
    /// # Errors
    /// When the store fails, or its source is gone.
    pub async fn means(&self, connection: &StoredConnection) -> Result<Means> {
        let holder = self.key_holder(connection).await?;
        Ok(Means {
            key: holder.and_then(|holder| holder.key),
            role: connection.role.clone(),
        })
    }

    /// What a failure of such a call means for the person. A temporary key that
    /// AWS calls expired is remembered as such, unless another is there by now.
    pub async fn explain(
        &self,
        connection: &StoredConnection,
        target: &Target,
        error: &AwsError,
    ) -> Error {
        let told = error.to_domain();
        // The session of a role that ran out says nothing about the key behind it.
        let of_session =
            connection.kind == ConnectionKind::Role && error.operation != Operation::AssumeRole;
        if error.kind != Kind::ExpiredToken || of_session {
            return told;
        }
        let holder = match self.key_holder(connection).await {
            Ok(Some(holder)) => holder,
            Ok(None) => return told,
            Err(error) => return error,
        };
        let place = KeyPlace::Connection(holder.user, holder.id);
        let key = holder.key.as_ref().map(|key| self.keys.open(place, key));
        let is_the_same = match key {
            Some(Ok(key)) => target.credentials.key_id() == Some(&*key.access_key_id),
            Some(Err(error)) => return error,
            None => false,
        };
        if !is_the_same {
            return told;
        }
        let now = self.clock.now();
        match self.store.connections().key_has_ended(&holder, now).await {
            Ok(()) => ended(&holder),
            Err(error) => internal("noting that a key has ended", &error),
        }
    }

    /// The connection whose stored key this one signs in with: itself or its
    /// source; `None` where it is the server's own credentials.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn key_holder(
        &self,
        connection: &StoredConnection,
    ) -> Result<Option<StoredConnection>> {
        if connection.key.is_some() {
            return Ok(Some(connection.clone()));
        }
        match connection.role.as_ref().map(|role| role.source) {
            Some(RoleSource::Connection(id)) => {
                own(&self.store, connection.user, id).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Where connections of a kind lead.
    ///
    /// # Errors
    /// When it is the sample account and there is none any more.
    pub fn endpoint(&self, kind: ConnectionKind) -> Result<Endpoint> {
        match kind {
            ConnectionKind::AccessKey | ConnectionKind::Role | ConnectionKind::Environment => {
                Ok(self.gateway.default_endpoint())
            }
            ConnectionKind::Sample => self
                .sample
                .as_ref()
                .map(SampleAccount::endpoint)
                .ok_or_else(sample::switched_off),
        }
    }

    /// A connection's own key, unless it has ended.
    ///
    /// # Errors
    /// As [`Access::target`].
    pub fn own_key(&self, connection: &StoredConnection) -> Result<Arc<AwsKey>> {
        let has_ended = connection
            .key_ends_at
            .is_some_and(|at| at <= self.clock.now());
        if has_ended {
            return Err(ended(connection));
        }
        let sealed = connection
            .key
            .as_ref()
            .ok_or_else(|| internal("opening a key", &StoreError::Unreadable("secret_sealed")))?;
        let place = KeyPlace::Connection(connection.user, connection.id);
        Ok(Arc::new(self.keys.open(place, sealed)?))
    }

    async fn credentials(&self, connection: &StoredConnection) -> Result<Credentials> {
        let own_key = || self.own_key(connection).map(Credentials::Key);
        match (connection.kind, &connection.role) {
            (ConnectionKind::AccessKey | ConnectionKind::Sample, _) => own_key(),
            (ConnectionKind::Environment, _) => Ok(Credentials::Environment),
            (ConnectionKind::Role, Some(role)) => {
                let source = match role.source {
                    RoleSource::OwnKey => own_key()?,
                    RoleSource::Environment => Credentials::Environment,
                    RoleSource::Connection(id) => {
                        let source = own(&self.store, connection.user, id).await?;
                        Credentials::Key(self.own_key(&source)?)
                    }
                };
                Ok(taking_on(source, &role.arn, &role.external_id))
            }
            (ConnectionKind::Role, None) => Err(internal(
                "opening a connection",
                &StoreError::Unreadable("role_arn"),
            )),
        }
    }
}

/// A role, taken on with other credentials.
#[must_use]
pub fn taking_on(source: Credentials, role: &RoleArn, external_id: &ExternalId) -> Credentials {
    Credentials::Role {
        source: Box::new(source),
        role: RoleGrant {
            arn: role.as_str().to_owned(),
            external_id: external_id.as_str().to_owned(),
            session_name: SESSION_NAME.to_owned(),
        },
    }
}

/// The server's own credentials lead to another account than they did.
#[must_use]
pub fn environments_account(got: &AwsAccountId, wanted: &AwsAccountId) -> Error {
    Error::new(
        Code::Conflict,
        format!(
            "The server's credentials belong to AWS account {got} now, the connection to {wanted}."
        ),
        "Make a new connection for the other account. Delete this one when you don't need its costs \
         any more.",
    )
}

/// Its temporary key has ended.
fn ended(holder: &StoredConnection) -> Error {
    Error::new(
        Code::AwsExpiredToken,
        format!("The temporary key of “{}” has expired.", holder.name),
        "Get a new access key, secret and session token, and replace all three. Nothing is asked \
         of AWS until then.",
    )
    .with_link(format!("/connections/{}#replace", holder.id))
}
