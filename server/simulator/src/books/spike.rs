//! The spike: machines that somebody forgot, for a few days once in a half-year. Where and when
//! follows from the seed and the calendar, so it stays where it is when today moves.

use std::ops::Range;

use chrono::{Datelike, Days, NaiveDate};

use super::line::Line;
use super::noise::mix;

/// Days, service, account and region of one spike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spike {
    /// Half-open.
    pub days: Range<NaiveDate>,
    /// The service whose cost jumps.
    pub service: &'static str,
    /// The account it happens in.
    pub linked_account: &'static str,
    /// The region it happens in.
    pub region: &'static str,
    /// What was used there, with the region's prefix.
    pub usage_type: String,
    /// The line's place in the books.
    pub(crate) line: u32,
}

/// First day and length of the spike in the half-year that begins in the April or October
/// before `day`, and a chance to choose the place with.
pub(crate) fn when(seed: u64, day: NaiveDate) -> Option<(Range<NaiveDate>, u64)> {
    let (year, month) = match day.month() {
        1..=3 => (day.year() - 1, 10),
        4..=9 => (day.year(), 4),
        _ => (day.year(), 10),
    };
    let chance = mix(&[seed, u64::from(year.unsigned_abs()), u64::from(month), 77]);
    let start = NaiveDate::from_ymd_opt(year, month, 4)?.checked_add_days(Days::new(chance % 7))?;
    let end = start.checked_add_days(Days::new(3 + chance / 7 % 2))?;
    Some((start..end, chance / 14))
}

/// The candidate among `lines` (those that only spikes use) that `chance` chooses.
pub(crate) fn place<'a>(
    lines: impl Iterator<Item = (usize, &'a Line)>,
    chance: u64,
) -> Option<(usize, &'a Line)> {
    let candidates: Vec<_> = lines.collect();
    let count = u64::try_from(candidates.len())
        .ok()
        .filter(|count| *count > 0)?;
    candidates
        .get(usize::try_from(chance % count).ok()?)
        .copied()
}
