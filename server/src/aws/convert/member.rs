//! From single members of answers to numbers, dates and texts. Absent and empty are the
//! same, and never zero.

use aws_sdk_costexplorer::types::DateInterval;
use aws_sdk_ec2::types::{OperatorResponse, Tag};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use domain::{cube::Granularity, inventory::Tags, money::Nanos, period::Period};

use super::ConvertError;

/// Where a member is, for errors.
pub(super) type Place = &'static str;

/// A text; an empty one is none. EC2 sends empty elements for what isn't there.
pub(super) fn text(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// What has to be there.
pub(super) fn required<T>(value: Option<T>, place: Place) -> Result<T, ConvertError> {
    value.ok_or(ConvertError::Absent(place))
}

/// An amount of money as decimal text.
pub(super) fn money(text: Option<&str>, place: Place) -> Result<Option<Nanos>, ConvertError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    text.parse()
        .map(Some)
        .map_err(|_| ConvertError::Senseless(place))
}

/// A measure as decimal text.
pub(super) fn number(text: Option<&str>, place: Place) -> Result<Option<f64>, ConvertError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    text.parse()
        .ok()
        .filter(|number| f64::is_finite(*number))
        .map(Some)
        .ok_or(ConvertError::Senseless(place))
}

/// An amount of money that was a JSON number: the shortest decimal that is this number is
/// what AWS wrote.
pub(super) fn float_money(number: f64, place: Place) -> Result<Nanos, ConvertError> {
    number
        .to_string()
        .parse()
        .map_err(|_| ConvertError::Senseless(place))
}

/// A measure that was a JSON number.
pub(super) fn float(number: f64, place: Place) -> Result<f64, ConvertError> {
    if number.is_finite() {
        Ok(number)
    } else {
        Err(ConvertError::Senseless(place))
    }
}

/// A count that can't be negative.
pub(super) fn count(number: i32, place: Place) -> Result<u32, ConvertError> {
    number
        .try_into()
        .map_err(|_| ConvertError::Senseless(place))
}

/// A day, perhaps with a time behind it: `2026-11-24` or `2026-11-24T00:00:00Z`.
pub(super) fn date(text: Option<&str>, place: Place) -> Result<Option<NaiveDate>, ConvertError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let day = text.split_once('T').map_or(text, |(day, _)| day);
    day.parse()
        .map(Some)
        .map_err(|_| ConvertError::Senseless(place))
}

/// A time.
pub(super) fn time(
    time: Option<aws_smithy_types::DateTime>,
    place: Place,
) -> Result<Option<DateTime<Utc>>, ConvertError> {
    time.map(|time| {
        DateTime::from_timestamp(time.secs(), time.subsec_nanos())
            .ok_or(ConvertError::Senseless(place))
    })
    .transpose()
}

/// A resource's tags. A tag may have an empty value.
pub(super) fn tags(told: Option<Vec<Tag>>) -> Result<Tags, ConvertError> {
    let told = told.unwrap_or_default().into_iter();
    told.map(|tag| {
        let key = required(tag.key, "tagSet.key")?;
        Ok((key, tag.value.unwrap_or_default()))
    })
    .collect()
}

/// The AWS service that runs a resource on the account's behalf.
pub(super) fn managed_by(told: Option<OperatorResponse>) -> Option<String> {
    told.filter(|operator| operator.managed == Some(true))
        .map(|operator| text(operator.principal).unwrap_or_else(|| "AWS".to_owned()))
}

/// The days of an entry: one day, or a calendar month or a part of one, of those asked for.
pub(super) fn piece(
    interval: Option<&DateInterval>,
    granularity: Granularity,
    asked: Period,
) -> Result<Period, ConvertError> {
    let period = interval
        .and_then(|interval| {
            Period::new(interval.start.parse().ok()?, interval.end.parse().ok()?).ok()
        })
        .ok_or(ConvertError::NotADay)?;
    let (fits, was_asked) = match granularity {
        Granularity::Daily => (period.len() == 1, asked.contains(period.start())),
        Granularity::Monthly => (
            period.end() <= Period::month_of(period.start()).end(),
            period.start() < asked.end() && asked.start() < period.end(),
        ),
    };
    match (fits, was_asked) {
        (false, _) => Err(ConvertError::NotADay),
        (true, false) => Err(ConvertError::OtherDay(period.start())),
        (true, true) => Ok(period),
    }
}

