//! What AWS changed in days that were complete: both values are kept.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    account::ConnectionId,
    cube::Question,
    history::{Restatement, Stated},
    money::Currency,
    period::Period,
};
use sea_orm::ConnectionTrait;

use super::{
    Costs,
    amounts::{Amounts, COLUMNS, Sum},
    cubes, days,
    replace::Change,
    sql::{ROWS_AT_ONCE, Sql},
};
use crate::store::{
    Result,
    database::{moment, rows},
};

impl Costs<'_> {
    /// What AWS has changed in a cube's days of a period after they were complete, by
    /// time, day and keys.
    ///
    /// # Errors
    /// When the database fails, [`crate::store::StoreError::TooLarge`] when a sum doesn't fit.
    pub async fn restatements(
        &self,
        connection: ConnectionId,
        question: &Question,
        period: Period,
    ) -> Result<Vec<Restatement>> {
        let before = prefixed("r.before_");
        let after = prefixed("r.");
        let lines = rows(
            self.0.reads(),
            &format!(
                "SELECT r.day, r.asked_at, r.before_asked_at, k1.value, k2.value, {before}, \
                 {after}, s.currency FROM cubes c JOIN restatements r ON r.cube_id = c.id \
                 JOIN cube_series s ON s.id = r.series_id \
                 LEFT JOIN cube_keys k1 ON k1.id = s.key1 \
                 LEFT JOIN cube_keys k2 ON k2.id = s.key2 \
                 WHERE c.connection_id = $1 AND c.name = $2 AND r.day >= $3 AND r.day < $4"
            ),
            [
                connection.to_string().into(),
                cubes::name(question)?.into(),
                days::number(period.start()).into(),
                days::number(period.end()).into(),
            ],
        )
        .await?;
        // A pair whose unit changed is two series: to people it is one line.
        let mut merged: BTreeMap<Line, (DateTime<Utc>, Sum, Sum)> = BTreeMap::new();
        for row in lines {
            let keys: [Option<String>; 2] = [row.at(3)?, row.at(4)?];
            let keys = keys.map(Option::unwrap_or_default);
            let line = (row.at(1)?, row.at(0)?, keys, row.currency()?);
            let (_, before, after) =
                merged
                    .entry(line)
                    .or_insert((row.at(2)?, Sum::default(), Sum::default()));
            before.add(&Amounts::read(&row, 5)?);
            after.add(&Amounts::read(&row, 12)?);
        }
        let mut restated = Vec::with_capacity(merged.len());
        for ((asked_at, day, keys, currency), (before_asked_at, before, after)) in merged {
            let (before, after) = (before.finish()?, after.finish()?);
            if before != after {
                restated.push(Restatement {
                    day: days::date(day)?,
                    keys,
                    currency,
                    before: stated(before_asked_at, &before),
                    after: stated(asked_at, &after),
                });
            }
        }
        Ok(restated)
    }

    /// The days of a period that AWS has changed after they were complete, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn restated_days(
        &self,
        connection: ConnectionId,
        question: &Question,
        period: Period,
    ) -> Result<Vec<NaiveDate>> {
        let found = rows(
            self.0.reads(),
            "SELECT DISTINCT r.day FROM cubes c JOIN restatements r ON r.cube_id = c.id \
             WHERE c.connection_id = $1 AND c.name = $2 AND r.day >= $3 AND r.day < $4 \
             ORDER BY r.day",
            [
                connection.to_string().into(),
                cubes::name(question)?.into(),
                days::number(period.start()).into(),
                days::number(period.end()).into(),
            ],
        )
        .await?;
        found.iter().map(|row| days::date(row.at(0)?)).collect()
    }
}

/// In the order in which people read them.
type Line = (DateTime<Utc>, i64, [String; 2], Currency);

fn stated(asked_at: DateTime<Utc>, amounts: &Amounts) -> Stated {
    Stated {
        asked_at,
        costs: amounts.nanos(),
        usage_quantity: amounts.usage,
        normalized_usage: amounts.normalized,
    }
}

/// All columns, each with a text before it.
fn prefixed(prefix: &str) -> String {
    let columns: Vec<String> = COLUMNS
        .split(", ")
        .map(|column| format!("{prefix}{column}"))
        .collect();
    columns.join(", ")
}

/// Keeps both values of each change. `complete` has when the days' old values were asked for.
pub(super) async fn note(
    on: &impl ConnectionTrait,
    cube: i64,
    asked_at: DateTime<Utc>,
    complete: &BTreeMap<i64, DateTime<Utc>>,
    changes: impl Iterator<Item = &Change>,
) -> Result<()> {
    let changes: Vec<(&Change, DateTime<Utc>)> = changes
        .filter_map(|change| Some((change, *complete.get(&change.place.1)?)))
        .collect();
    let columns = prefixed("before_");
    for some in changes.chunks(ROWS_AT_ONCE) {
        let mut insert = Sql::new(
            on,
            "INSERT INTO restatements (cube_id, day, series_id, asked_at, before_asked_at, ",
        );
        insert
            .push(COLUMNS)
            .push(", ")
            .push(&columns)
            .push(") VALUES ");
        for (place, (change, before_asked_at)) in some.iter().enumerate() {
            let (series, day) = change.place;
            let own = [
                cube.into(),
                day.into(),
                series.into(),
                moment(asked_at),
                moment(*before_asked_at),
            ];
            let all = own
                .into_iter()
                .chain(change.after.values())
                .chain(change.before.values());
            insert.push(if place == 0 { "" } else { ", " }).list(all);
        }
        // The same moment twice: from the first value to the last one.
        insert.push(" ON CONFLICT (cube_id, day, series_id, asked_at) DO UPDATE SET ");
        for (place, column) in COLUMNS.split(", ").enumerate() {
            let before = if place == 0 { "" } else { ", " };
            insert.push(&format!("{before}{column} = excluded.{column}"));
        }
        insert.run(on).await?;
    }
    Ok(())
}
