//! What AWS has answered, row by row, from its own books: as they were on the day of the
//! question. Knows the product's rounding, because that is documented: each pair of keys
//! and day, once, half to even.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::{
    cube::{Cube, CubeRow, DaySlice},
    metric::Metric,
    money::{Currency, Nanos},
};
use simulator::books::{self, Books, SCALE, decimal};

/// A day of a cube, as Cost Explorer shows it on `today`.
pub fn slice(books: &Books, cube: Cube, day: NaiveDate, today: NaiveDate) -> DaySlice {
    let dimensions = cube
        .dimensions()
        .map(|dimension| books::Dimension::parse(dimension.aws_name()).unwrap());
    let mut rows: BTreeMap<[&str; 2], Row> = BTreeMap::new();
    for (place, metric) in books::Metric::ALL.into_iter().enumerate() {
        for (line, amount) in books.charges(day, today, metric) {
            let row = rows
                .entry(dimensions.map(|dimension| dimension.value(line)))
                .or_default();
            row.amounts[place] += i128::from(amount);
            if metric == books::Metric::UsageQuantity && amount != 0 {
                row.units.insert(line.unit);
            }
        }
    }
    DaySlice {
        day,
        estimated: Books::estimated(day, today),
        rows: rows
            .into_iter()
            .map(|(keys, row)| row.as_stored(keys))
            .collect(),
    }
}

#[derive(Default)]
struct Row {
    amounts: [i128; books::Metric::ALL.len()],
    units: BTreeSet<&'static str>,
}

impl Row {
    fn as_stored(&self, keys: [&str; 2]) -> CubeRow {
        let measure = |metric| decimal(self.amount(metric)).parse().unwrap();
        let unit = match self.units.len() {
            1 => *self.units.first().unwrap(),
            // None at all, or what AWS adds up nevertheless.
            _ => "N/A",
        };
        CubeRow {
            keys: keys.map(str::to_owned),
            currency: Currency::USD,
            costs: Metric::COSTS.map(|metric| rounded(self.amount(metric))),
            usage_quantity: measure(Metric::UsageQuantity),
            // Some lines have a unit without a name.
            usage_unit: if unit.is_empty() { "N/A" } else { unit }.to_owned(),
            normalized_usage: measure(Metric::NormalizedUsage),
        }
    }

    fn amount(&self, metric: Metric) -> i128 {
        let metric = books::Metric::parse(metric.aws_name()).unwrap();
        self.amounts[metric as usize]
    }
}

/// From the books' units to nano-units, half to even.
pub fn rounded(exact: i128) -> Nanos {
    let tenth = SCALE / 1_000_000_000;
    let (whole, rest) = (exact.div_euclid(tenth), exact.rem_euclid(tenth));
    let up = 2 * rest > tenth || (2 * rest == tenth && whole.rem_euclid(2) == 1);
    Nanos(i64::try_from(whole + i128::from(up)).unwrap())
}
