//! What a volume costs, and what it would cost as another kind that is as fast.

use super::{Claim, Held, Line, Meter, Rates};
use crate::{
    inventory::{Volume, VolumeType},
    money::{Money, Nanos},
};

/// gp3 comes with so many IOPS and MiB/s.
const INCLUDED_IOPS: u32 = 3_000;
const INCLUDED_MIB: u32 = 125;
/// The most that gp3 gives everywhere.
const GP3_IOPS_MAX: u32 = 16_000;

/// Money with its arithmetic. `None` where a price is unknown.
#[derive(Debug, Default)]
pub(super) struct Reckoned {
    pub lines: Vec<Line>,
    pub claims: Vec<Claim>,
    pub held: Vec<Held>,
    /// Whether it is of what isn't there yet.
    ahead: bool,
}

/// What a newer kind of volume would do.
#[derive(Debug)]
pub(super) enum Newer {
    /// It costs less, and is ordered with these options.
    Saves(Reckoned, String),
    /// It doesn't.
    Nothing,
    /// A price is unknown; it would be ordered so.
    NoPrice(String),
}

impl Reckoned {
    /// Of what isn't there yet.
    fn ahead() -> Self {
        Self {
            ahead: true,
            ..Self::default()
        }
    }

    pub(super) fn total(&self) -> i64 {
        let sum: i128 = self.claims.iter().map(|one| i128::from(one.amount.0)).sum();
        i64::try_from(sum).unwrap_or(i64::MAX)
    }

    /// `count` / `of` units.
    pub(super) fn add(
        &mut self,
        rates: &Rates,
        region: &str,
        meter: Meter,
        (count, of): (u64, u64),
        words: &str,
    ) -> Option<()> {
        if count == 0 {
            return Some(());
        }
        let rate = match self.ahead {
            true => rates.ahead(region, meter)?,
            false => rates.of(region, meter)?,
        };
        let amount = i128::from(rate.each.0) * i128::from(count) / i128::from(of.max(1));
        let amount = Nanos(i64::try_from(amount).ok()?);
        let each = Money::new(rate.each, rates.currency).display_exact();
        self.lines.push(Line {
            text: format!("{words} × {each} a {} ({})", meter.unit(), rate.source),
            amount,
        });
        self.claims.push(Claim {
            usage_type: rate.usage_type,
            amount,
            own: rate.own,
        });
        Some(())
    }

    /// Everything of another one.
    pub(super) fn append(&mut self, other: Self) {
        self.lines.extend(other.lines);
        self.claims.extend(other.claims);
        self.held.extend(other.held);
    }

    /// All of it is paid for one thing.
    pub(super) fn paid_for(mut self, held: impl FnOnce(i64) -> Held) -> Self {
        self.held = vec![held(self.total())];
        self
    }
}

/// What a volume costs in a month; `None` where a price is unknown.
pub(super) fn cost(volume: &Volume, rates: &Rates) -> Option<Reckoned> {
    let cost = parts(volume, rates)?;
    Some(cost.paid_for(|cost| Held::volume(volume, cost)))
}

/// Its storage and its speed.
fn parts(volume: &Volume, rates: &Rates) -> Option<Reckoned> {
    let mut cost = Reckoned::default();
    let region = volume.region.as_str();
    let storage = Meter::storage(&volume.volume_type)?;
    let size = u64::from(volume.size_gib);
    let words = format!(
        "{}: {size} GiB of {}",
        volume.id,
        volume.volume_type.as_str()
    );
    cost.add(rates, region, storage, (size, 1), &words)?;
    let iops = volume.iops.unwrap_or_default();
    let (meter, bought) = match volume.volume_type {
        VolumeType::Gp3 => (Meter::Gp3Iops, iops.saturating_sub(INCLUDED_IOPS)),
        VolumeType::Io1 => (Meter::Io1Iops, iops),
        VolumeType::Io2 => {
            io2_iops(&mut cost, rates, region, iops, "")?;
            return Some(cost);
        }
        _ => return Some(cost),
    };
    cost.add(
        rates,
        region,
        meter,
        (bought.into(), 1),
        &format!("{bought} IOPS"),
    )?;
    if volume.volume_type == VolumeType::Gp3 {
        let mib = volume.throughput_mib.unwrap_or_default();
        throughput(&mut cost, rates, region, mib)?;
    }
    Some(cost)
}

fn throughput(cost: &mut Reckoned, rates: &Rates, region: &str, mib: u32) -> Option<()> {
    let extra = mib.saturating_sub(INCLUDED_MIB);
    let words = format!("{extra} MiB/s beyond {INCLUDED_MIB}, in GiB/s");
    cost.add(
        rates,
        region,
        Meter::Gp3Throughput,
        (extra.into(), 1_024),
        &words,
    )
}

