//! Tells what costs more than usual from what always goes up and down: weekdays, fees at the
//! month's start, steady growth. One series of days at a time, each day judged only by the
//! days before it, so that what is said of a day stays said. Only cost that is too high is
//! looked for. Nothing here knows today: the last day of a series is the newest.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{money::Nanos, period::Period};

mod drift;
mod events;
mod rhythm;
mod robust;
mod walk;

use walk::Walk;

/// How little is enough to be told about.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// Only what is large and certain.
    Low,
    /// The usual one.
    #[default]
    Normal,
    /// Small things too, some of which will be nothing.
    High,
}

/// What a sensitivity comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Limits {
    /// Beyond so many times the usual noise.
    times: f64,
    /// By so large a part of what was expected.
    part: f64,
    /// Growth within four weeks that is no steady growth any more.
    growth: f64,
    /// Smaller sums aren't worth anybody's time, in the currency's unit.
    least: f64,
}

impl Sensitivity {
    /// All, the calmest first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Normal, Self::High];

    /// The name in the database and in forms.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }

    const fn limits(self) -> Limits {
        let (times, part, growth, least) = match self {
            Self::Low => (7.0, 0.5, 0.5, 20.0),
            Self::Normal => (4.5, 0.2, 0.28, 2.0),
            Self::High => (3.5, 0.1, 0.18, 0.2),
        };
        Limits {
            times,
            part,
            growth,
            least,
        }
    }

    /// The least that something has to cost to be told about, in units of the currency.
    #[must_use]
    pub fn least(self) -> f64 {
        self.limits().least
    }
}

/// How something is unusual.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Some days, then as before.
    Spike,
    /// From one day on, and it stays.
    Step,
    /// A little more every week.
    Drift,
    /// Costs where there were none.
    New,
}

/// Days in a row from the first one on; `None` for a day of which nothing is stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Series {
    /// The first day.
    pub start: NaiveDate,
    /// One for each day.
    pub days: Vec<Option<Nanos>>,
}

/// A day as it was and as it could have been.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// The UTC day.
    pub day: NaiveDate,
    /// What it cost; `None` where that isn't stored.
    pub actual: Option<Nanos>,
    /// What was to be expected of it.
    pub expected: Nanos,
    /// The least that would have been usual.
    pub lower: Nanos,
    /// The most.
    pub upper: Nanos,
}

/// Days in a row that cost more than they should.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// How.
    pub kind: Kind,
    /// Its days. A step's are those until it had become the usual.
    pub period: Period,
    /// What they cost.
    pub actual: Nanos,
    /// What they should have cost.
    pub expected: Nanos,
    /// The day that was farthest off.
    pub worst: NaiveDate,
    /// Whether the newest day is one of them.
    pub lasts: bool,
}

impl Event {
    /// What they cost too much.
    #[must_use]
    pub const fn impact(&self) -> Nanos {
        Nanos(self.actual.0.saturating_sub(self.expected.0))
    }
}

/// All that is said of a series.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Verdict {
    /// Every day, in order.
    pub days: Vec<Judged>,
    /// By their first day.
    pub events: Vec<Event>,
}

/// Judges a series.
#[must_use]
pub fn judge(series: &Series, sensitivity: Sensitivity) -> Verdict {
    let walk = Walk::over(series, sensitivity.limits());
    Verdict {
        days: walk.judged(),
        events: walk.events(),
    }
}

const NANOS: f64 = 1_000_000_000.0;

/// An expectation as money: rounded, and as far as it fits.
fn nanos(amount: f64) -> Nanos {
    Nanos((amount * NANOS).round() as i64)
}
