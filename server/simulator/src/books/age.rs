//! How finished a day is. Cost Explorer shows the last two days unfinished, changes them a
//! little for two days more, and changes some of a month once when it closes the bill.

use chrono::{Datelike, NaiveDate};

use super::noise::{between, mix};

/// The day of the next month on which a month's bill is closed.
const CLOSING_DAY: u32 = 4;

/// How finished a day is, seen from another day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Age {
    /// Today: about a third has arrived, and some lines not at all.
    Today,
    /// Yesterday: most has arrived.
    Yesterday,
    /// Two and three days ago: complete, but still corrected.
    Corrected(u8),
    /// Stands until the bill closes.
    Open,
    /// The bill is closed. Never changes again.
    Closed,
}

impl Age {
    /// The age of `day` on `today`; `None` for a day to come.
    pub(crate) fn of(day: NaiveDate, today: NaiveDate) -> Option<Self> {
        match (today - day).num_days() {
            ..0 => None,
            0 => Some(Self::Today),
            1 => Some(Self::Yesterday),
            2 => Some(Self::Corrected(2)),
            3 => Some(Self::Corrected(3)),
            _ if month_is_open(day, today) => Some(Self::Open),
            _ => Some(Self::Closed),
        }
    }

    /// What part of a line's final amount is there, in parts in a million; chance by line and day.
    pub(crate) fn part(self, salt: u64, day: u64) -> i64 {
        let chance = |stage: u64| mix(&[salt, day, stage]);
        match self {
            Self::Today if chance(10).is_multiple_of(4) => 0,
            Self::Today => between(chance(11), 250_000, 450_000),
            Self::Yesterday => between(chance(12), 780_000, 940_000),
            Self::Corrected(age) => between(chance(13 + u64::from(age)), 997_000, 1_003_000),
            Self::Open => 1_000_000,
            Self::Closed if chance(20).is_multiple_of(6) => between(chance(21), 998_000, 1_004_000),
            Self::Closed => 1_000_000,
        }
    }
}

/// Whether the bill of `day`'s month is still open on `today`: through the third of the next
/// month. Such results are `Estimated`.
pub(crate) fn month_is_open(day: NaiveDate, today: NaiveDate) -> bool {
    let closing = day
        .with_day(1)
        .and_then(|first| first.checked_add_months(chrono::Months::new(1)))
        .and_then(|next| next.with_day(CLOSING_DAY));
    closing.is_none_or(|closing| today < closing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_ages() {
        let born = day("2026-11-10");
        let at = |today: &str| Age::of(born, day(today));
        assert_eq!(at("2026-11-09"), None);
        assert_eq!(at("2026-11-10"), Some(Age::Today));
        assert_eq!(at("2026-11-11"), Some(Age::Yesterday));
        assert_eq!(at("2026-11-13"), Some(Age::Corrected(3)));
        assert_eq!(at("2026-11-14"), Some(Age::Open));
        assert_eq!(at("2026-12-03"), Some(Age::Open));
        assert_eq!(at("2026-12-04"), Some(Age::Closed));
    }

    #[test]
    fn the_last_day_of_a_month_is_final_when_the_month_closes() {
        assert_eq!(
            Age::of(day("2026-11-30"), day("2026-12-04")),
            Some(Age::Closed)
        );
        assert_eq!(
            Age::of(day("2026-11-30"), day("2026-12-03")),
            Some(Age::Corrected(3))
        );
    }
}
