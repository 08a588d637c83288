//! The seven metrics of one series on one day.

use domain::{cube::CubeRow, metric::Metric, money::Nanos};
use sea_orm::Value;

use crate::store::{Result, StoreError, database::Row};

/// In the order of [`Metric::ALL`].
pub(super) const COLUMNS: &str = "unblended, amortized, blended, net_unblended, net_amortized, \
                                  usage_quantity, normalized_usage";

/// The sums of the columns. PostgreSQL adds up to a NUMERIC; the cast fails where it
/// doesn't fit.
pub(super) const SUMS: &str = "CAST(SUM(unblended) AS BIGINT), CAST(SUM(amortized) AS BIGINT), \
     CAST(SUM(blended) AS BIGINT), CAST(SUM(net_unblended) AS BIGINT), \
     CAST(SUM(net_amortized) AS BIGINT), SUM(usage_quantity), SUM(normalized_usage)";

/// A metric's column.
pub(super) const fn column(metric: Metric) -> &'static str {
    match metric {
        Metric::Unblended => "unblended",
        Metric::Amortized => "amortized",
        Metric::Blended => "blended",
        Metric::NetUnblended => "net_unblended",
        Metric::NetAmortized => "net_amortized",
        Metric::UsageQuantity => "usage_quantity",
        Metric::NormalizedUsage => "normalized_usage",
    }
}

/// What a metric adds up to, as a column of a statement.
pub(super) fn sum(metric: Metric) -> String {
    let column = column(metric);
    if metric.is_cost() {
        format!("CAST(SUM({column}) AS BIGINT)")
    } else {
        format!("SUM({column})")
    }
}

/// All seven.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Amounts {
    /// In the order of [`Metric::COSTS`].
    pub(super) costs: [i64; 5],
    pub(super) usage: f64,
    pub(super) normalized: f64,
}

impl Amounts {
    pub(super) fn of(row: &CubeRow) -> Self {
        Self {
            costs: row.costs.map(|cost| cost.0),
            usage: row.usage_quantity,
            normalized: row.normalized_usage,
        }
    }

    /// For [`COLUMNS`].
    pub(super) fn values(&self) -> [Value; 7] {
        let [a, b, c, d, e] = self.costs;
        [
            a.into(),
            b.into(),
            c.into(),
            d.into(),
            e.into(),
            self.usage.into(),
            self.normalized.into(),
        ]
    }

    /// From [`COLUMNS`], the first of which has this place among a row's.
    pub(super) fn read(row: &Row, first: usize) -> Result<Self> {
        Ok(Self {
            costs: costs(row, first)?,
            usage: row.at(first + 5)?,
            normalized: row.at(first + 6)?,
        })
    }

    pub(super) fn nanos(&self) -> [Nanos; 5] {
        self.costs.map(Nanos)
    }
}

/// The five costs from consecutive columns.
pub(super) fn costs(row: &Row, first: usize) -> Result<[i64; 5]> {
    Ok([
        row.at(first)?,
        row.at(first + 1)?,
        row.at(first + 2)?,
        row.at(first + 3)?,
        row.at(first + 4)?,
    ])
}

/// Adds up amounts; only the result has to fit.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum {
    costs: [i128; 5],
    usage: f64,
    normalized: f64,
}

impl Sum {
    pub(super) fn add(&mut self, amounts: &Amounts) {
        for (sum, cost) in self.costs.iter_mut().zip(amounts.costs) {
            *sum += i128::from(cost);
        }
        self.usage += amounts.usage;
        self.normalized += amounts.normalized;
    }

    /// How much more money this is.
    pub(super) fn costs_minus(&self, other: &Self) -> [i128; 5] {
        let mut difference = self.costs;
        for (one, other) in difference.iter_mut().zip(other.costs) {
            *one -= other;
        }
        difference
    }

    pub(super) fn finish(&self) -> Result<Amounts> {
        let mut costs = [0; 5];
        for (cost, sum) in costs.iter_mut().zip(self.costs) {
            *cost = i64::try_from(sum).map_err(|_| StoreError::TooLarge)?;
        }
        Ok(Amounts {
            costs,
            usage: self.usage,
            normalized: self.normalized,
        })
    }
}
