//! Reads the amounts of a cube's series: from the months where whole months are asked
//! for, from the days else.

use domain::{
    account::ConnectionId, cube::Question, dimension::Filter, metric::Metric, period::Period,
    query::Step,
};
use sea_orm::{DatabaseTransaction, TryGetable};

use super::{amounts, condition, days, sql::Sql};
use crate::store::{Result, database::Row};

/// What is read, from where.
pub(super) struct Reader<'a> {
    pub(super) on: &'a DatabaseTransaction,
    pub(super) connections: &'a [ConnectionId],
    /// The numbers of the connections' cubes.
    pub(super) cubes: Vec<i64>,
    pub(super) question: Question,
    /// On the question's own keys.
    pub(super) filter: Option<Filter>,
    pub(super) metric: Metric,
    pub(super) period: Period,
}

/// Which series of the cubes.
pub(super) enum Which<'a> {
    /// Those of a level that the filter lets through.
    Level(i64),
    /// These.
    Ids(&'a [i64]),
}

/// An amount of one series in one piece of the period, named as [`piece`] does.
pub(super) struct Amount<A> {
    pub(super) series: i64,
    pub(super) piece: i64,
    pub(super) value: A,
}

/// One of the stretches in which a period is read.
struct Part {
    /// From the sums of months.
    months: bool,
    first: i64,
    end: i64,
    /// The piece that all of it belongs to; else each row tells.
    piece: Option<i64>,
}

/// The number that stands for the piece in which a day lies: that of its first day.
pub(super) fn piece(step: Step, day: i64) -> Result<i64> {
    Ok(match step {
        Step::Daily => day,
        // 1970-01-01 was a Thursday.
        Step::Weekly => day - (day + 3).rem_euclid(7),
        Step::Monthly => days::month_of(day)?.0,
        Step::Total => 0,
    })
}

