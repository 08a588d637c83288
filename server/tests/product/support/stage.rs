//! A server with AWS behind it: the real binary, its folder, and a simulator in
//! this process that can be asked and steered.

use std::path::{Path, PathBuf};

use domain::{
    account::SyncState, doctor::Examination, look::Look, metric::Metric, report::Overview,
    user::User,
};
use serde::Deserialize;
use simulator::{FaultRule, LoggedRequest, Simulator, keys::KeyPair};
use tempfile::TempDir;

use super::{
    browser::{Browser, Record, Reply},
    day, eventually,
    process::{Options, Server, run},
};

pub const TODAY: &str = "2026-11-24";
pub const ADMINISTRATOR: &str = "ann@example.com";
pub const PASSWORD: &str = "correct lantern mosaic plateau";

/// What anybody may know, as the pages get it.
#[derive(Deserialize)]
pub struct Visitor {
    pub user: Option<User>,
    pub needs_setup: bool,
    pub sample_account: bool,
    pub version: Option<String>,
}

/// What a stage is like.
pub struct Setup {
    pub today: &'static str,
    /// Rows on a page of an answer: many make a sync quick.
    pub page_size: usize,
    pub arguments: Vec<String>,
    pub variables: Vec<(String, String)>,
    /// `None` for SQLite in the data folder.
    pub database: Option<String>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            today: TODAY,
            page_size: 100_000,
            arguments: Vec::new(),
            variables: Vec::new(),
            database: None,
        }
    }
}

/// One server and one AWS.
pub struct Stage {
    pub simulator: Simulator,
    pub server: Server,
    pub record: Record,
    setup: Setup,
    folder: TempDir,
}

impl Stage {
    pub async fn new() -> Self {
        Self::with(Setup::default()).await
    }

    /// With more on the command line.
    pub async fn with_arguments(arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(ToString::to_string).collect();
        Self::with(Setup {
            arguments,
            ..Setup::default()
        })
        .await
    }

    pub async fn with(setup: Setup) -> Self {
        let settings = simulator::Settings {
            today: Some(day(setup.today)),
            page_size: setup.page_size,
            ..simulator::Settings::default()
        };
        let simulator = simulator::start(settings)
            .await
            .expect("a free loopback port");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let server = Server::start(&options(&setup, folder.path(), &simulator)).await;
        Self {
            simulator,
            server,
            record: Record::default(),
            setup,
            folder,
        }
    }

    /// Starts the server again, after a kill.
    pub async fn start_again(&mut self) {
        self.server = Server::start(&self.options()).await;
    }

    /// What the server was started with.
    pub fn options(&self) -> Options {
        options(&self.setup, self.folder.path(), &self.simulator)
    }

    /// Goes on another day, for AWS and for the server.
    pub async fn on(&mut self, today: &'static str) {
        assert!(self.server.stop().await.success());
        self.setup.today = today;
        self.simulator
            .set_today(day(today))
            .expect("the books have this day");
        self.start_again().await;
    }

    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// For looking into the database past the product.
    pub fn database(&self) -> String {
        let file = self.data_dir().join("cost-tracker.sqlite");
        self.setup
            .database
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", file.display()))
    }

    /// A browser that nobody has used yet.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.server.url, &self.record)
    }

    /// Sets the first account up and stays signed in.
    pub async fn administrator(&self) -> Browser {
        let browser = self.browser();
        let fields = [("email", ADMINISTRATOR), ("password", PASSWORD)];
        browser.call("/api/session/set_up", &fields).await.good();
        browser
    }

    /// The first account in another browser, such as after a start on another port.
    pub async fn administrator_again(&self) -> Browser {
        let browser = self.browser();
        sign_in(&browser, ADMINISTRATOR, PASSWORD).await.good();
        browser
    }

    /// Makes an account on the command line and signs in.
    pub async fn member(&self, email: &str) -> Browser {
        let added = self
            .user(&["add", email, "--password-stdin"], PASSWORD)
            .await;
        assert!(added.starts_with(email), "{added}");
        let browser = self.browser();
        sign_in(&browser, email, PASSWORD).await.good();
        browser
    }

    /// `cost-tracker user …` on the same database; what it answers.
    pub async fn user(&self, arguments: &[&str], password: &str) -> String {
        let mut options = Options::new(self.folder.path(), &["user"]).and(arguments);
        options = match &self.setup.database {
            Some(url) => options.variable("COST_TRACKER_DATABASE_URL", url),
            None => options.and(&["--data-dir", "data"]),
        };
        let output = run(&options, &format!("{password}\n")).await;
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// The requests that reached AWS's Cost Explorer.
    pub fn cost_requests(&self) -> Vec<LoggedRequest> {
        let all = self.simulator.requests().into_iter();
        all.filter(|request| request.service == "ce").collect()
    }

    /// Plans what happens to the next requests to a service.
    pub fn fault(&self, rule: serde_json::Value) {
        let rule: FaultRule = serde_json::from_value(rule).expect("a rule");
        self.simulator.set_fault(rule);
    }
}

