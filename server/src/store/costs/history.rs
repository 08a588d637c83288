//! What a month was said to cost, and when: each change of a day's totals is kept.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    account::ConnectionId,
    cube::Question,
    history::MonthSaid,
    metric::Metric,
    money::{Currency, Nanos},
    period::Period,
};
use sea_orm::ConnectionTrait;

use super::{
    Costs,
    amounts::{self, Sum, costs},
    cubes, days,
    replace::Change,
    slices::SliceInfo,
    sql::{ROWS_AT_ONCE, Sql},
};
use crate::store::{
    Result, StoreError,
    database::{moment, rows},
};

const COSTS: &str = "unblended, amortized, blended, net_unblended, net_amortized";

impl Costs<'_> {
    /// What the month of a day was said to cost, from the first answer to the newest: a
    /// line for each time at which the sum of its known days changed, by time and
    /// currency. What it said at some time is the last line until then. One cube's
    /// history: ask for the main one unless there is a reason.
    ///
    /// # Errors
    /// [`StoreError::NotMoney`] for a metric of usage, [`StoreError::TooLarge`] when a
    /// sum doesn't fit.
    pub async fn month_history(
        &self,
        connection: ConnectionId,
        question: &Question,
        month: NaiveDate,
        metric: Metric,
    ) -> Result<Vec<MonthSaid>> {
        if !metric.is_cost() {
            return Err(StoreError::NotMoney);
        }
        let month = Period::month_of(month);
        let lines = rows(
            self.0.reads(),
            &format!(
                "SELECT h.day, h.currency, h.asked_at, h.{column} \
                 FROM cubes c JOIN cost_history h ON h.cube_id = c.id \
                 WHERE c.connection_id = $1 AND c.name = $2 AND h.day >= $3 AND h.day < $4",
                column = amounts::column(metric),
            ),
            [
                connection.to_string().into(),
                cubes::name(question)?.into(),
                days::number(month.start()).into(),
                days::number(month.end()).into(),
            ],
        )
        .await?
        .iter()
        .map(|row| {
            let line = Line {
                day: row.at(0)?,
                asked_at: row.at(2)?,
                amount: row.at(3)?,
            };
            Ok((row.currency()?, line))
        })
        .collect::<Result<Vec<_>>>()?;
        replay(lines)
    }
}

struct Line {
    day: i64,
    asked_at: DateTime<Utc>,
    amount: i64,
}

fn replay(lines: Vec<(Currency, Line)>) -> Result<Vec<MonthSaid>> {
    let mut by_currency: BTreeMap<Currency, Vec<Line>> = BTreeMap::new();
    for (currency, line) in lines {
        by_currency.entry(currency).or_default().push(line);
    }
    let mut said: Vec<MonthSaid> = Vec::new();
    for (currency, mut lines) in by_currency {
        lines.sort_by_key(|line| (line.asked_at, line.day));
        let mut known: BTreeMap<i64, i64> = BTreeMap::new();
        let mut last = None;
        for at_once in lines.chunk_by(|a, b| a.asked_at == b.asked_at) {
            known.extend(at_once.iter().map(|line| (line.day, line.amount)));
            let total =
                Nanos::sum(known.values().copied().map(Nanos)).map_err(|_| StoreError::TooLarge)?;
            if last.replace(total) != Some(total) {
                said.extend(at_once.first().map(|line| MonthSaid {
                    at: line.asked_at,
                    currency,
                    total,
                }));
            }
        }
    }
    said.sort_by_key(|one| (one.at, one.currency));
    Ok(said)
}

/// Writes a line for each day and currency whose totals are new or changed.
pub(super) async fn note(
    on: &impl ConnectionTrait,
    cube: i64,
    asked_at: DateTime<Utc>,
    known: &BTreeMap<i64, SliceInfo>,
    changes: &[Change],
) -> Result<()> {
    // Several units of one currency are several series: their changes are added to what
    // the last line said.
    let mut differences: BTreeMap<(i64, Currency), (Sum, Sum)> = BTreeMap::new();
    for change in changes.iter().filter(|change| change.level == 0) {
        let key = (change.place.1, change.currency);
        let (before, after) = differences.entry(key).or_default();
        before.add(&change.before);
        after.add(&change.after);
    }
    let last = last_lines(on, cube, known).await?;
    let mut lines = Vec::with_capacity(differences.len());
    for ((day, currency), (before, after)) in differences {
        let difference = after.costs_minus(&before);
        let last = last.get(&(day, currency)).copied().unwrap_or_default();
        let mut total = [0; 5];
        for ((total, last), difference) in total.iter_mut().zip(last).zip(difference) {
            *total =
                i64::try_from(i128::from(last) + difference).map_err(|_| StoreError::TooLarge)?;
        }
        let is_first = !known.contains_key(&day);
        if is_first || difference.iter().any(|one| *one != 0) {
            lines.push((day, currency, total));
        }
    }
    for some in lines.chunks(ROWS_AT_ONCE) {
        let rows = some.iter().map(|(day, currency, total)| {
            let [a, b, c, d, e] = total.map(Into::into);
            [
                cube.into(),
                (*day).into(),
                currency.code().into(),
                moment(asked_at),
                a,
                b,
                c,
                d,
                e,
            ]
        });
        let mut insert = Sql::new(
            on,
            "INSERT INTO cost_history (cube_id, day, currency, asked_at, ",
        );
        insert
            .push(COSTS)
            .push(") VALUES ")
            .rows(rows)
            // The same moment twice: what was said last then.
            .push(" ON CONFLICT (cube_id, day, currency, asked_at) DO UPDATE SET ");
        for (place, column) in COSTS.split(", ").enumerate() {
            let before = if place == 0 { "" } else { ", " };
            insert.push(&format!("{before}{column} = excluded.{column}"));
        }
        insert.run(on).await?;
    }
    Ok(())
}

/// What is said now about the known days.
async fn last_lines(
    on: &impl ConnectionTrait,
    cube: i64,
    known: &BTreeMap<i64, SliceInfo>,
) -> Result<BTreeMap<(i64, Currency), [i64; 5]>> {
    let (Some((first, _)), Some((last, _))) = (known.first_key_value(), known.last_key_value())
    else {
        return Ok(BTreeMap::new());
    };
    let mut newest: BTreeMap<(i64, Currency), (DateTime<Utc>, [i64; 5])> = BTreeMap::new();
    let lines = rows(
        on,
        &format!(
            "SELECT day, currency, asked_at, {COSTS} FROM cost_history \
             WHERE cube_id = $1 AND day >= $2 AND day <= $3"
        ),
        [cube.into(), (*first).into(), (*last).into()],
    )
    .await?;
    for row in lines {
        let asked_at: DateTime<Utc> = row.at(2)?;
        let total = costs(&row, 3)?;
        let line = newest
            .entry((row.at(0)?, row.currency()?))
            .or_insert((asked_at, total));
        if line.0 <= asked_at {
            *line = (asked_at, total);
        }
    }
    Ok(newest
        .into_iter()
        .map(|(key, (_, total))| (key, total))
        .collect())
}
