//! Finds what could be saved, from what is stored: the inventory, and what AWS billed for it.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{
    Result,
    account::ConnectionId,
    cube::Cube,
    dimension::Dimension,
    findings::{Assessed, Billed, Check, Known, Rates, Stock, assess, period},
    inventory::{InstanceState, Region, Resource, ResourceKind, ScanOutcome},
    metric::Metric,
    money::Currency,
    query::{CubeChoice, ReportQuery, Step},
};

use super::{clock::Clock, gone, usage::cost_and_usage};
use crate::store::{Store, StoreError, findings::Missing, inventory::StoredResource};

/// Finds savings.
#[derive(Clone)]
pub struct Assessor {
    store: Store,
    clock: Clock,
}

impl Assessor {
    /// Over this store.
    #[must_use]
    pub const fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// Goes over everything of a connection. What isn't found any more is booked as saved where
    /// something was done about it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn assess(&self, id: ConnectionId) -> Result<()> {
        self.reassess(id).await.map_err(gone("looking for savings"))
    }

    async fn reassess(&self, id: ConnectionId) -> std::result::Result<(), StoreError> {
        let parts = self.store.inventory().parts(id).await?;
        let unseen: HashSet<(Region, ResourceKind)> = parts
            .into_iter()
            .filter(|part| part.outcome != ScanOutcome::Complete)
            .map(|part| (part.region, part.kind))
            .collect();
        let (stock, subjects) = self.stock(id, &unseen).await?;
        let rates = self.rates(id).await?;
        let thresholds = self.store.findings().thresholds(id).await?;
        let found = assess(&stock, &rates, &thresholds, self.clock.today());
        let stopped = of_stopped(&stock);
        let missing = |one: &Assessed| missing(one, &unseen, &subjects, &stopped);
        let (findings, now) = (self.store.findings(), self.clock.now());
        findings
            .reconcile(id, &found, rates.currency, missing, now)
            .await
    }

    async fn stock(
        &self,
        id: ConnectionId,
        unseen: &HashSet<(Region, ResourceKind)>,
    ) -> std::result::Result<(Stock, HashMap<String, String>), StoreError> {
        let mut stock = Stock::default();
        let mut subjects = HashMap::new();
        for kind in ResourceKind::ALL {
            for stored in self.store.inventory().present(id, kind).await? {
                let StoredResource {
                    resource,
                    first_seen_at,
                    state_since,
                    ..
                } = stored;
                let always = state_since <= first_seen_at;
                let subject = format!("{} {}", resource.state(), resource.detail());
                subjects.insert(resource.id().to_owned(), subject);
                match resource {
                    Resource::Instance(resource) => stock.instances.push(Known {
                        resource,
                        state_since,
                        always,
                    }),
                    Resource::Volume(resource) => stock.volumes.push(Known {
                        resource,
                        state_since,
                        always,
                    }),
                    Resource::Address(resource) => stock.addresses.push(Known {
                        resource,
                        state_since,
                        always,
                    }),
                    Resource::Snapshot(resource) => stock.snapshots.push(Known {
                        resource,
                        state_since,
                        always,
                    }),
                }
            }
        }
        let volumes = unseen
            .iter()
            .filter(|(_, kind)| *kind == ResourceKind::Volume);
        stock.volumes_unseen = volumes.map(|(region, _)| region.clone()).collect();
        Ok((stock, subjects))
    }

    /// What AWS billed in the last thirty finished days, by usage type.
    async fn rates(&self, id: ConnectionId) -> std::result::Result<Rates, StoreError> {
        let today = self.clock.today();
        let period = period(today).ok_or(StoreError::TooLarge)?;
        let query = ReportQuery {
            connections: vec![id],
            cube: CubeChoice::This(Cube::ServiceUsageType.question()),
            period,
            step: Step::Total,
            group_by: vec![Dimension::UsageType.into()],
            metric: Metric::Unblended,
            filter: None,
            top: None,
        };
        let mut rates = Rates {
            currency: Currency::USD,
            period,
            billed: BTreeMap::new(),
        };
        let Some(both) = cost_and_usage(&self.store, &query).await? else {
            return Ok(rates);
        };
        // An account is billed in one currency.
        if let Some(table) = both.cost.into_iter().next() {
            rates.currency = table.unit;
            for group in table.groups {
                let name = group.keys.into_iter().next().unwrap_or_default();
                rates.billed.entry(name).or_default().cost = group.total;
            }
        }
        for group in both.usage.into_iter().flat_map(|table| table.groups) {
            let name = group.keys.into_iter().next().unwrap_or_default();
            let billed: &mut Billed = rates.billed.entry(name).or_default();
            billed.usage += group.total;
        }
        Ok(rates)
    }
}

/// The volumes that are attached to an instance that is stopped.
fn of_stopped(stock: &Stock) -> HashSet<String> {
    let stopped: HashSet<&str> = (stock.instances.iter())
        .filter(|known| known.resource.state == InstanceState::Stopped)
        .map(|known| known.resource.id.as_str())
        .collect();
    let attached = |known: &&Known<domain::inventory::Volume>| {
        let mut instances = known.resource.attachments.iter();
        instances.any(|one| {
            one.instance
                .as_deref()
                .is_some_and(|id| stopped.contains(id))
        })
    };
    let volumes = stock.volumes.iter().filter(attached);
    volumes.map(|known| known.resource.id.clone()).collect()
}

fn missing(
    one: &Assessed,
    unseen: &HashSet<(Region, ResourceKind)>,
    subjects: &HashMap<String, String>,
    stopped: &HashSet<String>,
) -> Missing {
    let region = one.region.parse::<Region>();
    if region.is_ok_and(|region| unseen.contains(&(region, one.kind))) {
        return Missing::Unseen;
    }
    match subjects.get(&one.resource) {
        None => Missing::Mended,
        // It is about the volume's instance: while that is stopped, nothing was done.
        Some(_) if one.check == Check::VolumeOfStopped => match stopped.contains(&one.resource) {
            true => Missing::Dropped,
            false => Missing::Mended,
        },
        Some(subject) if *subject != one.subject => Missing::Mended,
        // The same as ever: prices or thresholds have changed.
        Some(_) => Missing::Dropped,
    }
}
