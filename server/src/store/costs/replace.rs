//! Puts whole days in place of what was stored for them, and remembers what changed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use domain::{
    account::ConnectionId,
    cube::{DaySlice, LinkedAccountName, Question},
    money::Currency,
};
use sea_orm::ConnectionTrait;

use super::{
    Costs,
    amounts::Amounts,
    cells, cubes, days, history, keys, names, restatements,
    series::{self, Book},
    slices::{self, SliceInfo},
    write::{self, Place},
};
use crate::store::{Result, StoreError};

/// AWS delivers a day's usage until about a day after it ended: what is asked for from
/// this many days after it on is complete, and a change of it a restatement.
const COMPLETE_AFTER: i64 = 2;

/// An answer of AWS's.
#[derive(Clone, Copy, Debug)]
pub struct Arrived<'a> {
    /// What day it was when AWS was asked.
    pub asked_on: NaiveDate,
    /// When AWS was asked.
    pub asked_at: DateTime<Utc>,
    /// The days, each once and whole. One without rows cost nothing.
    pub slices: &'a [DaySlice],
    /// The names of linked accounts that came with them.
    pub names: &'a [LinkedAccountName],
}

/// What replacing has changed, in days.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Replaced {
    /// Left alone, because a newer answer is stored.
    pub outdated: u32,
    /// Stored for the first time.
    pub new: u32,
    /// Stored before, with other figures.
    pub changed: u32,
    /// Of those: complete before, so that both values are kept.
    pub restated: u32,
}

impl Replaced {
    /// Whether AWS said anything that wasn't stored already.
    #[must_use]
    pub const fn anything(&self) -> bool {
        self.new > 0 || self.changed > 0
    }
}

impl Costs<'_> {
    /// Puts whole days in place of what was stored for them, together with the names of
    /// linked accounts, all or nothing. Days that aren't given stay as they are, and so
    /// do days of which a newer answer is stored. Rows have their keys in the question's
    /// order.
    ///
    /// # Errors
    /// [`StoreError::OwnerGone`] when the connection has been deleted meanwhile,
    /// [`StoreError::Twice`] when a day or a pair of keys comes twice, and
    /// [`StoreError::TooLarge`] when the costs of a day or month don't fit.
    pub async fn replace_slices(
        &self,
        connection: ConnectionId,
        question: &Question,
        asked_on: NaiveDate,
        asked_at: DateTime<Utc>,
        slices: &[DaySlice],
        names: &[LinkedAccountName],
    ) -> Result<Replaced> {
        let arrived = Arrived {
            asked_on,
            asked_at,
            slices,
            names,
        };
        let transaction = self.0.begin().await?;
        let replaced = Self::replace_in(&transaction, connection, question, arrived).await?;
        transaction.commit().await?;
        Ok(replaced)
    }

    /// [`Costs::replace_slices`] as a part of a larger transaction, which has to be
    /// rolled back when this fails.
    pub(in crate::store) async fn replace_in(
        on: &impl ConnectionTrait,
        connection: ConnectionId,
        question: &Question,
        arrived: Arrived<'_>,
    ) -> Result<Replaced> {
        let arrived = Arrived {
            // As the databases keep it.
            asked_at: arrived.asked_at.trunc_subsecs(6),
            ..arrived
        };
        let cube = cubes::obtain(on, connection, question, arrived.asked_at).await?;
        names::put(on, connection, arrived.names).await?;
        let Some((first, end)) = span(arrived.slices)? else {
            return Ok(Replaced::default());
        };
        let mut known = slices::known(on, cube, first, end).await?;
        let is_outdated = |slice: &&DaySlice| {
            let known = known.get(&days::number(slice.day));
            known.is_some_and(|known| known.asked_at > arrived.asked_at)
        };
        let (outdated, fresh): (Vec<_>, Vec<_>) = arrived.slices.iter().partition(is_outdated);
        let wanted: HashSet<i64> = fresh.iter().map(|slice| days::number(slice.day)).collect();
        known.retain(|day, _| wanted.contains(day));

        let width = question.keys.len().min(2);
        let ids = keys::learn(on, connection, &cells::texts(&fresh, width)).await?;
        let mut book = Book::load(on, cube).await?;
        let cells = cells::cells(&fresh, width, &ids, &mut book)?;
        book.store(on, cube).await?;
        let mut new = Vec::with_capacity(cells.len());
        for cell in cells {
            new.push(((book.id(cell.place)?, cell.day), cell.amounts));
        }
        let old = match (known.first_key_value(), known.last_key_value()) {
            (Some((first, _)), Some((last, _))) => {
                let mut old = write::stored(on, cube, *first, *last + 1).await?;
                old.retain(|(_, day), _| known.contains_key(day));
                old
            }
            _ => HashMap::new(),
        };
        let difference = Difference::between(&old, new);
        write::put(on, &difference.written).await?;
        write::remove(on, &difference.gone).await?;
        write::add_up_months(on, difference.places()).await?;
        let fresh: Vec<SliceInfo> = (fresh.iter())
            .map(|slice| SliceInfo {
                day: slice.day,
                estimated: slice.estimated,
                asked_on: arrived.asked_on,
                asked_at: arrived.asked_at,
            })
            .collect();
        slices::put(on, cube, &fresh).await?;

        let changes = difference.changes(&old, &known, &book)?;
        history::note(on, cube, arrived.asked_at, &known, &changes).await?;
        let base = series::base(width);
        let changed: BTreeSet<i64> = (changes.iter())
            .filter(|change| change.level == base && known.contains_key(&change.place.1))
            .map(|change| change.place.1)
            .collect();
        let complete: BTreeMap<i64, DateTime<Utc>> = (known.iter())
            .filter(|(_, slice)| (slice.asked_on - slice.day).num_days() >= COMPLETE_AFTER)
            .map(|(day, slice)| (*day, slice.asked_at))
            .collect();
        let restated = changes
            .iter()
            .filter(|change| change.level == base && complete.contains_key(&change.place.1));
        restatements::note(on, cube, arrived.asked_at, &complete, restated).await?;
        Ok(Replaced {
            outdated: count(outdated.len()),
            new: count(fresh.len() - known.len()),
            changed: count(changed.len()),
            restated: count(
                changed
                    .iter()
                    .filter(|day| complete.contains_key(day))
                    .count(),
            ),
        })
    }
}

