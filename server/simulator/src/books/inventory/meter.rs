//! What EC2 meters: usage types with their units and prices. Prices are of the right size, not a
//! price list to rely on.

use super::life::VolumeKind;

/// Ten-billionths of a dollar in a thousandth of a dollar.
const MILL: i64 = 10_000_000;

/// An instance type.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Machine {
    pub name: &'static str,
    pub family: &'static str,
    /// On demand, 10⁻¹⁰ dollars an hour.
    pub price: i64,
    /// Normalized units an hour.
    pub units: i64,
    pub arm: bool,
}

impl Machine {
    pub(super) const fn new(
        name: &'static str,
        family: &'static str,
        tenth_mills: i64,
        units: i64,
    ) -> Self {
        Self {
            name,
            family,
            price: tenth_mills * MILL / 10,
            units,
            arm: false,
        }
    }

    pub(super) const fn on_arm(mut self) -> Self {
        self.arm = true;
        self
    }
}

/// A usage type, without its region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Meter {
    Machine {
        machine: &'static Machine,
        spot: bool,
    },
    Volume(VolumeKind),
    /// Provisioned beyond what is included.
    Iops(VolumeKind),
    /// Of gp3, beyond what is included.
    Throughput,
    Snapshot,
    Archive,
    AddressInUse,
    AddressIdle,
    Nat,
}

/// How a meter appears on the bill.
pub(super) struct Face {
    pub service: &'static str,
    pub code: &'static str,
    /// Without the region's prefix.
    pub usage: String,
    pub operation: &'static str,
    pub unit: &'static str,
}

impl Meter {
    pub(super) fn face(self) -> Face {
        let (usage, operation, unit) = match self {
            Self::Machine {
                machine,
                spot: false,
            } => (format!("BoxUsage:{}", machine.name), "RunInstances", "Hrs"),
            Self::Machine {
                machine,
                spot: true,
            } => (
                format!("SpotUsage:{}", machine.name),
                "RunInstances:SV001",
                "Hrs",
            ),
            Self::Volume(kind) => {
                let suffix = match kind {
                    VolumeKind::Standard => String::new(),
                    kind => format!(".{}", word(kind)),
                };
                (
                    format!("EBS:VolumeUsage{suffix}"),
                    create_volume(kind),
                    "GB-Mo",
                )
            }
            Self::Iops(kind) => (
                format!("EBS:VolumeP-IOPS.{}", word(kind)),
                create_volume(kind),
                "IOPS-Mo",
            ),
            Self::Throughput => (
                "EBS:VolumeP-Throughput.gp3".to_owned(),
                "CreateVolume-Gp3",
                "GiBps-mo",
            ),
            Self::Snapshot => ("EBS:SnapshotUsage".to_owned(), "CreateSnapshot", "GB-Mo"),
            Self::Archive => (
                "EBS:SnapshotArchiveStorage".to_owned(),
                "CreateSnapshot",
                "GB-Mo",
            ),
            Self::AddressInUse => (
                "PublicIPv4:InUseAddress".to_owned(),
                "AllocateAddressVPC",
                "Hrs",
            ),
            Self::AddressIdle => (
                "PublicIPv4:IdleAddress".to_owned(),
                "AllocateAddressVPC",
                "Hrs",
            ),
            Self::Nat => ("NatGateway-Hours".to_owned(), "NatGateway", "Hrs"),
        };
        let (service, code) = match self {
            Self::Machine { .. } => ("Amazon Elastic Compute Cloud - Compute", "AmazonEC2"),
            Self::AddressInUse | Self::AddressIdle => ("Amazon Virtual Private Cloud", "AmazonVPC"),
            _ => ("EC2 - Other", "AmazonEC2"),
        };
        Face {
            service,
            code,
            usage,
            operation,
            unit,
        }
    }

    /// 10⁻¹⁰ dollars a unit.
    pub(super) fn price(self, region: &str) -> i64 {
        let storage = match region {
            "eu-west-1" => 110,
            "eu-central-1" => 119,
            "ap-southeast-1" | "ap-northeast-1" => 120,
            _ => 100,
        };
        let base = match self {
            Self::Machine { machine, spot } if spot => machine.price * 2 / 5,
            Self::Machine { machine, .. } => machine.price,
            Self::Volume(kind) => match kind {
                VolumeKind::Gp2 => 100 * MILL,
                VolumeKind::Gp3 => 80 * MILL,
                VolumeKind::Io1 | VolumeKind::Io2 => 125 * MILL,
                VolumeKind::St1 => 45 * MILL,
                VolumeKind::Sc1 => 15 * MILL,
                VolumeKind::Standard => 50 * MILL,
            },
            Self::Iops(VolumeKind::Gp3) => 5 * MILL,
            Self::Iops(_) => 65 * MILL,
            Self::Throughput => 40_960 * MILL,
            Self::Snapshot => 50 * MILL,
            Self::Archive => 12 * MILL + MILL / 2,
            Self::AddressInUse | Self::AddressIdle => 5 * MILL,
            Self::Nat => 45 * MILL,
        };
        match self {
            Self::Volume(_) | Self::Iops(_) | Self::Throughput => base * storage / 100,
            _ => base,
        }
    }

    /// What a piece that is there for an hour counts in a month of `hours`: one unit is so many
    /// of them. Hours count as they are.
    pub(super) fn divisor(self, hours: i64) -> i64 {
        match self {
            Self::Machine { .. } | Self::AddressInUse | Self::AddressIdle | Self::Nat => 1,
            // Metered in MiB/s, charged in GiB/s.
            Self::Throughput => 1_024 * hours,
            Self::Volume(_) | Self::Iops(_) | Self::Snapshot | Self::Archive => hours,
        }
    }
}

/// The bill's word for a kind of volume.
fn word(kind: VolumeKind) -> &'static str {
    match kind {
        VolumeKind::Io1 => "piops",
        kind => kind.name(),
    }
}

fn create_volume(kind: VolumeKind) -> &'static str {
    match kind {
        VolumeKind::Gp2 => "CreateVolume-Gp2",
        VolumeKind::Gp3 => "CreateVolume-Gp3",
        VolumeKind::Io1 => "CreateVolume-P-IOPS",
        VolumeKind::Io2 => "CreateVolume-io2",
        VolumeKind::St1 => "CreateVolume-st1",
        VolumeKind::Sc1 => "CreateVolume-sc1",
        VolumeKind::Standard => "CreateVolume",
    }
}
