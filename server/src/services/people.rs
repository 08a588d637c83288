//! Accounts and sessions: who may come in, and how often one may guess.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Code, Error, Result,
    ports::{Caller, People, SessionToken},
    user::{Email, Role, User},
};
use secrecy::{ExposeSecret, SecretString};

use super::{
    clock::Clock,
    guard::{self, Limits},
    internal,
};
use crate::{
    security::{
        password::{self, PasswordError, PasswordHash},
        token,
    },
    store::{Store, users::CreateUserError},
};

/// A session ends after this long without a request.
pub const IDLE: TimeDelta = TimeDelta::days(7);
/// And after this long in any case.
const ABSOLUTE: TimeDelta = TimeDelta::days(30);

/// Implements [`People`] on the store.
#[derive(Clone)]
pub struct PeopleService {
    store: Store,
    clock: Clock,
}

impl PeopleService {
    /// On this store, by this clock.
    #[must_use]
    pub const fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// Makes an account: for the administrator at the machine.
    ///
    /// # Errors
    /// When the address or password won't do, or the address has an account.
    pub async fn add(&self, email: &str, password: SecretString) -> Result<()> {
        let email: Email = email.parse()?;
        password::check(&password, email.as_str(), "password")?;
        let hash = hash(password).await?;
        match self
            .store
            .users()
            .create(&email, &hash, Role::Member, self.clock.now())
            .await
        {
            Ok(_) => Ok(()),
            Err(CreateUserError::EmailTaken) => Err(Error::new(
                Code::Conflict,
                format!("{email} has an account already."),
                "Use reset-password to give it another password.",
            )),
            Err(error) => Err(internal("making an account", &error)),
        }
    }

    /// Gives an account another password and ends its sessions.
    ///
    /// # Errors
    /// When there is no such account or the password won't do.
    pub async fn reset_password(&self, email: &str, password: SecretString) -> Result<()> {
        let email: Email = email.parse()?;
        let found = self.store.users().by_email(&email).await;
        let Some((user, _)) = found.map_err(|error| internal("finding an account", &error))? else {
            return Err(Error::new(
                Code::NotFound,
                format!("There is no account for {email}."),
                "See them all with: cost-tracker user list",
            ));
        };
        password::check(&password, email.as_str(), "password")?;
        let stored = self.store_password(&user, password, None).await?;
        stored.ok_or_else(|| Error::not_found("account"))?;
        self.forgive(&account_key(&email)).await
    }

    /// All accounts, by address.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(&self) -> Result<Vec<User>> {
        self.store
            .users()
            .list()
            .await
            .map_err(|error| internal("listing accounts", &error))
    }

    /// Answers the new one's hash: `None` when there is no such account, or its password isn't
    /// any more the one that was proved.
    async fn store_password(
        &self,
        user: &User,
        password: SecretString,
        proved: Option<&PasswordHash>,
    ) -> Result<Option<PasswordHash>> {
        let hash = hash(password).await?;
        // Ends the person's sessions too, in the same transaction.
        let users = self.store.users();
        let stored = users.set_password_hash(user.id, &hash, proved).await;
        let stored = stored.map_err(|error| internal("storing a password", &error))?;
        Ok(stored.then_some(hash))
    }

    /// For who has proved this password: `None` when it isn't the account's any more.
    async fn begin_session(
        &self,
        user: &User,
        proved: &PasswordHash,
    ) -> Result<Option<SessionToken>> {
        let token = token::random().map_err(|error| internal("making a session", &error))?;
        let (now, digest) = (self.clock.now(), token::sha256(&token));
        let sessions = self.store.sessions();
        let begun = sessions.insert(&digest, user.id, proved, now, now + ABSOLUTE);
        let begun = begun
            .await
            .map_err(|error| internal("storing a session", &error))?;
        Ok(begun.then_some(token))
    }

    /// Takes one try from both allowances, before the password is looked at: of
    /// many guesses sent at once, only as many are looked at as the allowance has.
    async fn take_try(&self, email: &Email, caller: Caller) -> Result<()> {
        for (key, limits) in [
            (account_key(email), guard::ACCOUNT),
            (address_key(caller), guard::ADDRESS),
        ] {
            self.take_try_of(&key, limits).await?;
        }
        Ok(())
    }

    async fn take_try_of(&self, key: &str, limits: Limits) -> Result<()> {
        let now = self.clock.now();
        let guards = self.store.guards();
        let known = guards
            .get(key)
            .await
            .map_err(|error| internal("reading a guard", &error))?;
        let free_at = known.and_then(|known| limits.free_at(&known, now));
        if let Some(free_at) = free_at {
            return Err(too_many(free_at - now));
        }
        let counted = guards.record_failure(key, now, limits.rule()).await;
        let counted = counted.map_err(|error| internal("writing a guard", &error))?;
        if counted.failures > limits.lock_at {
            Err(too_many(guard::LOCK))
        } else {
            Ok(())
        }
    }

    async fn forgive(&self, key: &str) -> Result<()> {
        let cleared = self.store.guards().clear(key).await;
        cleared
            .map(|_| ())
            .map_err(|error| internal("clearing a guard", &error))
    }

    /// Whose password it is; takes as long when there is no account.
    async fn prove(
        &self,
        email: &Email,
        password: SecretString,
    ) -> Result<Option<(User, PasswordHash)>> {
        let found = self.store.users().by_email(email).await;
        let fits = match found.map_err(|error| internal("finding an account", &error))? {
            Some((user, hash)) => password::verify(password, hash.clone())
                .await
                .map(|fits| fits.then_some((user, hash))),
            None => password::verify_nobody(password).await.map(|_| None),
        };
        fits.map_err(|error| password_failed("checking a password", &error))
    }
}

