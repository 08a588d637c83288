//! Findings: never more than the bill, with a life of their own, booked when they are mended.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use domain::{
    Code,
    findings::{Check, Finding, FindingState, Findings},
};
use simulator::{books, keys};

use crate::{
    inventory::scanned,
    support::{
        browser::Browser,
        database, day,
        oracle::rounded,
        stage::{Stage, TODAY, connect, synced},
    },
};

/// What was found, in one state.
pub async fn findings(browser: &Browser, id: &str, state: &str) -> Findings {
    let fields = [
        ("connection", id),
        ("wish[state]", state),
        ("wish[page]", "1"),
    ];
    browser.ask("/api/savings/findings", &fields).await
}

async fn decide(browser: &Browser, one: &Finding, state: &str, reason: &str) -> Finding {
    let id = one.id.to_string();
    let fields = [
        ("finding", &*id),
        ("state", state),
        ("days", "30"),
        ("reason", reason),
    ];
    browser.ask("/api/savings/decide", &fields).await
}

/// What each usage type cost in the thirty finished days before a day, by the books.
fn billed(stage: &Stage, today: NaiveDate) -> BTreeMap<String, i64> {
    let books = stage.simulator.books();
    let metric = books::Metric::parse("UnblendedCost").unwrap();
    let mut billed = BTreeMap::new();
    for back in 3..=32 {
        let date = today - Days::new(back);
        let mut rows: BTreeMap<_, i128> = BTreeMap::new();
        for (line, amount) in books.charges(date, today, metric) {
            let key = (line.service, line.usage_type.clone());
            *rows.entry(key).or_default() += i128::from(amount);
        }
        for ((_, usage_type), exact) in rows {
            *billed.entry(usage_type).or_default() += rounded(exact);
        }
    }
    billed
}

