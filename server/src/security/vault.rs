//! Seals secrets before they are stored. What is sealed opens only with the
//! same key, for the same table, row, person and field.
//!
//! Format: version (1 byte) | key id (8) | nonce (12) | AES-256-GCM ciphertext and tag (16).

use std::{collections::HashMap, str};

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Nonce, Payload},
};
use secrecy::SecretString;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    master_key::MasterKey,
    token::{NoRandomness, fill_random},
};

const VERSION: u8 = 1;
const KEY_ID: usize = 8;
const NONCE: usize = 12;
const TAG: usize = 16;
const HEADER: usize = 1 + KEY_ID;

/// Where a secret is stored: it opens nowhere else.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Place {
    /// The table.
    pub table: &'static str,
    /// The row's id.
    pub row: Uuid,
    /// Whose it is; nil for the server's own.
    pub user: Uuid,
    /// The column.
    pub field: &'static str,
}

impl Place {
    /// The header and each part with its length, so that no two places look alike.
    fn associated_data(&self, header: &[u8]) -> Vec<u8> {
        let mut data = header.to_vec();
        for part in [
            self.table.as_bytes(),
            self.row.as_bytes(),
            self.user.as_bytes(),
            self.field.as_bytes(),
        ] {
            data.extend((part.len() as u64).to_be_bytes());
            data.extend(part);
        }
        data
    }
}

/// Why something can't be sealed, or doesn't open.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The operating system has no random numbers.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// Longer than AES-GCM takes: 64 GiB.
    #[error("the secret is too long to be sealed")]
    TooLong,
    /// It is none of ours, or of a version to come.
    #[error("this wasn't sealed by this version of Cost Tracker")]
    Unknown,
    /// It was sealed with a key that isn't here.
    #[error("this was sealed with another master key")]
    OtherKey,
    /// It was changed, or moved from where it was sealed for.
    #[error("what was sealed has been changed or moved")]
    Broken,
}

type KeyId = [u8; KEY_ID];

/// Seals with one key; opens what that and older keys have sealed. No `Debug`.
pub struct Vault {
    active: (KeyId, Aes256Gcm),
    older: HashMap<KeyId, Aes256Gcm>,
}

impl Vault {
    /// Seals and opens with one key.
    #[must_use]
    pub fn new(key: &MasterKey) -> Self {
        Self {
            active: derive(key),
            older: HashMap::new(),
        }
    }

    /// Opens also what an older key has sealed.
    #[must_use]
    pub fn with_older(mut self, key: &MasterKey) -> Self {
        let (id, cipher) = derive(key);
        self.older.insert(id, cipher);
        self
    }

    /// Seals a secret for one place, differently each time.
    ///
    /// # Errors
    /// When the operating system has no random numbers.
    pub fn seal(&self, place: &Place, secret: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (id, cipher) = &self.active;
        let mut sealed = Vec::with_capacity(HEADER + NONCE + secret.len() + TAG);
        sealed.push(VERSION);
        sealed.extend(id);
        // Random: a repetition is unlikely before 2³² seals with one key.
        let mut nonce = [0; NONCE];
        fill_random(&mut nonce)?;
        let ciphertext = cipher
            .encrypt(
                &Nonce::<Aes256Gcm>::from(nonce),
                Payload {
                    msg: secret,
                    aad: &place.associated_data(&sealed),
                },
            )
            .map_err(|_| VaultError::TooLong)?;
        sealed.extend(nonce);
        sealed.extend(ciphertext);
        Ok(sealed)
    }

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// When it was sealed by something else, with another key, for another
    /// place, or has been changed.
    pub fn open(&self, place: &Place, sealed: &[u8]) -> Result<SecretString, VaultError> {
        let (header, rest) = sealed
            .split_first_chunk::<HEADER>()
            .ok_or(VaultError::Unknown)?;
        let (nonce, ciphertext) = rest
            .split_first_chunk::<NONCE>()
            .ok_or(VaultError::Unknown)?;
        let [version, id @ ..] = header;
        if *version != VERSION {
            return Err(VaultError::Unknown);
        }
        let secret = self
            .cipher(id)
            .ok_or(VaultError::OtherKey)?
            .decrypt(
                &Nonce::<Aes256Gcm>::from(*nonce),
                Payload {
                    msg: ciphertext,
                    aad: &place.associated_data(header),
                },
            )
            .map(Zeroizing::new)
            .map_err(|_| VaultError::Broken)?;
        str::from_utf8(&secret)
            .map(SecretString::from)
            .map_err(|_| VaultError::Broken)
    }

    fn cipher(&self, id: &KeyId) -> Option<&Aes256Gcm> {
        let (active, cipher) = &self.active;
        if active == id {
            Some(cipher)
        } else {
            self.older.get(id)
        }
    }
}

