//! Puts an earlier period's totals beside a report, group for group, and what it came to
//! beside the report's pieces. Pure.

use std::collections::HashMap;

use domain::{
    grouped::{Figures, Group, Report, Table},
    money::{MoneyError, Nanos},
    period::Period,
};

/// What can be added up.
pub(super) trait Addable: Copy + Default {
    fn plus(self, more: Self) -> Result<Self, MoneyError>;
    fn size(self) -> f64;
}

impl Addable for Nanos {
    fn plus(self, more: Self) -> Result<Self, MoneyError> {
        Self::sum([self, more])
    }

    fn size(self) -> f64 {
        self.approximate().abs()
    }
}

impl Addable for f64 {
    fn plus(self, more: Self) -> Result<Self, MoneyError> {
        Ok(self + more)
    }

    fn size(self) -> f64 {
        self.abs()
    }
}

/// The earlier figures, every group of which is told, in the order of the shown ones: table
/// for table, group for group. Groups that are gone get a line among the shown ones, as many
/// as there may be `lines`; the others are part of the rest.
///
/// # Errors
/// When a sum doesn't fit.
pub(super) fn beside(
    shown: &mut Figures,
    earlier: Figures,
    lines: u32,
) -> Result<Figures, MoneyError> {
    Ok(match (shown, earlier) {
        (Figures::Money(shown), Figures::Money(earlier)) => {
            Figures::Money(tables(shown, earlier, lines)?)
        }
        (Figures::Usage(shown), Figures::Usage(earlier)) => {
            Figures::Usage(tables(shown, earlier, lines)?)
        }
        // Both are made by the same metric.
        (_, earlier) => earlier,
    })
}

/// Gives each table of the earlier figures its values: what the stretches of a report that has
/// no groups come to.
///
/// # Errors
/// When a sum doesn't fit.
pub(super) fn along(
    earlier: &mut Figures,
    report: &Report,
    stretches: &[Option<Period>],
) -> Result<(), MoneyError> {
    match (earlier, &report.figures) {
        (Figures::Money(tables), Figures::Money(whole)) => {
            values(tables, whole, &report.pieces, stretches)
        }
        (Figures::Usage(tables), Figures::Usage(whole)) => {
            values(tables, whole, &report.pieces, stretches)
        }
        // Both are made by the same metric.
        _ => Ok(()),
    }
}

fn values<U: PartialEq, A: Addable>(
    tables: &mut [Table<U, A>],
    whole: &[Table<U, A>],
    pieces: &[Period],
    stretches: &[Option<Period>],
) -> Result<(), MoneyError> {
    for table in tables {
        table.values = vec![A::default(); stretches.len()];
        let Some(whole) = whole.iter().find(|one| one.unit == table.unit) else {
            continue;
        };
        for (value, stretch) in table.values.iter_mut().zip(stretches) {
            let within = (pieces.iter().zip(&whole.values))
                .filter(|(piece, _)| stretch.is_some_and(|all| all.contains(piece.start())));
            for (_, more) in within {
                *value = value.plus(*more)?;
            }
        }
    }
    Ok(())
}

fn tables<U: Clone + PartialEq, A: Addable>(
    shown: &mut Vec<Table<U, A>>,
    earlier: Vec<Table<U, A>>,
    lines: u32,
) -> Result<Vec<Table<U, A>>, MoneyError> {
    let pieces = shown.first().map_or(0, |table| table.values.len());
    for table in &earlier {
        if !shown.iter().any(|one| one.unit == table.unit) {
            shown.push(Table {
                unit: table.unit.clone(),
                groups: Vec::new(),
                values: vec![A::default(); pieces],
                total: A::default(),
            });
        }
    }
    let mut found = Vec::with_capacity(shown.len());
    for table in shown {
        let before = earlier.iter().find(|one| one.unit == table.unit);
        found.push(match before {
            Some(before) => one_table(table, before, lines)?,
            None => Table {
                unit: table.unit.clone(),
                groups: table
                    .groups
                    .iter()
                    .map(|group| line(group, A::default()))
                    .collect(),
                values: Vec::new(),
                total: A::default(),
            },
        });
    }
    Ok(found)
}

