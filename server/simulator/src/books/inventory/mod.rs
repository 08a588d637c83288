//! The inventory: what the payer's account has in EC2. The books' quantities of these usage types
//! are metered from it, so both always agree. Knows no protocol and no clock.
//!
//! It is made of stories: each plays again and again in cycles of its own length, so that every
//! day has one of each case and something changes from day to day. What a person sees on a day
//! is the state at its first moment.

mod bulk;
mod fleet;
mod life;
mod lines;
mod meter;
mod plot;
mod seen;
mod story;
mod teller;
mod usage;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::company::Company;
use super::noise::mix;

pub use life::{Attachment, Attribution, StopStyle, VolumeKind};
pub use seen::{Address, Instance, Running, Seen, Snapshot, Volume};

pub(crate) use lines::{lines, owns};

use life::{Cast, Span, hour};
use story::Story;
use usage::Account;

/// Told cycles are forgotten beyond this number: a year of every story needs far fewer.
const KEPT_CYCLES: usize = 20_000;

/// How much more there is than the ordinary inventory, for measuring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scale {
    /// So many volumes more; most are attached to machines, which come with them.
    pub volumes: usize,
    /// So many snapshots more.
    pub snapshots: usize,
}

/// Everything that one account has had and will have in EC2.
pub struct Inventory {
    seed: u64,
    stories: Vec<Story>,
    accounts: Vec<Account>,
    told: Mutex<HashMap<(usize, i64), Arc<Cast>>>,
    seen: Mutex<Option<(NaiveDate, Arc<Seen>)>>,
}

impl Inventory {
    /// The inventory of the company's payer; the same seed gives the same one.
    pub(crate) fn new(company: &Company, seed: u64, scale: Scale) -> Self {
        let mut stories = fleet::stories(company);
        if !stories.is_empty() {
            stories.extend(bulk::stories(scale));
        }
        let mut inventory = Self {
            seed: mix(&[seed, company.salt, 2]),
            stories,
            accounts: Vec::new(),
            told: Mutex::default(),
            seen: Mutex::default(),
        };
        inventory.accounts = usage::accounts(&inventory.first_cycles());
        inventory
    }

    /// What EC2 shows on `day`: the state at its first moment.
    pub fn seen(&self, day: NaiveDate) -> Arc<Seen> {
        let kept = |seen: &Option<(NaiveDate, Arc<Seen>)>| {
            seen.as_ref()
                .filter(|(of, _)| *of == day)
                .map(|(_, seen)| seen.clone())
        };
        if let Some(seen) = kept(&self.seen.lock().unwrap_or_else(PoisonError::into_inner)) {
            return seen;
        }
        let at = hour(day);
        // What ended within the last day still shows, as terminated.
        let seen = Arc::new(Seen::at(at, &self.casts(Span::new(at - 24, at + 1))));
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some((day, seen.clone()));
        seen
    }

    /// What is metered apart: a usage type, a region, cost allocation tags.
    pub(crate) fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// The quantity of every account on `day`, in 10⁻¹⁰ units.
    pub(crate) fn usage(&self, day: NaiveDate) -> Vec<i64> {
        let span = Span::new(hour(day), hour(day) + 24);
        usage::quantities(&self.accounts, &self.casts(span), day)
    }

    /// The casts of all cycles that touch the span.
    fn casts(&self, span: Span) -> Vec<Arc<Cast>> {
        let stories = self.stories.iter().enumerate();
        stories
            .flat_map(|(index, story)| {
                story
                    .cycles(self.seed, span)
                    .map(move |cycle| self.told(index, cycle))
            })
            .collect()
    }

    fn first_cycles(&self) -> Vec<Arc<Cast>> {
        (0..self.stories.len())
            .map(|story| self.told(story, 0))
            .collect()
    }

    fn told(&self, story: usize, cycle: i64) -> Arc<Cast> {
        let kept = |told: &Mutex<HashMap<(usize, i64), Arc<Cast>>>| {
            let told = told.lock().unwrap_or_else(PoisonError::into_inner);
            told.get(&(story, cycle)).cloned()
        };
        if let Some(cast) = kept(&self.told) {
            return cast;
        }
        let cast = Arc::new(self.stories[story].tell(self.seed, cycle));
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= KEPT_CYCLES {
            told.clear();
        }
        told.insert((story, cycle), cast.clone());
        cast
    }
}

#[cfg(test)]
mod tests;
