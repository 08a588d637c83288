//! Connections to AWS accounts, from the first to the last day of their lives.

use domain::{Code, account::Connection, metric::Metric, report::DayState};
use reqwest::StatusCode;
use serde_json::json;
use simulator::keys::{self, KeyPair};

use crate::{
    jobs::until,
    support::{
        browser::{Browser, Reply},
        database, eventually,
        stage::{Stage, Visitor, connect, key_fields, overview, settled, synced, try_connect},
    },
};

async fn list(browser: &Browser) -> Vec<Connection> {
    browser.ask("/api/connections/list", &[]).await
}

async fn get(browser: &Browser, id: &str) -> Connection {
    browser
        .ask("/api/connections/get", &[("connection", id)])
        .await
}

async fn replace(browser: &Browser, id: &str, key: &KeyPair) -> Reply {
    let mut fields = vec![("connection", id)];
    fields.extend(key_fields(key));
    browser.call("/api/connections/replace_key", &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_aws_account_is_connected_once_by_a_person() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "First", &keys::GOOD).await;
    settled(&browser, &id).await;
    let paid = stage.cost_requests().len();
    for key in [&keys::GOOD, &keys::GOOD_SECOND, &keys::TEMPORARY] {
        let error = try_connect(&browser, "Second", key).await.error();
        assert_eq!(error.code, Code::Conflict);
        assert_eq!(error.link.unwrap(), format!("/connections/{id}"));
    }
    assert_eq!(
        stage.cost_requests().len(),
        paid,
        "found out by the free question"
    );
    // Not even at the same moment.
    let race: Vec<_> = (0..4)
        .map(|_| {
            let browser = browser.clone();
            tokio::spawn(async move { try_connect(&browser, "Race", &keys::OTHER_ACCOUNT).await })
        })
        .collect();
    let mut made = 0;
    for one in race {
        let reply = one.await.unwrap();
        if reply.status.is_success() {
            made += 1;
        } else {
            assert_eq!(reply.code(), Code::Conflict);
        }
    }
    assert_eq!((made, list(&browser).await.len()), (1, 2));
    // Another person may connect the same account.
    let bob = stage.member("bob@example.com").await;
    connect(&bob, "Bob's", &keys::GOOD).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_replaced_by_one_of_the_same_account_only() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Production", &keys::GOOD).await;
    settled(&browser, &id).await;
    let before = overview(&browser, &id, Metric::Unblended)
        .await
        .costs
        .month_to_date;

    let error = replace(&browser, &id, &keys::OTHER_ACCOUNT).await.error();
    assert_eq!(
        (error.code, error.field.as_deref()),
        (Code::Invalid, Some("access_key_id"))
    );
    for account in [keys::OTHER_ACCOUNT.account(), keys::GOOD.account()] {
        assert!(error.message.contains(account), "{}", error.message);
    }
    assert_eq!(
        replace(&browser, &id, &keys::EXPIRED).await.code(),
        Code::AwsExpiredToken
    );
    assert_eq!(
        replace(&browser, &id, &keys::NO_PERMISSION).await.code(),
        Code::AwsDenied
    );
    let kept = get(&browser, &id).await;
    assert_eq!((&*kept.key_hint, &*kept.arn), ("AKIA…D001", keys::GOOD.arn));

    stage.simulator.clear_requests();
    let replaced = replace(&browser, &id, &keys::GOOD_SECOND).await;
    assert_eq!(
        replaced.good().location(),
        format!("/connections/{id}?saved=key")
    );
    let now = get(&browser, &id).await;
    assert_eq!(
        (&*now.key_hint, &*now.arn),
        ("AKIA…D002", keys::GOOD_SECOND.arn)
    );
    synced(&browser, &id).await;
    browser
        .call("/api/costs/refresh", &[("connection", &*id)])
        .await
        .good();
    synced(&browser, &id).await;
    let second = Some(keys::GOOD_SECOND.access_key_id.to_owned());
    assert!(
        stage
            .simulator
            .requests()
            .iter()
            .all(|request| request.access_key_id == second)
    );
    let after = overview(&browser, &id, Metric::Unblended)
        .await
        .costs
        .month_to_date;
    assert_eq!(after, before, "the costs stay");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_goes_on_with_the_key_that_was_put_in_place_meanwhile() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    stage.fault(json!({"service": "ce", "latency_ms": 300}));
    let id = connect(&browser, "Production", &keys::GOOD).await;
    until(&browser, &id, |state| state.days_done > 0).await;
    replace(&browser, &id, &keys::GOOD_SECOND).await.good();
    // The old one is no more.
    let expired = json!({"status": 400, "code": "ExpiredTokenException", "message": "Expired."});
    let key = keys::GOOD.access_key_id;
    stage.fault(json!({"service": "ce", "access_key_id": key, "fail_next": [expired]}));
    let done = synced(&browser, &id).await;
    assert_eq!((done.error, done.days_done), (None, done.days_total));
    let requests = stage.cost_requests().into_iter();
    let second = Some(keys::GOOD_SECOND.access_key_id);
    let theirs = requests.filter(|one| one.access_key_id.as_deref() == second);
    // One proved it.
    assert!(theirs.count() > 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_renamed_and_deleted_with_its_costs() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Old name", &keys::GOOD).await;
    let kept = connect(&browser, "Kept", &keys::OTHER_ACCOUNT).await;
    let renamed = [("connection", &*id), ("name", "New name")];
    browser
        .call("/api/connections/rename", &renamed)
        .await
        .good();
    let page = browser.get("/connections").await;
    assert!(page.body.contains("New name") && !page.body.contains("Old name"));
    let nameless = [("connection", &*id), ("name", " ")];
    assert_eq!(
        browser
            .call("/api/connections/rename", &nameless)
            .await
            .code(),
        Code::Invalid
    );

    settled(&browser, &kept).await;
    settled(&browser, &id).await;
    let url = stage.database();
    let rows = |table: &str, id: &str| {
        let cubes = format!("SELECT id FROM cubes WHERE connection_id = '{id}'");
        match table {
            "cube_days" | "cube_series" | "cost_history" => {
                format!("{table} WHERE cube_id IN ({cubes})")
            }
            _ => format!("{table} WHERE connection_id = '{id}'"),
        }
    };
    let tables = [
        "cubes",
        "cube_keys",
        "cube_days",
        "cube_series",
        "cost_history",
        "jobs",
        "linked_accounts",
    ];
    for table in tables {
        assert!(
            database::count(&url, &rows(table, &id)).await > 0,
            "{table}"
        );
    }
    let days = database::count(&url, "daily_costs").await;
    let spent = database::count(&url, "ledger").await;
    let deleted = browser
        .call("/api/connections/delete", &[("connection", &*id)])
        .await;
    assert_eq!(deleted.good().location(), "/connections?deleted=connection");
    let left = "daily_costs WHERE series_id NOT IN (SELECT id FROM cube_series)";
    assert_eq!(database::count(&url, left).await, 0);
    assert!(database::count(&url, "daily_costs").await < days);
    for table in tables {
        assert_eq!(database::count(&url, &rows(table, &id)).await, 0, "{table}");
        assert!(
            database::count(&url, &rows(table, &kept)).await > 0,
            "{table}"
        );
    }
    assert_eq!(
        database::count(&url, "ledger").await,
        spent,
        "what was spent stays known"
    );
    let gone = [("connection", &*id), ("metric", "unblended")];
    assert_eq!(
        browser.call("/api/costs/overview", &gone).await.code(),
        Code::NotFound
    );
    assert_eq!(
        browser.get(&format!("/connections/{id}")).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(list(&browser).await.len(), 1);
    // And it can come back.
    connect(&browser, "Again", &keys::GOOD).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_in_the_middle_of_a_sync_leaves_nothing_and_asks_nothing_more() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    stage.fault(json!({"service": "ce", "fail_next": ["ok", "ok", "hang"]}));
    let id = connect(&browser, "Short-lived", &keys::GOOD).await;
    eventually("the sync hangs", || {
        let hangs = stage.cost_requests().len() == 3;
        async move { hangs.then_some(()) }
    })
    .await;
    browser
        .call("/api/connections/delete", &[("connection", &*id)])
        .await
        .good();
    for table in ["cubes", "cube_keys", "daily_costs", "monthly_costs", "jobs"] {
        assert_eq!(
            database::count(&stage.database(), table).await,
            0,
            "{table}"
        );
    }
    // The same account again, in the same queue: nothing of the first one stands in it.
    let again = connect(&browser, "Again", &keys::GOOD).await;
    synced(&browser, &again).await;
    let asked = stage.cost_requests().len();
    let second = usize::try_from(get(&browser, &again).await.sync.requests).unwrap();
    assert_eq!(asked, 3 + 1 + second);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_brand_new_account_connects_and_has_no_costs_yet() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "New", &keys::BRAND_NEW).await;
    let sync = synced(&browser, &id).await;
    assert!(sync.error.is_none(), "{:?}", sync.error);
    let overview = overview(&browser, &id, Metric::Unblended).await;
    assert!(overview.costs.chart.series.is_empty());
    assert!(
        overview
            .costs
            .chart
            .days
            .iter()
            .all(|one| one.state != DayState::Missing)
    );
    let page = browser.get("/").await;
    assert!(
        page.body.contains("no costs for this account"),
        "{}",
        page.body
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_account_never_asks_the_aws_outside_and_can_be_switched_off() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    assert!(
        browser
            .get("/connect")
            .await
            .body
            .contains("Use the sample account")
    );
    let reply = browser.call("/api/connections/create_sample", &[]).await;
    let id = reply.connection();
    assert_eq!(reply.location(), format!("/?connection={id}"));
    synced(&browser, &id).await;
    let sample = overview(&browser, &id, Metric::Unblended).await;
    assert!(sample.sample && sample.costs.month_to_date.total.unwrap().amount.0 > 0);
    assert!(stage.simulator.requests().is_empty());

    let stage = Stage::with_arguments(&["--sample-account", "off"]).await;
    let browser = stage.administrator().await;
    let visitor: Visitor = browser.ask("/api/session/me", &[]).await;
    assert!(!visitor.sample_account);
    assert!(
        !browser
            .get("/connect")
            .await
            .body
            .contains("Use the sample account")
    );
    let error = browser
        .call("/api/connections/create_sample", &[])
        .await
        .error();
    assert_eq!(error.code, Code::NotAllowed);
    // Keys of one's own work as ever.
    connect(&browser, "Mine", &keys::GOOD).await;
}
