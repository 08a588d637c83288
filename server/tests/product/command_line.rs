//! Starting: what is refused, in one sentence that says what to do, and what is
//! inside the binary.

use std::{fs, net::TcpListener, path::Path};

use domain::account::SyncState;
use reqwest::StatusCode;
use simulator::keys;

use crate::support::{
    browser::{Browser, Record},
    database,
    process::{BINARY, Options, Server, refusal, run},
    stage::{Setup, Stage, connect, synced},
};

const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const OTHER_KEY: &str = "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff";
const KEY_VARIABLE: &str = "COST_TRACKER_MASTER_KEY";

fn serve(folder: &Path) -> Options {
    Options::new(folder, &["serve", "--listen", "127.0.0.1:0"])
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_nobody_reads_or_that_can_not_be_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let plain = || serve(folder.path());
    for (options, says) in [
        (plain().and(&["--lisen", "127.0.0.1:1"]), "--listen"),
        (
            plain().variable("COST_TRACKER_LISTENS", "127.0.0.1:1"),
            "Did you mean COST_TRACKER_LISTEN?",
        ),
        (
            plain().variable("COST_TRACKER_TRUST_PROXY", "perhaps"),
            "trust-proxy",
        ),
        (
            plain().and(&["--aws-endpoint-url", "http://10.0.0.1:4599"]),
            "loopback",
        ),
        (
            plain().and(&["--aws-endpoint-url", "http://localhost.example.com"]),
            "loopback",
        ),
        (
            plain().variable("COST_TRACKER_AWS_ENDPOINT_URL", "http://example.com"),
            "loopback",
        ),
        (
            plain().and(&["--database-url", "mysql://ann:hunter2@host/db"]),
            "--database-url",
        ),
        (plain().variable(KEY_VARIABLE, "hunter2hunter2"), "32 bytes"),
        (plain().and(&["--master-key-file", "absent"]), "absent"),
        (
            plain().and(&["--public-url", "https://a.example.com/path"]),
            "public-url",
        ),
        (plain().and(&["--log", "server=loudly"]), "--log"),
        (
            plain().and(&["--today", "2026-11-24", "--sample-account", "off"]),
            "--today",
        ),
    ] {
        let (code, said) = refusal(&options).await;
        assert!(said.contains(says), "{says}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
        assert!(!said.contains("panicked"), "{said}");
        assert!((1..=2).contains(&code), "{code}");
    }
    let help = run(&Options::new(folder.path(), &["--help"]), "").await;
    let help = String::from_utf8(help.stdout).unwrap();
    for command in ["serve", "simulate-aws", "user"] {
        assert!(help.contains(command), "{help}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_said_to_be_taken_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, said) = refusal(&Options::new(
        folder.path(),
        &["serve", "--listen", &address],
    ))
    .await;
    assert_eq!(code, 1);
    assert!(
        said.contains(&address) && said.contains("in use") && said.contains("--listen"),
        "{said}"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_master_key_is_refused_and_the_right_one_still_opens_everything() {
    let variables = vec![(KEY_VARIABLE.to_owned(), KEY.to_owned())];
    let mut stage = Stage::with(Setup {
        variables,
        ..Setup::default()
    })
    .await;
    let mut browser = stage.administrator().await;
    let id = connect(&browser, "Sealed", &keys::GOOD).await;
    synced(&browser, &id).await;
    assert!(stage.server.stop().await.success());

    let mut other = stage.options();
    other.variables = vec![(KEY_VARIABLE.to_owned(), OTHER_KEY.to_owned())];
    let (_, said) = refusal(&other).await;
    assert!(
        said.contains("isn't the one") && !said.contains(OTHER_KEY),
        "{said}"
    );
    other.variables.clear();
    let (_, said) = refusal(&other).await;
    assert!(said.contains("master key is missing"), "{said}");
    assert!(
        !stage.data_dir().join("master.key").exists(),
        "never a new key over old secrets"
    );

    stage.start_again().await;
    browser.url.clone_from(&stage.server.url);
    stage.simulator.clear_requests();
    browser
        .ask::<SyncState>("/api/costs/refresh", &[("connection", &*id)])
        .await;
    let sync = synced(&browser, &id).await;
    assert!(sync.error.is_none(), "{:?}", sync.error);
    // The stored secret signed a request, and AWS took the signature.
    assert!(
        stage
            .cost_requests()
            .iter()
            .all(|request| request.status == Some(200))
    );
    assert!(!stage.cost_requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_made_master_key_is_told_about_kept_private_and_never_made_again() {
    let mut stage = Stage::new().await;
    let file = stage.data_dir().join("master.key");
    assert!(
        stage.server.logs().contains("Made a new master key"),
        "{}",
        stage.server.logs()
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for name in ["master.key", "cost-tracker.sqlite"] {
            let mode = fs::metadata(stage.data_dir().join(name))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
    let browser = stage.administrator().await;
    connect(&browser, "Sealed", &keys::GOOD).await;
    assert!(stage.server.stop().await.success());
    let key = fs::read_to_string(&file).unwrap();
    assert!(!stage.server.logs().contains(key.trim()));
    fs::remove_file(&file).unwrap();
    let (_, said) = refusal(&stage.options()).await;
    assert!(
        said.contains("master key is missing") && said.contains("master.key"),
        "{said}"
    );
    assert!(!file.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_versions_database_is_left_alone() {
    let mut stage = Stage::new().await;
    stage.administrator().await;
    assert!(stage.server.stop().await.success());
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)";
    database::run(&stage.database(), newer).await;
    let (_, said) = refusal(&stage.options()).await;
    assert!(
        said.contains("newer version") && said.contains("m9999_later"),
        "{said}"
    );
    let take_back = "DELETE FROM seaql_migrations WHERE version = 'm9999_later'";
    database::run(&stage.database(), take_back).await;
    stage.start_again().await;
    assert_eq!(stage.user(&["list"], "").await.lines().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_refused_on_the_command_line_as_on_the_pages() {
    let stage = Stage::new().await;
    stage.administrator().await;
    let user = |arguments: &[&str]| {
        let folder = stage.data_dir().parent().unwrap().to_owned();
        Options::new(&folder, &["user"])
            .and(arguments)
            .and(&["--data-dir", "data"])
    };
    let password = "correct lantern mosaic plateau";
    for (arguments, input, says) in [
        (
            &["add", "ann@example.com", "--password-stdin"][..],
            password,
            "has an account already",
        ),
        (
            &["add", "bob", "--password-stdin"],
            password,
            "isn't an e-mail address",
        ),
        (
            &["add", "bob@example.com", "--password-stdin"],
            "password1234",
            "easy to guess",
        ),
        (
            &["add", "bob@example.com", "--password-stdin"],
            "",
            "no password",
        ),
        (&["add", "bob@example.com"], password, "--password-stdin"),
        (
            &["reset-password", "bob@example.com", "--password-stdin"],
            password,
            "no account",
        ),
    ] {
        let output = run(&user(arguments), input).await;
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(says), "{says}: {said}");
        assert!(input.is_empty() || !said.contains(input), "{said}");
    }
    assert_eq!(stage.user(&["list"], "").await.lines().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sdks_own_variables_send_no_key_anywhere() {
    let elsewhere = simulator::start(simulator::Settings::default())
        .await
        .unwrap();
    let url = elsewhere.endpoint_url();
    let variables = [
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_STS",
        "AWS_ENDPOINT_URL_COST_EXPLORER",
    ]
    .map(|name| (name.to_owned(), url.clone()));
    let host = [
        ("AWS_ACCESS_KEY_ID", keys::OTHER_ACCOUNT.access_key_id),
        ("AWS_SECRET_ACCESS_KEY", keys::OTHER_ACCOUNT.secret),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let variables = variables.into_iter().chain(host).collect();
    let stage = Stage::with(Setup {
        variables,
        ..Setup::default()
    })
    .await;
    assert!(
        stage
            .server
            .logs()
            .contains("AWS_ENDPOINT_URL_STS has no effect")
    );
    let browser = stage.administrator().await;
    let id = connect(&browser, "Mine", &keys::GOOD).await;
    synced(&browser, &id).await;
    assert!(elsewhere.requests().is_empty());
    let mine = Some(keys::GOOD.access_key_id.to_owned());
    assert!(
        stage
            .simulator
            .requests()
            .iter()
            .all(|request| request.access_key_id == mine)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_binary_alone_in_an_empty_folder_serves_the_whole_site() {
    let folder = tempfile::tempdir().unwrap();
    let binary = folder.path().join("cost-tracker");
    fs::copy(BINARY, &binary).unwrap();
    let options = Options {
        binary,
        ..serve(folder.path())
    };
    let server = Server::start(&options).await;
    let browser = Browser::new(&server.url, &Record::default());
    assert_eq!(browser.get("/healthz").await.status, StatusCode::OK);
    let page = browser.get("/setup").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Cost Tracker"));
    // Where the site was built before the server, every file that the page names is there.
    let files: Vec<&str> = page
        .body
        .split(['"', '\\', ' '])
        .filter(|part| part.starts_with("/pkg/") || *part == "/favicon.svg")
        .filter(|part| part.len() > "/pkg/".len())
        .collect();
    let built = files.iter().any(|file| file.ends_with(".wasm"));
    for file in files.iter().filter(|_| built) {
        let reply = browser
            .send(browser.request(reqwest::Method::GET, file))
            .await;
        // WebAssembly is no text, but a length tells that something came.
        assert_eq!(reply.status, StatusCode::OK, "{file}");
        assert!(!reply.body.is_empty(), "{file}");
        if file.starts_with("/pkg/") {
            assert!(
                reply.header("cache-control").contains("immutable"),
                "{file}"
            );
        }
    }
    assert!(folder.path().join("data/cost-tracker.sqlite").exists());
}
