//! Periods by their names in addresses.

use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate};

use super::read_day;
use crate::{Error, period::Period};

/// A longer period than this isn't read from an address.
const MOST_DAYS: usize = 1_200;

/// A period's name in addresses.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Span {
    /// This month so far.
    #[default]
    ThisMonth,
    /// The month before.
    LastMonth,
    /// So many days, the last of which is yesterday.
    LastDays(u32),
    /// So many months, this one included.
    Months(u32),
    /// From 1 January.
    ThisYear,
    /// All that is stored.
    Everything,
    /// From one day to another.
    Days,
}

impl Span {
    /// All that are offered.
    pub const ALL: [Self; 11] = [
        Self::ThisMonth,
        Self::LastMonth,
        Self::LastDays(7),
        Self::LastDays(30),
        Self::LastDays(90),
        Self::Months(3),
        Self::Months(6),
        Self::Months(12),
        Self::ThisYear,
        Self::Everything,
        Self::Days,
    ];

    /// The name in addresses.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::ThisMonth => "this-month",
            Self::LastMonth => "last-month",
            Self::LastDays(..=7) => "7-days",
            Self::LastDays(8..=30) => "30-days",
            Self::LastDays(_) => "90-days",
            Self::Months(..=3) => "3-months",
            Self::Months(4..=6) => "6-months",
            Self::Months(_) => "12-months",
            Self::ThisYear => "this-year",
            Self::Everything => "everything",
            Self::Days => "days",
        }
    }

    /// The name for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::ThisMonth => "This month",
            Self::LastMonth => "Last month",
            Self::LastDays(..=7) => "Last 7 days",
            Self::LastDays(8..=30) => "Last 30 days",
            Self::LastDays(_) => "Last 90 days",
            Self::Months(..=3) => "Last 3 months",
            Self::Months(4..=6) => "Last 6 months",
            Self::Months(_) => "Last 12 months",
            Self::ThisYear => "This year",
            Self::Everything => "Everything kept",
            Self::Days => "From … to …",
        }
    }

    /// Its days. `first` is the first day that is stored; `from` and `to` are what was typed.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] in the field `from` or `to`, where these are the period.
    pub(super) fn read(
        self,
        today: NaiveDate,
        first: Option<NaiveDate>,
        from: &str,
        to: &str,
    ) -> Result<Period, Error> {
        Ok(match self {
            Self::ThisMonth => Period::month_to_date(today),
            Self::LastMonth => Period::last_month(today),
            Self::LastDays(days) => last_days(today, days),
            Self::Months(months) => Period::months_to_date(today, months),
            Self::ThisYear => Period::months_to_date(today, today.month()),
            Self::Everything => {
                let kept = Period::kept(today);
                let start = first.map_or(kept.start(), |first| first.min(kept.start()));
                Period::new(start, kept.end()).unwrap_or(kept)
            }
            Self::Days => from_to(today, ("from", from), ("to", to))?,
        })
    }
}

impl FromStr for Span {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|span| span.slug() == text);
        found.ok_or_else(|| {
            Error::invalid(
                "period",
                "There is no such period.",
                "Choose one of those that the page offers.",
            )
        })
    }
}

/// The last days that have ended: today would only be a part of one.
fn last_days(today: NaiveDate, days: u32) -> Period {
    let start = today.checked_sub_days(Days::new(days.into()));
    start
        .and_then(|start| Period::new(start, today).ok())
        .unwrap_or_else(|| Period::month_to_date(today))
}

/// From one day to another, each the name of its field and what was typed; not beyond today.
pub(super) fn from_to(
    today: NaiveDate,
    from: (&str, &str),
    to: (&str, &str),
) -> Result<Period, Error> {
    let first = read_day(from.0, from.1)?;
    let last = read_day(to.0, to.1)?.min(today);
    (last.succ_opt())
        .and_then(|end| Period::new(first, end).ok())
        .filter(|period| period.len() <= MOST_DAYS)
        .ok_or_else(|| {
            Error::invalid(
                from.0,
                "The period has to end after it starts, and be no longer than three years.",
                "Choose a first day that isn't after the last one, and not after today.",
            )
        })
}
