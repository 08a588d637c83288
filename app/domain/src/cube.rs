//! Costs as they are asked for and kept: by day and by a pair of keys.

use chrono::NaiveDate;

use crate::{
    account::AwsAccountId,
    metric::Metric,
    money::{Currency, Nanos},
};

/// A pair of group-by keys that Cost Explorer is asked for. A request carries at most two.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Cube {
    /// `SERVICE` × `LINKED_ACCOUNT`.
    ServiceAccount,
}

impl Cube {
    /// Every cube that is kept.
    pub const ALL: [Self; 1] = [Self::ServiceAccount];

    /// The dimensions as Cost Explorer names them, in the order of a row's keys.
    #[must_use]
    pub const fn dimensions(self) -> [&'static str; 2] {
        match self {
            Self::ServiceAccount => ["SERVICE", "LINKED_ACCOUNT"],
        }
    }

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ServiceAccount => "service_account",
        }
    }
}

/// One day's costs of one pair of keys, in all seven metrics.
#[derive(Clone, Debug, PartialEq)]
pub struct CubeRow {
    /// The values of [`Cube::dimensions`].
    pub keys: [String; 2],
    /// Of the five costs.
    pub currency: Currency,
    /// In the order of [`Metric::COSTS`].
    pub costs: [Nanos; 5],
    /// A measure, not money: in `usage_unit`.
    pub usage_quantity: f64,
    /// AWS's unit; `N/A` where it adds up different ones.
    pub usage_unit: String,
    /// Normalized units.
    pub normalized_usage: f64,
}

impl CubeRow {
    /// The amount in a metric; `None` for the two that aren't money.
    #[must_use]
    pub fn cost(&self, metric: Metric) -> Option<Nanos> {
        let place = Metric::COSTS.iter().position(|cost| *cost == metric)?;
        self.costs.get(place).copied()
    }
}

/// One day of a cube, whole: all rows that AWS gave for it, which may be none.
#[derive(Clone, Debug, PartialEq)]
pub struct DaySlice {
    /// The UTC day.
    pub day: NaiveDate,
    /// Whether AWS calls it an estimate.
    pub estimated: bool,
    /// In any order; each pair of keys once.
    pub rows: Vec<CubeRow>,
}

/// A linked account's name, as Cost Explorer tells it beside the costs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LinkedAccountName {
    /// Which account.
    pub account: AwsAccountId,
    /// Its name in the organization.
    pub name: String,
}
