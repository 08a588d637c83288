//! What the company buys: services, usage types, prices and how much of each. Data only; prices
//! are of the right size, not a price list to rely on.

mod charges;
mod compute;
mod data;
mod services;

use super::stem::Stem;

/// A service's name and its product code.
type Pair = (&'static str, &'static str);

/// Ten-billionths of a dollar in a dollar.
const USD: i64 = 10_000_000_000;
/// The same in a cent.
const CENT: i64 = USD / 100;

/// What one month of one reserved database instance costs, in 10⁻¹⁰ dollars.
pub(crate) const RESERVATION_MONTH: i64 = 153 * USD + 30 * CENT;
/// What the Savings Plan's holder paid in advance for a year.
pub(crate) const PLAN_UPFRONT: i64 = 730 * USD;
/// Effective price of covered usage, parts in a million of on-demand.
pub(crate) const PLAN_RATE: i64 = 660_000;

/// Everything, in an order that never changes. Amounts in cents are for a plain day (for
/// `MonthStart`, `YearDay`, `Quarter`: for the one day).
pub(crate) fn stems() -> impl Iterator<Item = &'static Stem> {
    [compute::STEMS, data::STEMS, services::STEMS, charges::STEMS]
        .into_iter()
        .flatten()
}
