//! Which days of a cube are stored, and how fresh they are.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{account::ConnectionId, cube::Question, period::Period};
use sea_orm::ConnectionTrait;

use super::{
    Costs, cubes, days,
    sql::{ROWS_AT_ONCE, Sql},
};
use crate::store::{
    Result,
    database::{Row, moment, row, rows},
};

/// What is known about a stored day, apart from its rows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SliceInfo {
    /// The UTC day; of a monthly answer, the month's first.
    pub day: NaiveDate,
    /// Whether AWS called it an estimate.
    pub estimated: bool,
    /// What day it was when AWS was asked.
    pub asked_on: NaiveDate,
    /// When AWS was asked.
    pub asked_at: DateTime<Utc>,
}

impl Costs<'_> {
    /// The stored days of a period, in order. A day that isn't among them is
    /// unknown, not free of cost.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn slices(
        &self,
        connection: ConnectionId,
        question: &Question,
        period: Period,
    ) -> Result<Vec<SliceInfo>> {
        rows(
            self.0.reads(),
            "SELECT d.day, d.estimated, d.asked_on, d.asked_at \
             FROM cubes c JOIN cube_days d ON d.cube_id = c.id \
             WHERE c.connection_id = $1 AND c.name = $2 AND d.day >= $3 AND d.day < $4 \
             ORDER BY d.day",
            [
                connection.to_string().into(),
                cubes::name(question)?.into(),
                days::number(period.start()).into(),
                days::number(period.end()).into(),
            ],
        )
        .await?
        .iter()
        .map(info)
        .collect()
    }

    /// From the oldest stored day to the newest; days in between may be missing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reach(
        &self,
        connection: ConnectionId,
        question: &Question,
    ) -> Result<Option<Period>> {
        let found = row(
            self.0.reads(),
            "SELECT MIN(d.day) AS oldest, MAX(d.day) AS newest \
             FROM cubes c JOIN cube_days d ON d.cube_id = c.id \
             WHERE c.connection_id = $1 AND c.name = $2",
            [connection.to_string().into(), cubes::name(question)?.into()],
        )
        .await?;
        let Some(found) = found else { return Ok(None) };
        let ends: (Option<i64>, Option<i64>) = (found.at(0)?, found.at(1)?);
        let (Some(oldest), Some(newest)) = ends else {
            return Ok(None);
        };
        Ok(Period::new(days::date(oldest)?, days::date(newest + 1)?).ok())
    }
}

fn info(row: &Row) -> Result<SliceInfo> {
    Ok(SliceInfo {
        day: days::date(row.at(0)?)?,
        estimated: row.at(1)?,
        asked_on: days::date(row.at(2)?)?,
        asked_at: row.at(3)?,
    })
}

/// The stored days of a cube, by number, within `[first, end)`.
pub(super) async fn known(
    on: &impl ConnectionTrait,
    cube: i64,
    first: i64,
    end: i64,
) -> Result<BTreeMap<i64, SliceInfo>> {
    rows(
        on,
        "SELECT day, estimated, asked_on, asked_at FROM cube_days \
         WHERE cube_id = $1 AND day >= $2 AND day < $3",
        [cube.into(), first.into(), end.into()],
    )
    .await?
    .iter()
    .map(|row| Ok((row.at(0)?, info(row)?)))
    .collect()
}

/// Puts days in place of what is known about them.
pub(super) async fn put(on: &impl ConnectionTrait, cube: i64, slices: &[SliceInfo]) -> Result<()> {
    for some in slices.chunks(ROWS_AT_ONCE) {
        let rows = some.iter().map(|slice| {
            [
                cube.into(),
                days::number(slice.day).into(),
                slice.estimated.into(),
                days::number(slice.asked_on).into(),
                moment(slice.asked_at),
            ]
        });
        Sql::new(
            on,
            "INSERT INTO cube_days (cube_id, day, estimated, asked_on, asked_at) VALUES ",
        )
        .rows(rows)
        .push(
            " ON CONFLICT (cube_id, day) DO UPDATE SET estimated = excluded.estimated, \
             asked_on = excluded.asked_on, asked_at = excluded.asked_at",
        )
        .run(on)
        .await?;
    }
    Ok(())
}
