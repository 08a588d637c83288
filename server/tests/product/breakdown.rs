//! Costs by whatever a person chooses: from the store for nothing, or from AWS for the price
//! that was shown; equal to the books, kept fresh only while used.

use std::collections::BTreeMap;

use domain::{
    Code,
    breakdown::{Breakdown, Found, Offer, Outcome},
    dimension::GroupKey,
    grouped::Figures,
    job::{JobState, SyncState},
    metric::Metric,
    period::Period,
};
use serde_json::json;
use simulator::{
    LoggedRequest,
    books::{self, Line},
    keys,
};

use crate::{
    jobs::{let_go, until},
    support::{
        browser::{Browser, Reply},
        database, day, eventually,
        oracle::rounded,
        stage::{Stage, connect, overview, settled, synced},
    },
};

/// Daily costs by the tag Team.
pub const BY_TEAM: &str = r#"{"granularity":"daily","keys":["TAG:Team"],"filter":null}"#;

type Sums = BTreeMap<Vec<String>, i64>;

pub async fn look(browser: &Browser, id: &str, wish: &[(&str, &str)]) -> Breakdown {
    let names: Vec<String> = (wish.iter())
        .map(|(name, _)| match *name {
            "only" | "how" | "values" => format!("wish[filters][0][{name}]"),
            name => format!("wish[{name}]"),
        })
        .collect();
    let mut fields = vec![("connection", id), ("wish[lines]", "500")];
    fields.extend(
        names
            .iter()
            .map(String::as_str)
            .zip(wish.iter().map(|(_, value)| *value)),
    );
    browser.ask("/api/costs/breakdown", &fields).await
}

async fn offer(browser: &Browser, id: &str, wish: &[(&str, &str)]) -> Offer {
    match look(browser, id, wish).await.outcome {
        Outcome::Ask(offer) => offer,
        other => panic!("it isn't offered: {other:?}"),
    }
}

pub async fn found(browser: &Browser, id: &str, wish: &[(&str, &str)]) -> Found {
    match look(browser, id, wish).await.outcome {
        Outcome::Found(found) => *found,
        other => panic!("it isn't found: {other:?}"),
    }
}

async fn try_ask(browser: &Browser, id: &str, offer: &Offer, more: &[(&str, &str)]) -> Reply {
    let question = serde_json::to_string(&offer.question).unwrap();
    let mut fields = vec![("connection", id), ("question", &question)];
    fields.extend(more);
    browser.call("/api/costs/ask", &fields).await
}

async fn ask(browser: &Browser, id: &str, offer: &Offer) -> SyncState {
    try_ask(browser, id, offer, &[]).await.value()
}

async fn forget(browser: &Browser, id: &str, question: &str) -> Reply {
    let fields = [("connection", id), ("question", question)];
    browser.call("/api/costs/forget", &fields).await
}

fn shown(found: &Found) -> Sums {
    let Figures::Money(tables) = &found.report.figures else {
        panic!("it is money");
    };
    let [table] = &tables[..] else {
        panic!("one currency, not {}", tables.len());
    };
    let groups = table.groups.iter().map(|group| {
        assert!(!group.is_rest());
        let sum: i64 = group.values.iter().map(|value| value.0).sum();
        assert_eq!(group.total.0, sum);
        (group.keys.clone(), sum)
    });
    let sums: Sums = groups.collect();
    assert_eq!(table.total.0, sums.values().sum::<i64>());
    sums.into_iter().filter(|(_, sum)| *sum != 0).collect()
}

/// A line's value of a key, as Cost Explorer writes it.
fn value(line: &Line, key: &GroupKey) -> String {
    match key {
        GroupKey::Dimension(dimension) => {
            let dimension = books::Dimension::parse(dimension.aws_name()).unwrap();
            dimension.value(line).to_owned()
        }
        GroupKey::Tag(key) => line.tag(key).unwrap_or_default().to_owned(),
        GroupKey::CostCategory(name) => line.cost_category(name).unwrap_or_default().to_owned(),
    }
}

