//! A key is proved with AWS before it is kept: what is asked, what is refused and
//! what is said about it.

use domain::{
    Code,
    account::{Connection, ConnectionKind},
};
use serde_json::{Value, json};
use simulator::keys::{self, Grant};

use crate::support::{
    browser::Browser,
    database,
    stage::{Stage, connect, key_fields, synced, try_connect},
};

const CREATE: &str = "/api/connections/create";

async fn get(browser: &Browser, id: &str) -> Connection {
    let fields = [("connection", id)];
    browser.ask("/api/connections/get", &fields).await
}

/// An error that says what to do, without repeating the key.
async fn refused(browser: &Browser, id: &str, secret: &str, token: Option<&str>) -> domain::Error {
    let mut fields = vec![
        ("name", "Refused"),
        ("access_key_id", id),
        ("secret", secret),
    ];
    fields.extend(token.map(|token| ("session_token", token)));
    let reply = browser.call(CREATE, &fields).await;
    assert!(!reply.body.contains(secret));
    assert!(token.is_none_or(|token| !reply.body.contains(token)));
    let error = reply.error();
    assert!(
        error.message.len() > 20 && error.advice.len() > 20,
        "{error:?}"
    );
    let kept: Vec<Connection> = browser.ask("/api/connections/list", &[]).await;
    assert!(kept.is_empty());
    error
}

