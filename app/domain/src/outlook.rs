//! Where a month will end: what is known and what is expected of the days from today on.
//! The same rule on the first, in the middle and on the last day of a month.
//!
//! AWS's forecast is taken where it has one. Where AWS has too little history, days are
//! expected by weekday and trend, from the days that are complete; such a forecast says
//! that it is ours.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{
    forecast::Expected,
    money::{MoneyError, Nanos},
    period::{Period, Piece},
};

/// How many days before a forecast are looked at: eight weeks.
const WINDOW: usize = 56;
/// Fewer complete days than two weeks tell no weekday from a chance.
const FEWEST: usize = 14;
/// How sure our own ranges are, in percent.
pub const LEVEL: u8 = 80;

/// Whose forecast it is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// AWS's.
    Aws,
    /// Ours, by weekday and trend.
    Own,
}

impl Source {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Aws, Self::Own];

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Own => "own",
        }
    }
}

/// What the days of a forecast come to, and whose it is.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Outlook {
    /// Whose.
    pub source: Source,
    /// How sure the ranges are, in percent.
    pub level: u8,
    /// One for each day, in order.
    pub days: Vec<Piece<Expected<Nanos>>>,
    /// Of all the days together. A sum is surer than its parts: the range is narrower than
    /// the days' ranges added up, where that is known.
    pub total: Expected<Nanos>,
}

/// Where a month will end.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct MonthEnd {
    /// The whole calendar month.
    pub month: Period,
    /// What the days before today have cost.
    pub known: Nanos,
    /// What the whole month will have cost.
    pub expected: Expected<Nanos>,
    /// Whose forecast is in it.
    pub source: Source,
    /// How sure the range is, in percent.
    pub level: u8,
}

impl MonthEnd {
    /// What is known of today's month before today, and the outlook from today to its end.
    /// `None` when the outlook doesn't cover exactly those days.
    ///
    /// # Errors
    /// When a sum doesn't fit.
    pub fn of(
        today: NaiveDate,
        known: Nanos,
        outlook: &Outlook,
    ) -> Result<Option<Self>, MoneyError> {
        let month = Period::month_of(today);
        let wanted = month.days().filter(|day| *day >= today);
        if !wanted.eq(outlook.days.iter().map(|day| day.period.start())) {
            return Ok(None);
        }
        let plus = |amount: Option<Nanos>| amount.map(|some| known.checked_add(some)).transpose();
        Ok(Some(Self {
            month,
            known,
            expected: Expected {
                mean: known.checked_add(outlook.total.mean)?,
                lower: plus(outlook.total.lower)?,
                upper: plus(outlook.total.upper)?,
            },
            source: outlook.source,
            level: outlook.level,
        }))
    }
}

impl Outlook {
    /// AWS's forecast of days. AWS says nothing of the sum's range: the days' ranges are
    /// added up, which is on the safe side.
    ///
    /// # Errors
    /// When a sum doesn't fit.
    pub fn of_aws(days: Vec<Piece<Expected<Nanos>>>, level: u8) -> Result<Self, MoneyError> {
        let bound = |pick: fn(&Expected<Nanos>) -> Option<Nanos>| {
            let bounds: Option<Vec<Nanos>> = days.iter().map(|day| pick(&day.value)).collect();
            bounds.map(Nanos::sum).transpose()
        };
        let total = Expected {
            mean: Nanos::sum(days.iter().map(|day| day.value.mean))?,
            lower: bound(|day| day.lower)?,
            upper: bound(|day| day.upper)?,
        };
        Ok(Self {
            source: Source::Aws,
            level,
            days,
            total,
        })
    }

    /// Our own forecast of a period's days, from the complete days before it. `None` when
    /// there are fewer than two weeks of them.
    ///
    /// # Errors
    /// When a sum doesn't fit.
    pub fn own(
        complete: &BTreeMap<NaiveDate, Nanos>,
        period: Period,
    ) -> Result<Option<Self>, MoneyError> {
        let Some(pattern) = Pattern::of(complete, period.start()) else {
            return Ok(None);
        };
        let width = pattern.width(1);
        let days = period
            .days()
            .map(|day| {
                Ok(Piece {
                    period: Period::day(day),
                    value: around(pattern.expects(day), width)?,
                })
            })
            .collect::<Result<Vec<_>, MoneyError>>()?;
        let sum = Nanos::sum(days.iter().map(|day| day.value.mean))?;
        Ok(Some(Self {
            source: Source::Own,
            level: LEVEL,
            total: around(i128::from(sum.0), pattern.width(period.len()))?,
            days,
        }))
    }
}

fn around(mean: i128, width: i128) -> Result<Expected<Nanos>, MoneyError> {
    let nanos = |amount: i128| {
        i64::try_from(amount)
            .map(Nanos)
            .map_err(|_| MoneyError::TooLarge)
    };
    Ok(Expected {
        mean: nanos(mean)?,
        lower: Some(nanos(mean - width)?),
        upper: Some(nanos(mean + width)?),
    })
}

