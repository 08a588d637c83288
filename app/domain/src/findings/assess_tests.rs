//! Each check: what it finds, what it leaves alone, the day on which it begins, and its money
//! worked out by hand.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use proptest::prelude::*;

use super::{
    super::{Billed, OwnShare, Standing, rates::period},
    *,
};
use crate::{
    inventory::{Attachment, SnapshotState, StorageTier, Tags},
    money::{Currency, Nanos},
};

const DOLLAR: i64 = 1_000_000_000;

fn today() -> NaiveDate {
    "2026-11-24".parse().unwrap()
}

fn days_ago(days: i64) -> DateTime<Utc> {
    today().and_hms_opt(12, 0, 0).unwrap().and_utc() - TimeDelta::days(days)
}

fn virginia() -> Region {
    "us-east-1".parse().unwrap()
}

/// No bill: everything is at the list price.
fn list() -> Rates {
    Rates {
        currency: Currency::USD,
        period: period(today()).unwrap(),
        billed: BTreeMap::new(),
        services: Vec::new(),
    }
}

fn billed(usage_type: &str, dollars: i64, usage: f64) -> Rates {
    let cost = Nanos(dollars * DOLLAR);
    let mut rates = list();
    rates
        .billed
        .insert(usage_type.to_owned(), Billed { cost, usage });
    rates
}

fn known<T>(resource: T, days: i64) -> Known<T> {
    Known {
        resource,
        first_seen: days_ago(days),
        state_since: days_ago(days),
        always: false,
    }
}

fn attachment(instance: &str) -> Attachment {
    Attachment {
        instance: Some(instance.to_owned()),
        device: None,
        state: None,
        attached_at: None,
        delete_on_termination: None,
    }
}

fn volume(id: &str, kind: VolumeType, size_gib: u32, on: Option<&str>) -> Volume {
    Volume {
        id: id.to_owned(),
        region: virginia(),
        zone: None,
        volume_type: kind,
        state: match on {
            Some(_) => VolumeState::InUse,
            None => VolumeState::Available,
        },
        size_gib,
        iops: None,
        throughput_mib: None,
        created_at: None,
        multi_attach: false,
        encrypted: None,
        snapshot: None,
        managed_by: None,
        attachments: on.map(attachment).into_iter().collect(),
        tags: Tags::new(),
    }
}

fn instance(id: &str, kind: &str, state: InstanceState, days: i64) -> Instance {
    let stopped = state == InstanceState::Stopped;
    Instance {
        id: id.to_owned(),
        region: virginia(),
        zone: None,
        instance_type: kind.to_owned(),
        state,
        state_transition_reason: None,
        state_reason_code: None,
        stopped_at: stopped.then(|| days_ago(days)),
        launched_at: Some(days_ago(days)),
        owner: None,
        lifecycle: None,
        tenancy: None,
        architecture: None,
        platform: None,
        image: None,
        private_ip: None,
        public_ip: None,
        vpc: None,
        managed_by: None,
        volumes: Vec::new(),
        tags: Tags::new(),
    }
}

fn address(id: &str, on: Option<&str>) -> Address {
    Address {
        id: id.to_owned(),
        region: virginia(),
        public_ip: None,
        association: on.map(|_| "eipassoc-1".to_owned()),
        instance: on.map(str::to_owned),
        network_interface: None,
        network_interface_owner: None,
        private_ip: None,
        pool: Some("amazon".to_owned()),
        border_group: None,
        service_managed: None,
        tags: Tags::new(),
    }
}

fn snapshot(id: &str, volume: &str, description: &str, days: i64) -> Snapshot {
    Snapshot {
        id: id.to_owned(),
        region: virginia(),
        state: SnapshotState::Completed,
        volume: Some(volume.to_owned()),
        volume_size_gib: 100,
        full_size_bytes: Some(60 << 30),
        tier: Some(StorageTier::Standard),
        started_at: Some(days_ago(days)),
        owner: None,
        description: Some(description.to_owned()),
        encrypted: None,
        restore_expires_at: None,
        tags: Tags::new(),
    }
}

