//! Adds up amounts by group and piece, and makes tables of them. Pure.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, HashMap},
    hash::Hash,
    iter,
};

use domain::{
    grouped::{Group, Table},
    money::Nanos,
};

use crate::store::{Result, StoreError};

/// What can be added up: money exactly, usage as floating numbers.
pub(super) trait Number: Copy {
    /// While it is added up.
    type Sum: Copy + Default;
    /// For people.
    type Out: Copy;

    fn plus(sum: Self::Sum, more: Self::Sum) -> Self::Sum;
    fn minus(sum: Self::Sum, less: Self::Sum) -> Self::Sum;
    fn widen(self) -> Self::Sum;
    fn finish(sum: Self::Sum) -> Result<Self::Out>;
    /// The largest first, whether positive or negative.
    fn by_size(a: Self::Sum, b: Self::Sum) -> Ordering;
}

impl Number for i64 {
    type Sum = i128;
    type Out = Nanos;

    fn plus(sum: i128, more: i128) -> i128 {
        sum + more
    }

    fn minus(sum: i128, less: i128) -> i128 {
        sum - less
    }

    fn widen(self) -> i128 {
        self.into()
    }

    fn finish(sum: i128) -> Result<Nanos> {
        Self::try_from(sum)
            .map(Nanos)
            .map_err(|_| StoreError::TooLarge)
    }

    fn by_size(a: i128, b: i128) -> Ordering {
        b.abs().cmp(&a.abs())
    }
}

impl Number for f64 {
    type Sum = Self;
    type Out = Self;

    fn plus(sum: Self, more: Self) -> Self {
        sum + more
    }

    fn minus(sum: Self, less: Self) -> Self {
        sum - less
    }

    fn widen(self) -> Self {
        self
    }

    fn finish(sum: Self) -> Result<Self> {
        Ok(sum)
    }

    fn by_size(a: Self, b: Self) -> Ordering {
        b.abs().total_cmp(&a.abs())
    }
}

/// The texts of keys, each once, though connections have numbers of their own for them.
pub(super) struct Texts {
    places: HashMap<i64, usize>,
    all: Vec<String>,
}

impl Texts {
    /// From each text's number and the text. What has no number has no text.
    pub(super) fn new(numbered: impl IntoIterator<Item = (i64, String)>) -> Self {
        let mut texts = Self {
            places: HashMap::new(),
            all: vec![String::new()],
        };
        let mut known: HashMap<String, usize> = HashMap::from([(String::new(), 0)]);
        for (number, text) in numbered {
            let next = texts.all.len();
            let place = *known.entry(text).or_insert_with_key(|text| {
                texts.all.push(text.clone());
                next
            });
            texts.places.insert(number, place);
        }
        texts
    }

    fn place(&self, number: i64) -> usize {
        self.places.get(&number).copied().unwrap_or_default()
    }
}

/// Which group each series belongs to.
pub(super) struct Groups<U> {
    of: HashMap<i64, usize>,
    /// Each group's unit and the places of its texts.
    all: Vec<(U, Vec<usize>)>,
    texts: Vec<String>,
}

impl<U: Clone + Eq + Hash> Groups<U> {
    /// From each series' number, unit and numbers of the keys that are grouped by.
    pub(super) fn new(texts: Texts, series: impl IntoIterator<Item = (i64, U, Vec<i64>)>) -> Self {
        let mut of = HashMap::new();
        let mut all = Vec::new();
        // Comparing places is much faster than comparing texts.
        let mut known: HashMap<(U, Vec<usize>), usize> = HashMap::new();
        for (series, unit, keys) in series {
            let places = keys.into_iter().map(|key| texts.place(key)).collect();
            let place = *known.entry((unit, places)).or_insert_with_key(|identity| {
                all.push(identity.clone());
                all.len() - 1
            });
            of.insert(series, place);
        }
        Self {
            of,
            all,
            texts: texts.all,
        }
    }

