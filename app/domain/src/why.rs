//! Why costs changed between two periods: by service, then by usage type, each change split
//! into how much was used and what a unit of it cost. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::money::{MoneyError, Nanos};

/// Usage types of a service that are told one by one; the others are added up.
const TOLD: usize = 8;

/// What a usage type cost in both periods, and how much of it was used.
#[derive(Clone, Debug, PartialEq)]
pub struct UsedLine {
    /// The service.
    pub service: String,
    /// The usage type; empty where costs have none.
    pub usage_type: String,
    /// The unit of the usage; empty where it has none or several.
    pub unit: String,
    /// Earlier and later cost.
    pub cost: [Nanos; 2],
    /// Earlier and later usage, in that unit.
    pub used: [f64; 2],
}

/// What lies behind a change.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// There was none of it before.
    New,
    /// There is none of it any more.
    Gone,
    /// More or less was used, or a unit cost more or less. Both add up to the change.
    Split {
        /// What the difference in usage cost at the earlier rate.
        quantity: Nanos,
        /// What the difference in the rate cost.
        rate: Nanos,
    },
    /// It can't be split: there is no usage that it is the price of.
    Whole,
}

/// One usage type's part in a change, or what is left of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The usage type; empty where costs have none, and for the rest.
    pub usage_type: String,
    /// How many usage types it stands for: more than one only for the rest.
    pub lines: u32,
    /// The unit of the usage.
    pub unit: String,
    /// Earlier and later cost.
    pub cost: [Nanos; 2],
    /// Earlier and later usage.
    pub used: [f64; 2],
    /// What lies behind it.
    pub effect: Effect,
}

impl Part {
    /// Later minus earlier.
    ///
    /// # Errors
    /// When it doesn't fit.
    pub fn change(&self) -> Result<Nanos, MoneyError> {
        difference(self.cost)
    }
}

/// A service's part in a change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceChange {
    /// As AWS writes it.
    pub service: String,
    /// Earlier and later cost.
    pub cost: [Nanos; 2],
    /// Later minus earlier.
    pub change: Nanos,
    /// Its usage types, those that changed most first.
    pub parts: Vec<Part>,
}

/// Why costs changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// Earlier and later cost of everything.
    pub cost: [Nanos; 2],
    /// Later minus earlier.
    pub change: Nanos,
    /// Of all changes, what more or less usage made, at the earlier rates.
    pub quantity: Nanos,
    /// What higher or lower rates made.
    pub rate: Nanos,
    /// What is new.
    pub new: Nanos,
    /// What is gone; negative where costs are.
    pub gone: Nanos,
    /// What can't be split.
    pub whole: Nanos,
    /// The services, those that changed most first.
    pub services: Vec<ServiceChange>,
}

impl Why {
    /// From every usage type of both periods, each once.
    ///
    /// # Errors
    /// When a sum doesn't fit.
    pub fn of(lines: Vec<UsedLine>) -> Result<Self, MoneyError> {
        let mut by_service: BTreeMap<String, Vec<Part>> = BTreeMap::new();
        for line in lines {
            let effect = effect(&line)?;
            by_service.entry(line.service).or_default().push(Part {
                usage_type: line.usage_type,
                lines: 1,
                unit: line.unit,
                cost: line.cost,
                used: line.used,
                effect,
            });
        }
        let parts = || by_service.values().flatten();
        let sum = |of: fn(&Part) -> Option<Nanos>| Nanos::sum(parts().filter_map(of));
        let cost = both(parts())?;
        let mut why = Self {
            cost,
            change: difference(cost)?,
            quantity: sum(|part| match part.effect {
                Effect::Split { quantity, .. } => Some(quantity),
                _ => None,
            })?,
            rate: sum(|part| match part.effect {
                Effect::Split { rate, .. } => Some(rate),
                _ => None,
            })?,
            new: sum(|part| (part.effect == Effect::New).then_some(part.cost[1]))?,
            gone: sum(|part| match part.effect {
                Effect::Gone => difference(part.cost).ok(),
                _ => None,
            })?,
            whole: sum(|part| match part.effect {
                Effect::Whole => difference(part.cost).ok(),
                _ => None,
            })?,
            services: Vec::new(),
        };
        for (service, parts) in by_service {
            let cost = both(parts.iter())?;
            why.services.push(ServiceChange {
                service,
                cost,
                change: difference(cost)?,
                parts: largest(parts)?,
            });
        }
        why.services
            .sort_by_key(|one| std::cmp::Reverse(one.change.0.unsigned_abs()));
        Ok(why)
    }
}

fn effect(line: &UsedLine) -> Result<Effect, MoneyError> {
    let [before, after] = line.cost;
    let [used_before, used_after] = line.used;
    if before == Nanos::ZERO && used_before == 0.0 {
        return Ok(Effect::New);
    }
    if after == Nanos::ZERO && used_after == 0.0 {
        return Ok(Effect::Gone);
    }
    let is_priced = used_before > 0.0 && used_after > 0.0 && !line.unit.is_empty();
    if !is_priced {
        return Ok(Effect::Whole);
    }
    let change = difference(line.cost)?;
    let more = before.approximate() * (used_after - used_before) / used_before;
    // Usage is a measure: what it comes to is rounded, and the rate takes what is left, so
    // that both add up to the change exactly.
    let Some(quantity) = nanos(more) else {
        return Ok(Effect::Whole);
    };
    Ok(match change.checked_sub(quantity) {
        Ok(rate) => Effect::Split { quantity, rate },
        Err(_) => Effect::Whole,
    })
}

