//! What can happen to things in EC2: servers that run, machines that were stopped and forgotten,
//! volumes and addresses that nobody uses, snapshots that nobody needs.

use chrono::{DateTime, Datelike};

use super::life::{Attribution, Span, StopStyle, VolumeKind};
use super::meter::Machine;
use super::teller::{Disk, Picture, Teller};

/// How a server is reached from outside.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Public {
    No,
    /// An address of AWS's, lost at every stop.
    Lent,
    /// An Elastic IP address.
    Elastic,
}

/// See the module.
#[derive(Clone)]
pub(super) enum Plot {
    /// Runs the whole cycle but for three hours, with a disk of its own and weekly backups.
    Server {
        machine: &'static Machine,
        disk: Option<Disk>,
        public: Public,
        backups: bool,
    },
    /// Some machines of one launch.
    Fleet {
        machine: &'static Machine,
        count: u32,
    },
    /// Stopped after a tenth of the cycle; its disk and address stay.
    Forgotten {
        machine: &'static Machine,
        disk: Disk,
        elastic: bool,
        stops: StopStyle,
    },
    /// Runs on working days from eight to eighteen.
    Office {
        machine: &'static Machine,
    },
    /// A machine is terminated after a fifth of the cycle; its disk stays, and when that is
    /// deleted, its snapshots.
    Leftover {
        machine: &'static Machine,
        disk: Disk,
    },
    /// A volume that was never attached.
    Loose {
        disk: Disk,
    },
    /// An address that was never associated.
    Unused,
    Nat,
    /// A load balancer's addresses, brought by the account or managed by AWS.
    Balancer {
        addresses: u32,
        managed: bool,
    },
    /// Snapshots of a volume that is long gone, one of them archived.
    Relics {
        gib: i64,
    },
    /// Snapshots copied from elsewhere: they name no real volume.
    Copies,
    /// The snapshot of an image.
    Image,
    /// Backups that AWS's services made and own.
    Managed,
    /// One machine and so many volumes, two of which nothing is attached to.
    ManyVolumes {
        machine: &'static Machine,
        count: usize,
    },
    /// So many snapshots of vanished volumes.
    ManySnapshots {
        count: usize,
    },
}

impl Plot {
    pub(super) fn tell(&self, teller: &mut Teller<'_>) {
        let whole = teller.whole;
        match *self {
            Self::Server {
                machine,
                disk,
                public,
                backups,
            } => server(teller, machine, disk, public, backups),
            Self::Fleet { machine, count } => fleet(teller, machine, count),
            Self::Forgotten {
                machine,
                disk,
                elastic,
                stops,
            } => forgotten(teller, machine, disk, elastic, stops),
            Self::Office { machine } => {
                let runs = office_hours(whole);
                teller.instance(machine, whole, runs, StopStyle::ByUser);
            }
            Self::Leftover { machine, disk } => leftover(teller, machine, disk),
            Self::Loose { disk } => {
                let snapshot = teller.id("snap");
                teller.volume(disk, whole);
                if let Some(volume) = teller.cast.volumes.last_mut() {
                    volume.snapshot = snapshot;
                }
            }
            Self::Unused => teller.address(whole, None, Vec::new()),
            Self::Nat => teller.address(whole, Some((whole, Attribution::Nat)), vec![whole]),
            Self::Balancer { addresses, managed } => {
                for _ in 0..addresses {
                    let user = match managed {
                        true => Attribution::Managed,
                        false => Attribution::Balancer,
                    };
                    teller.address(whole, Some((whole, user)), vec![whole]);
                }
            }
            Self::Relics { gib } => relics(teller, gib),
            Self::Copies => copies(teller),
            Self::Image => image(teller),
            Self::Managed => managed(teller),
            Self::ManyVolumes { machine, count } => many_volumes(teller, machine, count),
            Self::ManySnapshots { count } => {
                for number in 0..count {
                    let gib = 8 + (teller.chance(number as u64) % 200).cast_signed();
                    let volume = teller.id("vol");
                    let picture = picture(volume, gib, "");
                    teller.snapshot(picture, whole);
                }
            }
        }
    }
}

