//! Goes through a series day by day: what was to be expected, how wide the noise is, and
//! whether the day is beyond it. Each day sees only the days before it.

use std::ops::Range;

use chrono::{Datelike, Days, NaiveDate};

use super::{
    Judged, Limits, Series, nanos,
    rhythm::due,
    robust::{median, quantile, width},
};
use crate::money::Nanos;

/// A level is the middle of so many days: whole weeks, so that weekends weigh the same.
const LEVEL_DAYS: usize = 14;
/// The same weekday of so many weeks back.
const WEEKS: usize = 6;
/// Noise is that of so many days.
const NOISE_DAYS: usize = 56;
/// Bursts are looked for in so many days.
const BURST_DAYS: usize = 150;
/// So many unusual days in a row are the new usual.
pub(super) const SETTLED: usize = 7;
/// A series that begins so many days after the first stored day is a new one.
const UNSEEN: usize = 28;
/// So long a new series is only gotten to know.
pub(super) const LEARNING: usize = 14;
/// After so many days it is roughly known what a day costs.
const BARELY: usize = 4;
/// Fewer of the same weekday are no rule yet.
const FEWEST_WEEKS: usize = 3;
/// So long the weekdays of a new series aren't known well.
const NEW_DAYS: usize = 35;
/// Meanwhile its noise is taken to be as large as this part of its level.
const NEW_NOISE: f64 = 0.25;
/// What one day in ten exceeds comes often.
const OFTEN: f64 = 0.9;
/// So many times what comes often is still the usual.
const BURST: f64 = 2.0;
/// Nothing is quieter than this part of its level.
const QUIETEST: f64 = 0.03;
/// How far a fee may be off, as a part of it.
const FEE_NOISE: f64 = 0.35;

/// What is known of a day when the next ones come.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    /// To the last digit, for sums.
    pub(super) exact: Option<Nanos>,
    pub(super) actual: Option<f64>,
    pub(super) expected: f64,
    pub(super) level: f64,
    /// The width of the noise, in money.
    pub(super) noise: f64,
    /// Beyond the daily cost, where that is far.
    beyond: Option<f64>,
    /// More than it should be.
    pub(super) high: bool,
    /// No example for later days.
    apart: bool,
    /// Too little is known yet.
    learning: bool,
    /// Part of a step: tells nothing about the noise.
    stepped: bool,
}

/// A series that has been gone through.
pub(super) struct Walk {
    pub(super) start: NaiveDate,
    pub(super) limits: Limits,
    pub(super) seen: Vec<Seen>,
    /// Where it begins to cost anything.
    first: usize,
    /// The same, if that is after days of nothing.
    pub(super) begins: Option<usize>,
    /// Runs of high days: the first, the one after the last, and whether they stayed.
    pub(super) runs: Vec<(Range<usize>, bool)>,
}

impl Walk {
    pub(super) fn over(series: &Series, limits: Limits) -> Self {
        let amounts = &series.days;
        let first = (amounts.iter()).position(|one| one.is_some_and(|one| one != Nanos::ZERO));
        let first = first.unwrap_or(amounts.len());
        let known_before = amounts.iter().take(first).flatten().count();
        let mut walk = Self {
            start: series.start,
            limits,
            first,
            seen: Vec::with_capacity(amounts.len()),
            begins: (known_before >= UNSEEN && first < amounts.len()).then_some(first),
            runs: Vec::new(),
        };
        let mut run: Option<Range<usize>> = None;
        for (place, actual) in amounts.iter().copied().enumerate() {
            let day = walk.look(place, actual);
            walk.seen.push(day);
            if day.high {
                let from = run.map_or(place, |run| run.start);
                run = Some(from..place + 1);
                if place + 1 - from >= SETTLED {
                    walk.settle(from..place + 1);
                    walk.runs.push((from..place + 1, true));
                    run = None;
                }
            } else if let Some(open) = run.take_if(|run| place > run.end) {
                // One quiet day doesn't end it, two do.
                walk.runs.push((open, false));
            }
        }
        walk.runs.extend(run.map(|open| (open, false)));
        walk
    }

    fn look(&self, place: usize, exact: Option<Nanos>) -> Seen {
        let learning = place < self.first + LEARNING;
        let actual = exact.map(Nanos::approximate);
        let level = self.level(place).unwrap_or_default();
        let daily = self.same_weekdays(place, level).unwrap_or(level);
        let day = self.day(place);
        let calm = self.is_calm(place);
        let fee = due(day, |day| {
            let days = usize::try_from((day - self.start).num_days()).ok()?;
            self.seen.get(days)?.beyond.filter(|_| calm)
        });
        let (noise, mean) = self.noise(place);
        let scale = level.abs().max(daily.abs()).max(mean);
        let usual = noise.max(QUIETEST) * scale;
        let fee_noise = fee.map_or(0.0, |fee| FEE_NOISE * fee.abs() / self.limits.times);
        let noise = usual + fee_noise;
        let expected = daily + fee.unwrap_or_default();
        let far = |off: f64, noise: f64, from: f64| {
            off.abs() > self.limits.times * noise
                && off.abs() > self.limits.part * from.abs()
                && off.abs() > self.limits.least / 10.0
        };
        let beyond = actual
            .map(|actual| actual - daily)
            .filter(|off| far(*off, usual, daily));
        let high = !learning
            && !self.is_first_fee(place)
            && actual
                .is_some_and(|actual| actual > expected && far(actual - expected, noise, expected));
        Seen {
            exact,
            actual,
            expected,
            level,
            noise,
            beyond: beyond.filter(|_| self.tells_fees(place)),
            high,
            apart: high,
            learning,
            stepped: false,
        }
    }

