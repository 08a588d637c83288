//! What a finding's money is paid for, so that a saving is booked only for what isn't paid for
//! any more: an instance may be gone while its volume still costs as much.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{Assessed, Rates, assess::Stock, assess::idle_hours, snapshots::most, volumes::cost};
use crate::{
    inventory::{Address, Resource, ResourceKind, Snapshot, Volume},
    money::Nanos,
};

/// A volume, address or snapshot that a finding's money is paid for.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// What it is.
    pub kind: ResourceKind,
    /// Its id.
    pub id: String,
    /// What its price depends on; as long as that stays, it costs as much.
    pub shape: String,
    /// What it costs in a month of thirty days.
    pub cost: Nanos,
}

impl Held {
    pub(super) fn volume(volume: &Volume, cost: i64) -> Self {
        let resource = Resource::Volume(volume.clone());
        Self::of(ResourceKind::Volume, &volume.id, resource.detail(), cost)
    }

    /// One costs the same whether it is used or not.
    pub(super) fn address(address: &Address, cost: i64) -> Self {
        let kind = ResourceKind::Address;
        Self::of(kind, &address.id, String::new(), cost)
    }

    pub(super) fn snapshot(snapshot: &Snapshot, cost: i64) -> Self {
        let tier = snapshot.tier.as_ref().map_or("", |tier| tier.as_str());
        let shape = format!("{tier} {} GiB", snapshot.volume_size_gib);
        Self::of(ResourceKind::Snapshot, &snapshot.id, shape, cost)
    }

    fn of(kind: ResourceKind, id: &str, shape: String, cost: i64) -> Self {
        Self {
            kind,
            id: id.to_owned(),
            shape,
            cost: Nanos(cost),
        }
    }
}

/// What costs money now, by its id. What no price is known for isn't in it with a cost of
/// nothing: whether anything was saved can't be told.
#[derive(Clone, Debug, Default)]
pub struct Standing(HashMap<String, (String, Option<Nanos>)>);

impl Standing {
    /// Everything that there is.
    #[must_use]
    pub fn of(stock: &Stock, rates: &Rates) -> Self {
        let mut all = HashMap::new();
        let mut add = |held: Held, is_priced: bool| {
            all.insert(held.id, (held.shape, is_priced.then_some(held.cost)));
        };
        for known in &stock.volumes {
            let cost = cost(&known.resource, rates).map(|money| money.total());
            add(
                Held::volume(&known.resource, cost.unwrap_or(0)),
                cost.is_some(),
            );
        }
        for known in &stock.addresses {
            let cost = idle_hours(&known.resource, rates).map(|money| money.total());
            add(
                Held::address(&known.resource, cost.unwrap_or(0)),
                cost.is_some(),
            );
        }
        for known in &stock.snapshots {
            let cost = most(&known.resource, rates).map(|money| money.total());
            add(
                Held::snapshot(&known.resource, cost.unwrap_or(0)),
                cost.is_some(),
            );
        }
        Self(all)
    }

    /// How much less that costs in a month. Nothing where it still is as it was, whatever its
    /// rate is today.
    fn less(&self, held: &Held) -> i64 {
        match self.0.get(&held.id) {
            None => held.cost.0,
            Some((shape, _)) if *shape == held.shape => 0,
            Some((_, now)) => now.map_or(0, |now| held.cost.0.saturating_sub(now.0).max(0)),
        }
    }

    /// What of a finding's money is saved, now that it isn't found any more.
    #[must_use]
    pub fn saved(&self, assessed: &Assessed) -> Nanos {
        let per_month = assessed.per_month();
        let claimed = i128::from(assessed.claimed.0);
        if claimed <= 0 {
            return per_month;
        }
        let less = assessed.held.iter().map(|held| i128::from(self.less(held)));
        let less = less.sum::<i128>().min(claimed);
        let saved = i128::from(per_month.0) * less / claimed;
        Nanos(i64::try_from(saved).unwrap_or(i64::MAX))
    }
}