fn never_above_the_bill(found: &Findings, billed: &BTreeMap<String, i64>) {
    let mut claimed: BTreeMap<&str, i64> = BTreeMap::new();
    let claims = found.rows.iter().flat_map(|one| &one.assessed.claims);
    for claim in claims {
        *claimed.entry(&claim.usage_type).or_default() += claim.amount.0;
    }
    let claims = found.rows.iter().flat_map(|one| &one.assessed.claims);
    let own: BTreeSet<&str> = (claims.filter(|claim| claim.own))
        .map(|claim| claim.usage_type.as_str())
        .collect();
    assert!(own.len() > 5, "most is at the account's own rates");
    for (usage_type, claimed) in claimed {
        // What isn't on the bill at all is at the list price.
        let Some(billed) = billed.get(usage_type) else {
            continue;
        };
        assert!(claimed <= *billed, "{usage_type}: {claimed} of {billed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_is_put_off_dismissed_and_booked_when_it_is_mended() {
    let mut stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Production", &keys::GOOD).await;
    synced(&browser, &id).await;
    let before = stage.cost_requests().len();
    scanned(&browser, &id).await;
    assert_eq!(stage.cost_requests().len(), before, "nothing is paid for");

    let found = findings(&browser, &id, "open").await;
    assert_eq!(
        found.rows.len(),
        usize::try_from(found.total).unwrap(),
        "all on one page"
    );
    never_above_the_bill(&found, &billed(&stage, day(TODAY)));
    for check in [
        Check::StoppedInstance,
        Check::UnattachedVolume,
        Check::Gp2ToGp3,
        Check::Io1ToNewer,
        Check::IdleAddress,
        Check::OrphanSnapshot,
        Check::PreviousGeneration,
        Check::LongRunning,
    ] {
        let there = found.rows.iter().any(|one| one.assessed.check == check);
        assert!(there, "{check:?}");
    }
    let sum: i64 = found.rows.iter().map(|one| one.per_month().amount.0).sum();
    assert_eq!(
        (found.sums.found.amount.0, found.sums.open),
        (sum, found.total)
    );

    // Put off, dismissed, opened again: each with a reason.
    let (first, second) = (&found.rows[0], &found.rows[1]);
    let number = first.id.to_string();
    let fields = [
        ("finding", &*number),
        ("state", "dismissed"),
        ("reason", " "),
    ];
    let refused = browser.call("/api/savings/decide", &fields).await;
    assert_eq!(refused.code(), Code::Invalid);
    let fields = [
        ("finding", &*number),
        ("state", "resolved"),
        ("reason", "so"),
    ];
    let refused = browser.call("/api/savings/decide", &fields).await;
    assert_eq!(refused.code(), Code::Invalid, "only AWS can say that");
    let snoozed = decide(&browser, first, "snoozed", "after the move").await;
    assert_eq!(snoozed.state, FindingState::Snoozed);
    assert_eq!(snoozed.until, Some(day("2026-12-24")));
    let dismissed = decide(&browser, second, "dismissed", "the law wants it").await;
    assert_eq!(dismissed.reason, "the law wants it");
    let now = findings(&browser, &id, "open").await;
    assert_eq!(now.sums.open, found.total - 2);
    assert_eq!(now.sums.snoozed, first.per_month());
    scanned(&browser, &id).await;
    let now = findings(&browser, &id, "snoozed").await;
    assert_eq!(
        now.rows[0].reason, "after the move",
        "a scan keeps decisions"
    );
    let opened = decide(&browser, second, "open", "").await;
    assert_eq!((opened.state, &*opened.reason), (FindingState::Open, ""));

    // The page and the finding's own, without scripts.
    let shown = browser.get(&format!("/savings?connection={id}")).await;
    assert!(shown.good().body.contains("Idle Elastic IP address"));
    let shown = browser.get(&format!("/savings/findings/{number}")).await;
    assert!(shown.good().body.contains("aws ec2 "));
    assert!(shown.body.contains("after the move"));

    // Some weeks later some of it is gone: booked is what isn't paid for any more.
    let gone: Vec<(&Finding, i64)> = {
        let later = stage.simulator.books();
        let later = later.inventory().seen(day("2027-01-20"));
        let there: BTreeSet<&str> = (later.volumes.iter().map(|one| one.id.as_str()))
            .chain(later.addresses.iter().map(|one| one.allocation.as_str()))
            .chain(later.snapshots.iter().map(|one| one.id.as_str()))
            .chain(later.instances.iter().map(|one| one.id.as_str()))
            .collect();
        let gone = found
            .rows
            .iter()
            .filter(|one| !there.contains(&*one.assessed.resource) && one.per_month().amount.0 > 0);
        gone.map(|one| {
            let held = one.assessed.held.iter();
            let gone = held.filter(|held| !there.contains(&*held.id));
            let gone: i128 = gone.map(|held| i128::from(held.cost.0)).sum();
            let amount = i128::from(one.per_month().amount.0) * gone;
            let amount = amount / i128::from(one.assessed.claimed.0);
            (one, i64::try_from(amount).unwrap())
        })
        .collect()
    };
    assert!(!gone.is_empty(), "the story goes on");
    stage.on("2027-01-20").await;
    let browser = stage.administrator_again().await;
    synced(&browser, &id).await;
    scanned(&browser, &id).await;
    let resolved = findings(&browser, &id, "resolved").await;
    for (gone, amount) in gone {
        let one = resolved.rows.iter().find(|one| one.id == gone.id);
        let one = one.unwrap_or_else(|| panic!("{} is booked", gone.assessed.resource));
        assert_eq!(one.per_month().amount.0, amount);
    }
    let sum: i64 = resolved
        .rows
        .iter()
        .map(|one| one.per_month().amount.0)
        .sum();
    assert_eq!(resolved.sums.realized.amount.0, sum);
    // The snooze is over.
    let snoozed = findings(&browser, &id, "snoozed").await;
    assert_eq!(snoozed.total, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_seen_is_neither_found_nor_booked() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Production", &keys::GOOD).await;
    synced(&browser, &id).await;
    scanned(&browser, &id).await;
    let found = findings(&browser, &id, "open").await;
    // From now on nobody may look at snapshots, nor, later, at anything else: what was found
    // stays, and so does a snapshot whose volume may be there unseen.
    for (operation, gaps) in [
        ("DescribeSnapshots", 1),
        ("DescribeVolumes", 2),
        ("DescribeAddresses", 3),
        ("DescribeInstances", 4),
    ] {
        stage.fault(serde_json::json!({
            "service": "ec2", "operation": operation,
            "shares": [{"percent": 100, "outcome": {"status": 403, "code": "UnauthorizedOperation"}}],
        }));
        let page = scanned(&browser, &id).await;
        assert_eq!(page.gaps.len(), gaps);
        let now = findings(&browser, &id, "open").await;
        assert_eq!(now.rows, found.rows, "{operation}");
        assert_eq!(now.sums.resolved, 0);
    }

    // Other thresholds book nothing either, once all can be seen again: nothing was done.
    stage.simulator.clear_faults();
    let page = scanned(&browser, &id).await;
    assert!(page.gaps.is_empty());
    let fields = [
        ("connection", &*id),
        ("stopped", "3650"),
        ("long_stopped", "3650"),
        ("unattached", "3650"),
        ("idle_address", "3650"),
        ("old_snapshot", "3650"),
        ("running", "3650"),
    ];
    browser
        .call("/api/savings/set_thresholds", &fields)
        .await
        .good();
    let now = findings(&browser, &id, "open").await;
    assert!(now.total < found.total && now.thresholds.unattached == 3_650);
    let patient = |one: &Finding| {
        matches!(
            one.assessed.check,
            Check::UnattachedVolume | Check::StoppedInstance
        )
    };
    assert!(!now.rows.iter().any(patient));
    assert_eq!(
        database::count(&stage.database(), "findings WHERE state = 'resolved'").await,
        0
    );
}
