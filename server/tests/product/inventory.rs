//! The inventory: everything that the simulated EC2 has, for nothing; what may not be seen is said.

use domain::inventory::{InventoryPage, ResourceKind, ScanOutcome};
use reqwest::StatusCode;
use simulator::{
    books::inventory::Running,
    keys::{self, KeyPair},
};

use crate::support::{
    browser::Browser,
    day, eventually,
    stage::{Stage, TODAY, connect, settled, synced},
};

/// A page of a connection's inventory.
pub async fn page(browser: &Browser, id: &str, wish: &[(&str, &str)]) -> InventoryPage {
    let names: Vec<String> = (wish.iter())
        .map(|(name, _)| format!("wish[{name}]"))
        .collect();
    let mut fields = vec![("connection", id), ("wish[page]", "1")];
    fields.extend(
        names
            .iter()
            .map(String::as_str)
            .zip(wish.iter().map(|one| one.1)),
    );
    browser.ask("/api/inventory/page", &fields).await
}

/// Has everything looked at, and waits for that.
pub async fn scanned(browser: &Browser, id: &str) -> InventoryPage {
    let fields = [("connection", id)];
    browser.call("/api/inventory/scan", &fields).await.good();
    eventually("the scan ends", || async {
        let page = page(browser, id, &[]).await;
        let running = page.scan.as_ref().is_some_and(|scan| scan.running);
        (!running).then_some(page)
    })
    .await
}

async fn connected(stage: &Stage, key: &KeyPair) -> (Browser, String) {
    let browser = stage.administrator().await;
    let id = connect(&browser, "Production", key).await;
    settled(&browser, &id).await;
    stage.simulator.clear_requests();
    (browser, id)
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_is_there_is_seen_and_looking_again_asks_nothing() {
    let stage = Stage::new().await;
    let (browser, id) = connected(&stage, &keys::GOOD).await;
    let first = page(&browser, &id, &[]).await;
    assert!(first.scan.is_none() && first.rows.is_empty());
    let found = scanned(&browser, &id).await;
    let scan = found.scan.as_ref().unwrap();
    assert!(scan.error.is_none() && scan.regions_error.is_none());
    // 18 open regions and 10 closed ones, four kinds each; one question for the regions.
    assert_eq!((scan.done, scan.total), (28 * 4, 28 * 4));
    assert_eq!(stage.simulator.requests().len(), 1 + 18 * 4);
    assert!(stage.cost_requests().is_empty(), "nothing is paid for");
    assert_eq!(found.closed_regions, 10);
    assert_eq!(found.gaps, []);

    let books = stage.simulator.books();
    let seen = books.inventory().seen(day(TODAY));
    let counted = |kind: ResourceKind| {
        let of_kind = found.counts.iter().filter(|one| one.kind == kind);
        of_kind.map(|one| one.count as usize).sum::<usize>()
    };
    let there = seen
        .instances
        .iter()
        .filter(|one| !matches!(one.running, Running::Terminated(_)));
    assert_eq!(counted(ResourceKind::Instance), there.count());
    assert_eq!(counted(ResourceKind::Volume), seen.volumes.len());
    assert_eq!(counted(ResourceKind::Address), seen.addresses.len());
    assert_eq!(counted(ResourceKind::Snapshot), seen.snapshots.len());

    // Found again by what people know of them, page by page and as a file.
    let index = page(&browser, &id, &[("search", "r&d <old>")]).await;
    assert!(
        index
            .rows
            .iter()
            .any(|row| row.kind == ResourceKind::Volume)
    );
    assert!(
        index
            .rows
            .iter()
            .all(|row| row.name.as_deref().unwrap().contains("R&D <old>"))
    );
    let teams = page(&browser, &id, &[("tag", "Team=search"), ("kind", "volume")]).await;
    assert!(
        teams.total > 0
            && teams
                .rows
                .iter()
                .all(|row| row.kind == ResourceKind::Volume)
    );
    let file = browser
        .get(&format!(
            "/savings/inventory.csv?connection={id}&kind=address"
        ))
        .await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(file.good().body.lines().count(), 1 + seen.addresses.len());
    let shown = browser
        .get(&format!("/savings/inventory?connection={id}"))
        .await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains("R&amp;D &lt;old&gt; index") && !shown.body.contains("<old>"));
    assert_eq!(
        stage.simulator.requests().len(),
        1 + 18 * 4,
        "looking asks nothing"
    );

    let stranger = stage.browser();
    let file = stranger
        .get(&format!("/savings/inventory.csv?connection={id}"))
        .await;
    assert_eq!(
        (file.status, file.location()),
        (StatusCode::SEE_OTHER, "/sign-in")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_seen_is_said_and_the_rest_is_seen() {
    let stage = Stage::new().await;
    let (browser, id) = connected(&stage, &keys::WITHOUT_SNAPSHOTS).await;
    let found = scanned(&browser, &id).await;
    assert!(
        found
            .counts
            .iter()
            .all(|one| one.kind != ResourceKind::Snapshot)
    );
    assert!(
        found
            .counts
            .iter()
            .any(|one| one.kind == ResourceKind::Volume)
    );
    let [gap] = &found.gaps[..] else {
        panic!("one gap: {:?}", found.gaps)
    };
    assert_eq!((gap.kind, gap.regions.len()), (ResourceKind::Snapshot, 18));
    assert_eq!(gap.outcome, ScanOutcome::NotPermitted);
    let error = gap.error.as_ref().unwrap();
    assert!(
        error
            .policy
            .as_ref()
            .unwrap()
            .contains("ec2:DescribeSnapshots")
    );
    let shown = browser
        .get(&format!("/savings/inventory?connection={id}"))
        .await;
    assert!(shown.body.contains("can’t be seen"), "the page says so");
    assert!(shown.body.contains("Not looked for there"), "and for what");

    // The organization closes all but two regions: a gap there, nothing more.
    let (closed, own) = (&keys::TWO_REGIONS, stage.member("bob@example.com").await);
    let other = connect(&own, "Two regions", closed).await;
    synced(&own, &other).await;
    let found = scanned(&own, &other).await;
    let places: std::collections::BTreeSet<_> =
        found.counts.iter().map(|one| one.region.as_str()).collect();
    assert_eq!(places.len(), 2);
    assert!(found.gaps.iter().all(|gap| gap.regions.len() == 16));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_list_of_regions_those_are_looked_at_that_are_always_open() {
    let stage = Stage::new().await;
    let browser = stage.administrator().await;
    let id = connect(&browser, "Production", &keys::FORBIDDEN).await;
    synced(&browser, &id).await;
    let found = scanned(&browser, &id).await;
    let scan = found.scan.unwrap();
    assert!(scan.error.is_none());
    assert_eq!(scan.total, 17 * 4);
    assert!(scan.regions_error.is_some());
}
