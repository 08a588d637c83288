//! EBS volumes.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Region, Tags};
use crate::words::open_words;

open_words! {
    /// What a volume is made of, and priced by.
    VolumeType {
        /// General purpose SSD whose speed grows with its size.
        Gp2 "gp2"
        /// General purpose SSD whose speed is bought apart.
        Gp3 "gp3"
        /// Provisioned IOPS SSD.
        Io1 "io1"
        /// Provisioned IOPS SSD, newer.
        Io2 "io2"
        /// Throughput-optimized disk.
        St1 "st1"
        /// Cold disk.
        Sc1 "sc1"
        /// Magnetic disk of old.
        Standard "standard"
    }
}

open_words! {
    /// Whether a volume is attached. One that is costs the same as one that isn't.
    VolumeState {
        /// Being made.
        Creating "creating"
        /// Attached to nothing.
        Available "available"
        /// Attached.
        InUse "in-use"
        /// Being deleted.
        Deleting "deleting"
        /// Gone.
        Deleted "deleted"
        /// Its hardware failed.
        Error "error"
    }
}

open_words! {
    /// How far attaching or detaching is.
    AttachmentState {
        /// Under way.
        Attaching "attaching"
        /// Done.
        Attached "attached"
        /// Being undone.
        Detaching "detaching"
        /// Undone.
        Detached "detached"
        /// The instance doesn't let go.
        Busy "busy"
    }
}

/// A disk.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Volume {
    /// Names it: `vol-…`.
    pub id: String,
    /// Where.
    pub region: Region,
    /// Its availability zone.
    pub zone: Option<String>,
    /// What it is made of.
    pub volume_type: VolumeType,
    /// Whether it is attached.
    pub state: VolumeState,
    /// In GiB.
    pub size_gib: u32,
    /// Operations a second, bought or, for gp2, the baseline; not every type has them.
    pub iops: Option<u32>,
    /// In MiB/s; gp3 only.
    pub throughput_mib: Option<u32>,
    /// When it was made. When it was detached, AWS doesn't say.
    pub created_at: Option<DateTime<Utc>>,
    /// Whether several instances may share it.
    pub multi_attach: bool,
    /// Whether it is encrypted, where AWS says so.
    pub encrypted: Option<bool>,
    /// The snapshot it was made from.
    pub snapshot: Option<String>,
    /// The AWS service that runs it on the account's behalf, which the person can't change.
    pub managed_by: Option<String>,
    /// What it hangs on.
    pub attachments: Vec<Attachment>,
    /// Its tags.
    pub tags: Tags,
}

impl Volume {
    /// What people call it: its `Name` tag.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        super::name(&self.tags)
    }
}

/// A volume's link to an instance.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// The instance's id; `None` where an AWS service holds the volume.
    pub instance: Option<String>,
    /// The volume's name on the machine.
    pub device: Option<String>,
    /// How far it is.
    pub state: Option<AttachmentState>,
    /// Since when.
    pub attached_at: Option<DateTime<Utc>>,
    /// Whether the volume goes when the instance goes.
    pub delete_on_termination: Option<bool>,
}
