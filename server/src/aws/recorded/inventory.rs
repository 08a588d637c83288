//! EC2's descriptions.

use domain::inventory::Region;

use super::*;
use crate::aws::priority::Priority::Person;

fn frankfurt() -> Region {
    "eu-central-1".parse().unwrap()
}

#[tokio::test]
async fn instances() {
    let replay = Replay::of([fixture!("instances_1.xml"), fixture!("instances_2.xml")]);
    let instances = replay
        .gateway
        .instances(&replay.target, &frankfurt(), Person)
        .await;
    let instances = instances.unwrap();
    assert_eq!(instances.value[1].name(), Some("reports & more"));
    insta::assert_snapshot!(replay.told(&instances));
}

#[tokio::test]
async fn volumes_after_an_empty_page() {
    let replay = Replay::of([fixture!("volumes_1.xml"), fixture!("volumes_2.xml")]);
    let volumes = replay
        .gateway
        .volumes(&replay.target, &frankfurt(), Person)
        .await;
    insta::assert_snapshot!(replay.told(&volumes.unwrap()));
}

#[tokio::test]
async fn addresses_used_and_idle() {
    let replay = Replay::of([fixture!("addresses.xml")]);
    let addresses = replay
        .gateway
        .addresses(&replay.target, &frankfurt(), Person)
        .await;
    let addresses = addresses.unwrap();
    let idle: Vec<bool> = addresses
        .value
        .iter()
        .map(|address| address.is_idle())
        .collect();
    assert_eq!(idle, [true, true, false, false], "{addresses:#?}");
    insta::assert_snapshot!(replay.told(&addresses));
}

#[tokio::test]
async fn snapshots_of_the_account() {
    let replay = Replay::of([fixture!("snapshots.xml")]);
    let snapshots = replay
        .gateway
        .snapshots(&replay.target, &frankfurt(), Person)
        .await;
    insta::assert_snapshot!(replay.told(&snapshots.unwrap()));
}

#[tokio::test]
async fn regions_open_and_closed() {
    let replay = Replay::of([fixture!("regions.xml")]);
    let regions = replay
        .gateway
        .regions(&replay.target, &frankfurt(), Person)
        .await;
    insta::assert_snapshot!(replay.told(&regions.unwrap()));
}

#[tokio::test]
async fn having_none_is_an_answer_and_nothing_is_not() {
    let answer = |operation: &str, inside: &str| {
        format!(
            "<Describe{operation}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\
             <requestId>1</requestId>{inside}</Describe{operation}Response>"
        )
    };
    let replay = Replay::of([
        answer("Instances", "<reservationSet/>"),
        answer("Volumes", "<volumeSet/>"),
        answer("Addresses", "<addressesSet/>"),
        answer("Snapshots", "<snapshotSet/>"),
        answer("Instances", ""),
        answer("Volumes", ""),
        answer("Addresses", ""),
        answer("Snapshots", ""),
        answer("Regions", ""),
        answer("Regions", "<regionInfo/>"),
    ]);
    let (gateway, target, region) = (&replay.gateway, &replay.target, frankfurt());
    assert!(
        gateway
            .instances(target, &region, Person)
            .await
            .unwrap()
            .value
            .is_empty()
    );
    assert!(
        gateway
            .volumes(target, &region, Person)
            .await
            .unwrap()
            .value
            .is_empty()
    );
    assert!(
        gateway
            .addresses(target, &region, Person)
            .await
            .unwrap()
            .value
            .is_empty()
    );
    assert!(
        gateway
            .snapshots(target, &region, Person)
            .await
            .unwrap()
            .value
            .is_empty()
    );
    let kinds = [
        gateway
            .instances(target, &region, Person)
            .await
            .unwrap_err()
            .kind,
        gateway
            .volumes(target, &region, Person)
            .await
            .unwrap_err()
            .kind,
        gateway
            .addresses(target, &region, Person)
            .await
            .unwrap_err()
            .kind,
        gateway
            .snapshots(target, &region, Person)
            .await
            .unwrap_err()
            .kind,
        gateway
            .regions(target, &region, Person)
            .await
            .unwrap_err()
            .kind,
        gateway
            .regions(target, &region, Person)
            .await
            .unwrap_err()
            .kind,
    ];
    assert_eq!(kinds, [Kind::NoData; 6]);
}

#[tokio::test]
async fn holes_are_no_zeros() {
    let whole = fixture!("volumes_2.xml");
    for (body, place) in [
        (with(whole, "<size>750</size>", ""), "size is missing"),
        (
            with(whole, "<size>750</size>", "<size>-1</size>"),
            "size can't be read",
        ),
        (
            with(whole, "<volumeId>vol-0b0b</volumeId>", "<volumeId/>"),
            "volumeId is missing",
        ),
        (
            with(whole, "<status>vanishing</status>", ""),
            "status is missing",
        ),
        (
            with(whole, "<volumeType>gp9</volumeType>", ""),
            "volumeType is missing",
        ),
    ] {
        let replay = Replay::of([body]);
        let volumes = replay
            .gateway
            .volumes(&replay.target, &frankfurt(), Person)
            .await;
        assert_eq!(
            why(&volumes.unwrap_err()),
            (Kind::Unreadable, place.to_owned())
        );
    }
    let whole = fixture!("snapshots.xml");
    let replay = Replay::of([with(whole, "<volumeSize>500</volumeSize>", "")]);
    let snapshots = replay
        .gateway
        .snapshots(&replay.target, &frankfurt(), Person)
        .await;
    let missing = "volumeSize is missing".to_owned();
    assert_eq!(why(&snapshots.unwrap_err()), (Kind::Unreadable, missing));
}

#[tokio::test]
async fn what_changed_while_it_was_read_is_read_again_but_once() {
    let first = with(
        fixture!("volumes_2.xml"),
        "<requestId>77ab</requestId>",
        "<nextToken>second</nextToken>",
    );
    let changed = || {
        with(
            fixture!("volumes_2.xml"),
            "<size>750</size>",
            "<size>800</size>",
        )
    };
    let same = || fixture!("volumes_2.xml").to_owned();

    let replay = Replay::of([first.clone(), changed(), first.clone(), same()]);
    let volumes = replay
        .gateway
        .volumes(&replay.target, &frankfurt(), Person)
        .await;
    let volumes = volumes.unwrap();
    assert_eq!((volumes.value.len(), volumes.requests), (3, 4));

    let replay = Replay::of([first.clone(), changed(), first, changed()]);
    let volumes = replay
        .gateway
        .volumes(&replay.target, &frankfurt(), Person)
        .await;
    let error = volumes.unwrap_err();
    assert_eq!((error.kind, error.attempts), (Kind::AnswerChanged, 4));
}
