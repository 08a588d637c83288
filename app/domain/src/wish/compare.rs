//! What a period is compared with.

use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{not_offered, span::from_to};
use crate::{Error, period::Period};

/// What a period is compared with.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// Nothing.
    #[default]
    Nothing,
    /// What came right before it.
    Before,
    /// The same days a month ago.
    MonthAgo,
    /// The same days a year ago.
    YearAgo,
    /// From one day to another.
    Days,
}

impl Compare {
    /// All that are offered.
    pub const ALL: [Self; 5] = [
        Self::Nothing,
        Self::Before,
        Self::MonthAgo,
        Self::YearAgo,
        Self::Days,
    ];

    /// The name in addresses.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Before => "before",
            Self::MonthAgo => "month",
            Self::YearAgo => "year",
            Self::Days => "days",
        }
    }

    /// The name for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Nothing => "Nothing",
            Self::Before => "The period before",
            Self::MonthAgo => "A month ago",
            Self::YearAgo => "A year ago",
            Self::Days => "From … to …",
        }
    }

    /// The days to compare with; `from` and `to` are what was typed.
    pub(super) fn read(
        self,
        period: Period,
        today: NaiveDate,
        from: &str,
        to: &str,
    ) -> Result<Option<Period>, Error> {
        Ok(match self {
            Self::Nothing => None,
            Self::Before => Some(before(period)),
            Self::MonthAgo => Some(months_ago(period, 1)),
            Self::YearAgo => Some(months_ago(period, 12)),
            Self::Days => Some(from_to(today, ("compare_from", from), ("compare_to", to))?),
        })
    }
}

impl FromStr for Compare {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|one| one.slug() == text);
        found.ok_or_else(|| not_offered("compare"))
    }
}

/// The days right before: of whole months as many months, of a month's first days the same
/// days of the month before, else as many days.
fn before(period: Period) -> Period {
    let months = period.by_month();
    let from_first = period.start().day() == 1;
    let whole = from_first && period.end().day() == 1;
    if whole {
        return months_ago(period, u32::try_from(months.len()).unwrap_or(1));
    }
    if from_first && months.len() == 1 {
        return months_ago(period, 1);
    }
    let days = Days::new(u64::try_from(period.len()).unwrap_or_default());
    (period.start().checked_sub_days(days))
        .and_then(|start| Period::new(start, period.start()).ok())
        .unwrap_or(period)
}

/// The same days so many months ago: of whole months whole months, and where the month has
/// no such day its last one.
fn months_ago(period: Period, months: u32) -> Period {
    let back = |day: NaiveDate| day.checked_sub_months(Months::new(months));
    let whole = period.start().day() == 1 && period.end().day() == 1;
    let end = match whole {
        true => back(period.end()),
        false => back(period.last_day()).and_then(|last| last.succ_opt()),
    };
    (back(period.start()).zip(end))
        .and_then(|(start, end)| Period::new(start, end).ok())
        .unwrap_or(period)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(start: &str, last: &str) -> Period {
        let end = last.parse::<NaiveDate>().unwrap().succ_opt().unwrap();
        Period::new(start.parse().unwrap(), end).unwrap()
    }

    fn compared(how: Compare, start: &str, last: &str) -> String {
        let today = "2026-11-24".parse().unwrap();
        let read = how.read(period(start, last), today, "2026-01-05", "2026-01-06");
        read.unwrap().unwrap().to_string()
    }

    #[test]
    fn before_is_what_people_mean_by_it() {
        let before = |start, last| compared(Compare::Before, start, last);
        assert_eq!(before("2026-11-01", "2026-11-24"), "1–24 Oct 2026");
        assert_eq!(before("2026-10-01", "2026-10-31"), "1–30 Sep 2026");
        assert_eq!(before("2026-09-01", "2026-10-31"), "1 Jul – 31 Aug 2026");
        assert_eq!(before("2026-11-17", "2026-11-23"), "10–16 Nov 2026");
        // February has fewer days: all of it.
        assert_eq!(before("2026-03-01", "2026-03-30"), "1–28 Feb 2026");
        assert_eq!(before("2026-03-01", "2026-03-01"), "1 Feb 2026");
        assert_eq!(before("2026-01-01", "2026-11-24"), "7 Feb – 31 Dec 2025");
    }

    #[test]
    fn months_and_years_ago_end_where_the_month_does() {
        let month = |start, last| compared(Compare::MonthAgo, start, last);
        assert_eq!(month("2026-10-01", "2026-10-31"), "1–30 Sep 2026");
        assert_eq!(month("2026-03-29", "2026-03-31"), "28 Feb 2026");
        assert_eq!(month("2026-02-01", "2026-02-28"), "1–31 Jan 2026");
        let year = |start, last| compared(Compare::YearAgo, start, last);
        assert_eq!(year("2028-02-29", "2028-02-29"), "28 Feb 2027");
        assert_eq!(year("2026-11-01", "2026-11-24"), "1–24 Nov 2025");
        assert_eq!(
            compared(Compare::Days, "2026-11-01", "2026-11-24"),
            "5–6 Jan 2026"
        );
        for how in Compare::ALL {
            assert_eq!(how.slug().parse(), Ok(how));
        }
    }
}
