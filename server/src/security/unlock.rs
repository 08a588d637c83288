//! At the server's start: finds the master key and proves that it is the one
//! this database's secrets are sealed with. Never a new key over old secrets.

use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::ExposeSecret;
use uuid::Uuid;

use super::{
    master_key::{self, MasterKeyError, MasterKeySource},
    vault::{Place, Vault, VaultError},
};
use crate::store::{Store, StoreError};

/// Under this name the database keeps a sealed constant: only the right key opens it.
const CHECK_NAME: &str = "vault_check";
const CHECK_TEXT: &str = "cost-tracker vault";
const CHECK_PLACE: Place = Place {
    table: "meta",
    row: Uuid::nil(),
    user: Uuid::nil(),
    field: CHECK_NAME,
};

/// An unlocked vault, and what the operator should be told about it.
pub struct Unlocked {
    /// The vault.
    pub vault: Vault,
    /// Sentences for the log; no secret in them.
    pub notices: Vec<String>,
}

/// Why the vault stays locked: the server mustn't start.
#[derive(Debug, thiserror::Error)]
pub enum UnlockError {
    /// There is no key, but there are secrets.
    #[error(
        "the master key is missing (looked for {0}), and this database's secrets are sealed with \
         it: put the key back, or start with an empty database"
    )]
    KeyMissing(String),
    /// The key is another one.
    #[error(
        "the master key ({0}) isn't the one that this database's secrets are sealed with: put the \
         right key back, or start with an empty database"
    )]
    KeyWrong(String),
    /// The sealed constant is damaged, or gone though there are secrets.
    #[error("this database's record of its master key is damaged: restore a backup")]
    CheckDamaged,
    /// The key can't be read or made.
    #[error(transparent)]
    MasterKey(#[from] MasterKeyError),
    /// Nothing can be sealed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Vault {
    /// Finds the master key and proves it against the database. Makes a key only
    /// in the data folder, and only for a database that has sealed nothing yet.
    ///
    /// # Errors
    /// When the key is wrong, missing, malformed or exposed, and when the
    /// database fails. Each says what to do.
    pub async fn unlock(source: &MasterKeySource, store: &Store) -> Result<Unlocked, UnlockError> {
        let mut notices = Vec::new();
        if let Some(path) = source.exposed_file() {
            notices.push(format!(
                "The master key's file {} can be read by others on this machine.",
                path.display()
            ));
        }
        let check = store.meta().get(CHECK_NAME).await?;
        let sealed = check.is_some() || store.connections().any_sealed().await?;
        let key = match (source.load()?, source) {
            (Some(key), _) => key,
            (None, MasterKeySource::DataFolder(folder)) if !sealed => {
                let (key, path) = master_key::make(folder)?;
                notices.push(format!(
                    "Made a new master key in {}. Keep a copy of it apart from the database's: \
                     without it, stored AWS keys can't be read.",
                    path.display()
                ));
                key
            }
            (None, source) => return Err(UnlockError::KeyMissing(source.describe())),
        };
        let vault = Self::new(&key);
        let check = match check {
            Some(check) => check,
            // Secrets without a record of their key: nothing proves that this is it.
            None if sealed => return Err(UnlockError::CheckDamaged),
            None => leave_check(&vault, store).await?,
        };
        prove(&vault, &check, source)?;
        Ok(Unlocked { vault, notices })
    }
}

/// Leaves a sealed constant, or answers with the one that another process has
/// left just before.
async fn leave_check(vault: &Vault, store: &Store) -> Result<String, UnlockError> {
    let check = STANDARD.encode(vault.seal(&CHECK_PLACE, CHECK_TEXT.as_bytes())?);
    if store.meta().insert_if_absent(CHECK_NAME, &check).await? {
        return Ok(check);
    }
    let check = store.meta().get(CHECK_NAME).await?;
    check.ok_or(UnlockError::CheckDamaged)
}

fn prove(vault: &Vault, check: &str, source: &MasterKeySource) -> Result<(), UnlockError> {
    let sealed = STANDARD
        .decode(check)
        .map_err(|_| UnlockError::CheckDamaged)?;
    match vault.open(&CHECK_PLACE, &sealed) {
        Ok(text) if text.expose_secret() == CHECK_TEXT => Ok(()),
        Err(VaultError::OtherKey) => Err(UnlockError::KeyWrong(source.describe())),
        _ => Err(UnlockError::CheckDamaged),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use secrecy::SecretString;

    use super::*;
    use crate::store::DatabaseUrl;

    const PLACE: Place = Place {
        table: "connections",
        row: Uuid::from_u128(1),
        user: Uuid::from_u128(2),
        field: "secret",
    };

    async fn store(folder: &Path) -> Store {
        Store::open(&DatabaseUrl::in_folder(folder)).await.unwrap()
    }

    fn given(byte: &str) -> MasterKeySource {
        MasterKeySource::Given(SecretString::from(byte.repeat(32)))
    }

    #[tokio::test]
    async fn the_first_start_makes_a_key_and_the_next_finds_it() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path()).await;
        let source = MasterKeySource::DataFolder(folder.path().to_owned());
        let first = Vault::unlock(&source, &store).await.unwrap();
        assert!(first.notices[0].contains("master.key"));
        let sealed = first.vault.seal(&PLACE, b"planted").unwrap();

        let second = Vault::unlock(&source, &store).await.unwrap();
        assert!(second.notices.is_empty());
        let opened = second.vault.open(&PLACE, &sealed).unwrap();
        assert_eq!(opened.expose_secret(), "planted");
    }

    #[tokio::test]
    async fn a_missing_key_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path()).await;
        let source = MasterKeySource::DataFolder(folder.path().to_owned());
        Vault::unlock(&source, &store).await.unwrap();
        let path = folder.path().join(master_key::FILE_NAME);
        fs::remove_file(&path).unwrap();

        let error = Vault::unlock(&source, &store).await.err().unwrap();
        assert!(matches!(error, UnlockError::KeyMissing(_)), "{error}");
        assert!(error.to_string().contains("master.key"), "{error}");
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn a_wrong_key_is_refused_and_the_right_one_still_fits() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path()).await;
        Vault::unlock(&given("a1"), &store).await.unwrap();
        let error = Vault::unlock(&given("a2"), &store).await.err().unwrap();
        assert!(matches!(error, UnlockError::KeyWrong(_)), "{error}");
        assert!(!format!("{error} {error:?}").contains("a2a2"));
        Vault::unlock(&given("a1"), &store).await.unwrap();
    }

    #[tokio::test]
    async fn a_damaged_record_is_neither_trusted_nor_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path()).await;
        Vault::unlock(&given("a1"), &store).await.unwrap();
        let check = store.meta().get(CHECK_NAME).await.unwrap().unwrap();
        let damaged = format!("{}AAAA", &check[..check.len() - 4]);
        for text in ["", "not base64", &damaged] {
            store.meta().set(CHECK_NAME, text).await.unwrap();
            let error = Vault::unlock(&given("a1"), &store).await.err().unwrap();
            assert!(matches!(error, UnlockError::CheckDamaged), "{error}");
        }
    }

    #[tokio::test]
    async fn of_two_first_starts_with_two_keys_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (store(folder.path()).await, store(folder.path()).await);
        let (a1, a2) = (given("a1"), given("a2"));
        let (first, second) = tokio::join!(Vault::unlock(&a1, &one), Vault::unlock(&a2, &other));
        assert_ne!(first.is_ok(), second.is_ok());
    }
}
