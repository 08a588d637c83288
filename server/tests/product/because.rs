//! Why costs differ where some charges don't count: asked for the price that was shown, and
//! equal to the books.

use std::collections::BTreeMap;

use domain::{
    breakdown::{Found, Offer, Reasons},
    job::{JobState, SyncState},
    money::Nanos,
    period::Period,
    why::Why,
};
use serde_json::json;
use simulator::books::{self, Line};

use crate::{
    breakdown::{begun, found},
    support::{
        browser::Browser,
        oracle::rounded,
        stage::{Stage, synced},
    },
};

fn offer(found: &Found) -> &Offer {
    match &found.why {
        Some(Reasons::Ask(offer)) => offer,
        other => panic!("it isn't offered: {other:?}"),
    }
}

fn why(found: &Found) -> &Why {
    match &found.why {
        Some(Reasons::Known(all)) => match &all[..] {
            [(_, why)] => why,
            _ => panic!("one currency, not {}", all.len()),
        },
        other => panic!("it isn't known: {other:?}"),
    }
}

async fn ask(browser: &Browser, id: &str, offer: &Offer) {
    let question = serde_json::to_string(&offer.question).unwrap();
    let fields = [("connection", id), ("question", &question)];
    let asked: SyncState = browser.ask("/api/costs/ask", &fields).await;
    assert!(asked.asked && asked.running);
    let state = synced(browser, id).await;
    assert_eq!((state.state, state.error), (Some(JobState::Done), None));
}

/// What each service came to without credits, refunds and tax, as rows of service × usage type ×
/// day are rounded, each once.
fn services(
    stage: &Stage,
    period: Period,
    counts: impl Fn(&Line) -> bool,
) -> BTreeMap<String, i64> {
    let (books, today) = (stage.simulator.books(), stage.simulator.today());
    let metric = books::Metric::parse("UnblendedCost").unwrap();
    let mut services = BTreeMap::new();
    for date in period.days() {
        let mut rows: BTreeMap<_, i128> = BTreeMap::new();
        for (line, amount) in books.charges(date, today, metric) {
            if !["Credit", "Refund", "Tax"].contains(&line.record_type) && counts(line) {
                let row = (line.service, line.usage_type.clone());
                *rows.entry(row).or_default() += i128::from(amount);
            }
        }
        for ((service, _), exact) in rows {
            *services.entry(service.to_owned()).or_default() += rounded(exact);
        }
    }
    services
}

fn check(stage: &Stage, found: &Found, counts: impl Fn(&Line) -> bool) {
    let why = why(found);
    let before = found.wanted.compare.expect("a period to compare with");
    let [before, now] = [before, found.wanted.period].map(|one| services(stage, one, &counts));
    assert!(now.len() > 3, "too few services to prove anything");
    let sum = |services: &BTreeMap<String, i64>| Nanos(services.values().sum());
    assert_eq!(why.cost, [sum(&before), sum(&now)]);
    for one in &why.services {
        let of = |services: &BTreeMap<String, i64>| {
            Nanos(services.get(&one.service).copied().unwrap_or_default())
        };
        assert_eq!(one.cost, [of(&before), of(&now)], "{}", one.service);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_we_used_is_explained_after_the_price_was_shown() {
    let (mut stage, mut browser, id) = begun().await;
    let wish = [
        ("view", "used"),
        ("period", "last-month"),
        ("compare", "before"),
    ];
    let asked = found(&browser, &id, &wish).await;
    let offered = offer(&asked);
    assert!(offered.first && offered.question.filter.is_some());
    let page = browser
        .get("/costs?view=used&period=last-month&compare=before")
        .await
        .body;
    assert!(page.contains("AWS has to be asked"), "{page}");
    assert!(page.contains("Ask AWS — $0.01 a page"));
    assert!(
        stage.simulator.requests().is_empty(),
        "looking asks nothing"
    );
    ask(&browser, &id, offered).await;
    let requests = stage.cost_requests();
    // One question, of as many pages as AWS has.
    assert!(!requests.is_empty());
    for request in &requests {
        let body = request.body.as_ref().unwrap();
        assert_eq!(body["GroupBy"][1]["Key"], "USAGE_TYPE");
        assert_eq!(
            body["Filter"]["Not"]["Dimensions"]["Key"],
            json!("RECORD_TYPE")
        );
    }
    let pages = requests.len();
    check(&stage, &found(&browser, &id, &wish).await, |_| true);

    // The same answer explains other periods, and another metric, for nothing.
    let mut quarter = wish;
    quarter[1].1 = "3-months";
    check(&stage, &found(&browser, &id, &quarter).await, |_| true);
    let amortized = [&wish[..], &[("metric", "amortized")]].concat();
    why(&found(&browser, &id, &amortized).await);
    assert_eq!(stage.cost_requests().len(), pages);

    // A filter that usage types aren't told apart under is another question.
    let region = [
        ("period", "last-month"),
        ("compare", "before"),
        ("only", "REGION"),
        ("values", "eu-west-1"),
    ];
    let filtered = found(&browser, &id, &region).await;
    assert_ne!(offer(&filtered).question, offered.question);

    // Where days have come since, the answer lacks them: a refresh asks for what is looked at.
    stage.on("2026-11-26").await;
    browser.url.clone_from(&stage.server.url);
    let fields = [("connection", &*id)];
    browser.call("/api/costs/refresh", &fields).await.good();
    let state = synced(&browser, &id).await;
    assert_eq!((state.error, state.asked_requests), (None, 1));
    let this_month = [
        ("view", "used"),
        ("period", "this-month"),
        ("compare", "month"),
    ];
    check(&stage, &found(&browser, &id, &this_month).await, |_| true);
}

#[tokio::test(flavor = "multi_thread")]
async fn days_that_the_answer_lacks_are_offered_again() {
    let (stage, browser, id) = begun().await;
    let wish = [
        ("view", "used"),
        ("period", "last-month"),
        ("compare", "before"),
    ];
    let asked = found(&browser, &id, &wish).await;
    ask(&browser, &id, offer(&asked)).await;
    let lost = "DELETE FROM cube_days WHERE day = \
                (SELECT MAX(day) - 40 FROM cube_days) AND cube_id IN \
                (SELECT id FROM cubes WHERE name NOT LIKE 'service_%')";
    crate::support::database::run(&stage.database(), lost).await;
    let again = found(&browser, &id, &wish).await;
    assert!(!offer(&again).first, "it was answered once");
}
