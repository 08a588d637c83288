//! What runs in EC2, region by region, as AWS describes it. Only what AWS said: an absent
//! time, size or name stays absent.

mod address;
mod instance;
mod listing;
mod region;
mod resource;
mod scan;
mod snapshot;
mod volume;

use std::collections::BTreeMap;

pub use address::Address;
pub use instance::{Instance, InstanceState, InstanceVolume, transition_time};
pub use listing::{
    InventoryCount, InventoryFilter, InventoryPage, InventoryRow, InventoryWish, LINES,
};
pub use region::{NotARegion, OptIn, Region, RegionState};
pub use resource::{Resource, ResourceKind};
pub use scan::{AFTER_A_SYNC, BETWEEN_SCANS, Gap, Scan, ScanOutcome, ScanPart, gaps, is_due};
pub use snapshot::{Snapshot, SnapshotState, StorageTier};
pub use volume::{Attachment, AttachmentState, Volume, VolumeState, VolumeType};

/// A resource's tags, by key.
pub type Tags = BTreeMap<String, String>;

fn name(tags: &Tags) -> Option<&str> {
    tags.get("Name")
        .map(String::as_str)
        .filter(|name| !name.is_empty())
}