fn one_table<U: Clone, A: Addable>(
    shown: &mut Table<U, A>,
    earlier: &Table<U, A>,
    lines: u32,
) -> Result<Table<U, A>, MoneyError> {
    let mut before: HashMap<&[String], A> = (earlier.groups.iter())
        .map(|group| (group.keys.as_slice(), group.total))
        .collect();
    let mut groups = Vec::with_capacity(shown.groups.len());
    let mut rest = None;
    for (place, group) in shown.groups.iter().enumerate() {
        if group.is_rest() {
            rest = Some(place);
        }
        let total = match group.is_rest() {
            true => A::default(),
            false => before.remove(group.keys.as_slice()).unwrap_or_default(),
        };
        groups.push(line(group, total));
    }
    let mut gone: Vec<&Group<A>> = (earlier.groups.iter())
        .filter(|group| before.contains_key(group.keys.as_slice()))
        .collect();
    gone.sort_by(|one, other| {
        (other.total.size().total_cmp(&one.total.size())).then_with(|| one.keys.cmp(&other.keys))
    });
    if let Some(rest) = rest {
        for group in gone {
            groups[rest].total = groups[rest].total.plus(group.total)?;
        }
    } else {
        let own = usize::try_from(lines).unwrap_or(usize::MAX);
        let own = own.saturating_sub(shown.groups.len());
        // A single one beyond those is named: "other" would say less.
        let own = if gone.len() <= own + 1 {
            gone.len()
        } else {
            own
        };
        let (named, others) = gone.split_at(own);
        let pieces = shown.values.len();
        for group in named {
            shown.groups.push(nothing(group.keys.clone(), 1, pieces));
            groups.push(line(group, group.total));
        }
        if !others.is_empty() {
            let count = u32::try_from(others.len()).unwrap_or(u32::MAX);
            let nothing = nothing(Vec::new(), count, pieces);
            let mut total = A::default();
            for group in others {
                total = total.plus(group.total)?;
            }
            groups.push(line(&nothing, total));
            shown.groups.push(nothing);
        }
    }
    Ok(Table {
        unit: shown.unit.clone(),
        groups,
        values: Vec::new(),
        total: earlier.total,
    })
}

fn line<A: Addable>(group: &Group<A>, total: A) -> Group<A> {
    Group {
        keys: group.keys.clone(),
        groups: group.groups,
        values: Vec::new(),
        total,
    }
}

fn nothing<A: Addable>(keys: Vec<String>, groups: u32, pieces: usize) -> Group<A> {
    Group {
        keys,
        groups,
        values: vec![A::default(); pieces],
        total: A::default(),
    }
}

#[cfg(test)]
mod tests {
    use domain::{cube::Cube, money::Currency, query::Step};
    use proptest::prelude::*;

    use super::*;

    type Money = Table<Currency, Nanos>;

    fn table(groups: &[(&str, i64)]) -> Money {
        Table {
            unit: Currency::USD,
            groups: groups
                .iter()
                .map(|(name, total)| Group {
                    keys: match *name {
                        "" => Vec::new(),
                        name => vec![name.to_owned()],
                    },
                    groups: if name.is_empty() { 2 } else { 1 },
                    values: vec![Nanos(*total)],
                    total: Nanos(*total),
                })
                .collect(),
            values: vec![Nanos(groups.iter().map(|(_, total)| total).sum())],
            total: Nanos(groups.iter().map(|(_, total)| total).sum()),
        }
    }

    fn compared(shown: Money, earlier: Money, lines: u32) -> Vec<(String, i64, i64)> {
        let mut shown = vec![shown];
        let before = tables(&mut shown, vec![earlier], lines).unwrap();
        let pairs = shown[0].groups.iter().zip(&before[0].groups);
        pairs
            .map(|(now, before)| {
                assert_eq!((&now.keys, now.groups), (&before.keys, before.groups));
                (now.keys.join("/"), now.total.0, before.total.0)
            })
            .collect()
    }