#[tokio::test(flavor = "multi_thread")]
async fn each_thing_that_can_be_wrong_with_a_key_is_told_apart() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let good = &keys::GOOD;
    let other_secret = "SimulatorOnly/NotARealSecret+Wrong000001";
    let temporary = &keys::TEMPORARY;
    let expired = &keys::EXPIRED;
    for (id, secret, token, code) in [
        (
            "AKIASIMULATORUNKNOWN",
            other_secret,
            None,
            Code::AwsUnknownKey,
        ),
        (good.access_key_id, other_secret, None, Code::AwsWrongSecret),
        (
            expired.access_key_id,
            expired.secret,
            expired.session_token,
            Code::AwsExpiredToken,
        ),
        (
            temporary.access_key_id,
            temporary.secret,
            None,
            Code::AwsUnknownKey,
        ),
        (
            temporary.access_key_id,
            temporary.secret,
            expired.session_token,
            Code::AwsUnknownKey,
        ),
    ] {
        let error = refused(&browser, id, secret, token).await;
        assert_eq!(error.code, code, "{id}");
        assert_eq!(error.policy, None);
    }
    // None of it was paid for: the free question comes first.
    assert!(stage.cost_requests().is_empty());

    let not_enabled = &keys::NOT_ENABLED;
    let error = refused(
        &browser,
        not_enabled.access_key_id,
        not_enabled.secret,
        None,
    )
    .await;
    assert_eq!(error.code, Code::AwsNotEnabled);
    for denied in [&keys::NO_PERMISSION, &keys::WITHOUT_COSTS] {
        let error = refused(&browser, denied.access_key_id, denied.secret, None).await;
        assert_eq!(error.code, Code::AwsDenied);
        assert!(
            error.message.contains("ce:GetCostAndUsage"),
            "{}",
            error.message
        );
        let policy: Value = serde_json::from_str(&error.policy.unwrap()).unwrap();
        assert_eq!(
            policy["Statement"][0]["Action"],
            json!(["ce:GetCostAndUsage"])
        );
    }
    // Asked once each: what is refused isn't asked again.
    assert_eq!(stage.cost_requests().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_that_can_not_be_a_key_never_reach_aws() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let (id, secret) = (keys::GOOD.access_key_id, keys::GOOD.secret);
    let long = "x".repeat(81);
    for (name, id, secret, field) in [
        ("", id, secret, "name"),
        (" ", id, secret, "name"),
        (&*long, id, secret, "name"),
        ("A\nB", id, secret, "name"),
        ("A", "", secret, "access_key_id"),
        ("A", "AKIA and more", secret, "access_key_id"),
        ("A", id, "", "secret"),
        ("A", id, "with\nlines", "secret"),
    ] {
        let fields = [("name", name), ("access_key_id", id), ("secret", secret)];
        let error = browser.call(CREATE, &fields).await.error();
        assert_eq!(
            (error.code, error.field.as_deref()),
            (Code::Invalid, Some(field))
        );
    }
    // Without a field at all, it isn't our form.
    let reply = browser
        .call(CREATE, &[("name", "A"), ("secret", secret)])
        .await;
    assert!(
        !reply.status.is_success() && !reply.body.contains(secret),
        "{}",
        reply.body
    );
    assert!(stage.simulator.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_passes_is_tried_again_and_what_stays_is_told() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let throttled = json!({"service": "ce", "fail_next": ["throttle", "500", "reset"]});
    stage.fault(throttled);
    let id = connect(&browser, "Patient", &keys::GOOD).await;
    let sync = synced(&browser, &id).await;
    assert!(sync.error.is_none() && sync.finished_at.is_some());
    // Every attempt was paid for and is written down.
    let asked = stage.cost_requests().len();
    let lines = "ledger WHERE operation LIKE 'ce:%' AND price_nanos = 10000000";
    assert_eq!(
        database::count(&stage.database(), lines).await,
        i64::try_from(asked).unwrap()
    );
    assert_eq!(usize::try_from(sync.requests).unwrap() + 4, asked);
    browser
        .call("/api/connections/delete", &[("connection", &*id)])
        .await
        .good();

    stage.simulator.clear_faults();
    assert_eq!(keys::THROTTLED.grant, Grant::Throttled);
    let key = &keys::THROTTLED;
    let error = refused(&browser, key.access_key_id, key.secret, None).await;
    assert_eq!(error.code, Code::AwsThrottled);

    for (fault, code) in [
        (
            json!({"status": 400, "code": "DataUnavailableException"}),
            Code::AwsNoData,
        ),
        (json!("wrong_types"), Code::AwsUnreadable),
        (
            json!({"status": 403, "code": "AccessDeniedException", "message": "User: arn:aws:iam::1:user/x is not authorized to perform: ce:GetCostAndUsage with an explicit deny in a service control policy"}),
            Code::AwsDeniedByOrganization,
        ),
        (
            json!({"status": 403, "code": "RequestTimeTooSkewed"}),
            Code::AwsClock,
        ),
    ] {
        stage.fault(json!({"service": "ce", "fail_next": [fault]}));
        let reply = try_connect(&browser, "Odd", &keys::GOOD).await;
        if code == Code::AwsNoData {
            // Cost Explorer is there, it only has nothing yet.
            let id = reply.connection();
            browser
                .call("/api/connections/delete", &[("connection", &*id)])
                .await
                .good();
        } else {
            assert_eq!(reply.code(), code, "{fault}");
            // What AWS writes stays at AWS's door.
            assert!(!reply.body.contains("arn:aws:iam::1:user/x"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_aws_that_can_not_be_reached_is_said_to_be_so() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    stage.fault(json!({"fail_next": vec!["reset"; 6]}));
    let key = &keys::GOOD;
    let error = refused(&browser, key.access_key_id, key.secret, None).await;
    assert_eq!(error.code, Code::AwsNetwork);
    assert_eq!(stage.simulator.requests().len(), 6);
    // Nothing is broken by it.
    connect(&browser, "Later", key).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_key_is_shown_in_part_with_what_aws_says_about_it() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let form = browser.get("/connect").await;
    assert!(
        form.body.contains("$0.01"),
        "the price of the probe is shown"
    );
    let key = &keys::TEMPORARY;
    let id = connect(&browser, "  Production  ", key).await;
    let shown = get(&browser, &id).await;
    assert_eq!(shown.name, "Production");
    assert_eq!(shown.kind, ConnectionKind::AccessKey);
    assert_eq!(shown.key_hint, "ASIA…P001");
    assert!(shown.temporary && shown.warnings.is_empty());
    assert_eq!(
        (shown.aws_account.as_str(), &*shown.arn),
        (key.account(), key.arn)
    );
    let page = browser.get(&format!("/connections/{id}")).await;
    for text in ["Production", "ASIA…P001", key.account(), key.arn] {
        assert!(page.body.contains(text), "{text}");
    }
    // One free question, one priced; then the sync's.
    let first = stage.cost_requests().remove(0);
    assert_eq!(first.body.unwrap()["Metrics"], json!(["UnblendedCost"]));
    assert!(synced(&browser, &id).await.finished_at.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_looking_keys_are_taken_and_warned_about_once() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Odd", &keys::ODD).await;
    let page = browser
        .get(&format!("/connections/{id}?saved=connection"))
        .await;
    assert!(page.body.contains("it looks odd") && page.body.contains("usually have 40 characters"));
    assert!(get(&browser, &id).await.warnings.is_empty());

    // Without scripts too, and when a key is replaced.
    let mut fields = vec![("connection", &*id)];
    fields.extend(key_fields(&keys::ODD));
    let path = format!("/connections/{id}");
    let reply = browser
        .form(&path, "/api/connections/replace_key", &fields)
        .await;
    assert_eq!(reply.location(), format!("{path}?saved=key"));
    let warnings = get(&browser, &id).await.warnings;
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(get(&browser, &id).await.warnings.is_empty());
    browser
        .call("/api/connections/delete", &[("connection", &*id)])
        .await
        .good();

    // Pasted with spaces around them, keys look as they should.
    let (id, secret) = (keys::GOOD.access_key_id, keys::GOOD.secret);
    let (id, secret) = (format!(" {id}\n"), format!("\t{secret} "));
    let fields = [
        ("name", "Pasted"),
        ("access_key_id", &*id),
        ("secret", &*secret),
    ];
    let id = browser.call(CREATE, &fields).await.connection();
    assert!(get(&browser, &id).await.warnings.is_empty());
}
