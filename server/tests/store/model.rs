//! The store's costs as anyone would write them down who has no need to be fast: every
//! answer is kept as it came, and every question goes through all rows.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    account::ConnectionId,
    cube::{CubeRow, DaySlice},
    dimension::GroupKey,
    grouped::{Figures, Group, Table},
    history::MonthSaid,
    metric::Metric,
    money::{Currency, Nanos},
    period::Period,
    query::{ReportQuery, Step},
};

/// One answer for one day.
#[derive(Clone, Debug)]
pub struct Version {
    pub asked_on: NaiveDate,
    pub asked_at: DateTime<Utc>,
    pub rows: Vec<CubeRow>,
}

/// One cube of each connection.
#[derive(Debug, Default)]
pub struct Model {
    pub keys: Vec<GroupKey>,
    /// What was said about each day, in order; the last counts.
    days: BTreeMap<(ConnectionId, NaiveDate), Vec<Version>>,
}

/// A change of a complete day: when, which day, whose, before and after.
pub type Restated = (
    DateTime<Utc>,
    NaiveDate,
    [String; 2],
    Currency,
    [Nanos; 5],
    [Nanos; 5],
);

impl Model {
    pub fn new(keys: Vec<GroupKey>) -> Self {
        Self {
            keys,
            ..Self::default()
        }
    }

    pub fn replace(
        &mut self,
        id: ConnectionId,
        asked_on: NaiveDate,
        asked_at: DateTime<Utc>,
        slices: &[DaySlice],
    ) {
        for slice in slices {
            let versions = self.days.entry((id, slice.day)).or_default();
            if versions.last().is_none_or(|last| last.asked_at <= asked_at) {
                versions.push(Version {
                    asked_on,
                    asked_at,
                    rows: slice.rows.clone(),
                });
            }
        }
    }

    /// The rows that count, day by day.
    pub fn latest(&self, id: ConnectionId) -> impl Iterator<Item = (NaiveDate, &CubeRow)> {
        let days = self.days.iter().filter(move |((owner, _), _)| *owner == id);
        days.flat_map(|((_, day), versions)| {
            let rows = versions.last().expect("one").rows.iter();
            rows.map(|row| (*day, row))
        })
    }

    pub fn figures(&self, query: &ReportQuery) -> Figures {
        match query.metric {
            Metric::UsageQuantity => Figures::Usage(self.tables(
                query,
                |row| row.usage_unit.clone(),
                |row| row.usage_quantity,
                |values| values.iter().sum(),
                f64::abs,
            )),
            Metric::NormalizedUsage => Figures::Usage(self.tables(
                query,
                |_| String::new(),
                |row| row.normalized_usage,
                |values| values.iter().sum(),
                f64::abs,
            )),
            metric => Figures::Money(self.tables(
                query,
                |row| row.currency,
                |row| row.cost(metric).expect("money"),
                |values| Nanos::sum(values.iter().copied()).expect("it fits"),
                |sum| sum.0.unsigned_abs(),
            )),
        }
    }

    fn tables<U: Ord + Clone, A: Copy + Default, S: PartialOrd>(
        &self,
        query: &ReportQuery,
        unit: impl Fn(&CubeRow) -> U,
        amount: impl Fn(&CubeRow) -> A,
        sum: impl Fn(&[A]) -> A,
        size: impl Fn(A) -> S,
    ) -> Vec<Table<U, A>> {
        let pieces = query.step.pieces(query.period);
        let mut units: BTreeMap<U, BTreeMap<Vec<String>, Vec<Vec<A>>>> = BTreeMap::new();
        let rows = query.connections.iter().flat_map(|id| self.latest(*id));
        for (day, row) in rows.filter(|(day, _)| query.period.contains(*day)) {
            let piece = pieces.iter().position(|piece| piece.contains(day));
            let value = |key: &GroupKey| {
                let place = self.keys.iter().position(|one| one == key)?;
                Some(row.keys[place].as_str())
            };
            if query
                .filter
                .as_ref()
                .is_some_and(|filter| !filter.lets_through(&value))
            {
                continue;
            }
            let keys = (query.group_by.iter())
                .map(|key| value(key).expect("a key of the cube").to_owned())
                .collect();
            let groups = units.entry(unit(row)).or_default();
            let group = groups
                .entry(keys)
                .or_insert_with(|| vec![Vec::new(); pieces.len()]);
            group[piece.expect("a piece")].push(amount(row));
        }
        let finish = |unit: U, groups: BTreeMap<Vec<String>, Vec<Vec<A>>>| {
            let mut groups: Vec<Group<A>> = (groups.into_iter())
                .map(|(keys, pieces)| {
                    let values: Vec<A> = pieces.iter().map(|piece| sum(piece)).collect();
                    Group {
                        keys,
                        groups: 1,
                        total: sum(&values),
                        values,
                    }
                })
                .collect();
            let piece = |groups: &[Group<A>], place: usize| {
                let all: Vec<A> = groups.iter().map(|group| group.values[place]).collect();
                sum(&all)
            };
            let values: Vec<A> = (0..pieces.len())
                .map(|place| piece(&groups, place))
                .collect();
            groups.sort_by(|a, b| {
                let sizes = size(b.total).partial_cmp(&size(a.total)).expect("numbers");
                sizes.then(a.keys.cmp(&b.keys))
            });
            let top = query.top.map_or(usize::MAX - 1, |top| top as usize);
            if groups.len() > top + 1 {
                let rest = groups.split_off(top);
                let values: Vec<A> = (0..pieces.len()).map(|place| piece(&rest, place)).collect();
                groups.push(Group {
                    keys: Vec::new(),
                    groups: u32::try_from(rest.len()).expect("a few"),
                    total: sum(&values),
                    values,
                });
            }
            Table {
                unit,
                groups,
                total: sum(&values),
                values,
            }
        };
        units
            .into_iter()
            .map(|(unit, groups)| finish(unit, groups))
            .collect()
    }

