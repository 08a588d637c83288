//! What is looked for.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Something that may cost more than it has to.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Its volumes and addresses keep costing.
    StoppedInstance,
    /// Attached to nothing.
    UnattachedVolume,
    /// Attached to an instance that has been stopped for long.
    VolumeOfStopped,
    /// gp3 gives the same for less.
    Gp2ToGp3,
    /// gp3 gives the same for less; io2 lasts longer.
    Io1ToNewer,
    /// Nothing uses it.
    IdleAddress,
    /// Made long ago.
    OldSnapshot,
    /// Its volume is gone, and no image is known to use it.
    OrphanSnapshot,
    /// Of a type that newer ones replaced.
    PreviousGeneration,
    /// A large one that never stops.
    LongRunning,
}

impl Check {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::StoppedInstance,
        Self::UnattachedVolume,
        Self::VolumeOfStopped,
        Self::Gp2ToGp3,
        Self::Io1ToNewer,
        Self::IdleAddress,
        Self::OldSnapshot,
        Self::OrphanSnapshot,
        Self::PreviousGeneration,
        Self::LongRunning,
    ];

    /// The name in the store and in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StoppedInstance => "stopped-instance",
            Self::UnattachedVolume => "unattached-volume",
            Self::VolumeOfStopped => "volume-of-stopped",
            Self::Gp2ToGp3 => "gp2-to-gp3",
            Self::Io1ToNewer => "io1-to-newer",
            Self::IdleAddress => "idle-address",
            Self::OldSnapshot => "old-snapshot",
            Self::OrphanSnapshot => "orphan-snapshot",
            Self::PreviousGeneration => "previous-generation",
            Self::LongRunning => "long-running",
        }
    }

    /// Whether AWS's own saying allows no more than an upper bound: snapshots share blocks.
    #[must_use]
    pub const fn is_upper_bound(self) -> bool {
        matches!(self, Self::OldSnapshot | Self::OrphanSnapshot)
    }

    /// For people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::StoppedInstance => "Stopped instance",
            Self::UnattachedVolume => "Unattached volume",
            Self::VolumeOfStopped => "Volume of a long-stopped instance",
            Self::Gp2ToGp3 => "gp2 volume, cheaper as gp3",
            Self::Io1ToNewer => "io1 volume, cheaper as gp3 or io2",
            Self::IdleAddress => "Idle Elastic IP address",
            Self::OldSnapshot => "Old snapshot",
            Self::OrphanSnapshot => "Snapshot of a volume that is gone",
            Self::PreviousGeneration => "Previous-generation instance",
            Self::LongRunning => "Large instance that never stops",
        }
    }

    /// Why it matters, in a sentence or two.
    #[must_use]
    pub const fn why(self) -> &'static str {
        match self {
            Self::StoppedInstance => {
                "A stopped instance costs nothing itself, but its volumes and Elastic IP addresses \
                 cost as much as if it ran."
            }
            Self::UnattachedVolume => "A volume costs the same whether anything uses it or not.",
            Self::VolumeOfStopped => {
                "Its instance has been stopped for so long that a snapshot would do."
            }
            Self::Gp2ToGp3 => {
                "gp3 costs less for each GiB. What gp2 gives beyond 3,000 IOPS and 125 MiB/s has to \
                 be bought with gp3, and is counted here: the volume stays as fast as it is."
            }
            Self::Io1ToNewer => {
                "gp3 gives up to 16,000 IOPS at a lower price. Beyond them there is io2: as dear as \
                 io1 up to 32,000 IOPS and cheaper from there on, and it lasts longer."
            }
            Self::IdleAddress => "AWS charges for each public address by the hour, used or not.",
            Self::OldSnapshot => "Snapshots cost by the month for as long as they are kept.",
            Self::OrphanSnapshot => {
                "Nobody will go back to a volume that is gone by accident. What it costs is an upper \
                 bound: snapshots share what hasn’t changed, and AWS doesn’t say how much."
            }
            Self::PreviousGeneration => {
                "Newer types mostly do more for less. What that saves depends on the new type, so it \
                 isn’t counted here."
            }
            Self::LongRunning => {
                "A hint, without money: could it be smaller, stop at night, or be covered by a \
                 Savings Plan?"
            }
        }
    }
}

impl FromStr for Check {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut all = Self::ALL.into_iter();
        all.find(|check| check.as_str() == text).ok_or(())
    }
}
