//! What a unit costs this account: its own cost and usage of the usage type in the region,
//! else the list price.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::{Meter, meter::prefixes, prices::list_price};
use crate::{
    money::{Currency, Money, Nanos},
    period::Period,
};

/// Rates come from so many days, and a month of money has as many.
pub const PERIOD_DAYS: u64 = 30;
/// AWS still adds to the last days.
const UNFINISHED_DAYS: u64 = 2;
/// Less usage than this makes no rate.
const LEAST_USAGE: f64 = 0.01;
/// Usage is counted in millionths.
const MILLION: f64 = 1_000_000.0;

/// The last thirty finished days.
#[must_use]
pub fn period(today: NaiveDate) -> Option<Period> {
    let end = today.checked_sub_days(Days::new(UNFINISHED_DAYS))?;
    Period::new(end.checked_sub_days(Days::new(PERIOD_DAYS))?, end).ok()
}

/// What AWS billed for a usage type, and for how much of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Billed {
    /// Unblended cost.
    pub cost: Nanos,
    /// In the usage type's unit.
    pub usage: f64,
}

/// What an account's usage types cost in a period.
#[derive(Clone, Debug)]
pub struct Rates {
    /// Of all amounts.
    pub currency: Currency,
    /// Where they come from.
    pub period: Period,
    /// By usage type, with its region's prefix.
    pub billed: BTreeMap<String, Billed>,
    /// Of an organization's bill, what the services cost the account whose resources are looked
    /// at: with their usage types. Empty where the bill is of that account alone.
    pub services: Vec<OwnShare>,
}

/// What a service cost one account of an organization.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct OwnShare {
    /// As AWS calls it.
    pub service: String,
    /// The service's usage types.
    pub usage_types: BTreeSet<String>,
    /// Unblended cost of the account.
    pub cost: Nanos,
}

/// What a unit costs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rate {
    /// On the bill.
    pub usage_type: String,
    /// For a unit and month, or hour; rounded down.
    pub each: Nanos,
    /// Whether it is the account's own.
    pub own: bool,
    /// Where it comes from, in words.
    pub source: String,
}

impl Rates {
    /// What a unit costs in a region; `None` where the account has used none lately and no list
    /// price is known.
    #[must_use]
    pub fn of(&self, region: &str, meter: Meter) -> Option<Rate> {
        self.rate(region, meter, |_| true)
    }

    /// What a unit would cost that isn't used yet: what a free tier has covered so far says
    /// nothing about more of it.
    #[must_use]
    pub fn ahead(&self, region: &str, meter: Meter) -> Option<Rate> {
        self.rate(region, meter, |own| own.each.0 > 0)
    }

    fn rate(&self, region: &str, meter: Meter, counts: impl Fn(&Rate) -> bool) -> Option<Rate> {
        let names = prefixes(region)
            .iter()
            .map(|prefix| format!("{prefix}{}", meter.usage_type()));
        let own = names.clone().find_map(|name| self.own(name));
        own.filter(counts).or_else(|| {
            // The table is in dollars.
            let listed = (self.currency == Currency::USD).then(|| list_price(region, meter))??;
            Some(Rate {
                usage_type: names.clone().next().unwrap_or_default(),
                each: Nanos(listed.each),
                own: false,
                source: listed.source.to_owned(),
            })
        })
    }

    /// What was used for nothing costs nothing: a free tier's storage saves nothing either.
    fn own(&self, usage_type: String) -> Option<Rate> {
        let billed = self.billed.get(&usage_type)?;
        if billed.usage < LEAST_USAGE {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "no account uses 10¹² units"
        )]
        let usage = (billed.usage * MILLION).ceil() as i128;
        let each = i128::from(billed.cost.0.max(0)) * 1_000_000 / usage.max(1);
        let cost = Money::new(billed.cost, self.currency).display();
        Some(Rate {
            each: Nanos(i64::try_from(each).ok()?),
            own: true,
            source: format!(
                "{cost} for {:.1} of {usage_type}, {}",
                billed.usage, self.period
            ),
            usage_type,
        })
    }
}
