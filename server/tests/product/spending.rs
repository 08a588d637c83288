//! What the tool itself costs: the page's sums are what reached AWS, and the cap
//! keeps what nobody asked for from leaving.

use std::ops::Range;

use chrono::{Days, NaiveDate, Utc};
use domain::{
    Code,
    account::{AwsAccountId, COST_EXPLORER_REQUEST, Connection},
    metric::Metric,
    money::Nanos,
    spending::{COST_EXPLORER_SERVICE, Cap, CapState, Purpose, SpendingReport, Spent},
};
use serde_json::json;
use simulator::keys;

use crate::support::{
    browser::{Browser, Reply},
    database, eventually,
    oracle::Oracle,
    stage::{Setup, Stage, connect, examined, settled, synced},
};

async fn report(browser: &Browser) -> SpendingReport {
    browser.ask("/api/spending/report", &[]).await
}

async fn set_cap(browser: &Browser, id: &str, cap: &str) -> Reply {
    let fields = [("connection", id), ("cap", cap)];
    browser.call("/api/spending/set_cap", &fields).await
}

async fn get(browser: &Browser, id: &str) -> Connection {
    browser
        .ask("/api/connections/get", &[("connection", id)])
        .await
}

/// Whole cents, as the form takes them.
fn dollars(amount: Nanos) -> String {
    Cap::of(amount).expect("a cap").input()
}

/// Over all twelve months: a month may end while a test runs.
fn all(report: &SpendingReport) -> Spent {
    let mut months = report.months.iter().map(|month| month.spent);
    months
        .try_fold(Spent::NOTHING, |sum, one| sum.and(one))
        .expect("a sum")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sums_are_what_reached_aws() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let empty = report(&browser).await;
    assert_eq!(all(&empty), Spent::NOTHING);
    assert!(browser.get("/spending").await.body.contains("Nothing yet"));

    // Throttled attempts count as well.
    stage.fault(json!({"service": "ce", "fail_next": ["ok", "throttle", "ok"]}));
    let id = connect(&browser, "Production", &keys::GOOD).await;
    settled(&browser, &id).await;
    let told = report(&browser).await;
    let priced = stage.cost_requests().len();
    let all_requests = stage.simulator.requests().len();
    let spent = all(&told);
    // The throttled one, and months from before AWS keeps any for this account.
    let failed = stage.simulator.requests().into_iter();
    let failed = failed.filter(|request| request.status != Some(200)).count();
    assert_eq!(failed, 2);
    assert_eq!(
        (spent.requests, spent.failed),
        (
            u64::try_from(all_requests).unwrap(),
            u64::try_from(failed).unwrap()
        )
    );
    let cents = i64::try_from(priced).unwrap();
    assert_eq!(spent.price.amount.0, cents * COST_EXPLORER_REQUEST.amount.0);

    // By operation, against the log of the other side.
    for one in &told.operations {
        let name = one.operation.iam_action().split_once(':').unwrap().1;
        let reached = stage
            .simulator
            .requests()
            .iter()
            .filter(|request| request.operation == name)
            .count();
        assert_eq!(
            one.month.requests,
            u64::try_from(reached).unwrap(),
            "{name}"
        );
    }
    // The proof of the key isn't any connection's: it came before there was one.
    let proving = told
        .connections
        .iter()
        .find(|one| one.purpose == Purpose::Proving)
        .unwrap();
    assert_eq!(proving.month.price, COST_EXPLORER_REQUEST);
    let own = told
        .connections
        .iter()
        .find(
            |one| matches!(&one.purpose, Purpose::Connection { name, .. } if name == "Production"),
        )
        .unwrap();
    let cap = own.cap.as_ref().unwrap();
    assert_eq!((cap.cap, cap.spent), (Cap::DEFAULT, own.month.price));
    let page = browser.get("/spending").await;
    assert!(
        page.body.contains(&own.month.price.display()),
        "{}",
        page.body
    );
    assert!(page.body.contains("ce:GetCostAndUsage"));

    // Looking costs nothing, and what was spent outlives the connection.
    assert_eq!(stage.simulator.requests().len(), all_requests);
    browser
        .call("/api/connections/delete", &[("connection", &*id)])
        .await
        .good();
    let after = report(&browser).await;
    assert_eq!(all(&after), spent);
    let account: AwsAccountId = keys::GOOD.account().parse().unwrap();
    assert!(
        after
            .connections
            .iter()
            .any(|one| one.purpose == Purpose::Deleted(Some(account.clone())))
    );
    // Other people's requests are theirs.
    let bob = stage.member("bob@example.com").await;
    assert_eq!(all(&report(&bob).await), Spent::NOTHING);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_account_is_in_no_sum() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let sample = browser.call("/api/connections/create_sample", &[]).await;
    let id = sample.connection();
    synced(&browser, &id).await;
    let told = report(&browser).await;
    assert_eq!(all(&told).price, Spent::NOTHING.price);
    assert!(told.sample.price.amount.0 > 0 && told.connections.iter().all(|one| one.cap.is_none()));
    let page = browser.get("/spending").await;
    assert!(page.body.contains("cost nothing"), "{}", page.body);
    let refused = set_cap(&browser, &id, "1").await;
    assert_eq!(refused.code(), Code::NotAllowed);
}

