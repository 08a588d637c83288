//! The books: what the simulated company is charged, to the last digit. Knows no protocol and no
//! clock: which day today is, is an argument.

mod age;
mod amount;
mod catalogue;
mod category;
mod commitments;
mod company;
mod day;
mod dimension;
pub mod inventory;
mod line;
mod metric;
mod noise;
mod restatement;
mod spike;
mod spread;
mod stem;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::NaiveDate;

pub use amount::{SCALE, decimal};
pub use category::COST_CATEGORIES;
pub use company::{ARCHIVE, Account, Company, NEWCOMER, OTHER, SAMPLE, SHOP};
pub use dimension::Dimension;
pub use line::Line;
pub use metric::Metric;
pub use restatement::Restatement;
pub use spike::Spike;

pub(crate) use amount::scaled;
pub(crate) use commitments::Commitments;
pub(crate) use day::Item;
pub(crate) use dimension::NOT_ALLOWED;
pub(crate) use noise::{between, mix};
pub(crate) use stem::{Kind, Rhythm};

use age::Age;
use day::Day;
use inventory::{Inventory, Scale};

/// Tag keys that are activated for cost allocation.
pub const TAG_KEYS: [&str; 2] = ["Environment", "Team"];

/// More generated days than this are not kept: two years, each in a few ages.
const KEPT_DAYS: usize = 1_000;

/// By day, age and the restatements that change the day.
type Kept = HashMap<(NaiveDate, Age, Vec<usize>), Arc<Vec<Item>>>;

/// One company's books. Every answer of the simulator is a sum over these items.
pub struct Books {
    company: &'static Company,
    seed: u64,
    lines: Vec<Line>,
    inventory: Inventory,
    commitments: Commitments,
    restated: Mutex<Vec<Restatement>>,
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
            commitments: Commitments::of(company, &lines),
            lines,
            inventory,
            restated: Mutex::default(),
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
        let (index, line) = spike::place(self.spike_lines(), chance)?;
        Some(Spike {
            days,
            service: line.service,
            linked_account: line.linked_account,
            region: line.region,
            usage_type: line.usage_type.clone(),
            line: u32::try_from(index).ok()?,
        })
    }

    /// The items of a day as they are on `today`; none for a day to come.
    pub(crate) fn day(&self, date: NaiveDate, today: NaiveDate) -> Arc<Vec<Item>> {
        let Some(age) = Age::of(date, today) else {
            return Arc::default();
        };
        let restated = self.restatements();
        let changes: Vec<usize> = restated
            .iter()
            .enumerate()
            .filter(|(_, order)| order.changes(date, today))
            .map(|(index, _)| index)
            .collect();
        let key = (date, age, changes);
        let kept = |kept: &Mutex<Kept>| {
            kept.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get(&key)
                .cloned()
        };
        if let Some(items) = kept(&self.kept) {
            return items;
        }
        let orders: Vec<Restatement> = key.2.iter().map(|index| restated[*index].clone()).collect();
        drop(restated);
        let day = Day {
            date,
            age,
            commitments: &self.commitments,
            spiking: self.spiking(date),
            metered: &self.inventory.usage(date),
            restated: orders.iter().collect(),
        };
        let items = Arc::new(day.items(&self.lines));
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEPT_DAYS {
            all.clear();
        }
        all.insert(key, items.clone());
        items
    }

    /// What the company has committed to.
    pub(crate) fn commitments(&self) -> &Commitments {
        &self.commitments
    }

    /// Changes usage of past days from now on, if the order is for these books.
    pub(crate) fn restate(&self, order: Restatement) {
        let elsewhere = order.account.as_deref();
        if elsewhere.is_none_or(|account| account == self.company.payer) {
            self.restatements().push(order);
        }
    }

    /// Takes all restatements back.
    pub(crate) fn forget_restatements(&self) {
        let mut restated = self.restatements();
        restated.clear();
        // Days are kept by the places of their orders, which others may take now.
        self.kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|(_, _, changes), _| changes.is_empty());
    }

    /// The restatements that were ordered for these books.
    pub(crate) fn restatements(&self) -> MutexGuard<'_, Vec<Restatement>> {
        self.restated.lock().unwrap_or_else(PoisonError::into_inner)
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