    /// Whether enough is known to tell a fee from the rest: on a month's first soon, on other
    /// days when the weekdays are known.
    fn tells_fees(&self, place: usize) -> bool {
        let needed = if self.day(place).day() == 1 {
            BARELY
        } else {
            NEW_DAYS
        };
        place >= self.first + needed
    }

    /// Whether it is the first day on which a month's fee could be seen, which isn't news.
    fn is_first_fee(&self, place: usize) -> bool {
        let known = self.first + BARELY..place;
        self.day(place).day() == 1 && !known.into_iter().any(|place| self.day(place).day() == 1)
    }

    /// The middle of the last days; of those that are no example, what was expected of them.
    fn level(&self, place: usize) -> Option<f64> {
        let settled = self.runs.iter().rev().find(|(_, stayed)| *stayed);
        let since = settled.map_or(self.first, |(run, _)| run.start);
        let from = place.saturating_sub(LEVEL_DAYS + 2).max(since);
        let days = self.seen.get(from..place)?.iter().rev();
        let mut days: Vec<f64> = days
            .filter_map(|day| match day.apart {
                true => Some(day.expected),
                false => day.actual,
            })
            .take(LEVEL_DAYS)
            .collect();
        median(&mut days)
    }

    /// The middle of the same weekday's costs, at today's level.
    fn same_weekdays(&self, place: usize, level: f64) -> Option<f64> {
        let mut weeks: Vec<f64> = (1..=WEEKS)
            .filter_map(|weeks| {
                let place = place.checked_sub(7 * weeks)?;
                let day = self.seen.get(place).filter(|_| place >= self.first)?;
                let actual = day.actual.filter(|_| !day.apart)?;
                let at_level = if day.level > 0.0 && level > 0.0 && !day.learning {
                    level / day.level
                } else {
                    1.0
                };
                // A fee of a month's first is no example for another day.
                Some((actual - day.beyond.unwrap_or_default()) * at_level)
            })
            .collect();
        if weeks.len() < FEWEST_WEEKS {
            weeks.push(level);
        }
        median(&mut weeks)
    }

    /// The width of the noise as a part of the level, and what a day costs in the mean.
    fn noise(&self, place: usize) -> (f64, f64) {
        let mut lately = self.off(place, NOISE_DAYS);
        let known = width(&lately);
        lately = self.off(place, BURST_DAYS);
        // Where bursts come often, another like them is no news.
        let bursts = quantile(&mut lately, OFTEN).unwrap_or_default() * BURST / self.limits.times;
        let unknown = if place < self.first + NEW_DAYS {
            NEW_NOISE
        } else {
            0.0
        };
        let from = place.saturating_sub(NOISE_DAYS);
        let days = self.seen.get(from..place).unwrap_or_default();
        let amounts: Vec<f64> = days.iter().filter_map(|day| day.actual).collect();
        let mean = amounts.iter().map(|one| one.abs()).sum::<f64>() / amounts.len().max(1) as f64;
        (known.max(unknown).max(bursts), mean / 4.0)
    }

    /// How far the last days were off what was expected, as parts of their level.
    fn off(&self, place: usize, days: usize) -> Vec<f64> {
        let days = self
            .seen
            .get(place.saturating_sub(days)..place)
            .unwrap_or_default();
        let known = days.iter().filter(|day| !day.learning && !day.stepped);
        known
            .filter_map(|day| {
                let scale = day.level.abs().max(day.expected.abs());
                let scale = if scale > 0.0 {
                    scale
                } else {
                    day.actual?.abs()
                };
                (scale > 0.0).then_some((day.actual? - day.expected) / scale)
            })
            .collect()
    }

    /// Whether days far beyond the daily cost are rare: only then can the calendar tell them.
    fn is_calm(&self, place: usize) -> bool {
        let from = place.saturating_sub(BURST_DAYS);
        let days = self.seen.get(from..place).unwrap_or_default();
        let far = days.iter().filter(|day| day.beyond.is_some()).count();
        far * 10 <= days.len()
    }

    /// What stays is the usual from then on.
    fn settle(&mut self, run: Range<usize>) {
        let days = self.seen.get(run.clone()).unwrap_or_default();
        let mut amounts: Vec<f64> = days.iter().filter_map(|day| day.actual).collect();
        let level = median(&mut amounts).unwrap_or_default();
        for day in self.seen.get_mut(run).unwrap_or_default() {
            day.apart = false;
            day.stepped = true;
            day.level = level;
            day.beyond = None;
        }
    }

    pub(super) fn day(&self, place: usize) -> NaiveDate {
        let days = Days::new(u64::try_from(place).unwrap_or_default());
        self.start.checked_add_days(days).unwrap_or(self.start)
    }

    pub(super) fn judged(&self) -> Vec<Judged> {
        let judge = |(place, day): (usize, &Seen)| {
            let reach = (self.limits.times * day.noise).max(self.limits.part * day.expected.abs());
            Judged {
                day: self.day(place),
                actual: day.exact,
                expected: nanos(day.expected),
                lower: nanos(day.expected - reach).max(nanos(0.0).min(nanos(day.expected))),
                upper: nanos(day.expected + reach),
            }
        };
        self.seen.iter().enumerate().map(judge).collect()
    }
}