fn found(stock: &Stock, rates: &Rates) -> Vec<(Check, String, i64)> {
    let found = assess(stock, rates, &Thresholds::default(), today());
    let one = |one: Assessed| (one.check, one.resource.clone(), one.per_month().0);
    found.into_iter().map(one).collect()
}

fn one(check: Check, id: &str, nanos: i64) -> (Check, String, i64) {
    (check, id.to_owned(), nanos)
}

#[test]
fn unattached_volumes_count_from_their_seventh_day() {
    let (gp3, kind) = (VolumeType::Gp3, Check::UnattachedVolume);
    let mut fast = volume("vol-fast", gp3.clone(), 100, None);
    (fast.iops, fast.throughput_mib) = (Some(4_000), Some(253));
    let mut services = volume("vol-service", gp3.clone(), 100, None);
    services.managed_by = Some("ecs.amazonaws.com".to_owned());
    let stock = Stock {
        volumes: vec![
            known(volume("vol-7", gp3.clone(), 100, None), 7),
            known(volume("vol-6", gp3.clone(), 100, None), 6),
            known(volume("vol-used", gp3, 100, Some("i-1")), 90),
            known(services, 90),
            known(fast, 7),
        ],
        ..Stock::default()
    };
    // 100 × $0.08 = $8.00; and 1,000 IOPS × $0.005 = $5.00, 128/1,024 GiB/s × $40.96 = $5.12.
    assert_eq!(
        found(&stock, &list()),
        [
            one(kind, "vol-7", 8 * DOLLAR),
            one(kind, "vol-fast", 18_120_000_000)
        ]
    );
    // This account pays $0.06: $12 for 200 GiB. Both volumes' storage together is $12, not more.
    let own = billed("EBS:VolumeUsage.gp3", 12, 200.0);
    assert_eq!(found(&stock, &own)[0], one(kind, "vol-7", 6 * DOLLAR));
    // AWS has billed only $3 for 50 GiB so far: each gets half of that.
    let young = billed("EBS:VolumeUsage.gp3", 3, 50.0);
    let cut = assess(&stock, &young, &Thresholds::default(), today());
    assert!(cut[0].cut && cut[0].per_month().0 == 1_500_000_000);
}

#[test]
fn of_a_volume_that_was_never_seen_in_use_the_age_counts() {
    let volume = |id, made| {
        let mut volume = volume(id, VolumeType::St1, 100, None);
        volume.created_at = Some(days_ago(made));
        Known {
            always: true,
            ..known(volume, 0)
        }
    };
    let stock = Stock {
        volumes: vec![volume("vol-7", 7), volume("vol-6", 6)],
        ..Stock::default()
    };
    // 100 × $0.045, since today: AWS doesn't say since when.
    let expected = one(Check::UnattachedVolume, "vol-7", 4_500_000_000);
    assert_eq!(found(&stock, &list()), [expected]);
    let found = assess(&stock, &list(), &Thresholds::default(), today());
    assert_eq!(found[0].since, Some(today()));
}

#[test]
fn gp3_is_as_fast_and_what_that_takes_is_paid_for() {
    let on = Some("i-1");
    let gp2 = |id, size| known(volume(id, VolumeType::Gp2, size, on), 90);
    let stock = Stock {
        volumes: vec![gp2("vol-100", 100), gp2("vol-2000", 2_000), gp2("vol-1", 1)],
        ..Stock::default()
    };
    // 100 GiB: $10.00 − $8.00 − 3 MiB/s ($40.96 × 3 / 1,024 = $0.12) = $1.88.
    // 2,000 GiB: $200 − $160 − 3,000 IOPS ($15.00) − 125 MiB/s ($5.00) = $20.00: not 20% of $200.
    // 1 GiB: $0.10 − $0.08 − $0.12 is nothing to save.
    let kind = Check::Gp2ToGp3;
    assert_eq!(
        found(&stock, &list()),
        [
            one(kind, "vol-100", 1_880_000_000),
            one(kind, "vol-2000", 20 * DOLLAR)
        ]
    );
    // io1, 100 GiB, 4,000 IOPS: $12.50 + $260 − $8.00 − 1,000 IOPS ($5.00) − 375 MiB/s ($15.00).
    let mut io1 = volume("vol-io1", VolumeType::Io1, 100, on);
    io1.iops = Some(4_000);
    let mut beyond = volume("vol-beyond", VolumeType::Io1, 400, on);
    beyond.iops = Some(16_001);
    // As io2, only IOPS beyond 32,000 cost less: 8,000 × ($0.065 − $0.0455) = $156.00.
    let mut fast = volume("vol-fast", VolumeType::Io1, 400, on);
    fast.iops = Some(40_000);
    let stock = Stock {
        volumes: vec![known(io1, 90), known(beyond, 90), known(fast, 90)],
        ..Stock::default()
    };
    let kind = Check::Io1ToNewer;
    let expected = [
        one(kind, "vol-io1", 244_500_000_000),
        one(kind, "vol-fast", 156_000_000_000),
    ];
    assert_eq!(found(&stock, &list()), expected);
}