fn derive(key: &MasterKey) -> (KeyId, Aes256Gcm) {
    let mut id = KeyId::default();
    id.copy_from_slice(&key.derive("cost-tracker vault key id 1")[..KEY_ID]);
    let cipher = Aes256Gcm::new((&*key.derive("cost-tracker vault encryption 1")).into());
    (id, cipher)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::{
        prelude::{ProptestConfig, any},
        prop_assert_eq, proptest,
    };
    use secrecy::ExposeSecret;

    use super::*;

    const PLACE: Place = Place {
        table: "connections",
        row: Uuid::from_u128(1),
        user: Uuid::from_u128(2),
        field: "secret",
    };
    const SECRET: &[u8] = b"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    fn vault() -> Vault {
        Vault::new(&MasterKey::generate().unwrap())
    }

    #[test]
    fn any_changed_byte_is_noticed() {
        let vault = vault();
        let sealed = vault.seal(&PLACE, SECRET).unwrap();
        assert_eq!(sealed.len(), HEADER + NONCE + SECRET.len() + TAG);
        for place in 0..sealed.len() {
            for bit in 0..8 {
                let mut changed = sealed.clone();
                changed[place] ^= 1 << bit;
                let error = vault.open(&PLACE, &changed).unwrap_err();
                let right = match place {
                    0 => matches!(error, VaultError::Unknown),
                    1..HEADER => matches!(error, VaultError::OtherKey),
                    _ => matches!(error, VaultError::Broken),
                };
                assert!(right, "byte {place}: {error:?}");
            }
        }
        for length in 0..sealed.len() {
            assert!(vault.open(&PLACE, &sealed[..length]).is_err());
        }
        let mut longer = sealed.clone();
        longer.push(0);
        assert!(vault.open(&PLACE, &longer).is_err());
        assert_eq!(
            vault
                .open(&PLACE, &sealed)
                .unwrap()
                .expose_secret()
                .as_bytes(),
            SECRET
        );
    }

    #[test]
    fn it_opens_nowhere_else() {
        let vault = vault();
        let sealed = vault.seal(&PLACE, SECRET).unwrap();
        let elsewhere = [
            Place {
                table: "meta",
                ..PLACE
            },
            Place {
                row: Uuid::from_u128(3),
                ..PLACE
            },
            Place {
                user: Uuid::from_u128(3),
                ..PLACE
            },
            Place {
                row: PLACE.user,
                user: PLACE.row,
                ..PLACE
            },
            Place {
                field: "session_token",
                ..PLACE
            },
        ];
        for place in elsewhere {
            let error = vault.open(&place, &sealed).unwrap_err();
            assert!(matches!(error, VaultError::Broken), "{place:?}: {error:?}");
        }
    }

    #[test]
    fn another_key_is_told_from_damage() {
        let sealed = vault().seal(&PLACE, SECRET).unwrap();
        let error = vault().open(&PLACE, &sealed).unwrap_err();
        assert!(matches!(error, VaultError::OtherKey), "{error:?}");
    }

    #[test]
    fn older_keys_open_and_the_new_one_seals() {
        let (old, new) = (
            MasterKey::generate().unwrap(),
            MasterKey::generate().unwrap(),
        );
        let sealed = Vault::new(&old).seal(&PLACE, SECRET).unwrap();
        let rotated = Vault::new(&new).with_older(&old);
        assert!(rotated.open(&PLACE, &sealed).is_ok());
        let resealed = rotated.seal(&PLACE, SECRET).unwrap();
        assert!(Vault::new(&new).open(&PLACE, &resealed).is_ok());
        assert!(Vault::new(&old).open(&PLACE, &resealed).is_err());
    }

    #[test]
    fn the_same_secret_is_never_sealed_alike() {
        let vault = vault();
        let nonces: HashSet<Vec<u8>> = (0..1000)
            .map(|_| vault.seal(&PLACE, SECRET).unwrap()[HEADER..HEADER + NONCE].to_vec())
            .collect();
        assert_eq!(nonces.len(), 1000);
    }

    #[test]
    fn neither_the_secret_nor_the_key_shows() {
        let key = MasterKey::parse(&"ab".repeat(32)).unwrap();
        let sealed = Vault::new(&key).seal(&PLACE, SECRET).unwrap();
        assert!(
            !sealed
                .windows(8)
                .any(|some| SECRET.windows(8).any(|secret| secret == some))
        );
        assert!(!sealed.windows(4).any(|some| some == [0xab; 4]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]
        #[test]
        fn what_is_sealed_opens(secret in any::<String>(), row in any::<u128>(), user in any::<u128>()) {
            let vault = Vault::new(&MasterKey::parse(&"5c".repeat(32)).unwrap());
            let place = Place { row: Uuid::from_u128(row), user: Uuid::from_u128(user), ..PLACE };
            let sealed = vault.seal(&place, secret.as_bytes()).unwrap();
            let opened = vault.open(&place, &sealed).unwrap();
            prop_assert_eq!(opened.expose_secret(), secret.as_str());
        }
    }
}
