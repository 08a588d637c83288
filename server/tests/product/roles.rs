//! Connections by a role: begun, left and come back to, finished, replaced, and
//! kept from breaking.

use domain::{
    Code,
    account::{Connection, ConnectionKind},
    draft::RoleDraft,
    metric::Metric,
    role::RoleSource,
    ways::Ways,
};
use reqwest::StatusCode;
use serde_json::{Value, json};
use simulator::{
    keys::{self, KeyPair},
    roles::{ANY, CLOSED, MINIMAL_READER, OTHER_READER, READER, Role},
};

use crate::support::{
    browser::{Browser, Reply},
    database,
    stage::{Stage, connect, key_fields, overview, synced},
};

async fn get(browser: &Browser, id: &str) -> Connection {
    let fields = [("connection", id)];
    browser.ask("/api/connections/get", &fields).await
}

async fn draft(browser: &Browser, id: &str) -> RoleDraft {
    browser.ask("/api/roles/draft", &[("draft", id)]).await
}

async fn begin_with_key(browser: &Browser, name: &str, key: &KeyPair) -> Reply {
    let mut fields = vec![("name", name), ("source", "key")];
    fields.extend(key_fields(key));
    browser.call("/api/roles/begin", &fields).await
}

async fn begin_with(browser: &Browser, name: &str, connection: &str) -> Reply {
    let fields = [("name", name), ("source", connection)];
    browser.call("/api/roles/begin", &fields).await
}

async fn finish(browser: &Browser, draft: &str, arn: &str) -> Reply {
    let fields = [("draft", draft), ("role_arn", arn)];
    browser.call("/api/roles/finish", &fields).await
}

/// Lets a role at AWS trust what the draft's page asks for.
async fn trust(stage: &Stage, browser: &Browser, id: &str, role: &Role) {
    let external_id = draft(browser, id).await.external_id;
    stage.simulator.trust(Some(role), external_id.as_str());
}

fn asked(stage: &Stage, operation: &str) -> usize {
    let all = stage.simulator.requests();
    all.iter().filter(|one| one.operation == operation).count()
}