#[test]
fn what_a_free_tier_covered_is_no_price_for_more_of_it() {
    // gp3 for nothing so far, gp2 at $0.10: 500 GiB save $50 − $40 − 125 MiB/s ($5.00), not $50.
    let mut rates = billed("EBS:VolumeUsage.gp3", 0, 20.0);
    let cost = Nanos(50 * DOLLAR);
    let gp2 = Billed { cost, usage: 500.0 };
    rates.billed.insert("EBS:VolumeUsage.gp2".to_owned(), gp2);
    let stock = Stock {
        volumes: vec![known(
            volume("vol-1", VolumeType::Gp2, 500, Some("i-1")),
            90,
        )],
        ..Stock::default()
    };
    let expected = [one(Check::Gp2ToGp3, "vol-1", 5 * DOLLAR)];
    assert_eq!(found(&stock, &rates), expected);
}

#[test]
fn many_iops_of_io2_cost_less_the_more_there_are() {
    let mut volume = volume("vol-io2", VolumeType::Io2, 100, None);
    volume.iops = Some(70_000);
    let stock = Stock {
        volumes: vec![known(volume, 90)],
        ..Stock::default()
    };
    // $12.50 + 32,000 × $0.065 + 32,000 × $0.0455 + 6,000 × $0.03185.
    let cents = 1_250 + 208_000 + 145_600 + 19_110;
    let expected = one(Check::UnattachedVolume, "vol-io2", cents * DOLLAR / 100);
    assert_eq!(found(&stock, &list()), [expected]);
}

#[test]
fn a_stopped_instance_has_its_volumes_money_until_it_is_stopped_for_long() {
    let stopped = |id, days| known(instance(id, "m5.large", InstanceState::Stopped, days), 1);
    let gp2 = |id, on| known(volume(id, VolumeType::Gp2, 100, Some(on)), 90);
    let stock = Stock {
        instances: vec![stopped("i-29", 29), stopped("i-30", 30), stopped("i-6", 6)],
        volumes: vec![gp2("vol-29", "i-29"), gp2("vol-30", "i-30")],
        addresses: vec![known(address("eip-29", Some("i-29")), 29)],
        ..Stock::default()
    };
    // $10.00 for the volume and 720 hours × $0.005 = $3.60 for the address. None is counted
    // as gp2 once more.
    assert_eq!(
        found(&stock, &list()),
        [
            one(Check::StoppedInstance, "i-29", 13_600_000_000),
            one(Check::VolumeOfStopped, "vol-30", 10 * DOLLAR),
            one(Check::StoppedInstance, "i-30", 0),
        ]
    );
}

#[test]
fn addresses_of_gateways_and_balancers_are_not_idle() {
    let mut nat = address("eip-nat", None);
    nat.association = Some("eipassoc-2".to_owned());
    nat.network_interface = Some("eni-1".to_owned());
    let mut balancers = address("eip-alb", None);
    balancers.service_managed = Some("alb".to_owned());
    let mut own = address("eip-own", None);
    own.pool = Some("ipv4pool-ec2-1".to_owned());
    let stock = Stock {
        addresses: vec![
            known(address("eip-idle", None), 1),
            known(address("eip-new", None), 0),
            known(nat, 90),
            known(balancers, 90),
            known(own, 90),
        ],
        ..Stock::default()
    };
    // 720 hours × $0.005.
    let expected = |id| one(Check::IdleAddress, id, 3_600_000_000);
    let both = [expected("eip-idle"), expected("eip-new")];
    assert_eq!(found(&stock, &list()), both);
    let patient = Thresholds {
        idle_address: 1,
        ..Thresholds::default()
    };
    let found = assess(&stock, &list(), &patient, today());
    assert_eq!((found.len(), &*found[0].resource), (1, "eip-idle"));
}

