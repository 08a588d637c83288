//! Half-open ranges of UTC calendar days, exactly as AWS takes them.
//! Nothing here knows what day it is: today is always an argument.

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// How many whole months before the current one are kept by the first sync.
/// AWS keeps about 14 months; asking for the first day of the month 13 months
/// ago is always inside.
pub const MONTHS_KEPT: u32 = 13;

/// `[start, end)` in UTC days; never empty.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "(NaiveDate, NaiveDate)", into = "(NaiveDate, NaiveDate)")]
pub struct Period {
    start: NaiveDate,
    end: NaiveDate,
}

/// What is said about one of the periods that an answer is cut into.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Piece<T> {
    /// Its days.
    pub period: Period,
    /// What is said.
    pub value: T,
}

/// The end of a period isn't after its start.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a period has to end after it starts")]
pub struct EmptyPeriod;

impl Period {
    /// The days from `start` until before `end`.
    ///
    /// # Errors
    /// When there is no such day.
    pub fn new(start: NaiveDate, end: NaiveDate) -> Result<Self, EmptyPeriod> {
        if start < end {
            Ok(Self { start, end })
        } else {
            Err(EmptyPeriod)
        }
    }

    /// A single day.
    #[must_use]
    pub fn day(day: NaiveDate) -> Self {
        Self {
            start: day,
            end: next_day(day),
        }
    }

    /// The first day.
    #[must_use]
    pub const fn start(&self) -> NaiveDate {
        self.start
    }

    /// The day after the last one, as AWS takes it.
    #[must_use]
    pub const fn end(&self) -> NaiveDate {
        self.end
    }

    /// The last day, as people say it.
    #[must_use]
    pub fn last_day(&self) -> NaiveDate {
        self.end.pred_opt().unwrap_or(self.start)
    }

    /// How many days.
    #[must_use]
    pub fn len(&self) -> usize {
        usize::try_from((self.end - self.start).num_days()).unwrap_or_default()
    }

    /// Never true: a period has at least one day.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        false
    }

    /// Whether the day lies inside.
    #[must_use]
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.start <= day && day < self.end
    }

    /// Its days, in order.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let end = self.end;
        self.start.iter_days().take_while(move |day| *day < end)
    }

    /// The whole calendar month in which `day` lies.
    #[must_use]
    pub fn month_of(day: NaiveDate) -> Self {
        let start = first_of_month(day);
        Self {
            start,
            end: add_months(start, 1),
        }
    }

    /// This month so far, today included: on the 1st, that is one day.
    #[must_use]
    pub fn month_to_date(today: NaiveDate) -> Self {
        Self {
            start: first_of_month(today),
            end: next_day(today),
        }
    }

    /// The month before today's.
    #[must_use]
    pub fn last_month(today: NaiveDate) -> Self {
        let end = first_of_month(today);
        Self {
            start: sub_months(end, 1),
            end,
        }
    }

    /// As many days of the month before as have begun of this one, and never
    /// more than it had: on 31 March that is the whole of February.
    #[must_use]
    pub fn last_month_to_same_day(today: NaiveDate) -> Self {
        let last = Self::last_month(today);
        let days = Self::month_to_date(today).len();
        Self {
            start: last.start,
            end: last.end.min(add_days(last.start, days)),
        }
    }

    /// The `months` calendar months that end with today's, up to and including today.
    #[must_use]
    pub fn months_to_date(today: NaiveDate, months: u32) -> Self {
        let start = sub_months(first_of_month(today), months.saturating_sub(1));
        Self {
            start,
            end: next_day(today),
        }
    }

    /// Everything that the first sync asks for: [`MONTHS_KEPT`] months and this one so far.
    #[must_use]
    pub fn kept(today: NaiveDate) -> Self {
        Self::months_to_date(today, MONTHS_KEPT + 1)
    }

    /// The calendar months it touches, each clipped to it, oldest first.
    #[must_use]
    pub fn by_month(&self) -> Vec<Self> {
        let mut months = Vec::new();
        let mut start = self.start;
        while start < self.end {
            let end = Self::month_of(start).end.min(self.end);
            months.push(Self { start, end });
            start = end;
        }
        months
    }
}

