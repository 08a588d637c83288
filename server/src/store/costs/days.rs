//! Days as the big tables keep them: counted from 1970-01-01.

use chrono::{NaiveDate, TimeDelta};
use domain::period::Period;

use crate::store::{Result, StoreError};

/// Days since 1970-01-01.
pub(super) fn number(day: NaiveDate) -> i64 {
    (day - NaiveDate::default()).num_days()
}

/// The day with this number.
pub(super) fn date(number: i64) -> Result<NaiveDate> {
    TimeDelta::try_days(number)
        .and_then(|days| NaiveDate::default().checked_add_signed(days))
        .ok_or(StoreError::Unreadable("day"))
}

/// The month of a day, as the numbers of its first day and of the next month's.
pub(super) fn month_of(day: i64) -> Result<(i64, i64)> {
    let month = Period::month_of(date(day)?);
    Ok((number(month.start()), number(month.end())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lead_back() {
        for (text, expected) in [
            ("1970-01-01", 0),
            ("2026-11-24", 20_781),
            ("1969-12-31", -1),
        ] {
            let day: NaiveDate = text.parse().unwrap();
            assert_eq!(number(day), expected);
            assert_eq!(date(expected).unwrap(), day);
        }
        assert!(date(i64::MAX).is_err());
        let (first, next) = month_of(20_781).unwrap();
        assert_eq!((first, next), (20_758, 20_788));
    }
}
