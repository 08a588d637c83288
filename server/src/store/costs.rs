//! Costs by day and by a pair of keys, kept in slices: a day of a cube is there
//! as a whole or not at all.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    account::{AwsAccountId, ConnectionId},
    cube::{Cube, CubeRow, DaySlice, LinkedAccountName},
    metric::Metric,
    money::{Currency, Nanos},
    period::Period,
};
use sea_orm::{DatabaseTransaction, Value};

use super::{
    Result, StoreError,
    database::{Database, moment, rows, run},
};

/// Costs.
pub struct Costs<'a>(pub(super) &'a Database);

/// What is known about a stored day, apart from its rows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SliceInfo {
    /// The UTC day.
    pub day: NaiveDate,
    /// Whether AWS called it an estimate.
    pub estimated: bool,
    /// What day it was when AWS was asked.
    pub asked_on: NaiveDate,
    /// When the answer was stored.
    pub asked_at: DateTime<Utc>,
}

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

/// Rows in one statement. PostgreSQL takes 65,535 values and SQLite 32,766;
/// beyond some hundred rows nothing gets faster.
const ROWS_AT_ONCE: usize = 250;

impl Costs<'_> {
    /// Puts whole days in place of what was stored for them, together with the
    /// names of linked accounts, all or nothing. A day without rows is stored
    /// as one that cost nothing; days that aren't given stay as they are.
    ///
    /// # Errors
    /// [`StoreError::OwnerGone`] when the connection has been deleted meanwhile,
    /// and when a day or a pair of keys comes twice.
    pub async fn replace_slices(
        &self,
        connection: ConnectionId,
        cube: Cube,
        asked_on: NaiveDate,
        asked_at: DateTime<Utc>,
        days: &[DaySlice],
        names: &[LinkedAccountName],
    ) -> Result<()> {
        let transaction = self.0.begin().await?;
        self.replace_in(
            &transaction,
            connection,
            cube,
            asked_on,
            asked_at,
            days,
            names,
        )
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The same, as a part of something larger; answers whether there may be news.
    #[expect(clippy::too_many_arguments, reason = "an answer's parts")]
    pub(super) async fn replace_in(
        &self,
        transaction: &DatabaseTransaction,
        connection: ConnectionId,
        cube: Cube,
        asked_on: NaiveDate,
        asked_at: DateTime<Utc>,
        days: &[DaySlice],
        names: &[LinkedAccountName],
    ) -> Result<bool> {
        let owner = Owner {
            connection: connection.to_string().into(),
            cube: cube.as_str().into(),
            postgres: self.0.is_postgres(),
        };
        for some in days.chunks(ROWS_AT_ONCE) {
            owner.clear(transaction, some).await?;
            owner
                .insert_slices(transaction, asked_on, asked_at, some)
                .await?;
        }
        let all: Vec<(NaiveDate, &CubeRow)> = days
            .iter()
            .flat_map(|slice| slice.rows.iter().map(|row| (slice.day, row)))
            .collect();
        for some in all.chunks(ROWS_AT_ONCE) {
            owner.insert_rows(transaction, some).await?;
        }
        insert_names(transaction, connection, names).await?;
        Ok(true)
    }

    /// The stored days of a period, in order. A day that isn't among them is
    /// unknown, not free of cost.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn slices(
        &self,
        connection: ConnectionId,
        cube: Cube,
        period: Period,
    ) -> Result<Vec<SliceInfo>> {
        rows(
            self.0.reads(),
            "SELECT day, estimated, asked_on, asked_at FROM slices \
             WHERE connection_id = $1 AND cube = $2 AND day >= $3 AND day < $4 ORDER BY day",
            [
                connection.to_string().into(),
                cube.as_str().into(),
                period.start().into(),
                period.end().into(),
            ],
        )
        .await?
        .iter()
        .map(|row| {
            Ok(SliceInfo {
                day: row.get("day")?,
                estimated: row.get("estimated")?,
                asked_on: row.get("asked_on")?,
                asked_at: row.get("asked_at")?,
            })
        })
        .collect()
    }

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
        let column = cost_column(metric).ok_or(StoreError::NotMoney)?;
        // PostgreSQL adds up to a NUMERIC; the cast fails where it doesn't fit.
        let sql = format!(
            "SELECT day, key1, currency, CAST(SUM({column}) AS BIGINT) AS amount FROM costs \
             WHERE connection_id = $1 AND cube = $2 AND day >= $3 AND day < $4 \
             GROUP BY day, key1, currency"
        );
        let mut daily = rows(
            self.0.reads(),
            &sql,
            [
                connection.to_string().into(),
                cube.as_str().into(),
                period.start().into(),
                period.end().into(),
            ],
        )
        .await?
        .iter()
        .map(|row| {
            Ok(DailyCost {
                day: row.get("day")?,
                key: row.get("key1")?,
                currency: row.currency()?,
                amount: Nanos(row.get("amount")?),
            })
        })
        .collect::<Result<Vec<DailyCost>>>()?;
        // Here, because the two databases sort letters differently.
        daily.sort_by(|a, b| {
            (a.day, &a.key, a.currency.code()).cmp(&(b.day, &b.key, b.currency.code()))
        });
        Ok(daily)
    }

    /// The names of linked accounts, as AWS last told them, by account.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn linked_account_names(
        &self,
        connection: ConnectionId,
    ) -> Result<Vec<LinkedAccountName>> {
        rows(
            self.0.reads(),
            "SELECT account, name FROM linked_accounts WHERE connection_id = $1 ORDER BY account",
            [connection.to_string().into()],
        )
        .await?
        .iter()
        .map(|row| {
            Ok(LinkedAccountName {
                account: row.parse::<AwsAccountId>("account")?,
                name: row.get("name")?,
            })
        })
        .collect()
    }
}