    /// At each moment of an answer, the sum of what was known until then.
    pub fn month_history(&self, id: ConnectionId, month: Period, metric: Metric) -> Vec<MonthSaid> {
        let of_month: Vec<&Vec<Version>> = (self.days.iter())
            .filter(|((owner, day), _)| *owner == id && month.contains(*day))
            .map(|(_, versions)| versions)
            .collect();
        let all = || of_month.iter().flat_map(|versions| versions.iter());
        let moments: BTreeSet<_> = all().map(|version| version.asked_at).collect();
        let currencies: BTreeSet<_> = all()
            .flat_map(|version| version.rows.iter().map(|row| row.currency))
            .collect();
        let mut said = Vec::new();
        let mut last = BTreeMap::new();
        for at in moments {
            for currency in &currencies {
                let known = of_month
                    .iter()
                    .filter_map(|versions| versions.iter().rfind(|version| version.asked_at <= at));
                let rows = known
                    .flat_map(|version| &version.rows)
                    .filter(|row| row.currency == *currency);
                let mut rows = rows.peekable();
                let begun = rows.peek().is_some() || last.contains_key(currency);
                let total = Nanos::sum(rows.map(|row| row.cost(metric).expect("money")));
                let total = total.expect("it fits");
                if begun && last.insert(*currency, total) != Some(total) {
                    said.push(MonthSaid {
                        at,
                        currency: *currency,
                        total,
                    });
                }
            }
        }
        said
    }

    pub fn restated(&self, id: ConnectionId) -> Vec<Restated> {
        let mut restated = Vec::new();
        for ((owner, day), versions) in &self.days {
            for pair in versions.windows(2) {
                if *owner != id || (pair[0].asked_on - *day).num_days() < 2 {
                    continue;
                }
                let sums = [by_keys(&pair[0].rows), by_keys(&pair[1].rows)];
                let keys: BTreeSet<_> = sums.iter().flat_map(BTreeMap::keys).collect();
                for key in keys {
                    let [before, after] = [0, 1]
                        .map(|place: usize| sums[place].get(key).copied().unwrap_or_default());
                    if before != after {
                        let (keys, currency) = key.clone();
                        restated.push((pair[1].asked_at, *day, keys, currency, before.0, after.0));
                    }
                }
            }
        }
        restated.sort();
        restated
    }
}

type Sums = ([Nanos; 5], f64, f64);

fn by_keys(rows: &[CubeRow]) -> BTreeMap<([String; 2], Currency), Sums> {
    (rows.iter())
        .map(|row| {
            let sums = (row.costs, row.usage_quantity, row.normalized_usage);
            ((row.keys.clone(), row.currency), sums)
        })
        .collect()
}

/// A unit, and its groups' keys and sizes.
type Shape = (String, Vec<(Vec<String>, u32)>);

/// Exactly in money, nearly in usage.
pub fn assert_same(found: &Figures, expected: &Figures, context: &str) {
    let (Figures::Usage(found), Figures::Usage(expected)) = (found, expected) else {
        assert_eq!(found, expected, "{context}");
        return;
    };
    let shape = |tables: &[Table<String, f64>]| -> Vec<Shape> {
        let groups = |table: &Table<String, f64>| {
            let groups = table.groups.iter();
            groups
                .map(|group| (group.keys.clone(), group.groups))
                .collect()
        };
        tables
            .iter()
            .map(|table| (table.unit.clone(), groups(table)))
            .collect()
    };
    assert_eq!(shape(found), shape(expected), "{context}");
    let numbers = |tables: &[Table<String, f64>]| -> Vec<f64> {
        let table = |table: &Table<String, f64>| {
            let mut all = vec![table.total];
            all.extend(&table.values);
            for group in &table.groups {
                all.push(group.total);
                all.extend(&group.values);
            }
            all
        };
        tables.iter().flat_map(table).collect()
    };
    for (found, expected) in numbers(found).into_iter().zip(numbers(expected)) {
        // Floating numbers have fifteen digits, and sums depend on their order.
        let nearly = (expected.abs() * 1e-13).max(1e-6);
        let difference = (found - expected).abs();
        assert!(difference <= nearly, "{found} is not {expected}: {context}");
    }
}

/// Every step.
pub const STEPS: [Step; 4] = [Step::Daily, Step::Weekly, Step::Monthly, Step::Total];
