//! The books: what the simulated company is charged, to the last digit. Knows no protocol and no
//! clock: which day today is, is an argument.

mod age;
mod amount;
mod catalogue;
mod company;
mod day;
mod dimension;
pub mod inventory;
mod line;
mod metric;
mod noise;
mod spike;
mod spread;
mod stem;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;

pub use amount::{SCALE, decimal};
pub use company::{Account, Company, NEWCOMER, OTHER, SAMPLE};
pub use dimension::Dimension;
pub use line::Line;
pub use metric::Metric;
pub use spike::Spike;

pub(crate) use day::Item;
pub(crate) use dimension::NOT_ALLOWED;
pub(crate) use noise::{between, mix};

use age::Age;
use day::Day;
use inventory::{Inventory, Scale};
use stem::Rhythm;

/// Tag keys that are activated for cost allocation.
pub const TAG_KEYS: [&str; 2] = ["Environment", "Team"];

/// More generated days than this are not kept: two years, each in a few ages.
const KEPT_DAYS: usize = 1_000;

type Kept = HashMap<(NaiveDate, Age), Arc<Vec<Item>>>;

/// One company's books. Every answer of the simulator is a sum over these items.
pub struct Books {
    company: &'static Company,
    seed: u64,
    lines: Vec<Line>,
    inventory: Inventory,
    kept: Mutex<Kept>,
}

impl Books {
    /// The books of `company`; the same seed gives the same books.
    pub fn new(company: &'static Company, seed: u64) -> Self {
        Self::scaled(company, seed, Scale::default())
    }

    /// The same with more in the inventory, and on the bill.
    pub fn scaled(company: &'static Company, seed: u64, scale: Scale) -> Self {
        let inventory = Inventory::new(company, seed, scale);
        let lines = spread::lines(company, seed, &inventory);
        Self {
            company,
            seed,
            lines,
            inventory,
            kept: Mutex::default(),
        }
    }

    /// Whose books these are.
    pub fn company(&self) -> &'static Company {
        self.company
    }

    /// What the payer's account has in EC2.
    pub fn inventory(&self) -> &Inventory {
        &self.inventory
    }

    /// Everything that charges can appear under.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The exact total of one metric over `days` (half-open), as Cost Explorer shows it on
    /// `today`, of the lines that `filter` takes. In units of 10⁻¹⁰ ([`SCALE`]).
    pub fn total(
        &self,
        days: Range<NaiveDate>,
        today: NaiveDate,
        metric: Metric,
        filter: impl Fn(&Line) -> bool,
    ) -> i128 {
        let taken: Vec<bool> = self.lines.iter().map(filter).collect();
        days.start
            .iter_days()
            .take_while(|day| *day < days.end)
            .flat_map(|day| {
                let items = self.day(day, today);
                let sum: i128 = items
                    .iter()
                    .filter(|item| taken[item.line as usize])
                    .map(|item| i128::from(item.amounts[metric as usize]))
                    .sum();
                Some(sum)
            })
            .sum()
    }

    /// Every charge of a day in one metric, as Cost Explorer shows it on `today`, with the line
    /// that it appears under. In units of 10⁻¹⁰ ([`SCALE`]).
    pub fn charges(&self, day: NaiveDate, today: NaiveDate, metric: Metric) -> Vec<(&Line, i64)> {
        let items = self.day(day, today);
        let charge = |item: &Item| {
            let line = self.lines.get(item.line as usize)?;
            Some((line, item.amounts[metric as usize]))
        };
        items.iter().filter_map(charge).collect()
    }

    /// Whether Cost Explorer calls this day `Estimated` on `today`.
    pub fn estimated(day: NaiveDate, today: NaiveDate) -> bool {
        age::month_is_open(day, today)
    }

    /// The last spike that began on or before `day`, or the one later in the same half-year.
    pub fn spike(&self, day: NaiveDate) -> Option<Spike> {
        let (days, chance) = spike::when(self.seed, day)?;
        let (_, line) = spike::place(self.spike_lines(), chance)?;
        Some(Spike {
            days,
            service: line.service,
            linked_account: line.linked_account,
            region: line.region,
        })
    }

    /// The items of a day as they are on `today`; none for a day to come.
    pub(crate) fn day(&self, date: NaiveDate, today: NaiveDate) -> Arc<Vec<Item>> {
        let Some(age) = Age::of(date, today) else {
            return Arc::default();
        };
        let kept = |kept: &Mutex<Kept>| {
            kept.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get(&(date, age))
                .cloned()
        };
        if let Some(items) = kept(&self.kept) {
            return items;
        }
        let day = Day {
            date,
            age,
            company: self.company,
            spiking: self.spiking(date),
            metered: &self.inventory.usage(date),
        };
        let items = Arc::new(day.items(&self.lines));
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEPT_DAYS {
            all.clear();
        }
        all.insert((date, age), items.clone());
        items
    }

    fn spiking(&self, date: NaiveDate) -> Option<usize> {
        let (days, chance) = spike::when(self.seed, date)?;
        if !days.contains(&date) {
            return None;
        }
        spike::place(self.spike_lines(), chance).map(|(index, _)| index)
    }

    fn spike_lines(&self) -> impl Iterator<Item = (usize, &Line)> {
        self.lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.plan.rhythm == Rhythm::Spike)
    }
}

#[cfg(test)]
mod tests;
