//! Connections: proved with AWS before they are kept; keys are never shown again.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use domain::{
    Code, Error, Result,
    account::{Connection, ConnectionId, ConnectionKind},
    expiry::KeyEnd,
    ports::{Connections, NewKey},
    role::{Role, RoleSource},
    user::{User, UserId},
    ways::AwsIdentity,
};

use super::{
    access::Access, caps, clock::Clock, doctor::DoctorService, internal, keys::Keys, own,
    remembered::Remembered, sample::SampleAccount, state,
};
use crate::{
    aws::Gateway,
    jobs::sync::Syncer,
    store::{Store, connections::StoredConnection},
};

mod environment;
mod input;
mod key;
mod proof;
mod refusals;
mod role;
mod source;

/// Implements [`Connections`], [`domain::ports::Roles`] and [`domain::ports::Environment`].
pub struct ConnectionService {
    store: Store,
    clock: Clock,
    keys: Keys,
    access: Access,
    gateway: Arc<Gateway>,
    syncer: Arc<Syncer>,
    doctor: Arc<DoctorService>,
    offers: Offers,
    /// Whose the server's own credentials were when somebody last asked AWS.
    environment: Mutex<Option<AwsIdentity>>,
    lists: Remembered<UserId, Vec<Connection>>,
}

/// What people may connect besides keys and roles of their own.
pub struct Offers {
    /// The built-in simulator.
    pub sample: Option<SampleAccount>,
    /// The server's own credentials, for administrators.
    pub environment: bool,
}

impl ConnectionService {
    /// Puts the parts together.
    #[must_use]
    #[expect(
        clippy::too_many_arguments,
        reason = "one for each part it puts together"
    )]
    pub fn new(
        store: Store,
        clock: Clock,
        keys: Keys,
        access: Access,
        gateway: Arc<Gateway>,
        syncer: Arc<Syncer>,
        doctor: Arc<DoctorService>,
        offers: Offers,
    ) -> Self {
        Self {
            store,
            clock,
            keys,
            access,
            gateway,
            syncer,
            doctor,
            offers,
            environment: Mutex::new(None),
            lists: Remembered::default(),
        }
    }

    async fn view(&self, stored: StoredConnection) -> Result<Connection> {
        let holder = self.access.key_holder(&stored).await?;
        let now = self.clock.now();
        let ends_at = holder.as_ref().and_then(|holder| holder.key_ends_at);
        let token = |holder: &StoredConnection| {
            (holder.key.as_ref()).is_some_and(|key| key.session_token.is_some())
        };
        let temporary = holder.as_ref().is_some_and(token);
        let source_name = holder
            .filter(|holder| holder.id != stored.id)
            .map(|source| source.name);
        Ok(Connection {
            sync: state::of(&self.store, self.clock, stored.id).await?,
            cap: caps::status(&self.store, self.clock, &stored).await?,
            id: stored.id,
            name: stored.name,
            kind: stored.kind,
            key_hint: stored.key_hint,
            temporary,
            key_end: ends_at.map(|at| KeyEnd::new(at, now)),
            role: stored.role.map(|role| Role {
                arn: role.arn,
                external_id: role.external_id,
                source: role.source,
                source_name,
                source_arn: role.source_arn,
            }),
            aws_account: stored.aws_account,
            arn: stored.arn,
            created_at: stored.created_at,
            warnings: Vec::new(),
        })
    }

    /// Where the server's own credentials concern this person.
    fn may_use_environment(&self, user: &User) -> bool {
        self.offers.environment && user.role == domain::user::Role::Administrator
    }

    fn known_environment(&self) -> std::sync::MutexGuard<'_, Option<AwsIdentity>> {
        // A single value: whole after any panic.
        self.environment
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Connections for ConnectionService {
    async fn list(&self, user: &User) -> Result<Vec<Connection>> {
        let make = async || {
            let stored = self.store.connections().list(user.id).await;
            let mut connections = Vec::new();
            for stored in stored.map_err(|error| internal("listing connections", &error))? {
                connections.push(self.view(stored).await?);
            }
            Ok(connections)
        };
        self.lists.get(&self.store, user.id, make).await
    }

    async fn get(&self, user: &User, id: ConnectionId) -> Result<Connection> {
        self.view(own(&self.store, user.id, id).await?).await
    }

    async fn create(&self, user: &User, name: &str, key: NewKey) -> Result<Connection> {
        self.connect_key(user, name, key).await
    }

    async fn create_sample(&self, user: &User) -> Result<Connection> {
        self.connect_sample(user).await
    }

    async fn rename(&self, user: &User, id: ConnectionId, name: &str) -> Result<Connection> {
        let name = input::checked_name(name)?;
        let renamed = self
            .store
            .connections()
            .rename(user.id, id, &name, self.clock.now())
            .await;
        if renamed.map_err(|error| internal("renaming a connection", &error))? {
            self.get(user, id).await
        } else {
            Err(Error::not_found("connection"))
        }
    }

    async fn replace_key(&self, user: &User, id: ConnectionId, key: NewKey) -> Result<Connection> {
        let stored = own(&self.store, user.id, id).await?;
        let own_key = stored.kind == ConnectionKind::AccessKey
            || (stored.role.as_ref()).is_some_and(|role| role.source == RoleSource::OwnKey);
        if !own_key {
            return Err(Error::new(
                Code::Conflict,
                "This connection has no key of its own.",
                "Replace what it signs in with instead.",
            )
            .with_link(format!("/connections/{id}")));
        }
        self.replace_own_key(user, stored, key).await
    }

    async fn delete(&self, user: &User, id: ConnectionId) -> Result<()> {
        // Looked up first: nobody stops somebody else's sync.
        let stored = own(&self.store, user.id, id).await?;
        self.refuse_needed(user, &stored).await?;
        self.syncer.stop(id).await;
        let deleted = self.store.connections().delete(user.id, id).await;
        if deleted.map_err(|error| internal("deleting a connection", &error))? {
            return Ok(());
        }
        // Something began to depend on it in between, or it is gone.
        self.refuse_needed(user, &stored).await?;
        Err(Error::not_found("connection"))
    }
}

impl ConnectionService {
    async fn refuse_needed(&self, user: &User, stored: &StoredConnection) -> Result<()> {
        let dependents = self
            .store
            .connections()
            .dependents(user.id, stored.id)
            .await;
        let dependents =
            dependents.map_err(|error| internal("finding what depends on a connection", &error))?;
        refusals::in_use(&stored.name, &dependents).map_or(Ok(()), Err)
    }
}
