//! Reservations and Savings Plans as people see them: one shape for both, by month and by day,
//! against a target. Owning none isn't using 0 % of them.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    account::{COST_EXPLORER_REQUEST, ConnectionId},
    commitments::{ReservationUse, SavingsPlansUse},
    error::Error,
    money::{Currency, Money, Nanos},
    period::Period,
    report::Unused,
    spending::CapStatus,
    unusual::Said,
};

/// An answer of AWS's is good for so long.
pub const KEPT: TimeDelta = TimeDelta::hours(24);
/// For each kind that is owned: used and covered, by month and by day.
pub const QUESTIONS_EACH: u32 = 4;
/// Services that can be reserved, as Cost Explorer calls them; the first is always asked about.
pub const RESERVABLE: [&str; 6] = [
    "Amazon Elastic Compute Cloud - Compute",
    "Amazon Relational Database Service",
    "Amazon ElastiCache",
    "Amazon OpenSearch Service",
    "Amazon Redshift",
    "Amazon MemoryDB",
];

/// What was committed to.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// To spend money.
    SavingsPlans,
    /// To pay for instances of this service.
    Reservations(String),
}

impl What {
    /// For people.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::SavingsPlans => "Savings Plans".to_owned(),
            Self::Reservations(service) => format!("Reservations of {service}"),
        }
    }
}

/// An amount of a commitment: reservations are bought in hours, Savings Plans in money.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Instance hours.
    Hours(f64),
    /// Money.
    Spent(Nanos),
}

/// How a commitment did in a month or on a day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// When.
    pub period: Period,
    /// Paid for.
    pub bought: Measure,
    /// Of it, used; `None` where AWS doesn't say.
    pub used: Option<Measure>,
    /// Of it, not used.
    pub unused: Option<Measure>,
    /// The used share in percent; `None` where nothing was paid for.
    pub used_percent: Option<f64>,
    /// Of the usage that could be covered, the covered share in percent.
    pub covered_percent: Option<f64>,
    /// What was saved, after the cost of what wasn't used.
    pub net_savings: Option<Nanos>,
    /// What the unused part cost.
    pub unused_cost: Option<Nanos>,
}

impl Row {
    /// A reservation's.
    #[must_use]
    pub fn of_reservations(period: Period, used: &ReservationUse) -> Self {
        Self {
            period,
            bought: Measure::Hours(used.purchased_hours),
            used: used.used_hours.map(Measure::Hours),
            unused: used.unused_hours.map(Measure::Hours),
            used_percent: used.used_percent.filter(|_| used.purchased_hours > 0.0),
            covered_percent: None,
            net_savings: used.net_savings,
            unused_cost: used.unused_cost,
        }
    }

    /// A Savings Plan's.
    #[must_use]
    pub fn of_plans(period: Period, used: &SavingsPlansUse) -> Self {
        Self {
            period,
            bought: Measure::Spent(used.commitment),
            used: Some(Measure::Spent(used.used)),
            unused: Some(Measure::Spent(used.unused)),
            used_percent: used.used_percent.filter(|_| used.commitment > Nanos::ZERO),
            covered_percent: None,
            net_savings: used.net_savings,
            unused_cost: Some(used.unused),
        }
    }
}

/// How it did, as far as AWS told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// By month, in order; the last one is this month so far.
    pub months: Vec<Row>,
    /// By day, from the first of last month.
    pub days: Vec<Row>,
    /// What could not be found out, and why.
    pub gaps: Vec<Error>,
}

/// One kind of commitment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Holding {
    /// Which.
    pub what: What,
    /// How it did; `Told(None)` where the account owns none.
    pub held: Said<Option<Held>>,
}

impl Holding {
    /// How it did, where there is any.
    #[must_use]
    pub fn owned(&self) -> Option<&Held> {
        self.held.told().and_then(Option::as_ref)
    }
}

/// AWS's answers, as they were when it was last asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommittedFromAws {
    /// When.
    pub asked_at: DateTime<Utc>,
    /// One for each kind that was asked about.
    pub holdings: Vec<Holding>,
}

impl CommittedFromAws {
    /// Whether asking again can tell anything new.
    #[must_use]
    pub fn is_old(&self, now: DateTime<Utc>) -> bool {
        let whole = self.holdings.iter().all(|one| match &one.held {
            Said::Told(held) => held.as_ref().is_none_or(|held| held.gaps.is_empty()),
            Said::Refused(_) => false,
        });
        !whole || now - self.asked_at >= KEPT
    }

    /// What unused parts cost in the newest month that AWS told of; `None` where it told of
    /// nothing that is owned, be it that it refused.
    #[must_use]
    pub fn unused(&self, currency: Currency) -> Option<Unused> {
        let owned = self.holdings.iter().filter_map(Holding::owned);
        let months = owned.flat_map(|held| held.months.iter().map(|row| row.period.start()));
        if let Some(month) = months.max() {
            let cost = self.unused_in_month(month)?;
            return Some(Unused::Cost {
                month,
                cost: Money::new(cost, currency),
            });
        }
        let all_told = self.holdings.iter().all(|one| one.held.told().is_some());
        all_told.then_some(Unused::NoneOwned)
    }

    /// What unused parts cost in the month of a day; `None` where nothing is owned then.
    #[must_use]
    pub fn unused_in_month(&self, day: NaiveDate) -> Option<Nanos> {
        let month = Period::month_of(day);
        let rows = self.holdings.iter().filter_map(Holding::owned);
        let rows = rows.flat_map(|held| &held.months);
        let costs: Vec<Nanos> = rows
            .filter(|row| month.contains(row.period.start()))
            .filter_map(|row| row.unused_cost)
            .collect();
        (!costs.is_empty())
            .then(|| Nanos::sum(costs).ok())
            .flatten()
    }
}