/// What days cost by weekday and over time. Medians throughout: a single spike changes
/// nothing. The first of a month, on which yearly and monthly fees fall, is apart.
struct Pattern {
    /// Around which the line turns.
    middle: NaiveDate,
    /// On that day.
    level: i128,
    /// Rise over [`Self::run`] days.
    rise: i128,
    run: i128,
    /// Added to the line, by weekday, from Monday on.
    weekdays: [i128; 7],
    /// Added on the first of a month.
    first: i128,
    /// What the pattern missed, day by day, without the firsts.
    residuals: Vec<i128>,
}

impl Pattern {
    fn of(complete: &BTreeMap<NaiveDate, Nanos>, before: NaiveDate) -> Option<Self> {
        let mut days: Vec<(NaiveDate, i128)> = complete
            .range(..before)
            .rev()
            .take(WINDOW)
            .map(|(day, amount)| (*day, i128::from(amount.0)))
            .collect();
        days.reverse();
        let plain: Vec<(NaiveDate, i128)> = days
            .iter()
            .copied()
            .filter(|(day, _)| day.day() != 1)
            .collect();
        if plain.len() < FEWEST {
            return None;
        }
        // Whole weeks on both sides, so that no half has more weekends than the other.
        let half = plain.len() / 2 / 7 * 7;
        let (older, newer) = (
            &plain[plain.len() - 2 * half..][..half],
            &plain[plain.len() - half..],
        );
        let amounts = |some: &[(NaiveDate, i128)]| median(some.iter().map(|(_, amount)| *amount));
        let (was, is) = (amounts(older), amounts(newer));
        let (from, to) = (older[half / 2].0, newer[half / 2].0);
        let mut pattern = Self {
            middle: to,
            level: is,
            rise: is - was,
            run: i128::from((to - from).num_days()).max(1),
            weekdays: [0; 7],
            first: 0,
            residuals: Vec::new(),
        };
        let mut by_weekday: [Vec<i128>; 7] = Default::default();
        for (day, amount) in &plain {
            by_weekday[weekday(*day)].push(amount - pattern.line(*day));
        }
        pattern.weekdays = by_weekday.map(|differences| median(differences.into_iter()));
        let missed = |pattern: &Self, (day, amount): &(NaiveDate, i128)| {
            amount - pattern.line(*day) - pattern.weekdays[weekday(*day)]
        };
        pattern.residuals = plain.iter().map(|one| missed(&pattern, one)).collect();
        let firsts = days.iter().filter(|(day, _)| day.day() == 1);
        pattern.first = median(firsts.map(|one| missed(&pattern, one)));
        Some(pattern)
    }

    fn line(&self, day: NaiveDate) -> i128 {
        let away = i128::from((day - self.middle).num_days());
        self.level + self.rise * away / self.run
    }

    fn expects(&self, day: NaiveDate) -> i128 {
        let first = if day.day() == 1 { self.first } else { 0 };
        self.line(day) + self.weekdays[weekday(day)] + first
    }

    /// How far sums over so many days were off, all but the worst fifth of them.
    fn width(&self, days: usize) -> i128 {
        let longest = self.residuals.len() / 2;
        let window = days.min(longest).max(1);
        let mut missed: Vec<i128> = self
            .residuals
            .windows(window)
            .map(|some| some.iter().sum::<i128>().abs())
            .collect();
        missed.sort_unstable();
        let place = (missed.len() * usize::from(LEVEL)).div_ceil(100).max(1) - 1;
        let width = missed.get(place).copied().unwrap_or_default();
        // Longer than what was measured: as if every stretch were off the same way.
        let (days, window) = (days.max(1) as i128, window as i128);
        width * days / window
    }
}

fn weekday(day: NaiveDate) -> usize {
    usize::try_from(day.weekday().num_days_from_monday()).unwrap_or_default()
}

/// Zero for nothing; the lower middle's and the upper middle's mean for an even number.
fn median(amounts: impl Iterator<Item = i128>) -> i128 {
    let mut amounts: Vec<i128> = amounts.collect();
    amounts.sort_unstable();
    let middle = amounts.len() / 2;
    match (amounts.get(middle), amounts.len() % 2) {
        (None, _) => 0,
        (Some(upper), 0) => (upper + amounts[middle - 1]) / 2,
        (Some(only), _) => *only,
    }
}

/// A forecast of a month's end, and what came.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Scored {
    /// The day it was made for: what was today.
    pub made_on: NaiveDate,
    /// What was forecast.
    pub forecast: MonthEnd,
    /// What the month came to.
    pub actual: Nanos,
    /// Forecast less actual, in thousandths of the actual; `None` when that is zero.
    pub error_per_mille: Option<i64>,
    /// Whether the actual lay in the range; `None` where there was no range.
    pub inside: Option<bool>,
}

impl Scored {
    /// Compares a forecast with what came.
    #[must_use]
    pub fn of(made_on: NaiveDate, forecast: MonthEnd, actual: Nanos) -> Self {
        let (mean, came) = (i128::from(forecast.expected.mean.0), i128::from(actual.0));
        let error_per_mille = (came != 0)
            .then(|| i64::try_from((mean - came) * 1_000 / came.abs()).ok())
            .flatten();
        let range = forecast.expected.lower.zip(forecast.expected.upper);
        Self {
            made_on,
            forecast,
            actual,
            error_per_mille,
            inside: range.map(|(lower, upper)| lower <= actual && actual <= upper),
        }
    }
}

#[cfg(test)]
#[path = "outlook_tests.rs"]
mod tests;