#[test]
fn snapshots_that_somebody_needs_are_left_alone() {
    let here = "vol-here";
    let mut archived = snapshot("snap-archived", "vol-gone", "", 10);
    archived.tier = Some(StorageTier::Archive);
    let mut stock = Stock {
        volumes: vec![known(volume(here, VolumeType::St1, 100, Some("i-1")), 90)],
        snapshots: [
            snapshot("snap-old", here, "", 180),
            snapshot("snap-young", here, "", 179),
            snapshot("snap-gone", "vol-gone", "", 1),
            snapshot(
                "snap-image",
                "vol-gone",
                "Created by CreateImage(i-1) for ami-1",
                999,
            ),
            snapshot(
                "snap-copy",
                "vol-ffffffff",
                "[Copied snap-1 from eu-west-1]",
                179,
            ),
            snapshot(
                "snap-policy",
                "vol-gone",
                "Created for policy: policy-1",
                999,
            ),
            archived,
        ]
        .map(|one| known(one, 1))
        .to_vec(),
        ..Stock::default()
    };
    let (old, orphan) = (Check::OldSnapshot, Check::OrphanSnapshot);
    // At most 60 GiB × $0.05 = $3.00; archived × $0.0125 = $0.75.
    let expected = [
        one(old, "snap-old", 3 * DOLLAR),
        one(orphan, "snap-gone", 3 * DOLLAR),
        one(orphan, "snap-archived", 750_000_000),
    ];
    assert_eq!(found(&stock, &list()), expected);
    // Where volumes can't be seen, none is known to be gone.
    stock.volumes_unseen.insert(virginia());
    assert_eq!(found(&stock, &list()), [expected[0].clone()]);
}

#[test]
fn hints_have_no_money() {
    let running = |id, kind, days| known(instance(id, kind, InstanceState::Running, days), 1);
    let stock = Stock {
        instances: vec![
            running("i-old", "m4.large", 5),
            running("i-large", "m5.4xlarge", 90),
            running("i-fresh", "m5.4xlarge", 89),
            running("i-small", "m5.2xlarge", 900),
        ],
        ..Stock::default()
    };
    assert_eq!(
        found(&stock, &list()),
        [
            one(Check::PreviousGeneration, "i-old", 0),
            one(Check::LongRunning, "i-large", 0)
        ]
    );
}

#[test]
fn a_volume_that_several_instances_share_counts_once_and_not_while_one_runs() {
    let on = |state, id, days| known(instance(id, "m5.large", state, days), 1);
    let shared = |id, holders: [&str; 2]| {
        let mut one = volume(id, VolumeType::Io2, 100, Some(holders[0]));
        one.attachments.push(attachment(holders[1]));
        one.multi_attach = true;
        known(one, 90)
    };
    let (stopped, running) = (InstanceState::Stopped, InstanceState::Running);
    let stock = Stock {
        instances: vec![
            on(stopped.clone(), "i-60", 60),
            on(stopped.clone(), "i-40", 40),
            on(stopped, "i-10", 10),
            on(running, "i-runs", 1),
        ],
        volumes: vec![
            shared("vol-long", ["i-60", "i-40"]),
            shared("vol-short", ["i-60", "i-10"]),
            shared("vol-runs", ["i-60", "i-runs"]),
        ],
        ..Stock::default()
    };
    // 100 × $0.125, each once: the short one with the instance that was stopped last.
    let dollars = 12_500_000_000;
    assert_eq!(
        found(&stock, &list()),
        [
            one(Check::StoppedInstance, "i-10", dollars),
            one(Check::VolumeOfStopped, "vol-long", dollars),
            one(Check::StoppedInstance, "i-40", 0),
            one(Check::StoppedInstance, "i-60", 0),
        ]
    );
}

