//! The inventory: scans that one works on at a time, and resources with when they were seen.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Code, Error,
    account::ConnectionId,
    inventory::{
        InventoryFilter, Region, Resource, ResourceKind, ScanOutcome, Tags, Volume, VolumeState,
        VolumeType,
    },
};
use server::store::{Store, StoreError, inventory::ScanRun};
use uuid::Uuid;

use crate::support::{Fresh, connected, noon, on_both, person};

on_both!(
    what_is_seen_is_found_again,
    a_resource_is_followed_from_scan_to_scan,
    one_scan_at_a_time_and_a_killed_one_goes_on,
    a_gap_leaves_what_was_seen,
    the_inventory_goes_with_its_connection,
);

fn virginia() -> Region {
    "us-east-1".parse().unwrap()
}

fn volume(id: &str, state: VolumeState, tags: &[(&str, &str)]) -> Resource {
    let tags = tags
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect::<Tags>();
    Resource::Volume(Volume {
        id: id.to_owned(),
        region: virginia(),
        zone: None,
        volume_type: VolumeType::Gp3,
        state,
        size_gib: 100,
        iops: Some(3_000),
        throughput_mib: Some(125),
        created_at: None,
        multi_attach: false,
        encrypted: None,
        snapshot: None,
        managed_by: None,
        attachments: Vec::new(),
        tags,
    })
}

async fn somebodys(fresh: &Fresh) -> (Store, ConnectionId) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    (store, id)
}

async fn begin(store: &Store, id: ConnectionId, now: DateTime<Utc>) -> ScanRun {
    let begun = store.inventory().begin(id, true, now).await.unwrap();
    begun.expect("no other scan is under way")
}

/// A whole scan that sees these volumes.
async fn scan(store: &Store, id: ConnectionId, seen: &[Resource], now: DateTime<Utc>) {
    let scan = begin(store, id, now).await;
    let place = (&virginia(), ResourceKind::Volume);
    assert!(
        store
            .inventory()
            .keep(&scan, place, seen, now)
            .await
            .unwrap()
    );
    store.inventory().end(&scan, None, now).await.unwrap();
}

async fn ids(store: &Store, id: ConnectionId, filter: &InventoryFilter) -> Vec<String> {
    let list = store.inventory().list(id, filter, 0, 100).await.unwrap();
    let count = store.inventory().count(id, filter).await.unwrap();
    assert_eq!(usize::try_from(count).unwrap(), list.len());
    let id = |one: server::store::inventory::StoredResource| one.resource.id().to_owned();
    list.into_iter().map(id).collect()
}

async fn what_is_seen_is_found_again(fresh: Fresh) {
    let (store, id) = somebodys(&fresh).await;
    let free = VolumeState::Available;
    let seen = [
        volume(
            "vol-3",
            free.clone(),
            &[("Name", "100%_sure"), ("Team", "Data")],
        ),
        volume("vol-1", free.clone(), &[("Team", "Database")]),
        volume("vol-2", free, &[]),
    ];
    scan(&store, id, &seen, noon()).await;
    let all = InventoryFilter::default();
    assert_eq!(ids(&store, id, &all).await, ["vol-1", "vol-2", "vol-3"]);
    let found = store.inventory().list(id, &all, 2, 1).await.unwrap();
    assert_eq!(found[0].resource, seen[0]);
    assert_eq!(
        (found[0].first_seen_at, found[0].last_seen_at),
        (noon(), noon())
    );
    let search = |text: &str| InventoryFilter {
        search: Some(text.to_owned()),
        ..InventoryFilter::default()
    };
    assert_eq!(ids(&store, id, &search("sure")).await, ["vol-3"]);
    assert_eq!(ids(&store, id, &search("gp3, 100 gib")).await.len(), 3);
    // Not `LIKE`'s own letters: this is nobody's text.
    assert_eq!(ids(&store, id, &search("1%0")).await, [""; 0]);
    assert_eq!(ids(&store, id, &search("100%_")).await, ["vol-3"]);
    let tag = |key: &str, value: Option<&str>| InventoryFilter {
        tag: Some((key.to_owned(), value.map(str::to_owned))),
        ..InventoryFilter::default()
    };
    assert_eq!(
        ids(&store, id, &tag("team", None)).await,
        ["vol-1", "vol-3"]
    );
    // The whole value, and not the key of another tag's value.
    assert_eq!(ids(&store, id, &tag("team", Some("data"))).await, ["vol-3"]);
    assert_eq!(ids(&store, id, &tag("data", None)).await, [""; 0]);
    let instances = InventoryFilter {
        kind: Some(ResourceKind::Instance),
        ..InventoryFilter::default()
    };
    assert_eq!(ids(&store, id, &instances).await, [""; 0]);
}

