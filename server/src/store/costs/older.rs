//! Reports that reach back further than the days: in the months before them, AWS's totals of
//! whole months are all that is stored.

use std::collections::HashMap;

use domain::{
    account::ConnectionId,
    choice::months_answer,
    cube::{Cube, Question},
    grouped::{Figures, Report, Table},
    money::{Currency, Nanos},
    period::Period,
    query::{CubeChoice, ReportQuery, Step},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::{
    cubes, days,
    reader::piece,
    report::{self, Pieces, Reported},
    slices,
    tally::{Groups, Tally, Texts},
};
use crate::store::{Result, StoreError};

/// The cube of days that answers what totals of months can answer, too.
const DAYS: Cube = Cube::ServiceAccount;

/// For which connections AWS's totals of months stand in for days at the start of the query's
/// period, and for which months.
pub(super) async fn months(
    on: &impl ConnectionTrait,
    query: &ReportQuery,
) -> Result<Vec<(ConnectionId, Period)>> {
    let mut all = Vec::new();
    let filter = query.filter.as_ref();
    let can = matches!(query.cube, CubeChoice::Best)
        && matches!(query.step, Step::Monthly | Step::Total)
        && months_answer(&query.group_by, filter, query.metric, query.step);
    if can {
        for connection in &query.connections {
            let months = of_connection(on, *connection, query.period).await?;
            all.extend(months.map(|months| (*connection, months)));
        }
    }
    Ok(all)
}

/// From the period's start: the whole months that lack days and of which AWS said a total when
/// they were over. Months of which nothing is known may lie between.
async fn of_connection(
    on: &impl ConnectionTrait,
    connection: ConnectionId,
    period: Period,
) -> Result<Option<Period>> {
    let Some(monthly) = cubes::find(on, connection, &Question::months()).await? else {
        return Ok(None);
    };
    let daily = cubes::find(on, connection, &DAYS.question()).await?;
    let numbers = |period: &Period| (days::number(period.start()), days::number(period.end()));
    let (first, end) = numbers(&period);
    let told = slices::known(on, monthly, first, end).await?;
    let mut last = None;
    for month in period.by_month() {
        if month != Period::month_of(month.start()) {
            break;
        }
        let (first, end) = numbers(&month);
        let is_told = (told.get(&first)).is_some_and(|slice| slice.asked_on >= month.end());
        let stored = match daily {
            Some(daily) => slices::known(on, daily, first, end).await?.len(),
            None => 0,
        };
        match (is_told, stored) {
            (true, stored) if stored < month.len() => last = Some(month.end()),
            (false, 0) => {}
            _ => break,
        }
    }
    Ok(last.and_then(|last| Period::new(period.start(), last).ok()))
}

/// The report, put together from both.
pub(super) async fn report(
    on: &DatabaseTransaction,
    query: &ReportQuery,
    months: Vec<(ConnectionId, Period)>,
) -> Result<Reported> {
    let mut parts = Vec::new();
    for connection in &query.connections {
        let part = |question: Question, period| ReportQuery {
            connections: vec![*connection],
            cube: CubeChoice::This(question),
            period,
            top: None,
            ..query.clone()
        };
        let told = months.iter().find(|(of, _)| of == connection);
        let told = told.map(|(_, months)| *months);
        let since = told.map_or(query.period.start(), |told| told.end());
        let of_days = Period::new(since, query.period.end()).ok();
        let asked = (told.map(|told| part(Question::months(), told)).into_iter())
            .chain(of_days.map(|days| part(DAYS.question(), days)));
        for one in asked {
            match report::report(on, &one).await? {
                Reported::Known(report) => parts.push(report),
                ask @ Reported::Ask(_) => return Ok(ask),
            }
        }
    }
    Ok(Reported::Known(Report {
        cube: DAYS.question(),
        months,
        group_by: query.group_by.clone(),
        pieces: query.step.pieces(query.period),
        figures: Figures::Money(together(&parts, query)?),
    }))
}

/// The parts' groups added up, by their texts: each cube has numbers of its own for them.
fn together(parts: &[Report], query: &ReportQuery) -> Result<Vec<Table<Currency, Nanos>>> {
    let pieces = Pieces::new(query)?;
    let mut numbers: HashMap<&str, i64> = HashMap::new();
    let (mut series, mut amounts) = (Vec::new(), Vec::new());
    for part in parts {
        let Figures::Money(tables) = &part.figures else {
            return Err(StoreError::NotMoney);
        };
        for (unit, group) in (tables.iter())
            .flat_map(|table| table.groups.iter().map(move |group| (table.unit, group)))
        {
            let number = place(series.len());
            let mut keys = Vec::with_capacity(group.keys.len());
            for key in &group.keys {
                let next = place(numbers.len());
                keys.push(*numbers.entry(key).or_insert(next));
            }
            series.push((number, unit, keys));
            for (period, value) in part.pieces.iter().zip(&group.values) {
                let piece = piece(query.step, days::number(period.start()))?;
                amounts.push((number, pieces.place(piece)?, value.0));
            }
        }
    }
    let texts = numbers.into_iter();
    let texts = Texts::new(texts.map(|(text, number)| (number, text.to_owned())));
    let groups = Groups::new(texts, series);
    let mut tally = Tally::<i64>::new(pieces.count);
    for (number, piece, value) in amounts {
        tally.add(groups.of(number)?, piece, value);
    }
    let top = query.top.and_then(|top| usize::try_from(top).ok());
    tally.tables(&groups, top)
}

fn place(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
