//! A finding: what was found, what it comes to and why, and what became of it.

use std::{fmt, str::FromStr};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Check, Held, Thresholds};
use crate::{
    Error,
    account::ConnectionId,
    inventory::{Gap, ResourceKind, Scan},
    money::{Currency, Money, MoneyError, Nanos},
};

/// Names a finding.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
pub struct FindingId(pub Uuid);

impl fmt::Display for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for FindingId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let id = text.parse().map(Self);
        id.map_err(|_| Error::not_found("finding"))
    }
}

/// Part of what a finding comes to, as the bill has it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// On the bill.
    pub usage_type: String,
    /// For a month of thirty days.
    pub amount: Nanos,
    /// Whether the rate is the account's own.
    pub own: bool,
}

/// A line of the arithmetic.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// What is multiplied or taken off, and where its price comes from.
    pub text: String,
    /// What it comes to.
    pub amount: Nanos,
}

/// What an amount of nothing means.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Worth {
    /// There is an amount.
    #[default]
    Money,
    /// The check has no money, or its instance holds nothing that costs.
    Hint,
    /// What part of it costs, isn't known: no such usage lately, and no list price there.
    NoPrice,
    /// AWS bills nothing for such usage at present: a free tier, or credits, pay for it.
    Free,
}

/// What a check says about a resource, now.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Assessed {
    /// Which check.
    pub check: Check,
    /// What kind of resource.
    pub kind: ResourceKind,
    /// Where.
    pub region: String,
    /// The resource's id.
    pub resource: String,
    /// What people call it.
    pub name: Option<String>,
    /// Since when, by AWS's word or since we saw it.
    pub since: Option<NaiveDate>,
    /// What AWS said, as pairs.
    pub facts: Vec<(String, String)>,
    /// How the amount comes about.
    pub lines: Vec<Line>,
    /// By usage type.
    pub claims: Vec<Claim>,
    /// Whether AWS's own saying allows no more than an upper bound.
    pub upper_bound: bool,
    /// Whether it was cut to what AWS billed.
    pub cut: bool,
    /// What the amount would be without that.
    #[serde(default)]
    pub claimed: Nanos,
    /// What it is paid for.
    #[serde(default)]
    pub held: Vec<Held>,
    /// What it means if there is no amount.
    #[serde(default)]
    pub worth: Worth,
    /// Mends it.
    pub command: String,
    /// Where AWS's console shows it.
    pub console: String,
    /// What it is about: when this changes, something was done.
    pub subject: String,
}

impl Assessed {
    /// For a month of thirty days. No money in a hint.
    #[must_use]
    pub fn per_month(&self) -> Nanos {
        Nanos::sum(self.claims.iter().map(|claim| claim.amount)).unwrap_or(Nanos(i64::MAX))
    }

    /// Whether any of it is a list price.
    #[must_use]
    pub fn is_list_price(&self) -> bool {
        self.claims.iter().any(|claim| !claim.own)
    }
}

/// What became of a finding.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingState {
    /// Nobody has done anything about it.
    #[default]
    Open,
    /// Put off.
    Snoozed,
    /// Nothing shall be done.
    Dismissed,
    /// It was mended: the saving is booked.
    Resolved,
}

impl FindingState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Open, Self::Snoozed, Self::Dismissed, Self::Resolved];

    /// The name in the store and in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Snoozed => "snoozed",
            Self::Dismissed => "dismissed",
            Self::Resolved => "resolved",
        }
    }

    /// For people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Snoozed => "Snoozed",
            Self::Dismissed => "Dismissed",
            Self::Resolved => "Resolved",
        }
    }
}

impl FromStr for FindingState {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut all = Self::ALL.into_iter();
        all.find(|state| state.as_str() == text).ok_or(())
    }
}

/// A finding as it is stored.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Names it.
    pub id: FindingId,
    /// Whose.
    pub connection: ConnectionId,
    /// What was last said.
    pub assessed: Assessed,
    /// Of its amounts.
    pub currency: Currency,
    /// What became of it.
    pub state: FindingState,
    /// Why somebody snoozed or dismissed it.
    pub reason: String,
    /// The first day that it isn't snoozed any more.
    pub until: Option<NaiveDate>,
    /// When it was found.
    pub found_at: DateTime<Utc>,
    /// When it was mended.
    pub resolved_at: Option<DateTime<Utc>>,
    /// What a month costs less since then.
    pub booked: Option<Nanos>,
    /// The day on which it is looked at.
    pub today: NaiveDate,
}

impl Finding {
    /// For a month of thirty days: what could be saved, or what is booked as saved.
    #[must_use]
    pub fn per_month(&self) -> Money {
        let amount = self.booked.unwrap_or_else(|| self.assessed.per_month());
        Money::new(amount, self.currency)
    }

    /// A thirtieth.
    #[must_use]
    pub fn per_day(&self) -> Money {
        Money::new(Nanos(self.per_month().amount.0 / 30), self.currency)
    }

