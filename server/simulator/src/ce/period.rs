//! The time period of a request: AWS's rules for it, and its days or months.

use std::ops::Range;

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime};

use super::wire;
use crate::error::AwsError;

/// How finely a period is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Granularity {
    Daily,
    Monthly,
}

/// Cost Explorer shows this many months unless an account opts in to more.
const MONTHS_KEPT: Months = Months::new(14);
/// So many whole months, this one included, where it has.
const MULTI_YEAR: Months = Months::new(38);
const HOURLY_DAYS: u64 = 14;
/// Of Savings Plans, so many.
const PLAN_MONTHS: Months = Months::new(13);
const ORDER: &str = "Start date (and hour) should be before end date (and hour)";

/// Checks a DAILY or MONTHLY period as of `today`.
pub(super) fn days(period: &wire::Period, today: NaiveDate) -> Result<Range<NaiveDate>, AwsError> {
    let range = in_order(period, today)?;
    if is_beyond(range.start, today, MONTHS_KEPT) {
        return Err(AwsError::validation(
            "You haven't enabled historical data beyond 14 months.",
        ));
    }
    Ok(range)
}

/// Checks a MONTHLY period of an account with multi-year history.
pub(super) fn many_months(
    period: &wire::Period,
    today: NaiveDate,
) -> Result<Range<NaiveDate>, AwsError> {
    let range = in_order(period, today)?;
    if is_beyond(range.start, today, MONTHS_KEPT) && range.start.day() != 1 {
        return Err(AwsError::validation(
            "To retrieve data beyond the past 14 months, your start date needs to be the first \
             day of the month.",
        ));
    }
    if is_beyond(range.start, today, MULTI_YEAR) {
        // AWS's text for this is not publicly known.
        return Err(AwsError::validation(
            "start date is too old for monthly granularity, max months for data available is 38 \
             months",
        ));
    }
    Ok(range)
}

fn is_beyond(start: NaiveDate, today: NaiveDate, kept: Months) -> bool {
    today
        .checked_sub_months(kept)
        .is_some_and(|oldest| start < oldest)
}

fn in_order(period: &wire::Period, today: NaiveDate) -> Result<Range<NaiveDate>, AwsError> {
    let start = day("Start", period.start.as_deref())?;
    let end = day("End", period.end.as_deref())?;
    if start >= end {
        return Err(AwsError::validation(ORDER));
    }
    if next_month(today).is_some_and(|limit| end > limit) {
        return Err(AwsError::validation(
            "end date past the beginning of next month",
        ));
    }
    Ok(start..end)
}

/// Checks the period of a Savings Plan's answer: of the last thirteen months, and over.
pub(super) fn past_days(
    period: &wire::Period,
    today: NaiveDate,
) -> Result<Range<NaiveDate>, AwsError> {
    let start = day("Start", period.start.as_deref())?;
    let end = day("End", period.end.as_deref())?;
    if start >= end {
        return Err(AwsError::validation(ORDER));
    }
    if end > today {
        return Err(AwsError::validation(format!(
            "end date should NOT be after [{today}]"
        )));
    }
    if today
        .checked_sub_months(PLAN_MONTHS)
        .is_some_and(|oldest| start < oldest)
    {
        // The text is our own; AWS's is not publicly known.
        return Err(AwsError::validation(
            "start date should be within the past 13 months",
        ));
    }
    Ok(start..end)
}

/// Checks the period of a forecast: from yesterday on, and not too far.
pub(super) fn coming_days(
    period: &wire::Period,
    granularity: Granularity,
    today: NaiveDate,
) -> Result<Range<NaiveDate>, AwsError> {
    let start = day("Start", period.start.as_deref())?;
    let end = day("End", period.end.as_deref())?;
    if start >= end {
        return Err(AwsError::validation(ORDER));
    }
    let ahead = match granularity {
        Granularity::Daily => Months::new(3),
        Granularity::Monthly => Months::new(18),
    };
    let earliest = today.pred_opt().unwrap_or(today);
    let latest = today.checked_add_months(ahead).unwrap_or(today);
    if start < earliest {
        return Err(AwsError::validation(format!(
            "Earliest supported Start is {earliest}"
        )));
    }
    if end > latest {
        return Err(AwsError::validation(format!(
            "Latest supported End is {latest}"
        )));
    }
    Ok(start..end)
}

/// Answers HOURLY, which the simulated accounts never opted in to: always an error, the one AWS
/// would find first. The last text is our own; AWS's is not publicly known.
pub(super) fn hourly(period: &wire::Period, today: NaiveDate) -> AwsError {
    let time = |text: Option<&str>| {
        NaiveDateTime::parse_from_str(text.unwrap_or_default(), "%Y-%m-%dT%H:%M:%SZ").ok()
    };
    let (Some(start), Some(end)) = (time(period.start.as_deref()), time(period.end.as_deref()))
    else {
        return AwsError::validation(
            "Time period is invalid. Valid format is yyyy-MM-ddThh:mm:ssZ.",
        );
    };
    AwsError::validation(if start >= end {
        ORDER
    } else if next_month(today).is_some_and(|limit| end.date() > limit) {
        "end date past the beginning of next month"
    } else if today
        .checked_sub_days(Days::new(HOURLY_DAYS))
        .is_some_and(|oldest| start.date() < oldest)
    {
        "start date is too old for hourly, the max supported days for hourly granularity is 14 days"
    } else {
        "Hourly granularity is not enabled for this account."
    })
}

pub(super) fn day(name: &str, text: Option<&str>) -> Result<NaiveDate, AwsError> {
    let Some(text) = text else {
        return Err(super::reading::constraint(
            "null",
            &format!("timePeriod.{}", name.to_lowercase()),
            "Member must not be null",
        ));
    };
    // chrono also takes `2026-1-2`; AWS does not.
    text.parse()
        .ok()
        .filter(|day: &NaiveDate| day.to_string() == text)
        .ok_or_else(|| {
            AwsError::validation(format!(
                "{name} time {text} is invalid. Valid format is: yyyy-MM-dd."
            ))
        })
}

fn next_month(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)?.checked_add_months(Months::new(1))
}

/// The days or months of a period; the first and last month are cut to it, as AWS does.
pub(super) fn slices(period: &Range<NaiveDate>, granularity: Granularity) -> Vec<Range<NaiveDate>> {
    let mut slices = Vec::new();
    let mut start = period.start;
    while start < period.end {
        let next = match granularity {
            Granularity::Daily => start.succ_opt(),
            Granularity::Monthly => next_month(start),
        };
        let end = next.unwrap_or(period.end).min(period.end);
        slices.push(start..end);
        start = end;
    }
    slices
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn months_are_cut_to_the_period() {
        let period = date("2026-10-15")..date("2026-12-03");
        assert_eq!(
            slices(&period, Granularity::Monthly),
            [
                date("2026-10-15")..date("2026-11-01"),
                date("2026-11-01")..date("2026-12-01"),
                date("2026-12-01")..date("2026-12-03"),
            ]
        );
        assert_eq!(slices(&period, Granularity::Daily).len(), 49);
    }
}
