//! Two years of upkeep, day by day, a leap day among them: never more than five requests a
//! day, counted at AWS's end; no error; and each day the month's sum is that of the books. In
//! this process, because its clock has to be moved.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::{
    account::{ConnectionId, ConnectionKind},
    cube::Cube,
    job::JobState,
    metric::Metric,
    period::Period,
    user::Role,
};
use secrecy::SecretString;
use server::{
    aws::{AwsKey, Endpoint, Gateway, MemoryLedger, Settings},
    config::LoopbackUrl,
    jobs::{ownership::Ownership, sync::Syncer},
    security::{master_key::MasterKeySource, password::PasswordHash, vault::Vault},
    services::{
        access::Access,
        clock::Clock,
        keys::{KeyPlace, Keys},
        outlook::Outlooks,
    },
    store::{
        DatabaseUrl, Store,
        connections::StoredConnection,
        jobs::{JobId, JobKind},
    },
};
use simulator::{
    Simulator,
    books::{self, Books},
    keys,
};
use tempfile::TempDir;
use uuid::Uuid;

/// Seconds since 1970: what time it is, in each of several years at once.
static NOW: [AtomicI64; 3] = [const { AtomicI64::new(0) }; 3];

fn now<const YEAR: usize>() -> DateTime<Utc> {
    DateTime::from_timestamp(NOW[YEAR].load(Ordering::SeqCst), 0).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A server without pages, and AWS beside it.
struct Year<const YEAR: usize> {
    simulator: Simulator,
    store: Store,
    syncer: Arc<Syncer>,
    connection: ConnectionId,
    books: Arc<Books>,
    _folder: TempDir,
}

impl<const YEAR: usize> Year<YEAR> {
    async fn begin(today: NaiveDate) -> Self {
        // More rows than any answer has: AWS's own pages are as large as AWS likes.
        let settings = simulator::Settings {
            today: Some(today),
            page_size: 1_000_000,
            ..simulator::Settings::default()
        };
        let simulator = simulator::start(settings).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&DatabaseUrl::in_folder(folder.path())).await;
        let store = store.unwrap();
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
        let clock = Clock::reading(now::<YEAR>);
        let access = Access::new(store.clone(), clock, keys.clone(), gateway.clone(), None);
        let syncer = Arc::new(Syncer::new(
            store.clone(),
            clock,
            gateway,
            access,
            Arc::new(Outlooks::new(store.clone(), clock)),
            Ownership::take(folder.path()),
        ));
        let year = Self {
            books: simulator.books_of(keys::OTHER_ACCOUNT.account()),
            connection: connect(&store, &keys, now::<YEAR>()).await,
            simulator,
            store,
            syncer,
            _folder: folder,
        };
        year.at(today, 0);
        year
    }

    fn at(&self, today: NaiveDate, hour: i64) {
        let time = today.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(hour);
        NOW[YEAR].store(time.timestamp(), Ordering::SeqCst);
        self.simulator.set_today(today).unwrap();
    }

    /// Looks, as the server does every minute, and waits for what that began.
    async fn look(&self) {
        self.syncer.look().await.unwrap();
        while self.syncer.is_busy() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// The newest job: which, why and with what end.
    async fn latest(&self) -> Option<(JobId, JobKind, JobState)> {
        let latest = self.store.jobs().latest(self.connection).await.unwrap()?;
        assert_eq!(latest.error, None);
        Some((latest.id, latest.kind, latest.state))
    }

    /// Each stored day's sum of all services.
    async fn stored(&self, cube: Cube, period: Period) -> BTreeMap<NaiveDate, i64> {
        let costs = self.store.costs();
        let rows = costs.daily_by_key1(self.connection, cube, period, Metric::Unblended);
        let mut days = BTreeMap::new();
        for row in rows.await.unwrap() {
            *days.entry(row.day).or_default() += row.amount.0;
        }
        days
    }

    /// The books' days as AWS shows them today, rounded where the product rounds: each pair
    /// of keys, once, half to even.
    fn in_books(
        &self,
        cube: Cube,
        days: Range<NaiveDate>,
        today: NaiveDate,
    ) -> BTreeMap<NaiveDate, i64> {
        let [_, second] = cube.dimensions();
        let second = books::Dimension::parse(second.aws_name()).unwrap();
        let sum = |date: NaiveDate| {
            let mut rows: BTreeMap<(&str, &str), i128> = BTreeMap::new();
            for (line, amount) in self
                .books
                .charges(date, today, books::Metric::UnblendedCost)
            {
                let keys = (line.service, second.value(line));
                *rows.entry(keys).or_default() += i128::from(amount);
            }
            rows.into_values().map(rounded).sum()
        };
        let dates = days.start.iter_days().take_while(|date| *date < days.end);
        dates.map(|date| (date, sum(date))).collect()
    }
}

/// From the books' 10⁻¹⁰ to 10⁻⁹, half to even.
fn rounded(exact: i128) -> i64 {
    let (whole, rest) = (exact.div_euclid(10), exact.rem_euclid(10));
    let up = rest > 5 || (rest == 5 && whole.rem_euclid(2) == 1);
    i64::try_from(whole + i128::from(up)).unwrap()
}

async fn connect(store: &Store, keys: &Keys, now: DateTime<Utc>) -> ConnectionId {
    let email = "ann@example.com".parse().unwrap();
    let hash = PasswordHash::stored("$argon2id$".to_owned());
    let users = store.users();
    let user = users.create(&email, &hash, Role::Member, now).await;
    let user = user.unwrap();
    let id = ConnectionId(Uuid::from_u128(0x5EED));
    let pair = &keys::OTHER_ACCOUNT;
    let key = AwsKey {
        access_key_id: pair.access_key_id.to_owned(),
        secret: SecretString::from(pair.secret),
        session_token: None,
    };
    let new = StoredConnection {
        id,
        user,
        name: "Paper Boat".to_owned(),
        kind: ConnectionKind::AccessKey,
        key_hint: String::new(),
        key: Some(keys.seal(KeyPlace::Connection(user, id), &key).unwrap()),
        key_ends_at: None,
        role: None,
        aws_account: pair.account().parse().unwrap(),
        arn: pair.arn.to_owned(),
        created_at: now,
        updated_at: now,
    };
    store.connections().insert(&new).await.unwrap();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn the_weeks_around_a_leap_day() {
    day_by_day::<2>(day("2024-02-25"), 20).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes many minutes: cargo test --test two_years -- --ignored"]
async fn a_year_with_a_leap_day() {
    day_by_day::<0>(day("2024-01-17"), 366).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes many minutes: cargo test --test two_years -- --ignored"]
async fn the_year_after() {
    day_by_day::<1>(day("2025-01-17"), 365).await;
}

async fn day_by_day<const YEAR: usize>(first: NaiveDate, days: i64) {
    let year = Year::<YEAR>::begin(first).await;
    let jobs = year.store.jobs();
    jobs.begin(year.connection, JobKind::First, now::<YEAR>())
        .await
        .unwrap();
    year.look().await;
    // Each question is one page here: twenty of days, the months and the forecast.
    assert_eq!(year.simulator.requests().len(), 22);
    let mut last = year.latest().await.unwrap();
    assert_eq!((last.1, last.2), (JobKind::First, JobState::Done));
    for number in 1..=days {
        let today = first + TimeDelta::days(number);
        year.simulator.clear_requests();
        for hour in [2, 9, 16, 23] {
            year.at(today, hour);
            year.look().await;
        }
        let latest = year.latest().await.unwrap();
        assert_eq!((latest.1, latest.2), (JobKind::Scheduled, JobState::Done));
        assert_ne!(latest.0, last.0, "nothing was begun on {today}");
        last = latest;
        let requests = year.simulator.requests().len();
        assert!(requests <= 5, "{requests} requests on {today}");
        // Every cube, every day.
        assert!(requests >= 4, "{requests} requests on {today}");
        check_day(&year, today).await;
        if number % 61 == 0 || number == days {
            check_all(&year, today).await;
        }
    }
}

/// The month so far, in the main cube.
async fn check_day<const YEAR: usize>(year: &Year<YEAR>, today: NaiveDate) {
    let (cube, month) = (Cube::ServiceAccount, Period::month_to_date(today));
    let stored = year.stored(cube, month).await;
    let books = year.in_books(cube, month.start()..month.end(), today);
    assert_eq!(stored, books, "on {today}");
}

/// Every cube, from the first day that is kept: what AWS may still change is as it is
/// today, and what it has closed is as it was closed.
async fn check_all<const YEAR: usize>(year: &Year<YEAR>, today: NaiveDate) {
    let kept = Period::kept(today);
    for cube in Cube::ALL {
        let costs = year.store.costs();
        let slices = costs
            .slices(year.connection, &cube.question(), kept)
            .await
            .unwrap();
        let days: Vec<_> = slices.iter().map(|slice| slice.day).collect();
        assert_eq!(days, kept.days().collect::<Vec<_>>(), "on {today}");
        let stored = year.stored(cube, kept).await;
        let books = year.in_books(cube, kept.start()..kept.end(), today);
        assert_eq!(stored, books, "{} on {today}", cube.as_str());
    }
}