async fn a_resource_is_followed_from_scan_to_scan(fresh: Fresh) {
    let (store, id) = somebodys(&fresh).await;
    let day = |count: i64| noon() + TimeDelta::days(count);
    let (used, free) = (VolumeState::InUse, VolumeState::Available);
    let states = [
        Some(used),
        Some(free.clone()),
        Some(free.clone()),
        None,
        Some(free),
    ];
    for (at, state) in (0..).zip(states) {
        let seen: Vec<_> = state
            .map(|state| volume("vol-1", state, &[]))
            .into_iter()
            .collect();
        scan(&store, id, &seen, day(at)).await;
        let filter = |gone| InventoryFilter {
            gone,
            ..InventoryFilter::default()
        };
        let gone = store
            .inventory()
            .list(id, &filter(true), 0, 9)
            .await
            .unwrap();
        let there = store
            .inventory()
            .list(id, &filter(false), 0, 9)
            .await
            .unwrap();
        assert_eq!(gone.len() + there.len(), 1);
        let one = gone.into_iter().chain(there).next().unwrap();
        assert_eq!(one.first_seen_at, day(0));
        let known = (one.last_seen_at, one.state_since, one.gone_at);
        assert_eq!(
            known,
            match at {
                0 => (day(0), day(0), None),
                1 => (day(1), day(1), None),
                // Unattached since the day before, though AWS doesn't say.
                2 => (day(2), day(1), None),
                3 => (day(2), day(1), Some(day(3))),
                _ => (day(4), day(4), None),
            }
        );
    }
}

async fn one_scan_at_a_time_and_a_killed_one_goes_on(fresh: Fresh) {
    let (store, id) = somebodys(&fresh).await;
    let inventory = store.inventory();
    let first = begin(&store, id, noon()).await;
    inventory.plan(&first, 8, None).await.unwrap();
    assert_eq!(inventory.begin(id, true, noon()).await.unwrap(), None);
    let place = (&virginia(), ResourceKind::Volume);
    let seen = [volume("vol-1", VolumeState::InUse, &[])];
    assert!(inventory.keep(&first, place, &seen, noon()).await.unwrap());
    let scan = inventory.scan(id, noon()).await.unwrap().unwrap();
    assert!(scan.running && (scan.done, scan.total) == (1, 8));
    // It gives no sign of life.
    let later = noon() + TimeDelta::seconds(61);
    assert_eq!(inventory.stuck(noon()).await.unwrap(), []);
    assert_eq!(inventory.stuck(later).await.unwrap(), [id]);
    assert!(!inventory.scan(id, later).await.unwrap().unwrap().running);
    let second = begin(&store, id, later).await;
    let done = inventory.done(&second).await.unwrap();
    assert!(
        done.contains(&(virginia(), ResourceKind::Volume)),
        "not asked again"
    );
    // The first, if it lives after all, keeps nothing more and ends nothing.
    assert!(!inventory.renew(&first, later).await.unwrap());
    assert!(!inventory.keep(&first, place, &[], later).await.unwrap());
    inventory.end(&first, None, later).await.unwrap();
    let scan = inventory.scan(id, later).await.unwrap().unwrap();
    assert!(scan.running && scan.started_at == noon());
    assert_eq!(
        ids(&store, id, &InventoryFilter::default()).await,
        ["vol-1"]
    );
    inventory.end(&second, None, later).await.unwrap();
    let third = begin(&store, id, later).await;
    assert!(inventory.done(&third).await.unwrap().is_empty());
}

async fn a_gap_leaves_what_was_seen(fresh: Fresh) {
    let (store, id) = somebodys(&fresh).await;
    let seen = [volume("vol-1", VolumeState::InUse, &[])];
    scan(&store, id, &seen, noon()).await;
    let later = noon() + TimeDelta::days(1);
    let run = begin(&store, id, later).await;
    let error = Error::new(Code::AwsDenied, "No.", "Ask for more.");
    let place = (&virginia(), ResourceKind::Volume);
    let inventory = store.inventory();
    let denied = ScanOutcome::NotPermitted;
    let kept = inventory.keep_gap(&run, place, denied, Some(&error), later);
    assert!(kept.await.unwrap());
    let parts = inventory.parts(id).await.unwrap();
    assert_eq!(parts.len(), 1);
    assert_eq!((parts[0].outcome, parts[0].found), (denied, 1));
    assert_eq!(parts[0].error.as_ref(), Some(&error));
    assert_eq!(parts[0].complete_at, Some(noon()));
    let list = inventory
        .list(id, &InventoryFilter::default(), 0, 9)
        .await
        .unwrap();
    assert_eq!((list[0].last_seen_at, list[0].gone_at), (noon(), None));
}

async fn the_inventory_goes_with_its_connection(fresh: Fresh) {
    let (store, id) = somebodys(&fresh).await;
    scan(
        &store,
        id,
        &[volume("vol-1", VolumeState::InUse, &[])],
        noon(),
    )
    .await;
    let run = begin(&store, id, noon()).await;
    let ann = store
        .connections()
        .one_for_upkeep(id)
        .await
        .unwrap()
        .unwrap()
        .user;
    assert!(store.connections().delete(ann, id).await.unwrap());
    let place = (&virginia(), ResourceKind::Volume);
    assert!(
        !store
            .inventory()
            .keep(&run, place, &[], noon())
            .await
            .unwrap()
    );
    assert_eq!(store.inventory().scan(id, noon()).await.unwrap(), None);
    assert_eq!(ids(&store, id, &InventoryFilter::default()).await, [""; 0]);
    let nobodys = ConnectionId(Uuid::new_v4());
    let refused = store.inventory().begin(nobodys, true, noon()).await;
    assert!(matches!(refused, Err(StoreError::OwnerGone)));
}
