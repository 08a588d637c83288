//! The totals of months, as far back as anything is known: from days where they are
//! stored, else from what AWS said of the whole month.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::{
    account::ConnectionId,
    cube::Question,
    history::{MonthSource, MonthTotal},
    look::Look,
    money::{Currency, Nanos},
    period::Period,
};
use sea_orm::DatabaseTransaction;

use super::{Costs, amounts, cubes, days, series::KEY2};
use crate::store::{
    Result, StoreError,
    database::{Row, rows},
};

impl Costs<'_> {
    /// The total of each calendar month that a period touches and of which anything is
    /// stored, by month and currency. A month whose days are all stored is their sum, which
    /// follows what AWS changes; they stay when AWS forgets them. Of a month that lacks
    /// some, AWS's own total is taken, where it was asked after the month was over. Without
    /// that, the days that there are. AWS's totals don't tell kinds of charges apart: where
    /// some don't count, there are only days.
    ///
    /// # Errors
    /// [`StoreError::NotMoney`] for a metric of usage, [`StoreError::TooLarge`] when a
    /// sum doesn't fit.
    pub async fn month_totals(
        &self,
        connection: ConnectionId,
        period: Period,
        look: Look,
    ) -> Result<Vec<MonthTotal>> {
        if !look.metric.is_cost() {
            return Err(StoreError::NotMoney);
        }
        let snapshot = self.0.snapshot().await?;
        let daily = look.cube().question();
        let by_days = Known::read(&snapshot, connection, daily, period, look).await?;
        let by_months = if look.view.includes_everything() {
            let monthly = Question::months();
            Known::read(&snapshot, connection, monthly, period, look).await?
        } else {
            Known::default()
        };
        snapshot.commit().await?;

        let mut totals = Vec::new();
        for month in period.by_month() {
            let month = Period::month_of(month.start());
            let first = days::number(month.start());
            let stored = by_days.days_in(month);
            let was_over = |asked_on: &NaiveDate| *asked_on >= month.end();
            let from_days =
                stored == month.len() || !by_months.days.get(&first).is_some_and(was_over);
            let (known, source) = if from_days {
                let count = u32::try_from(stored).unwrap_or(u32::MAX);
                (&by_days, MonthSource::Days(count))
            } else {
                (&by_months, MonthSource::Month)
            };
            if stored == 0 && source != MonthSource::Month {
                continue;
            }
            for currency in &known.currencies {
                // What is stored and named nothing cost nothing.
                let total = known.totals.get(&(first, *currency)).copied();
                totals.push(MonthTotal {
                    month,
                    currency: *currency,
                    total: total.unwrap_or_default(),
                    source,
                });
            }
        }
        Ok(totals)
    }
}

/// What one cube knows.
#[derive(Default)]
struct Known {
    /// On which day each was asked for.
    days: BTreeMap<i64, NaiveDate>,
    currencies: BTreeSet<Currency>,
    totals: BTreeMap<(i64, Currency), Nanos>,
}

impl Known {
    async fn read(
        on: &DatabaseTransaction,
        connection: ConnectionId,
        question: Question,
        period: Period,
        look: Look,
    ) -> Result<Self> {
        let months = period.by_month();
        let ends = months.first().zip(months.last());
        let (first, end) = ends.map_or((0, 0), |(first, last)| {
            (
                days::number(Period::month_of(first.start()).start()),
                days::number(Period::month_of(last.start()).end()),
            )
        });
        let name = cubes::name(&question)?;
        let values = || {
            [
                connection.to_string().into(),
                name.as_str().into(),
                first.into(),
                end.into(),
            ]
        };
        let days = rows(
            on,
            "SELECT d.day, d.asked_on FROM cubes c JOIN cube_days d ON d.cube_id = c.id \
             WHERE c.connection_id = $1 AND c.name = $2 AND d.day >= $3 AND d.day < $4",
            values(),
        )
        .await?;
        // Where some charges don't count, the second key is the kind of charge.
        let level = if look.view.includes_everything() {
            0
        } else {
            KEY2
        };
        let sums = rows(
            on,
            &format!(
                "SELECT a.month, {sum}, s.currency, k.value \
                 FROM cubes c CROSS JOIN cube_series s CROSS JOIN monthly_costs a \
                 LEFT JOIN cube_keys k ON k.id = s.key2 \
                 WHERE c.connection_id = $1 AND c.name = $2 AND s.cube_id = c.id \
                 AND s.level = $5 AND a.series_id = s.id AND a.month >= $3 AND a.month < $4 \
                 GROUP BY a.month, s.currency, k.value",
                sum = amounts::sum(look.counted()),
            ),
            values().into_iter().chain([level.into()]),
        )
        .await?;
        let mut totals = BTreeMap::new();
        for row in sums {
            let kind: Option<String> = row.at(3)?;
            if level == 0 || look.view.counts(&kind.unwrap_or_default()) {
                let total: &mut Nanos = totals.entry((row.at(0)?, row.currency()?)).or_default();
                let sum = total.checked_add(Nanos(row.at(1)?));
                *total = sum.map_err(|_| StoreError::TooLarge)?;
            }
        }
        let asked_on = |row: &Row| Ok((row.at(0)?, days::date(row.at(1)?)?));
        Ok(Self {
            days: days.iter().map(asked_on).collect::<Result<_>>()?,
            currencies: totals.keys().map(|(_, currency)| *currency).collect(),
            totals,
        })
    }

    fn days_in(&self, month: Period) -> usize {
        let days = days::number(month.start())..days::number(month.end());
        self.days.range(days).count()
    }
}
