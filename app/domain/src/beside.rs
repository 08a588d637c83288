//! What stands beside the figures of several connections, added up: each currency by itself,
//! and only of those of whom anything is known.

use std::{cmp::Reverse, collections::BTreeMap};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    money::{Currency, Money, MoneyError, Nanos},
    report::{Part, Unused},
};

/// What unused parts of commitments cost in one month.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct UnusedIn {
    /// Which: the newest of which AWS told, which need not be the same for all.
    pub month: NaiveDate,
    /// How much.
    pub cost: Money,
}

/// The sums.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    /// What open findings in EC2 cost a month, by currency.
    pub findings: Vec<Money>,
    /// How many they are.
    pub open: u32,
    /// Connections whose EC2 nobody has looked through: they are in neither.
    pub not_looked: u32,
    /// What unused parts of commitments cost, by month, the newest first, and currency.
    pub unused: Vec<UnusedIn>,
    /// Connections that own no commitments.
    pub none_owned: u32,
    /// Connections of whose commitments nothing is known: they are in no sum.
    pub not_asked: u32,
    /// What credits have taken off this month so far, by currency.
    pub credits: Vec<Money>,
    /// What our own requests have cost this month, by currency; the sample's cost nothing.
    pub spent: Vec<Money>,
    /// What they may cost, by currency.
    pub caps: Vec<Money>,
}

impl Beside {
    /// Of some connections.
    ///
    /// # Errors
    /// When a sum doesn't fit.
    pub fn of(parts: &[Part]) -> Result<Self, MoneyError> {
        let once = || parts.iter().filter(|part| !part.repeated);
        let findings = || once().filter_map(|part| part.waste.findings);
        let unused = || once().map(|part| part.waste.unused);
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let caps = || once().map(|part| &part.cap).filter(|cap| !cap.sample);
        let costs = unused().filter_map(|unused| match unused {
            Some(Unused::Cost { month, cost }) => Some((Reverse(month), cost)),
            _ => None,
        });
        let costs = sums(costs)?.into_iter();
        Ok(Self {
            findings: by_currency(findings().map(|open| open.per_month))?,
            open: findings().fold(0, |sum, open| sum.saturating_add(open.count)),
            not_looked: count(once().count() - findings().count()),
            unused: costs
                .map(|((Reverse(month), _), cost)| UnusedIn { month, cost })
                .collect(),
            none_owned: count(
                unused()
                    .filter(|unused| *unused == Some(Unused::NoneOwned))
                    .count(),
            ),
            not_asked: count(unused().filter(Option::is_none).count()),
            credits: by_currency(parts.iter().filter_map(|part| part.credits))?,
            spent: by_currency(caps().map(|cap| cap.spent))?,
            caps: by_currency(caps().map(|cap| cap.cap.money()))?,
        })
    }
}

fn by_currency(all: impl Iterator<Item = Money>) -> Result<Vec<Money>, MoneyError> {
    let sums = sums(all.map(|money| ((), money)))?;
    let mut sums: Vec<Money> = sums.into_values().collect();
    // Nothing has no currency of its own.
    if sums.iter().any(|money| money.amount != Nanos::ZERO) {
        sums.retain(|money| money.amount != Nanos::ZERO);
    }
    Ok(sums)
}

/// Never over currencies.
fn sums<K: Ord>(
    all: impl Iterator<Item = (K, Money)>,
) -> Result<BTreeMap<(K, Currency), Money>, MoneyError> {
    let mut sums = BTreeMap::new();
    for (key, money) in all {
        let nothing = Money::new(Nanos::ZERO, money.currency);
        let sum = sums.entry((key, money.currency)).or_insert(nothing);
        *sum = sum.checked_add(money)?;
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        account::ConnectionId,
        period::Period,
        report::{Figure, OpenFindings, Waste},
        spending::CapStatus,
    };

    fn money(amount: i64, currency: &str) -> Money {
        Money::new(Nanos(amount), currency.parse().unwrap())
    }

    fn part(waste: Waste, credits: Option<Money>, sample: bool) -> Part {
        let month = Period::month_of("2026-11-24".parse().unwrap());
        let connection = ConnectionId(Uuid::nil());
        Part {
            connection,
            name: String::new(),
            month_to_date: Figure {
                period: month,
                total: None,
                days_missing: 0,
                days_unfinished: 0,
            },
            waste,
            repeated: false,
            credits,
            cap: CapStatus {
                connection,
                cap: "5".parse().unwrap(),
                month,
                spent: money(7, "USD"),
                sample,
            },
            troubles: Vec::new(),
            as_of: None,
        }
    }

    fn waste(findings: Option<Money>, unused: Option<Unused>) -> Waste {
        Waste {
            findings: findings.map(|per_month| OpenFindings {
                per_month,
                count: 2,
            }),
            unused,
        }
    }

    #[test]
    fn each_currency_and_month_is_added_up_by_itself() {
        let cost = |month: &str, cost| Unused::Cost {
            month: month.parse().unwrap(),
            cost,
        };
        let parts = [
            part(
                waste(
                    Some(money(5, "USD")),
                    Some(cost("2026-10-01", money(1, "USD"))),
                ),
                Some(money(-3, "USD")),
                false,
            ),
            part(
                waste(
                    Some(money(6, "EUR")),
                    Some(cost("2026-11-01", money(2, "USD"))),
                ),
                None,
                true,
            ),
            part(
                waste(
                    Some(money(8, "USD")),
                    Some(cost("2026-10-01", money(4, "USD"))),
                ),
                Some(money(-4, "USD")),
                false,
            ),
            part(
                waste(Some(money(0, "JPY")), Some(Unused::NoneOwned)),
                None,
                false,
            ),
            part(waste(None, None), None, false),
        ];
        let sums = Beside::of(&parts).unwrap();
        assert_eq!(sums.findings, [money(6, "EUR"), money(13, "USD")]);
        assert_eq!((sums.open, sums.not_looked), (8, 1));
        let unused: Vec<_> = sums
            .unused
            .iter()
            .map(|one| (one.month.to_string(), one.cost))
            .collect();
        assert_eq!(
            unused,
            [
                ("2026-11-01".to_owned(), money(2, "USD")),
                ("2026-10-01".to_owned(), money(5, "USD")),
            ]
        );
        assert_eq!((sums.none_owned, sums.not_asked), (1, 1));
        assert_eq!(sums.credits, [money(-7, "USD")]);
        // The sample's requests cost nothing.
        assert_eq!(sums.spent, [money(28, "USD")]);
        assert_eq!(sums.caps, [money(20_000_000_000, "USD")]);
    }

    #[test]
    fn nobody_has_nothing() {
        assert_eq!(Beside::of(&[]), Ok(Beside::default()));
        let most = waste(Some(money(i64::MAX, "USD")), None);
        let parts = [part(most, None, false), part(most, None, false)];
        assert!(Beside::of(&parts).is_err());
    }
}
