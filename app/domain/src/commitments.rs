//! Reservations and Savings Plans: how much of them was used, how much of the usage they
//! covered. AWS names no currency here: amounts are in the one that the account's costs
//! come in. Hours and units are measures.

use serde::{Deserialize, Serialize};

use crate::{
    cube::Granularity,
    dimension::Filter,
    money::{MoneyError, Nanos},
    period::{Period, Piece},
};

/// What is asked about commitments.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct CommitmentQuestion {
    /// Which days. It may not end after today.
    pub period: Period,
    /// The length of the pieces.
    pub granularity: Granularity,
    /// Which of them. Reservations of anything but EC2 instances are only told about when
    /// their service, one for each question, is named here.
    pub filter: Option<Filter>,
}

/// An answer about something that the account may not have at all, which isn't the same as
/// having it and using 0 % of it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owned<T> {
    /// The account had none in the whole period.
    None,
    /// What AWS says.
    Some(T),
}

impl<T> Owned<T> {
    /// The report, if there is something to report about.
    #[must_use]
    pub fn as_option(&self) -> Option<&T> {
        match self {
            Self::None => None,
            Self::Some(report) => Some(report),
        }
    }
}

/// By day or month, and together.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Report<T> {
    /// In order; a day or month that AWS left out is not in it.
    pub pieces: Vec<Piece<T>>,
    /// Over the whole period; `None` when AWS gave no total or several different ones.
    pub total: Option<T>,
}

/// How reservations were used.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReservationUse {
    /// Hours paid for. With none, there was nothing to be used.
    pub purchased_hours: f64,
    /// Of them, those that were used.
    pub used_hours: Option<f64>,
    /// Of them, those that weren't.
    pub unused_hours: Option<f64>,
    /// The used share of the hours in percent; `None` without any hours.
    pub used_percent: Option<f64>,
    /// The same in normalized units, which reservations of a flexible size are used up in.
    pub units: Option<ReservationUnits>,
    /// What the used hours would have cost without reservations.
    pub on_demand_cost: Option<Nanos>,
    /// What the reservations cost, up-front fees spread over their days.
    pub fees: Fees,
    /// What was saved, after the cost of what wasn't used.
    pub net_savings: Option<Nanos>,
    /// What would be saved if everything were used.
    pub potential_savings: Option<Nanos>,
    /// What was saved by the used part.
    pub realized_savings: Option<Nanos>,
    /// What the unused part could have saved.
    pub unrealized_savings: Option<Nanos>,
    /// What the unused hours cost.
    pub unused_cost: Option<Nanos>,
}

/// Purchased and used, in normalized units.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReservationUnits {
    /// Paid for.
    pub purchased: f64,
    /// Of them, used.
    pub used: Option<f64>,
    /// Of them, not used.
    pub unused: Option<f64>,
    /// The used share in percent; `None` without any units.
    pub used_percent: Option<f64>,
}

/// What a commitment costs, spread over its days.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Fees {
    /// Of what was paid up front.
    pub upfront: Option<Nanos>,
    /// Of what is paid by and by.
    pub recurring: Option<Nanos>,
    /// Both.
    pub total: Option<Nanos>,
}

/// How much of the usage that could be reserved was reserved.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReservationCover {
    /// All hours that ran.
    pub total_hours: f64,
    /// Of them, those that a reservation covered.
    pub reserved_hours: f64,
    /// Of them, those that were paid on demand.
    pub on_demand_hours: f64,
    /// The covered share in percent; `None` when nothing ran.
    pub covered_percent: Option<f64>,
    /// The same in normalized units.
    pub units: Option<CoverUnits>,
    /// What the hours on demand cost.
    pub on_demand_cost: Option<Nanos>,
}

/// Reserved and on demand, in normalized units.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CoverUnits {
    /// All that ran.
    pub total: f64,
    /// Of them, covered.
    pub reserved: f64,
    /// Of them, on demand.
    pub on_demand: f64,
    /// The covered share in percent; `None` when nothing ran.
    pub covered_percent: Option<f64>,
}

/// How Savings Plans were used. They are bought in money: the unused part is what it cost.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavingsPlansUse {
    /// What was promised to be spent.
    pub commitment: Nanos,
    /// Of it, used.
    pub used: Nanos,
    /// Of it, lost.
    pub unused: Nanos,
    /// The used share in percent; `None` without any commitment.
    pub used_percent: Option<f64>,
    /// What was saved, after the cost of what wasn't used.
    pub net_savings: Option<Nanos>,
    /// What the covered usage would have cost on demand.
    pub on_demand_equivalent: Option<Nanos>,
    /// What the plans cost, up-front payments spread over their days.
    pub fees: Fees,
}

/// How much of the spending that Savings Plans could cover they covered.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavingsPlansCover {
    /// What the covered usage would have cost on demand.
    pub covered: Nanos,
    /// What was paid on demand.
    pub on_demand: Nanos,
    /// Both.
    pub total: Nanos,
    /// The covered share in percent; `None` when nothing was spent.
    pub covered_percent: Option<f64>,
}

impl SavingsPlansCover {
    /// Several days or months as one: AWS gives no total of its own.
    ///
    /// # Errors
    /// When a sum doesn't fit.
    pub fn sum<'a>(pieces: impl Iterator<Item = &'a Self> + Clone) -> Result<Self, MoneyError> {
        let covered = Nanos::sum(pieces.clone().map(|piece| piece.covered))?;
        let total = Nanos::sum(pieces.clone().map(|piece| piece.total))?;
        Ok(Self {
            covered,
            on_demand: Nanos::sum(pieces.map(|piece| piece.on_demand))?,
            total,
            covered_percent: (total != Nanos::ZERO)
                .then(|| covered.approximate() / total.approximate() * 100.0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coverage_of_nothing_has_no_percentage() {
        let cover = |covered, on_demand| SavingsPlansCover {
            covered: Nanos(covered),
            on_demand: Nanos(on_demand),
            total: Nanos(covered + on_demand),
            covered_percent: None,
        };
        let nothing = SavingsPlansCover::sum([cover(0, 0)].iter()).unwrap();
        assert_eq!(nothing.covered_percent, None);
        let some = SavingsPlansCover::sum([cover(3, 0), cover(0, 1), cover(0, 0)].iter()).unwrap();
        assert_eq!(some.covered_percent, Some(75.0));
        assert_eq!(
            (some.covered, some.on_demand, some.total),
            (Nanos(3), Nanos(1), Nanos(4))
        );
        let too_much = [cover(i64::MAX, 0), cover(i64::MAX, 0)];
        assert_eq!(
            SavingsPlansCover::sum(too_much.iter()),
            Err(MoneyError::TooLarge)
        );
    }
}