    fn lines(expected: &[(&str, i64, i64)]) -> Vec<(String, i64, i64)> {
        let own = |(name, now, before): &(&str, i64, i64)| ((*name).to_owned(), *now, *before);
        expected.iter().map(own).collect()
    }

    #[test]
    fn what_has_no_line_is_part_of_the_rest() {
        let shown = table(&[("a", 9), ("", 5)]);
        let earlier = table(&[("b", 7), ("a", 4), ("c", 1)]);
        let expected = lines(&[("a", 9, 4), ("", 5, 8)]);
        assert_eq!(compared(shown, earlier, 1), expected);
    }

    #[test]
    fn what_is_gone_has_a_line() {
        let shown = || table(&[("a", 9)]);
        let earlier = || table(&[("b", 7), ("a", 4), ("c", 1), ("d", -3)]);
        let all = lines(&[("a", 9, 4), ("b", 0, 7), ("d", 0, -3), ("c", 0, 1)]);
        assert_eq!(compared(shown(), earlier(), 8), all);
        assert_eq!(compared(shown(), earlier(), 3), all);
        let some = lines(&[("a", 9, 4), ("b", 0, 7), ("", 0, -2)]);
        assert_eq!(compared(shown(), earlier(), 2), some);
    }

    #[test]
    fn a_currency_that_is_gone_has_a_table() {
        let mut shown = vec![table(&[("a", 9)])];
        let mut euros = table(&[("a", 3)]);
        euros.unit = "EUR".parse().unwrap();
        let before = tables(&mut shown, vec![euros], 8).unwrap();
        assert_eq!((shown.len(), before.len()), (2, 2));
        assert_eq!((shown[1].total, before[1].total), (Nanos(0), Nanos(3)));
        assert_eq!(
            (before[0].total, before[0].groups[0].total),
            (Nanos(0), Nanos(0))
        );
    }

    #[test]
    fn days_are_added_up_to_the_stretches_that_stand_beside() {
        let day = |day| chrono::NaiveDate::from_ymd_opt(2026, 10, day).unwrap();
        let period = |from, to| Period::new(day(from), day(to)).unwrap();
        let whole = Report {
            cube: Cube::ServiceAccount.question(),
            months: Vec::new(),
            group_by: Vec::new(),
            pieces: Step::Daily.pieces(period(1, 5)),
            figures: Figures::Money(vec![Table {
                values: [1, 2, 4, 8].map(Nanos).to_vec(),
                ..table(&[("", 15)])
            }]),
        };
        let mut euros = table(&[("a", 0)]);
        euros.unit = "EUR".parse().unwrap();
        let mut earlier = Figures::Money(vec![table(&[("a", 15)]), euros]);
        let stretches = [Some(period(1, 3)), None, Some(period(3, 5))];
        along(&mut earlier, &whole, &stretches).unwrap();
        let Figures::Money(tables) = earlier else {
            panic!("money stays money");
        };
        assert_eq!(tables[0].values, [3, 0, 12].map(Nanos));
        assert_eq!(tables[1].values, [0, 0, 0].map(Nanos));
    }

    proptest! {
        #[test]
        fn lines_add_up_to_the_total(
            now in prop::collection::btree_map("[a-h]", -50_i64..50, 0..6),
            before in prop::collection::btree_map("[a-h]", -50_i64..50, 0..9),
            lines in 1_u32..6,
        ) {
            let list = |all: &std::collections::BTreeMap<String, i64>| {
                let all: Vec<(&str, i64)> = all.iter().map(|(name, total)| (name.as_str(), *total)).collect();
                table(&all)
            };
            let found = compared(list(&now), list(&before), lines);
            prop_assert_eq!(found.iter().map(|one| one.1).sum::<i64>(), now.values().sum::<i64>());
            prop_assert_eq!(found.iter().map(|one| one.2).sum::<i64>(), before.values().sum::<i64>());
        }
    }
}
