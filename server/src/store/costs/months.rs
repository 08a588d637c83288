//! The totals of months, as far back as anything is known: from days where they are
//! stored, else from what AWS said of the whole month.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    account::ConnectionId,
    cube::{Cube, Question},
    history::{MonthSource, MonthTotal},
    metric::Metric,
    money::{Currency, Nanos},
    period::Period,
};
use sea_orm::DatabaseTransaction;

use super::{Costs, amounts, cubes, days};
use crate::store::{
    Result, StoreError,
    database::{Row, rows},
};

impl Costs<'_> {
    /// The total of each calendar month that a period touches and of which anything is
    /// stored, by month and currency. Days of the main cube count unless some are
    /// missing and AWS was asked for the whole month.
    ///
    /// # Errors
    /// [`StoreError::NotMoney`] for a metric of usage, [`StoreError::TooLarge`] when a
    /// sum doesn't fit.
    pub async fn month_totals(
        &self,
        connection: ConnectionId,
        period: Period,
        metric: Metric,
    ) -> Result<Vec<MonthTotal>> {
        if !metric.is_cost() {
            return Err(StoreError::NotMoney);
        }
        let snapshot = self.0.snapshot().await?;
        let by_days = Known::read(
            &snapshot,
            connection,
            Cube::ServiceAccount.question(),
            period,
            metric,
        );
        let by_days = by_days.await?;
        let by_months = Known::read(&snapshot, connection, Question::months(), period, metric);
        let by_months = by_months.await?;
        snapshot.commit().await?;

        let mut totals = Vec::new();
        for month in period.by_month() {
            let month = Period::month_of(month.start());
            let first = days::number(month.start());
            let stored = by_days.days_of(month);
            let from_days = is_unbroken(&stored, first) || !by_months.days.contains(&first);
            let (known, source) = if from_days {
                let count = u32::try_from(stored.len()).unwrap_or(u32::MAX);
                (&by_days, MonthSource::Days(count))
            } else {
                (&by_months, MonthSource::Month)
            };
            for currency in &known.currencies {
                totals.extend(
                    known
                        .totals
                        .get(&(first, *currency))
                        .map(|total| MonthTotal {
                            month,
                            currency: *currency,
                            total: Nanos(*total),
                            source,
                        }),
                );
            }
        }
        Ok(totals)
    }
}

/// Whether there are days, from the first of the month on, and none is missing in between.
fn is_unbroken(stored: &[i64], first: i64) -> bool {
    !stored.is_empty()
        && (first..)
            .zip(stored)
            .all(|(expected, day)| expected == *day)
}

/// What one cube knows.
struct Known {
    days: BTreeSet<i64>,
    currencies: BTreeSet<Currency>,
    totals: BTreeMap<(i64, Currency), i64>,
}

impl Known {
    async fn read(
        on: &DatabaseTransaction,
        connection: ConnectionId,
        question: Question,
        period: Period,
        metric: Metric,
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
            "SELECT d.day FROM cubes c JOIN cube_days d ON d.cube_id = c.id \
             WHERE c.connection_id = $1 AND c.name = $2 AND d.day >= $3 AND d.day < $4",
            values(),
        )
        .await?;
        let totals = rows(
            on,
            &format!(
                "SELECT a.month, {sum}, s.currency \
                 FROM cubes c CROSS JOIN cube_series s CROSS JOIN monthly_costs a \
                 WHERE c.connection_id = $1 AND c.name = $2 AND s.cube_id = c.id \
                 AND s.level = 0 AND a.series_id = s.id AND a.month >= $3 AND a.month < $4 \
                 GROUP BY a.month, s.currency",
                sum = amounts::sum(metric),
            ),
            values(),
        )
        .await?;
        let total = |row: &Row| Ok(((row.at(0)?, row.currency()?), row.at(1)?));
        let totals = totals
            .iter()
            .map(total)
            .collect::<Result<BTreeMap<_, _>>>()?;
        Ok(Self {
            days: days.iter().map(|row| row.at(0)).collect::<Result<_>>()?,
            currencies: totals.keys().map(|(_, currency)| *currency).collect(),
            totals,
        })
    }

    fn days_of(&self, month: Period) -> Vec<i64> {
        let days = days::number(month.start())..days::number(month.end());
        self.days.range(days).copied().collect()
    }
}
