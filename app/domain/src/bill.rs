//! A month's bill: how it comes together, and what it was said to be.

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{
    account::ConnectionId,
    charge::View,
    error::Error,
    history::{Disagreement, MonthSaid, Restatement},
    metric::Metric,
    money::{Currency, Money, Nanos},
    period::Period,
    reconciliation::Reconciliation,
};

/// Everything on the Bill page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bill {
    /// Whose.
    pub connection: ConnectionId,
    /// The day it was made for.
    pub today: NaiveDate,
    /// The whole calendar month.
    pub month: Period,
    /// The months of which anything is stored, the newest first.
    pub months: Vec<Period>,
    /// How it counts.
    pub metric: Metric,
    /// How much of it is known.
    pub known: Known,
    /// What AWS said of the whole month, where it is all that is known: of a month older than
    /// the days that AWS gives.
    pub totals_alone: Vec<Money>,
    /// The way from usage to the total, for each currency.
    pub ways: Vec<Reconciliation>,
    /// What the views make of it, for each currency in the order of the ways.
    pub views: Vec<ViewTotals>,
    /// Days of which AWS gave different totals to questions asked minutes apart.
    pub disagreements: Vec<Disagreement>,
    /// What the month was said to be, oldest first.
    pub said: Vec<Said>,
    /// What AWS changed in days that were complete, the newest first.
    pub restatements: Vec<Restatement>,
}

/// How much of a month is known.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// Its days that have begun.
    pub days: u32,
    /// Of these, the ones that aren't stored.
    pub missing: u32,
    /// Of these, the ones that AWS still adds to.
    pub unfinished: u32,
    /// Whether AWS calls any of it an estimate.
    pub estimated: bool,
}

/// What each view makes of a month in one currency.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct ViewTotals {
    /// Of every amount in it.
    pub currency: Currency,
    /// In the order of [`View::ALL`].
    pub totals: Vec<(View, Nanos)>,
}

/// What a month was said to be at the end of a day.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// Until the end of this UTC day.
    pub day: NaiveDate,
    /// Of the total.
    pub currency: Currency,
    /// The sum of the month's days that were known then.
    pub total: Nanos,
    /// The difference to the line before in the same currency; `None` for the first.
    pub change: Option<Nanos>,
}

/// The first day of a month as URLs name it: `2026-10`.
///
/// # Errors
/// [`crate::Code::Invalid`] when there is no such month.
pub fn first_of(month: &str) -> Result<NaiveDate, Error> {
    format!("{month}-01").parse().map_err(|_| {
        Error::invalid(
            "month",
            "There is no such month.",
            "Write a month as year and number, such as 2026-10, or choose one from the list.",
        )
    })
}

/// The days on which people look back at a month: its quarters while it runs, the days on
/// which AWS closes it, and today.
fn milestones(month: Period, today: NaiveDate) -> Vec<NaiveDate> {
    let within = [5, 10, 15, 20, 25]
        .into_iter()
        .filter_map(|day| month.start().with_day(day));
    let after = [0, 4, 9]
        .into_iter()
        .filter_map(|days| month.end().checked_add_days(Days::new(days)));
    let mut days: Vec<NaiveDate> = within.chain(after).filter(|day| *day < today).collect();
    days.push(today);
    days
}

/// What a month was said to be on the days on which people look back at it.
#[must_use]
pub fn said(month: Period, today: NaiveDate, history: &[MonthSaid]) -> Vec<Said> {
    let mut currencies: Vec<Currency> = history.iter().map(|one| one.currency).collect();
    currencies.sort_unstable();
    currencies.dedup();
    let mut lines = Vec::new();
    for currency in currencies {
        let mut before = None;
        for day in milestones(month, today) {
            let known = history
                .iter()
                // Today's line is what is known now, also where the day is a played one and
                // the times are not.
                .filter(|one| one.currency == currency)
                .filter(|one| day == today || one.at.date_naive() <= day)
                .max_by_key(|one| one.at);
            let Some(total) = known.map(|one| one.total) else {
                continue;
            };
            lines.push(Said {
                day,
                currency,
                total,
                change: before.and_then(|before: Nanos| total.checked_sub(before).ok()),
            });
            before = Some(total);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn told(at: &str, total: i64) -> MonthSaid {
        MonthSaid {
            at: at.parse().unwrap(),
            currency: Currency::USD,
            total: Nanos(total),
        }
    }

    #[test]
    fn a_month_is_looked_back_at_when_it_ends_and_closes() {
        let february = Period::month_of(day("2028-02-10"));
        let days = milestones(february, day("2028-04-02"));
        let texts: Vec<_> = days.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "2028-02-05",
                "2028-02-10",
                "2028-02-15",
                "2028-02-20",
                "2028-02-25",
                "2028-03-01",
                "2028-03-05",
                "2028-03-10",
                "2028-04-02",
            ]
        );
        assert_eq!(milestones(february, day("2028-02-05")), [day("2028-02-05")]);
    }

    #[test]
    fn a_day_says_what_was_known_when_it_ended() {
        let october = Period::month_of(day("2026-10-01"));
        let history = [
            told("2026-10-31T23:59:59Z", 90),
            told("2026-11-01T03:00:00Z", 100),
            told("2026-11-05T23:59:59Z", 104),
            told("2026-11-06T00:00:00Z", 103),
        ];
        let lines: Vec<_> = said(october, day("2026-11-24"), &history)
            .into_iter()
            .map(|one| {
                (
                    one.day.to_string(),
                    one.total.0,
                    one.change.map(|one| one.0),
                )
            })
            .collect();
        assert_eq!(
            lines,
            [
                ("2026-11-01".to_owned(), 100, None),
                ("2026-11-05".to_owned(), 104, Some(4)),
                ("2026-11-10".to_owned(), 103, Some(-1)),
                ("2026-11-24".to_owned(), 103, Some(0)),
            ]
        );
    }

    #[test]
    fn today_s_line_is_what_is_known_now_whatever_the_clock_says() {
        let history = [told("2027-03-01T00:00:00Z", 100)];
        let october = Period::month_of(day("2026-10-01"));
        let lines = said(october, day("2026-10-10"), &history);
        assert_eq!((lines.len(), lines[0].total), (1, Nanos(100)));
    }

    #[test]
    fn months_are_named_by_year_and_number() {
        assert_eq!(first_of("2026-10").unwrap(), day("2026-10-01"));
        for text in ["", "2026", "2026-13", "2026-10-01", "x", "2026-10-01-"] {
            assert_eq!(
                first_of(text).unwrap_err().field.as_deref(),
                Some("month"),
                "{text}"
            );
        }
    }

    #[test]
    fn nothing_was_said_before_the_first_answer() {
        let october = Period::month_of(day("2026-10-01"));
        assert!(said(october, day("2026-11-24"), &[]).is_empty());
    }
}
