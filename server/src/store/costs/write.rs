//! Writes the rows of series, by day and by month.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sea_orm::ConnectionTrait;

use super::{
    amounts::{Amounts, COLUMNS, SUMS},
    days,
    sql::{ROWS_AT_ONCE, Sql},
};
use crate::store::{Result, database::rows};

/// A stored row: its series' number and its day.
pub(super) type Place = (i64, i64);

/// The stored rows of a cube's series within `[first, end)`.
pub(super) async fn stored(
    on: &impl ConnectionTrait,
    cube: i64,
    first: i64,
    end: i64,
) -> Result<HashMap<Place, Amounts>> {
    rows(
        on,
        &format!(
            "SELECT a.series_id, a.day, {COLUMNS} FROM cube_series s CROSS JOIN daily_costs a \
             WHERE s.cube_id = $1 AND a.series_id = s.id AND a.day >= $2 AND a.day < $3"
        ),
        [cube.into(), first.into(), end.into()],
    )
    .await?
    .iter()
    .map(|row| Ok(((row.at(0)?, row.at(1)?), Amounts::read(row, 2)?)))
    .collect()
}

/// Puts rows in place of those that have their places. In the order of their places it
/// is fastest.
pub(super) async fn put(on: &impl ConnectionTrait, rows: &[(Place, Amounts)]) -> Result<()> {
    for some in rows.chunks(ROWS_AT_ONCE) {
        let values = some.iter().map(|((series, day), amounts)| {
            let [a, b, c, d, e, usage, normalized] = amounts.values();
            let (series, day) = ((*series).into(), (*day).into());
            [series, day, a, b, c, d, e, usage, normalized]
        });
        let mut insert = Sql::new(on, "INSERT INTO daily_costs (series_id, day, ");
        insert
            .push(COLUMNS)
            .push(") VALUES ")
            .rows(values)
            .push(" ON CONFLICT (series_id, day) DO UPDATE SET ");
        for (place, column) in COLUMNS.split(", ").enumerate() {
            let before = if place == 0 { "" } else { ", " };
            insert.push(&format!("{before}{column} = excluded.{column}"));
        }
        insert.run(on).await?;
    }
    Ok(())
}

pub(super) async fn remove(on: &impl ConnectionTrait, places: &[Place]) -> Result<()> {
    let mut by_day: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (series, day) in places {
        by_day.entry(*day).or_default().push(*series);
    }
    for (day, series) in by_day {
        for some in series.chunks(ROWS_AT_ONCE) {
            Sql::new(on, "DELETE FROM daily_costs WHERE day = ")
                .bind(day)
                .push(" AND series_id IN ")
                .list(some.iter().copied())
                .run(on)
                .await?;
        }
    }
    Ok(())
}

/// Adds up the months of these rows again.
pub(super) async fn add_up_months(
    on: &impl ConnectionTrait,
    places: impl Iterator<Item = Place>,
) -> Result<()> {
    let mut months: BTreeMap<(i64, i64), BTreeSet<i64>> = BTreeMap::new();
    let mut month = (0, 0);
    for (series, day) in places {
        if day < month.0 || day >= month.1 {
            month = days::month_of(day)?;
        }
        months.entry(month).or_default().insert(series);
    }
    for ((first, next), series) in months {
        let series: Vec<i64> = series.into_iter().collect();
        for some in series.chunks(ROWS_AT_ONCE) {
            Sql::new(on, "DELETE FROM monthly_costs WHERE month = ")
                .bind(first)
                .push(" AND series_id IN ")
                .list(some.iter().copied())
                .run(on)
                .await?;
            Sql::new(on, "INSERT INTO monthly_costs (series_id, month, ")
                .push(COLUMNS)
                .push(") SELECT series_id, ")
                .bind(first)
                .push(", ")
                .push(SUMS)
                .push(" FROM daily_costs WHERE series_id IN ")
                .list(some.iter().copied())
                .push(" AND day >= ")
                .bind(first)
                .push(" AND day < ")
                .bind(next)
                .push(" GROUP BY series_id")
                .run(on)
                .await?;
        }
    }
    Ok(())
}
