//! Looks at what there is in EC2: region by region, kind by kind. Free of charge. Each part is
//! stored as it comes; what was killed goes on where it was.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::{
    Code, Error, Result,
    account::ConnectionId,
    inventory::{OptIn, Region, RegionState, Resource, ResourceKind, ScanOutcome, is_due},
    job::JobState,
};
use tokio::task::JoinHandle;

use crate::{
    aws::{AwsError, Gateway, Priority, Target},
    services::{access::Access, assessor::Assessor, clock::Clock, gone, internal},
    store::{Store, StoreError, connections::StoredConnection, inventory::ScanRun},
};

/// A sign of life, well within the time after which a scan counts as killed.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// Where to look when AWS doesn't say which regions there are: open to every account.
const ALWAYS_OPEN: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// Begins scans and works on them.
pub struct Scanner {
    store: Store,
    clock: Clock,
    gateway: Arc<Gateway>,
    access: Access,
    assessor: Assessor,
    running: Mutex<HashMap<ConnectionId, JoinHandle<()>>>,
}

impl Scanner {
    /// Puts the parts together.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Clock,
        gateway: Arc<Gateway>,
        access: Access,
        assessor: Assessor,
    ) -> Self {
        Self {
            store,
            clock,
            gateway,
            access,
            assessor,
            running: Mutex::default(),
        }
    }

    /// Begins a scan, or goes on with one that was killed, unless one is under way.
    ///
    /// # Errors
    /// When the store fails, or the connection has been deleted.
    pub async fn start(self: &Arc<Self>, id: ConnectionId, by_person: bool) -> Result<()> {
        let inventory = self.store.inventory();
        let begun = inventory.begin(id, by_person, self.clock.now());
        let Some(scan) = begun.await.map_err(gone("beginning a scan"))? else {
            return Ok(());
        };
        let scanner = Arc::clone(self);
        // Held until the task is noted: it can't end, and remove itself, before that.
        let mut running = self.lock();
        let task = tokio::spawn(async move {
            scanner.run(&scan).await;
            let mut running = scanner.lock();
            // The next one may have begun since this one's end was stored.
            if running
                .get(&id)
                .is_some_and(|one| one.id() == tokio::task::id())
            {
                running.remove(&id);
            }
        });
        running.insert(id, task);
        Ok(())
    }

    /// Goes on with what was killed, and begins what is due.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn look(self: &Arc<Self>) -> Result<()> {
        let failed = |error: StoreError| internal("finding inventories to scan", &error);
        let now = self.clock.now();
        for id in self.store.inventory().stuck(now).await.map_err(failed)? {
            self.start(id, false).await?;
        }
        let all = self.store.connections().all_for_upkeep().await;
        for connection in all.map_err(failed)? {
            let id = connection.id;
            let latest = self.store.jobs().latest_of_kept(id).await.map_err(failed)?;
            let came_at = latest
                .filter(|job| job.state == JobState::Done)
                .and_then(|job| job.finished_at);
            let last = self.store.inventory().scan(id, now).await.map_err(failed)?;
            let is_running = last.as_ref().is_some_and(|scan| scan.running);
            let began_at = last.map(|scan| scan.started_at);
            if !is_running && is_due(came_at, began_at, now) {
                self.start(id, false).await?;
            }
        }
        Ok(())
    }

    /// Stops everything, for the end of the process. Whoever comes next goes on.
    pub async fn stop_all(&self) {
        let running: Vec<_> = self.lock().drain().collect();
        for (_, task) in running {
            task.abort();
            // Waited for, so that nothing is written afterwards.
            drop(task.await);
        }
    }

    async fn run(&self, scan: &ScanRun) {
        let ended = tokio::select! {
            ended = self.scan(scan) => ended,
            () = self.keep_alive(scan) => return,
        };
        if let Err(error) = &ended {
            let (connection, code) = (scan.connection, error.code.as_str());
            tracing::warn!(%connection, code, "a scan stopped early");
        }
        let error = ended.err();
        let inventory = self.store.inventory();
        let ended = inventory.end(scan, error.as_ref(), self.clock.now());
        if let Err(error) = ended.await {
            internal("ending a scan", &error);
        }
    }

    /// Returns when the scan isn't ours any more.
    async fn keep_alive(&self, scan: &ScanRun) {
        loop {
            tokio::time::sleep(HEARTBEAT).await;
            match self.store.inventory().renew(scan, self.clock.now()).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    internal("renewing a scan", &error);
                }
            }
        }
    }

    async fn scan(&self, scan: &ScanRun) -> Result<()> {
        let failed = |error: StoreError| internal("storing a scan", &error);
        let connections = self.store.connections();
        let found = connections.one_for_upkeep(scan.connection);
        let Some(connection) = found.await.map_err(failed)? else {
            return Ok(());
        };
        let target = self.access.target(&connection).await?;
        let visit = Visit {
            scanner: self,
            scan,
            connection: &connection,
            target: &target,
            priority: match scan.by_person {
                true => Priority::Person,
                false => Priority::Upkeep,
            },
        };
        let (regions, error) = visit.regions().await?;
        let kinds = ResourceKind::ALL.len();
        let total = u32::try_from(regions.len() * kinds).unwrap_or(u32::MAX);
        let inventory = self.store.inventory();
        inventory
            .plan(scan, total, error.as_ref())
            .await
            .map_err(failed)?;
        let done = inventory.done(scan).await.map_err(failed)?;
        for state in &regions {
            for kind in ResourceKind::ALL {
                let place = (&state.region, kind);
                if done.contains(&(state.region.clone(), kind)) {
                    continue;
                }
                if !visit.part(place, state.opt_in == OptIn::NotOptedIn).await? {
                    return Ok(());
                }
            }
        }
        self.assessor.assess(scan.connection).await
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ConnectionId, JoinHandle<()>>> {
        // The map is whole after any panic: each use is a single insert, remove or drain.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One scan at work.
struct Visit<'a> {
    scanner: &'a Scanner,
    scan: &'a ScanRun,
    connection: &'a StoredConnection,
    target: &'a Target,
    priority: Priority,
}

impl Visit<'_> {
    /// The regions, and why only those are known that are always open, if so.
    async fn regions(&self) -> Result<(Vec<RegionState>, Option<Error>)> {
        let home = self.home()?;
        let gateway = &self.scanner.gateway;
        let asked = gateway.regions(self.target, &home, self.priority).await;
        let error = match asked {
            Ok(asked) => return Ok((asked.value, None)),
            Err(error) => self.explain(&error).await,
        };
        if ScanOutcome::of(error.code) != ScanOutcome::NotPermitted {
            return Err(error);
        }
        let open = |region: &str| {
            Some(RegionState {
                region: region.parse().ok()?,
                opt_in: OptIn::NotRequired,
            })
        };
        let regions = match home.as_str() {
            "us-east-1" => ALWAYS_OPEN.into_iter().filter_map(open).collect(),
            other => open(other).into_iter().collect(),
        };
        Ok((regions, Some(error)))
    }

    /// A region that is open to every account of the connection's cloud.
    fn home(&self) -> Result<Region> {
        let home = match self.connection.arn.split(':').nth(1) {
            Some("aws-cn") => "cn-north-1",
            Some("aws-us-gov") => "us-gov-west-1",
            _ => "us-east-1",
        };
        home.parse().map_err(|_| Error::internal("no-region"))
    }

    /// Asks about one kind in one region. Answers whether the scan is still ours.
    async fn part(&self, place: (&Region, ResourceKind), closed: bool) -> Result<bool> {
        let stored = if closed {
            let closed = ScanOutcome::NotOptedIn;
            self.keep_gap(place, closed, None).await
        } else {
            match self.ask(place).await {
                Ok(seen) => {
                    let now = self.scanner.clock.now();
                    let inventory = self.scanner.store.inventory();
                    inventory.keep(self.scan, place, &seen, now).await
                }
                Err(error) => {
                    let error = self.explain(&error).await;
                    if stops_all(error.code) {
                        return Err(error);
                    }
                    let outcome = ScanOutcome::of(error.code);
                    self.keep_gap(place, outcome, Some(&error)).await
                }
            }
        };
        match stored {
            Ok(ours) => Ok(ours),
            Err(StoreError::OwnerGone) => Ok(false),
            Err(error) => Err(internal("storing a part of a scan", &error)),
        }
    }

    async fn keep_gap(
        &self,
        place: (&Region, ResourceKind),
        outcome: ScanOutcome,
        error: Option<&Error>,
    ) -> std::result::Result<bool, StoreError> {
        let now = self.scanner.clock.now();
        let inventory = self.scanner.store.inventory();
        inventory
            .keep_gap(self.scan, place, outcome, error, now)
            .await
    }

    async fn explain(&self, error: &AwsError) -> Error {
        let access = &self.scanner.access;
        access.explain(self.connection, self.target, error).await
    }

    async fn ask(
        &self,
        (region, kind): (&Region, ResourceKind),
    ) -> std::result::Result<Vec<Resource>, AwsError> {
        let (gateway, target, priority) = (&self.scanner.gateway, self.target, self.priority);
        let seen: Vec<Resource> = match kind {
            ResourceKind::Instance => {
                let asked = gateway.instances(target, region, priority).await?;
                asked.value.into_iter().map(Resource::Instance).collect()
            }
            ResourceKind::Volume => {
                let asked = gateway.volumes(target, region, priority).await?;
                asked.value.into_iter().map(Resource::Volume).collect()
            }
            ResourceKind::Address => {
                let asked = gateway.addresses(target, region, priority).await?;
                asked.value.into_iter().map(Resource::Address).collect()
            }
            ResourceKind::Snapshot => {
                let asked = gateway.snapshots(target, region, priority).await?;
                asked.value.into_iter().map(Resource::Snapshot).collect()
            }
        };
        Ok(seen.into_iter().filter(|one| !one.is_gone()).collect())
    }
}

/// What any other region would be answered with as well.
const fn stops_all(code: Code) -> bool {
    matches!(
        code,
        Code::AwsUnknownKey
            | Code::AwsWrongSecret
            | Code::AwsExpiredToken
            | Code::AwsNotActivated
            | Code::AwsRoleDenied
            | Code::AwsNoCredentials
            | Code::AwsClock
            | Code::NotAllowed
            | Code::Internal
    )
}