fn options(setup: &Setup, folder: &Path, simulator: &Simulator) -> Options {
    let endpoint = simulator.endpoint_url();
    let mut options = Options::new(folder, &["serve", "--listen", "127.0.0.1:0"])
        .and(&["--data-dir", "data", "--today", setup.today])
        .and(&["--aws-endpoint-url", &endpoint]);
    if let Some(url) = &setup.database {
        options = options.variable("COST_TRACKER_DATABASE_URL", url);
    }
    for (name, value) in &setup.variables {
        options = options.variable(name, value);
    }
    for argument in &setup.arguments {
        options = options.and(&[argument]);
    }
    options
}

pub async fn sign_in(browser: &Browser, email: &str, password: &str) -> Reply {
    browser
        .call(
            "/api/session/sign_in",
            &[("email", email), ("password", password)],
        )
        .await
}

/// The fields of a key's form.
pub fn key_fields(key: &KeyPair) -> Vec<(&'static str, &'static str)> {
    let mut fields = vec![("access_key_id", key.access_key_id), ("secret", key.secret)];
    fields.extend(key.session_token.map(|token| ("session_token", token)));
    fields
}

/// Connects with a key, whatever comes of it.
pub async fn try_connect(browser: &Browser, name: &str, key: &KeyPair) -> Reply {
    let mut fields = vec![("name", name)];
    fields.extend(key_fields(key));
    browser.call("/api/connections/create", &fields).await
}

/// Connects with a good key; the connection's id.
pub async fn connect(browser: &Browser, name: &str, key: &KeyPair) -> String {
    try_connect(browser, name, key).await.connection()
}

/// Waits for the connection's sync to end well.
pub async fn synced(browser: &Browser, connection: &str) -> SyncState {
    eventually("the sync ends", || async {
        let fields = [("connection", connection)];
        let state: SyncState = browser.ask("/api/costs/progress", &fields).await;
        (!state.running).then_some(state)
    })
    .await
}

/// What is known about the connection's key.
pub async fn examination(browser: &Browser, connection: &str) -> Examination {
    let fields = [("connection", connection)];
    browser.ask("/api/doctor/known", &fields).await
}

/// Waits for the check of the connection's key to end.
pub async fn examined(browser: &Browser, connection: &str) -> Examination {
    eventually("the check ends", || async {
        let now = examination(browser, connection).await;
        now.progress
            .is_some_and(|progress| !progress.running)
            .then_some(now)
    })
    .await
}

/// Waits for all that connecting begins: the sync and the check of what is free. Nothing asks
/// AWS by itself then.
pub async fn settled(browser: &Browser, connection: &str) -> SyncState {
    examined(browser, connection).await;
    synced(browser, connection).await
}

/// The figures of the Overview page, as the console shows them.
pub async fn overview(browser: &Browser, connection: &str, metric: Metric) -> Overview {
    seen(browser, connection, Look::by(metric)).await
}

/// The figures of the Overview page.
pub async fn seen(browser: &Browser, connection: &str, look: Look) -> Overview {
    let fields = [
        ("connection", connection),
        ("metric", look.metric.slug()),
        ("view", look.view.slug()),
    ];
    browser.ask("/api/costs/overview", &fields).await
}
