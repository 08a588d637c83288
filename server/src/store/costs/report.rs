//! Reports: costs over a period by groups, from the first stored cube that can answer.

use std::{collections::HashMap, hash::Hash};

use domain::{
    account::ConnectionId,
    choice::{Choice, choose},
    cube::{Cube, Question},
    dimension::Filter,
    grouped::{Figures, Report, Table},
    metric::Metric,
    money::Currency,
    query::{CubeChoice, ReportQuery, Step},
};
use sea_orm::{DatabaseTransaction, TryGetable};

use super::{
    Costs, condition, cubes, days, older,
    reader::{Reader, Which, piece},
    tally::{Groups, Number, Tally, Texts},
};
use crate::store::{
    Result, StoreError,
    database::{Row, row},
};

/// So many series are read by their numbers; of more, all are read.
const READ_BY_NUMBER: usize = 1_000;

/// What a query for a report comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Reported {
    /// The store knows.
    Known(Report),
    /// Cost Explorer would have to be asked this, for all connections.
    Ask(Question),
}

impl Costs<'_> {
    /// Makes a report from what is stored, all of it as it was at one moment. Days that
    /// aren't stored count nothing; but at the start of a period that is cut into months, or
    /// not at all, AWS's totals of whole months stand in for them, where they can answer.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] when a sum doesn't fit.
    pub async fn report(&self, query: &ReportQuery) -> Result<Reported> {
        let snapshot = self.0.snapshot().await?;
        let months = older::months(&snapshot, query).await?;
        let reported = match months.is_empty() {
            true => report(&snapshot, query).await?,
            false => older::report(&snapshot, query, months).await?,
        };
        snapshot.commit().await?;
        Ok(reported)
    }
}

pub(super) async fn report(on: &DatabaseTransaction, query: &ReportQuery) -> Result<Reported> {
    let stored = match &query.cube {
        CubeChoice::Best => stored_everywhere(on, query).await?,
        CubeChoice::This(question) => vec![question.canonical()],
    };
    let choice = choose(
        &stored,
        &query.group_by,
        query.filter.as_ref(),
        query.period,
        query.step,
    );
    let choice = match choice {
        Ok(choice) => choice,
        Err(question) => return Ok(Reported::Ask(question)),
    };
    let Choice { question, filter } = choice;
    let mut numbers = Vec::with_capacity(query.connections.len());
    for connection in &query.connections {
        match cubes::find(on, *connection, &question).await? {
            Some(cube) => numbers.push(cube),
            // A kept cube will come by itself.
            None if question.kept().is_some() => {}
            None => return Ok(Reported::Ask(question)),
        }
    }
    let reader = Reader {
        on,
        connections: &query.connections,
        cubes: numbers,
        question,
        filter,
        metric: query.metric,
        period: query.period,
    };
    let figures = if query.metric.is_cost() {
        let tables = tables::<i64, Currency>(&reader, query, Row::currency).await?;
        Figures::Money(tables)
    } else if query.metric == Metric::NormalizedUsage {
        // Its units are the same everywhere: that is what normalizing means.
        Figures::Usage(tables::<f64, String>(&reader, query, |_| Ok(String::new())).await?)
    } else {
        Figures::Usage(tables::<f64, String>(&reader, query, |row| row.at(3)).await?)
    };
    Ok(Reported::Known(Report {
        cube: reader.question,
        months: Vec::new(),
        group_by: query.group_by.clone(),
        pieces: query.step.pieces(query.period),
        figures,
    }))
}

/// The kept cubes, and what was asked for and has come for each connection.
async fn stored_everywhere(on: &DatabaseTransaction, query: &ReportQuery) -> Result<Vec<Question>> {
    let mut stored: Vec<Question> = Cube::ALL.map(Cube::question).to_vec();
    let mut common: Option<Vec<Question>> = None;
    for connection in &query.connections {
        let mut asked = Vec::new();
        for cube in cubes::of_connection(on, *connection).await? {
            if cube.kept.is_none() && has_come(on, *connection, &cube.question).await? {
                asked.push(cube.question);
            }
        }
        common = Some(match common {
            None => asked,
            Some(common) => (common.into_iter())
                .filter(|question| asked.contains(question))
                .collect(),
        });
    }
    stored.extend(common.unwrap_or_default());
    Ok(stored)
}

