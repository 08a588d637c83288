//! The server's own credentials: for administrators, where they are switched on.

use domain::{
    Code,
    account::{Connection, ConnectionKind},
    draft::RoleDraft,
    role::RoleSource,
    ways::{AwsIdentity, Ways},
};
use simulator::{
    keys::{self, KeyPair},
    roles::OTHER_READER,
};

use crate::support::{
    browser::Browser,
    stage::{Setup, Stage, synced},
};

const SWITCH: &str = "COST_TRACKER_ENVIRONMENT_CREDENTIALS";
const ON_THE_PAGE: &str = "This server’s credentials";

/// A server with a key in its environment.
fn setup(switch: Option<&str>, key: &KeyPair) -> Setup {
    let mut variables = vec![
        ("AWS_ACCESS_KEY_ID", key.access_key_id),
        ("AWS_SECRET_ACCESS_KEY", key.secret),
        // Never asked for what the variables have.
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ];
    variables.extend(switch.map(|switch| (SWITCH, switch)));
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    Setup {
        variables: variables.into_iter().map(owned).collect(),
        ..Setup::default()
    }
}

async fn ways(browser: &Browser) -> Ways {
    browser.ask("/api/roles/ways", &[]).await
}

/// Everything that the credentials could be got at by.
async fn offers_nothing(browser: &Browser) {
    assert_eq!(ways(browser).await.environment, None);
    for path in ["/connect", "/connect?way=role", "/connect?way=server"] {
        let page = browser.get(path).await.body;
        assert!(!page.contains(ON_THE_PAGE), "{path}");
        assert!(!page.contains("own credentials"), "{path}");
    }
    let named = [("name", "Mine now")];
    let role = [("name", "Mine now"), ("source", "server")];
    for (path, fields) in [
        ("/api/environment/look", &[][..]),
        ("/api/environment/connect", &named[..]),
        ("/api/roles/begin", &role[..]),
    ] {
        let error = browser.call(path, fields).await.error();
        assert_eq!(error.code, Code::NotAllowed, "{path}");
        assert_eq!(error.message, "There is no such way to connect here.");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn they_are_switched_off_unless_the_operator_says_so() {
    for switch in [None, Some("off")] {
        let stage = Stage::with(setup(switch, &keys::GOOD)).await;
        offers_nothing(&stage.administrator().await).await;
        assert!(stage.simulator.requests().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_see_whose_they_are_and_connect_and_nobody_else_does() {
    let mut stage = Stage::with(setup(Some("on"), &keys::GOOD)).await;
    let browser = stage.administrator().await;
    let bob = stage.member("bob@example.com").await;
    offers_nothing(&bob).await;

    let page = browser.get("/connect?way=server").await.body;
    assert!(page.contains(ON_THE_PAGE) && page.contains("These aren’t yours"));
    assert!(!page.contains(keys::GOOD.arn));
    assert!(
        stage.simulator.requests().is_empty(),
        "looking asks nothing"
    );
    let identity: AwsIdentity = browser.ask("/api/environment/look", &[]).await;
    assert_eq!(identity.arn, keys::GOOD.arn);
    let known = ways(&browser).await.environment.unwrap();
    assert_eq!(known.identity.as_ref(), Some(&identity));
    // Without scripts the answer is on the page that one comes back to.
    let page = browser.get("/connect?way=server").await.body;
    assert!(page.contains(keys::GOOD.arn), "{page}");
    assert!(page.contains("Connect with them"));
    assert!(stage.cost_requests().is_empty());
    offers_nothing(&bob).await;

    let named = [("name", "Ours")];
    let made = browser.call("/api/environment/connect", &named).await;
    let id = made.connection();
    assert!(synced(&browser, &id).await.error.is_none());
    let get = [("connection", &*id)];
    let shown: Connection = browser.ask("/api/connections/get", &get).await;
    assert_eq!(shown.kind, ConnectionKind::Environment);
    assert_eq!((&*shown.key_hint, &*shown.arn), ("", keys::GOOD.arn));
    let second = browser.call("/api/environment/connect", &named).await;
    assert_eq!(second.code(), Code::Conflict);
    let renewed = browser.call("/api/environment/renew", &get).await;
    assert!(renewed.good().location().ends_with("?saved=server"));
    synced(&browser, &id).await;

    // They can take a role on, too.
    let begin = [("name", "By role"), ("source", "server")];
    let begun = browser.call("/api/roles/begin", &begin).await.connection();
    let draft: RoleDraft = browser.ask("/api/roles/draft", &[("draft", &*begun)]).await;
    assert_eq!(draft.source, RoleSource::Environment);
    assert_eq!(draft.source_arn, keys::GOOD.arn);
    stage
        .simulator
        .trust(Some(&OTHER_READER), draft.external_id.as_str());
    let finish = [("draft", &*begun), ("role_arn", OTHER_READER.arn)];
    let role = browser
        .call("/api/roles/finish", &finish)
        .await
        .connection();
    assert!(synced(&browser, &role).await.error.is_none());

    // Switched off again: nothing of it works any more, and says why.
    assert!(stage.server.stop().await.success());
    let mut options = stage.options();
    options.variables.retain(|(name, _)| name != SWITCH);
    stage.server = crate::support::process::Server::start(&options).await;
    let browser = stage.administrator_again().await;
    offers_nothing(&browser).await;
    stage.simulator.clear_requests();
    for one in [&id, &role] {
        let fields = [("connection", &**one)];
        browser.call("/api/costs/refresh", &fields).await.good();
        let error = synced(&browser, one).await.error.unwrap();
        assert_eq!(error.code, Code::NotAllowed, "{error:?}");
        assert!(error.message.contains("switched off"), "{}", error.message);
    }
    assert!(stage.simulator.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_of_another_account_do_not_take_a_connection_over() {
    let mut stage = Stage::with(setup(Some("on"), &keys::GOOD)).await;
    let browser = stage.administrator().await;
    let named = [("name", "Ours")];
    let made = browser.call("/api/environment/connect", &named).await;
    let id = made.connection();
    synced(&browser, &id).await;
    assert!(stage.server.stop().await.success());
    let mut options = stage.options();
    let other = &keys::OTHER_ACCOUNT;
    for (name, value) in &mut options.variables {
        match name.as_str() {
            "AWS_ACCESS_KEY_ID" => *value = other.access_key_id.to_owned(),
            "AWS_SECRET_ACCESS_KEY" => *value = other.secret.to_owned(),
            _ => {}
        }
    }
    stage.server = crate::support::process::Server::start(&options).await;
    let browser = stage.administrator_again().await;
    let get = [("connection", &*id)];
    let error = browser.call("/api/environment/renew", &get).await.error();
    assert_eq!(error.code, Code::Conflict);
    assert!(error.message.contains(other.account()), "{}", error.message);
    // Nor do its costs get among these.
    stage.simulator.clear_requests();
    browser.call("/api/costs/refresh", &get).await.good();
    let told = synced(&browser, &id).await.error.unwrap();
    assert_eq!((told.code, told.message), (error.code, error.message));
    assert!(stage.cost_requests().is_empty());
}
