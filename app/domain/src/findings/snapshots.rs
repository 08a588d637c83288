//! What is known about who needs a snapshot, and what it costs at most.

use super::{Held, Meter, Rates, volumes::Reckoned};
use crate::inventory::{Snapshot, StorageTier};

const GIB: u64 = 1 << 30;
/// Copies name this volume, which is none.
const NO_VOLUME: &str = "vol-ffffffff";

/// Whether its description names an image: AWS refuses to delete it while that is registered.
pub(super) fn is_images(snapshot: &Snapshot) -> bool {
    description(snapshot).contains("ami-")
}

/// Whether a service makes such snapshots, and deletes them, by a plan of its own.
pub(super) fn is_managed(snapshot: &Snapshot) -> bool {
    let by_tag = |key: &String| key.starts_with("aws:backup") || key.starts_with("aws:dlm");
    let text = description(snapshot);
    snapshot.tags.keys().any(by_tag)
        || text.contains("AWS Backup")
        || text.starts_with("Created for policy:")
}

/// Whether its volume's id means anything.
pub(super) fn has_volume(snapshot: &Snapshot) -> bool {
    let volume = snapshot.volume.as_deref().unwrap_or(NO_VOLUME);
    let is_copy = description(snapshot).contains("Copied ");
    volume != NO_VOLUME && !is_copy
}

fn description(snapshot: &Snapshot) -> &str {
    snapshot.description.as_deref().unwrap_or_default()
}

/// The most that it costs in a month: snapshots share what hasn't changed.
pub(super) fn most(snapshot: &Snapshot, rates: &Rates) -> Option<Reckoned> {
    let mut cost = Reckoned::default();
    let meter = match snapshot.tier {
        Some(StorageTier::Archive) => Meter::Archive,
        _ => Meter::Snapshot,
    };
    let whole = u64::from(snapshot.volume_size_gib).saturating_mul(GIB);
    let (bytes, words) = match snapshot.full_size_bytes {
        Some(bytes) => (bytes, "all blocks that it refers to"),
        None => (whole, "the size of its volume"),
    };
    #[expect(clippy::cast_precision_loss, reason = "words for people")]
    let words = format!("at most {:.1} GiB, {words}", bytes as f64 / GIB as f64);
    cost.add(rates, snapshot.region.as_str(), meter, (bytes, GIB), &words)?;
    Some(cost.paid_for(|cost| Held::snapshot(snapshot, cost)))
}
