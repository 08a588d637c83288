//! What the company has committed to: its reservation and its Savings Plan. What they cost on a
//! day, whether used or not.

use chrono::{Datelike, NaiveDate};

use super::amount::{SCALE, scaled};
use super::catalogue::PLAN_UPFRONT;
use super::company::Company;
use super::line::Line;
use super::stem::Kind;

const MILLION: i64 = 1_000_000;
const HOURS: i64 = 24;

/// A reservation and a Savings Plan; a company without lines has neither.
#[derive(Debug, Default)]
pub(crate) struct Commitments {
    pub reservation: Option<Reservation>,
    pub plan: Option<PlanHolding>,
}

/// Reserved database instances, paid by the month.
#[derive(Debug)]
pub(crate) struct Reservation {
    pub instances: i64,
    /// What all of them cost in a month, in 10⁻¹⁰ dollars.
    month: i64,
}

/// A Savings Plan that was paid in part in advance.
#[derive(Debug)]
pub(crate) struct PlanHolding {
    /// The part of the advance that falls on a day.
    pub upfront: i64,
    /// What is due every day.
    pub recurring: i64,
}

impl Commitments {
    pub(crate) fn of(company: &Company, lines: &[Line]) -> Self {
        let one = i64::try_from(SCALE).unwrap_or(i64::MAX);
        let fee = |kind| lines.iter().find(|line| line.plan.kind == kind);
        let due = |line: &Line| scaled(line.plan.quantity, line.plan.price, one);
        Self {
            reservation: fee(Kind::ReservedFee).map(|line| Reservation {
                instances: instances(lines),
                month: due(line),
            }),
            plan: fee(Kind::PlanFee).map(|line| PlanHolding {
                upfront: scaled(PLAN_UPFRONT, company.size, MILLION) / 365,
                recurring: due(line),
            }),
        }
    }
}

impl Reservation {
    /// Instance hours that are paid for on a day, in 10⁻¹⁰ hours.
    pub(crate) fn hours(&self) -> i64 {
        self.instances * HOURS * i64::try_from(SCALE).unwrap_or(i64::MAX)
    }

    /// The part of the month's fee that falls on a day. The days of a month add up to its fee.
    pub(crate) fn fee(&self, date: NaiveDate) -> i64 {
        let days = i64::from(date.num_days_in_month());
        let through = |day: u32| {
            let part = i128::from(self.month) * i128::from(day) / i128::from(days);
            i64::try_from(part).unwrap_or(i64::MAX)
        };
        through(date.day()) - through(date.day() - 1)
    }
}

/// As many whole instances as a plain day's reserved usage needs.
pub(crate) fn instances(lines: &[Line]) -> i64 {
    let used: i64 = lines
        .iter()
        .filter(|line| line.plan.kind == Kind::ReservedUsage)
        .map(|line| line.plan.quantity)
        .sum();
    let day = HOURS * i64::try_from(SCALE).unwrap_or(i64::MAX);
    used / day + i64::from(used % day != 0)
}
