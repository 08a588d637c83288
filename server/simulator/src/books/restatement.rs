//! Restatements on order: usage of past days that AWS corrects long after the fact.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::line::Line;
use super::stem::Kind;

/// An order to change what was used on some days. All usage of the days that is neither
/// reserved nor under a plan changes alike, and with it every metric and every grouping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restatement {
    /// First day.
    pub start: NaiveDate,
    /// Day after the last.
    pub end: NaiveDate,
    /// 3 for three hundredths more, -100 for nothing left.
    pub percent: i32,
    /// Only this service (`AWS Lambda`); every one without it.
    #[serde(default)]
    pub service: Option<String>,
    /// Holds from this played day on; at once without it.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// Only in the books of this payer account; in all without it.
    #[serde(default)]
    pub account: Option<String>,
}

impl Restatement {
    /// Whether it changes a day as it is seen on another.
    pub(crate) fn changes(&self, date: NaiveDate, today: NaiveDate) -> bool {
        (self.start..self.end).contains(&date) && self.from.is_none_or(|from| from <= today)
    }

    /// Whether it changes a line.
    pub(crate) fn takes(&self, line: &Line) -> bool {
        line.plan.kind == Kind::Usage
            && self
                .service
                .as_deref()
                .is_none_or(|service| service == line.service)
    }
}
