//! A question to the store: which costs, over which days, in what pieces, by what.

use chrono::{Datelike, Days, NaiveDate, TimeDelta};
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

    /// The part of another period that stands beside each piece of this one: of months the
    /// same one in the order, else the days as far from the start. `None` where it has none.
    #[must_use]
    pub fn beside(self, period: Period, other: Period) -> Vec<Option<Period>> {
        let pieces = self.pieces(period);
        if matches!(self, Self::Monthly | Self::Total) {
            let mut beside: Vec<_> = self.pieces(other).into_iter().map(Some).collect();
            beside.resize(pieces.len(), None);
            return beside;
        }
        let as_far = |day: NaiveDate| {
            let days = (day - period.start()).num_days();
            let there = other.start().checked_add_signed(TimeDelta::days(days));
            there.map(|there| there.min(other.end()))
        };
        (pieces.iter())
            .map(|piece| Period::new(as_far(piece.start())?, as_far(piece.end())?).ok())
            .collect()
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

    #[test]
    fn periods_of_different_lengths_stand_beside_each_other() {
        let period = |start, end| Period::new(day(start), day(end)).unwrap();
        let beside = |step: Step, one, other| {
            let beside = step.beside(one, other).into_iter();
            beside
                .map(|one| one.map_or_else(|| "–".to_owned(), |one: Period| one.to_string()))
                .collect::<Vec<_>>()
        };
        let march = period("2026-03-01", "2026-04-01");
        let february = period("2026-02-01", "2026-03-01");
        let days = beside(Step::Daily, march, february);
        assert_eq!((days.len(), days[0].as_str()), (31, "1 Feb 2026"));
        assert_eq!(days[27..], ["28 Feb 2026", "–", "–", "–"]);
        // Weeks keep their place, whatever weekday the other one begins on.
        let weeks = beside(Step::Weekly, march, february);
        assert_eq!(weeks[..2], ["1 Feb 2026", "2–8 Feb 2026"]);
        assert_eq!(weeks[4..], ["23–28 Feb 2026", "–"]);
        let quarter = period("2026-01-01", "2026-04-01");
        let two = period("2025-11-01", "2026-01-01");
        let months = beside(Step::Monthly, quarter, two);
        assert_eq!(months, ["1–30 Nov 2025", "1–31 Dec 2025", "–"]);
        assert_eq!(beside(Step::Total, march, february), ["1–28 Feb 2026"]);
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