/// A snapshot that holds three fifths of its volume.
fn picture(volume: String, gib: i64, description: &str) -> Picture {
    Picture {
        volume,
        gib,
        stored: gib * 3 / 5,
        full: gib * 3 / 5,
        description: description.to_owned(),
        labels: Vec::new(),
    }
}

fn server(
    teller: &mut Teller<'_>,
    machine: &'static Machine,
    disk: Option<Disk>,
    public: Public,
    backups: bool,
) {
    let whole = teller.whole;
    let pause = teller.at(400);
    let runs = vec![Span::new(whole.from, pause), Span::new(pause + 3, whole.to)];
    let id = teller.instance(machine, whole, runs.clone(), StopStyle::ByUser);
    match public {
        Public::No => {}
        Public::Lent => {
            let ip = teller.public_ip();
            if let Some(instance) = teller.cast.instances.last_mut() {
                instance.public_ip = Some(ip);
            }
        }
        Public::Elastic => {
            teller.address(
                whole,
                Some((whole, Attribution::Instance(id.clone()))),
                runs,
            );
        }
    }
    let Some(disk) = disk else {
        return;
    };
    let since = Span::new(whole.from + 1, whole.to);
    let volume = teller.volume(disk, since);
    teller.attach(&volume, &id, "/dev/sdf", since, false);
    if backups {
        weekly(teller, &volume, disk.gib, since);
    }
}

/// A snapshot every week, each kept for four. The first holds all, the others what changed.
fn weekly(teller: &mut Teller<'_>, volume: &str, gib: i64, span: Span) {
    let mut at = span.from + 20;
    let mut first = true;
    while at + 48 < span.to {
        let mut picture = picture(volume.to_owned(), gib, "Weekly backup");
        if !first {
            picture.stored = (gib / 20).max(1);
        }
        teller.snapshot(picture, Span::new(at, (at + 28 * 24).min(span.to)));
        first = false;
        at += 7 * 24;
    }
}

fn fleet(teller: &mut Teller<'_>, machine: &'static Machine, count: u32) {
    let whole = teller.whole;
    for index in 0..count {
        teller.instance(machine, whole, vec![whole], StopStyle::ByUser);
        let labels = teller.labels(&format!("-{}", index + 1));
        let reservation = teller.cast.instances[0].reservation.clone();
        if let Some(instance) = teller.cast.instances.last_mut() {
            instance.index = index;
            instance.reservation = reservation;
            instance.labels = labels;
        }
    }
}

fn forgotten(
    teller: &mut Teller<'_>,
    machine: &'static Machine,
    disk: Disk,
    elastic: bool,
    stops: StopStyle,
) {
    let whole = teller.whole;
    let run = Span::new(whole.from, teller.at(100));
    let id = teller.instance(machine, whole, vec![run], stops);
    if let Some(instance) = teller.cast.instances.last_mut() {
        instance.spot = stops == StopStyle::SpotTakenBack;
    }
    let since = Span::new(whole.from + 2, whole.to);
    let volume = teller.volume(disk, since);
    teller.attach(&volume, &id, "/dev/sdf", since, false);
    if elastic {
        let user = Attribution::Instance(id);
        teller.address(whole, Some((whole, user)), vec![run]);
    }
}

fn office_hours(whole: Span) -> Vec<Span> {
    let first = whole.from.div_euclid(24);
    // Its first hours count as a run, or it would never have been launched.
    let launch = Span::new(whole.from, whole.from + 2);
    let days = (first + 1)..whole.to.div_euclid(24);
    let work = |day: &i64| {
        DateTime::from_timestamp(day * 86_400, 0)
            .is_some_and(|time| time.weekday().num_days_from_monday() < 5)
    };
    std::iter::once(launch)
        .chain(
            days.filter(work)
                .map(|day| Span::new(day * 24 + 8, day * 24 + 18)),
        )
        .collect()
}

