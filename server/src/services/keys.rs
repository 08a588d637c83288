//! AWS keys at rest: each part sealed to its table, row, person and field.

use std::sync::Arc;

use domain::{Result, account::ConnectionId, draft::DraftId, user::UserId};
use secrecy::{ExposeSecret, SecretString};

use super::internal;
use crate::{
    aws::AwsKey,
    security::vault::{Place, Vault},
    store::connections::SealedKey,
};

const ACCESS_KEY_ID: &str = "access_key_id";
const SECRET: &str = "secret";
const SESSION_TOKEN: &str = "session_token";

/// Where a key is kept: it opens nowhere else.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeyPlace {
    /// With a connection of a person's.
    Connection(UserId, ConnectionId),
    /// With a role that isn't finished.
    Draft(UserId, DraftId),
}

/// Seals and opens the keys of connections and drafts.
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

    /// A key, sealed for one place.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn seal(&self, at: KeyPlace, key: &AwsKey) -> Result<SealedKey> {
        let seal = |field, secret: &SecretString| {
            self.vault
                .seal(&place(at, field), secret.expose_secret().as_bytes())
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

    /// A stored key.
    ///
    /// # Errors
    /// When it was sealed for another place or with another master key, or has
    /// been tampered with.
    pub fn open(&self, at: KeyPlace, sealed: &SealedKey) -> Result<AwsKey> {
        let open = |field, sealed: &Vec<u8>| {
            self.vault
                .open(&place(at, field), sealed)
                .map_err(|error| internal("opening a sealed key", &error))
        };
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

/// What was sealed under these names opens under no others: they stay.
fn place(at: KeyPlace, field: &'static str) -> Place {
    let (table, row, user) = match at {
        KeyPlace::Connection(user, id) => ("connections", id.0, user),
        KeyPlace::Draft(user, id) => ("role_drafts", id.0, user),
    };
    Place {
        table,
        row,
        user: user.0,
        field,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::security::master_key::MasterKey;

    #[test]
    fn a_drafts_key_is_no_connections() {
        let keys = Keys::new(Arc::new(Vault::new(&MasterKey::generate().unwrap())));
        let (user, row) = (UserId(Uuid::from_u128(1)), Uuid::from_u128(2));
        let key = AwsKey {
            access_key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
            secret: SecretString::from("secret"),
            session_token: Some(SecretString::from("token")),
        };
        let draft = KeyPlace::Draft(user, DraftId(row));
        let sealed = keys.seal(draft, &key).unwrap();
        let opened = keys.open(draft, &sealed).unwrap();
        assert_eq!(opened.access_key_id, key.access_key_id);
        assert_eq!(opened.secret.expose_secret(), "secret");
        assert_eq!(opened.session_token.unwrap().expose_secret(), "token");
        for elsewhere in [
            KeyPlace::Connection(user, ConnectionId(row)),
            KeyPlace::Draft(user, DraftId(Uuid::from_u128(3))),
            KeyPlace::Draft(UserId(row), DraftId(row)),
        ] {
            assert!(keys.open(elsewhere, &sealed).is_err());
        }
    }
}