async fn has_come(
    on: &DatabaseTransaction,
    connection: ConnectionId,
    question: &Question,
) -> Result<bool> {
    let found = row(
        on,
        "SELECT 1 FROM cubes c JOIN cube_days d ON d.cube_id = c.id \
         WHERE c.connection_id = $1 AND c.name = $2 LIMIT 1",
        [connection.to_string().into(), cubes::name(question)?.into()],
    )
    .await?;
    Ok(found.is_some())
}

/// A table for each unit.
async fn tables<N, U>(
    reader: &Reader<'_>,
    query: &ReportQuery,
    unit: impl Fn(&Row) -> Result<U>,
) -> Result<Vec<Table<U, N::Out>>>
where
    N: Number + TryGetable,
    U: Clone + Hash + Ord,
{
    let filtered = reader.filter.as_ref().map(Filter::keys).unwrap_or_default();
    let keys = &reader.question.keys;
    let total_level = condition::level(keys, filtered).ok_or(StoreError::NoSuchKey)?;
    let level =
        total_level | condition::level(keys, &query.group_by).ok_or(StoreError::NoSuchKey)?;
    let pieces = Pieces::new(query)?;
    if let Some(Filter::Not(left_out)) = &reader.filter
        && let Some(tables) =
            tables_without::<N, U>(reader, left_out, query, &unit, &pieces).await?
    {
        return Ok(tables);
    }
    let groups = groups(reader, level, query, &unit).await?;

    // The largest are found by their totals: so only theirs have to be read in pieces,
    // and the rest is what is left of the whole. Floating numbers don't subtract exactly.
    let top = query.top.and_then(|top| usize::try_from(top).ok());
    if top.is_some() && query.metric.is_cost() && query.step != Step::Total {
        let mut totals = Tally::<N>::new(1);
        for amount in reader.amounts(&Which::Level(level), Step::Total).await? {
            totals.add(groups.of(amount.series)?, 0, amount.value);
        }
        let ranked = totals.ranked(&groups, top);
        let largest: Vec<usize> = (ranked.values())
            .flat_map(|ranked| ranked.largest.iter().copied())
            .collect();
        let ids = groups.series(&largest);
        let is_any_left = ranked.values().any(|ranked| !ranked.rest.is_empty());
        if is_any_left && ids.len() <= READ_BY_NUMBER {
            let largest = Which::Ids(&ids);
            let own = read::<N, U>(reader, &largest, query.step, &pieces, &groups).await?;
            let wholes = self::groups(reader, total_level, query, &unit).await?;
            let all = Which::Level(total_level);
            let whole = read::<N, U>(reader, &all, query.step, &pieces, &wholes).await?;
            return own.tables_within(&groups, ranked, &whole, &wholes);
        }
    }
    let all = Which::Level(level);
    let tally = read::<N, U>(reader, &all, query.step, &pieces, &groups).await?;
    tally.tables(&groups, top)
}

