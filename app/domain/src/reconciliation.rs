//! From what was used to what is paid: a period's charges, step by step, so that
//! nobody has to take the total on trust.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    charge::{Step, View},
    history::ROUNDING,
    metric::Metric,
    money::{Currency, MoneyError, Nanos},
    period::Period,
};

/// What one kind of charge comes to.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct KindOfCharge {
    /// AWS's own word for it, e.g. `SavingsPlanNegation`.
    pub record_type: String,
    /// Over the period.
    pub amount: Nanos,
}

/// One step of the way.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct ReconciledStep {
    /// Which.
    pub step: Step,
    /// The sum of its kinds.
    pub amount: Nanos,
    /// What has come together up to and including this step.
    pub running: Nanos,
    /// What it is made of, the largest first, whichever sign.
    pub kinds: Vec<KindOfCharge>,
}

/// A period's way from usage to the total, in one metric.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// The days it is about.
    pub period: Period,
    /// How it counts.
    pub metric: Metric,
    /// Of every amount in it.
    pub currency: Currency,
    /// In the order of [`Step::ALL`]; steps without any charge aren't in it.
    pub steps: Vec<ReconciledStep>,
    /// The sum of all steps.
    pub total: Nanos,
}

impl Reconciliation {
    /// Sorts kinds of charges into their steps. A kind may come more than once.
    ///
    /// # Errors
    /// When a sum doesn't fit.
    pub fn of(
        period: Period,
        metric: Metric,
        currency: Currency,
        charges: impl IntoIterator<Item = (String, Nanos)>,
    ) -> Result<Self, MoneyError> {
        let mut kinds: BTreeMap<String, Nanos> = BTreeMap::new();
        for (record_type, amount) in charges {
            let sum = kinds.entry(record_type).or_default();
            *sum = sum.checked_add(amount)?;
        }
        let mut by_step: BTreeMap<Step, Vec<KindOfCharge>> = BTreeMap::new();
        for (record_type, amount) in kinds {
            let kind = KindOfCharge {
                record_type,
                amount,
            };
            by_step
                .entry(Step::of(&kind.record_type))
                .or_default()
                .push(kind);
        }
        let mut steps = Vec::with_capacity(by_step.len());
        let mut running = Nanos::ZERO;
        for (step, mut kinds) in by_step {
            let amount = Nanos::sum(kinds.iter().map(|kind| kind.amount))?;
            running = running.checked_add(amount)?;
            kinds.sort_by_key(|kind| std::cmp::Reverse(kind.amount.0.unsigned_abs()));
            steps.push(ReconciledStep {
                step,
                amount,
                running,
                kinds,
            });
        }
        Ok(Self {
            period,
            metric,
            currency,
            steps,
            total: running,
        })
    }

    /// What a view leaves of it.
    ///
    /// # Errors
    /// When a sum doesn't fit.
    pub fn total_in(&self, view: View) -> Result<Nanos, MoneyError> {
        Nanos::sum(
            self.steps
                .iter()
                .filter(|one| view.includes(one.step))
                .map(|one| one.amount),
        )
    }
}

/// The way from usage to the totals that a page shows.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToTotal {
    /// One way for each currency of what is shown.
    Told(Vec<Closed>),
    /// It can't be told.
    NotTold(NotTold),
}

/// Why a way can't be told.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotTold {
    /// Usage is shown: the kinds of charges are steps of money.
    Usage,
    /// Nothing that is stored tells kinds of charges apart under this filter.
    Filter,
    /// Of none of the days the kinds of charges are stored.
    NothingStored,
}

/// A way that ends at a total which another answer gave.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Closed {
    /// From usage on.
    pub way: Reconciliation,
    /// What lies between its own total and the one that is shown, where they differ.
    pub gap: Option<Gap>,
    /// The total that is shown.
    pub shown: Nanos,
}

/// What is left between two totals of the same costs.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    /// How much.
    pub amount: Nanos,
    /// Why.
    pub why: Apart,
}

/// Why two totals of the same costs differ.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Apart {
    /// Each row is rounded once, and other groups have other rows.
    Rounding,
    /// Days are shown whose kinds of charges aren't stored.
    Days,
    /// AWS gave the answers at different times.
    Answers,
}