impl Reader<'_> {
    /// The same with another filter.
    pub(super) fn with(&self, filter: Option<Filter>) -> Reader<'_> {
        Reader {
            on: self.on,
            connections: self.connections,
            cubes: self.cubes.clone(),
            question: self.question.clone(),
            filter,
            metric: self.metric,
            period: self.period,
        }
    }

    /// The series of a level: number, numbers of both keys, unit, currency. Their texts
    /// apart: there are far fewer of them.
    pub(super) async fn series(&self, level: i64) -> Result<Vec<Row>> {
        let mut sql = Sql::new(
            self.on,
            "SELECT s.id, s.key1, s.key2, s.unit, s.currency FROM cube_series s WHERE ",
        );
        self.push_series(&mut sql, level)?;
        sql.fetch(self.on).await
    }

    /// The numbers and texts of the first or second key (place 0 or 1) of a level's series.
    pub(super) async fn texts(&self, level: i64, place: usize) -> Result<Vec<(i64, String)>> {
        let column = if place == 0 { "s.key1" } else { "s.key2" };
        let mut sql = Sql::new(
            self.on,
            "SELECT id, value FROM cube_keys WHERE id IN (SELECT ",
        );
        sql.push(column).push(" FROM cube_series s WHERE ");
        self.push_series(&mut sql, level)?;
        let rows = sql.push(")").fetch(self.on).await?;
        rows.iter()
            .map(|row| Ok((row.at(0)?, row.at(1)?)))
            .collect()
    }

    /// What the series amount to in each piece where they have anything.
    pub(super) async fn amounts<A: TryGetable>(
        &self,
        which: &Which<'_>,
        step: Step,
    ) -> Result<Vec<Amount<A>>> {
        let mut sql = Sql::new(self.on, "");
        for (place, part) in self.parts(step)?.iter().enumerate() {
            sql.push(if place == 0 { "" } else { " UNION ALL " });
            self.push_part(&mut sql, which, step, part)?;
        }
        let rows = sql.fetch(self.on).await?;
        let mut amounts = Vec::with_capacity(rows.len());
        for row in rows {
            // A sum of nothing is no value.
            if let Some(value) = row.at(2)? {
                amounts.push(Amount {
                    series: row.at(0)?,
                    piece: row.at(1)?,
                    value,
                });
            }
        }
        Ok(amounts)
    }

    fn parts(&self, step: Step) -> Result<Vec<Part>> {
        let part = |months: bool, period: Period, piece: Option<i64>| Part {
            months,
            first: days::number(period.start()),
            end: days::number(period.end()),
            piece,
        };
        if matches!(step, Step::Daily | Step::Weekly) {
            return Ok(vec![part(false, self.period, None)]);
        }
        let (whole, cut): (Vec<Period>, Vec<Period>) = (self.period.by_month().into_iter())
            .partition(|month| *month == Period::month_of(month.start()));
        let mut parts = Vec::with_capacity(3);
        if let (Some(first), Some(last)) = (whole.first(), whole.last()) {
            parts.extend(
                Period::new(first.start(), last.end())
                    .map(|months| part(true, months, (step == Step::Total).then_some(0))),
            );
        }
        for days in cut {
            let piece = piece(step, days::number(days.start()))?;
            parts.push(part(false, days, Some(piece)));
        }
        Ok(parts)
    }

    fn push_part(&self, sql: &mut Sql, which: &Which<'_>, step: Step, part: &Part) -> Result<()> {
        let (table, day) = if part.months {
            ("monthly_costs", "month")
        } else {
            ("daily_costs", "day")
        };
        let within = |sql: &mut Sql| {
            sql.push(&format!(" AND a.{day} >= "))
                .bind(part.first)
                .push(&format!(" AND a.{day} < "))
                .bind(part.end);
        };
        let sum = amounts::sum(self.metric);
        match (part.piece, which) {
            // Sums in the order of the series: nothing has to be sorted.
            (Some(piece), Which::Level(level)) => {
                sql.push("SELECT s.id, ").bind(piece).push(&format!(
                    ", (SELECT {sum} FROM {table} a WHERE a.series_id = s.id"
                ));
                within(sql);
                sql.push(") FROM cube_series s WHERE ");
                self.push_series(sql, *level)?;
            }
            (Some(piece), Which::Ids(ids)) => {
                sql.push("SELECT a.series_id, ")
                    .bind(piece)
                    .push(&format!(", {sum} FROM {table} a WHERE a.series_id IN "))
                    .list(ids.iter().copied());
                within(sql);
                sql.push(" GROUP BY a.series_id");
            }
            (None, which) => {
                let week = "a.day - (a.day + 3) % 7";
                let (piece, value) = match step {
                    Step::Weekly => (week, sum),
                    _ if part.months => ("a.month", amounts::column(self.metric).to_owned()),
                    _ => ("a.day", amounts::column(self.metric).to_owned()),
                };
                sql.push(&format!("SELECT a.series_id, {piece}, {value} FROM "));
                match which {
                    // The series first: CROSS keeps SQLite from turning it around.
                    Which::Level(level) => {
                        sql.push(&format!("cube_series s CROSS JOIN {table} a WHERE "));
                        self.push_series(sql, *level)?;
                        sql.push(" AND a.series_id = s.id");
                    }
                    Which::Ids(ids) => {
                        sql.push(&format!("{table} a WHERE a.series_id IN "))
                            .list(ids.iter().copied());
                    }
                }
                within(sql);
                if step == Step::Weekly {
                    sql.push(&format!(" GROUP BY a.series_id, {week}"));
                }
            }
        }
        Ok(())
    }

    fn push_series(&self, sql: &mut Sql, level: i64) -> Result<()> {
        sql.push("s.cube_id IN ")
            .list(self.cubes.iter().copied())
            .push(" AND s.level = ")
            .bind(level);
        if let Some(filter) = &self.filter {
            sql.push(" AND ");
            condition::push(sql, filter, &self.question.keys, self.connections)?;
        }
        Ok(())
    }
}
