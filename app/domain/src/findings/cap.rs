//! Cuts what was found to what AWS billed: together, the findings never claim more of a usage
//! type than it cost; nor, of a service, more than the account was billed for it.

use std::collections::{BTreeMap, HashMap};

use super::{Assessed, Line, Rates};
use crate::money::{Money, Nanos};

/// Cuts the claims, each by the same share. A usage type that isn't on the bill at all wasn't
/// billed yet: what is claimed of it, at the list price, stays.
pub(super) fn cut(found: &mut [Assessed], rates: &Rates) {
    let billed: BTreeMap<&str, Nanos> = (rates.billed.iter())
        .map(|(usage_type, billed)| (usage_type.as_str(), billed.cost))
        .collect();
    cut_to(found, rates, &billed, |usage_type| {
        let is_billed = rates.billed.contains_key(usage_type);
        is_billed.then(|| usage_type.to_owned())
    });
    let costs = (rates.services.iter()).map(|share| (share.service.as_str(), share.cost));
    let of: HashMap<&str, &str> = (rates.services.iter())
        .flat_map(|share| (share.usage_types.iter()).map(|one| (one.as_str(), &*share.service)))
        .collect();
    cut_to(found, rates, &costs.collect(), |usage_type| {
        of.get(usage_type).map(|service| (*service).to_owned())
    });
}

/// `limits` are what claims of the same `part` of the bill may come to.
fn cut_to(
    found: &mut [Assessed],
    rates: &Rates,
    limits: &BTreeMap<&str, Nanos>,
    part: impl Fn(&str) -> Option<String>,
) {
    let mut claimed: BTreeMap<String, i128> = BTreeMap::new();
    for claim in found.iter().flat_map(|one| &one.claims) {
        if let Some(part) = part(&claim.usage_type) {
            *claimed.entry(part).or_default() += i128::from(claim.amount.0);
        }
    }
    for one in found {
        for claim in &mut one.claims {
            let Some(part) = part(&claim.usage_type) else {
                continue;
            };
            let sum = claimed.get(&part).copied().unwrap_or_default();
            let limit = limits.get(&*part).map_or(0, |limit| limit.0.max(0));
            if sum <= i128::from(limit) {
                continue;
            }
            let share = i128::from(claim.amount.0) * i128::from(limit) / sum;
            let amount = Nanos(i64::try_from(share).unwrap_or(0));
            let all = Money::new(
                Nanos(i64::try_from(sum).unwrap_or(i64::MAX)),
                rates.currency,
            );
            let billed = Money::new(Nanos(limit), rates.currency);
            one.lines.push(Line {
                text: format!(
                    "cut: all findings together come to {} of {part}, for which AWS billed {} \
                     ({})",
                    all.display(),
                    billed.display(),
                    rates.period
                ),
                amount: Nanos(amount.0 - claim.amount.0),
            });
            claim.amount = amount;
            one.cut = true;
        }
    }
}
