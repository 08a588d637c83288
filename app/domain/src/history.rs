//! How costs changed after they were first known, and where AWS disagrees with itself.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    cube::Cube,
    metric::Metric,
    money::{Currency, Nanos},
    period::Period,
};

/// What a month was said to cost from a moment on.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct MonthSaid {
    /// When AWS was asked.
    pub at: DateTime<Utc>,
    /// Of the total.
    pub currency: Currency,
    /// The sum of the month's days that were known then.
    pub total: Nanos,
}

/// What AWS said once.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stated {
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// In the order of [`Metric::COSTS`]; zero where it didn't name the keys.
    pub costs: [Nanos; 5],
    /// In the unit of the keys' usage.
    pub usage_quantity: f64,
    /// Normalized units.
    pub normalized_usage: f64,
}

impl Stated {
    /// The amount in a metric; `None` for the two that aren't money.
    #[must_use]
    pub fn cost(&self, metric: Metric) -> Option<Nanos> {
        let place = Metric::COSTS.iter().position(|cost| *cost == metric)?;
        self.costs.get(place).copied()
    }
}

/// A change of a day that was complete.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Restatement {
    /// The UTC day.
    pub day: NaiveDate,
    /// The values of the cube's keys, in their order; empty where it has fewer.
    pub keys: [String; 2],
    /// Of the costs.
    pub currency: Currency,
    /// What was known.
    pub before: Stated,
    /// What AWS says instead.
    pub after: Stated,
}

/// A day of which two cubes have different totals: they were asked for minutes apart.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Disagreement {
    /// The UTC day.
    pub day: NaiveDate,
    /// Of the totals.
    pub currency: Currency,
    /// What each kept cube that has the day says, the main one first.
    pub totals: Vec<(Cube, Nanos)>,
}

/// AWS gives more decimals than the nine that are kept. Each row is rounded once, by half a
/// nano-unit at most: over twenty thousand rows of a day, that is no more than this.
pub(crate) const ROUNDING: u64 = 10_000;

impl Disagreement {
    /// Whether the totals differ by no more than rounding explains.
    #[must_use]
    pub fn is_rounding(&self) -> bool {
        let totals = || self.totals.iter().map(|(_, total)| total.0);
        let (low, high) = (totals().min(), totals().max());
        low.zip(high)
            .is_none_or(|(low, high)| high.abs_diff(low) <= ROUNDING)
    }
}

/// What is known of a month's total.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct MonthTotal {
    /// The whole calendar month.
    pub month: Period,
    /// Of the total.
    pub currency: Currency,
    /// The sum of what is known.
    pub total: Nanos,
    /// Where it comes from.
    pub source: MonthSource,
}

/// Where a month's total comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MonthSource {
    /// The days that are stored, so many of the month's.
    Days(u32),
    /// What AWS said of the whole month.
    Month,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_no_disagreement() {
        let of = |totals: &[i64]| Disagreement {
            day: "2026-11-03".parse().unwrap(),
            currency: Currency::USD,
            totals: Cube::ALL
                .into_iter()
                .zip(totals.iter().copied().map(Nanos))
                .collect(),
        };
        assert!(of(&[]).is_rounding() && of(&[5]).is_rounding());
        assert!(of(&[-4_000, 6_000]).is_rounding());
        assert!(!of(&[-4_000, 0, 6_001]).is_rounding());
        assert!(!of(&[i64::MIN, i64::MAX]).is_rounding());
    }
}