const fn cost_column(metric: Metric) -> Option<&'static str> {
    match metric {
        Metric::Unblended => Some("unblended"),
        Metric::Amortized => Some("amortized"),
        Metric::Blended => Some("blended"),
        Metric::NetUnblended => Some("net_unblended"),
        Metric::NetAmortized => Some("net_amortized"),
        Metric::UsageQuantity | Metric::NormalizedUsage => None,
    }
}

/// `($1, $2, …), ($n, …)`: places for rows of values, from the `first` on.
///
/// On SQLite they are `?`: its driver looks up the name of each place by going
/// through the names of all, which takes longer than storing the rows.
fn places(postgres: bool, first: usize, rows: usize, values: usize) -> String {
    let mut text = String::with_capacity(rows * values * 7);
    let mut place = first;
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for value in 0..values {
            text.push_str(if value == 0 { "" } else { ", " });
            if postgres {
                text.push('$');
                text.push_str(&place.to_string());
            } else {
                text.push('?');
            }
            place += 1;
        }
        text.push(')');
    }
    text
}

/// Which connection's which cube.
struct Owner {
    connection: Value,
    cube: Value,
    postgres: bool,
}

impl Owner {
    /// Removes what is stored for some days.
    async fn clear(&self, on: &DatabaseTransaction, days: &[DaySlice]) -> Result<()> {
        let owner = if self.postgres {
            ["$1", "$2"]
        } else {
            ["?", "?"]
        };
        let days_places = places(self.postgres, 3, 1, days.len());
        for table in ["costs", "slices"] {
            let sql = format!(
                "DELETE FROM {table} WHERE connection_id = {} AND cube = {} AND day IN {days_places}",
                owner[0], owner[1]
            );
            let owner = [self.connection.clone(), self.cube.clone()];
            let days = days.iter().map(|slice| slice.day.into());
            run(on, &sql, owner.into_iter().chain(days)).await?;
        }
        Ok(())
    }

    async fn insert_slices(
        &self,
        on: &DatabaseTransaction,
        asked_on: NaiveDate,
        asked_at: DateTime<Utc>,
        days: &[DaySlice],
    ) -> Result<()> {
        let sql = format!(
            "INSERT INTO slices (connection_id, cube, day, estimated, asked_on, asked_at) \
             VALUES {}",
            places(self.postgres, 1, days.len(), 6)
        );
        let values = days.iter().flat_map(|slice| {
            [
                self.connection.clone(),
                self.cube.clone(),
                slice.day.into(),
                slice.estimated.into(),
                asked_on.into(),
                moment(asked_at),
            ]
        });
        run(on, &sql, values).await?;
        Ok(())
    }

    async fn insert_rows(
        &self,
        on: &DatabaseTransaction,
        some: &[(NaiveDate, &CubeRow)],
    ) -> Result<()> {
        let sql = format!(
            "INSERT INTO costs (connection_id, cube, day, key1, key2, currency, unblended, \
             amortized, blended, net_unblended, net_amortized, usage_quantity, usage_unit, \
             normalized_usage) VALUES {}",
            places(self.postgres, 1, some.len(), 14)
        );
        let values = some.iter().flat_map(|(day, row)| {
            // In the order of `Metric::COSTS`, which is the order of the columns.
            let [unblended, amortized, blended, net_unblended, net_amortized] = row.costs;
            [
                self.connection.clone(),
                self.cube.clone(),
                (*day).into(),
                row.keys[0].as_str().into(),
                row.keys[1].as_str().into(),
                row.currency.code().into(),
                unblended.0.into(),
                amortized.0.into(),
                blended.0.into(),
                net_unblended.0.into(),
                net_amortized.0.into(),
                row.usage_quantity.into(),
                row.usage_unit.as_str().into(),
                row.normalized_usage.into(),
            ]
        });
        run(on, &sql, values).await?;
        Ok(())
    }
}

async fn insert_names(
    transaction: &DatabaseTransaction,
    connection: ConnectionId,
    names: &[LinkedAccountName],
) -> Result<()> {
    // Each account once: PostgreSQL won't change a row twice in one statement.
    let names: BTreeMap<&str, &str> = names
        .iter()
        .map(|one| (one.account.as_str(), one.name.as_str()))
        .collect();
    for (account, name) in names {
        run(
            transaction,
            "INSERT INTO linked_accounts (connection_id, account, name) VALUES ($1, $2, $3) \
             ON CONFLICT (connection_id, account) DO UPDATE SET name = excluded.name",
            [connection.to_string().into(), account.into(), name.into()],
        )
        .await?;
    }
    Ok(())
}
