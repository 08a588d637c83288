//! A role connection on its way: kept while the person makes the role at AWS.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    account::AwsAccountId,
    error::Error,
    expiry::KeyEnd,
    role::{ExternalId, RoleSource},
};

/// Names one.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DraftId(pub Uuid);

impl fmt::Display for DraftId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Someone else's id and a misspelt one look the same: not found.
impl FromStr for DraftId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        text.parse()
            .map(Self)
            .map_err(|_| Error::not_found("unfinished role"))
    }
}

/// How many a person may have; each may hold a key.
pub const DRAFTS_MAX: usize = 20;
/// After so many days without a change it is deleted, with the key in it.
pub const DRAFT_DAYS: u32 = 30;

/// A role connection that isn't finished, as the person may see it: no secret in it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct RoleDraft {
    /// Names it.
    pub id: DraftId,
    /// What the connection will be called.
    pub name: String,
    /// What the role's trust policy must demand. Made once, for this role alone.
    pub external_id: ExternalId,
    /// Who will take the role on.
    pub source: RoleSource,
    /// What the person calls the connection whose key that is.
    pub source_name: Option<String>,
    /// Who AWS says that is.
    pub source_arn: String,
    /// The account that the source belongs to.
    pub source_account: AwsAccountId,
    /// When the source's temporary key ends.
    pub key_end: Option<KeyEnd>,
    /// The role that was tried last, as it was typed.
    pub role_arn: String,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
}
