//! EBS snapshots.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Region, Tags};
use crate::words::open_words;

open_words! {
    /// How far a snapshot is.
    SnapshotState {
        /// Being made.
        Pending "pending"
        /// Made.
        Completed "completed"
        /// It failed.
        Error "error"
        /// It can be restored for a while, as a deleted one.
        Recoverable "recoverable"
        /// Being restored.
        Recovering "recovering"
    }
}

open_words! {
    /// What a snapshot is priced by.
    StorageTier {
        /// Blocks that changed since the one before.
        Standard "standard"
        /// A whole copy, at a fraction of the price.
        Archive "archive"
    }
}

/// A copy of a volume.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Names it: `snap-…`.
    pub id: String,
    /// Where.
    pub region: Region,
    /// How far it is.
    pub state: SnapshotState,
    /// The volume it was taken from; of a copied snapshot, a number without meaning.
    pub volume: Option<String>,
    /// The size of that volume in GiB: not what the snapshot is billed for.
    pub volume_size_gib: u32,
    /// All blocks that it refers to: an upper bound of what it is billed for.
    pub full_size_bytes: Option<u64>,
    /// What it is priced by.
    pub tier: Option<StorageTier>,
    /// When it was begun: its age.
    pub started_at: Option<DateTime<Utc>>,
    /// The account it belongs to.
    pub owner: Option<String>,
    /// What made it says here why.
    pub description: Option<String>,
    /// Whether it is encrypted, where AWS says so.
    pub encrypted: Option<bool>,
    /// Until when an archived one is readable.
    pub restore_expires_at: Option<DateTime<Utc>>,
    /// Its tags.
    pub tags: Tags,
}

impl Snapshot {
    /// What people call it: its `Name` tag.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        super::name(&self.tags)
    }
}