impl Closed {
    /// A way that ends at `shown`, over so many days of all accounts together, of which its own
    /// answer may lack some that the other has.
    ///
    /// # Errors
    /// When a difference doesn't fit.
    pub fn of(
        way: Reconciliation,
        shown: Nanos,
        days: u32,
        lacks_days: bool,
    ) -> Result<Self, MoneyError> {
        let amount = shown.checked_sub(way.total)?;
        let why = if amount.0.unsigned_abs() <= ROUNDING.saturating_mul(days.into()) {
            Apart::Rounding
        } else if lacks_days {
            Apart::Days
        } else {
            Apart::Answers
        };
        let gap = (amount != Nanos::ZERO).then_some(Gap { amount, why });
        Ok(Self { way, gap, shown })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn october() -> Period {
        Period::month_of("2026-10-01".parse().unwrap())
    }

    fn reconciled(charges: &[(&str, i64)]) -> Reconciliation {
        let charges = charges
            .iter()
            .map(|(kind, amount)| ((*kind).to_owned(), Nanos(*amount)));
        Reconciliation::of(october(), Metric::Unblended, Currency::USD, charges).unwrap()
    }

    #[test]
    fn steps_come_in_the_order_of_a_bill() {
        let bill = reconciled(&[
            ("Tax", 7),
            ("Usage", 100),
            ("Credit", -20),
            ("SavingsPlanNegation", -30),
            ("SavingsPlanCoveredUsage", 30),
            ("SavingsPlanRecurringFee", 25),
        ]);
        let steps: Vec<_> = bill
            .steps
            .iter()
            .map(|one| (one.step, one.amount.0, one.running.0))
            .collect();
        assert_eq!(
            steps,
            [
                (Step::Usage, 130, 130),
                (Step::Commitments, -5, 125),
                (Step::Credits, -20, 105),
                (Step::Tax, 7, 112),
            ]
        );
        assert_eq!(bill.total, Nanos(112));
        assert_eq!(bill.total_in(View::Used), Ok(Nanos(125)));
        assert_eq!(bill.steps[1].kinds[0].record_type, "SavingsPlanNegation");
    }

    #[test]
    fn a_way_ends_at_what_is_shown_and_says_what_lies_between() {
        let closed = |shown, days, lacks_days| {
            let way = reconciled(&[("Usage", 1_000_000), ("Credit", -1_000)]);
            Closed::of(way, Nanos(shown), days, lacks_days).unwrap()
        };
        let gap = |amount, why| {
            let amount = Nanos(amount);
            Some(Gap { amount, why })
        };
        assert_eq!(closed(999_000, 1, true).gap, None);
        assert_eq!(closed(999_007, 1, true).gap, gap(7, Apart::Rounding));
        assert_eq!(closed(979_000, 2, false).gap, gap(-20_000, Apart::Rounding));
        assert_eq!(closed(979_000, 1, false).gap, gap(-20_000, Apart::Answers));
        assert_eq!(closed(979_000, 1, true).gap, gap(-20_000, Apart::Days));
        let way = reconciled(&[("Credit", i64::MIN)]);
        assert!(Closed::of(way, Nanos(1), 1, false).is_err());
    }

    #[test]
    fn nothing_comes_to_nothing() {
        let bill = reconciled(&[]);
        assert_eq!((bill.steps.len(), bill.total), (0, Nanos::ZERO));
    }

    proptest! {
        #[test]
        fn steps_and_kinds_add_up_to_the_total(
            charges in prop::collection::vec((0_usize..9, -1_i64 << 50..1 << 50), 0..60),
        ) {
            let kinds = [
                "Usage", "Tax", "Credit", "Refund", "Support", "EdpDiscount",
                "SavingsPlanNegation", "Recurring", "Unheard of",
            ];
            let charges: Vec<_> = charges.into_iter().map(|(kind, amount)| (kinds[kind], amount)).collect();
            let bill = reconciled(&charges);
            let all = Nanos(charges.iter().map(|(_, amount)| amount).sum());
            prop_assert_eq!(bill.total, all);
            prop_assert_eq!(bill.total_in(View::Console).unwrap(), all);
            let mut last = Nanos::ZERO;
            for one in &bill.steps {
                let of_kinds = Nanos::sum(one.kinds.iter().map(|kind| kind.amount)).unwrap();
                prop_assert_eq!(of_kinds, one.amount);
                prop_assert_eq!(last.checked_add(one.amount).unwrap(), one.running);
                last = one.running;
            }
        }
    }
}
