//! The key doctor over real HTTP: every state, at the price that was told.

use domain::{
    Code,
    account::COST_EXPLORER_REQUEST,
    doctor::{ActionRow, CheckState, Examination, Need, need},
    ledger::Operation,
};
use serde_json::json;
use simulator::keys::{self, KeyPair};

use crate::support::{
    browser::{Browser, Reply},
    database, eventually,
    stage::{Stage, connect, examination, examined, synced},
};

async fn examine(browser: &Browser, id: &str, what: &str) -> Reply {
    let fields = [("connection", id), ("what", what)];
    browser.call("/api/doctor/examine", &fields).await
}

fn state(found: &Examination, operation: Operation) -> Option<CheckState> {
    row(found, operation)
        .finding
        .as_ref()
        .map(|finding| finding.state)
}

fn row(found: &Examination, operation: Operation) -> &ActionRow {
    let row = found.rows.iter().find(|row| row.operation == operation);
    row.expect("every action has its row")
}

/// A connected key whose first sync and free check have ended, however they did;
/// nothing logged.
async fn connected(stage: &Stage, browser: &Browser, key: &KeyPair) -> String {
    let id = connect(browser, "Production", key).await;
    synced(browser, &id).await;
    let free = examined(browser, &id).await;
    let checked = free.rows.iter().filter(|row| row.finding.is_some());
    assert!(
        checked.count() == 5,
        "what is free is checked after connecting"
    );
    stage.simulator.clear_requests();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_granted_at_the_price_that_was_told() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connected(&stage, &browser, &keys::GOOD).await;
    let page = format!("/connections/{id}/doctor");
    let body = browser.get(&page).await.body;
    assert!(body.contains("$0.05") && body.contains("$0.12"), "{body}");
    let before = database::count(&stage.database(), "ledger").await;
    assert!(
        stage.simulator.requests().is_empty(),
        "looking asks nothing"
    );

    let begun = examine(&browser, &id, "all").await;
    assert_eq!(begun.good().location(), page);
    let found = examined(&browser, &id).await;
    for row in &found.rows {
        let finding = row.finding.as_ref().expect("checked");
        assert_eq!(finding.state, CheckState::Granted, "{row:?}");
    }
    assert_eq!(stage.cost_requests().len(), 12);
    assert_eq!(stage.simulator.requests().len(), 17);
    let lines = database::count(&stage.database(), "ledger").await - before;
    assert_eq!(lines, 17);
    let price = "SELECT CAST(SUM(price_nanos) AS BIGINT) FROM \
                 (SELECT price_nanos FROM ledger ORDER BY id DESC LIMIT 17) AS last";
    let price = database::numbers(&stage.database(), price).await[0];
    assert_eq!(price, 12 * COST_EXPLORER_REQUEST.amount.0);

    // Results are kept: looking again costs nothing.
    stage.simulator.clear_requests();
    let body = browser.get(&page).await.body;
    assert!(body.contains("17 granted"), "{body}");
    assert!(stage.simulator.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_comes_with_what_mends_it() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connected(&stage, &browser, &keys::COSTS_ONLY).await;
    examine(&browser, &id, "all").await.good();
    let found = examined(&browser, &id).await;
    assert_eq!(
        state(&found, Operation::GetCostAndUsage),
        Some(CheckState::Granted)
    );
    assert_eq!(found.count(CheckState::Denied), 16);
    let row = row(&found, Operation::GetAnomalies);
    let reason = row.finding.as_ref().unwrap().reason.as_ref().unwrap();
    assert!(reason.message.contains("ce:GetAnomalies"));
    let policy: serde_json::Value = serde_json::from_str(reason.policy.as_ref().unwrap()).unwrap();
    assert_eq!(policy["Statement"][0]["Action"], json!(["ce:GetAnomalies"]));
    let combined: serde_json::Value =
        serde_json::from_str(&found.mending_policy().unwrap()).unwrap();
    let actions: usize = combined["Statement"]
        .as_array()
        .unwrap()
        .iter()
        .map(|statement| statement["Action"].as_array().unwrap().len())
        .sum();
    assert_eq!(actions, 16);
    let body = browser.get(&format!("/connections/{id}/doctor")).await.body;
    for part in [
        "One policy that mends it",
        "1 granted · 16 denied",
        "Without it: ",
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }
    // One action alone is checked again at its own price.
    stage.simulator.clear_requests();
    examine(&browser, &id, "ce:GetAnomalies").await.good();
    examined(&browser, &id).await;
    assert_eq!(stage.simulator.requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn denials_of_every_kind_and_what_is_not_a_denial() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connected(&stage, &browser, &keys::GOOD).await;
    let checked = async |faults: serde_json::Value| {
        stage.fault(json!({"service": "ce", "fail_next": faults}));
        examine(&browser, &id, "ce:GetTags").await.good();
        let found = examined(&browser, &id).await;
        stage.simulator.clear_faults();
        row(&found, Operation::GetTags).finding.clone().unwrap()
    };
    let refusal = |status: u16, code: &str, message: &str| json!([{"status": status, "code": code, "message": message}]);
    let denied = "AccessDeniedException";
    for (fault, state, code) in [
        (
            refusal(
                400,
                denied,
                "User: x is not authorized to perform: ce:GetTags",
            ),
            CheckState::Denied,
            Code::AwsDenied,
        ),
        (
            refusal(
                400,
                denied,
                "… with an explicit deny in an identity-based policy",
            ),
            CheckState::Denied,
            Code::AwsDenied,
        ),
        (
            refusal(
                400,
                denied,
                "… with an explicit deny in a service control policy: x",
            ),
            CheckState::Denied,
            Code::AwsDeniedByOrganization,
        ),
        (
            refusal(
                400,
                denied,
                "Linked account doesn't have access to cost explorer.",
            ),
            CheckState::Denied,
            Code::AwsCutOffByPayer,
        ),
        (
            refusal(400, denied, "User not enabled for cost explorer access"),
            CheckState::NotEnabled,
            Code::AwsNotEnabled,
        ),
        (
            refusal(400, "ValidationException", "No."),
            CheckState::Unknown,
            Code::AwsRefused,
        ),
    ] {
        let finding = checked(fault.clone()).await;
        let reason = finding.reason.expect("a reason");
        assert_eq!((finding.state, reason.code), (state, code), "{fault}");
        assert!(!reason.advice.is_empty());
        // A policy to attach only where one is missing.
        let missing = fault[0]["message"]
            .as_str()
            .unwrap()
            .contains("not authorized");
        assert_eq!(reason.policy.is_some(), missing, "{fault}");
    }
    // AWS has nothing to tell: the question was let in.
    let nothing = checked(refusal(400, "DataUnavailableException", "No data.")).await;
    assert_eq!((nothing.state, nothing.reason), (CheckState::Granted, None));
    // Our own retries are counted: what AWS throttles costs more than one cent.
    let before = database::count(&stage.database(), "ledger").await;
    assert_eq!(checked(json!([])).await.state, CheckState::Granted);
    stage.simulator.clear_requests();
    stage.fault(json!({"service": "ce", "throttle_percent": 100}));
    examine(&browser, &id, "ce:GetTags").await.good();
    let found = examined(&browser, &id).await;
    assert_eq!(
        state(&found, Operation::GetTags),
        Some(CheckState::Throttled)
    );
    let attempts = i64::try_from(stage.cost_requests().len()).unwrap();
    assert!(attempts > 1);
    let lines = database::count(&stage.database(), "ledger").await - before;
    assert_eq!(lines, attempts + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_free_part_is_free_and_needs_no_cap() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connected(&stage, &browser, &keys::GOOD).await;
    let cap = [("connection", &*id), ("cap", "0")];
    browser.call("/api/spending/set_cap", &cap).await.good();
    let error = examine(&browser, &id, "minimal").await.error();
    assert_eq!(error.code, Code::CapReached);
    assert!(error.advice.contains("$0.05"), "{}", error.advice);
    assert!(stage.simulator.requests().is_empty());
    examine(&browser, &id, "free").await.good();
    let found = examined(&browser, &id).await;
    assert!(stage.cost_requests().is_empty());
    assert_eq!(found.count(CheckState::Granted), 5);
    // The person's word lets the rest through.
    let fields = [
        ("connection", &*id),
        ("what", "minimal"),
        ("beyond_cap", "true"),
    ];
    browser.call("/api/doctor/examine", &fields).await.good();
    let found = examined(&browser, &id).await;
    for row in found.rows {
        if need(row.operation) == Need::Minimal {
            assert_eq!(row.finding.unwrap().state, CheckState::Granted);
        }
    }
    assert_eq!(stage.cost_requests().len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_is_one_at_a_time_and_survives_a_kill() {
    let mut stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connected(&stage, &browser, &keys::GOOD).await;
    stage.fault(json!({"service": "ce", "fail_next": ["ok", "ok", "hang"]}));
    examine(&browser, &id, "minimal").await.good();
    eventually("the third action hangs", || {
        let hangs = stage.cost_requests().len() == 3;
        async move { hangs.then_some(()) }
    })
    .await;
    assert_eq!(
        examine(&browser, &id, "free").await.code(),
        Code::Busy,
        "one at a time"
    );
    let page = format!("/connections/{id}/doctor");
    let body = browser.get(&page).await.body;
    assert!(body.contains("reloads every three seconds"), "{body}");
    assert!(stage.server.stop().await.success());
    stage.start_again().await;
    let again = stage.administrator_again().await;
    let found = examination(&again, &id).await;
    // Five were checked after connecting.
    assert_eq!(found.count(CheckState::Granted), 5 + 2, "what came is kept");
    // Between texts, the page has marks for scripts.
    let body = again.get(&page).await.body.replace("<!>", "");
    assert!(body.contains("was cut off after 2 of 9 actions"), "{body}");
    examine(&again, &id, "minimal").await.good();
    assert_eq!(examined(&again, &id).await.count(CheckState::Granted), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_keys_findings_are_not_this_ones() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connected(&stage, &browser, &keys::COSTS_ONLY).await;
    examine(&browser, &id, "free").await.good();
    assert_eq!(examined(&browser, &id).await.count(CheckState::Denied), 5);
    let mut fields = vec![("connection", &*id)];
    fields.extend(crate::support::stage::key_fields(&keys::GOOD));
    browser
        .call("/api/connections/replace_key", &fields)
        .await
        .good();
    let found = examination(&browser, &id).await;
    assert!(found.rows.iter().all(|row| row.finding.is_none()));
    assert_eq!(examine(&browser, &id, "").await.code(), Code::Invalid);
    assert_eq!(
        examine(&browser, &id, "ec2:TerminateInstances")
            .await
            .code(),
        Code::Invalid
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_account_is_examined_for_nothing() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let sample = browser.call("/api/connections/create_sample", &[]).await;
    let id = sample.connection();
    examined(&browser, &id).await;
    examine(&browser, &id, "all").await.good();
    let found = examined(&browser, &id).await;
    assert_eq!(found.count(CheckState::Granted), 17);
    assert!(stage.simulator.requests().is_empty());
    let body = browser.get(&format!("/connections/{id}/doctor")).await.body;
    assert!(body.contains("costs nothing"), "{body}");
}
