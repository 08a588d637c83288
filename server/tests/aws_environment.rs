//! Neither the host's own AWS settings nor its keys have any say in where the
//! product's requests go and who signs them.

mod aws_support;

use std::{
    io::{Read, Write},
    net::TcpListener,
    process::Stdio,
    sync::{Arc, mpsc},
};

use aws_support::{Stage, at, gateway, target};
use domain::Code;
use server::aws::{
    AwsError, Credentials, Endpoint, Gateway, MemoryLedger, Priority, RetrySettings, RoleGrant,
    Settings, Target,
};
use simulator::{keys, roles};

/// The role of the process that [`the_hosts_own_settings_are_ignored`] starts.
const CHILD: &str = "COST_TRACKER_TEST_SIMULATOR";

/// Listens where nobody should call; says what callers said first.
fn trap() -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let (heard, hear) = mpsc::channel();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut said = [0; 1024];
            let length = stream.read(&mut said).unwrap_or_default();
            let said = String::from_utf8_lossy(&said[..length]).into_owned();
            let first = said.lines().next().unwrap_or_default().to_owned();
            if heard.send(first).is_err() {
                return;
            }
            let refusal = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";
            stream.write_all(refusal).unwrap_or_default();
        }
    });
    (address, hear)
}

/// Runs itself again in a process whose environment leads astray, since a
/// process can't safely change its own.
#[tokio::test]
async fn the_hosts_own_settings_are_ignored() {
    if let Ok(url) = std::env::var(CHILD) {
        return under_a_poisoned_environment(&url).await;
    }
    let stage = Stage::new().await;
    // Without any of it, everything works.
    let good = stage.target(&keys::GOOD);
    probe(&stage.gateway, &good).await.unwrap();
    assert_eq!(stage.ledger.lines().len(), 1);
    stage.simulator.clear_requests();
    let (endpoint_trap, called) = trap();
    let (proxy, proxied) = trap();
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("config");
    let elsewhere = format!("http://{endpoint_trap}");
    std::fs::write(
        &profile,
        format!(
            "[default]\nregion = eu-west-1\nendpoint_url = {elsewhere}\nuse_fips_endpoint = true\n"
        ),
    )
    .unwrap();
    let mut child = tokio::process::Command::new(std::env::current_exe().unwrap());
    child.args([
        "--exact",
        "the_hosts_own_settings_are_ignored",
        "--nocapture",
    ]);
    child.env(CHILD, stage.simulator.endpoint_url());
    for name in [
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_STS",
        "AWS_ENDPOINT_URL_COST_EXPLORER",
        "HTTP_PROXY",
        "http_proxy",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    ] {
        child.env(name, &elsewhere);
    }
    for name in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
        child.env(name, &profile);
    }
    for name in [
        "AWS_USE_FIPS_ENDPOINT",
        "AWS_USE_DUALSTACK_ENDPOINT",
        "AWS_NEW_RETRIES_2026",
    ] {
        child.env(name, "true");
    }
    child
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_DEFAULT_REGION", "eu-west-1");
    child
        .env("AWS_STS_REGIONAL_ENDPOINTS", "legacy")
        .env("AWS_PROFILE", "default");
    child
        .env("AWS_MAX_ATTEMPTS", "9")
        .env("AWS_RETRY_MODE", "adaptive");
    child.env("AWS_ACCESS_KEY_ID", keys::OTHER_ACCOUNT.access_key_id);
    child.env("AWS_SECRET_ACCESS_KEY", keys::OTHER_ACCOUNT.secret);
    child.env("AWS_SESSION_TOKEN", "a token");
    child
        .env("HTTPS_PROXY", format!("http://{proxy}"))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy");
    child
        .env_remove("https_proxy")
        .env_remove("ALL_PROXY")
        .env_remove("all_proxy");
    let output = child.stdin(Stdio::null()).output().await.unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );

    let requests = stage.simulator.requests();
    let keys_used: Vec<_> = requests
        .iter()
        .map(|request| request.access_key_id.as_deref())
        .collect();
    assert_eq!(keys_used, [Some(keys::GOOD.access_key_id); 2]);
    assert!(requests.iter().all(|request| request.status == Some(200)));
    // Amazon itself was asked for by its own name and region, through the machine's proxy.
    let tunnels: Vec<String> = proxied.try_iter().collect();
    assert_eq!(
        tunnels,
        [
            "CONNECT sts.us-east-1.amazonaws.com:443 HTTP/1.1",
            "CONNECT ce.us-east-1.amazonaws.com:443 HTTP/1.1",
        ]
    );
    assert_eq!(called.try_iter().collect::<Vec<_>>(), Vec::<String>::new());
}

