//! What runs in EC2, region by region, as AWS describes it. Only what AWS said: an absent
//! time, size or name stays absent.

mod address;
mod instance;
mod region;
mod snapshot;
mod volume;

use std::collections::BTreeMap;

pub use address::Address;
pub use instance::{Instance, InstanceState, InstanceVolume, transition_time};
pub use region::{NotARegion, OptIn, Region, RegionState};
pub use snapshot::{Snapshot, SnapshotState, StorageTier};
pub use volume::{Attachment, AttachmentState, Volume, VolumeState, VolumeType};

/// A resource's tags, by key.
pub type Tags = BTreeMap<String, String>;

fn name(tags: &Tags) -> Option<&str> {
    tags.get("Name")
        .map(String::as_str)
        .filter(|name| !name.is_empty())
}
