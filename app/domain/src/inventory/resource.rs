//! A resource of any kind: what instances, volumes, addresses and snapshots have in common.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{Address, Instance, InstanceState, Region, Snapshot, Tags, Volume, VolumeState};

/// A kind of resource.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResourceKind {
    /// EC2 instances.
    Instance,
    /// EBS volumes.
    Volume,
    /// Elastic IP addresses.
    Address,
    /// EBS snapshots.
    Snapshot,
}

impl ResourceKind {
    /// All of them, in the order in which they are looked at.
    pub const ALL: [Self; 4] = [Self::Instance, Self::Volume, Self::Address, Self::Snapshot];

    /// The name in the store and in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Instance => "instance",
            Self::Volume => "volume",
            Self::Address => "address",
            Self::Snapshot => "snapshot",
        }
    }

    /// For people: `Instances`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Instance => "Instances",
            Self::Volume => "Volumes",
            Self::Address => "Elastic IP addresses",
            Self::Snapshot => "Snapshots",
        }
    }
}

impl fmt::Display for ResourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ResourceKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut all = Self::ALL.into_iter();
        all.find(|kind| kind.as_str() == text).ok_or(())
    }
}

/// What AWS said of one resource.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// An EC2 instance.
    Instance(Instance),
    /// An EBS volume.
    Volume(Volume),
    /// An Elastic IP address.
    Address(Address),
    /// An EBS snapshot.
    Snapshot(Snapshot),
}

impl Resource {
    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> ResourceKind {
        match self {
            Self::Instance(_) => ResourceKind::Instance,
            Self::Volume(_) => ResourceKind::Volume,
            Self::Address(_) => ResourceKind::Address,
            Self::Snapshot(_) => ResourceKind::Snapshot,
        }
    }

    /// Names it within its region.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Instance(one) => &one.id,
            Self::Volume(one) => &one.id,
            Self::Address(one) => &one.id,
            Self::Snapshot(one) => &one.id,
        }
    }

    /// Where it is.
    #[must_use]
    pub const fn region(&self) -> &Region {
        match self {
            Self::Instance(one) => &one.region,
            Self::Volume(one) => &one.region,
            Self::Address(one) => &one.region,
            Self::Snapshot(one) => &one.region,
        }
    }

    /// Its tags.
    #[must_use]
    pub const fn tags(&self) -> &Tags {
        match self {
            Self::Instance(one) => &one.tags,
            Self::Volume(one) => &one.tags,
            Self::Address(one) => &one.tags,
            Self::Snapshot(one) => &one.tags,
        }
    }

    /// What people call it: its `Name` tag.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        super::name(self.tags())
    }

    /// The state that it is worth knowing since when: an address is `idle` or `in-use`.
    #[must_use]
    pub fn state(&self) -> &str {
        match self {
            Self::Instance(one) => one.state.as_str(),
            Self::Volume(one) => one.state.as_str(),
            Self::Address(one) if one.is_idle() => "idle",
            Self::Address(_) => "in-use",
            Self::Snapshot(one) => one.state.as_str(),
        }
    }

    /// Whether AWS only remembers it: then it is gone.
    #[must_use]
    pub const fn is_gone(&self) -> bool {
        match self {
            Self::Instance(one) => matches!(one.state, InstanceState::Terminated),
            Self::Volume(one) => matches!(one.state, VolumeState::Deleted),
            Self::Address(_) | Self::Snapshot(_) => false,
        }
    }

    /// What it is like, in a few words: `gp3, 100 GiB`.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::Instance(one) => one.instance_type.clone(),
            Self::Volume(one) => volume_detail(one),
            Self::Address(one) => one.public_ip.clone().unwrap_or_default(),
            Self::Snapshot(one) => match &one.volume {
                Some(volume) => format!("{} GiB of {volume}", one.volume_size_gib),
                None => format!("{} GiB", one.volume_size_gib),
            },
        }
    }

    /// Where AWS's console shows it.
    #[must_use]
    pub fn console_link(&self) -> String {
        let (region, id) = (self.region().as_str(), self.id());
        let place = match self.kind() {
            ResourceKind::Instance => format!("InstanceDetails:instanceId={id}"),
            ResourceKind::Volume => format!("VolumeDetails:volumeId={id}"),
            ResourceKind::Address => format!("ElasticIpDetails:AllocationId={id}"),
            ResourceKind::Snapshot => format!("SnapshotDetails:snapshotId={id}"),
        };
        let host = if region.starts_with("us-gov-") {
            "console.amazonaws-us-gov.com"
        } else if region.starts_with("cn-") {
            "console.amazonaws.cn"
        } else {
            "console.aws.amazon.com"
        };
        format!("https://{host}/ec2/home?region={region}#{place}")
    }
}

fn volume_detail(volume: &Volume) -> String {
    let mut parts = vec![
        volume.volume_type.as_str().to_owned(),
        format!("{} GiB", volume.size_gib),
    ];
    parts.extend(volume.iops.map(|iops| format!("{iops} IOPS")));
    parts.extend(volume.throughput_mib.map(|mib| format!("{mib} MiB/s")));
    parts.join(", ")
}