/// Inclusive, as people read dates: `1–24 Nov 2026`, `28 Oct – 3 Nov 2026`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = (self.start, self.last_day());
        if first == last {
            write!(f, "{}", last.format("%-d %b %Y"))
        } else if first.year() != last.year() {
            write!(
                f,
                "{} – {}",
                first.format("%-d %b %Y"),
                last.format("%-d %b %Y")
            )
        } else if first.month() != last.month() {
            write!(
                f,
                "{} – {}",
                first.format("%-d %b"),
                last.format("%-d %b %Y")
            )
        } else {
            write!(f, "{}–{}", first.day(), last.format("%-d %b %Y"))
        }
    }
}

impl TryFrom<(NaiveDate, NaiveDate)> for Period {
    type Error = EmptyPeriod;

    fn try_from((start, end): (NaiveDate, NaiveDate)) -> Result<Self, EmptyPeriod> {
        Self::new(start, end)
    }
}

impl From<Period> for (NaiveDate, NaiveDate) {
    fn from(period: Period) -> Self {
        (period.start, period.end)
    }
}

// chrono's years reach ±262,000: the fallbacks below are never met by a real date.

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

fn next_day(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(day)
}

fn add_days(day: NaiveDate, days: usize) -> NaiveDate {
    day.checked_add_days(Days::new(u64::try_from(days).unwrap_or_default()))
        .unwrap_or(day)
}

fn add_months(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).unwrap_or(day)
}

fn sub_months(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(months)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(start: &str, end: &str) -> Period {
        Period::new(day(start), day(end)).unwrap()
    }

    #[test]
    fn the_first_of_a_month_is_one_day_long() {
        let today = day("2026-11-01");
        assert_eq!(
            Period::month_to_date(today),
            period("2026-11-01", "2026-11-02")
        );
        assert_eq!(
            Period::last_month_to_same_day(today),
            period("2026-10-01", "2026-10-02")
        );
        assert_eq!(
            Period::last_month(today),
            period("2026-10-01", "2026-11-01")
        );
    }

    #[test]
    fn the_last_of_a_month_ends_on_the_next_first() {
        assert_eq!(
            Period::month_to_date(day("2026-12-31")),
            period("2026-12-01", "2027-01-01")
        );
    }

    #[test]
    fn long_months_compare_with_the_whole_short_one() {
        for today in ["2027-03-29", "2027-03-31"] {
            assert_eq!(
                Period::last_month_to_same_day(day(today)),
                period("2027-02-01", "2027-03-01")
            );
        }
        assert_eq!(
            Period::last_month_to_same_day(day("2028-03-29")),
            period("2028-02-01", "2028-03-01")
        );
    }

    #[test]
    fn kept_months_start_inside_what_aws_keeps() {
        assert_eq!(
            Period::kept(day("2026-11-24")),
            period("2025-10-01", "2026-11-25")
        );
        assert_eq!(
            Period::months_to_date(day("2026-11-24"), 6).start(),
            day("2026-06-01")
        );
    }

    #[test]
    fn people_read_inclusive_dates() {
        assert_eq!(
            period("2026-11-01", "2026-11-25").to_string(),
            "1–24 Nov 2026"
        );
        assert_eq!(period("2026-11-01", "2026-11-02").to_string(), "1 Nov 2026");
        assert_eq!(
            period("2026-10-28", "2026-11-04").to_string(),
            "28 Oct – 3 Nov 2026"
        );
        assert_eq!(
            period("2025-12-31", "2026-01-02").to_string(),
            "31 Dec 2025 – 1 Jan 2026"
        );
    }

    fn any_day() -> impl Strategy<Value = NaiveDate> {
        (0_u64..20_000).prop_map(|days| add_days(day("2001-01-01"), usize::try_from(days).unwrap()))
    }

    proptest! {
        #[test]
        fn months_cover_a_period_once(start in any_day(), days in 1_usize..900) {
            let whole = Period::new(start, add_days(start, days)).unwrap();
            let months: Vec<_> = whole.by_month().iter().flat_map(Period::days).collect();
            prop_assert_eq!(months, whole.days().collect::<Vec<_>>());
        }

        #[test]
        fn comparisons_have_as_many_days_unless_the_month_was_shorter(today in any_day()) {
            let now = Period::month_to_date(today).len();
            let before = Period::last_month_to_same_day(today).len();
            prop_assert_eq!(before, now.min(Period::last_month(today).len()));
        }

        #[test]
        fn what_is_kept_ends_today_and_fits_into_fourteen_months(today in any_day()) {
            let kept = Period::kept(today);
            prop_assert_eq!(kept.last_day(), today);
            prop_assert!(kept.start() >= sub_months(today, 14));
        }
    }
}