/// What a slice of costs is known by: its day, or the first day of its month.
pub(super) fn slice_day(piece: Period, granularity: Granularity) -> NaiveDate {
    let start = piece.start();
    match granularity {
        Granularity::Daily => start,
        Granularity::Monthly => start.with_day(1).unwrap_or(start),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_become_the_decimals_that_aws_wrote() {
        let nanos = |number| float_money(number, "x").map(|nanos| nanos.0);
        assert_eq!(nanos(120.75), Ok(120_750_000_000));
        assert_eq!(nanos(0.1), Ok(100_000_000));
        assert_eq!(nanos(0.1 + 0.2), Ok(300_000_000));
        assert_eq!(nanos(-2e-7), Ok(-200));
        assert_eq!(nanos(1e-300), Ok(0));
        assert_eq!(nanos(4503599627.370497), Ok(4_503_599_627_370_497_000));
        for senseless in [f64::NAN, f64::INFINITY, 1e30] {
            assert_eq!(nanos(senseless), Err(ConvertError::Senseless("x")));
        }
    }

    #[test]
    fn empty_is_absent_and_never_zero() {
        assert_eq!(money(None, "x"), Ok(None));
        assert_eq!(money(Some(""), "x"), Ok(None));
        assert_eq!(number(Some(""), "x"), Ok(None));
        assert_eq!(date(Some(""), "x"), Ok(None));
        assert_eq!(text(Some(String::new())), None);
        assert_eq!(money(Some("0"), "x"), Ok(Some(Nanos::ZERO)));
        for senseless in ["N/A", "NaN", "inf", "1,5"] {
            let error = ConvertError::Senseless("x");
            assert_eq!(money(Some(senseless), "x"), Err(error.clone()));
            assert_eq!(number(Some(senseless), "x"), Err(error));
        }
    }

    #[test]
    fn days_may_have_a_time_behind_them() {
        let expected = Ok(Some(day("2026-11-24")));
        assert_eq!(date(Some("2026-11-24"), "x"), expected);
        assert_eq!(date(Some("2026-11-24T00:00:00Z"), "x"), expected);
        assert_eq!(
            date(Some("24 November"), "x"),
            Err(ConvertError::Senseless("x"))
        );
    }

    #[test]
    fn pieces_are_what_was_asked_for() {
        let asked = Period::new(day("2026-10-10"), day("2026-11-24")).unwrap();
        let read = |start: &str, end: &str, granularity| {
            let interval = DateInterval::builder()
                .start(start)
                .end(end)
                .build()
                .unwrap();
            piece(Some(&interval), granularity, asked).map(|period| period.len())
        };
        use Granularity::{Daily, Monthly};
        assert_eq!(read("2026-10-10", "2026-10-11", Daily), Ok(1));
        assert_eq!(read("2026-10-10", "2026-11-01", Monthly), Ok(22));
        assert_eq!(read("2026-10-01", "2026-11-01", Monthly), Ok(31));
        assert_eq!(read("2026-11-01", "2026-11-24", Monthly), Ok(23));
        assert_eq!(
            read("2026-10-09", "2026-10-10", Daily),
            Err(ConvertError::OtherDay(day("2026-10-09")))
        );
        assert_eq!(
            read("2026-12-01", "2027-01-01", Monthly),
            Err(ConvertError::OtherDay(day("2026-12-01")))
        );
        for (start, end, granularity) in [
            ("2026-10-10", "2026-10-12", Daily),
            ("2026-10-10", "2026-11-02", Monthly),
            ("2026-10-10", "2026-10-10", Daily),
            ("", "2026-10-10", Daily),
        ] {
            assert_eq!(read(start, end, granularity), Err(ConvertError::NotADay));
        }
    }
}
