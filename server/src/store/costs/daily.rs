//! Days by a cube's first key: what the Overview is made of.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use domain::{
    account::ConnectionId,
    cube::Cube,
    metric::Metric,
    money::{Currency, Nanos},
    period::Period,
    query::Step,
};

use super::{
    Costs, cubes, days,
    reader::{Reader, Which},
    series::KEY1,
};
use crate::store::{Result, StoreError};

/// What a key of a cube cost on a day.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DailyCost {
    /// The UTC day.
    pub day: NaiveDate,
    /// The value of the cube's first dimension.
    pub key: String,
    /// Of the amount.
    pub currency: Currency,
    /// The sum over the cube's second dimension.
    pub amount: Nanos,
}

impl Costs<'_> {
    /// What each first key cost on each stored day of a period, by day and key.
    /// Exact: sums of integers, one for each currency.
    ///
    /// # Errors
    /// [`StoreError::NotMoney`] for a metric of usage, [`StoreError::TooLarge`]
    /// when a sum doesn't fit.
    pub async fn daily_by_key1(
        &self,
        connection: ConnectionId,
        cube: Cube,
        period: Period,
        metric: Metric,
    ) -> Result<Vec<DailyCost>> {
        if !metric.is_cost() {
            return Err(StoreError::NotMoney);
        }
        let snapshot = self.0.snapshot().await?;
        let question = cube.question();
        let Some(number) = cubes::find(&snapshot, connection, &question).await? else {
            return Ok(Vec::new());
        };
        let reader = Reader {
            on: &snapshot,
            connections: &[connection],
            cubes: vec![number],
            question,
            filter: None,
            metric,
            period,
        };
        let mut series = HashMap::new();
        for row in reader.series(KEY1).await? {
            let key = row.at::<Option<String>>(1)?.unwrap_or_default();
            series.insert(row.at::<i64>(0)?, (key, row.currency()?));
        }
        let amounts = reader
            .amounts::<i64>(&Which::Level(KEY1), Step::Daily)
            .await?;
        snapshot.commit().await?;

        // A key with several units has a series for each: they are added up.
        let mut sums = BTreeMap::new();
        for amount in amounts {
            let of = series.get(&amount.series);
            let (key, currency) = of.ok_or(StoreError::Unreadable("series_id"))?;
            *sums
                .entry((amount.piece, key.as_str(), *currency))
                .or_default() += i128::from(amount.value);
        }
        sums.into_iter()
            .map(|((day, key, currency), sum): (_, i128)| {
                Ok(DailyCost {
                    day: days::date(day)?,
                    key: key.to_owned(),
                    currency,
                    amount: Nanos(i64::try_from(sum).map_err(|_| StoreError::TooLarge)?),
                })
            })
            .collect()
    }
}
