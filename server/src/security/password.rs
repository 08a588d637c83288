//! Passwords: which are good enough, and Argon2id over them. Never on the
//! threads that serve requests, and never more at once than the machine bears.

use std::{
    fmt,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{self, PasswordHasher, PasswordVerifier, phc},
};
use domain::{
    Error,
    user::{PASSWORD_MAX, PASSWORD_MIN},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::{sync::Semaphore, task};
use zxcvbn::{Score, zxcvbn};

/// OWASP Password Storage Cheat Sheet, Argon2id: m=19456 (19 MiB), t=2, p=1.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes at once: each holds a core and 19 MiB.
const AT_ONCE_MOST: usize = 4;
/// Hashes waiting for their turn; whoever comes then is told to come back.
const WAITING_MOST: usize = 100;

/// A password's Argon2id hash in PHC format. Not a secret like the password,
/// but nobody's business: `Debug` doesn't show it.
#[derive(Clone, Eq, PartialEq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// As it was stored.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// To be stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Why there is no answer about a password.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too many are waiting already.
    #[error("too many passwords are waiting to be checked")]
    Busy,
    /// The stored hash can't be read, or there is no memory.
    #[error("Argon2 failed")]
    Argon2(#[source] password_hash::Error),
    /// The server is stopping.
    #[error("the work was abandoned")]
    Abandoned,
}

/// Whether a person may have this password. `field` is the form's field that a
/// refusal is about.
///
/// # Errors
/// What to say to the person.
pub fn check(password: &SecretString, email: &str, field: &str) -> Result<(), Error> {
    let password = password.expose_secret();
    let length = password.chars().count();
    if length < PASSWORD_MIN {
        return Err(Error::invalid(
            field,
            format!("A password has at least {PASSWORD_MIN} characters; this has {length}."),
            "Take a few unrelated words, or let a password manager make one.",
        ));
    }
    if length > PASSWORD_MAX {
        return Err(Error::invalid(
            field,
            format!("A password has at most {PASSWORD_MAX} characters; this has {length}."),
            "Take a shorter one.",
        ));
    }
    // Names and words of the address count as known, whole and in parts.
    let mut known: Vec<&str> = email
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|part| part.len() > 2)
        .collect();
    known.extend([email, "cost tracker", "costtracker", "aws", "amazon"]);
    if zxcvbn(password, &known).score() < Score::Three {
        return Err(Error::invalid(
            field,
            "This password is too easy to guess.",
            "Avoid common passwords, names, dates and keyboard rows. \
             Take a few unrelated words, or let a password manager make one.",
        ));
    }
    Ok(())
}

/// Hashes a password with a fresh salt.
///
/// # Errors
/// When too many are waiting, or Argon2 fails.
pub async fn hash(password: SecretString) -> Result<PasswordHash, PasswordError> {
    QUEUE
        .in_turn(move || {
            let hash: phc::PasswordHash = argon2()?
                .hash_password(password.expose_secret().as_bytes())
                .map_err(PasswordError::Argon2)?;
            Ok(PasswordHash(hash.to_string()))
        })
        .await
}

