//! What stands beside the figures of all connections: sums of what each has, and who needs a
//! person.

use std::collections::BTreeMap;

use domain::{
    Code,
    committed::Committed,
    metric::Metric,
    money::{Money, Nanos},
    period::Period,
    report::{Overview, Part, Together, Unused},
    trouble::Trouble,
};
use serde_json::json;
use simulator::{books, keys};

use crate::{
    inventory::scanned,
    savings::findings,
    support::{
        browser::Browser,
        oracle::rounded,
        stage::{Stage, connect, overview, synced},
    },
};

async fn together(browser: &Browser) -> Together {
    let fields = [("metric", "unblended"), ("view", "console")];
    browser.ask("/api/costs/together", &fields).await
}

async fn committed(browser: &Browser, id: &str) -> Committed {
    let fields = [("connection", id)];
    browser
        .call("/api/commitments/ask_aws", &fields)
        .await
        .good();
    browser.ask("/api/commitments/of_connection", &fields).await
}

fn sum(all: impl IntoIterator<Item = Money>) -> Vec<Money> {
    let all: Vec<Money> = all.into_iter().collect();
    let currency = all[0].currency;
    assert!(all.iter().all(|one| one.currency == currency));
    let sum = Nanos::sum(all.iter().map(|one| one.amount)).expect("a sum");
    vec![Money::new(sum, currency)]
}

/// What credits took off this month so far, as rows of service × day are rounded, each once.
fn credits(stage: &Stage) -> i64 {
    let (books, today) = (stage.simulator.books(), stage.simulator.today());
    let metric = books::Metric::parse(Metric::Unblended.aws_name()).expect("AWS's name");
    let mut sum = 0;
    for date in Period::month_to_date(today).days() {
        let mut rows: BTreeMap<_, i128> = BTreeMap::new();
        for (line, amount) in books.charges(date, today, metric) {
            if line.record_type == "Credit" {
                *rows.entry(line.service).or_default() += i128::from(amount);
            }
        }
        sum += rows.into_values().map(rounded).sum::<i64>();
    }
    sum
}

/// Whether it is old depends on the machine's clock.
fn troubles(part: &Part) -> Vec<&Trouble> {
    let all = part.troubles.iter();
    all.filter(|one| !matches!(one, Trouble::Stale { .. }))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn waste_credits_and_spending_are_added_up_and_who_fails_is_told() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let company = connect(&browser, "Company", &keys::GOOD).await;
    let other = connect(&browser, "Other", &keys::OTHER_ACCOUNT).await;
    let shop = connect(&browser, "Shop", &keys::SMALL_ACCOUNT).await;
    let ids = [&company, &other, &shop];
    for id in ids {
        synced(&browser, id).await;
        scanned(&browser, id).await;
    }
    let owned = committed(&browser, &company).await;
    let none = committed(&browser, &shop).await;
    assert_eq!(
        none.aws.expect("an answer").unused("USD".parse().unwrap()),
        Some(Unused::NoneOwned)
    );
    stage.simulator.clear_requests();

    let all = together(&browser).await;
    assert!(all.left_out.is_empty());
    let [one] = &all.sums[..] else {
        panic!("one currency, not {}", all.sums.len());
    };
    let beside = &one.beside;
    let mut found = Vec::new();
    let mut open = 0;
    let mut shown: Vec<Overview> = Vec::new();
    for id in ids {
        let sums = findings(&browser, id, "open").await.sums;
        found.push(sums.found);
        open += sums.open;
        shown.push(overview(&browser, id, Metric::Unblended).await);
    }
    assert!(open > 8, "too few findings to prove anything");
    assert_eq!(beside.findings, sum(found));
    assert_eq!((beside.open, beside.not_looked), (open, 0));

    let aws = owned.aws.expect("an answer");
    let Some(Unused::Cost { month, cost }) = aws.unused("USD".parse().unwrap()) else {
        panic!("commitments are owned");
    };
    let unused: Vec<_> = beside
        .unused
        .iter()
        .map(|one| (one.month, one.cost))
        .collect();
    assert_eq!(unused, [(month, cost)]);
    assert_eq!((beside.none_owned, beside.not_asked), (1, 1));

    let part = |id: &str| {
        let part = one
            .parts
            .iter()
            .find(|part| part.connection.to_string() == id);
        part.expect("it is in the sum")
    };
    let in_books = Nanos(credits(&stage));
    assert_ne!(in_books, Nanos::ZERO);
    assert_eq!(part(&company).credits.expect("credits").amount, in_books);
    assert_eq!(
        beside.credits,
        sum(shown.iter().filter_map(|overview| overview.credits))
    );
    assert_eq!(beside.spent, sum(shown.iter().map(|one| one.cap.spent)));
    assert!(beside.spent[0].amount > Nanos::ZERO);
    assert_eq!(beside.caps[0].display(), "$15.00");
    for id in ids {
        assert_eq!(troubles(part(id)), Vec::<&Trouble>::new());
    }
    let page = browser.get("/?connection=all").await.body;
    for money in [&beside.findings, &beside.credits, &beside.spent].map(|all| &all[0]) {
        assert!(page.contains(&money.display()), "{}", money.display());
    }
    assert!(page.contains("Of $15.00 at most, all caps together."));
    assert!(
        stage.simulator.requests().is_empty(),
        "looking never asks AWS"
    );

    // One is refused, the other has spent what it may.
    let outcome =
        json!({"status": 400, "code": "AccessDeniedException", "message": "Not any more."});
    let shares = json!([{"percent": 100, "outcome": outcome}]);
    stage.fault(json!({"service": "ce", "shares": shares}));
    let fields = [("connection", &*other)];
    browser.call("/api/costs/refresh", &fields).await.good();
    assert!(synced(&browser, &other).await.error.is_some());
    let fields = [("connection", &*shop), ("cap", "0.01")];
    browser.call("/api/spending/set_cap", &fields).await.good();
    let all = together(&browser).await;
    let parts = &all.sums[0].parts;
    assert_eq!(parts.len(), 3, "what is stored stays");
    for part in parts {
        match (part.name.as_str(), &troubles(part)[..]) {
            ("Company", []) => {}
            ("Other", [Trouble::Failing(Some(error))]) => assert_eq!(error.code, Code::AwsDenied),
            ("Shop", [Trouble::CapReached { .. }]) => {}
            other => panic!("{other:?}"),
        }
    }
    let page = browser.get("/?connection=all").await.body;
    assert!(page.contains("Not everything here is up to date"));
    for link in [
        format!("/connections/{other}/doctor"),
        format!("/connections/{shop}#cap"),
    ] {
        assert!(page.contains(&link), "{link}");
    }
}
