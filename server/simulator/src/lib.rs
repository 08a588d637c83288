//! AWS on loopback: STS, Cost Explorer and EC2 over HTTP, in AWS's own protocols, with signatures
//! verified and a company's bill behind them. For the sample account, for tests and for stock AWS
//! clients. Never reaches beyond this machine.
//!
//! The day it plays is a setting; `Date` headers and the age of signatures
//! are real, unless a fault moves that clock.
//!
//! What is there: STS GetCallerIdentity and AssumeRole ([`roles`]); of Cost Explorer
//! GetCostAndUsage, both forecasts, utilization and coverage of reservations and Savings Plans,
//! anomalies and their monitors, dimension values, tags and cost categories; of EC2 what
//! describes instances, volumes, addresses, snapshots and regions. All of them answer from the
//! same [`books`], so that they agree to the last digit: a fee, an unused hour or an anomaly is
//! the same money wherever it is asked for. [`keys`] may do more or less of it.
//!
//! Where AWS's behaviour isn't publicly known, the code says so at the place ("the text is our
//! own"). Such choices: DataUnavailableException for the utilization of no Savings Plans; a
//! forecast is DataUnavailable below fourteen days of the last four weeks; page tokens last a
//! day; attributes of reservation coverage are named in camel case; without a granularity
//! GetSavingsPlansUtilization has a total only.
//!
//! Tests steer it by [`Simulator`]'s methods or, from another process, over HTTP on the same
//! address:
//!
//! | Page of `/_simulator/` | Methods | What |
//! |---|---|---|
//! | `requests` | GET, DELETE | the [`LoggedRequest`]s since the start or the last DELETE |
//! | `faults` | GET, PUT, DELETE | [`FaultRule`]s: one is set beside the others, a list replaces all |
//! | `today` | GET, PUT | `{"today": "2026-11-24"}`, or null for the real day |
//! | `restatements` | GET, PUT, DELETE | [`books::Restatement`]s: one is added, a list replaces all |
//! | `keys` | GET, PUT | `{"access_key_id": …, "expires_at": …}`: when a temporary key ends, or null |
//! | `roles` | GET, PUT | `{"external_id": …, "role_arn": …, "session_seconds": …}`, each optional |
//! | `inventory` | GET, PUT | [`InventoryOrder`]: how much EC2 has, and the bill with it |
//! | `charges` | GET | the sample company's [`books`]: `?start=…&end=…&metric=…&by=…`, in 10⁻¹⁰ |

mod asked;
mod authorization;
pub mod books;
mod callers;
mod ce;
mod clock;
mod control;
mod ec2;
mod error;
mod faults;
mod gateway;
mod http;
mod inventory;
pub mod keys;
mod log;
pub mod roles;
mod sigv4;
mod socket;
mod spoil;
mod sts;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use books::inventory::Scale;
pub use faults::{Delay, FaultRule, Named, Outcome, Share};
pub use inventory::InventoryOrder;
pub use log::LoggedRequest;

use books::{Books, Restatement, SAMPLE};
use callers::KeyRing;
use clock::Clock;
use faults::Faults;
use inventory::Shelf;
use log::RequestLog;
use roles::Trust;
use socket::{Listening, Scissors};

/// How long a shutdown waits for answers that are on their way.
const PATIENCE: Duration = Duration::from_secs(2);

/// How the simulator runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Loopback only; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The day it plays; `None` for the real UTC day at each request.
    pub today: Option<NaiveDate>,
    /// The same seed gives the same books.
    pub seed: u64,
    /// Group rows on a page of GetCostAndUsage.
    pub page_size: usize,
    /// How much more the sample company has in EC2, and on its bill.
    pub scale: Scale,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            today: None,
            seed: 20_260_101,
            page_size: 20_000,
            scale: Scale::default(),
        }
    }
}

/// Why the simulator doesn't run as asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Other machines could reach it.
    #[error("the simulator listens on loopback addresses only, not on {0}")]
    NotLoopback(SocketAddr),
    /// The books have no such day.
    #[error("the simulator plays days from 2000 to 2099, not {0}")]
    Today(NaiveDate),
    /// Pages without rows would never end.
    #[error("a page needs at least one row")]
    PageSize,
    /// The address is taken or not there.
    #[error("cannot listen on {0}")]
    Listen(SocketAddr, #[source] std::io::Error),
}

/// A running simulator. Dropping it stops it.
pub struct Simulator {
    addr: SocketAddr,
    state: SharedState,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
}

