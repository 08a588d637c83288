//! Turns the days of an answer into rows to store, with the sums over each key. Pure.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::cube::{CubeRow, DaySlice};

use super::{
    amounts::{Amounts, Sum},
    days,
    series::{Book, Identity, KEY1, KEY2, base},
};
use crate::store::{Result, StoreError};

/// One series on one day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    /// In the book.
    pub(super) place: usize,
    pub(super) day: i64,
    pub(super) amounts: Amounts,
}

/// Every text that the days' rows have as a key.
pub(super) fn texts<'a>(slices: &[&'a DaySlice], keys: usize) -> BTreeSet<&'a str> {
    slices
        .iter()
        .flat_map(|slice| &slice.rows)
        .flat_map(|row| row.keys.iter().take(keys))
        .map(String::as_str)
        .collect()
}

/// The rows of these days, by day. `ids` has a number for each text.
///
/// # Errors
/// [`StoreError::Twice`] for a pair of keys that a day has more than once,
/// [`StoreError::TooLarge`] for a sum that doesn't fit.
pub(super) fn cells(
    slices: &[&DaySlice],
    keys: usize,
    ids: &HashMap<String, i64>,
    book: &mut Book,
) -> Result<Vec<Cell>> {
    let mut cells = Vec::with_capacity(slices.iter().map(|slice| slice.rows.len() * 2).sum());
    for slice in slices {
        let day = days::number(slice.day);
        let mut seen = HashSet::with_capacity(slice.rows.len());
        let mut sums: HashMap<usize, Sum> = HashMap::new();
        let mut rows: Vec<&CubeRow> = slice.rows.iter().collect();
        // Floating sums come out alike whatever the order in which the rows came.
        rows.sort_by(|a, b| a.keys.cmp(&b.keys));
        for row in rows {
            let pair = pair(row, keys, ids)?;
            if !seen.insert(pair) {
                return Err(StoreError::Twice);
            }
            let amounts = Amounts::of(row);
            let unit = book.unit(&row.usage_unit);
            for level in 0..=base(keys) {
                let place = book.place(Identity {
                    level,
                    keys: [
                        if level & KEY1 == 0 { 0 } else { pair[0] },
                        if level & KEY2 == 0 { 0 } else { pair[1] },
                    ],
                    currency: row.currency,
                    unit,
                });
                if level == base(keys) {
                    cells.push(Cell {
                        place,
                        day,
                        amounts,
                    });
                } else {
                    sums.entry(place).or_default().add(&amounts);
                }
            }
        }
        for (place, sum) in sums {
            let amounts = sum.finish()?;
            cells.push(Cell {
                place,
                day,
                amounts,
            });
        }
    }
    Ok(cells)
}

fn pair(row: &CubeRow, keys: usize, ids: &HashMap<String, i64>) -> Result<[i64; 2]> {
    let id = |place: usize| {
        if place < keys {
            let id = ids.get(row.keys[place].as_str()).copied();
            id.ok_or(StoreError::Unreadable("value"))
        } else {
            Ok(0)
        }
    };
    Ok([id(0)?, id(1)?])
}