fn count(days: usize) -> u32 {
    u32::try_from(days).unwrap_or(u32::MAX)
}

/// From the first of the days until after the last, when there are any and each is there once.
fn span(slices: &[DaySlice]) -> Result<Option<(i64, i64)>> {
    let all: BTreeSet<i64> = slices.iter().map(|slice| days::number(slice.day)).collect();
    if all.len() < slices.len() {
        return Err(StoreError::Twice);
    }
    Ok(all
        .first()
        .zip(all.last())
        .map(|(first, last)| (*first, last + 1)))
}

/// What has to be written so that the new rows are stored instead of the old ones.
struct Difference {
    /// In the order of their places.
    written: Vec<(Place, Amounts)>,
    gone: Vec<Place>,
}

/// A stored row that gets another value; nothing is the same as zero here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    pub(super) place: Place,
    pub(super) level: i64,
    pub(super) currency: Currency,
    pub(super) before: Amounts,
    pub(super) after: Amounts,
}

impl Difference {
    fn between(old: &HashMap<Place, Amounts>, mut new: Vec<(Place, Amounts)>) -> Self {
        new.sort_unstable_by_key(|(place, _)| *place);
        let mut gone: Vec<Place> = Vec::new();
        if !old.is_empty() {
            let kept: HashSet<Place> = new.iter().map(|(place, _)| *place).collect();
            gone.extend(old.keys().filter(|place| !kept.contains(*place)));
            gone.sort_unstable();
            new.retain(|(place, amounts)| old.get(place) != Some(amounts));
        }
        Self { written: new, gone }
    }

    fn places(&self) -> impl Iterator<Item = Place> {
        let written = self.written.iter().map(|(place, _)| *place);
        written.chain(self.gone.iter().copied())
    }

    /// Of days that were known before, all changes; of new ones, only those of the whole.
    fn changes(
        &self,
        old: &HashMap<Place, Amounts>,
        known: &BTreeMap<i64, SliceInfo>,
        book: &Book,
    ) -> Result<Vec<Change>> {
        let mut changes = Vec::new();
        let written = self.written.iter().copied();
        let gone = self.gone.iter().map(|place| (*place, Amounts::default()));
        for (place, after) in written.chain(gone) {
            let before = old.get(&place).copied().unwrap_or_default();
            let identity = book.identity(place.0)?;
            let matters = identity.level == 0 || known.contains_key(&place.1);
            if matters && before != after {
                changes.push(Change {
                    place,
                    level: identity.level,
                    currency: identity.currency,
                    before,
                    after,
                });
            }
        }
        Ok(changes)
    }
}
