//! What a month is expected to cost, and how good such expectations were.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    account::ConnectionId,
    forecast::Expected,
    look::Look,
    money::{Currency, Nanos},
    outlook::{MonthEnd, Scored, Source},
    period::{Period, Piece},
};

/// Where this month will end, and whose forecast says so.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Ahead {
    /// Of every amount in it.
    pub currency: Currency,
    /// What is known, what is expected, and the range.
    pub month_end: MonthEnd,
    /// The days from today on, as expected.
    pub days: Vec<Piece<Expected<Nanos>>>,
    /// When AWS was asked; `None` for our own forecast, which is made anew for each look.
    pub asked_at: Option<DateTime<Utc>>,
    /// Why it isn't AWS's, where it isn't.
    pub why_own: Option<WhyOwn>,
}

/// Everything on the Forecast page.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// Whose.
    pub connection: ConnectionId,
    /// The day it was made for.
    pub today: NaiveDate,
    /// What it counts.
    pub look: Look,
    /// Where this month will end; `None` while too little is known.
    pub ahead: Option<Ahead>,
    /// Of the scores.
    pub currency: Currency,
    /// How past forecasts did, the newest month first.
    pub scores: Vec<MonthScores>,
    /// The same in one line for each source.
    pub summary: Vec<Summary>,
}

/// Why a forecast is ours and not AWS's.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyOwn {
    /// AWS is asked for one metric a day: each costs a request.
    OtherMetric,
    /// AWS is asked for all charges together, and some don't count here.
    OtherCharges,
    /// AWS forecasts accounts one by one, and several are added up here.
    Together,
    /// AWS hasn't been asked today, or had too little history to say anything.
    NoneFromAws,
}

/// Forecasts of a month that is over, and what came.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct MonthScores {
    /// The whole calendar month.
    pub month: Period,
    /// What it came to.
    pub actual: Nanos,
    /// Some of its forecasts, in the order in which they were made.
    pub scored: Vec<Scored>,
}

/// How a source did over all months that are over.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Whose forecasts.
    pub source: Source,
    /// How many.
    pub forecasts: u32,
    /// How many of those that had a range held what came.
    pub inside: u32,
    /// How many had a range.
    pub ranged: u32,
    /// Half of them were off by no more than this, in thousandths; `None` where nothing came.
    pub median_error_per_mille: Option<i64>,
}

impl Summary {
    /// Of all forecasts of one source; `None` when there is none.
    #[must_use]
    pub fn of<'a>(source: Source, all: impl IntoIterator<Item = &'a Scored>) -> Option<Self> {
        let scored: Vec<&Scored> = all
            .into_iter()
            .filter(|one| one.forecast.source == source)
            .collect();
        if scored.is_empty() {
            return None;
        }
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let mut errors: Vec<i64> = scored
            .iter()
            .filter_map(|one| one.error_per_mille.map(i64::abs))
            .collect();
        errors.sort_unstable();
        Some(Self {
            source,
            forecasts: count(scored.len()),
            inside: count(scored.iter().filter(|one| one.inside == Some(true)).count()),
            ranged: count(scored.iter().filter(|one| one.inside.is_some()).count()),
            // The lower middle: what half of them kept within.
            median_error_per_mille: errors.get(errors.len().saturating_sub(1) / 2).copied(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(source: Source, mean: i64, width: i64) -> Scored {
        let month = Period::month_of("2026-10-01".parse().unwrap());
        let forecast = MonthEnd {
            month,
            known: Nanos(0),
            expected: Expected {
                mean: Nanos(mean),
                lower: Some(Nanos(mean - width)),
                upper: Some(Nanos(mean + width)),
            },
            source,
            level: 80,
        };
        Scored::of(month.start(), forecast, Nanos(1_000))
    }

    #[test]
    fn a_source_is_summed_up_by_itself() {
        let all = [
            scored(Source::Aws, 1_010, 20),
            scored(Source::Aws, 1_100, 20),
            scored(Source::Aws, 950, 60),
            scored(Source::Own, 2_000, 1),
        ];
        let aws = Summary::of(Source::Aws, &all).unwrap();
        assert_eq!((aws.forecasts, aws.inside, aws.ranged), (3, 2, 3));
        assert_eq!(aws.median_error_per_mille, Some(50));
        let own = Summary::of(Source::Own, &all).unwrap();
        assert_eq!(own.median_error_per_mille, Some(1_000));
        assert_eq!(Summary::of(Source::Own, &all[..3]), None);
    }
}
