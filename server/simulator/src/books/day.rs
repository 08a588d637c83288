//! One day of the books: every line's amounts on that day, for one age of the day.

use chrono::{Datelike, NaiveDate};

use super::age::Age;
use super::amount::{SCALE, scaled};
use super::catalogue::PLAN_RATE;
use super::commitments::Commitments;
use super::line::{Line, Plan};
use super::metric::Metric;
use super::noise::{between, mix};
use super::restatement::Restatement;
use super::stem::{Kind, Rhythm};

const MILLION: i64 = 1_000_000;
const ONE: i64 = SCALE as i64;

/// What one line amounts to on one day, in 10⁻¹⁰ units, in the order of [`Metric::ALL`].
#[derive(Debug)]
pub(crate) struct Item {
    pub line: u32,
    pub amounts: [i64; Metric::ALL.len()],
}

/// Everything that decides a day's amounts but its lines.
pub(crate) struct Day<'a> {
    pub date: NaiveDate,
    pub age: Age,
    pub commitments: &'a Commitments,
    /// Index of the line that spikes on this day.
    pub spiking: Option<usize>,
    /// What the inventory's accounts have on this day.
    pub metered: &'a [i64],
    /// The corrections that change this day.
    pub restated: Vec<&'a Restatement>,
}

impl Day<'_> {
    /// The items of the day, in the order of the lines; lines without amounts have none.
    pub(crate) fn items(&self, lines: &[Line]) -> Vec<Item> {
        let mut items = Vec::with_capacity(lines.len());
        let (mut under_plan, mut reserved) = (0, 0);
        let mut fees = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            let Some(quantity) = self.quantity(index, line).filter(|quantity| *quantity != 0)
            else {
                continue;
            };
            let amounts = self.amounts(line, quantity);
            match line.plan.kind {
                Kind::PlanCovered => under_plan += amounts[2],
                Kind::ReservedUsage => reserved += amounts[2],
                Kind::PlanFee | Kind::ReservedFee => fees.push((items.len(), line)),
                _ => {}
            }
            items.push(Item {
                line: u32::try_from(index).unwrap_or(u32::MAX),
                amounts,
            });
        }
        for (fee, line) in fees {
            let item: &mut Item = &mut items[fee];
            // Amortized, a fee is only the commitment that nothing used.
            let unused = match (line.plan.kind, &self.commitments) {
                (
                    Kind::PlanFee,
                    Commitments {
                        plan: Some(plan), ..
                    },
                ) => plan.recurring + plan.upfront - under_plan,
                (
                    Kind::ReservedFee,
                    Commitments {
                        reservation: Some(reservation),
                        ..
                    },
                ) => reservation.fee(self.date) - reserved,
                _ => 0,
            };
            item.amounts[2] = unused.max(0);
            item.amounts[4] = discounted(item.amounts[2], discount(line));
        }
        items.retain(|item| item.amounts.iter().any(|amount| *amount != 0));
        items
    }

    fn number(&self) -> u64 {
        u64::from(self.date.num_days_from_ce().unsigned_abs())
    }

    /// The quantity of a line on this day, as corrected; `None` on days it has nothing.
    fn quantity(&self, index: usize, line: &Line) -> Option<i64> {
        let quantity = self.charged(index, &line.plan)?;
        let corrections = self.restated.iter().filter(|order| order.takes(line));
        Some(corrections.fold(quantity, |quantity, order| {
            let left = 100 + i64::from(order.percent);
            counted(scaled(quantity, left.max(0), 100), line.plan.whole)
        }))
    }

    fn charged(&self, index: usize, plan: &Plan) -> Option<i64> {
        let chance = |kind: u64| mix(&[plan.salt, self.number(), kind]);
        let wobble = |low, high| between(chance(1), low, high);
        let full = match plan.rhythm {
            Rhythm::Business => {
                let busy = between(mix(&[plan.service_salt, self.number()]), 975_000, 1_025_000);
                let quantity = scaled(
                    scaled(plan.quantity, self.growth(plan), MILLION),
                    self.weekday(),
                    MILLION,
                );
                scaled(
                    scaled(quantity, busy, MILLION),
                    wobble(960_000, 1_040_000),
                    MILLION,
                )
            }
            Rhythm::Steady => scaled(
                scaled(plan.quantity, self.growth(plan), MILLION),
                wobble(992_000, 1_008_000),
                MILLION,
            ),
            // Due whether used or not, so complete from the first moment.
            Rhythm::Committed if plan.kind == Kind::PlanFee => return Some(plan.quantity),
            Rhythm::Committed => scaled(plan.quantity, wobble(992_000, 1_008_000), MILLION),
            Rhythm::Spike if self.spiking == Some(index) => {
                scaled(plan.quantity, wobble(940_000, 1_060_000), MILLION)
            }
            Rhythm::Spike => return None,
            Rhythm::Metered(account) => {
                let full = self.metered.get(account as usize).copied()?;
                // Complete once the day is over everywhere, and nothing to correct later.
                let part = match self.age {
                    Age::Today | Age::Yesterday => self.age.part(plan.salt, self.number()),
                    _ => MILLION,
                };
                return Some(scaled(full, part, MILLION));
            }
            // Charged on the first, but unused on every day.
            Rhythm::MonthStart if plan.kind == Kind::ReservedFee => return Some(plan.quantity),
            Rhythm::MonthStart if self.date.day() != 1 => return None,
            Rhythm::MonthStart if plan.kind == Kind::Usage => {
                return Some(
                    (scaled(plan.quantity, self.growth(plan), MILLION) / ONE).max(1) * ONE,
                );
            }
            Rhythm::MonthStart if plan.kind == Kind::Tax => {
                scaled(plan.quantity, self.growth(plan), MILLION)
            }
            Rhythm::MonthStart => return Some(plan.quantity),
            Rhythm::YearDay => {
                return (self.date.month() == 2 && self.date.day() == 16).then_some(plan.quantity);
            }
            Rhythm::Quarter => {
                let quarter = u64::from(self.date.month0() / 3);
                let year = u64::from(self.date.year().unsigned_abs());
                let day = 8 + mix(&[plan.salt, year, quarter]) % 15;
                let today = self.date.month0() % 3 == 1 && u64::from(self.date.day()) == day;
                return today.then_some(plan.quantity);
            }
        };
        let part = match plan.rhythm {
            // The bill of a tax is corrected when the month closes, and complete from the start.
            Rhythm::MonthStart if self.age != Age::Closed => MILLION,
            _ => self.age.part(plan.salt, self.number()),
        };
        Some(counted(scaled(full, part, MILLION), plan.whole))
    }

    fn growth(&self, plan: &Plan) -> i64 {
        let since =
            NaiveDate::from_ymd_opt(2026, 1, 1).map_or(0, |start| (self.date - start).num_days());
        (MILLION + plan.growth * since / 30).clamp(400_000, 2_500_000)
    }

    fn weekday(&self) -> i64 {
        [
            1_060_000, 1_080_000, 1_090_000, 1_070_000, 1_010_000, 770_000, 720_000,
        ][usize::try_from(self.date.weekday().num_days_from_monday()).unwrap_or(0)]
    }

    fn amounts(&self, line: &Line, quantity: i64) -> [i64; 7] {
        let plan = &line.plan;
        let cost = scaled(quantity, plan.price, ONE);
        let net = |amount| discounted(amount, discount(line));
        let normalized = quantity.saturating_mul(plan.normalized);
        match plan.kind {
            Kind::Usage => {
                let blended = cost + scaled(cost, blend(line), MILLION);
                [
                    cost,
                    blended,
                    cost,
                    net(cost),
                    net(cost),
                    quantity,
                    normalized,
                ]
            }
            Kind::PlanCovered => {
                let effective = scaled(cost, PLAN_RATE, MILLION);
                [
                    cost,
                    cost,
                    effective,
                    net(cost),
                    net(effective),
                    quantity,
                    normalized,
                ]
            }
            Kind::PlanNegation => [-cost, -cost, 0, -net(cost), 0, 0, 0],
            Kind::PlanFee => [cost, cost, 0, net(cost), 0, 0, 0],
            Kind::PlanUpfront => [cost, cost, 0, net(cost), 0, 0, 0],
            Kind::ReservedUsage => {
                let effective = self.commitments.reservation.as_ref().map_or(0, |held| {
                    scaled(held.fee(self.date), quantity, held.hours().max(1))
                });
                [
                    0,
                    effective,
                    effective,
                    0,
                    net(effective),
                    quantity,
                    normalized,
                ]
            }
            Kind::ReservedFee if self.date.day() == 1 => [cost, 0, 0, net(cost), 0, 0, 0],
            Kind::ReservedFee => [0; 7],
            Kind::Support | Kind::Fee | Kind::Credit | Kind::Refund | Kind::Tax => {
                [cost, cost, cost, cost, cost, 0, 0]
            }
        }
    }
}

/// Rounds to whole pieces, or large quantities to a hundred-millionth.
fn counted(quantity: i64, whole: bool) -> i64 {
    if whole {
        quantity / ONE * ONE
    } else if quantity > 100 * ONE {
        quantity / 100 * 100
    } else {
        quantity
    }
}

fn discounted(amount: i64, discount: i64) -> i64 {
    scaled(amount, MILLION - discount, MILLION)
}

/// What the company has negotiated, in parts in a million.
fn discount(line: &Line) -> i64 {
    match line.service_code {
        "AmazonCloudFront" => 150_000,
        "AmazonS3" => 80_000,
        "AWSCostExplorer" => 0,
        _ => 60_000,
    }
}

/// How far the organization's average rate is from the line's own, in parts in a million.
fn blend(line: &Line) -> i64 {
    match line.service_code {
        "AmazonEC2" | "AmazonS3" | "AmazonCloudFront" => {
            between(mix(&[line.plan.salt, 6]), -9_000, 9_000)
        }
        _ => 0,
    }
}