#[test]
fn without_a_price_or_for_nothing_it_is_found_all_the_same() {
    let mut far = volume("vol-far", VolumeType::Gp3, 100, None);
    far.region = "ap-southeast-7".parse().unwrap();
    let stock = Stock {
        volumes: vec![
            known(far, 7),
            known(volume("vol-free", VolumeType::Gp3, 30, None), 7),
        ],
        ..Stock::default()
    };
    let free = billed("EBS:VolumeUsage.gp3", 0, 30.0);
    let found = assess(&stock, &free, &Thresholds::default(), today());
    let told: Vec<_> = found
        .iter()
        .map(|one| (one.worth, one.per_month().0))
        .collect();
    assert_eq!(told, [(Worth::NoPrice, 0), (Worth::Free, 0)]);
    // Zürich has no list price, but the account's own rate: $9 for 100 GiB.
    let mut near = volume("vol-near", VolumeType::Gp3, 50, None);
    near.region = "eu-central-2".parse().unwrap();
    let stock = Stock {
        volumes: vec![known(near, 7)],
        ..Stock::default()
    };
    let own = billed("EUC2-EBS:VolumeUsage.gp3", 9, 100.0);
    let found = assess(&stock, &own, &Thresholds::default(), today());
    assert_eq!(found[0].per_month().0, 4_500_000_000);
    assert!(!found[0].is_list_price());
}

#[test]
fn an_organizations_rates_are_cut_to_what_the_account_itself_was_billed() {
    let stock = Stock {
        volumes: vec![known(volume("vol-1", VolumeType::Gp3, 100, None), 7)],
        ..Stock::default()
    };
    // All accounts together: $80 for 1,000 GiB; this one was billed $6 for its volumes.
    let mut rates = billed("EBS:VolumeUsage.gp3", 80, 1_000.0);
    rates.services = vec![OwnShare {
        service: "EC2 - Other".to_owned(),
        usage_types: ["EBS:VolumeUsage.gp3".to_owned()].into(),
        cost: Nanos(6 * DOLLAR),
    }];
    let found = assess(&stock, &rates, &Thresholds::default(), today());
    assert!(found[0].cut && found[0].per_month().0 == 6 * DOLLAR);
    // $8.00, less $2.00.
    let lines: Vec<i64> = found[0].lines.iter().map(|line| line.amount.0).collect();
    assert_eq!(lines, [8 * DOLLAR, -2 * DOLLAR]);
}

#[test]
fn only_what_is_not_paid_for_any_more_is_saved() {
    let stopped = known(instance("i-1", "m5.large", InstanceState::Stopped, 10), 1);
    let gp2 = |id, size| known(volume(id, VolumeType::Gp2, size, Some("i-1")), 90);
    let stock = Stock {
        instances: vec![stopped],
        volumes: vec![gp2("vol-root", 100), gp2("vol-data", 500)],
        addresses: vec![known(address("eip-1", Some("i-1")), 10)],
        ..Stock::default()
    };
    let was = assess(&stock, &list(), &Thresholds::default(), today());
    // $10.00, $50.00 and $3.60.
    assert_eq!(was[0].per_month().0, 63_600_000_000);
    // The instance was terminated: its first volume went with it, the rest costs as before.
    let mut after = Stock {
        volumes: vec![known(volume("vol-data", VolumeType::Gp2, 500, None), 1)],
        addresses: vec![known(address("eip-1", None), 1)],
        ..Stock::default()
    };
    let saved = |stock: &Stock, rates: &Rates| Standing::of(stock, rates).saved(&was[0]).0;
    assert_eq!(saved(&after, &list()), 10 * DOLLAR);
    // Another rate saves nothing, another kind of volume does: $50.00 − $40.00.
    let cheaper = billed("EBS:VolumeUsage.gp2", 25, 500.0);
    assert_eq!(saved(&after, &cheaper), 10 * DOLLAR);
    after.volumes[0].resource.volume_type = VolumeType::Gp3;
    assert_eq!(saved(&after, &list()), 20 * DOLLAR);
    assert_eq!(saved(&Stock::default(), &list()), 63_600_000_000);

    // gp2 that became gp3 saves what was promised; one that was only detached, nothing.
    let in_use = Stock {
        volumes: vec![gp2("vol-2", 2_000)],
        ..Stock::default()
    };
    let was = assess(&in_use, &list(), &Thresholds::default(), today());
    let saved = |kind, size| {
        let mut one = volume("vol-2", kind, size, None);
        (one.iops, one.throughput_mib) = match one.volume_type {
            VolumeType::Gp3 => (Some(6_000), Some(250)),
            _ => (None, None),
        };
        let stock = Stock {
            volumes: vec![known(one, 1)],
            ..Stock::default()
        };
        Standing::of(&stock, &list()).saved(&was[0]).0
    };
    assert_eq!(saved(VolumeType::Gp3, 2_000), 20 * DOLLAR);
    assert_eq!(saved(VolumeType::Gp2, 2_000), 0);
    // Deleted, it saves more than was promised: no more than that is booked.
    assert_eq!(
        Standing::of(&Stock::default(), &list()).saved(&was[0]).0,
        20 * DOLLAR
    );
}

