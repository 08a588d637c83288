//! Unusual costs: found from what is stored, for nothing; told with AWS's own findings as one
//! story, for the price that was shown; what a person says of them is remembered.

use domain::{
    Code,
    detector::{Kind, Sensitivity},
    money::Nanos,
    period::Period,
    unusual::{Mark, Said, Unusual, Why},
};
use serde_json::json;
use simulator::{
    books::{self, Restatement},
    keys,
};

use crate::support::{
    browser::Browser,
    database,
    oracle::rounded,
    stage::{Stage, connect, synced},
};

async fn unusual(browser: &Browser, id: &str, event: &str) -> Unusual {
    let fields = [("connection", id), ("event", event)];
    browser.ask("/api/anomalies/of_connection", &fields).await
}

async fn ask_aws(browser: &Browser, id: &str) {
    let fields = [("connection", id)];
    browser.call("/api/anomalies/ask_aws", &fields).await.good();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_spike_in_the_books_is_found_without_asking_aws() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Company", &keys::GOOD).await;
    let before = unusual(&browser, &id, "").await;
    assert!(before.findings.is_empty() || before.has_days);
    synced(&browser, &id).await;
    stage.simulator.clear_requests();
    let (books, today) = (stage.simulator.books(), stage.simulator.today());
    let spike = books.spike(today).expect("a spike");
    let period = Period::new(spike.days.start, spike.days.end).unwrap();
    let page = unusual(&browser, &id, "").await;
    assert!(page.has_days && page.aws.is_none() && page.may_ask);
    let is_it =
        |service: &str, account: &str| service == spike.service && account == spike.linked_account;
    let found: Vec<_> = (page.findings.iter())
        .filter(|one| is_it(&one.id.service, &one.id.account))
        .filter(|one| one.event.period.contains(period.start()))
        .collect();
    let [found] = &found[..] else {
        panic!("{period}: {:#?}", page.findings);
    };
    assert_eq!(
        (found.event.kind, found.event.period),
        (Kind::Spike, period)
    );
    // What its days cost is what the books say, day by day as rows are rounded.
    let mut spent = 0;
    for date in period.days() {
        let charges = books.charges(date, today, books::Metric::UnblendedCost);
        let here = charges
            .iter()
            .filter(|(line, _)| is_it(line.service, line.linked_account));
        spent += rounded(here.map(|(_, amount)| i128::from(*amount)).sum());
    }
    assert_eq!(found.event.actual, Nanos(spent));
    assert!(found.event.expected.0 < spent);
    // In detail: the days around it, and what was used.
    let detail = unusual(&browser, &id, &found.id.to_text()).await;
    let closeup = detail.closeup.expect("a closeup");
    assert_eq!(closeup.finding.id, found.id);
    assert!(closeup.days.len() > 40);
    let high =
        (closeup.days.iter()).filter(|day| day.actual.is_some_and(|actual| actual > day.upper));
    let high: Vec<_> = high.map(|day| day.day).collect();
    assert_eq!(high, period.days().collect::<Vec<_>>());
    let cause = closeup.cause.expect("a cause");
    assert_eq!(cause.usage_type, spike.usage_type);
    assert!(matches!(cause.why, Why::New | Why::Quantity), "{cause:?}");
    // The page says it without scripts, and nobody asked AWS.
    let html = browser
        .get(&format!("/savings/anomalies?connection={id}"))
        .await;
    assert_eq!(html.status, 200);
    assert!(html.body.contains("<svg") && html.body.contains("/costs?connection="));
    assert_eq!(stage.simulator.requests(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn aws_s_finding_and_ours_are_one_story() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Company", &keys::GOOD).await;
    synced(&browser, &id).await;
    stage.simulator.clear_requests();
    ask_aws(&browser, &id).await;
    assert_eq!(stage.cost_requests().len(), 2);
    let page = unusual(&browser, &id, "").await;
    let spike = stage.simulator.books().spike(stage.simulator.today());
    let spike = spike.expect("a spike");
    let told: Vec<_> = page
        .findings
        .iter()
        .filter(|one| !one.aws.is_empty())
        .collect();
    let [told] = &told[..] else {
        panic!("{:#?}", page.findings);
    };
    assert_eq!(told.id.service, spike.service);
    assert_eq!(told.id.account, spike.linked_account);
    assert!(page.aws_alone.is_empty(), "{:?}", page.aws_alone);
    // A whole answer is good for a day: asking again asks nothing.
    assert!(!page.may_ask);
    ask_aws(&browser, &id).await;
    assert_eq!(stage.cost_requests().len(), 2);
    // What is said of AWS's is said of the same thing, and is taken back with it.
    let anomaly = told.aws[0].id.clone();
    say(&browser, &id, &format!("aws.{anomaly}"), "expected").await;
    let page = unusual(&browser, &id, "").await;
    assert_eq!(said_of(&page, &anomaly), Some(Mark::Expected));
    let event = told.id.to_text();
    say(&browser, &id, &event, "mistake").await;
    let page = unusual(&browser, &id, "").await;
    assert_eq!(said_of(&page, &anomaly), Some(Mark::Mistake));
    say(&browser, &id, &event, "").await;
    let page = unusual(&browser, &id, "").await;
    assert_eq!(said_of(&page, &anomaly), None);
}

/// Says something of an event, or of AWS's anomaly.
async fn say(browser: &Browser, id: &str, event: &str, mark: &str) {
    let fields = [("connection", id), ("event", event), ("mark", mark)];
    browser.call("/api/anomalies/mark", &fields).await.good();
}

/// What was said of AWS's anomaly, which is told once: alone or beside ours.
fn said_of(page: &Unusual, anomaly: &str) -> Option<Mark> {
    let mut alone = page.aws_alone.iter();
    let alone = alone.find(|one| one.anomaly.id == anomaly);
    let mut ours = page.findings.iter();
    let ours = ours.find(|one| one.aws.iter().any(|aws| aws.id == anomaly));
    match (alone, ours) {
        (Some(alone), None) => alone.mark,
        (None, Some(ours)) => ours.mark,
        other => panic!("not told once: {other:?}"),
    }
}

/// A connection whose spike came into AWS's bill only after its costs were stored: AWS's
/// detection sees it, ours can't.
async fn with_an_anomaly_of_aws_s_own(stage: &Stage, browser: &Browser) -> String {
    let today = stage.simulator.today();
    let spike = stage.simulator.books().spike(today).expect("a spike");
    stage.simulator.restate(&Restatement {
        start: spike.days.start,
        end: today.succ_opt().expect("a next day"),
        percent: -100,
        service: Some(spike.service.to_owned()),
        from: None,
        account: None,
    });
    let id = connect(browser, "Company", &keys::GOOD).await;
    synced(browser, &id).await;
    // From here on nothing is asked by itself.
    let manual = [("connection", &*id), ("cadence", "manual")];
    browser.call("/api/jobs/set_cadence", &manual).await.good();
    stage.simulator.forget_restatements();
    ask_aws(browser, &id).await;
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_aws_s_own_anomaly_is_remembered() {
    let mut stage = Stage::new().await;
    let mut browser = stage.administrator().await;
    let id = with_an_anomaly_of_aws_s_own(&stage, &browser).await;
    let page = unusual(&browser, &id, "").await;
    let [alone] = &page.aws_alone[..] else {
        panic!("{:?} beside {:?}", page.aws_alone, page.findings);
    };
    let anomaly = alone.anomaly.id.clone();
    assert_eq!(alone.mark, None);
    // As a form without scripts sends it.
    let place = format!("/savings/anomalies?connection={id}");
    let html = browser.get(&place).await.body;
    let name = format!("aws.{anomaly}");
    assert!(html.contains(&name) && html.contains("Found by the monitor Default-Services-Monitor"));
    let fields = [
        ("connection", &*id),
        ("event", &*name),
        ("mark", "expected"),
    ];
    let led = browser.form(&place, "/api/anomalies/mark", &fields).await;
    assert!(led.location().contains(&place), "{}", led.location());
    let html = browser.get(&place).await.body;
    assert!(html.contains("Marked: expected."));
    stage.on("2026-11-25").await;
    browser.url.clone_from(&stage.server.url);
    let page = unusual(&browser, &id, "").await;
    assert_eq!(said_of(&page, &anomaly), Some(Mark::Expected));
    // AWS's answer is told anew.
    database::run(&stage.database(), "DELETE FROM anomalies_from_aws").await;
    let page = unusual(&browser, &id, "").await;
    assert!(page.may_ask && page.aws.is_none() && page.aws_alone.is_empty());
    ask_aws(&browser, &id).await;
    let page = unusual(&browser, &id, "").await;
    assert!(!page.may_ask);
    assert_eq!(said_of(&page, &anomaly), Some(Mark::Expected));
    say(&browser, &id, &name, "mistake").await;
    let page = unusual(&browser, &id, "").await;
    assert_eq!(said_of(&page, &anomaly), Some(Mark::Mistake));
    say(&browser, &id, &name, "").await;
    let page = unusual(&browser, &id, "").await;
    assert_eq!(said_of(&page, &anomaly), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_s_anomaly_of_aws_s_is_none() {
    let stage = Stage::new().await;
    let (ann, bob) = (
        stage.administrator().await,
        stage.member("bob@example.com").await,
    );
    let anns = connect(&ann, "Company", &keys::GOOD).await;
    ask_aws(&ann, &anns).await;
    let page = unusual(&ann, &anns, "").await;
    let told = page.aws.as_ref().and_then(|aws| aws.anomalies.told());
    let anomaly = told.and_then(|told| told.first()).expect("an anomaly");
    let name = format!("aws.{}", anomaly.id);
    say(&ann, &anns, &name, "mistake").await;
    let bobs = connect(&bob, "Bob's own", &keys::OTHER_ACCOUNT).await;
    for (connection, event) in [
        (&*anns, &*name),
        (&*bobs, &*name),
        (&*anns, "aws.nothing"),
        (&*bobs, "aws.nothing"),
    ] {
        for mark in ["expected", ""] {
            let fields = [("connection", connection), ("event", event), ("mark", mark)];
            let code = bob.call("/api/anomalies/mark", &fields).await.code();
            assert_eq!(code, Code::NotFound, "{event} {mark}");
        }
    }
    // Nor is an id that AWS never told.
    let fields = [
        ("connection", &*anns),
        ("event", "aws.nothing"),
        ("mark", "expected"),
    ];
    let code = ann.call("/api/anomalies/mark", &fields).await.code();
    assert_eq!(code, Code::NotFound);
    let page = unusual(&ann, &anns, "").await;
    assert_eq!(said_of(&page, &anomaly.id), Some(Mark::Mistake));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_monitor_is_not_nothing_found_and_a_gap_is_its_own() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let other = connect(&browser, "Other", &keys::OTHER_ACCOUNT).await;
    synced(&browser, &other).await;
    stage.simulator.clear_requests();
    ask_aws(&browser, &other).await;
    let aws = unusual(&browser, &other, "").await.aws.expect("an answer");
    assert!(aws.has_no_monitor());
    // Without a monitor the second question can only be answered with nothing.
    assert_eq!(stage.cost_requests().len(), 1);
    let html = browser
        .get(&format!("/savings/anomalies?connection={other}"))
        .await;
    assert!(html.body.contains("No monitor is set up"));

    let costs_only = connect(&browser, "Costs only", &keys::COSTS_ONLY).await;
    synced(&browser, &costs_only).await;
    ask_aws(&browser, &costs_only).await;
    let page = unusual(&browser, &costs_only, "").await;
    let aws = page.aws.expect("an answer");
    assert!(matches!(&aws.anomalies, Said::Refused(error) if error.code == Code::AwsDenied));
    assert!(!aws.has_no_monitor() && page.may_ask);
    assert!(!page.findings.is_empty(), "ours need no permission");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cap_holds_until_a_person_gives_their_word() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Company", &keys::GOOD).await;
    synced(&browser, &id).await;
    let cap = [("connection", &*id), ("cap", "0.01")];
    browser.call("/api/spending/set_cap", &cap).await.good();
    stage.simulator.clear_requests();
    let fields = [("connection", &*id)];
    let refused = browser
        .call("/api/anomalies/ask_aws", &fields)
        .await
        .error();
    assert_eq!(refused.code, Code::CapReached);
    assert_eq!(stage.cost_requests().len(), 0);
    let word = [("connection", &*id), ("beyond_cap", "true")];
    browser.call("/api/anomalies/ask_aws", &word).await.good();
    assert_eq!(stage.cost_requests().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_says_is_remembered_and_can_be_taken_back() {
    let mut stage = Stage::new().await;
    let mut browser = stage.administrator().await;
    let id = connect(&browser, "Company", &keys::GOOD).await;
    synced(&browser, &id).await;
    let page = unusual(&browser, &id, "").await;
    let event = page.findings[0].id.to_text();
    let say = |mark: &'static str| {
        [
            ("connection", id.clone()),
            ("event", event.clone()),
            ("mark", mark.to_owned()),
        ]
    };
    async fn send(browser: &Browser, fields: &[(&str, String)]) {
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, &**value))
            .collect();
        browser.call("/api/anomalies/mark", &fields).await.good();
    }
    send(&browser, &say("expected")).await;
    stage.on("2026-11-25").await;
    browser.url.clone_from(&stage.server.url);
    let page = unusual(&browser, &id, &event).await;
    let marked = page
        .findings
        .iter()
        .find(|one| one.id.to_text() == event)
        .unwrap();
    assert_eq!(marked.mark, Some(Mark::Expected));
    // What is open stands before what isn't.
    let marks: Vec<bool> = page.findings.iter().map(|one| one.mark.is_some()).collect();
    assert!(marks.is_sorted(), "{marks:?}");
    send(&browser, &say("mistake")).await;
    let page = unusual(&browser, &id, &event).await;
    assert_eq!(page.closeup.unwrap().finding.mark, Some(Mark::Mistake));
    send(&browser, &say("")).await;
    let page = unusual(&browser, &id, &event).await;
    assert!(page.findings.iter().all(|one| one.mark.is_none()));
    for (path, fields) in [
        (
            "/api/anomalies/mark",
            json!({"event": "2026-10-07.1.None", "mark": "expected"}),
        ),
        (
            "/api/anomalies/set_sensitivity",
            json!({"sensitivity": "utter"}),
        ),
    ] {
        let mut all = vec![("connection", &*id)];
        let fields = fields.as_object().unwrap();
        all.extend(
            fields
                .iter()
                .map(|(name, value)| (&**name, value.as_str().unwrap())),
        );
        let code = browser.call(path, &all).await.code();
        assert!(
            matches!(code, Code::NotFound | Code::Invalid),
            "{path} {code:?}"
        );
    }
    // The more sensitive, the more there is to tell.
    let mut counts = Vec::new();
    for sensitivity in Sensitivity::ALL {
        let fields = [("connection", &*id), ("sensitivity", sensitivity.as_str())];
        browser
            .call("/api/anomalies/set_sensitivity", &fields)
            .await
            .good();
        let page = unusual(&browser, &id, "").await;
        assert_eq!(page.sensitivity, sensitivity);
        counts.push(page.findings.len());
    }
    assert!(counts[0] < counts[2] && counts.is_sorted(), "{counts:?}");
}
