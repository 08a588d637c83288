//! Reservations and Savings Plans: asked for by a person for the price that was shown, and equal
//! to the books; owning none is not using 0 %.

use domain::{
    Code,
    committed::{Committed, Holding, Measure, Targets, What},
    period::Period,
    unusual::Said,
};
use simulator::{books::Metric, keys};

use crate::support::{
    browser::Browser,
    day,
    oracle::rounded,
    stage::{Stage, connect, synced},
};

async fn committed(browser: &Browser, id: &str) -> Committed {
    let fields = [("connection", id)];
    browser.ask("/api/commitments/of_connection", &fields).await
}

async fn ask(browser: &Browser, id: &str) {
    let fields = [("connection", id)];
    browser
        .call("/api/commitments/ask_aws", &fields)
        .await
        .good();
}

fn owned(page: &Committed) -> Vec<&Holding> {
    let aws = page.aws.as_ref().expect("an answer");
    aws.holdings
        .iter()
        .filter(|one| one.owned().is_some())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_owned_did_as_the_books_say() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Company", &keys::GOOD).await;
    synced(&browser, &id).await;
    let before = committed(&browser, &id).await;
    assert!(before.aws.is_none() && before.may_ask && before.kinds >= 3);
    stage.simulator.clear_requests();
    ask(&browser, &id).await;
    let page = committed(&browser, &id).await;
    let (books, today) = (stage.simulator.books(), stage.simulator.today());
    // Four questions for each of the two kinds that are owned, one for each of the others.
    let asked = stage.cost_requests().len();
    let kinds = usize::try_from(page.kinds).unwrap();
    assert_eq!(owned(&page).len(), 2);
    assert_eq!(asked, kinds + 2 * 3);
    let none = page.aws.as_ref().unwrap().holdings.iter();
    assert_eq!(
        none.filter(|one| one.held == Said::Told(None)).count(),
        kinds - 2
    );

    let october = Period::month_of(day("2026-10-01"));
    let range = october.start()..october.end();
    let sum = |metric, kind: &str| {
        books.total(range.clone(), today, metric, |line| {
            line.record_type == kind
        })
    };
    for holding in owned(&page) {
        let held = holding.owned().unwrap();
        assert_eq!(held.months.len(), 13, "{:?}", holding.what);
        assert_eq!(held.days.len(), 31 + 23);
        assert!(held.gaps.is_empty());
        let row = held
            .months
            .iter()
            .find(|row| row.period == october)
            .expect("October");
        assert!(
            row.covered_percent
                .is_some_and(|covered| (0.0..=100.0).contains(&covered))
        );
        assert!(
            row.used_percent
                .is_some_and(|used| (0.0..=100.0).contains(&used))
        );
        match (&holding.what, row.used) {
            (What::Reservations(_), Some(Measure::Hours(hours))) => {
                let used = sum(Metric::UsageQuantity, "DiscountedUsage");
                let expected: f64 = simulator::books::decimal(used).parse().unwrap();
                assert!((hours - expected).abs() < 1e-3, "{hours} {expected}");
            }
            (What::SavingsPlans, Some(Measure::Spent(spent))) => {
                let used = sum(Metric::AmortizedCost, "SavingsPlanCoveredUsage");
                assert!(spent.0.abs_diff(rounded(used)) < 10_000, "{spent:?} {used}");
            }
            other => panic!("{other:?}"),
        }
        // Days add up to their month.
        let days = held
            .days
            .iter()
            .filter(|row| october.contains(row.period.start()));
        let unused: i64 = days
            .filter_map(|row| row.unused_cost)
            .map(|cost| cost.0)
            .sum();
        let whole = row.unused_cost.expect("a cost").0;
        assert!(unused.abs_diff(whole) < 100, "{unused} {whole}");
    }
    let html = browser
        .get(&format!("/savings/commitments?connection={id}"))
        .await;
    assert_eq!(html.status, 200);
    assert!(html.body.contains("<svg") && html.body.contains("What unused commitments cost"));
    // A whole answer is good for a day.
    assert!(!page.may_ask);
    ask(&browser, &id).await;
    assert_eq!(stage.cost_requests().len(), asked);
}

#[tokio::test(flavor = "multi_thread")]
async fn none_owned_is_said_and_a_gap_is_its_own() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let shop = connect(&browser, "Shop", &keys::SMALL_ACCOUNT).await;
    synced(&browser, &shop).await;
    ask(&browser, &shop).await;
    let page = committed(&browser, &shop).await;
    let aws = page.aws.as_ref().unwrap();
    assert!(
        aws.holdings.iter().all(|one| one.held == Said::Told(None)),
        "{aws:?}"
    );
    assert_eq!(aws.unused_in_month(page.today), None);
    let html = browser
        .get(&format!("/savings/commitments?connection={shop}"))
        .await;
    assert!(html.body.contains("None owned"));

    let key = &keys::WITHOUT_COMMITMENTS;
    let gap = connect(&browser, "Without", key).await;
    synced(&browser, &gap).await;
    ask(&browser, &gap).await;
    let page = committed(&browser, &gap).await;
    let aws = page.aws.as_ref().unwrap();
    let denied = aws
        .holdings
        .iter()
        .filter(|one| matches!(&one.held, Said::Refused(error) if error.code == Code::AwsDenied));
    assert!(denied.count() > 0 && page.may_ask, "{aws:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cap_holds_and_targets_are_remembered() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Company", &keys::GOOD).await;
    synced(&browser, &id).await;
    let cap = [("connection", &*id), ("cap", "0.01")];
    browser.call("/api/spending/set_cap", &cap).await.good();
    stage.simulator.clear_requests();
    let fields = [("connection", &*id)];
    let refused = browser
        .call("/api/commitments/ask_aws", &fields)
        .await
        .error();
    assert_eq!(refused.code, Code::CapReached);
    assert_eq!(stage.cost_requests().len(), 0);
    let targets = [("connection", &*id), ("used", "80"), ("covered", "60%")];
    browser
        .call("/api/commitments/set_targets", &targets)
        .await
        .good();
    let page = committed(&browser, &id).await;
    assert_eq!(
        page.targets,
        Targets {
            used: 80,
            covered: 60
        }
    );
    let wrong = [("connection", &*id), ("used", "lots"), ("covered", "60")];
    let refused = browser
        .call("/api/commitments/set_targets", &wrong)
        .await
        .error();
    assert_eq!(refused.field.as_deref(), Some("used"));
}
