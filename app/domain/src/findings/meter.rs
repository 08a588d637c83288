//! What is metered, as AWS's bill names it.

use crate::inventory::VolumeType;

/// Something with a price.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Meter {
    /// GiB of gp2.
    Gp2,
    /// GiB of gp3.
    Gp3,
    /// GiB of io1.
    Io1,
    /// GiB of io2.
    Io2,
    /// GiB of st1.
    St1,
    /// GiB of sc1.
    Sc1,
    /// GiB of magnetic disk.
    Magnetic,
    /// IOPS of gp3 beyond what is included.
    Gp3Iops,
    /// GiB/s of gp3 beyond what is included.
    Gp3Throughput,
    /// IOPS of io1.
    Io1Iops,
    /// IOPS of io2, up to 32,000.
    Io2Iops,
    /// Those beyond, up to 64,000.
    Io2IopsTier2,
    /// Those beyond 64,000.
    Io2IopsTier3,
    /// GB of a snapshot.
    Snapshot,
    /// GB of an archived snapshot.
    Archive,
    /// Hours of an address that nothing uses.
    IdleAddress,
}

impl Meter {
    /// The storage of a kind of volume.
    #[must_use]
    pub const fn storage(kind: &VolumeType) -> Option<Self> {
        Some(match kind {
            VolumeType::Gp2 => Self::Gp2,
            VolumeType::Gp3 => Self::Gp3,
            VolumeType::Io1 => Self::Io1,
            VolumeType::Io2 => Self::Io2,
            VolumeType::St1 => Self::St1,
            VolumeType::Sc1 => Self::Sc1,
            VolumeType::Standard => Self::Magnetic,
            VolumeType::Other(_) => return None,
        })
    }

    /// The usage type, without its region.
    #[must_use]
    pub const fn usage_type(self) -> &'static str {
        match self {
            Self::Gp2 => "EBS:VolumeUsage.gp2",
            Self::Gp3 => "EBS:VolumeUsage.gp3",
            Self::Io1 => "EBS:VolumeUsage.piops",
            Self::Io2 => "EBS:VolumeUsage.io2",
            Self::St1 => "EBS:VolumeUsage.st1",
            Self::Sc1 => "EBS:VolumeUsage.sc1",
            Self::Magnetic => "EBS:VolumeUsage",
            Self::Gp3Iops => "EBS:VolumeP-IOPS.gp3",
            Self::Gp3Throughput => "EBS:VolumeP-Throughput.gp3",
            Self::Io1Iops => "EBS:VolumeP-IOPS.piops",
            Self::Io2Iops => "EBS:VolumeP-IOPS.io2",
            Self::Io2IopsTier2 => "EBS:VolumeP-IOPS.io2.tier2",
            Self::Io2IopsTier3 => "EBS:VolumeP-IOPS.io2.tier3",
            Self::Snapshot => "EBS:SnapshotUsage",
            Self::Archive => "EBS:SnapshotArchiveStorage",
            Self::IdleAddress => "PublicIPv4:IdleAddress",
        }
    }

    /// What one unit is, for people.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Gp3Iops
            | Self::Io1Iops
            | Self::Io2Iops
            | Self::Io2IopsTier2
            | Self::Io2IopsTier3 => "IOPS",
            Self::Gp3Throughput => "GiB/s",
            Self::IdleAddress => "hours",
            _ => "GiB",
        }
    }
}

/// The usage types' prefixes of a region; the oldest region has none, or one of its own.
pub(super) fn prefixes(region: &str) -> &'static [&'static str] {
    match region {
        "us-east-1" => &["", "USE1-"],
        "us-east-2" => &["USE2-"],
        "us-west-1" => &["USW1-"],
        "us-west-2" => &["USW2-"],
        "ca-central-1" => &["CAN1-"],
        "eu-west-1" => &["EU-", "EUW1-"],
        "eu-west-2" => &["EUW2-"],
        "eu-west-3" => &["EUW3-"],
        "eu-central-1" => &["EUC1-"],
        "eu-north-1" => &["EUN1-"],
        "eu-south-1" => &["EUS1-"],
        "ap-northeast-1" => &["APN1-"],
        "ap-northeast-2" => &["APN2-"],
        "ap-northeast-3" => &["APN3-"],
        "ap-southeast-1" => &["APS1-"],
        "ap-southeast-2" => &["APS2-"],
        "ap-south-1" => &["APS3-"],
        "ap-east-1" => &["APE1-"],
        "sa-east-1" => &["SAE1-"],
        "me-south-1" => &["MES1-"],
        "af-south-1" => &["AFS1-"],
        // Without a list price, but with rates of the account's own.
        "ap-east-2" => &["APE2-"],
        "ap-south-2" => &["APS5-"],
        "ap-southeast-3" => &["APS4-"],
        "ap-southeast-4" => &["APS6-"],
        "ap-southeast-5" => &["APS7-"],
        "ca-west-1" => &["CAN2-"],
        "cn-north-1" => &["CNN1-"],
        "cn-northwest-1" => &["CNW1-"],
        "eu-central-2" => &["EUC2-"],
        "eu-south-2" => &["EUS2-"],
        "il-central-1" => &["ILC1-"],
        "me-central-1" => &["MEC1-"],
        "mx-central-1" => &["MXC1-"],
        "us-gov-east-1" => &["UGE1-"],
        "us-gov-west-1" => &["UGW1-"],
        _ => &[],
    }
}