async fn under_a_poisoned_environment(simulator: &str) {
    let (gateway, _) = gateway(simulator);
    let local = target(&keys::GOOD, at(simulator));
    let identity = gateway
        .identity(&local, Priority::Person)
        .await
        .expect("an answer");
    assert_eq!(identity.account.as_str(), keys::GOOD.account());
    probe(&gateway, &local).await.expect("an answer");
    // The proxy of this test refuses, so neither of these leaves the machine.
    let once = Settings {
        retries: RetrySettings {
            attempts: 1,
            ..Default::default()
        },
        ..Default::default()
    };
    let ledger = Arc::new(MemoryLedger::default());
    let amazon = Gateway::new(&once, ledger, chrono::Utc::now);
    let outside = target(&keys::GOOD, Endpoint::Aws);
    let error = amazon
        .identity(&outside, Priority::Person)
        .await
        .expect_err("no way out");
    assert_eq!(
        (error.attempts, error.to_domain().code),
        (1, Code::AwsNetwork)
    );
    let error = probe(&amazon, &outside).await.expect_err("no way out");
    assert_eq!(
        (error.attempts, error.to_domain().code),
        (1, Code::AwsNetwork)
    );
}

async fn probe(gateway: &Gateway, target: &Target) -> Result<(), AwsError> {
    let today = "2026-11-24".parse().expect("a day");
    gateway.probe(target, today, Priority::Person).await
}

/// The role of the process that [`the_servers_own_credentials_are_used_once_switched_on`] starts.
const WITH_CREDENTIALS: &str = "COST_TRACKER_TEST_WITH_CREDENTIALS";

/// In a process of its own, since a process can't safely change its environment.
#[tokio::test]
async fn the_servers_own_credentials_are_used_once_switched_on() {
    if let Ok(url) = std::env::var(WITH_CREDENTIALS) {
        return with_credentials(&url).await;
    }
    let stage = Stage::new().await;
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("none");
    for (id, secret) in [
        (keys::GOOD.access_key_id, keys::GOOD.secret),
        // Empty counts as absent: then there is nothing to be found.
        ("", ""),
    ] {
        let status = tokio::process::Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "the_servers_own_credentials_are_used_once_switched_on",
                "--nocapture",
            ])
            .env(WITH_CREDENTIALS, stage.simulator.endpoint_url())
            .env("AWS_ACCESS_KEY_ID", id)
            .env("AWS_SECRET_ACCESS_KEY", secret)
            .env_remove("AWS_SESSION_TOKEN")
            .env_remove("AWS_PROFILE")
            .env("AWS_CONFIG_FILE", &nowhere)
            .env("AWS_SHARED_CREDENTIALS_FILE", &nowhere)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .kill_on_drop(true)
            .status()
            .await
            .unwrap();
        assert!(status.success(), "with {id:?}");
    }
    // By its own key, and by the role it takes on with it.
    let asked: Vec<String> = stage
        .simulator
        .requests()
        .into_iter()
        .map(|request| request.operation)
        .collect();
    assert_eq!(
        asked,
        ["GetCallerIdentity", "AssumeRole", "GetCallerIdentity"]
    );
}

async fn with_credentials(url: &str) {
    let settings = Settings {
        endpoint: at(url),
        environment_credentials: true,
        ..Settings::default()
    };
    let ledger = Arc::new(MemoryLedger::default());
    let gateway = Gateway::new(&settings, ledger.clone(), chrono::Utc::now);
    let by = |credentials| Target {
        credentials,
        ..target(&keys::GOOD, at(url))
    };
    let own = by(Credentials::Environment);
    let role = by(Credentials::Role {
        source: Box::new(Credentials::Environment),
        role: RoleGrant {
            arn: roles::READER.arn.to_owned(),
            external_id: roles::EXTERNAL_ID.to_owned(),
            session_name: "cost-tracker".to_owned(),
        },
    });
    let own = gateway.identity(&own, Priority::Person).await;
    if std::env::var("AWS_ACCESS_KEY_ID").is_ok_and(|id| id.is_empty()) {
        let error = own.expect_err("nothing to find");
        assert_eq!(error.to_domain().code, Code::AwsNoCredentials);
        assert!(ledger.lines().is_empty());
        return;
    }
    assert_eq!(
        own.expect("an answer").account.as_str(),
        keys::GOOD.account()
    );
    let role = gateway.identity(&role, Priority::Person).await;
    assert!(role.expect("an answer").arn.contains("CostReader"));
    assert_eq!(ledger.lines().len(), 3);
}