#[async_trait]
impl People for PeopleService {
    async fn needs_setup(&self) -> Result<bool> {
        let count = self.store.users().count().await;
        count
            .map(|count| count == 0)
            .map_err(|error| internal("counting accounts", &error))
    }

    async fn set_up(
        &self,
        email: &str,
        password: SecretString,
        _caller: Caller,
    ) -> Result<SessionToken> {
        // Asked before the costly hash: otherwise anybody could keep the server hashing.
        if !self.needs_setup().await? {
            return Err(setup_done());
        }
        let email: Email = email.parse()?;
        password::check(&password, email.as_str(), "password")?;
        let hash = hash(password).await?;
        let id = match self
            .store
            .users()
            .create_first(&email, &hash, self.clock.now())
            .await
        {
            Ok(id) => id,
            Err(CreateUserError::AlreadySetUp) => return Err(setup_done()),
            Err(error) => return Err(internal("making the first account", &error)),
        };
        let user = User {
            id,
            email,
            role: Role::Administrator,
        };
        let begun = self.begin_session(&user, &hash).await?;
        begun.ok_or_else(wrong_credentials)
    }

    async fn sign_in(
        &self,
        email: &str,
        password: SecretString,
        caller: Caller,
    ) -> Result<SessionToken> {
        let email: Email = email.parse()?;
        self.take_try(&email, caller).await?;
        let Some((user, hash)) = self.prove(&email, password).await? else {
            return Err(wrong_credentials());
        };
        self.forgive(&account_key(&email)).await?;
        self.forgive(&address_key(caller)).await?;
        let begun = self.begin_session(&user, &hash).await?;
        begun.ok_or_else(wrong_credentials)
    }

    async fn who(&self, token: &SessionToken) -> Result<Option<User>> {
        // Anything longer isn't one of ours and isn't worth hashing.
        if token.expose_secret().len() > 128 {
            return Ok(None);
        }
        let now: DateTime<Utc> = self.clock.now();
        self.store
            .sessions()
            .find(&token::sha256(token), now, IDLE)
            .await
            .map_err(|error| internal("finding a session", &error))
    }

    async fn sign_out(&self, token: &SessionToken) -> Result<()> {
        self.store
            .sessions()
            .delete(&token::sha256(token))
            .await
            .map_err(|error| internal("ending a session", &error))
    }

    async fn change_password(
        &self,
        user: &User,
        current: SecretString,
        new: SecretString,
        caller: Caller,
    ) -> Result<SessionToken> {
        password::check(&new, user.email.as_str(), "new_password")?;
        self.take_try(&user.email, caller).await?;
        let Some((_, proved)) = self.prove(&user.email, current).await? else {
            return Err(not_current());
        };
        self.forgive(&account_key(&user.email)).await?;
        self.forgive(&address_key(caller)).await?;
        let stored = self.store_password(user, new, Some(&proved)).await?;
        let hash = stored.ok_or_else(not_current)?;
        let begun = self.begin_session(user, &hash).await?;
        begun.ok_or_else(wrong_credentials)
    }
}

fn not_current() -> Error {
    Error {
        field: Some("current_password".to_owned()),
        ..Error::new(
            Code::WrongCredentials,
            "This isn't your current password.",
            "Try again; your password hasn't changed.",
        )
    }
}

async fn hash(password: SecretString) -> Result<PasswordHash> {
    password::hash(password)
        .await
        .map_err(|error| password_failed("hashing a password", &error))
}

/// Hashing is costly: when too many wait, more are told to come back.
fn password_failed(doing: &str, error: &PasswordError) -> Error {
    match error {
        PasswordError::Busy => Error::new(
            Code::Busy,
            "Too many people are signing in at this moment.",
            "Wait a few seconds, then try again.",
        ),
        error => internal(doing, error),
    }
}

fn account_key(email: &Email) -> String {
    format!("account:{email}")
}

/// IPv6 hands whole networks to single homes: a /64 counts as one address.
fn address_key(caller: Caller) -> String {
    match caller.address {
        std::net::IpAddr::V6(address) if address.to_ipv4_mapped().is_none() => {
            let [a, b, c, d, ..] = address.segments();
            format!("address:{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        address => format!("address:{}", address.to_canonical()),
    }
}

fn wrong_credentials() -> Error {
    Error::new(
        Code::WrongCredentials,
        "The e-mail address or the password is wrong.",
        "Check both and try again. An administrator can give you a new password with: \
         cost-tracker user reset-password",
    )
}

fn setup_done() -> Error {
    Error::new(
        Code::SetupDone,
        "The first account exists already.",
        "Sign in, or ask the administrator for an account.",
    )
    .with_link("/sign-in")
}

fn too_many(wait: TimeDelta) -> Error {
    let seconds = wait.num_seconds().max(1);
    let wait = match seconds {
        1 => "1 second".to_owned(),
        2..60 => format!("{seconds} seconds"),
        60..120 => "1 minute".to_owned(),
        _ => format!("{} minutes", seconds / 60),
    };
    Error::new(
        Code::TooManyAttempts,
        "There were too many failed attempts to sign in.",
        format!("Wait {wait}, then try again."),
    )
}
