//! Connections: a key is proved with AWS before it is kept, and never shown again.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    Code, Error, Result,
    account::{AwsAccountId, Connection, ConnectionId, ConnectionKind, key_hint, key_warnings},
    ledger::Payer,
    ports::{Connections, NewKey},
    user::User,
};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::{
    clock::Clock,
    internal,
    keys::Keys,
    sample::{self, SampleAccount},
    state,
};
use crate::{
    aws::{AwsKey, Credentials, Endpoint, Gateway, Identity, Priority, Target},
    jobs::sync::Syncer,
    store::{
        Store,
        connections::{InsertConnectionError, ReplacedKey, StoredConnection},
        jobs::JobKind,
    },
};

const NAME_MAX: usize = 80;
/// AWS's own limit for an access key id.
const KEY_ID_MAX: usize = 128;
/// Far above any secret or token that AWS gives out.
const SECRET_MAX: usize = 8_192;

/// Implements [`Connections`].
pub struct ConnectionService {
    store: Store,
    clock: Clock,
    keys: Keys,
    gateway: Arc<Gateway>,
    syncer: Arc<Syncer>,
    sample: Option<SampleAccount>,
}

impl ConnectionService {
    /// Puts the parts together; without a sample account nobody can connect to one.
    #[must_use]
    pub const fn new(
        store: Store,
        clock: Clock,
        keys: Keys,
        gateway: Arc<Gateway>,
        syncer: Arc<Syncer>,
        sample: Option<SampleAccount>,
    ) -> Self {
        Self {
            store,
            clock,
            keys,
            gateway,
            syncer,
            sample,
        }
    }

    async fn stored(&self, user: &User, id: ConnectionId) -> Result<StoredConnection> {
        let found = self.store.connections().get(user.id, id).await;
        found
            .map_err(|error| internal("finding a connection", &error))?
            .ok_or_else(|| Error::not_found("connection"))
    }

    async fn view(&self, stored: StoredConnection) -> Result<Connection> {
        Ok(Connection {
            sync: state::of(&self.store, stored.id).await?,
            id: stored.id,
            name: stored.name,
            kind: stored.kind,
            key_hint: stored.key_hint,
            temporary: stored.key.session_token.is_some(),
            aws_account: stored.aws_account,
            arn: stored.arn,
            created_at: stored.created_at,
            warnings: Vec::new(),
        })
    }

    /// Asks AWS whose key it is (free), then for one day's cost (priced), and
    /// stores it only if both worked. The free question also finds a connection
    /// that exists already, before anything is paid.
    async fn connect(
        &self,
        user: &User,
        name: String,
        key: AwsKey,
        kind: ConnectionKind,
    ) -> Result<Connection> {
        let key = Arc::new(key);
        let endpoint = self.endpoint(kind)?;
        let mut target = target(user, Arc::clone(&key), endpoint);
        let identity = self.identity(&target).await?;
        self.refuse_second(user, &identity.account).await?;
        target.payer.aws_account = Some(identity.account.clone());
        self.prove_cost_explorer(&target).await?;
        let id = ConnectionId(Uuid::new_v4());
        let now = self.clock.now();
        let new = StoredConnection {
            id,
            user: user.id,
            name,
            kind,
            key_hint: key_hint(&key.access_key_id),
            key: self.keys.seal(user.id, id, &key)?,
            aws_account: identity.account,
            arn: identity.arn,
            created_at: now,
            updated_at: now,
        };
        match self.store.connections().insert(&new).await {
            Ok(()) => {}
            Err(InsertConnectionError::Conflict(other)) => return Err(connected_already(other)),
            Err(InsertConnectionError::Store(error)) => {
                return Err(internal("storing a connection", &error));
            }
        }
        self.syncer.start(user.id, id, JobKind::First).await?;
        self.view(new).await
    }

    async fn identity(&self, target: &Target) -> Result<Identity> {
        self.gateway
            .identity(target, Priority::Person)
            .await
            .map_err(|error| error.to_domain())
    }

    async fn refuse_second(&self, user: &User, account: &AwsAccountId) -> Result<()> {
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
            Err(error) => match error.to_domain() {
                // A brand-new account has no costs yet; the key is right all the same.
                error if error.code == Code::AwsNoData => Ok(()),
                error => Err(error),
            },
        }
    }

    fn endpoint(&self, kind: ConnectionKind) -> Result<Endpoint> {
        SampleAccount::endpoint_for(self.sample.as_ref(), kind, &self.gateway)
    }
}

#[async_trait]
impl Connections for ConnectionService {
    async fn list(&self, user: &User) -> Result<Vec<Connection>> {
        let stored = self.store.connections().list(user.id).await;
        let mut connections = Vec::new();
        for stored in stored.map_err(|error| internal("listing connections", &error))? {
            connections.push(self.view(stored).await?);
        }
        Ok(connections)
    }

    async fn get(&self, user: &User, id: ConnectionId) -> Result<Connection> {
        self.view(self.stored(user, id).await?).await
    }

    async fn create(&self, user: &User, name: &str, key: NewKey) -> Result<Connection> {
        let name = checked_name(name)?;
        let key = checked_key(key)?;
        let warnings = warnings(&key);
        let connection = self
            .connect(user, name, key, ConnectionKind::AccessKey)
            .await?;
        Ok(Connection {
            warnings,
            ..connection
        })
    }

