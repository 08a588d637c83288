//! A story: a case that plays again and again in one region, cycle after cycle. Everything that
//! comes into being in a cycle is gone at its end.

use super::super::noise::mix;
use super::life::{Cast, Span, Tags};
use super::plot::Plot;
use super::teller::Teller;

/// See the module.
pub(super) struct Story {
    /// Told apart in ids and chances; never changes for a story.
    pub number: u64,
    /// For the `Name` tag; empty for things without any tag.
    pub name: &'static str,
    pub region: &'static str,
    /// Cost allocation tags.
    pub tags: Tags,
    /// Days of a cycle, at least two.
    pub days: i64,
    /// Days by which the cycles are shifted against those of other stories.
    pub phase: i64,
    pub plot: Plot,
}

impl Story {
    /// The numbers of the cycles that touch the span.
    pub(super) fn cycles(&self, seed: u64, span: Span) -> std::ops::RangeInclusive<i64> {
        let (length, start) = (self.days * 24, self.start(seed, 0));
        (span.from - start).div_euclid(length)..=(span.to - 1 - start).div_euclid(length)
    }

    /// Everything that comes into being in a cycle.
    pub(super) fn tell(&self, seed: u64, cycle: i64) -> Cast {
        let start = self.start(seed, cycle);
        let mut teller = Teller::new(
            self,
            Span::new(start, start + self.days * 24),
            mix(&[seed, self.number, cycle.unsigned_abs()]),
        );
        self.plot.tell(&mut teller);
        teller.cast
    }

    /// The first hour of a cycle: never at midnight, so that at midnight, when the inventory is
    /// looked at, every cycle has begun.
    fn start(&self, seed: u64, cycle: i64) -> i64 {
        let of_day = i64::try_from(mix(&[seed, self.number, 8]) % 14).unwrap_or(0) + 5;
        (self.phase + cycle * self.days) * 24 + of_day
    }
}
