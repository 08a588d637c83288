//! AWS keys at rest: each part sealed to its connection, person and field.

use std::sync::Arc;

use domain::{Result, account::ConnectionId, user::UserId};
use secrecy::{ExposeSecret, SecretString};

use super::internal;
use crate::{
    aws::AwsKey,
    security::vault::{Place, Vault},
    store::connections::{SealedKey, StoredConnection},
};

const ACCESS_KEY_ID: &str = "access_key_id";
const SECRET: &str = "secret";
const SESSION_TOKEN: &str = "session_token";

/// Seals and opens the keys of connections.
#[derive(Clone)]
pub struct Keys {
    vault: Arc<Vault>,
}

impl Keys {
    /// With this vault.
    #[must_use]
    pub const fn new(vault: Arc<Vault>) -> Self {
        Self { vault }
    }

    /// A key, sealed for one connection of one person.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn seal(&self, user: UserId, id: ConnectionId, key: &AwsKey) -> Result<SealedKey> {
        let seal = |field, secret: &SecretString| {
            self.vault
                .seal(&place(user, id, field), secret.expose_secret().as_bytes())
                .map_err(|error| internal("sealing a key", &error))
        };
        let token = key.session_token.as_ref();
        Ok(SealedKey {
            access_key_id: seal(
                ACCESS_KEY_ID,
                &SecretString::from(key.access_key_id.as_str()),
            )?,
            secret: seal(SECRET, &key.secret)?,
            session_token: token.map(|token| seal(SESSION_TOKEN, token)).transpose()?,
        })
    }

    /// The key of a stored connection.
    ///
    /// # Errors
    /// When it was sealed with another master key or has been tampered with.
    pub fn open(&self, stored: &StoredConnection) -> Result<AwsKey> {
        let open = |field, sealed: &Vec<u8>| {
            self.vault
                .open(&place(stored.user, stored.id, field), sealed)
                .map_err(|error| internal("opening a sealed key", &error))
        };
        let sealed = &stored.key;
        let token = sealed.session_token.as_ref();
        Ok(AwsKey {
            access_key_id: open(ACCESS_KEY_ID, &sealed.access_key_id)?
                .expose_secret()
                .to_owned(),
            secret: open(SECRET, &sealed.secret)?,
            session_token: token.map(|token| open(SESSION_TOKEN, token)).transpose()?,
        })
    }
}

fn place(user: UserId, id: ConnectionId, field: &'static str) -> Place {
    Place {
        table: "connections",
        row: id.0,
        user: user.0,
        field,
    }
}