/// What people want to reach, in percent.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Targets {
    /// At least so much of what is paid for should be used.
    pub used: u8,
    /// At least so much of what could be covered should be.
    pub covered: u8,
}

impl Default for Targets {
    fn default() -> Self {
        Self {
            used: 95,
            covered: 70,
        }
    }
}

impl Targets {
    /// From what a person typed.
    ///
    /// # Errors
    /// Where one of them is no whole number from 0 to 100.
    pub fn read(used: &str, covered: &str) -> Result<Self, Error> {
        let percent = |field: &str, text: &str| {
            let number = text
                .trim()
                .trim_end_matches('%')
                .trim_end()
                .parse::<u8>()
                .ok();
            number.filter(|number| *number <= 100).ok_or_else(|| {
                Error::invalid(
                    field,
                    "A target is a whole number of percent.",
                    "Type a number from 0 to 100.",
                )
            })
        };
        Ok(Self {
            used: percent("used", used)?,
            covered: percent("covered", covered)?,
        })
    }
}

/// What asking costs: at least, where nothing is owned; and at most but for more pages.
#[must_use]
pub fn price(kinds: u32) -> (Money, Money) {
    let each = COST_EXPLORER_REQUEST;
    let times = |requests: u32| {
        Money::new(
            Nanos(each.amount.0.saturating_mul(i64::from(requests))),
            each.currency,
        )
    };
    (times(kinds), times(kinds.saturating_mul(QUESTIONS_EACH)))
}

/// The months that are asked for: twelve before this one, and this one until today.
#[must_use]
pub fn months(today: NaiveDate) -> Option<Period> {
    let first = Period::months_to_date(today, 13).start();
    Period::new(first, today).ok()
}

/// The days that are asked for: last month's, and this one's before today.
#[must_use]
pub fn days(today: NaiveDate) -> Option<Period> {
    Period::new(Period::last_month(today).start(), today).ok()
}

/// Everything on the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Committed {
    /// Whose.
    pub connection: ConnectionId,
    /// The day it was made on.
    pub today: NaiveDate,
    /// Of the amounts: AWS names none here, so it is the costs'.
    pub currency: Currency,
    /// AWS's answers; `None` while it hasn't been asked.
    pub aws: Option<CommittedFromAws>,
    /// What people want to reach.
    pub targets: Targets,
    /// So many kinds are asked about.
    pub kinds: u32,
    /// Whether AWS may be asked now: not while whole answers are fresh.
    pub may_ask: bool,
    /// What requests may cost.
    pub cap: CapStatus,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(start: &str, unused_cost: i64) -> Row {
        Row {
            period: Period::day(start.parse().unwrap()),
            bought: Measure::Hours(24.0),
            used: None,
            unused: None,
            used_percent: None,
            covered_percent: None,
            net_savings: None,
            unused_cost: Some(Nanos(unused_cost)),
        }
    }

    #[test]
    fn what_is_unused_is_added_up_over_what_is_owned() {
        let owned = |months| Holding {
            what: What::SavingsPlans,
            held: Said::Told(Some(Held {
                months,
                ..Held::default()
            })),
        };
        let none = Holding {
            what: What::Reservations("RDS".to_owned()),
            held: Said::Told(None),
        };
        let mut answer = CommittedFromAws {
            asked_at: DateTime::UNIX_EPOCH,
            holdings: vec![none],
        };
        let today = "2026-11-24".parse().unwrap();
        // None owned is not nothing wasted.
        assert_eq!(answer.unused_in_month(today), None);
        answer
            .holdings
            .push(owned(vec![row("2026-10-01", 5), row("2026-11-01", 7)]));
        answer.holdings.push(owned(vec![row("2026-11-01", 4)]));
        assert_eq!(answer.unused_in_month(today), Some(Nanos(11)));
        assert!(!answer.is_old(DateTime::UNIX_EPOCH));
        assert!(answer.is_old(DateTime::UNIX_EPOCH + KEPT));
        answer.holdings.push(Holding {
            what: What::SavingsPlans,
            held: Said::Refused(Error::not_found("x")),
        });
        assert!(
            answer.is_old(DateTime::UNIX_EPOCH),
            "what was refused may be asked again"
        );
    }

    #[test]
    fn targets_are_percents() {
        assert_eq!(
            Targets::read(" 90 %", "0").unwrap(),
            Targets {
                used: 90,
                covered: 0
            }
        );
        assert_eq!(
            Targets::read("101", "1").unwrap_err().field.as_deref(),
            Some("used")
        );
        assert_eq!(
            Targets::read("1", "all").unwrap_err().field.as_deref(),
            Some("covered")
        );
    }

    #[test]
    fn questions_end_before_today() {
        let text = |period: Option<Period>| period.unwrap().to_string();
        let today = "2026-11-24".parse().unwrap();
        assert_eq!(text(months(today)), "1 Nov 2025 – 23 Nov 2026");
        assert_eq!(text(days(today)), "1 Oct – 23 Nov 2026");
        let first = "2026-11-01".parse().unwrap();
        assert_eq!(text(months(first)), "1 Nov 2025 – 31 Oct 2026");
        assert_eq!(text(days(first)), "1–31 Oct 2026");
        assert_eq!(price(3).1.display(), "$0.12");
    }
}