/// The document in a page's block with this name.
fn document(page: &str, name: &str) -> Value {
    let from = page.find(&format!("aria-label=\"{name}\"")).unwrap();
    let code = &page[from..];
    let text = &code[code.find("<code>").unwrap() + 6..code.find("</code>").unwrap()];
    let plain = text.replace("&quot;", "\"").replace("<!>", "");
    serde_json::from_str(&plain).unwrap_or_else(|error| panic!("{error}: {plain}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_begun_made_at_aws_and_connected_with_a_key_for_it_alone() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let begun = begin_with_key(&browser, " Other company ", &keys::ASSUME_ONLY).await;
    let id = begun.connection();
    let page_path = format!("/connect/role/{id}");
    assert_eq!(begun.location(), page_path);
    let made = draft(&browser, &id).await;
    assert_eq!(made.name, "Other company");
    assert_eq!(made.source, RoleSource::OwnKey);
    assert_eq!(made.source_arn, keys::ASSUME_ONLY.arn);
    // Leaving and coming back changes nothing; another role gets another ExternalId.
    assert_eq!(draft(&browser, &id).await, made);
    let second = begin_with_key(&browser, "Second", &keys::ASSUME_ONLY).await;
    let second = draft(&browser, &second.connection()).await;
    assert_ne!(second.external_id, made.external_id);
    let ways: Ways = browser.ask("/api/roles/ways", &[]).await;
    assert_eq!(ways.drafts, [made.clone(), second]);
    assert_eq!(asked(&stage, "GetCallerIdentity"), 2);
    assert!(stage.cost_requests().is_empty());

    let page = browser.get(&page_path).await;
    let trusts = document(&page.body, "Trust policy");
    assert_eq!(
        trusts["Statement"][0]["Principal"]["AWS"],
        keys::ASSUME_ONLY.arn
    );
    assert_eq!(
        trusts["Statement"][0]["Condition"]["StringEquals"]["sts:ExternalId"],
        made.external_id.as_str()
    );
    let actions = |name, statement: usize| {
        let policy = document(&page.body, name);
        policy["Statement"][statement]["Action"]
            .as_array()
            .unwrap()
            .len()
    };
    let (minimal, full) = ("Smallest policy", "Full policy");
    assert_eq!((actions(minimal, 0), actions(minimal, 1)), (5, 4));
    assert_eq!((actions(full, 0), actions(full, 1)), (12, 5));
    assert!(page.body.contains("$0.01"), "the price is shown");

    // Before the role trusts us, AWS doesn't say why it refuses.
    let error = finish(&browser, &id, OTHER_READER.arn).await.error();
    assert_eq!(error.code, Code::AwsRoleDenied);
    for cause in ["doesn't exist", "trust policy", "ExternalId"] {
        assert!(error.advice.contains(cause), "{}", error.advice);
    }
    assert!(stage.cost_requests().is_empty(), "nothing was paid");
    assert_eq!(draft(&browser, &id).await.role_arn, OTHER_READER.arn);
    assert!(
        browser
            .get(&page_path)
            .await
            .body
            .contains(OTHER_READER.arn)
    );

    trust(&stage, &browser, &id, &OTHER_READER).await;
    let done = finish(&browser, &id, OTHER_READER.arn).await;
    let connection = done.connection();
    assert_eq!(
        done.location(),
        format!("/connections/{connection}?saved=connection")
    );
    let probe = stage.cost_requests().remove(0);
    assert_eq!(probe.body.unwrap()["Metrics"], json!(["UnblendedCost"]));
    let shown = get(&browser, &connection).await;
    assert_eq!(shown.kind, ConnectionKind::Role);
    assert_eq!(shown.aws_account.as_str(), OTHER_READER.company.payer);
    assert!(
        shown.arn.contains("assumed-role/CostReader"),
        "{}",
        shown.arn
    );
    assert!(shown.warnings.is_empty(), "{:?}", shown.warnings);
    let role = shown.role.unwrap();
    assert_eq!(role.arn.as_str(), OTHER_READER.arn);
    assert_eq!(role.external_id, made.external_id);
    assert_eq!(role.source_arn, keys::ASSUME_ONLY.arn);
    let sync = synced(&browser, &connection).await;
    assert!(sync.error.is_none(), "{:?}", sync.error);
    let costs = overview(&browser, &connection, Metric::Unblended).await;
    assert!(costs.costs.month_to_date.total.unwrap().amount.0 > 0);
    // The draft has become it.
    let gone = browser.call("/api/roles/draft", &[("draft", &*id)]).await;
    assert_eq!(gone.code(), Code::NotFound);
    assert_eq!(browser.get(&page_path).await.status, StatusCode::NOT_FOUND);
    let page = browser.get(&format!("/connections/{connection}")).await;
    for text in [
        OTHER_READER.arn,
        made.external_id.as_str(),
        keys::ASSUME_ONLY.arn,
    ] {
        assert!(page.body.contains(text), "{text}");
    }

    // Another key that may take the same role on, then another role.
    let mut fields = vec![("connection", &*connection)];
    fields.extend(key_fields(&keys::GOOD_SECOND));
    let replaced = browser.call("/api/connections/replace_key", &fields).await;
    assert_eq!(
        replaced.good().location(),
        format!("/connections/{connection}?saved=key")
    );
    let role = get(&browser, &connection).await.role.unwrap();
    assert_eq!(role.source_arn, keys::GOOD_SECOND.arn);
    for (arn, code) in [
        (READER.arn, Code::AwsRoleDenied),
        (
            "arn:aws:iam::210987654321:role/Missing",
            Code::AwsRoleDenied,
        ),
        ("arn:aws:iam::210987654321:user/x", Code::Invalid),
    ] {
        let fields = [("connection", &*connection), ("role_arn", arn)];
        let reply = browser.call("/api/roles/replace", &fields).await;
        assert_eq!(reply.code(), code, "{arn}");
    }
    // Of another account, even where it lets us in.
    stage
        .simulator
        .trust(Some(&READER), made.external_id.as_str());
    let fields = [("connection", &*connection), ("role_arn", READER.arn)];
    let error = browser.call("/api/roles/replace", &fields).await.error();
    assert_eq!(error.field.as_deref(), Some("role_arn"));
    let fields = [("connection", &*connection), ("role_arn", OTHER_READER.arn)];
    let replaced = browser.call("/api/roles/replace", &fields).await;
    assert!(replaced.good().location().ends_with("?saved=role"));
    assert!(synced(&browser, &connection).await.error.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_lives_on_another_connections_key_and_breaks_with_nothing() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let main = connect(&browser, "Main", &keys::GOOD).await;
    synced(&browser, &main).await;
    let page = browser.get("/connect?way=role").await;
    assert!(page.body.contains("The key of “Main”"), "{}", page.body);

    // To an account that is connected already: found out without asking AWS anything.
    let begun = begin_with(&browser, "Twice", &main).await.connection();
    stage.simulator.clear_requests();
    let error = finish(&browser, &begun, READER.arn).await.error();
    assert_eq!(error.code, Code::Conflict);
    assert_eq!(error.link.unwrap(), format!("/connections/{main}"));
    assert!(stage.simulator.requests().is_empty());

    trust(&stage, &browser, &begun, &OTHER_READER).await;
    let id = finish(&browser, &begun, OTHER_READER.arn)
        .await
        .connection();
    synced(&browser, &id).await;
    let shown = get(&browser, &id).await;
    assert_eq!(shown.name, "Twice");
    let role = shown.role.unwrap();
    assert_eq!(role.source, RoleSource::Connection(main.parse().unwrap()));
    assert_eq!(role.source_name.as_deref(), Some("Main"));
    let keyless = format!("connections WHERE id = '{id}' AND secret_sealed IS NULL");
    assert_eq!(database::count(&stage.database(), &keyless).await, 1);

    // It has no key of its own to replace.
    let mut fields = vec![("connection", &*id)];
    fields.extend(key_fields(&keys::GOOD));
    let reply = browser.call("/api/connections/replace_key", &fields).await;
    assert_eq!(reply.code(), Code::Conflict);

    // With the source's key replaced, it goes on with the new one.
    let mut fields = vec![("connection", &*main)];
    fields.extend(key_fields(&keys::GOOD_SECOND));
    let replaced = browser.call("/api/connections/replace_key", &fields).await;
    replaced.good();
    synced(&browser, &main).await;
    stage.simulator.clear_requests();
    let refresh = [("connection", &*id)];
    browser.call("/api/costs/refresh", &refresh).await.good();
    assert!(synced(&browser, &id).await.error.is_none());
    let requests = stage.simulator.requests();
    let assumed = requests.iter().find(|one| one.operation == "AssumeRole");
    assert_eq!(
        assumed.unwrap().access_key_id.as_deref(),
        Some(keys::GOOD_SECOND.access_key_id)
    );

    // While others need it, it isn't deleted, whoever asks.
    let third = begin_with(&browser, "Begun", &main).await.connection();
    let delete = [("connection", &*main)];
    let error = browser
        .call("/api/connections/delete", &delete)
        .await
        .error();
    assert_eq!(error.code, Code::Conflict);
    for name in ["“Main”", "“Twice”", "“Begun” (not finished)"] {
        assert!(error.message.contains(name), "{}", error.message);
    }
    assert_eq!(error.link.unwrap(), format!("/connections/{id}"));
    assert!(get(&browser, &main).await.sync.error.is_none());
    browser
        .call("/api/connections/delete", &[("connection", &*id)])
        .await
        .good();
    let error = browser
        .call("/api/connections/delete", &delete)
        .await
        .error();
    assert_eq!(error.link.unwrap(), format!("/connect/role/{third}"));
    let discard = [("draft", &*third)];
    browser.call("/api/roles/discard", &discard).await.good();
    browser
        .call("/api/connections/delete", &delete)
        .await
        .good();
    let left: Vec<Connection> = browser.ask("/api/connections/list", &[]).await;
    assert!(left.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_a_role_or_take_one_on_is_told() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let wrong = KeyPair {
        secret: "SimulatorOnly/NotARealSecret+Wrong000001",
        ..keys::GOOD
    };
    let reply = begin_with_key(&browser, "Wrong", &wrong).await;
    assert_eq!(reply.code(), Code::AwsWrongSecret);
    let reply = begin_with_key(&browser, "Expired", &keys::EXPIRED).await;
    assert_eq!(reply.code(), Code::AwsExpiredToken);
    let error = begin_with_key(&browser, " ", &keys::GOOD).await.error();
    assert_eq!(error.field.as_deref(), Some("name"));
    for source in ["nobody's", &uuid::Uuid::new_v4().to_string()] {
        let reply = begin_with(&browser, "Nothing", source).await;
        assert_eq!(reply.code(), Code::NotFound);
    }
    // The sample account's key stays inside.
    let sample = browser.call("/api/connections/create_sample", &[]).await;
    let sample = sample.connection();
    let reply = begin_with(&browser, "Sample", &sample).await;
    assert_eq!(reply.code(), Code::NotFound);
    browser
        .call("/api/connections/delete", &[("connection", &*sample)])
        .await
        .good();
    let ways: Ways = browser.ask("/api/roles/ways", &[]).await;
    assert!(ways.drafts.is_empty() && ways.sources.is_empty());

    let id = begin_with_key(&browser, "Good", &keys::OTHER_ACCOUNT)
        .await
        .connection();
    stage.simulator.clear_requests();
    for arn in [
        "",
        "CostReader",
        "arn:aws:sts::123456789012:assumed-role/a/b",
    ] {
        let error = finish(&browser, &id, arn).await.error();
        assert_eq!(error.code, Code::Invalid);
        assert_eq!(error.field.as_deref(), Some("role_arn"));
    }
    assert!(stage.simulator.requests().is_empty());
    trust(&stage, &browser, &id, &CLOSED).await;
    let reply = finish(&browser, &id, CLOSED.arn).await;
    assert_eq!(reply.code(), Code::AwsRoleDenied);
    // Somebody who may ask, but not what the product asks.
    trust(&stage, &browser, &id, &MINIMAL_READER).await;
    stage.fault(json!({"service": "ce", "fail_next": [{
        "status": 400, "code": "AccessDeniedException",
        "message": "User: x is not authorized to perform: ce:GetCostAndUsage"
    }]}));
    let error = finish(&browser, &id, MINIMAL_READER.arn).await.error();
    assert_eq!(error.code, Code::AwsDenied);
    assert!(error.policy.unwrap().contains("ce:GetCostAndUsage"));
    finish(&browser, &id, MINIMAL_READER.arn).await.connection();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_takes_any_external_id_is_warned_about() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    stage.simulator.trust(Some(&READER), ANY);
    let begun = begin_with_key(&browser, "Open", &keys::OTHER_ACCOUNT).await;
    let id = finish(&browser, &begun.connection(), READER.arn)
        .await
        .connection();
    let warnings = get(&browser, &id).await.warnings;
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].contains("without this ExternalId"));
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_forms_do_it_all() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let page = "/connect?way=role";
    let mut fields = vec![("name", "Plain"), ("source", "key")];
    fields.extend(key_fields(&keys::OTHER_ACCOUNT));
    let wrong: Vec<_> = fields
        .iter()
        .map(|(name, value)| (*name, if *name == "secret" { "wrong" } else { value }))
        .collect();
    // What was typed comes back; the secret doesn't.
    let back = browser.form(page, "/api/roles/begin", &wrong).await;
    assert!(back.location().contains("way=role"), "{back:?}");
    assert!(!back.location().contains("wrong"));
    let path = back.location().trim_start_matches(&browser.url).to_owned();
    let shown = browser.get(&path).await;
    assert!(shown.body.contains("value=\"Plain\""), "{}", shown.body);
    assert!(shown.body.contains("The secret key doesn"));

    let begun = browser.form(page, "/api/roles/begin", &fields).await;
    let path = begun.location().to_owned();
    let id = path.rsplit('/').next().unwrap().to_owned();
    let form = [("draft", &*id), ("role_arn", READER.arn)];
    let back = browser.form(&path, "/api/roles/finish", &form).await;
    let there = back.location().trim_start_matches(&browser.url).to_owned();
    assert!(there.starts_with(&path), "{there}");
    let shown = browser.get(&there).await;
    assert!(shown.body.contains("take on the role"), "{}", shown.body);
    trust(&stage, &browser, &id, &READER).await;
    let done = browser.form(&path, "/api/roles/finish", &form).await;
    assert!(done.location().starts_with("/connections/"), "{done:?}");
}