/// Connects; AWS never answers the first sync's second question.
async fn hanging(stage: &Stage, browser: &Browser) -> String {
    stage.fault(json!({"service": "ce", "fail_next": ["ok", "ok", "hang"]}));
    let id = connect(browser, "Production", &keys::GOOD).await;
    eventually("the sync hangs", || {
        let hangs = stage.cost_requests().len() == 3;
        async move { hangs.then_some(()) }
    })
    .await;
    // Before the server is killed: what it asks AWS's EC2 would be on its way then.
    examined(browser, &id).await;
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_cap_nothing_leaves_but_what_a_person_asks_for() {
    let mut stage = Stage::new().await;
    let browser = stage.administrator().await;
    // The first sync is in the middle of its work when the cap comes.
    let id = hanging(&stage, &browser).await;
    set_cap(&browser, &id, "0").await.good();
    stage.server.kill();
    stage.simulator.clear_requests();
    stage.start_again().await;
    let browser = stage.administrator_again().await;
    let stopped = eventually("the sync stops", || async {
        let state = get(&browser, &id).await.sync;
        (!state.running && state.error.is_some()).then_some(state)
    })
    .await;
    assert_eq!(stopped.error.unwrap().code, Code::CapReached);
    assert!(stage.simulator.requests().is_empty(), "nothing left");
    assert_eq!(get(&browser, &id).await.cap.state(), CapState::Reached);
    for page in ["/", &*format!("/connections/{id}")] {
        let body = browser.get(page).await.body;
        assert!(
            body.contains("The monthly cap for requests is reached"),
            "{page}"
        );
    }

    // A person is told the price, and asked.
    let fields = [("connection", &*id)];
    let error = browser.call("/api/costs/refresh", &fields).await.error();
    assert_eq!(error.code, Code::CapReached);
    assert!(
        error.message.contains("$0.00") && error.advice.contains("$0.0"),
        "{error:?}"
    );
    assert_eq!(error.link.unwrap(), format!("/connections/{id}#cap"));
    assert!(stage.simulator.requests().is_empty());
    let page = browser.get("/").await.body;
    assert!(page.contains("Ask AWS all the same"), "{page}");

    // The word given, it may.
    let before = database::count(&stage.database(), "ledger").await;
    let fields = [("connection", &*id), ("beyond_cap", "true")];
    browser.call("/api/costs/refresh", &fields).await.good();
    let done = synced(&browser, &id).await;
    assert!(done.error.is_none(), "{:?}", done.error);
    let asked = stage.cost_requests().len();
    assert!(asked > 0);
    let lines = database::count(&stage.database(), "ledger").await - before;
    assert_eq!(
        lines,
        i64::try_from(stage.simulator.requests().len()).unwrap()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_higher_cap_lets_the_background_go_on() {
    let mut stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = hanging(&stage, &browser).await;
    set_cap(&browser, &id, "0.01").await.good();
    stage.server.kill();
    stage.start_again().await;
    let browser = stage.administrator_again().await;
    eventually("the sync stops", || async {
        let state = get(&browser, &id).await.sync;
        (!state.running && state.error.is_some()).then_some(())
    })
    .await;
    set_cap(&browser, &id, "$5.00").await.good();
    eventually("the sync ends well", || async {
        let state = get(&browser, &id).await.sync;
        let ended_well = !state.running && state.error.is_none() && state.finished_at.is_some();
        ended_well.then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_four_fifths_there_is_a_notice() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Production", &keys::GOOD).await;
    synced(&browser, &id).await;
    let page = async |path: &str| browser.get(path).await.body;
    assert!(!page("/").await.contains("nearly reached"));
    let now = get(&browser, &id).await;
    // A cap that just covers one refresh more.
    let cap = Nanos(now.cap.spent.amount.0 + now.sync.usual_price().amount.0);
    set_cap(&browser, &id, &dollars(cap)).await.good();
    let near = get(&browser, &id).await.cap;
    assert_eq!(near.state(), CapState::Near, "{near:?}");
    for path in ["/", &*format!("/connections/{id}")] {
        assert!(page(path).await.contains("nearly reached"), "{path}");
    }
    // Still, a refresh needs no further word.
    let fields = [("connection", &*id)];
    browser.call("/api/costs/refresh", &fields).await.good();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cap_is_an_amount_of_money() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Production", &keys::GOOD).await;
    let saved = set_cap(&browser, &id, " $7.50 ").await;
    assert_eq!(
        saved.good().location(),
        format!("/connections/{id}?saved=cap")
    );
    assert_eq!(get(&browser, &id).await.cap.cap, "7.5".parse().unwrap());
    for wrong in ["", "lots", "-1", "1e3", "0.001", "1000.01", "5,00"] {
        let error = set_cap(&browser, &id, wrong).await.error();
        assert_eq!(
            (error.code, error.field.as_deref()),
            (Code::Invalid, Some("cap")),
            "{wrong}"
        );
    }
    // Without scripts, the page comes back with what was typed.
    let page = format!("/connections/{id}");
    let fields = [("connection", &*id), ("cap", "lots")];
    let back = browser.form(&page, "/api/spending/set_cap", &fields).await;
    let again = back.location().replace(&browser.url, "");
    let body = browser.get(&again).await.body;
    assert!(
        body.contains("from $0 to $1,000.00") && body.contains("value=\"lots\""),
        "{body}"
    );
    assert_eq!(get(&browser, &id).await.cap.cap, "7.5".parse().unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_accounts_own_line_is_compared_over_the_same_days() {
    // The ledger's days are real ones, so AWS plays the real day.
    let today = Utc::now().date_naive();
    let stage = Stage::with(Setup {
        today: Box::leak(today.to_string().into_boxed_str()),
        ..Setup::default()
    })
    .await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Production", &keys::GOOD).await;
    synced(&browser, &id).await;
    let ago = |days| today - Days::new(days);
    // Two requests on a day that AWS has finished, and one on a day that it hasn't.
    for (day, price) in [
        (ago(6), 30_000_000),
        (ago(4), 20_000_000),
        (ago(1), 70_000_000),
    ] {
        let account = keys::GOOD.account();
        database::run(
            &stage.database(),
            &format!(
                "INSERT INTO ledger (user_id, connection_id, aws_account, operation, attempt, \
                 departed_at, price_nanos, currency, day, asker, sample, outcome) \
                 SELECT user_id, id, '{account}', 'ce:GetCostAndUsage', 1, \
                 '{day} 12:00:00+00:00', {price}, 'USD', '{day}', 'person', FALSE, 'ok' \
                 FROM connections WHERE id = '{id}'"
            ),
        )
        .await;
    }
    let told = report(&browser).await;
    let [comparison] = &told.comparisons[..] else {
        panic!("one account: {:?}", told.comparisons)
    };
    let days = comparison
        .months
        .iter()
        .map(|month| month.days)
        .sum::<u32>();
    let ours: i64 = comparison
        .months
        .iter()
        .map(|month| month.ours.amount.0)
        .sum();
    let theirs: i64 = comparison
        .months
        .iter()
        .filter_map(|month| Some(month.theirs?.amount.0))
        .sum();
    assert_eq!((days, ours), (5, 50_000_000));
    assert_eq!(theirs, line(&stage, today, ago(6)..ago(1)));
    assert!(theirs > 0);
    let page = browser.get("/spending").await.body;
    assert!(page.contains("Why they may differ"), "{page}");
}

/// What the books say about the account's own line.
fn line(stage: &Stage, today: NaiveDate, days: Range<NaiveDate>) -> i64 {
    let books = stage.simulator.books();
    Oracle::new(&books, today, days.clone(), Metric::Unblended).service(COST_EXPLORER_SERVICE)
}
