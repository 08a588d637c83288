//! Connections by the server's own credentials: for administrators, where the
//! operator has switched them on. Everybody else is told that there is no such thing.

use async_trait::async_trait;

use crate::{
    Result,
    account::{Connection, ConnectionId},
    user::User,
    ways::AwsIdentity,
};

/// The server's own credentials.
#[async_trait]
pub trait Environment: Send + Sync {
    /// Asks AWS whose they are (free), and remembers it for the page.
    async fn look(&self, user: &User) -> Result<AwsIdentity>;

    /// Proves that they may read costs (one priced request), connects with them
    /// and begins the first sync.
    async fn connect(&self, user: &User, name: &str) -> Result<Connection>;

    /// Proves a connection's credentials anew, after the operator has exchanged them.
    async fn renew(&self, user: &User, id: ConnectionId) -> Result<Connection>;
}
