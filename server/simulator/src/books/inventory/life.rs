//! The lives of resources, in whole hours: when they exist, run, are attached. What begins in an
//! hour is metered from its start; what ends in one, to its end, as AWS bills begun hours.

use chrono::{DateTime, NaiveDate, Utc};

use super::super::noise::mix;
use super::meter::Machine;

/// Cost allocation tags.
pub(super) type Tags = &'static [(&'static str, &'static str)];

/// The first hour of a day, in hours since 1970.
pub(super) fn hour(day: NaiveDate) -> i64 {
    day.signed_duration_since(NaiveDate::default()).num_hours()
}

/// A moment within the hour that begins at `hour`.
pub(super) fn within(hour: i64, salt: u64) -> DateTime<Utc> {
    let second = i64::try_from(mix(&[salt, hour.unsigned_abs()]) % 3_599).unwrap_or(0);
    DateTime::from_timestamp(hour * 3_600 + second, 0).unwrap_or_default()
}

/// Hours, half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub from: i64,
    pub to: i64,
}

impl Span {
    pub(super) fn new(from: i64, to: i64) -> Self {
        Self { from, to }
    }

    /// How many hours both have in common.
    pub(super) fn common(self, other: Self) -> i64 {
        (self.to.min(other.to) - self.from.max(other.from)).max(0)
    }

    /// Whether it has begun before this moment and goes on after it.
    pub(super) fn shows(self, moment: i64) -> bool {
        self.from < moment && moment < self.to
    }
}

/// What a volume is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is AWS's own word")]
pub enum VolumeKind {
    Gp2,
    Gp3,
    Io1,
    Io2,
    St1,
    Sc1,
    Standard,
}

impl VolumeKind {
    /// AWS's word: `gp3`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gp2 => "gp2",
            Self::Gp3 => "gp3",
            Self::Io1 => "io1",
            Self::Io2 => "io2",
            Self::St1 => "st1",
            Self::Sc1 => "sc1",
            Self::Standard => "standard",
        }
    }
}

/// What AWS says about the reason of a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopStyle {
    /// With the time in the text.
    ByUser,
    /// From inside the machine: no text at all.
    FromInside,
    /// Spot capacity was taken back: a text without a time.
    SpotTakenBack,
}

/// A volume on an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The instance it is attached to.
    pub instance: String,
    /// `/dev/xvda`
    pub device: &'static str,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Whether it goes with the instance.
    pub delete_on_termination: bool,
}

/// What an address is associated with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attribution {
    /// An instance, running or stopped.
    Instance(String),
    /// A NAT gateway of the account's.
    Nat,
    /// A load balancer of the account's, with an address that the account brought.
    Balancer,
    /// A load balancer whose addresses AWS manages.
    Managed,
}

pub(super) struct InstanceLife {
    pub id: String,
    pub reservation: String,
    /// Its place in the reservation.
    pub index: u32,
    pub region: &'static str,
    pub zone: &'static str,
    pub machine: &'static Machine,
    pub spot: bool,
    pub image: String,
    pub private_ip: String,
    /// Not an Elastic IP; goes when it stops.
    pub public_ip: Option<String>,
    pub span: Span,
    pub runs: Vec<Span>,
    pub stops: StopStyle,
    pub labels: Vec<(String, String)>,
    pub tags: Tags,
    pub salt: u64,
}

pub(super) struct VolumeLife {
    pub id: String,
    pub region: &'static str,
    pub zone: &'static str,
    pub kind: VolumeKind,
    pub gib: i64,
    /// Provisioned or given by the size; 0 where the kind has none.
    pub iops: i64,
    /// MiB/s; 0 where the kind has none.
    pub throughput: i64,
    pub encrypted: bool,
    pub snapshot: String,
    pub span: Span,
    pub attached: Vec<(Span, String, &'static str, bool)>,
    pub labels: Vec<(String, String)>,
    pub tags: Tags,
    pub salt: u64,
}

pub(super) struct AddressLife {
    pub allocation: String,
    pub ip: String,
    pub region: &'static str,
    pub span: Span,
    pub used: Option<(Span, Attribution)>,
    /// When what it is associated with runs: metered as in use, the rest as idle.
    pub busy: Vec<Span>,
    pub labels: Vec<(String, String)>,
    pub tags: Tags,
}

pub(super) struct SnapshotLife {
    pub id: String,
    pub region: &'static str,
    /// May name a volume that is gone, or none at all (`vol-ffffffff`).
    pub volume: String,
    pub gib: i64,
    /// GiB of its own blocks, which is what is metered: a snapshot holds what changed.
    pub stored: i64,
    /// GiB of all blocks that a restore needs.
    pub full: i64,
    pub archived: bool,
    pub encrypted: bool,
    pub description: String,
    pub span: Span,
    pub labels: Vec<(String, String)>,
    pub tags: Tags,
    pub salt: u64,
}

/// Everything that comes into being in one cycle of a story.
#[derive(Default)]
pub(super) struct Cast {
    pub instances: Vec<InstanceLife>,
    pub volumes: Vec<VolumeLife>,
    pub addresses: Vec<AddressLife>,
    pub snapshots: Vec<SnapshotLife>,
}
