//! Days by a cube's first key, and of everything: what the Overview and forecasts are made of.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use domain::{
    account::ConnectionId,
    charge::View,
    cube::Cube,
    look::Look,
    metric::Metric,
    money::{Currency, Nanos},
    period::Period,
    query::Step,
};

use super::{
    Costs, cubes, days,
    reader::{Reader, Which},
    series::{KEY1, KEY2},
};
use crate::store::{Result, StoreError};

/// What a key of a cube cost on a day.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DailyCost {
    /// The UTC day.
    pub day: NaiveDate,
    /// The value of the cube's first dimension; empty where it is the sum over all.
    pub key: String,
    /// Of the amount.
    pub currency: Currency,
    /// The sum over the cube's second dimension.
    pub amount: Nanos,
}

/// Which sums of a cube.
struct Sums {
    cube: Cube,
    metric: Metric,
    by_key1: bool,
    /// Where it leaves any charges out, the second key has to be the kind of charge.
    view: View,
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
        let sums = Sums {
            cube,
            metric,
            by_key1: true,
            view: View::Console,
        };
        self.daily(connection, period, sums).await
    }

    /// What each service cost on each stored day of a period, as somebody looks at it.
    ///
    /// # Errors
    /// As [`Costs::daily_by_key1`].
    pub async fn daily_by_service(
        &self,
        connection: ConnectionId,
        look: Look,
        period: Period,
    ) -> Result<Vec<DailyCost>> {
        let sums = Sums::of(look, true);
        self.daily(connection, period, sums).await
    }

    /// What everything cost on each stored day of a period, as somebody looks at it.
    ///
    /// # Errors
    /// As [`Costs::daily_by_key1`].
    pub async fn daily_totals(
        &self,
        connection: ConnectionId,
        look: Look,
        period: Period,
    ) -> Result<Vec<DailyCost>> {
        let sums = Sums::of(look, false);
        self.daily(connection, period, sums).await
    }

    async fn daily(
        &self,
        connection: ConnectionId,
        period: Period,
        sums: Sums,
    ) -> Result<Vec<DailyCost>> {
        if !sums.metric.is_cost() {
            return Err(StoreError::NotMoney);
        }
        let snapshot = self.0.snapshot().await?;
        let question = sums.cube.question();
        let Some(number) = cubes::find(&snapshot, connection, &question).await? else {
            return Ok(Vec::new());
        };
        let reader = Reader {
            on: &snapshot,
            connections: &[connection],
            cubes: vec![number],
            question,
            filter: None,
            metric: sums.metric,
            period,
        };
        let level = sums.level();
        let mut texts = reader.texts(level, 0).await?;
        texts.extend(reader.texts(level, 1).await?);
        let texts: HashMap<i64, String> = texts.into_iter().collect();
        // A series without this key has number 0 in its place, and no text.
        let text = |number: i64| texts.get(&number).map_or("", String::as_str);
        let mut series = HashMap::new();
        for row in reader.series(level).await? {
            let counts = level & KEY2 == 0 || sums.view.counts(text(row.at(2)?));
            let of = (text(row.at(1)?), row.currency()?);
            series.insert(row.at::<i64>(0)?, counts.then_some(of));
        }
        let which = Which::Level(level);
        let amounts = reader.amounts::<i64>(&which, Step::Daily).await?;
        snapshot.commit().await?;

        // A key with several units has a series for each: they are added up.
        let mut added = BTreeMap::new();
        for amount in amounts {
            let of = series.get(&amount.series);
            let of = of.ok_or(StoreError::Unreadable("series_id"))?;
            if let Some((key, currency)) = of {
                *added.entry((amount.piece, *key, *currency)).or_default() +=
                    i128::from(amount.value);
            }
        }
        added
            .into_iter()
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

impl Sums {
    const fn of(look: Look, by_key1: bool) -> Self {
        Self {
            cube: look.cube(),
            metric: look.counted(),
            by_key1,
            view: look.view,
        }
    }

    /// Of the series that are added up: sums where they will do.
    const fn level(&self) -> i64 {
        let key1 = if self.by_key1 { KEY1 } else { 0 };
        let key2 = if self.view.includes_everything() {
            0
        } else {
            KEY2
        };
        key1 | key2
    }
}
