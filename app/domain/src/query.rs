//! A question to the store: which costs, over which days, in what pieces, by what.

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{
    account::ConnectionId,
    cube::Question,
    dimension::{Filter, GroupKey},
    metric::Metric,
    period::Period,
};

/// How long the pieces of a report are.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// UTC days.
    #[default]
    Daily,
    /// ISO weeks: they begin on Mondays.
    Weekly,
    /// Calendar months.
    Monthly,
    /// The whole period at once.
    Total,
}

impl Step {
    /// The period's pieces in order; the first and the last may be cut by it.
    #[must_use]
    pub fn pieces(self, period: Period) -> Vec<Period> {
        match self {
            Self::Daily => period.days().map(Period::day).collect(),
            Self::Weekly => weeks(period),
            Self::Monthly => period.by_month(),
            Self::Total => vec![period],
        }
    }
}

fn weeks(period: Period) -> Vec<Period> {
    let mut weeks = Vec::new();
    let mut start = period.start();
    while start < period.end() {
        let end = monday_after(start).min(period.end());
        let Ok(week) = Period::new(start, end) else {
            break;
        };
        weeks.push(week);
        start = end;
    }
    weeks
}

fn monday_after(day: NaiveDate) -> NaiveDate {
    let days = 7 - u64::from(day.weekday().num_days_from_monday());
    // chrono's years reach ±262,000: no real date lacks a next Monday.
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

/// Which stored cube answers.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CubeChoice {
    /// The first that can; see [`crate::choice::choose`].
    #[default]
    Best,
    /// This one and no other.
    This(Question),
}

/// A report to make from what is stored.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
pub struct ReportQuery {
    /// Whose costs, added up; at least one.
    pub connections: Vec<ConnectionId>,
    /// From which cube.
    pub cube: CubeChoice,
    /// The days.
    pub period: Period,
    /// The length of its pieces.
    pub step: Step,
    /// None gives totals; two at most.
    pub group_by: Vec<GroupKey>,
    /// How to count.
    pub metric: Metric,
    /// Which costs; all without it.
    pub filter: Option<Filter>,
    /// How many groups have a line of their own, by size; all without it.
    pub top: Option<u32>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn weeks_begin_on_mondays() {
        let period = Period::new(day("2026-11-25"), day("2026-12-09")).unwrap();
        let texts: Vec<_> = (Step::Weekly.pieces(period).iter())
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            texts,
            ["25–29 Nov 2026", "30 Nov – 6 Dec 2026", "7–8 Dec 2026"]
        );
    }

    proptest! {
        #[test]
        fn pieces_cover_a_period_once(start in 0_u64..20_000, days in 1_u64..900) {
            let start = day("2001-01-01") + Days::new(start);
            let whole = Period::new(start, start + Days::new(days)).unwrap();
            for step in [Step::Daily, Step::Weekly, Step::Monthly, Step::Total] {
                let pieces = step.pieces(whole);
                let all: Vec<_> = pieces.iter().flat_map(Period::days).collect();
                prop_assert_eq!(all, whole.days().collect::<Vec<_>>());
                if step == Step::Weekly {
                    prop_assert!(pieces.iter().skip(1).all(|week| week.start().weekday() == chrono::Weekday::Mon));
                    prop_assert!(pieces.iter().all(|week| week.len() <= 7));
                }
            }
        }
    }
}