fn leftover(teller: &mut Teller<'_>, machine: &'static Machine, disk: Disk) {
    let whole = teller.whole;
    let run = Span::new(whole.from, teller.at(200));
    let id = teller.instance(machine, run, vec![run], StopStyle::ByUser);
    let there = Span::new(whole.from + 1, teller.at(920));
    let volume = teller.volume(disk, there);
    teller.attach(
        &volume,
        &id,
        "/dev/sdf",
        Span::new(there.from, run.to),
        false,
    );
    let whole_disk = picture(volume.clone(), disk.gib, "before migration");
    teller.snapshot(whole_disk, Span::new(teller.at(150), whole.to));
    let mut last = picture(volume, disk.gib, "final");
    last.stored = disk.gib / 10;
    teller.snapshot(last, Span::new(teller.at(900), whole.to));
}

fn relics(teller: &mut Teller<'_>, gib: i64) {
    let whole = teller.whole;
    let volume = teller.volume(
        Disk::new(VolumeKind::Gp2, gib),
        Span::new(whole.from, teller.at(60)),
    );
    let since = Span::new(teller.at(40), whole.to);
    teller.snapshot(picture(volume.clone(), gib, ""), since);
    let mut second = picture(volume.clone(), gib, "keep");
    second.stored = gib / 8;
    teller.snapshot(second, Span::new(teller.at(50), whole.to));
    let cold = teller.snapshot(picture(volume, gib, "year end"), since);
    cold.archived = true;
}

fn copies(teller: &mut Teller<'_>) {
    let whole = teller.whole;
    let (from, to) = (teller.id("ami"), teller.id("ami"));
    let source = teller.id("snap");
    let descriptions = [
        format!(
            "Copied for DestinationAmi {to} from SourceAmi {from} for SourceSnapshot {source}."
        ),
        format!("[Copied {source} from eu-west-1]"),
    ];
    for (description, gib) in descriptions.iter().zip([30, 120]) {
        let picture = picture("vol-ffffffff".to_owned(), gib, description);
        teller.snapshot(picture, whole);
    }
}

fn image(teller: &mut Teller<'_>) {
    let whole = teller.whole;
    let (instance, image, volume) = (teller.id("i"), teller.id("ami"), teller.id("vol"));
    let description = format!("Created by CreateImage({instance}) for {image}");
    teller.snapshot(picture(volume, 40, &description), whole);
}

fn managed(teller: &mut Teller<'_>) {
    let whole = teller.whole;
    let (volume, policy) = (teller.id("vol"), teller.id("policy"));
    let mut backup = picture(
        volume.clone(),
        200,
        "This snapshot is created by the AWS Backup service.",
    );
    backup.labels = vec![(
        "aws:backup:source-resource".to_owned(),
        format!("{volume}:snapshot"),
    )];
    teller.snapshot(backup, whole);
    let mut cycle = picture(volume, 200, &format!("Created for policy: {policy}"));
    cycle.stored = 12;
    cycle.labels = vec![
        ("aws:dlm:lifecycle-policy-id".to_owned(), policy),
        ("aws:dlm:managed".to_owned(), "true".to_owned()),
    ];
    teller.snapshot(cycle, whole);
}

fn many_volumes(teller: &mut Teller<'_>, machine: &'static Machine, count: usize) {
    let whole = teller.whole;
    let id = teller.instance(machine, whole, vec![whole], StopStyle::ByUser);
    // The instance's root volume is the first of them.
    for number in 1..count {
        let chance = teller.chance(number as u64);
        let kind = match chance % 8 {
            0 | 1 => VolumeKind::Gp2,
            2 => VolumeKind::St1,
            _ => VolumeKind::Gp3,
        };
        let gib = 125 + (chance / 8 % 400).cast_signed();
        let volume = teller.volume(Disk::new(kind, gib), whole);
        if number > 2 {
            teller.attach(&volume, &id, "/dev/sdf", whole, true);
        }
    }
}
