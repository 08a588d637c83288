//! Finds what could be saved, from what is stored: the inventory, and what AWS billed for it.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use domain::{
    Result,
    account::ConnectionId,
    cube::Cube,
    dimension::Dimension,
    findings::{Assessed, Billed, Check, Known, OwnShare, Rates, Standing, Stock, assess, period},
    grouped::{Figures, Group, Report},
    inventory::{InstanceState, Region, Resource, ResourceKind, ScanOutcome},
    metric::Metric,
    money::{Currency, Nanos},
    query::{CubeChoice, ReportQuery, Step},
};
use tokio::sync::Mutex;

use super::{clock::Clock, gone, usage::cost_and_usage};
use crate::store::{
    Store, StoreError, costs::Reported, findings::Missing, inventory::StoredResource,
};

/// What each resource is like: its state, and the rest.
type Subjects = HashMap<String, (String, String)>;

/// Finds savings.
#[derive(Clone)]
pub struct Assessor {
    store: Store,
    clock: Clock,
    /// One at a time: of two, the one that read older thresholds could write last.
    turn: Arc<Mutex<()>>,
}

impl Assessor {
    /// Over this store.
    #[must_use]
    pub fn new(store: Store, clock: Clock) -> Self {
        Self {
            store,
            clock,
            turn: Arc::default(),
        }
    }

    /// Goes over everything of a connection. What isn't found any more is booked as saved where
    /// something was done about it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn assess(&self, id: ConnectionId) -> Result<()> {
        let _turn = self.turn.lock().await;
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
        let now = Now {
            unseen: &unseen,
            subjects: &subjects,
            stopped: of_stopped(&stock),
            standing: Standing::of(&stock, &rates),
        };
        let missing = |one: &Assessed| now.missing(one);
        let (findings, now) = (self.store.findings(), self.clock.now());
        findings
            .reconcile(id, &found, rates.currency, missing, now)
            .await
    }

    async fn stock(
        &self,
        id: ConnectionId,
        unseen: &HashSet<(Region, ResourceKind)>,
    ) -> std::result::Result<(Stock, Subjects), StoreError> {
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
                let subject = (resource.state().to_owned(), resource.detail());
                subjects.insert(resource.id().to_owned(), subject);
                match resource {
                    Resource::Instance(resource) => stock.instances.push(Known {
                        resource,
                        first_seen: first_seen_at,
                        state_since,
                        always,
                    }),
                    Resource::Volume(resource) => stock.volumes.push(Known {
                        resource,
                        first_seen: first_seen_at,
                        state_since,
                        always,
                    }),
                    Resource::Address(resource) => stock.addresses.push(Known {
                        resource,
                        first_seen: first_seen_at,
                        state_since,
                        always,
                    }),
                    Resource::Snapshot(resource) => stock.snapshots.push(Known {
                        resource,
                        first_seen: first_seen_at,
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
            services: self.own_shares(id, &query).await?,
        };
        let Some(both) = cost_and_usage(&self.store, &query).await? else {
            return Ok(rates);
        };
        let sum = |groups: &[Group<Nanos>]| -> i128 {
            groups.iter().map(|one| i128::from(one.total.0)).sum()
        };
        // Where the bill's currency has changed in these days, usage can't be told apart by it:
        // there are no rates until it has been one for long enough.
        let is_one = both.cost.len() == 1;
        if let Some(table) = both.cost.into_iter().max_by_key(|one| sum(&one.groups)) {
            rates.currency = table.unit;
            if !is_one {
                return Ok(rates);
            }
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

    /// Where a bill is of several accounts, what the services cost the one that is looked at.
    async fn own_shares(
        &self,
        id: ConnectionId,
        query: &ReportQuery,
    ) -> std::result::Result<Vec<OwnShare>, StoreError> {
        let Some(account) = self.store.connections().aws_account(id).await? else {
            return Ok(Vec::new());
        };
        let by_account = ReportQuery {
            cube: CubeChoice::This(Cube::ServiceAccount.question()),
            group_by: vec![Dimension::Service.into(), Dimension::LinkedAccount.into()],
            ..query.clone()
        };
        let mut shares: BTreeMap<String, OwnShare> = BTreeMap::new();
        let (mut is_there, mut others) = (false, false);
        for (keys, cost) in self.money(&by_account).await? {
            let [service, of] = keys;
            if of != account.as_str() {
                others = true;
                continue;
            }
            is_there = true;
            shares.entry(service).or_default().cost = cost;
        }
        // A bill that doesn't name the account can't be told apart.
        if !(is_there && others) {
            return Ok(Vec::new());
        }
        let by_usage = ReportQuery {
            group_by: vec![Dimension::Service.into(), Dimension::UsageType.into()],
            ..query.clone()
        };
        for (keys, _) in self.money(&by_usage).await? {
            let [service, usage_type] = keys;
            let share = shares.entry(service).or_default();
            share.usage_types.insert(usage_type);
        }
        let named = shares
            .into_iter()
            .map(|(service, share)| OwnShare { service, ..share });
        Ok(named.collect())
    }

    async fn money(
        &self,
        query: &ReportQuery,
    ) -> std::result::Result<Vec<([String; 2], Nanos)>, StoreError> {
        let Reported::Known(Report {
            figures: Figures::Money(tables),
            ..
        }) = self.store.costs().report(query).await?
        else {
            return Ok(Vec::new());
        };
        let groups = tables
            .into_iter()
            .next()
            .into_iter()
            .flat_map(|table| table.groups);
        let pair = groups.filter_map(|group| Some((group.keys.try_into().ok()?, group.total)));
        Ok(pair.collect())
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

/// What there is now.
struct Now<'a> {
    unseen: &'a HashSet<(Region, ResourceKind)>,
    subjects: &'a Subjects,
    stopped: HashSet<String>,
    standing: Standing,
}

impl Now<'_> {
    /// What became of a finding that isn't found any more.
    fn missing(&self, one: &Assessed) -> Missing {
        if self.is_unseen(one) {
            return Missing::Unseen;
        }
        let is_mended = match self.subjects.get(&one.resource) {
            None => true,
            // It is about the volume's instance: while that is stopped, nothing was done.
            Some(_) if one.check == Check::VolumeOfStopped => !self.stopped.contains(&one.resource),
            // Prices or thresholds have changed where it is the same as ever.
            Some((state, detail)) => {
                one.subject != *detail && one.subject != format!("{state} {detail}")
            }
        };
        match is_mended {
            true => Missing::Mended(self.standing.saved(one)),
            false => Missing::Dropped,
        }
    }

    /// Whether the resource, what its money is paid for, or what tells that it is in vain,
    /// couldn't be looked at.
    fn is_unseen(&self, one: &Assessed) -> bool {
        let Ok(region) = one.region.parse::<Region>() else {
            return false;
        };
        let of_check = match one.check {
            Check::OrphanSnapshot => Some(ResourceKind::Volume),
            Check::VolumeOfStopped => Some(ResourceKind::Instance),
            _ => None,
        };
        // What is there itself tells what became of it.
        let is_there = self.subjects.contains_key(&one.resource);
        let held = one.held.iter().filter(|_| !is_there).map(|held| held.kind);
        let mut kinds = held.chain(of_check).chain([one.kind]);
        kinds.any(|kind| self.unseen.contains(&(region.clone(), kind)))
    }
}