/// Starts a simulator; it answers when this returns.
///
/// # Errors
/// When the settings are not acceptable or the address can't be listened on.
pub async fn start(settings: Settings) -> Result<Simulator, StartError> {
    let listen = settings.listen;
    if !listen.ip().is_loopback() {
        return Err(StartError::NotLoopback(listen));
    }
    if settings.page_size == 0 {
        return Err(StartError::PageSize);
    }
    let clock = Clock::new(settings.today)?;
    let failed = |error| StartError::Listen(listen, error);
    let listener = TcpListener::bind(listen).await.map_err(failed)?;
    let addr = listener.local_addr().map_err(failed)?;
    let (stop, stopped) = watch::channel(false);
    let state = Arc::new(State {
        clock,
        shelf: Shelf::new(settings.seed, settings.scale),
        log: Arc::new(RequestLog::new()),
        faults: Faults::default(),
        keys: KeyRing::new(settings.seed),
        trust: Trust::default(),
        seed: settings.seed,
        page_size: settings.page_size,
        stopped,
    });
    let app = http::router(state.clone()).into_make_service_with_connect_info::<Scissors>();
    let ended = state.clone();
    let server = tokio::spawn(async move {
        let serving = axum::serve(Listening(listener), app);
        // Serving on a bound listener ends only when told to.
        serving
            .with_graceful_shutdown(async move { ended.stopped().await })
            .await
            .unwrap_or_default();
    });
    Ok(Simulator {
        addr,
        state,
        stop,
        server,
    })
}

impl Simulator {
    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// For `AWS_ENDPOINT_URL` and the SDK's `endpoint_url`.
    pub fn endpoint_url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The day it plays now.
    pub fn today(&self) -> NaiveDate {
        self.state.clock.today()
    }

    /// Plays another day from the next request on.
    ///
    /// # Errors
    /// When the books have no such day.
    pub fn set_today(&self, today: NaiveDate) -> Result<(), StartError> {
        self.state.clock.set(Some(today))
    }

    /// The sample company's books, to compare answers with.
    pub fn books(&self) -> Arc<Books> {
        self.state.books_of(SAMPLE.payer)
    }

    /// The books behind an account's keys; empty ones for an account without data.
    pub fn books_of(&self, account: &str) -> Arc<Books> {
        self.state.books_of(account)
    }

    /// Every AWS request that arrived since the start or since [`Self::clear_requests`].
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.state.log.all()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.state.log.clear();
    }

    /// Plans misbehaviour, in the place of a rule for the same key, service and operation.
    pub fn set_fault(&self, rule: FaultRule) {
        self.state.faults.set(rule);
    }

    /// Behaves again.
    pub fn clear_faults(&self) {
        self.state.faults.replace(Vec::new());
    }

    /// Orders how much the sample company has in EC2, and on its bill, and how EC2 pages it.
    pub fn set_inventory(&self, order: InventoryOrder) {
        self.state.shelf.set(order);
    }

    /// Changes usage of past days from now on, or from the day that the order names.
    pub fn restate(&self, order: &Restatement) {
        self.state.shelf.restate(order);
    }

    /// Takes all restatements back.
    pub fn forget_restatements(&self) {
        self.state.shelf.forget_restatements();
    }

    /// Lets a role (every role that trusts, without one) accept another external id.
    pub fn trust(&self, role: Option<&roles::Role>, external_id: &str) {
        let arn = role.map(|role| role.arn.to_owned());
        self.state.trust.register(arn, external_id.to_owned());
    }

    /// Makes the sessions of roles last so many seconds from now on, whatever is asked for.
    pub fn set_session_seconds(&self, seconds: Option<i64>) {
        self.state.trust.last(seconds);
    }

    /// Orders when a temporary key ends, one that a role gave out or one of [`keys::ALL`];
    /// `None` for never. False when there is no such key.
    pub fn expire(&self, access_key_id: &str, at: Option<DateTime<Utc>>) -> bool {
        self.state.keys.expire(access_key_id, at)
    }

    /// Stops: no new requests, a moment for those on their way.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        if tokio::time::timeout(PATIENCE, &mut self.server)
            .await
            .is_err()
        {
            self.server.abort();
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

/// The line that points stock AWS clients at a simulator, for a shell.
pub fn print_env(addr: SocketAddr) -> String {
    let key = keys::GOOD;
    format!(
        "export AWS_ENDPOINT_URL=http://{addr} AWS_ACCESS_KEY_ID={} AWS_SECRET_ACCESS_KEY={} AWS_DEFAULT_REGION=us-east-1",
        key.access_key_id, key.secret
    )
}

type SharedState = Arc<State>;

/// What all requests share.
struct State {
    clock: Clock,
    shelf: Shelf,
    log: Arc<RequestLog>,
    faults: Faults,
    keys: KeyRing,
    trust: Trust,
    seed: u64,
    page_size: usize,
    stopped: watch::Receiver<bool>,
}

impl State {
    fn books_of(&self, account: &str) -> Arc<Books> {
        self.shelf.books_of(account)
    }

    /// Whether EC2 puts pages without items between the others.
    fn empty_pages(&self) -> bool {
        self.shelf.order().empty_pages
    }

    /// Returns when the simulator is told to stop.
    async fn stopped(&self) {
        let mut stopped = self.stopped.clone();
        // An error means that the simulator is gone: that is stopped, too.
        let _told = stopped.wait_for(|stopped| *stopped).await;
    }
}