    pub(super) fn of(&self, series: i64) -> Result<usize> {
        let place = self.of.get(&series).copied();
        place.ok_or(StoreError::Unreadable("series_id"))
    }

    /// The values of the keys of a group.
    fn keys(&self, group: usize) -> impl Iterator<Item = &str> {
        let (_, places) = &self.all[group];
        places.iter().map(|place| self.texts[*place].as_str())
    }

    /// The numbers of the series of some groups, in order.
    pub(super) fn series(&self, of: &[usize]) -> Vec<i64> {
        let mut wanted = vec![false; self.all.len()];
        for place in of {
            wanted[*place] = true;
        }
        let mut series: Vec<i64> = (self.of.iter())
            .filter(|(_, place)| wanted[**place])
            .map(|(series, _)| *series)
            .collect();
        series.sort_unstable();
        series
    }
}

/// Sums by group, for each piece.
pub(super) struct Tally<N: Number> {
    pieces: usize,
    values: BTreeMap<usize, Vec<N::Sum>>,
}

impl<N: Number> Tally<N> {
    pub(super) const fn new(pieces: usize) -> Self {
        Self {
            pieces,
            values: BTreeMap::new(),
        }
    }

    pub(super) fn add(&mut self, group: usize, piece: usize, value: N) {
        let values =
            (self.values.entry(group)).or_insert_with(|| vec![N::Sum::default(); self.pieces]);
        if let Some(sum) = values.get_mut(piece) {
            *sum = N::plus(*sum, value.widen());
        }
    }

    pub(super) fn take_away(&mut self, group: usize, piece: usize, value: N) {
        let values = self.values.get_mut(&group);
        if let Some(sum) = values.and_then(|values| values.get_mut(piece)) {
            *sum = N::minus(*sum, value.widen());
        }
    }

    /// Whether a group has come to nothing in every piece.
    pub(super) fn has_empty(&self) -> bool {
        let is_nothing = |sum: &N::Sum| N::by_size(*sum, N::Sum::default()).is_eq();
        self.values
            .values()
            .any(|values| values.iter().all(is_nothing))
    }

    fn total(&self, group: usize) -> N::Sum {
        let values = self.values.get(&group).into_iter().flatten();
        values.fold(N::Sum::default(), |sum, value| N::plus(sum, *value))
    }

    /// For each unit its groups, the largest first, equal ones by name; as many as have
    /// a line of their own, and how many there are beyond.
    pub(super) fn ranked<U: Clone + Hash + Ord>(
        &self,
        groups: &Groups<U>,
        top: Option<usize>,
    ) -> BTreeMap<U, Ranked> {
        let mut by_unit: BTreeMap<U, Vec<(N::Sum, usize)>> = BTreeMap::new();
        for group in self.values.keys() {
            let (unit, _) = &groups.all[*group];
            let sized = (self.total(*group), *group);
            match by_unit.get_mut(unit) {
                Some(known) => known.push(sized),
                None => {
                    by_unit.insert(unit.clone(), vec![sized]);
                }
            }
        }
        by_unit
            .into_iter()
            .map(|(unit, mut sized)| {
                sized.sort_by(|(one, a), (other, b)| {
                    N::by_size(*one, *other).then_with(|| groups.keys(*a).cmp(groups.keys(*b)))
                });
                let mut largest: Vec<usize> = sized.into_iter().map(|(_, group)| group).collect();
                // A single one beyond the top is named: "other" would say less.
                let own = top.filter(|top| largest.len() > top + 1);
                let rest = largest.split_off(own.unwrap_or(largest.len()));
                (unit, Ranked { largest, rest })
            })
            .collect()
    }

