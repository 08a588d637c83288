use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::super::{Books, Metric, NEWCOMER, OTHER, SAMPLE, SCALE};
use super::*;

const SEED: u64 = 20_260_101;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn day_number(number: i64) -> NaiveDate {
    date("2024-01-01") + chrono::TimeDelta::days(number)
}

/// What the books show, once a day is complete, for the payer's usage type (without region).
fn billed(books: &Books, day: NaiveDate, region: &str, usage: &str) -> i128 {
    let next = day.succ_opt().unwrap();
    books.total(
        day..next,
        day + chrono::TimeDelta::days(20),
        Metric::UsageQuantity,
        |line| {
            line.linked_account == books.company().payer
                && line.region == region
                && line
                    .usage_type
                    .strip_prefix(super::super::spread::prefix(region))
                    == Some(usage)
        },
    )
}

/// Pieces × hours in 10⁻¹⁰ GB-months, apart from rounding of each line.
fn months(piece_hours: i64, day: NaiveDate) -> i128 {
    let hours = 24 * i128::from(chrono::Datelike::num_days_in_month(&day));
    i128::from(piece_hours) * SCALE / hours
}

fn usage_of(kind: VolumeKind) -> String {
    match kind {
        VolumeKind::Standard => "EBS:VolumeUsage".to_owned(),
        VolumeKind::Io1 => "EBS:VolumeUsage.piops".to_owned(),
        kind => format!("EBS:VolumeUsage.{}", kind.name()),
    }
}

fn regions(seen: &Seen) -> BTreeSet<&'static str> {
    seen.volumes.iter().map(|volume| volume.region).collect()
}

