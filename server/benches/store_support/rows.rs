//! Costs of an invented organization: as many services as people have, and as many
//! accounts, regions and usage types as make the wanted number of rows.

use chrono::NaiveDate;
use domain::{
    cube::{Cube, CubeRow, DaySlice},
    money::{Currency, Nanos},
    period::Period,
};

/// Services that an organization uses.
const SERVICES: usize = 60;
/// Days in 14 months.
const DAYS: usize = 420;

pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day")
}

/// How many rows to measure with, in millions: as the arguments say, or the usual ones.
pub fn sizes(usual: &[f64]) -> Vec<f64> {
    let said = std::env::args().filter_map(|size| size.parse().ok());
    let said: Vec<f64> = said.collect();
    if said.is_empty() {
        usual.to_vec()
    } else {
        said
    }
}

/// Everything that is kept, in the pieces in which it is asked for, the newest first.
pub fn answers() -> Vec<Period> {
    let months = Period::kept(today()).by_month();
    months
        .rchunks(3)
        .filter_map(|some| Period::new(some.first()?.start(), some.last()?.end()).ok())
        .collect()
}

/// The 13 whole months before today's.
pub fn year() -> Period {
    let kept = Period::kept(today());
    Period::new(kept.start(), Period::month_of(today()).start()).expect("months")
}

/// How many rows of a thousand a cube has: usage types are the most.
fn share(cube: Cube) -> usize {
    match cube {
        Cube::ServiceAccount => 250,
        Cube::ServiceRegion => 200,
        Cube::ServiceUsageType => 500,
        Cube::ServiceRecordType => 50,
    }
}

pub fn slices(cube: Cube, period: Period, wanted: usize) -> Vec<DaySlice> {
    let pairs = (wanted * share(cube) / 1_000 / DAYS).max(SERVICES);
    let mut chance = Chance(u64::from(period.start().to_string().as_bytes()[6]) + 7);
    (period.days())
        .map(|day| DaySlice {
            day,
            estimated: false,
            rows: (0..pairs)
                .map(|pair| row(cube, pair, &mut chance))
                .collect(),
        })
        .collect()
}

/// All of them, in the order of a first sync.
pub fn all(wanted: usize) -> impl Iterator<Item = (Cube, Vec<DaySlice>)> {
    let answers = answers().into_iter();
    answers.flat_map(move |months| {
        Cube::ALL
            .into_iter()
            .map(move |cube| (cube, slices(cube, months, wanted)))
    })
}

/// The last three days again, the last of which has changed.
pub fn refreshed(cube: Cube, wanted: usize) -> Vec<DaySlice> {
    let newest = answers()[0];
    let mut all = slices(cube, newest, wanted);
    let mut last = all.split_off(all.len() - 3);
    last[2].rows[0].costs[0] = Nanos(1);
    last
}

fn row(cube: Cube, pair: usize, chance: &mut Chance) -> CubeRow {
    let second = pair / SERVICES;
    CubeRow {
        keys: [
            format!("Amazon Service {:02}", pair % SERVICES),
            match cube {
                Cube::ServiceAccount => format!("{:012}", 100_000_000_000 + second),
                _ => format!("Value of {}, number {second:04}", cube.as_str()),
            },
        ],
        currency: Currency::USD,
        costs: std::array::from_fn(|_| Nanos(chance.next())),
        usage_quantity: chance.next() as f64 / 1e6,
        usage_unit: if second.is_multiple_of(4) {
            "N/A"
        } else {
            "Hrs"
        }
        .to_owned(),
        normalized_usage: 0.0,
    }
}

/// Knuth's MMIX generator; any numbers would do.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 26).expect("38 bits")
    }
}