    /// Tables of what has been added up for every group.
    pub(super) fn tables<U: Clone + Hash + Ord>(
        &self,
        groups: &Groups<U>,
        top: Option<usize>,
    ) -> Result<Vec<Table<U, N::Out>>> {
        (self.ranked(groups, top).into_iter())
            .map(|(unit, ranked)| {
                let mut table = Lines::<N>::new(self.pieces);
                for group in &ranked.largest {
                    table.push(groups.keys(*group), 1, self.values[group].clone())?;
                }
                let mut rest = vec![N::Sum::default(); self.pieces];
                for group in &ranked.rest {
                    add_all::<N>(&mut rest, &self.values[group]);
                }
                table.rest(ranked.rest.len(), rest)?;
                table.finish(unit)
            })
            .collect()
    }

    /// Tables of what has been added up for the largest groups; the rest is what is
    /// missing to the whole, which has one group for each unit.
    pub(super) fn tables_within<U: Clone + Hash + Ord>(
        &self,
        groups: &Groups<U>,
        ranked: BTreeMap<U, Ranked>,
        whole: &Self,
        wholes: &Groups<U>,
    ) -> Result<Vec<Table<U, N::Out>>> {
        (ranked.into_iter())
            .map(|(unit, ranked)| {
                let mut rest = vec![N::Sum::default(); self.pieces];
                for (group, values) in &whole.values {
                    if wholes.all[*group].0 == unit {
                        add_all::<N>(&mut rest, values);
                    }
                }
                let mut table = Lines::<N>::new(self.pieces);
                for group in &ranked.largest {
                    let values = self.values.get(group).cloned();
                    let values = values.unwrap_or_else(|| vec![N::Sum::default(); self.pieces]);
                    for (rest, value) in rest.iter_mut().zip(&values) {
                        *rest = N::minus(*rest, *value);
                    }
                    table.push(groups.keys(*group), 1, values)?;
                }
                table.rest(ranked.rest.len(), rest)?;
                table.finish(unit)
            })
            .collect()
    }
}

/// Groups in order of their size.
pub(super) struct Ranked {
    /// Those with a line of their own.
    pub(super) largest: Vec<usize>,
    /// The others.
    pub(super) rest: Vec<usize>,
}

/// A table in the making.
struct Lines<N: Number> {
    groups: Vec<Group<N::Out>>,
    values: Vec<N::Sum>,
}

impl<N: Number> Lines<N> {
    fn new(pieces: usize) -> Self {
        Self {
            groups: Vec::new(),
            values: vec![N::Sum::default(); pieces],
        }
    }

    fn push<'a>(
        &mut self,
        keys: impl Iterator<Item = &'a str>,
        groups: usize,
        values: Vec<N::Sum>,
    ) -> Result<()> {
        add_all::<N>(&mut self.values, &values);
        let total = total::<N>(&values);
        self.groups.push(Group {
            keys: keys.map(str::to_owned).collect(),
            groups: u32::try_from(groups).unwrap_or(u32::MAX),
            values: finish::<N>(values)?,
            total: N::finish(total)?,
        });
        Ok(())
    }

    fn rest(&mut self, groups: usize, values: Vec<N::Sum>) -> Result<()> {
        if groups == 0 {
            return Ok(());
        }
        self.push(iter::empty(), groups, values)
    }

    fn finish<U>(self, unit: U) -> Result<Table<U, N::Out>> {
        let total = N::finish(total::<N>(&self.values))?;
        Ok(Table {
            unit,
            groups: self.groups,
            values: finish::<N>(self.values)?,
            total,
        })
    }
}

fn add_all<N: Number>(sums: &mut [N::Sum], values: &[N::Sum]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum = N::plus(*sum, *value);
    }
}

fn total<N: Number>(values: &[N::Sum]) -> N::Sum {
    (values.iter()).fold(N::Sum::default(), |sum, value| N::plus(sum, *value))
}

fn finish<N: Number>(sums: Vec<N::Sum>) -> Result<Vec<N::Out>> {
    sums.into_iter().map(N::finish).collect()
}