/// The books' sums by `shown` keys. Rows are rounded, each once, as they come: by the
/// keys of the question.
fn in_books(stage: &Stage, found: &Found, shown: &[&str], counts: impl Fn(&Line) -> bool) -> Sums {
    let (books, today) = (stage.simulator.books(), stage.simulator.today());
    let metric = books::Metric::parse(found.wanted.counted().aws_name()).unwrap();
    let asked = &found.report.cube.keys;
    let shown: Vec<GroupKey> = shown.iter().map(|key| key.parse().unwrap()).collect();
    let mut sums = Sums::new();
    for date in found.wanted.period.days() {
        let mut rows: BTreeMap<(Vec<String>, Vec<String>), i128> = BTreeMap::new();
        for (line, amount) in books.charges(date, today, metric) {
            if counts(line) {
                let of = |keys: &[GroupKey]| keys.iter().map(|key| value(line, key)).collect();
                *rows.entry((of(asked), of(&shown))).or_default() += i128::from(amount);
            }
        }
        for ((_, group), exact) in rows {
            *sums.entry(group).or_default() += rounded(exact);
        }
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

/// A stage with everything that is kept, and nothing on its way.
pub async fn begun() -> (Stage, Browser, String) {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Company", &keys::GOOD).await;
    settled(&browser, &id).await;
    stage.simulator.clear_requests();
    (stage, browser, id)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pair_is_asked_once_for_the_price_that_was_shown_and_is_the_books() {
    let (stage, browser, id) = begun().await;
    let pair = [
        ("by", "TAG:Team"),
        ("then", "REGION"),
        ("period", "3-months"),
    ];
    let asked = offer(&browser, &id, &pair).await;
    assert!(asked.first);
    assert_eq!(asked.period, Period::kept(day("2026-11-24")));
    assert!(
        stage.simulator.requests().is_empty(),
        "looking asks nothing"
    );

    let state = ask(&browser, &id, &asked).await;
    assert!(state.asked && state.running);
    let state = synced(&browser, &id).await;
    assert_eq!((state.state, state.error), (Some(JobState::Done), None));
    let requests = stage.cost_requests();
    assert_eq!(requests.len(), usize::try_from(asked.requests).unwrap());
    assert_eq!(asked.price().display(), "$0.01");
    let body = requests[0].body.as_ref().unwrap();
    assert_eq!(body["GroupBy"][0], json!({"Type": "TAG", "Key": "Team"}));
    assert_eq!(body["TimePeriod"]["Start"], "2025-10-01");

    for metric in Metric::COSTS {
        for period in ["this-month", "3-months", "everything"] {
            let more = [("metric", metric.slug()), ("period", period)];
            let wish = [&pair[..2], &more].concat();
            let answer = found(&browser, &id, &wish).await;
            assert_eq!(answer.known.missing, 0);
            let books = in_books(&stage, &answer, &["TAG:Team", "REGION"], |_| true);
            assert!(books.len() > 8, "too few groups to prove anything");
            assert_eq!(shown(&answer), books, "{metric}, {period}");
        }
    }
    // What it holds answers more than was asked, and all of it for nothing.
    let filtered = [
        ("by", "TAG:Team"),
        ("only", "REGION"),
        ("values", "eu-west-1\nus-east-1"),
    ];
    let answer = found(&browser, &id, &filtered).await;
    let here = |line: &Line| ["eu-west-1", "us-east-1"].contains(&line.region);
    assert_eq!(
        shown(&answer),
        in_books(&stage, &answer, &["TAG:Team"], here)
    );
    let untagged = [
        ("by", "REGION"),
        ("only", "TAG:Team"),
        ("values", "(none)"),
        ("how", "not"),
    ];
    let answer = found(&browser, &id, &untagged).await;
    let tagged = |line: &Line| line.tag("Team").is_some();
    assert_eq!(
        shown(&answer),
        in_books(&stage, &answer, &["REGION"], tagged)
    );
    assert_eq!(
        stage.cost_requests().len(),
        1,
        "the same is never paid for twice"
    );

    // It is on the list, and the ledger has its cent.
    let page = look(&browser, &id, &pair).await;
    let listed = page.alone.expect("one connection").asked;
    let [one] = &listed[..] else {
        panic!("one was asked: {listed:?}");
    };
    assert_eq!(one.question, asked.question);
    assert_eq!((one.days, one.requests, one.refreshed), (420, 1, true));
    assert_eq!(page.keys, ["TAG:Team".parse().unwrap()]);
    // Proving the key, twenty questions about days, one about months, and this one.
    let lines = "ledger WHERE operation = 'ce:GetCostAndUsage'";
    assert_eq!(database::count(&stage.database(), lines).await, 23);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_keys_cannot_carry_is_asked_with_its_filter() {
    let (stage, browser, id) = begun().await;
    let wish = [
        ("by", "COST_CATEGORY:Department"),
        ("then", "SERVICE"),
        ("only", "REGION"),
        ("values", "eu-west-1"),
        ("period", "last-month"),
        ("metric", "net-amortized"),
    ];
    let asked = offer(&browser, &id, &wish).await;
    assert!(asked.question.filter.is_some());
    ask(&browser, &id, &asked).await;
    assert_eq!(synced(&browser, &id).await.error, None);
    let answer = found(&browser, &id, &wish).await;
    let keys = ["COST_CATEGORY:Department", "SERVICE"];
    let books = in_books(&stage, &answer, &keys, |line| line.region == "eu-west-1");
    assert!(books.len() > 4);
    assert_eq!(shown(&answer), books);
    // Another region is another question.
    let mut elsewhere = wish;
    elsewhere[3].1 = "us-east-1";
    offer(&browser, &id, &elsewhere).await;

    // What we used, by region: kinds of charges have to be told apart.
    let used = [("by", "REGION"), ("view", "used"), ("period", "last-month")];
    let asked = offer(&browser, &id, &used).await;
    assert_eq!(asked.question.filter, None);
    ask(&browser, &id, &asked).await;
    synced(&browser, &id).await;
    let answer = found(&browser, &id, &used).await;
    let counts = |line: &Line| !["Credit", "Refund", "Tax"].contains(&line.record_type);
    assert_eq!(
        shown(&answer),
        in_books(&stage, &answer, &["REGION"], counts)
    );
    // By service it is known anyway, and so is what we pay.
    for known in [
        [("by", "SERVICE"), ("view", "used")],
        [("by", "REGION"), ("view", "paid")],
    ] {
        let answer = found(&browser, &id, &known).await;
        assert!(answer.again.is_none() && !shown(&answer).is_empty());
    }
    assert_eq!(stage.cost_requests().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_asks_for_what_is_used_and_its_price_says_so() {
    let (mut stage, mut browser, id) = begun().await;
    let wish = [("by", "TAG:Team"), ("period", "this-month")];
    let asked = offer(&browser, &id, &wish).await;
    ask(&browser, &id, &asked).await;
    synced(&browser, &id).await;
    stage.on("2026-11-25").await;
    browser.url.clone_from(&stage.server.url);
    let before = found(&browser, &id, &wish).await;
    assert_eq!(before.known.missing, 1);
    let again = before.again.expect("it can be asked anew");
    assert_eq!((again.requests, again.first), (1, false));
    assert_eq!(again.period.to_string(), "1–25 Nov 2026");

    let shown_price = overview(&browser, &id, Metric::Unblended).await.sync;
    assert_eq!(
        (shown_price.usual_requests, shown_price.asked_requests),
        (5, 1)
    );
    let page = browser.get("/").await;
    assert!(
        page.body
            .contains("A refresh takes about 6 requests: $0.06"),
        "{}",
        page.body
    );
    stage.simulator.clear_requests();
    let fields = [("connection", &*id)];
    browser.call("/api/costs/refresh", &fields).await.good();
    let state = synced(&browser, &id).await;
    assert_eq!(state.error, None);
    assert_eq!(stage.cost_requests().len(), 6);
    assert_eq!(
        (state.usual_requests, state.asked_requests, state.requests),
        (5, 1, 6)
    );
    let after = found(&browser, &id, &wish).await;
    assert_eq!(after.known.missing, 0);
    assert_eq!(
        shown(&after),
        in_books(&stage, &after, &["TAG:Team"], |_| true)
    );

    // Unused for a week: it stays as it is.
    let old = "UPDATE cubes SET last_used_at = '2026-01-01T00:00:00+00:00'";
    database::run(&stage.database(), old).await;
    stage.simulator.clear_requests();
    let state = browser.call("/api/costs/refresh", &fields).await;
    assert_eq!(state.value::<SyncState>().asked_requests, 0);
    synced(&browser, &id).await;
    let is_tag = |request: &LoggedRequest| {
        let body = request.body.as_ref();
        body.is_some_and(|body| body["GroupBy"][0]["Type"] == "TAG")
    };
    assert!(!stage.cost_requests().iter().any(is_tag));
    let page = look(&browser, &id, &[]).await;
    assert!(!page.alone.expect("one connection").asked[0].refreshed);
    assert_eq!(found(&browser, &id, &wish).await.known.missing, 0);

    // What is forgotten costs nothing any more, and is gone.
    forget(&browser, &id, BY_TEAM).await.good();
    assert_eq!(forget(&browser, &id, BY_TEAM).await.code(), Code::NotFound);
    let asked = offer(&browser, &id, &wish).await;
    assert_eq!(
        (asked.requests, asked.first),
        (1, false),
        "what it took is remembered"
    );
    stage.simulator.clear_requests();
    browser.call("/api/costs/refresh", &fields).await.good();
    assert_eq!(synced(&browser, &id).await.asked_requests, 0);
    assert!(
        stage
            .cost_requests()
            .iter()
            .all(|request| { request.body.as_ref().unwrap()["GroupBy"][0]["Type"] != "TAG" })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cap_wants_a_persons_word() {
    let (stage, browser, id) = begun().await;
    let fields = [("connection", &*id), ("cap", "0.10")];
    browser.call("/api/spending/set_cap", &fields).await.good();
    let asked = offer(&browser, &id, &[("by", "TAG:Team")]).await;
    let refused = try_ask(&browser, &id, &asked, &[]).await.error();
    assert_eq!(refused.code, Code::CapReached);
    assert!(refused.advice.contains("$0.01"), "{}", refused.advice);
    assert!(stage.simulator.requests().is_empty());
    let page = browser.get("/costs?by=TAG:Team").await;
    assert!(
        page.body.contains("The monthly cap doesn’t cover it"),
        "{}",
        page.body
    );
    try_ask(&browser, &id, &asked, &[("beyond_cap", "true")])
        .await
        .good();
    assert_eq!(synced(&browser, &id).await.error, None);
    assert_eq!(stage.cost_requests().len(), 1);
    found(&browser, &id, &[("by", "TAG:Team")]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_aws_is_asked_it_goes_on_and_keeps_to_the_cap_then() {
    for covered in [true, false] {
        let (mut stage, mut browser, id) = begun().await;
        let asked = offer(&browser, &id, &[("by", "TAG:Team")]).await;
        stage.fault(json!({"service": "ce", "fail_next": ["hang"]}));
        if !covered {
            let fields = [("connection", &*id), ("cap", "0.10")];
            browser.call("/api/spending/set_cap", &fields).await.good();
        }
        try_ask(&browser, &id, &asked, &[("beyond_cap", "true")])
            .await
            .good();
        eventually("AWS is asked", || {
            let hangs = stage.cost_requests().len() == 1;
            async move { hangs.then_some(()) }
        })
        .await;
        stage.server.kill();
        stage.start_again().await;
        browser.url.clone_from(&stage.server.url);
        let state = synced(&browser, &id).await;
        if covered {
            assert_eq!((state.state, state.error), (Some(JobState::Done), None));
            assert_eq!(stage.cost_requests().len(), 2);
            let answer = found(&browser, &id, &[("by", "TAG:Team")]).await;
            assert_eq!(
                shown(&answer),
                in_books(&stage, &answer, &["TAG:Team"], |_| true)
            );
        } else {
            // Nobody waits for it any more: it isn't paid beyond the cap.
            assert_eq!(state.error.unwrap().code, Code::CapReached);
            assert_eq!(stage.cost_requests().len(), 1);
            let fields = [("connection", &*id)];
            let refused = browser.call("/api/jobs/retry", &fields).await;
            assert_eq!(refused.code(), Code::CapReached);
            try_ask(&browser, &id, &asked, &[("beyond_cap", "true")])
                .await
                .good();
            assert_eq!(synced(&browser, &id).await.error, None);
            assert_eq!(stage.cost_requests().len(), 2);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_something_else_is_asked_it_is_asked_next() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    stage.fault(json!({"service": "ce", "latency_ms": 250}));
    let id = connect(&browser, "Company", &keys::GOOD).await;
    until(&browser, &id, |state| state.days_done > 0).await;
    let wish = [("by", "TAG:Team")];
    let asked = offer(&browser, &id, &wish).await;
    // Paused, it goes on: a question that nobody asks would help nobody.
    let fields = [("connection", &*id)];
    let paused: SyncState = browser.ask("/api/jobs/pause", &fields).await;
    assert_eq!(paused.state, Some(JobState::Paused));
    let_go(&stage.database()).await;
    let before = stage.cost_requests().len();
    let state = ask(&browser, &id, &asked).await;
    assert!(state.running && !state.asked);
    ask(&browser, &id, &asked).await;
    let on_its_way = look(&browser, &id, &wish).await.outcome;
    assert!(
        matches!(on_its_way, Outcome::OnItsWay(_) | Outcome::Found(_)),
        "{on_its_way:?}"
    );
    let done = synced(&browser, &id).await;
    assert_eq!((done.state, done.error), (Some(JobState::Done), None));
    assert_eq!((done.days_done, done.days_total), (5 * 420, 5 * 420));
    let requests = stage.cost_requests();
    let by_tag: Vec<usize> = (requests.iter().enumerate())
        .filter(|(_, request)| {
            let body = request.body.as_ref();
            body.is_some_and(|body| body["GroupBy"][0]["Type"] == "TAG")
        })
        .map(|(place, _)| place)
        .collect();
    let [place] = by_tag[..] else {
        panic!("asked {} times", by_tag.len());
    };
    assert_eq!(place, before, "next, of {}", requests.len());
    assert_eq!(requests.len(), 1 + 22 + 1);
    assert_eq!(database::count(&stage.database(), "jobs").await, 1);
    found(&browser, &id, &wish).await;

    // And the other way round: a refresh while a question is on its way is done after it.
    stage.simulator.clear_requests();
    let asked = offer(&browser, &id, &[("by", "TAG:Environment")]).await;
    ask(&browser, &id, &asked).await;
    browser.call("/api/costs/refresh", &fields).await.good();
    let done = synced(&browser, &id).await;
    assert_eq!((done.state, done.error), (Some(JobState::Done), None));
    // The question, four cubes, and the tag that was used; the day's forecast is there.
    assert_eq!(stage.cost_requests().len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_is_refused_with_its_field() {
    let (stage, browser, id) = begun().await;
    for question in [
        r#"{"granularity":"daily","keys":["SERVICE","REGION"],"filter":null}"#,
        r#"{"granularity":"monthly","keys":["TAG:Team"],"filter":null}"#,
        r#"{"granularity":"daily","keys":["TAG:Team","TAG:Team"],"filter":null}"#,
        r#"{"granularity":"hourly","keys":[],"filter":null}"#,
        "team",
    ] {
        let fields = [("connection", &*id), ("question", question)];
        let error = browser.call("/api/costs/ask", &fields).await.error();
        assert_eq!(error.field.as_deref(), Some("question"), "{question}");
        assert_eq!(
            forget(&browser, &id, question).await.error().code,
            Code::Invalid
        );
    }
    for (name, text) in [
        ("by", "TEAM"),
        ("metric", "sum"),
        ("period", "ever"),
        ("step", "hours"),
    ] {
        let outcome = look(&browser, &id, &[(name, text)]).await.outcome;
        let Outcome::Refused(error) = outcome else {
            panic!("{name} isn't refused: {outcome:?}");
        };
        assert_eq!(error.field.as_deref(), Some(name));
    }
    assert!(stage.simulator.requests().is_empty());
}