    async fn create_sample(&self, user: &User) -> Result<Connection> {
        let sample = self.sample.as_ref().ok_or_else(sample::switched_off)?;
        let name = "Sample account".to_owned();
        self.connect(user, name, sample.key(), ConnectionKind::Sample)
            .await
    }

    async fn rename(&self, user: &User, id: ConnectionId, name: &str) -> Result<Connection> {
        let name = checked_name(name)?;
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
        let stored = self.stored(user, id).await?;
        let key = Arc::new(checked_key(key)?);
        let mut target = target(user, Arc::clone(&key), self.endpoint(stored.kind)?);
        target.payer.connection = Some(id);
        let identity = self.identity(&target).await?;
        if identity.account != stored.aws_account {
            return Err(other_account(&identity.account, &stored.aws_account));
        }
        target.payer.aws_account = Some(identity.account);
        self.prove_cost_explorer(&target).await?;
        let new = ReplacedKey {
            key_hint: key_hint(&key.access_key_id),
            key: self.keys.seal(user.id, id, &key)?,
            arn: identity.arn,
        };
        let now = self.clock.now();
        let replaced = self
            .store
            .connections()
            .replace_key(user.id, id, &new, now)
            .await;
        if !replaced.map_err(|error| internal("replacing a key", &error))? {
            return Err(Error::not_found("connection"));
        }
        // What the old key couldn't fetch, the new one may.
        self.syncer.start(user.id, id, JobKind::Refresh).await?;
        Ok(Connection {
            warnings: warnings(&key),
            ..self.get(user, id).await?
        })
    }

    async fn delete(&self, user: &User, id: ConnectionId) -> Result<()> {
        // Looked up first: nobody stops somebody else's sync.
        self.stored(user, id).await?;
        self.syncer.stop(id).await;
        let deleted = self.store.connections().delete(user.id, id).await;
        if deleted.map_err(|error| internal("deleting a connection", &error))? {
            Ok(())
        } else {
            Err(Error::not_found("connection"))
        }
    }
}

fn target(user: &User, key: Arc<AwsKey>, endpoint: Endpoint) -> Target {
    let payer = Payer {
        user: user.id,
        connection: None,
        aws_account: None,
    };
    Target {
        credentials: Credentials::Key(key),
        payer,
        endpoint,
    }
}

fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Error::invalid(
            "name",
            "The connection has no name.",
            "Give it one.",
        ));
    }
    if name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        return Err(Error::invalid(
            "name",
            format!(
                "The name is too long, or has characters that can't be shown (at most {NAME_MAX} letters)."
            ),
            "Choose a shorter one, e.g. “Production”.",
        ));
    }
    Ok(name.to_owned())
}

/// Pasted keys come with spaces and line breaks around them.
fn checked_key(key: NewKey) -> Result<AwsKey> {
    let access_key_id = key.access_key_id.trim().to_owned();
    if access_key_id.is_empty()
        || access_key_id.len() > KEY_ID_MAX
        || !access_key_id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    {
        return Err(Error::invalid(
            "access_key_id",
            "This isn't an access key id.",
            "Copy it from the IAM console: 20 capital letters and digits, such as AKIA….",
        ));
    }
    let secret = checked_secret(&key.secret).ok_or_else(|| {
        Error::invalid(
            "secret",
            "The secret access key is missing, or isn't one.",
            "AWS shows it once, when the key is made. If it is lost, make a new key in IAM.",
        )
    })?;
    let session_token = match key.session_token {
        Some(token) if !token.expose_secret().trim().is_empty() => {
            Some(checked_secret(&token).ok_or_else(|| {
                Error::invalid(
                    "session_token",
                    "This isn't a session token.",
                    "Copy the whole of AWS_SESSION_TOKEN, or leave the field empty.",
                )
            })?)
        }
        _ => None,
    };
    Ok(AwsKey {
        access_key_id,
        secret,
        session_token,
    })
}

/// What can't go into an HTTP header can't be part of a signature either.
fn checked_secret(secret: &SecretString) -> Option<SecretString> {
    let text = secret.expose_secret().trim();
    let plausible = !text.is_empty()
        && text.len() <= SECRET_MAX
        && text.bytes().all(|byte| byte.is_ascii_graphic());
    plausible.then(|| SecretString::from(text))
}

fn warnings(key: &AwsKey) -> Vec<String> {
    let secret_length = key.secret.expose_secret().chars().count();
    key_warnings(
        &key.access_key_id,
        secret_length,
        key.session_token.is_some(),
    )
}

fn connected_already(other: ConnectionId) -> Error {
    Error::new(
        Code::Conflict,
        "You are connected to this AWS account already.",
        "Open that connection to look at its costs or to replace its key.",
    )
    .with_link(format!("/connections/{other}"))
}

fn other_account(got: &AwsAccountId, wanted: &AwsAccountId) -> Error {
    Error::invalid(
        "access_key_id",
        format!("This key belongs to AWS account {got}, the connection to {wanted}."),
        "Use a key of the same account, or make a new connection for the other one.",
    )
}
