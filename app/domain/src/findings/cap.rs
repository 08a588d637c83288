//! Cuts what was found to what AWS billed: together, the findings never claim more of a usage
//! type than it cost.

use std::collections::BTreeMap;

use super::{Assessed, Rates};
use crate::money::Nanos;

/// Cuts the claims at the account's own rates, each by the same share. What is at the list
/// price is of usage that wasn't billed yet.
pub(super) fn cut(found: &mut [Assessed], rates: &Rates) {
    let mut claimed: BTreeMap<String, i128> = BTreeMap::new();
    for claim in found.iter().flat_map(|one| &one.claims) {
        if claim.own {
            *claimed.entry(claim.usage_type.clone()).or_default() += i128::from(claim.amount.0);
        }
    }
    for one in found {
        for claim in one.claims.iter_mut().filter(|claim| claim.own) {
            let sum = claimed.get(&claim.usage_type).copied().unwrap_or_default();
            let billed = rates.billed.get(&claim.usage_type);
            let billed = billed.map_or(0, |billed| i128::from(billed.cost.0.max(0)));
            if sum > billed {
                let share = i128::from(claim.amount.0) * billed / sum;
                claim.amount = Nanos(i64::try_from(share).unwrap_or(0));
                one.cut = true;
            }
        }
    }
}