proptest! {
    /// Whatever there is: each volume, address and snapshot counts once, and no usage type
    /// claims more than it cost.
    #[test]
    fn never_more_than_aws_billed(
        sizes in prop::collection::vec((1_u32..5_000, 0_u8..4, 0_usize..3, 0_i64..200), 1..30),
        dollars in 0_i64..500,
        usage in 1.0_f64..20_000.0,
    ) {
        let names = ["EBS:VolumeUsage.gp2", "EBS:VolumeUsage.gp3", "EBS:VolumeUsage.piops"];
        let mut rates = list();
        for name in names {
            let cost = Nanos(dollars * DOLLAR);
            rates.billed.insert(name.to_owned(), Billed { cost, usage });
        }
        let kinds = [VolumeType::Gp2, VolumeType::Gp3, VolumeType::Io1];
        let volumes = sizes.iter().zip(0..).map(|((size, kind, on, days), number)| {
            let kind = kinds[usize::from(*kind) % kinds.len()].clone();
            let holders = (0..*on).map(|next| format!("i-{}", (number + next) % 3));
            let holders: Vec<_> = holders.collect();
            let first = holders.first().map(String::as_str);
            let mut one = volume(&format!("vol-{number}"), kind, *size, first);
            one.attachments = holders.iter().map(|holder| attachment(holder)).collect();
            known(one, *days)
        });
        let instances = (0..3).map(|number| {
            let state = if number == 0 { InstanceState::Running } else { InstanceState::Stopped };
            known(instance(&format!("i-{number}"), "m5.large", state, number * 20), 1)
        });
        let stock = Stock {
            instances: instances.collect(),
            volumes: volumes.collect(),
            ..Stock::default()
        };
        let found = assess(&stock, &rates, &Thresholds::default(), today());
        for name in names {
            let claims = found.iter().flat_map(|one| &one.claims);
            let claimed: i64 = claims
                .filter(|claim| claim.usage_type == name)
                .map(|claim| claim.amount.0)
                .sum();
            prop_assert!(claimed <= dollars * DOLLAR, "{name}: {claimed}");
        }
        for one in &found {
            let lines: i64 = one.lines.iter().map(|line| line.amount.0).sum();
            prop_assert_eq!(lines, one.per_month().0, "the arithmetic adds up");
        }
        let held: Vec<&str> = found.iter().flat_map(|one| &one.held).map(|one| &*one.id).collect();
        let once: HashSet<&str> = held.iter().copied().collect();
        prop_assert_eq!(once.len(), held.len());
        let with_money = found.iter().filter(|one| one.kind == crate::inventory::ResourceKind::Volume);
        let ids: Vec<&str> = with_money.map(|one| one.resource.as_str()).collect();
        let once: HashSet<&str> = ids.iter().copied().collect();
        prop_assert_eq!(once.len(), ids.len());
    }
}
