//! Temporary keys: their end is kept, told in time, and burns no request.

use chrono::{TimeDelta, Utc};
use domain::{Code, account::Connection, draft::RoleDraft};
use simulator::{
    keys::{self, KeyPair},
    roles::OTHER_READER,
};

use crate::support::{
    browser::{Browser, Reply},
    database,
    stage::{Stage, connect, key_fields, synced},
};

async fn get(browser: &Browser, id: &str) -> Connection {
    let fields = [("connection", id)];
    browser.ask("/api/connections/get", &fields).await
}

async fn connect_until(browser: &Browser, key: &KeyPair, ends: &str, ends_at: &str) -> Reply {
    let mut fields = vec![("name", "Temporary"), ("ends", ends), ("ends_at", ends_at)];
    fields.extend(key_fields(key));
    browser.call("/api/connections/create", &fields).await
}

async fn refresh(browser: &Browser, id: &str) {
    let fields = [("connection", id)];
    browser.call("/api/costs/refresh", &fields).await.good();
}

async fn replace(browser: &Browser, id: &str, key: &KeyPair, ends: &str) -> Reply {
    let mut fields = vec![("connection", id), ("ends", ends)];
    fields.extend(key_fields(key));
    browser.call("/api/connections/replace_key", &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_key_is_kept_and_told_in_time() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    for (ends, at) in [
        ("at", ""),
        ("at", "2020-01-01T00:00"),
        ("at", "2999-01-01T00:00"),
        ("9h", ""),
    ] {
        let error = connect_until(&browser, &keys::TEMPORARY, ends, at)
            .await
            .error();
        assert_eq!(error.field.as_deref(), Some("ends_at"), "{ends} {at}");
    }
    assert!(stage.simulator.requests().is_empty());

    let id = connect_until(&browser, &keys::TEMPORARY, "8h", "")
        .await
        .connection();
    let end = get(&browser, &id).await.key_end.unwrap();
    assert!((479..=480).contains(&end.minutes_left), "{end:?}");
    let page = browser.get(&format!("/connections/{id}")).await.body;
    assert!(page.contains("In 8 h, on "), "{page}");
    assert!(!page.contains("Enter a new key"));

    // Near its end every page that shows the costs asks for another.
    let soon = Utc::now() + TimeDelta::minutes(40);
    let at = soon.format("%Y-%m-%dT%H:%M").to_string();
    let mut fields = vec![("connection", &*id), ("ends", "at"), ("ends_at", &*at)];
    fields.extend(key_fields(&keys::TEMPORARY));
    browser
        .call("/api/connections/replace_key", &fields)
        .await
        .good();
    synced(&browser, &id).await;
    let link = format!("href=\"/connections/{id}#replace\"");
    for path in ["/".to_owned(), format!("/connections/{id}")] {
        let page = browser.get(&path).await.body;
        assert!(page.contains("The temporary key expires in"), "{page}");
        assert!(page.contains(&link), "{page}");
    }
    assert!(
        browser
            .get("/connections")
            .await
            .body
            .contains("The key expires in")
    );

    // A lasting key has no end, whatever was chosen.
    replace(&browser, &id, &keys::GOOD, "1h").await.good();
    assert_eq!(get(&browser, &id).await.key_end, None);
    assert!(!browser.get("/").await.body.contains("expires in"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_has_ended_burns_no_request_and_a_new_one_goes_on() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect_until(&browser, &keys::TEMPORARY, "1h", "")
        .await
        .connection();
    synced(&browser, &id).await;
    // As if the hour were over.
    let url = stage.database();
    let past = "UPDATE connections SET key_ends_at = '2026-01-01 00:00:00+00:00'";
    database::run(&url, past).await;
    stage.simulator.clear_requests();
    refresh(&browser, &id).await;
    let error = synced(&browser, &id).await.error.unwrap();
    assert_eq!(error.code, Code::AwsExpiredToken);
    assert!(error.message.contains("“Temporary”"), "{}", error.message);
    assert_eq!(error.link.unwrap(), format!("/connections/{id}#replace"));
    assert!(stage.simulator.requests().is_empty());
    let page = browser.get("/").await.body;
    assert!(page.contains("has expired"), "{page}");

    replace(&browser, &id, &keys::SHORT_LIVED, "").await.good();
    let sync = synced(&browser, &id).await;
    assert!(sync.error.is_none(), "{:?}", sync.error);
    let shown = get(&browser, &id).await;
    assert!(shown.temporary && shown.key_end.is_none());
    let page = browser.get(&format!("/connections/{id}")).await.body;
    assert!(page.contains("Nobody said when"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_aws_calls_expired_is_asked_once() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Temporary", &keys::TEMPORARY).await;
    synced(&browser, &id).await;
    let ended = Utc::now() - TimeDelta::minutes(1);
    let known = stage
        .simulator
        .expire(keys::TEMPORARY.access_key_id, Some(ended));
    assert!(known);
    stage.simulator.clear_requests();
    for _ in 0..3 {
        refresh(&browser, &id).await;
        let error = synced(&browser, &id).await.error.unwrap();
        assert_eq!(error.code, Code::AwsExpiredToken);
        assert_eq!(error.link.unwrap(), format!("/connections/{id}#replace"));
    }
    assert_eq!(stage.simulator.requests().len(), 1);
    assert!(get(&browser, &id).await.key_end.unwrap().past);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_asks_for_the_key_that_takes_it_on() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let main = connect_until(&browser, &keys::TEMPORARY, "1h", "")
        .await
        .connection();
    let begin = [("name", "By role"), ("source", &*main)];
    let begun = browser.call("/api/roles/begin", &begin).await.connection();
    let draft: RoleDraft = browser.ask("/api/roles/draft", &[("draft", &*begun)]).await;
    assert!(draft.key_end.unwrap().is_soon());
    stage
        .simulator
        .trust(Some(&OTHER_READER), draft.external_id.as_str());
    let finish = [("draft", &*begun), ("role_arn", OTHER_READER.arn)];
    let id = browser
        .call("/api/roles/finish", &finish)
        .await
        .connection();
    for one in [&main, &id] {
        synced(&browser, one).await;
    }
    assert!(get(&browser, &id).await.key_end.unwrap().is_soon());
    let past = "UPDATE connections SET key_ends_at = '2026-01-01 00:00:00+00:00' \
                WHERE key_ends_at IS NOT NULL";
    database::run(&stage.database(), past).await;
    stage.simulator.clear_requests();
    refresh(&browser, &id).await;
    let error = synced(&browser, &id).await.error.unwrap();
    // The key to replace is the other connection's.
    assert_eq!(error.link.unwrap(), format!("/connections/{main}#replace"));
    assert!(stage.simulator.requests().is_empty());
    let begun = browser.call("/api/roles/begin", &begin).await;
    assert_eq!(begun.code(), Code::AwsExpiredToken);
    assert!(stage.simulator.requests().is_empty());

    replace(&browser, &main, &keys::SHORT_LIVED, "12h")
        .await
        .good();
    refresh(&browser, &id).await;
    assert!(synced(&browser, &id).await.error.is_none());
    assert!(!get(&browser, &id).await.key_end.unwrap().is_soon());
}
