//! Getting costs from AWS, as people see it: how far it has come, what can be done
//! about it, and how often it happens by itself.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    account::COST_EXPLORER_REQUEST,
    error::Error,
    money::{Money, Nanos},
};

/// Questions of one refresh: one for each kept cube, and the forecast.
pub const QUESTIONS_A_REFRESH: u32 = 5;
/// What a month has when prices are named.
const DAYS_A_MONTH: u32 = 30;

/// What has become of a job.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It will begin, or go on, as soon as a server takes it.
    Waiting,
    /// A server works on it.
    Running,
    /// A person halted it. It goes on when a person says so.
    Paused,
    /// Everything has been stored.
    Done,
    /// It stopped with an error; what came before is stored.
    Failed,
    /// A person ended it; what came before is stored.
    Cancelled,
}

impl JobState {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Waiting,
        Self::Running,
        Self::Paused,
        Self::Done,
        Self::Failed,
        Self::Cancelled,
    ];

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether it is over.
    #[must_use]
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// How far a part of a job has come: one cube, or one of the other things that are asked for.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct PartProgress {
    /// What people call it, e.g. `By region`.
    pub name: String,
    /// Days that are stored, of those asked for.
    pub days_done: u32,
    /// Days that are asked for.
    pub days_total: u32,
}

/// How far getting the costs has come.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct SyncState {
    /// Whether one is under way or waiting for its turn. A paused one isn't.
    pub running: bool,
    /// What has become of the newest one; `None` before the first.
    pub state: Option<JobState>,
    /// Days of all parts that the newest one has stored.
    pub days_done: u32,
    /// Days of all parts that it will store; 0 while unknown.
    pub days_total: u32,
    /// Its parts, in the order in which they begin.
    pub parts: Vec<PartProgress>,
    /// When the last complete sync ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Cost Explorer requests of the last sync, each page one.
    pub requests: u32,
    /// What they cost; `None` until there was one.
    pub price: Option<Money>,
    /// Why the last sync stopped early.
    pub error: Option<Error>,
    /// Cost Explorer requests that a refresh usually takes: as many as the last one took,
    /// for what is kept by itself.
    pub usual_requests: u32,
    /// Requests that a person's refresh takes beside them: for what was asked for and used
    /// lately.
    pub asked_requests: u32,
    /// Whether the newest one asks only what a person wanted to know beside what is kept.
    pub asked: bool,
    /// How often a refresh begins by itself.
    pub cadence: Cadence,
}

impl SyncState {
    /// Requests that a person's refresh usually takes.
    #[must_use]
    pub const fn refresh_requests(&self) -> u32 {
        self.usual_requests.saturating_add(self.asked_requests)
    }

    /// What a person's refresh usually costs.
    #[must_use]
    pub fn usual_price(&self) -> Money {
        price(self.refresh_requests())
    }

    /// Whether there is something to go on with.
    #[must_use]
    pub fn can_retry(&self) -> bool {
        matches!(self.state, Some(JobState::Failed | JobState::Cancelled))
    }
}

/// What so many Cost Explorer requests cost.
#[must_use]
pub const fn price(requests: u32) -> Money {
    let each = COST_EXPLORER_REQUEST;
    Money::new(
        Nanos(each.amount.0.saturating_mul(requests as i64)),
        each.currency,
    )
}

/// How often a connection's costs are refreshed by themselves.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cadence {
    /// Only when a person asks.
    Manual,
    /// Once a day.
    #[default]
    Daily,
    /// Every twelve hours.
    TwiceDaily,
    /// Every eight hours: as often as AWS has news.
    ThriceDaily,
}

impl Cadence {
    /// Every setting, the rarest first.
    pub const ALL: [Self; 4] = [
        Self::Manual,
        Self::Daily,
        Self::TwiceDaily,
        Self::ThriceDaily,
    ];

    /// The stored name, and the one in forms.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Daily => "daily",
            Self::TwiceDaily => "twice_daily",
            Self::ThriceDaily => "thrice_daily",
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Manual => "Only when I ask",
            Self::Daily => "Once a day",
            Self::TwiceDaily => "Twice a day",
            Self::ThriceDaily => "Three times a day",
        }
    }

    /// Refreshes in a day.
    #[must_use]
    pub const fn times_a_day(self) -> u32 {
        match self {
            Self::Manual => 0,
            Self::Daily => 1,
            Self::TwiceDaily => 2,
            Self::ThriceDaily => 3,
        }
    }

    /// What a month costs, at least and at most, where a whole refresh takes so many requests.
    /// After the day's first refresh only the main cube is asked, and the others where it has
    /// changed; the forecast isn't asked again.
    #[must_use]
    pub fn monthly(self, usual_requests: u32) -> (Money, Money) {
        let whole = usual_requests.max(QUESTIONS_A_REFRESH);
        let Some(again) = self.times_a_day().checked_sub(1) else {
            return (price(0), price(0));
        };
        // A cube takes a quarter of what isn't the forecast.
        let (one, four) = ((whole - 1).div_ceil(4), whole - 1);
        (
            price((whole + again * one) * DAYS_A_MONTH),
            price((whole + again * four) * DAYS_A_MONTH),
        )
    }
}

impl FromStr for Cadence {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|cadence| cadence.as_str() == text)
            .ok_or_else(|| {
                Error::invalid(
                    "cadence",
                    "There is no such setting.",
                    "Choose one of those that the page offers.",
                )
            })
    }
}

impl fmt::Display for Cadence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months(requests: u32) -> Vec<(String, String)> {
        let price = |cadence: Cadence| {
            let (least, most) = cadence.monthly(requests);
            (least.display(), most.display())
        };
        Cadence::ALL.into_iter().map(price).collect()
    }

    #[test]
    fn a_month_costs_what_its_requests_cost() {
        let texts = |pairs: [(&str, &str); 4]| {
            pairs
                .map(|(least, most)| (least.to_owned(), most.to_owned()))
                .to_vec()
        };
        assert_eq!(
            months(QUESTIONS_A_REFRESH),
            texts([
                ("$0.00", "$0.00"),
                ("$1.50", "$1.50"),
                ("$1.80", "$2.70"),
                ("$2.10", "$3.90"),
            ])
        );
        // Never below one request for each question; more where answers have pages.
        assert_eq!(months(0), months(5));
        assert_eq!(months(9)[1].0, "$2.70");
        assert_eq!(months(9)[2], ("$3.30".to_owned(), "$5.10".to_owned()));
    }

    #[test]
    fn settings_lead_back() {
        for cadence in Cadence::ALL {
            assert_eq!(cadence.to_string().parse(), Ok(cadence));
        }
        assert_eq!(
            "hourly".parse::<Cadence>().unwrap_err().field.as_deref(),
            Some("cadence")
        );
    }
}