/// The hours of a day that a thing was there: known from when it was made, and unless it was
/// deleted that day, when only the hour of the end is not to be seen.
fn hours_on(day: NaiveDate, made: chrono::DateTime<chrono::Utc>) -> i64 {
    let start = hour(day);
    (start + 24 - (made.timestamp() / 3_600).max(start)).clamp(0, 24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The inventory of one midnight and the next, against the bill of the day between them.
    #[test]
    fn volumes_and_snapshots_are_what_the_bill_says(seed in 0_u64..1_000, number in 0_i64..1_500) {
        let books = Books::new(&SAMPLE, seed);
        let day = day_number(number);
        let inventory = books.inventory();
        let (before, after) = (inventory.seen(day), inventory.seen(day.succ_opt().unwrap()));
        for region in regions(&before) {
            // usage type → (hours × GiB of what is still there, of what was deleted meanwhile)
            let mut there: BTreeMap<String, (i64, i64)> = BTreeMap::new();
            let left: BTreeSet<_> = after.volumes.iter().map(|volume| &volume.id).collect();
            for volume in after.volumes.iter().filter(|volume| volume.region == region) {
                there.entry(usage_of(volume.kind)).or_default().0 += volume.gib * hours_on(day, volume.created);
            }
            for volume in before.volumes.iter().filter(|volume| volume.region == region && !left.contains(&volume.id)) {
                there.entry(usage_of(volume.kind)).or_default().1 += volume.gib * 24;
            }
            let left: BTreeSet<_> = after.snapshots.iter().map(|snapshot| &snapshot.id).collect();
            let snapshot_usage = |archived| if archived { "EBS:SnapshotArchiveStorage" } else { "EBS:SnapshotUsage" };
            let metered = |snapshot: &Snapshot| if snapshot.archived { snapshot.full } else { snapshot.stored };
            for snapshot in after.snapshots.iter().filter(|snapshot| snapshot.region == region) {
                there.entry(snapshot_usage(snapshot.archived).to_owned()).or_default().0 +=
                    metered(snapshot) * hours_on(day, snapshot.started);
            }
            for snapshot in before.snapshots.iter().filter(|snapshot| snapshot.region == region && !left.contains(&snapshot.id)) {
                there.entry(snapshot_usage(snapshot.archived).to_owned()).or_default().1 += metered(snapshot) * 24;
            }
            for (usage, (stayed, left)) in there {
                let billed = billed(&books, day, region, &usage);
                let (least, most) = (months(stayed, day), months(stayed + left, day));
                // A line for each set of tags, each rounded once.
                prop_assert!((least - 8..=most + 8).contains(&billed), "{usage} {region} {day}: {least} {billed} {most}");
                if left == 0 {
                    prop_assert!((billed - least).abs() <= 8);
                }
            }
        }
    }

    /// Hour by hour, from the lives alone.
    #[test]
    fn machines_and_addresses_are_what_the_bill_says(seed in 0_u64..1_000, number in 0_i64..1_500) {
        let books = Books::new(&SAMPLE, seed);
        let day = day_number(number);
        let start = hour(day);
        let inventory = books.inventory();
        let mut hours: BTreeMap<(&str, String), i64> = BTreeMap::new();
        let casts = inventory.casts(Span::new(start, start + 24));
        for (cast, hour) in casts.iter().flat_map(|cast| (start..start + 24).map(move |hour| (cast, hour))) {
            let now = |span: &Span| span.from <= hour && hour < span.to;
            let runs = |id: &str| cast.instances.iter().any(|life| life.id == id && life.runs.iter().any(now));
            for life in cast.instances.iter().filter(|life| life.runs.iter().any(now)) {
                let word = if life.spot { "SpotUsage" } else { "BoxUsage" };
                *hours.entry((life.region, format!("{word}:{}", life.machine.name))).or_default() += 1;
                if life.public_ip.is_some() {
                    *hours.entry((life.region, "PublicIPv4:InUseAddress".to_owned())).or_default() += 1;
                }
            }
            for life in cast.addresses.iter().filter(|life| now(&life.span)) {
                let used = match &life.used {
                    Some((span, user)) if now(span) => match user {
                        Attribution::Instance(id) => runs(id),
                        _ => true,
                    },
                    _ => false,
                };
                let word = if used { "InUse" } else { "Idle" };
                *hours.entry((life.region, format!("PublicIPv4:{word}Address"))).or_default() += 1;
                if matches!(life.used, Some((_, Attribution::Nat))) {
                    *hours.entry((life.region, "NatGateway-Hours".to_owned())).or_default() += 1;
                }
            }
        }
        for ((region, usage), hours) in hours {
            prop_assert_eq!(billed(&books, day, region, &usage), i128::from(hours) * SCALE, "{} {}", usage, region);
        }
    }

    /// What has no account would be missing on the bill without a sound.
    #[test]
    fn everything_metered_has_a_line(number in 0_i64..3_000) {
        let inventory = Inventory::new(&SAMPLE, SEED, Scale { volumes: 60, snapshots: 60 });
        let start = hour(day_number(number));
        let used = usage::accounts(&inventory.casts(Span::new(start, start + 24)));
        for account in used {
            prop_assert!(inventory.accounts().contains(&account), "{account:?}");
        }
    }
}

/// The cases that findings are about, by name; each must be there on every day.
fn cases(seen: &Seen, day: NaiveDate) -> BTreeMap<&'static str, usize> {
    let volumes: BTreeMap<_, _> = seen.volumes.iter().map(|v| (v.id.as_str(), v)).collect();
    let states: BTreeMap<_, _> = seen
        .instances
        .iter()
        .map(|instance| (instance.id.as_str(), instance))
        .collect();
    let mut cases: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut case = |name, holds: bool| *cases.entry(name).or_default() += usize::from(holds);
    let days_since = |time: chrono::DateTime<chrono::Utc>| (day - time.date_naive()).num_days();
    for instance in &seen.instances {
        let stopped = match instance.running {
            Running::Stopped(at, style) => Some((at, style)),
            _ => None,
        };
        case("running", instance.running == Running::Yes);
        case(
            "stopped with a time",
            stopped.is_some_and(|(at, style)| style == StopStyle::ByUser && days_since(at) > 30),
        );
        case(
            "stopped without a text",
            stopped.is_some_and(|(_, style)| style == StopStyle::FromInside),
        );
        case(
            "stopped without a time",
            stopped.is_some_and(|(_, style)| style == StopStyle::SpotTakenBack),
        );
        case(
            "previous generation",
            ["m4.large", "c4.xlarge", "r3.large"].contains(&instance.kind),
        );
        case(
            "large, long running",
            instance.kind == "m5.4xlarge" && instance.running == Running::Yes,
        );
        case("instance without tags", instance.tags.is_empty());
    }
    for volume in &seen.volumes {
        let on = volume
            .attachment
            .as_ref()
            .map(|a| states[a.instance.as_str()]);
        case(
            "unattached, old",
            on.is_none() && days_since(volume.created) > 30,
        );
        case(
            "unattached, young",
            on.is_none() && days_since(volume.created) < 8,
        );
        case(
            "on a long-stopped instance",
            on.is_some_and(|i| matches!(i.running, Running::Stopped(at, _) if days_since(at) > 30)),
        );
        case("gp2", volume.kind == VolumeKind::Gp2);
        case(
            "large gp2",
            volume.kind == VolumeKind::Gp2 && volume.iops.is_some_and(|iops| iops > 3_000),
        );
        case("io1", volume.kind == VolumeKind::Io1);
        case("io2", volume.kind == VolumeKind::Io2);
        case("volume without tags", volume.tags.is_empty());
    }
    for address in &seen.addresses {
        let instance = match &address.used {
            Some(Attribution::Instance(id)) => states.get(id.as_str()),
            _ => None,
        };
        case("idle address", address.used.is_none());
        case(
            "NAT gateway's address",
            address.used == Some(Attribution::Nat),
        );
        case(
            "load balancer's address",
            address.used == Some(Attribution::Balancer),
        );
        case(
            "managed address",
            address.used == Some(Attribution::Managed),
        );
        case(
            "address in use",
            instance.is_some_and(|i| i.running == Running::Yes),
        );
        case(
            "address of a stopped instance",
            instance.is_some_and(|i| matches!(i.running, Running::Stopped(..))),
        );
    }
    for snapshot in &seen.snapshots {
        let old = days_since(snapshot.started) > 180;
        let copied = snapshot.volume == "vol-ffffffff";
        case("old snapshot", old);
        case("young snapshot", !old);
        case(
            "snapshot of a volume",
            volumes.contains_key(snapshot.volume.as_str()),
        );
        case(
            "snapshot of a vanished volume",
            !copied && !volumes.contains_key(snapshot.volume.as_str()),
        );
        case("copied snapshot", copied);
        case("archived snapshot", snapshot.archived);
        case(
            "snapshot of an image",
            snapshot.description.starts_with("Created by CreateImage"),
        );
        case(
            "snapshot of AWS Backup",
            snapshot.description.contains("AWS Backup"),
        );
    }
    cases
}