/// Whether it is the password.
///
/// # Errors
/// When too many are waiting, or the hash can't be read.
pub async fn verify(password: SecretString, hash: PasswordHash) -> Result<bool, PasswordError> {
    if too_long(&password) {
        return Ok(false);
    }
    QUEUE
        .in_turn(move || {
            let outcome =
                argon2()?.verify_password(password.expose_secret().as_bytes(), hash.as_str());
            match outcome {
                Ok(()) => Ok(true),
                Err(password_hash::Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(PasswordError::Argon2(error)),
            }
        })
        .await
}

/// Does the work of [`verify`] for someone who has no account, so that the time
/// doesn't tell who has one. Always `false`.
///
/// # Errors
/// When too many are waiting.
pub async fn verify_nobody(password: SecretString) -> Result<bool, PasswordError> {
    if too_long(&password) {
        return Ok(false);
    }
    QUEUE
        .in_turn(move || {
            let hash: Result<phc::PasswordHash, _> =
                argon2()?.hash_password_with_salt(password.expose_secret().as_bytes(), &[0; 16]);
            hash.map(|_| false).map_err(PasswordError::Argon2)
        })
        .await
}

fn argon2() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|error| PasswordError::Argon2(error.into()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn too_long(password: &SecretString) -> bool {
    password.expose_secret().chars().count() > PASSWORD_MAX
}

/// One for the process: the limits are the machine's.
static QUEUE: LazyLock<Queue> = LazyLock::new(|| {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    Queue::new(cores.min(AT_ONCE_MOST))
});

/// Lets a few work at once, some wait, and sends the others away.
struct Queue {
    turns: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

impl Queue {
    fn new(at_once: usize) -> Self {
        Self {
            turns: Arc::new(Semaphore::new(at_once)),
            waiting: Arc::default(),
        }
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let place = Queued::enter(&self.waiting)?;
        let turn = Arc::clone(&self.turns)
            .acquire_owned()
            .await
            .map_err(|_| PasswordError::Abandoned)?;
        drop(place);
        task::spawn_blocking(move || {
            // Held by the work itself: it goes on when whoever asked has left.
            let _turn = turn;
            work()
        })
        .await
        .map_err(|_| PasswordError::Abandoned)?
    }
}

/// A place in the queue, given back also by someone who stops waiting.
struct Queued(Arc<AtomicUsize>);

impl Queued {
    fn enter(waiting: &Arc<AtomicUsize>) -> Result<Self, PasswordError> {
        let place = Self(Arc::clone(waiting));
        if place.0.fetch_add(1, Ordering::Relaxed) >= WAITING_MOST {
            return Err(PasswordError::Busy);
        }
        Ok(place)
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    fn refusal(password: &str) -> Option<Error> {
        check(
            &secret(password),
            "marguerite.duras@example.com",
            "new_password",
        )
        .err()
    }

    #[test]
    fn guessable_passwords_are_refused() {
        for password in [
            "short",
            "elevenchars",
            "password1234",
            "aaaaaaaaaaaaaaaa",
            "qwertyuiop12",
            "123456789012345",
            "margueriteduras",
            "marguerite.duras@example.com",
            &"correct horse ".repeat(10),
        ] {
            let refusal = refusal(password).unwrap_or_else(|| panic!("accepted {password}"));
            assert_eq!(refusal.field.as_deref(), Some("new_password"));
            assert!(!refusal.message.is_empty() && !refusal.advice.is_empty());
            assert!(!refusal.message.contains(password));
        }
    }

    #[test]
    fn good_passwords_are_taken_and_letters_are_counted_not_bytes() {
        for password in [
            "wacky-otter-plinth-84",
            "Zk3#vQ9!pLw2",
            "ключевой кит на луне",
            &"é8ßzÿqü4ñwøk".repeat(10),
        ] {
            assert!(refusal(password).is_none(), "refused {password}");
        }
        // Eleven letters of two bytes each are still eleven.
        assert!(refusal("дъжбюхцщшэы").is_some());
    }

    #[tokio::test]
    async fn only_the_password_is_the_password() {
        let hash = hash(secret("wacky-otter-plinth-84")).await.unwrap();
        let verify = |text: &str| verify(secret(text), hash.clone());
        assert!(verify("wacky-otter-plinth-84").await.unwrap());
        assert!(!verify("wacky-otter-plinth-85").await.unwrap());
        assert!(!verify("").await.unwrap());
        assert!(!verify(&"x".repeat(PASSWORD_MAX + 1)).await.unwrap());
        let nobody = verify_nobody(secret("wacky-otter-plinth-84"));
        assert!(!nobody.await.unwrap());
    }

    #[tokio::test]
    async fn hashes_have_owasps_parameters_and_their_own_salt() {
        let first = hash(secret("wacky-otter-plinth-84")).await.unwrap();
        let second = hash(secret("wacky-otter-plinth-84")).await.unwrap();
        assert!(
            first
                .as_str()
                .starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
        );
        assert_ne!(first, second);
        assert!(!format!("{first:?}").contains("argon2id"));
    }

    #[tokio::test]
    async fn a_hash_that_is_none_is_an_error_and_not_a_no() {
        let hash = PasswordHash::stored("wacky".to_owned());
        let outcome = verify(secret("wacky-otter"), hash).await;
        assert!(matches!(outcome, Err(PasswordError::Argon2(_))));
    }

    #[tokio::test]
    async fn a_crowd_is_sent_away_and_the_queue_empties() {
        let queue = Arc::new(Queue::new(0));
        let crowd: Vec<_> = (0..WAITING_MOST)
            .map(|_| {
                let queue = Arc::clone(&queue);
                task::spawn(async move { queue.in_turn(|| Ok(())).await })
            })
            .collect();
        while queue.waiting.load(Ordering::Relaxed) < WAITING_MOST {
            task::yield_now().await;
        }
        let late = queue.in_turn(|| Ok(())).await;
        assert!(matches!(late, Err(PasswordError::Busy)));
        for one in crowd {
            one.abort();
            assert!(one.await.unwrap_err().is_cancelled());
        }
        assert_eq!(queue.waiting.load(Ordering::Relaxed), 0);
    }
}
