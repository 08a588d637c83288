//! What EC2 shows at one moment: the lives, cut at that moment. Sorted by region and id.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::life::{
    AddressLife, Attachment, Attribution, Cast, InstanceLife, SnapshotLife, Span, StopStyle,
    VolumeKind, VolumeLife, within,
};
use super::usage::INCLUDED_IOPS;

/// Key and value of each tag.
type Labels = Vec<(String, String)>;

/// Whether an instance runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Running {
    /// It runs.
    Yes,
    /// It has been stopped since then, and AWS says so in this manner.
    Stopped(DateTime<Utc>, StopStyle),
    /// It was terminated less than a day ago, at this time.
    Terminated(DateTime<Utc>),
}

/// An instance.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are AWS's")]
pub struct Instance {
    pub region: &'static str,
    pub id: String,
    pub reservation: String,
    /// Its place in the reservation.
    pub index: u32,
    /// `us-east-1a`
    pub zone: String,
    pub kind: &'static str,
    pub arm: bool,
    pub spot: bool,
    pub image: String,
    /// The last start.
    pub launched: DateTime<Utc>,
    pub running: Running,
    pub private_ip: String,
    /// Only while it runs.
    pub public_ip: Option<String>,
    /// Id, device, since when, deleted on termination.
    pub volumes: Vec<(String, &'static str, DateTime<Utc>, bool)>,
    pub tags: Labels,
}

/// A volume.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are AWS's")]
pub struct Volume {
    pub region: &'static str,
    pub id: String,
    pub zone: String,
    pub kind: VolumeKind,
    pub gib: i64,
    /// `None` for kinds without.
    pub iops: Option<i64>,
    /// MiB/s; only of gp3.
    pub throughput: Option<i64>,
    pub encrypted: bool,
    /// Empty when it was created blank.
    pub snapshot: String,
    pub created: DateTime<Utc>,
    pub attachment: Option<Attachment>,
    pub tags: Labels,
}

/// An Elastic IP address.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are AWS's")]
pub struct Address {
    pub region: &'static str,
    pub allocation: String,
    pub ip: String,
    pub used: Option<Attribution>,
    pub tags: Labels,
}

/// A snapshot of the account's own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are AWS's")]
pub struct Snapshot {
    pub region: &'static str,
    pub id: String,
    pub volume: String,
    pub started: DateTime<Utc>,
    /// GiB of the volume it was made of.
    pub gib: i64,
    /// GiB that are metered for it. AWS doesn't show this.
    pub stored: i64,
    /// GiB that a restore needs.
    pub full: i64,
    pub archived: bool,
    pub encrypted: bool,
    pub description: String,
    pub tags: Labels,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Seen {
    /// In the order of region, reservation and place in it.
    pub instances: Vec<Instance>,
    /// In the order of region and id.
    pub volumes: Vec<Volume>,
    /// In the order of region and id.
    pub addresses: Vec<Address>,
    /// In the order of region and id.
    pub snapshots: Vec<Snapshot>,
}

impl Seen {
    pub(super) fn at(moment: i64, casts: &[Arc<Cast>]) -> Self {
        let mut seen = Self::default();
        for cast in casts {
            let volumes = &cast.volumes;
            let instances = cast.instances.iter();
            seen.instances
                .extend(instances.filter_map(|life| instance(life, volumes, moment)));
            seen.volumes
                .extend(volumes.iter().filter_map(|life| volume(life, moment)));
            seen.addresses.extend(
                cast.addresses
                    .iter()
                    .filter_map(|life| address(life, moment)),
            );
            seen.snapshots.extend(
                cast.snapshots
                    .iter()
                    .filter_map(|life| snapshot(life, moment)),
            );
        }
        seen.instances.sort_by(|one, other| {
            (one.region, &one.reservation, one.index).cmp(&(
                other.region,
                &other.reservation,
                other.index,
            ))
        });
        seen.volumes
            .sort_by(|one, other| (one.region, &one.id).cmp(&(other.region, &other.id)));
        seen.addresses.sort_by(|one, other| {
            (one.region, &one.allocation).cmp(&(other.region, &other.allocation))
        });
        seen.snapshots
            .sort_by(|one, other| (one.region, &one.id).cmp(&(other.region, &other.id)));
        seen
    }
}

fn instance(life: &InstanceLife, volumes: &[VolumeLife], moment: i64) -> Option<Instance> {
    let gone = life.span.to <= moment;
    if life.span.from >= moment || life.span.to + 24 <= moment {
        return None;
    }
    let launched = life.runs.iter().rev().find(|run| run.from < moment)?;
    let ended = |at: i64| within(at - 1, life.salt);
    let running = if gone {
        Running::Terminated(ended(life.span.to))
    } else if launched.shows(moment) {
        Running::Yes
    } else {
        Running::Stopped(ended(launched.to), life.stops)
    };
    let held = |volume: &VolumeLife| {
        let on_it =
            |(span, id, _, _): &&(Span, String, &str, bool)| *id == life.id && span.shows(moment);
        let (span, _, device, goes) = volume.attached.iter().find(on_it)?;
        Some((
            volume.id.clone(),
            *device,
            within(span.from, volume.salt),
            *goes,
        ))
    };
    Some(Instance {
        region: life.region,
        id: life.id.clone(),
        reservation: life.reservation.clone(),
        index: life.index,
        zone: format!("{}{}", life.region, life.zone),
        kind: life.machine.name,
        arm: life.machine.arm,
        spot: life.spot,
        image: life.image.clone(),
        launched: within(launched.from, life.salt),
        running,
        private_ip: life.private_ip.clone(),
        public_ip: life.public_ip.clone().filter(|_| running == Running::Yes),
        volumes: volumes.iter().filter_map(held).collect(),
        tags: life.labels.clone(),
    })
}

fn volume(life: &VolumeLife, moment: i64) -> Option<Volume> {
    let attachment = || {
        let (span, instance, device, goes) =
            life.attached.iter().find(|(span, ..)| span.shows(moment))?;
        Some(Attachment {
            instance: instance.clone(),
            device,
            since: within(span.from, life.salt),
            delete_on_termination: *goes,
        })
    };
    life.span.shows(moment).then(|| Volume {
        region: life.region,
        id: life.id.clone(),
        zone: format!("{}{}", life.region, life.zone),
        kind: life.kind,
        gib: life.gib,
        iops: Some(life.iops).filter(|iops| *iops > 0),
        throughput: Some(life.throughput).filter(|throughput| *throughput > 0),
        encrypted: life.encrypted,
        snapshot: life.snapshot.clone(),
        created: within(life.span.from, life.salt),
        attachment: attachment(),
        tags: life.labels.clone(),
    })
}

fn address(life: &AddressLife, moment: i64) -> Option<Address> {
    life.span.shows(moment).then(|| Address {
        region: life.region,
        allocation: life.allocation.clone(),
        ip: life.ip.clone(),
        used: life
            .used
            .as_ref()
            .filter(|(span, _)| span.shows(moment))
            .map(|(_, user)| user.clone()),
        tags: life.labels.clone(),
    })
}

fn snapshot(life: &SnapshotLife, moment: i64) -> Option<Snapshot> {
    life.span.shows(moment).then(|| Snapshot {
        region: life.region,
        id: life.id.clone(),
        volume: life.volume.clone(),
        started: within(life.span.from, life.salt),
        gib: life.gib,
        stored: life.stored,
        full: life.full,
        archived: life.archived,
        encrypted: life.encrypted,
        description: life.description.clone(),
        tags: life.labels.clone(),
    })
}

/// IOPS and throughput of a volume of this kind and size, where they aren't chosen.
pub(super) fn baseline(kind: VolumeKind, gib: i64) -> (i64, i64) {
    match kind {
        VolumeKind::Gp2 => ((3 * gib).clamp(100, 16_000), 0),
        VolumeKind::Gp3 => (INCLUDED_IOPS, super::usage::INCLUDED_THROUGHPUT),
        _ => (0, 0),
    }
}