#[test]
fn every_case_is_there_on_every_day() {
    let inventory = Inventory::new(&SAMPLE, SEED, Scale::default());
    let names: BTreeSet<_> = cases(&inventory.seen(date("2026-11-24")), date("2026-11-24"))
        .into_keys()
        .collect();
    assert!(names.len() > 25, "{names:?}");
    for number in (0..1_600).step_by(3) {
        let day = day_number(number);
        let cases = cases(&inventory.seen(day), day);
        for name in &names {
            assert!(cases[name] > 0, "no {name} on {day}");
        }
    }
}

#[test]
fn ids_stay_and_some_things_change() {
    let inventory = Inventory::new(&SAMPLE, SEED, Scale::default());
    let ids = |text: &str| -> BTreeSet<String> {
        let seen = inventory.seen(date(text));
        let volumes = seen.volumes.iter().map(|volume| volume.id.clone());
        volumes
            .chain(seen.instances.iter().map(|instance| instance.id.clone()))
            .collect()
    };
    let (first, next, later) = (ids("2026-11-24"), ids("2026-11-25"), ids("2026-12-24"));
    assert!(first.intersection(&next).count() * 20 > first.len() * 19);
    assert!(first.intersection(&later).count() * 10 > first.len() * 7);
    assert_ne!(first, later);
    // Within a week something is stopped, attached or deleted.
    let states = |text: &str| format!("{:?}", inventory.seen(date(text)));
    assert_ne!(states("2026-11-24"), states("2026-12-01"));
    assert_eq!(states("2026-11-24"), states("2026-11-24"));
    let other_seed = Inventory::new(&SAMPLE, SEED + 1, Scale::default());
    assert_ne!(
        states("2026-11-24"),
        format!("{:?}", other_seed.seen(date("2026-11-24")))
    );
}