/// What gp2 or io1 gives: IOPS and MiB/s. Of gp2's burst, nothing is lost: gp3 always gives as
/// much. From 334 GiB on gp2 gives 250 MiB/s, up to 170 GiB 128, between them more with the size.
fn speed(volume: &Volume) -> Option<(u32, u32)> {
    let size = volume.size_gib;
    match volume.volume_type {
        VolumeType::Gp2 => {
            let mib = if size <= 170 { 128 } else { 250 };
            Some((size.saturating_mul(3).clamp(100, GP3_IOPS_MAX), mib))
        }
        VolumeType::Io1 => {
            let iops = volume.iops?;
            // 256 KiB an operation, up to 500 MiB/s.
            (iops <= GP3_IOPS_MAX).then(|| (iops, (iops / 4).min(500)))
        }
        _ => None,
    }
}

/// The more IOPS of io2, the less the further ones cost.
fn io2_iops(
    cost: &mut Reckoned,
    rates: &Rates,
    region: &str,
    iops: u32,
    before: &str,
) -> Option<()> {
    let tiers = [
        (Meter::Io2Iops, 0, 32_000),
        (Meter::Io2IopsTier2, 32_000, 64_000),
        (Meter::Io2IopsTier3, 64_000, u32::MAX),
    ];
    for (meter, from, to) in tiers {
        let count = iops.min(to).saturating_sub(from);
        let words = match from {
            0 => format!("{before}{count} IOPS"),
            from => format!("{before}{count} IOPS beyond {from}"),
        };
        cost.add(rates, region, meter, (count.into(), 1), &words)?;
    }
    Some(())
}

/// A newer kind at equal speed: gp3 as far as it goes, beyond that io2 instead of io1.
pub(super) fn newer(volume: &Volume, rates: &Rates) -> Newer {
    let (then, options) = match (speed(volume), volume.iops) {
        (Some((iops, mib)), _) => (
            as_gp3(volume, rates, (iops, mib)),
            format!(
                "--volume-type gp3 --iops {} --throughput {}",
                iops.max(INCLUDED_IOPS),
                mib.max(INCLUDED_MIB)
            ),
        ),
        (None, Some(iops)) if volume.volume_type == VolumeType::Io1 => (
            as_io2(volume, rates, iops),
            format!("--volume-type io2 --iops {iops}"),
        ),
        _ => return Newer::Nothing,
    };
    let (Some(now), Some(then)) = (cost(volume, rates), then) else {
        return Newer::NoPrice(options);
    };
    match saved(now, then) {
        Some(money) => Newer::Saves(money, options),
        None => Newer::Nothing,
    }
}

fn as_gp3(volume: &Volume, rates: &Rates, (iops, mib): (u32, u32)) -> Option<Reckoned> {
    let region = volume.region.as_str();
    let mut then = Reckoned::ahead();
    let size = u64::from(volume.size_gib);
    let words = format!("as gp3: {size} GiB");
    then.add(rates, region, Meter::Gp3, (size, 1), &words)?;
    let extra = iops.saturating_sub(INCLUDED_IOPS);
    let words = format!("as gp3: {extra} IOPS beyond {INCLUDED_IOPS}");
    then.add(rates, region, Meter::Gp3Iops, (extra.into(), 1), &words)?;
    throughput(&mut then, rates, region, mib)?;
    Some(then)
}

fn as_io2(volume: &Volume, rates: &Rates, iops: u32) -> Option<Reckoned> {
    let region = volume.region.as_str();
    let mut then = Reckoned::ahead();
    let size = u64::from(volume.size_gib);
    let words = format!("as io2: {size} GiB");
    then.add(rates, region, Meter::Io2, (size, 1), &words)?;
    io2_iops(&mut then, rates, region, iops, "as io2: ")?;
    Some(then)
}

/// What one costs less the other; `None` where that is nothing.
fn saved(now: Reckoned, then: Reckoned) -> Option<Reckoned> {
    let saved = now
        .total()
        .checked_sub(then.total())
        .filter(|saved| *saved > 0)?;
    let taken_off = then.lines.into_iter().map(|line| Line {
        amount: Nanos(-line.amount.0),
        ..line
    });
    let lines = now.lines.into_iter().chain(taken_off).collect();
    // What is saved was paid for the old volume: first for its storage, then for its IOPS.
    let mut left = saved;
    let claims = now.claims.into_iter().map(|claim| {
        let amount = claim.amount.0.min(left);
        left -= amount;
        Claim {
            amount: Nanos(amount),
            ..claim
        }
    });
    let claims = claims.filter(|claim| claim.amount.0 > 0).collect();
    let held = now.held;
    Some(Reckoned {
        lines,
        claims,
        held,
        ahead: false,
    })
}