    /// What it has cost since it began, as far as we know, until today or until it was mended,
    /// at the last rate.
    #[must_use]
    pub fn so_far(&self) -> Option<Money> {
        let until = self.resolved_at.map_or(self.today, |at| at.date_naive());
        let days = (until - self.assessed.since?).num_days().max(0);
        let amount = i128::from(self.assessed.per_month().0) * i128::from(days) / 30;
        let amount = i64::try_from(amount).ok()?;
        Some(Money::new(Nanos(amount), self.currency))
    }
}

/// What somebody wants to see, as an address says it.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FindingWish {
    /// A check's name; all without it.
    pub check: String,
    /// A state's name; `open` without it.
    pub state: String,
    /// A region's name; all without it.
    pub region: String,
    /// From 1.
    pub page: u32,
}

/// How many findings of a check there are in a region, by what became of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Tally {
    /// What became of them, today.
    pub state: FindingState,
    /// The check.
    pub check: Check,
    /// The region's name.
    pub region: String,
    /// For a month of thirty days.
    pub per_month: Money,
    /// How many.
    pub number: u32,
}

/// The money of all findings.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Sums {
    /// Open, for a month.
    pub found: Money,
    /// Whether some of that is no more than an upper bound.
    pub found_at_most: bool,
    /// How many.
    pub open: u32,
    /// Put off, for a month.
    pub snoozed: Money,
    /// Whether some of that is no more than an upper bound.
    pub snoozed_at_most: bool,
    /// How many.
    pub snoozes: u32,
    /// Mended, for a month.
    pub realized: Money,
    /// Whether some of that is no more than an upper bound.
    pub realized_at_most: bool,
    /// How many.
    pub resolved: u32,
}

impl Sums {
    /// Of everything of a connection in the currency that most of it is in: what was found
    /// before the bill's currency changed isn't added to what was found after.
    ///
    /// # Errors
    /// When a sum doesn't fit.
    pub fn of(tally: &[Tally]) -> Result<Self, MoneyError> {
        let number = |currency| {
            let same = tally
                .iter()
                .filter(|one| one.per_month.currency == currency);
            let open = |one: &&Tally| one.state == FindingState::Open;
            let (open, others): (Vec<_>, Vec<_>) = same.partition(open);
            let all = |some: Vec<&Tally>| some.iter().map(|one| one.number).sum::<u32>();
            (all(open), all(others))
        };
        let currencies = tally.iter().map(|one| one.per_month.currency);
        let currency = currencies.max_by_key(|one| number(*one));
        let currency = currency.unwrap_or(Currency::USD);
        let of = |state| {
            let all = || {
                let same = tally
                    .iter()
                    .filter(|one| one.per_month.currency == currency);
                same.filter(move |one| one.state == state)
            };
            let sum = Nanos::sum(all().map(|one| one.per_month.amount))?;
            let at_most = all().any(|one| one.check.is_upper_bound() && one.per_month.amount.0 > 0);
            let number: u32 = all().map(|one| one.number).sum();
            Ok((Money::new(sum, currency), at_most, number))
        };
        let (found, found_at_most, open) = of(FindingState::Open)?;
        let (snoozed, snoozed_at_most, snoozes) = of(FindingState::Snoozed)?;
        let (realized, realized_at_most, resolved) = of(FindingState::Resolved)?;
        Ok(Self {
            found,
            found_at_most,
            open,
            snoozed,
            snoozed_at_most,
            snoozes,
            realized,
            realized_at_most,
            resolved,
        })
    }
}

/// The Findings page.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    /// Whose.
    pub connection: ConnectionId,
    /// What was wished for.
    pub wish: FindingWish,
    /// The last scan, if there was one.
    pub scan: Option<Scan>,
    /// When the oldest part was seen.
    pub as_of: Option<DateTime<Utc>>,
    /// What isn't seen.
    pub gaps: Vec<Gap>,
    /// Regions that the account hasn't opened.
    pub closed_regions: u32,
    /// All of it, whatever is wished for.
    pub sums: Sums,
    /// From when on something counts.
    pub thresholds: Thresholds,
    /// Where there are any.
    pub regions: Vec<String>,
    /// How many there are of what is wished for.
    pub total: u32,
    /// This page's, the dearest first.
    pub rows: Vec<Finding>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_are_not_added_up() {
        let tally = |state, dollars: i64, currency, number| Tally {
            state,
            check: Check::UnattachedVolume,
            region: "us-east-1".to_owned(),
            per_month: Money::new(Nanos(dollars * 1_000_000_000), currency),
            number,
        };
        let euro: Currency = "EUR".parse().unwrap();
        let sums = Sums::of(&[
            tally(FindingState::Open, 7, euro, 2),
            tally(FindingState::Open, 3, Currency::USD, 1),
            tally(FindingState::Resolved, 5, Currency::USD, 9),
        ]);
        let sums = sums.unwrap();
        let seven = Money::new(Nanos(7_000_000_000), euro);
        assert_eq!((sums.found, sums.open), (seven, 2));
        assert_eq!((sums.realized.amount, sums.resolved), (Nanos::ZERO, 0));
    }
}