#[test]
fn ids_and_addresses_are_told_apart() {
    let inventory = Inventory::new(
        &SAMPLE,
        SEED,
        Scale {
            volumes: 500,
            snapshots: 500,
        },
    );
    for number in (0..900).step_by(50) {
        let seen = inventory.seen(day_number(number));
        let ids = seen.volumes.iter().map(|volume| &volume.id);
        let ids = ids
            .chain(seen.snapshots.iter().map(|snapshot| &snapshot.id))
            .chain(seen.instances.iter().map(|instance| &instance.id))
            .chain(seen.addresses.iter().map(|address| &address.allocation))
            .chain(seen.addresses.iter().map(|address| &address.ip))
            .chain(
                seen.instances
                    .iter()
                    .filter_map(|instance| instance.public_ip.as_ref()),
            );
        let all: Vec<_> = ids.collect();
        let distinct: BTreeSet<_> = all.iter().collect();
        assert_eq!(all.len(), distinct.len());
        for instance in &seen.instances {
            assert_eq!(instance.id.len(), "i-0123456789abcdef0".len());
        }
    }
}

#[test]
fn nothing_has_happened_after_the_day_begins() {
    let inventory = Inventory::new(&SAMPLE, SEED, Scale::default());
    for number in 0..400 {
        let day = day_number(number);
        let start = day.and_hms_opt(0, 0, 0).unwrap().and_utc();
        let seen = inventory.seen(day);
        let times = seen.volumes.iter().map(|volume| volume.created);
        let times = times
            .chain(seen.snapshots.iter().map(|snapshot| snapshot.started))
            .chain(seen.instances.iter().map(|instance| instance.launched))
            .chain(seen.instances.iter().filter_map(|i| match i.running {
                Running::Stopped(at, _) | Running::Terminated(at) => Some(at),
                Running::Yes => None,
            }))
            .chain(
                seen.volumes
                    .iter()
                    .filter_map(|v| v.attachment.as_ref().map(|a| a.since)),
            );
        for time in times {
            assert!(time < start, "{time} {day}");
        }
    }
}

#[test]
fn the_scale_is_exact_and_on_the_bill() {
    let scale = Scale {
        volumes: 1_000,
        snapshots: 700,
    };
    let (plain, large) = (
        Books::new(&SAMPLE, SEED),
        Books::scaled(&SAMPLE, SEED, scale),
    );
    for day in ["2025-03-01", "2026-11-24"].map(date) {
        let count = |books: &Books| {
            let seen = books.inventory().seen(day);
            (seen.volumes.len(), seen.snapshots.len())
        };
        let ((volumes, snapshots), more) = (count(&plain), count(&large));
        assert_eq!(more, (volumes + 1_000, snapshots + 700));
        let of = |books: &Books| billed(books, day, "eu-west-1", "EBS:VolumeUsage.gp3");
        assert!(of(&large) > of(&plain) * 4);
    }
}

#[test]
fn a_smaller_company_has_less_and_a_new_one_nothing() {
    let day = date("2026-11-24");
    let other = Inventory::new(&OTHER, SEED, Scale::default()).seen(day);
    let sample = Inventory::new(&SAMPLE, SEED, Scale::default()).seen(day);
    assert!(!other.volumes.is_empty() && other.volumes.len() * 3 < sample.volumes.len());
    let known: BTreeSet<_> = sample.volumes.iter().map(|volume| &volume.id).collect();
    assert!(
        other
            .volumes
            .iter()
            .all(|volume| !known.contains(&volume.id))
    );
    let scale = Scale {
        volumes: 10,
        snapshots: 10,
    };
    assert!(
        Inventory::new(&NEWCOMER, SEED, scale)
            .seen(day)
            .volumes
            .is_empty()
    );
}