/// Whole units as the nearest amount; `None` beyond what fits.
fn nanos(units: f64) -> Option<Nanos> {
    let nanos = (units * 1e9).round();
    // 2⁶² leaves room for a difference.
    let fits = nanos.abs() < 4.611_686_018_427_388e18;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "checked above, and rounded to a whole number"
    )]
    fits.then_some(Nanos(nanos as i64))
}

/// The parts that changed most, and the rest as one.
fn largest(mut parts: Vec<Part>) -> Result<Vec<Part>, MoneyError> {
    let size = |part: &Part| (i128::from(part.cost[1].0) - i128::from(part.cost[0].0)).abs();
    parts.sort_by(|one, other| {
        (size(other).cmp(&size(one))).then_with(|| one.usage_type.cmp(&other.usage_type))
    });
    // A single one beyond those is told as well: "other" would say less.
    if parts.len() > TOLD + 1 {
        let rest = parts.split_off(TOLD);
        parts.push(Part {
            usage_type: String::new(),
            lines: u32::try_from(rest.len()).unwrap_or(u32::MAX),
            unit: String::new(),
            cost: both(rest.iter())?,
            used: [0.0; 2],
            effect: Effect::Whole,
        });
    }
    Ok(parts)
}

fn both<'a>(parts: impl Iterator<Item = &'a Part> + Clone) -> Result<[Nanos; 2], MoneyError> {
    Ok([
        Nanos::sum(parts.clone().map(|part| part.cost[0]))?,
        Nanos::sum(parts.map(|part| part.cost[1]))?,
    ])
}

fn difference([before, after]: [Nanos; 2]) -> Result<Nanos, MoneyError> {
    after.checked_sub(before)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(usage_type: &str, cost: [i64; 2], used: [f64; 2]) -> UsedLine {
        UsedLine {
            service: "Amazon S3".to_owned(),
            usage_type: usage_type.to_owned(),
            unit: "GB-Mo".to_owned(),
            cost: cost.map(Nanos),
            used,
        }
    }

    fn effect_of(line: UsedLine) -> Effect {
        let why = Why::of(vec![line]).unwrap();
        why.services[0].parts[0].effect
    }

    #[test]
    fn a_change_is_usage_times_rate() {
        // 100 units at 2 cents, then 150 at 3: 50 more at 2 cents are one unit of money, and
        // 150 times one cent more are 1.50.
        let split = effect_of(line(
            "Storage",
            [2_000_000_000, 4_500_000_000],
            [100.0, 150.0],
        ));
        let expected = Effect::Split {
            quantity: Nanos(1_000_000_000),
            rate: Nanos(1_500_000_000),
        };
        assert_eq!(split, expected);
    }

    #[test]
    fn what_has_no_before_or_no_usage_is_said_to_be_so() {
        assert_eq!(effect_of(line("A", [0, 5], [0.0, 1.0])), Effect::New);
        assert_eq!(effect_of(line("A", [5, 0], [1.0, 0.0])), Effect::Gone);
        assert_eq!(effect_of(line("A", [5, 6], [0.0, 0.0])), Effect::Whole);
        // Free before, priced now: the usage was there.
        let priced = effect_of(line("A", [0, 7], [1.0, 1.0]));
        let (quantity, rate) = (Nanos(0), Nanos(7));
        assert_eq!(priced, Effect::Split { quantity, rate });
        let mut fee = line("A", [5, 6], [1.0, 2.0]);
        fee.unit.clear();
        assert_eq!(effect_of(fee), Effect::Whole);
    }

    #[test]
    fn many_usage_types_have_a_rest() {
        let lines = (0..30).map(|place| line(&format!("T{place:02}"), [0, place + 1], [0.0, 1.0]));
        let why = Why::of(lines.collect()).unwrap();
        let parts = &why.services[0].parts;
        assert_eq!(
            (parts.len(), parts[0].usage_type.as_str()),
            (TOLD + 1, "T29")
        );
        let rest = &parts[TOLD];
        assert_eq!((rest.lines, rest.cost[1]), (22, Nanos((1..=22).sum())));
    }

    proptest! {
        #[test]
        fn everything_adds_up(
            lines in prop::collection::vec(
                ((0_usize..4, 0_usize..12), prop::array::uniform2(-1_000_000_000_000_i64..1_000_000_000_000),
                 prop::array::uniform2(0.0_f64..1e9), any::<bool>()),
                0..40,
            )
        ) {
            let mut seen = std::collections::BTreeSet::new();
            let lines: Vec<UsedLine> = lines
                .into_iter()
                .filter(|(keys, ..)| seen.insert(*keys))
                .map(|((service, usage), cost, used, unit)| UsedLine {
                    service: format!("S{service}"),
                    usage_type: format!("U{usage}"),
                    unit: if unit { "Hrs" } else { "" }.to_owned(),
                    cost: cost.map(Nanos),
                    used,
                })
                .collect();
            let totals: Vec<i64> = (0..2).map(|at| lines.iter().map(|line| line.cost[at].0).sum()).collect();
            let why = Why::of(lines).unwrap();
            prop_assert_eq!(why.cost.map(|cost| cost.0).to_vec(), totals);
            let kinds = [why.quantity, why.rate, why.new, why.gone, why.whole];
            prop_assert_eq!(Nanos::sum(kinds).unwrap(), why.change);
            let services = why.services.iter().map(|one| one.change);
            prop_assert_eq!(Nanos::sum(services).unwrap(), why.change);
            for service in &why.services {
                let parts = service.parts.iter().map(|part| part.change().unwrap());
                prop_assert_eq!(Nanos::sum(parts).unwrap(), service.change);
            }
        }
    }
}
