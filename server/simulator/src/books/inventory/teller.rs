//! Brings resources into being for the plots: ids, times, sizes and tags that fit together.

use super::super::noise::mix;
use super::life::{
    AddressLife, Attribution, Cast, InstanceLife, SnapshotLife, Span, StopStyle, VolumeKind,
    VolumeLife,
};
use super::meter::Machine;
use super::seen::baseline;
use super::story::Story;

/// A disk that a plot asks for. IOPS and throughput of 0 are those that come with the size.
#[derive(Clone, Copy)]
pub(super) struct Disk {
    pub kind: VolumeKind,
    pub gib: i64,
    pub iops: i64,
    pub throughput: i64,
}

impl Disk {
    pub(super) const fn new(kind: VolumeKind, gib: i64) -> Self {
        Self {
            kind,
            gib,
            iops: 0,
            throughput: 0,
        }
    }

    pub(super) const fn with(mut self, iops: i64, throughput: i64) -> Self {
        self.iops = iops;
        self.throughput = throughput;
        self
    }
}

/// What a plot wants of a snapshot.
pub(super) struct Picture {
    pub volume: String,
    pub gib: i64,
    pub stored: i64,
    pub full: i64,
    pub description: String,
    pub labels: Vec<(String, String)>,
}

/// Tells one cycle of a story.
pub(super) struct Teller<'a> {
    pub story: &'a Story,
    /// The hours of the cycle.
    pub whole: Span,
    pub cast: Cast,
    salt: u64,
    count: u64,
}

impl<'a> Teller<'a> {
    pub(super) fn new(story: &'a Story, whole: Span, salt: u64) -> Self {
        Self {
            story,
            whole,
            cast: Cast::default(),
            salt,
            count: 0,
        }
    }

    /// The hour after so many thousandths of the cycle.
    pub(super) fn at(&self, thousandths: i64) -> i64 {
        self.whole.from + (self.whole.to - self.whole.from) * thousandths / 1_000
    }

    /// An id that no other resource has.
    pub(super) fn id(&mut self, prefix: &str) -> String {
        self.count += 1;
        format!("{prefix}-0{:016x}", mix(&[self.salt, self.count]))
    }

    /// Chance of this cycle.
    pub(super) fn chance(&self, kind: u64) -> u64 {
        mix(&[self.salt, kind, 9])
    }

    /// An instance with its root volume. `runs` are within `span`.
    pub(super) fn instance(
        &mut self,
        machine: &'static Machine,
        span: Span,
        runs: Vec<Span>,
        stops: StopStyle,
    ) -> String {
        let (id, reservation, image) = (self.id("i"), self.id("r"), self.id("ami"));
        let salt = mix(&[self.salt, self.count]);
        self.cast.instances.push(InstanceLife {
            id: id.clone(),
            reservation,
            index: 0,
            region: self.story.region,
            zone: self.zone(),
            machine,
            spot: false,
            image,
            private_ip: format!(
                "10.{}.{}.{}",
                salt % 4,
                salt / 4 % 200,
                4 + salt / 800 % 250
            ),
            public_ip: None,
            span,
            runs,
            stops,
            labels: self.labels(""),
            tags: self.story.tags,
            salt,
        });
        let root = Disk::new(VolumeKind::Gp3, 8 + 4 * (self.salt % 6).cast_signed());
        let volume = self.volume(root, span);
        self.attach(&volume, &id, "/dev/xvda", span, true);
        let snapshot = self.id("snap");
        if let Some(root) = self.cast.volumes.last_mut() {
            root.snapshot = snapshot;
        }
        id
    }

    /// A volume that nothing is attached to yet.
    pub(super) fn volume(&mut self, disk: Disk, span: Span) -> String {
        let id = self.id("vol");
        let (iops, throughput) = baseline(disk.kind, disk.gib);
        let salt = mix(&[self.salt, self.count]);
        self.cast.volumes.push(VolumeLife {
            id: id.clone(),
            region: self.story.region,
            zone: self.zone(),
            kind: disk.kind,
            gib: disk.gib,
            iops: if disk.iops > 0 { disk.iops } else { iops },
            throughput: if disk.throughput > 0 {
                disk.throughput
            } else {
                throughput
            },
            encrypted: salt.is_multiple_of(3),
            snapshot: String::new(),
            span,
            attached: Vec::new(),
            labels: self.labels(""),
            tags: self.story.tags,
            salt,
        });
        id
    }

    pub(super) fn attach(
        &mut self,
        volume: &str,
        instance: &str,
        device: &'static str,
        span: Span,
        goes: bool,
    ) {
        let life = self.cast.volumes.iter_mut().find(|life| life.id == volume);
        if let Some(life) = life {
            life.attached
                .push((span, instance.to_owned(), device, goes));
        }
    }

    /// An Elastic IP address. It is in use while it is `busy`.
    pub(super) fn address(
        &mut self,
        span: Span,
        used: Option<(Span, Attribution)>,
        busy: Vec<Span>,
    ) {
        let allocation = self.id("eipalloc");
        let life = AddressLife {
            allocation,
            ip: self.public_ip(),
            region: self.story.region,
            span,
            used,
            busy,
            labels: self.labels(""),
            tags: self.story.tags,
        };
        self.cast.addresses.push(life);
    }

    pub(super) fn snapshot(&mut self, picture: Picture, span: Span) -> &mut SnapshotLife {
        let id = self.id("snap");
        let mut labels = self.labels("");
        labels.extend(picture.labels);
        let place = self.cast.snapshots.len();
        let salt = mix(&[self.salt, self.count]);
        self.cast.snapshots.push(SnapshotLife {
            id,
            region: self.story.region,
            volume: picture.volume,
            gib: picture.gib,
            stored: picture.stored.clamp(1, picture.gib),
            full: picture.full.clamp(1, picture.gib),
            archived: false,
            encrypted: salt.is_multiple_of(3),
            description: picture.description,
            span,
            labels,
            tags: self.story.tags,
            salt,
        });
        &mut self.cast.snapshots[place]
    }

    /// An address that documentation and benchmarks may use; no two at one time are the same.
    pub(super) fn public_ip(&mut self) -> String {
        self.count += 1;
        format!(
            "198.{}.{}.{}",
            18 + self.story.number / 256 % 2,
            self.story.number % 256,
            1 + (self.salt % 5 * 50 + self.count) % 250,
        )
    }

    /// The tags of a resource: those for costs, and a name with this ending. Things of a story
    /// without a name have none at all.
    pub(super) fn labels(&self, ending: &str) -> Vec<(String, String)> {
        let Story { name, tags, .. } = self.story;
        if name.is_empty() {
            return Vec::new();
        }
        let owned = tags
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        std::iter::once(("Name".to_owned(), format!("{name}{ending}")))
            .chain(owned)
            .collect()
    }

    fn zone(&self) -> &'static str {
        ["a", "b", "c"][usize::try_from(self.salt % 3).unwrap_or(0)]
    }
}
