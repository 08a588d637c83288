//! Connections by a role: begun here, made at AWS, finished here.

use async_trait::async_trait;

use super::NewKey;
use crate::{
    Result,
    account::{Connection, ConnectionId},
    draft::{DraftId, RoleDraft},
    user::User,
    ways::Ways,
};

/// Whose credentials shall take a role on.
pub enum NewSource {
    /// A key for this role alone.
    Key(NewKey),
    /// The key of a connection of the person's.
    Connection(ConnectionId),
    /// The server's own; administrators only.
    Environment,
}

/// Connections by a role.
#[async_trait]
pub trait Roles: Send + Sync {
    /// What the person may choose from. Never calls AWS.
    async fn ways(&self, user: &User) -> Result<Ways>;

    /// Asks AWS who the source is (free), and makes an ExternalId for the role to come.
    async fn begin(&self, user: &User, name: &str, source: NewSource) -> Result<RoleDraft>;

    /// One of the person's. Never calls AWS.
    async fn draft(&self, user: &User, id: DraftId) -> Result<RoleDraft>;

    /// Takes the role on and proves that it may read costs (one priced request),
    /// makes a connection of the draft and begins the first sync.
    async fn finish(&self, user: &User, id: DraftId, role_arn: &str) -> Result<Connection>;

    /// Forgets a draft and the key in it.
    async fn discard(&self, user: &User, id: DraftId) -> Result<()>;

    /// Another role of the same AWS account for a connection, with the same
    /// ExternalId, proved first.
    async fn replace_role(
        &self,
        user: &User,
        id: ConnectionId,
        role_arn: &str,
    ) -> Result<Connection>;
}
