//! Answers arrive in pages.

use std::collections::{BTreeMap, btree_map::Entry};

use domain::{
    commitments::Report,
    period::{Period, Piece},
};

use super::{ConvertError, member::Place};

/// Takes the pages of one answer in. Their order makes no difference.
pub(in crate::aws) trait Gather {
    /// As the SDK reads it.
    type Page;
    /// What all pages are together.
    type Whole;

    /// Takes a page in, and gives the token of the next one if there is any.
    fn add(&mut self, page: Self::Page) -> Result<Option<String>, ConvertError>;

    /// The answer, once every page is in.
    fn finish(self) -> Result<Self::Whole, ConvertError>;
}

/// Things by name. A thing that comes twice has to be the same.
pub(super) struct Known<K, T> {
    place: Place,
    things: BTreeMap<K, T>,
}

impl<K: Ord, T: PartialEq> Known<K, T> {
    pub(super) const fn new(place: Place) -> Self {
        Self {
            place,
            things: BTreeMap::new(),
        }
    }

    pub(super) fn insert(&mut self, name: K, thing: T) -> Result<(), ConvertError> {
        match self.things.entry(name) {
            Entry::Vacant(free) => {
                free.insert(thing);
                Ok(())
            }
            Entry::Occupied(known) if *known.get() == thing => Ok(()),
            Entry::Occupied(_) => Err(ConvertError::Repeated(self.place)),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.things.is_empty()
    }

    /// In the order of their names.
    pub(super) fn into_values(self) -> Vec<T> {
        self.things.into_values().collect()
    }
}

/// A report about commitments while its pages come in.
pub(super) struct Reports<T> {
    pieces: Known<(chrono::NaiveDate, chrono::NaiveDate), Piece<T>>,
    total: Total<T>,
}

/// AWS may repeat the total on each page. If it doesn't say the same there, none of them is
/// the whole period's.
enum Total<T> {
    None,
    One(T),
    Several,
}

impl<T: PartialEq> Reports<T> {
    pub(super) const fn new() -> Self {
        Self {
            pieces: Known::new("TimePeriod"),
            total: Total::None,
        }
    }

    pub(super) fn piece(&mut self, period: Period, value: T) -> Result<(), ConvertError> {
        let piece = Piece { period, value };
        self.pieces.insert((period.start(), period.end()), piece)
    }

    pub(super) fn total(&mut self, total: T) {
        self.total = match std::mem::replace(&mut self.total, Total::Several) {
            Total::None => Total::One(total),
            Total::One(known) if known == total => Total::One(known),
            Total::One(_) | Total::Several => Total::Several,
        };
    }

    /// Whether nothing has come.
    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty() && matches!(self.total, Total::None)
    }

    pub(super) fn into_report(self) -> Report<T> {
        Report {
            pieces: self.pieces.into_values(),
            total: match self.total {
                Total::One(total) => Some(total),
                Total::None | Total::Several => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(number: u32) -> Period {
        let first = chrono::NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        Period::day(first + chrono::Days::new(number.into()))
    }

    /// Days with what is said about them, and perhaps a total.
    type Page = (Vec<(u32, u8)>, Option<u8>);

    fn read(pages: &[Page]) -> Result<Report<u8>, ConvertError> {
        let mut reports = Reports::new();
        for (pieces, total) in pages {
            if let Some(total) = total {
                reports.total(*total);
            }
            for (number, value) in pieces {
                reports.piece(day(*number), *value)?;
            }
        }
        Ok(reports.into_report())
    }

    #[test]
    fn what_comes_twice_has_to_be_the_same() {
        let twice = |other| read(&[(vec![(1, 7)], None), (vec![(1, other)], None)]);
        assert_eq!(twice(7).unwrap().pieces.len(), 1);
        assert_eq!(twice(8), Err(ConvertError::Repeated("TimePeriod")));
    }

    #[test]
    fn one_total_is_the_total_and_two_are_none() {
        let total = |totals: &[Option<u8>]| {
            let pages: Vec<_> = totals.iter().map(|total| (vec![], *total)).collect();
            read(&pages).unwrap().total
        };
        assert_eq!(total(&[]), None);
        assert_eq!(total(&[None, Some(3), Some(3)]), Some(3));
        assert_eq!(total(&[Some(3), Some(4), Some(3)]), None);
    }

    proptest! {
        #[test]
        fn the_order_of_pages_makes_no_difference(
            pages in prop::collection::vec(
                (prop::collection::vec((0_u32..9, 0_u8..2), 0..4), prop::option::of(0_u8..2)),
                0..5,
            ),
            turn in 0_usize..5,
        ) {
            let mut turned = pages.clone();
            turned.rotate_left(turn.min(pages.len()));
            prop_assert_eq!(read(&turned), read(&pages));
        }
    }
}
