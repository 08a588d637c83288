//! What keeps a connection's figures from being right or new, and so needs a person.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Code, Error,
    job::{Cadence, JobState, SyncState},
    spending::{CapState, CapStatus},
};

/// A refresh that didn't come on one day is made up for on the next; without one on two days
/// something is wrong.
const FRESH_DAYS: i64 = 2;

/// One thing that is wrong.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The newest job stopped; why, where that is known.
    Failing(Option<Error>),
    /// A person has paused the newest job, or ended it before everything was there.
    Halted(JobState),
    /// Its requests have cost what they may: nothing is asked in the background.
    CapReached {
        /// The day on which the count begins anew.
        until: NaiveDate,
    },
    /// Nothing of the above, and no refresh came for days.
    Stale {
        /// When AWS was asked last.
        since: NaiveDate,
        /// How many days ago that was.
        days: u32,
        /// Whether it is refreshed only when a person asks.
        manual: bool,
    },
}

impl Trouble {
    /// Everything that is wrong with a connection. Old figures are told only where nothing
    /// else says why they are.
    #[must_use]
    pub fn of(
        sync: &SyncState,
        cap: &CapStatus,
        as_of: Option<DateTime<Utc>>,
        today: NaiveDate,
    ) -> Vec<Self> {
        let reached = cap.state() == CapState::Reached;
        let mut all = Vec::new();
        match sync.state {
            // A question beside what is kept says nothing about that.
            _ if sync.running || sync.asked => {}
            Some(JobState::Failed) => {
                let by_cap = |error: &Error| error.code == Code::CapReached;
                if !(reached && sync.error.as_ref().is_some_and(by_cap)) {
                    all.push(Self::Failing(sync.error.clone()));
                }
            }
            Some(state @ (JobState::Paused | JobState::Cancelled)) => {
                all.push(Self::Halted(state));
            }
            _ => {}
        }
        if reached {
            let until = cap.resets_on();
            all.push(Self::CapReached { until });
        }
        if all.is_empty() && !sync.running {
            let since = as_of.map(|at| at.date_naive());
            all.extend(since.and_then(|since| stale(since, today, sync.cadence)));
        }
        all
    }
}

fn stale(since: NaiveDate, today: NaiveDate, cadence: Cadence) -> Option<Trouble> {
    let days = (today - since).num_days();
    (days >= FRESH_DAYS).then(|| Trouble::Stale {
        since,
        days: u32::try_from(days).unwrap_or(u32::MAX),
        manual: cadence == Cadence::Manual,
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        account::ConnectionId,
        money::{Currency, Money, Nanos},
        period::Period,
    };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn cap(spent: i64) -> CapStatus {
        CapStatus {
            connection: ConnectionId(Uuid::nil()),
            cap: "5".parse().unwrap(),
            month: Period::month_of(day("2026-11-24")),
            spent: Money::new(Nanos(spent), Currency::USD),
            sample: false,
        }
    }

    fn of(sync: &SyncState, spent: i64, as_of: &str) -> Vec<Trouble> {
        let as_of = format!("{as_of}T06:00:00Z").parse().unwrap();
        Trouble::of(sync, &cap(spent), Some(as_of), day("2026-11-24"))
    }

    #[test]
    fn a_day_without_news_is_fresh_and_two_are_not() {
        let sync = SyncState::default();
        assert_eq!(of(&sync, 0, "2026-11-23"), []);
        // The clock may have been set back.
        assert_eq!(of(&sync, 0, "2026-12-23"), []);
        let stale = Trouble::Stale {
            since: day("2026-10-31"),
            days: 24,
            manual: false,
        };
        assert_eq!(of(&sync, 0, "2026-10-31"), [stale]);
        assert_eq!(
            Trouble::of(&sync, &cap(0), None, day("2026-11-24")),
            [],
            "nothing is stored that could be old"
        );
    }

    #[test]
    fn old_figures_are_told_only_where_nothing_else_says_why() {
        let mut sync = SyncState {
            state: Some(JobState::Failed),
            error: Some(Error::new(Code::AwsDenied, "No.", "")),
            ..SyncState::default()
        };
        let failing = Trouble::Failing(sync.error.clone());
        let until = day("2026-12-01");
        let reached = Trouble::CapReached { until };
        assert_eq!(of(&sync, 0, "2026-10-31").first(), Some(&failing));
        let both = [failing, reached.clone()];
        assert_eq!(of(&sync, 5_000_000_000, "2026-10-31"), both);
        // The cap alone stopped it.
        sync.error = Some(cap(5_000_000_000).refusal("$0.05"));
        assert_eq!(of(&sync, 5_000_000_000, "2026-10-31"), [reached]);
        sync.state = Some(JobState::Cancelled);
        assert_eq!(
            of(&sync, 0, "2026-10-31"),
            [Trouble::Halted(JobState::Cancelled)]
        );
        sync.running = true;
        assert_eq!(of(&sync, 0, "2026-10-31"), []);
    }
}
