//! Adds up what the lives of a day amount to, in whole hours × pieces, divided once at the end.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::super::amount::SCALE;
use super::life::{Cast, Span, Tags, VolumeKind, hour};
use super::meter::Meter;

/// gp3 includes so many IOPS and so much throughput.
pub(super) const INCLUDED_IOPS: i64 = 3_000;
pub(super) const INCLUDED_THROUGHPUT: i64 = 125;

/// What is metered apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Account {
    pub(super) meter: Meter,
    pub(super) region: &'static str,
    pub(super) tags: Tags,
}

/// Every account that the casts use, in the order in which they come.
pub(super) fn accounts(casts: &[Arc<Cast>]) -> Vec<Account> {
    let mut accounts = Vec::new();
    let always = Span::new(i64::MIN / 2, i64::MAX / 2);
    let mut known = std::collections::HashSet::new();
    for cast in casts {
        meter(cast, always, &mut |account, _| {
            if known.insert(account) {
                accounts.push(account);
            }
        });
    }
    accounts
}

/// What each account has on a day, in 10⁻¹⁰ units.
pub(super) fn quantities(accounts: &[Account], casts: &[Arc<Cast>], day: NaiveDate) -> Vec<i64> {
    let span = Span::new(hour(day), hour(day) + 24);
    let places: HashMap<&Account, usize> = accounts.iter().zip(0..).collect();
    let mut sums = vec![0_i128; accounts.len()];
    for cast in casts {
        // A story has few accounts and may have many pieces: looked up once for each account.
        let mut own: Vec<(Account, i64)> = Vec::new();
        meter(cast, span, &mut |account, pieces| match own
            .iter_mut()
            .find(|(known, _)| *known == account)
        {
            Some((_, sum)) => *sum += pieces,
            None => own.push((account, pieces)),
        });
        for (account, pieces) in own {
            if let Some(place) = places.get(&account) {
                sums[*place] += i128::from(pieces);
            }
        }
    }
    let month = 24 * i64::from(day_count(day));
    let quantity = |(account, sum): (&Account, i128)| {
        let divisor = i128::from(account.meter.divisor(month));
        i64::try_from((sum * SCALE + divisor / 2) / divisor).unwrap_or(i64::MAX)
    };
    accounts.iter().zip(sums).map(quantity).collect()
}

fn day_count(day: NaiveDate) -> u8 {
    chrono::Datelike::num_days_in_month(&day)
}

/// Tells `count` of everything in the cast that is metered within the span: pieces × hours.
fn meter(cast: &Cast, span: Span, count: &mut impl FnMut(Account, i64)) {
    let mut note = |meter, region, tags, pieces: i64| {
        if pieces > 0 {
            count(
                Account {
                    meter,
                    region,
                    tags,
                },
                pieces,
            );
        }
    };
    for life in &cast.instances {
        let ran = hours(&life.runs, span);
        let machine = Meter::Machine {
            machine: life.machine,
            spot: life.spot,
        };
        note(machine, life.region, life.tags, ran);
        if life.public_ip.is_some() {
            note(Meter::AddressInUse, life.region, life.tags, ran);
        }
    }
    for life in &cast.volumes {
        let there = life.span.common(span);
        let (iops, throughput) = match life.kind {
            VolumeKind::Gp3 => (
                (life.iops - INCLUDED_IOPS).max(0),
                (life.throughput - INCLUDED_THROUGHPUT).max(0),
            ),
            VolumeKind::Io1 | VolumeKind::Io2 => (life.iops, 0),
            _ => (0, 0),
        };
        note(
            Meter::Volume(life.kind),
            life.region,
            life.tags,
            life.gib * there,
        );
        note(Meter::Iops(life.kind), life.region, life.tags, iops * there);
        note(
            Meter::Throughput,
            life.region,
            life.tags,
            throughput * there,
        );
    }
    for life in &cast.addresses {
        let busy = hours(&life.busy, span);
        let idle = life.span.common(span) - busy;
        note(Meter::AddressInUse, life.region, life.tags, busy);
        note(Meter::AddressIdle, life.region, life.tags, idle);
        if matches!(life.used, Some((_, super::Attribution::Nat))) {
            note(Meter::Nat, life.region, life.tags, busy);
        }
    }
    for life in &cast.snapshots {
        let (meter, gib) = match life.archived {
            true => (Meter::Archive, life.full),
            false => (Meter::Snapshot, life.stored),
        };
        note(meter, life.region, life.tags, gib * life.span.common(span));
    }
}

fn hours(spans: &[Span], within: Span) -> i64 {
    spans.iter().map(|span| span.common(within)).sum()
}
