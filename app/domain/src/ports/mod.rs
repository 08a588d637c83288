//! What server functions call. Implemented by the server's services; tests may
//! hand in fakes. Every call that touches a person's things takes the person.

mod anomalies;
mod bills;
mod breakdowns;
mod commitments;

use std::{net::IpAddr, sync::Arc};

mod doctor;
mod inventory;
mod jobs;
mod savings;
mod spending;

use async_trait::async_trait;
use secrecy::SecretString;

use crate::{
    Result,
    account::{Connection, ConnectionId},
    expiry::StatedEnd,
    look::Look,
    report::{Overview, Together},
    user::User,
};

pub use anomalies::Anomalies;
pub use bills::Bills;
pub use breakdowns::Breakdowns;
pub use commitments::Commitments;
pub use doctor::Doctor;
pub use inventory::Inventories;
pub use jobs::Jobs;
mod environment;
mod roles;
mod saved;

pub use environment::Environment;
pub use roles::{NewSource, Roles};
pub use saved::SavedViews;
pub use savings::Savings;
pub use spending::Spending;

/// Where a request comes from: for slowing down guesses.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    /// The client's address.
    pub address: IpAddr,
}

/// A session's secret, to go into a cookie and nowhere else.
pub type SessionToken = SecretString;

/// Accounts and sessions.
#[async_trait]
pub trait People: Send + Sync {
    /// Whether nobody has an account yet.
    async fn needs_setup(&self) -> Result<bool>;

    /// Makes the first account, an administrator, and signs in. Of two people
    /// who race, one gets [`crate::Code::SetupDone`].
    async fn set_up(
        &self,
        email: &str,
        password: SecretString,
        caller: Caller,
    ) -> Result<SessionToken>;

    /// Takes the same time for unknown people and wrong passwords.
    async fn sign_in(
        &self,
        email: &str,
        password: SecretString,
        caller: Caller,
    ) -> Result<SessionToken>;

    /// Who a session belongs to; `None` when it ended or never was.
    async fn who(&self, token: &SessionToken) -> Result<Option<User>>;

    /// Ends the session. A token that isn't one is no error.
    async fn sign_out(&self, token: &SessionToken) -> Result<()>;

    /// Ends all of the person's sessions and begins a new one.
    async fn change_password(
        &self,
        user: &User,
        current: SecretString,
        new: SecretString,
        caller: Caller,
    ) -> Result<SessionToken>;
}

/// An access key as a person hands it in. No `Debug`, so that it can't be logged.
pub struct NewKey {
    /// Shown to the person again only in part.
    pub access_key_id: String,
    /// Never shown again.
    pub secret: SecretString,
    /// Only temporary keys have one.
    pub session_token: Option<SecretString>,
    /// When the session token ends, as far as the person knows.
    pub end: StatedEnd,
}

/// Connections to AWS accounts.
#[async_trait]
pub trait Connections: Send + Sync {
    /// The person's, by name.
    async fn list(&self, user: &User) -> Result<Vec<Connection>>;

    /// One of the person's.
    async fn get(&self, user: &User, id: ConnectionId) -> Result<Connection>;

    /// Proves the key with AWS (one free and one priced request), stores it
    /// sealed and begins the first sync.
    async fn create(&self, user: &User, name: &str, key: NewKey) -> Result<Connection>;

    /// The built-in sample account.
    async fn create_sample(&self, user: &User) -> Result<Connection>;

    /// Gives it another name.
    async fn rename(&self, user: &User, id: ConnectionId, name: &str) -> Result<Connection>;

    /// Another key for the same AWS account, or one that takes on the same role,
    /// proved first.
    async fn replace_key(&self, user: &User, id: ConnectionId, key: NewKey) -> Result<Connection>;

    /// The connection, its key and all its costs. Refused with
    /// [`crate::Code::Conflict`] while others sign in with its key.
    async fn delete(&self, user: &User, id: ConnectionId) -> Result<()>;
}

/// What AWS costs.
#[async_trait]
pub trait Costs: Send + Sync {
    /// From the store alone: never calls AWS.
    async fn overview(&self, user: &User, id: ConnectionId, look: Look) -> Result<Arc<Overview>>;

    /// All of the person's connections, by currency. From the store alone.
    async fn together(&self, user: &User, look: Look) -> Result<Arc<Together>>;
}
