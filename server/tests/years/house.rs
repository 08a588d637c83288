//! A server without pages, AWS beside it, and one clock for both.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::{
    account::{ConnectionId, ConnectionKind},
    job::JobState,
    user::{Role, User},
};
use secrecy::SecretString;
use server::{
    aws::{AwsKey, Endpoint, Gateway, MemoryLedger, Settings},
    config::LoopbackUrl,
    jobs::{ownership::Ownership, sync::Syncer},
    security::{master_key::MasterKeySource, vault::Vault},
    services::{
        access::Access,
        clock::Clock,
        keys::{KeyPlace, Keys},
        outlook::Outlooks,
    },
    store::{
        Store,
        connections::StoredConnection,
        jobs::{JobId, JobKind},
    },
};
use simulator::{
    Simulator,
    books::Books,
    keys::{self, KeyPair},
};
use tempfile::TempDir;
use uuid::Uuid;

use crate::support::{Fresh, hash};

/// Seconds since 1970: what time it is, in each of several houses at once.
static NOW: [AtomicI64; 8] = [const { AtomicI64::new(0) }; 8];

fn now<const HOUSE: usize>() -> DateTime<Utc> {
    DateTime::from_timestamp(NOW[HOUSE].load(Ordering::SeqCst), 0).unwrap()
}

pub struct House<const HOUSE: usize> {
    pub simulator: Simulator,
    pub store: Store,
    pub clock: Clock,
    pub syncer: Arc<Syncer>,
    pub outlooks: Arc<Outlooks>,
    pub user: User,
    keys: Keys,
    _fresh: Fresh,
    _folder: TempDir,
}

impl<const HOUSE: usize> House<HOUSE> {
    pub async fn begin(fresh: Fresh, today: NaiveDate) -> Self {
        // More rows than any answer has: AWS's own pages are as large as AWS likes.
        let settings = simulator::Settings {
            today: Some(today),
            page_size: 1_000_000,
            ..simulator::Settings::default()
        };
        let simulator = simulator::start(settings).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let store = fresh.store().await;
        let source = MasterKeySource::DataFolder(folder.path().to_owned());
        let unlocked = Vault::unlock(&source, &store).await.unwrap();
        let keys = Keys::new(Arc::new(unlocked.vault));
        // Years in a minute: the pace is another test's.
        let settings = Settings {
            endpoint: Endpoint::At(LoopbackUrl::parse(&simulator.endpoint_url()).unwrap()),
            cost_explorer_per_second: 10_000,
            ..Settings::default()
        };
        // Not the store's: its cap knows only the real month.
        let ledger = Arc::new(MemoryLedger::default());
        let gateway = Arc::new(Gateway::new(&settings, ledger, Utc::now));
        let clock = Clock::reading(now::<HOUSE>);
        let access = Access::new(store.clone(), clock, keys.clone(), gateway.clone(), None);
        let outlooks = Arc::new(Outlooks::new(store.clone(), clock));
        let syncer = Arc::new(Syncer::new(
            store.clone(),
            clock,
            gateway,
            access,
            outlooks.clone(),
            Ownership::take(folder.path()),
        ));
        let email = "ann@example.com".parse().unwrap();
        let users = store.users();
        let role = Role::Member;
        let id = users.create(&email, &hash(""), role, now::<HOUSE>()).await;
        let house = Self {
            user: User {
                id: id.unwrap(),
                email,
                role,
            },
            simulator,
            store,
            clock,
            syncer,
            outlooks,
            keys,
            _fresh: fresh,
            _folder: folder,
        };
        house.at(today, 0);
        house
    }

    pub fn now(&self) -> DateTime<Utc> {
        now::<HOUSE>()
    }

    pub fn at(&self, today: NaiveDate, hour: i64) {
        let time = today.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(hour);
        NOW[HOUSE].store(time.timestamp(), Ordering::SeqCst);
        self.simulator.set_today(today).unwrap();
    }

    /// A connection by one of the simulator's keys, and its first sync.
    pub async fn connect(&self, pair: &KeyPair) -> ConnectionId {
        let id = self.add(pair).await;
        self.look().await;
        let (_, kind, state) = self.latest(id).await;
        assert_eq!((kind, state), (JobKind::First, JobState::Done));
        id
    }

    /// A connection whose first sync waits.
    pub async fn add(&self, pair: &KeyPair) -> ConnectionId {
        let user = self.user.id;
        // The same in every run: by it, refreshes find their time of day.
        let id = ConnectionId(Uuid::from_u128(pair.account().parse().unwrap()));
        let key = AwsKey {
            access_key_id: pair.access_key_id.to_owned(),
            secret: SecretString::from(pair.secret),
            session_token: None,
        };
        let place = KeyPlace::Connection(user, id);
        let new = StoredConnection {
            id,
            user,
            name: pair.company.accounts[0].name.to_owned(),
            kind: ConnectionKind::AccessKey,
            key_hint: String::new(),
            key: Some(self.keys.seal(place, &key).unwrap()),
            key_ends_at: None,
            role: None,
            aws_account: pair.account().parse().unwrap(),
            arn: pair.arn.to_owned(),
            created_at: self.now(),
            updated_at: self.now(),
        };
        self.store.connections().insert(&new).await.unwrap();
        let begun = self
            .store
            .jobs()
            .begin(id, JobKind::First, self.now())
            .await;
        assert!(begun.unwrap().is_some());
        id
    }

    /// Looks, as the server does every minute, and waits for what that began.
    pub async fn look(&self) {
        self.syncer.look().await.unwrap();
        self.idle().await;
    }

    pub async fn idle(&self) {
        while self.syncer.is_busy() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// The newest job: which, why and with what end.
    pub async fn latest(&self, id: ConnectionId) -> (JobId, JobKind, JobState) {
        let latest = self.store.jobs().latest(id).await.unwrap().unwrap();
        assert_eq!(latest.error, None);
        (latest.id, latest.kind, latest.state)
    }

    pub fn books(&self, pair: &KeyPair) -> Arc<Books> {
        self.simulator.books_of(pair.account())
    }
}

/// The key pair that a request was signed with.
pub fn pair(access_key_id: &str) -> &'static KeyPair {
    keys::find(access_key_id).unwrap()
}
