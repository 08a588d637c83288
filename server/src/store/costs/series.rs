//! The series of a cube: a pair of keys, or a sum over one or both, in one currency and
//! one unit.

use std::collections::HashMap;

use domain::money::Currency;
use sea_orm::ConnectionTrait;

use super::sql::{ROWS_AT_ONCE, Sql};
use crate::store::{Result, StoreError, database::rows};

/// The series has a first key.
pub(super) const KEY1: i64 = 1;
/// The series has a second key.
pub(super) const KEY2: i64 = 2;

/// The level of the series that a cube of so many keys is made of; those below are sums.
pub(super) const fn base(keys: usize) -> i64 {
    match keys {
        0 => 0,
        1 => KEY1,
        _ => KEY1 | KEY2,
    }
}

/// What tells the series of a cube apart.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) struct Identity {
    pub(super) level: i64,
    /// The numbers of the keys' texts; 0 where the level has none.
    pub(super) keys: [i64; 2],
    pub(super) currency: Currency,
    /// The place of the unit in [`Book::unit`].
    pub(super) unit: usize,
}

/// All series of a cube, stored or about to be.
#[derive(Default)]
pub(super) struct Book {
    units: HashMap<String, usize>,
    places: HashMap<Identity, usize>,
    all: Vec<(Identity, Option<i64>)>,
    by_id: HashMap<i64, usize>,
}

impl Book {
    pub(super) async fn load(on: &impl ConnectionTrait, cube: i64) -> Result<Self> {
        let mut book = Self::default();
        let stored = rows(
            on,
            "SELECT id, level, key1, key2, currency, unit FROM cube_series WHERE cube_id = $1",
            [cube.into()],
        )
        .await?;
        for row in stored {
            let unit: String = row.at(5)?;
            let identity = Identity {
                level: row.at(1)?,
                keys: [row.at(2)?, row.at(3)?],
                currency: row.currency()?,
                unit: book.unit(&unit),
            };
            let place = book.place(identity);
            book.stored(place, row.at(0)?);
        }
        Ok(book)
    }

    pub(super) fn unit(&mut self, name: &str) -> usize {
        if let Some(place) = self.units.get(name) {
            return *place;
        }
        let place = self.units.len();
        self.units.insert(name.to_owned(), place);
        place
    }

    /// Where a series stands in this book.
    pub(super) fn place(&mut self, identity: Identity) -> usize {
        let next = self.all.len();
        let place = *self.places.entry(identity).or_insert(next);
        if place == next {
            self.all.push((identity, None));
        }
        place
    }

    fn stored(&mut self, place: usize, id: i64) {
        if let Some((_, known)) = self.all.get_mut(place) {
            *known = Some(id);
            self.by_id.insert(id, place);
        }
    }

    /// The stored number of the series at a place.
    pub(super) fn id(&self, place: usize) -> Result<i64> {
        self.all
            .get(place)
            .and_then(|(_, id)| *id)
            .ok_or(StoreError::Unreadable("series_id"))
    }

    /// What series a stored number means.
    pub(super) fn identity(&self, id: i64) -> Result<&Identity> {
        self.by_id
            .get(&id)
            .and_then(|place| self.all.get(*place))
            .map(|(identity, _)| identity)
            .ok_or(StoreError::Unreadable("series_id"))
    }

    /// Gives a number to each series that has none.
    pub(super) async fn store(&mut self, on: &impl ConnectionTrait, cube: i64) -> Result<()> {
        let mut names = vec![""; self.units.len()];
        for (name, place) in &self.units {
            names[*place] = name;
        }
        let missing: Vec<Identity> = (self.all.iter())
            .filter(|(_, id)| id.is_none())
            .map(|(identity, _)| *identity)
            .collect();
        let mut made = Vec::with_capacity(missing.len());
        for some in missing.chunks(ROWS_AT_ONCE) {
            let rows = some.iter().map(|series| {
                [
                    cube.into(),
                    series.level.into(),
                    series.keys[0].into(),
                    series.keys[1].into(),
                    series.currency.code().into(),
                    names[series.unit].into(),
                ]
            });
            let inserted = Sql::new(
                on,
                "INSERT INTO cube_series (cube_id, level, key1, key2, currency, unit) VALUES ",
            )
            .rows(rows)
            .push(" RETURNING id, level, key1, key2, currency, unit")
            .fetch(on)
            .await?;
            for row in inserted {
                let unit: String = row.at(5)?;
                let identity = Identity {
                    level: row.at(1)?,
                    keys: [row.at(2)?, row.at(3)?],
                    currency: row.currency()?,
                    unit: *(self.units.get(&unit)).ok_or(StoreError::Unreadable("unit"))?,
                };
                made.push((identity, row.at(0)?));
            }
        }
        for (identity, id) in made {
            let place = self.place(identity);
            self.stored(place, id);
        }
        Ok(())
    }
}