/// Everything without a part, as the sum of everything less that part: both are small,
/// where what is left isn't. `None` where that is no help, or doesn't tell.
async fn tables_without<N, U>(
    reader: &Reader<'_>,
    left_out: &Filter,
    query: &ReportQuery,
    unit: &impl Fn(&Row) -> Result<U>,
    pieces: &Pieces,
) -> Result<Option<Vec<Table<U, N::Out>>>>
where
    N: Number + TryGetable,
    U: Clone + Hash + Ord,
{
    let looked_at = left_out.keys();
    let apart = query.group_by.iter().all(|key| !looked_at.contains(key));
    // Floating numbers don't subtract exactly.
    if !apart || !query.metric.is_cost() {
        return Ok(None);
    }
    let keys = &reader.question.keys;
    let whole_level = condition::level(keys, &query.group_by).ok_or(StoreError::NoSuchKey)?;
    let looked_at = condition::level(keys, looked_at).ok_or(StoreError::NoSuchKey)?;
    let part_level = whole_level | looked_at;
    let whole = reader.with(None);
    let part = reader.with(Some(left_out.clone()));
    let mut texts = numbers_and_texts(&whole, whole_level, query).await?;
    texts.extend(numbers_and_texts(&part, part_level, query).await?);
    let mut series = numbered(&whole, whole_level, query, unit).await?;
    series.extend(numbered(&part, part_level, query, unit).await?);
    let groups = Groups::new(Texts::new(texts), series);
    let all = Which::Level(whole_level);
    let mut tally = read::<N, U>(&whole, &all, query.step, pieces, &groups).await?;
    let all = Which::Level(part_level);
    for amount in part.amounts(&all, query.step).await? {
        let piece = pieces.place(amount.piece)?;
        tally.take_away(groups.of(amount.series)?, piece, amount.value);
    }
    // Nothing left, or left with amounts that come to nothing? Those who look row by row know.
    if tally.has_empty() {
        return Ok(None);
    }
    let top = query.top.and_then(|top| usize::try_from(top).ok());
    tally.tables(&groups, top).map(Some)
}

async fn read<N, U>(
    reader: &Reader<'_>,
    which: &Which<'_>,
    step: Step,
    pieces: &Pieces,
    groups: &Groups<U>,
) -> Result<Tally<N>>
where
    N: Number + TryGetable,
    U: Clone + Hash + Ord,
{
    let mut tally = Tally::new(pieces.count);
    for amount in reader.amounts(which, step).await? {
        let piece = pieces.place(amount.piece)?;
        tally.add(groups.of(amount.series)?, piece, amount.value);
    }
    Ok(tally)
}

/// The groups of a level's series.
async fn groups<U: Clone + Hash + Ord>(
    reader: &Reader<'_>,
    level: i64,
    query: &ReportQuery,
    unit: &impl Fn(&Row) -> Result<U>,
) -> Result<Groups<U>> {
    let texts = numbers_and_texts(reader, level, query).await?;
    let series = numbered(reader, level, query, unit).await?;
    Ok(Groups::new(Texts::new(texts), series))
}

/// Where the keys that are grouped by stand among those of the cube.
fn places<'a>(reader: &'a Reader<'_>, query: &'a ReportQuery) -> impl Iterator<Item = usize> {
    let keys = &reader.question.keys;
    (query.group_by.iter()).filter_map(|key| keys.iter().position(|one| one == key))
}

async fn numbers_and_texts(
    reader: &Reader<'_>,
    level: i64,
    query: &ReportQuery,
) -> Result<Vec<(i64, String)>> {
    let mut texts = Vec::new();
    for place in places(reader, query) {
        texts.extend(reader.texts(level, place).await?);
    }
    Ok(texts)
}

/// Each series' number, unit and numbers of the keys that are grouped by.
async fn numbered<U>(
    reader: &Reader<'_>,
    level: i64,
    query: &ReportQuery,
    unit: &impl Fn(&Row) -> Result<U>,
) -> Result<Vec<(i64, U, Vec<i64>)>> {
    let rows = reader.series(level).await?;
    let series = rows.iter().map(|row| {
        let numbers = places(reader, query).map(|place| row.at(1 + place));
        Ok((row.at(0)?, unit(row)?, numbers.collect::<Result<_>>()?))
    });
    series.collect()
}

/// Which piece a number stands for.
pub(super) struct Pieces {
    places: HashMap<i64, usize>,
    pub(super) count: usize,
}

impl Pieces {
    pub(super) fn new(query: &ReportQuery) -> Result<Self> {
        let pieces = query.step.pieces(query.period);
        let places = (pieces.iter().enumerate())
            .map(|(place, period)| Ok((piece(query.step, days::number(period.start()))?, place)))
            .collect::<Result<_>>()?;
        Ok(Self {
            places,
            count: pieces.len(),
        })
    }

    pub(super) fn place(&self, piece: i64) -> Result<usize> {
        let place = self.places.get(&piece).copied();
        place.ok_or(StoreError::Unreadable("day"))
    }
}
