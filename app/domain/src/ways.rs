//! The ways to connect that a person has on this server.

use serde::{Deserialize, Serialize};

use crate::{
    account::{AwsAccountId, ConnectionId},
    draft::RoleDraft,
};

/// What the page for connecting offers.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Ways {
    /// Whether the sample account is offered.
    pub sample_account: bool,
    /// The server's own credentials; `None` for everybody whom they don't concern.
    pub environment: Option<ServerEnvironment>,
    /// Connections whose key may take on a role.
    pub sources: Vec<RoleKey>,
    /// Roles that were begun.
    pub drafts: Vec<RoleDraft>,
}

/// The server's own credentials.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct ServerEnvironment {
    /// Whose they are, once somebody has asked AWS.
    pub identity: Option<AwsIdentity>,
}

/// Who AWS says somebody is.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct AwsIdentity {
    /// The account.
    pub account: AwsAccountId,
    /// The user or role.
    pub arn: String,
}

/// A connection whose key may take on a role.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct RoleKey {
    /// The connection.
    pub connection: ConnectionId,
    /// What the person calls it.
    pub name: String,
    /// Who AWS says the key is.
    pub arn: String,
}
