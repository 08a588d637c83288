//! EC2: every region, field by field.

use std::collections::BTreeMap;

use domain::inventory::{Instance, InstanceState, OptIn, VolumeState};
use server::aws::{Kind, Priority::Sync};
use simulator::{
    FaultRule, InventoryOrder, Scale,
    books::inventory::{self as books, Attribution, Running, StopStyle},
};

use super::*;

fn labels(of: &[(String, String)]) -> BTreeMap<String, String> {
    of.iter().cloned().collect()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

async fn open_regions(stage: &Stage) -> Vec<Region> {
    let target = stage.target(&keys::GOOD);
    let regions = stage
        .gateway
        .regions(&target, &region("us-east-1"), Sync)
        .await
        .expect("an answer");
    let is_closed = |opt_in: &OptIn| *opt_in == OptIn::NotOptedIn;
    let (closed, open): (Vec<_>, Vec<_>) = regions
        .value
        .into_iter()
        .partition(|state| is_closed(&state.opt_in));
    assert!(!closed.is_empty(), "closed ones are told too");
    open.into_iter().map(|state| state.region).collect()
}

fn assert_same_instance(told: &Instance, known: &books::Instance) {
    assert_eq!(
        (told.region.as_str(), told.zone.as_deref()),
        (known.region, Some(known.zone.as_str()))
    );
    assert_eq!(told.instance_type, known.kind);
    let (state, stopped_at) = match known.running {
        Running::Yes => (InstanceState::Running, None),
        Running::Stopped(at, StopStyle::ByUser) => (InstanceState::Stopped, Some(at)),
        Running::Stopped(..) => (InstanceState::Stopped, None),
        Running::Terminated(_) => (InstanceState::Terminated, None),
    };
    assert_eq!(
        (&told.state, told.stopped_at),
        (&state, stopped_at),
        "{known:?}"
    );
    assert_eq!(told.launched_at, Some(known.launched));
    assert_eq!(told.owner.as_deref(), Some(keys::GOOD.account()));
    assert_eq!(told.lifecycle.as_deref(), known.spot.then_some("spot"));
    assert_eq!(told.public_ip, known.public_ip);
    assert_eq!(told.image, some(&known.image));
    let volumes: Vec<_> = told
        .volumes
        .iter()
        .map(|on| {
            let goes = on.delete_on_termination.expect("said");
            (
                on.volume.clone(),
                on.device.clone().expect("a device"),
                on.attached_at.expect("a time"),
                goes,
            )
        })
        .collect();
    let expected: Vec<_> = known
        .volumes
        .iter()
        .map(|(id, device, since, goes)| (id.clone(), (*device).to_owned(), *since, *goes))
        .collect();
    assert_eq!(volumes, expected);
    assert_eq!(told.tags, labels(&known.tags));
}

#[tokio::test]
async fn what_ec2_has_is_what_the_books_say() {
    let stage = Stage::new().await;
    let seen = stage
        .simulator
        .books()
        .inventory()
        .seen(stage.simulator.today());
    let (target, gateway) = (stage.target(&keys::GOOD), &stage.gateway);
    let regions = open_regions(&stage).await;
    let mut requests = 1;
    let (mut instances, mut volumes, mut addresses, mut snapshots) = (0, 0, 0, 0);
    for region in &regions {
        let told = gateway.instances(&target, region, Sync).await.unwrap();
        requests += told.requests;
        instances += told.value.len();
        for one in &told.value {
            let known = seen.instances.iter().find(|known| known.id == one.id);
            assert_same_instance(one, known.unwrap());
        }

        let told = gateway.volumes(&target, region, Sync).await.unwrap();
        requests += told.requests;
        volumes += told.value.len();
        for one in &told.value {
            let known = seen
                .volumes
                .iter()
                .find(|known| known.id == one.id)
                .unwrap();
            assert_eq!(
                (one.region.as_str(), &one.zone),
                (known.region, &some(&known.zone))
            );
            assert_eq!(one.volume_type.as_str(), known.kind.name());
            assert_eq!(i64::from(one.size_gib), known.gib);
            assert_eq!(one.iops.map(i64::from), known.iops);
            assert_eq!(one.throughput_mib.map(i64::from), known.throughput);
            assert_eq!(
                (one.encrypted, &one.snapshot),
                (Some(known.encrypted), &some(&known.snapshot))
            );
            assert_eq!(
                (one.created_at, &one.tags),
                (Some(known.created), &labels(&known.tags))
            );
            let attached: Vec<_> = one
                .attachments
                .iter()
                .map(|link| (link.instance.clone().unwrap(), link.attached_at.unwrap()))
                .collect();
            let expected = known
                .attachment
                .iter()
                .map(|link| (link.instance.clone(), link.since));
            assert_eq!(attached, expected.collect::<Vec<_>>());
            let state = match &known.attachment {
                Some(_) => VolumeState::InUse,
                None => VolumeState::Available,
            };
            assert_eq!(one.state, state);
        }

        let told = gateway.addresses(&target, region, Sync).await.unwrap();
        requests += told.requests;
        addresses += told.value.len();
        for one in &told.value {
            let mut all = seen.addresses.iter();
            let known = all.find(|known| known.allocation == one.id).unwrap();
            assert_eq!(
                (one.region.as_str(), &one.public_ip),
                (known.region, &some(&known.ip))
            );
            let instance = match &known.used {
                Some(Attribution::Instance(id)) => some(id),
                _ => None,
            };
            assert_eq!(one.instance, instance, "an empty element is none");
            assert_eq!(one.is_idle(), known.used.is_none(), "{known:?}");
            let is_managed = known.used == Some(Attribution::Managed);
            assert_eq!(one.service_managed.is_some(), is_managed);
            assert_eq!(one.tags, labels(&known.tags));
        }

        let told = gateway.snapshots(&target, region, Sync).await.unwrap();
        requests += told.requests;
        snapshots += told.value.len();
        for one in &told.value {
            let known = seen.snapshots.iter().find(|known| known.id == one.id);
            let known = known.expect("nobody else's snapshots");
            assert_eq!(
                (one.region.as_str(), &one.volume),
                (known.region, &some(&known.volume))
            );
            assert_eq!(i64::from(one.volume_size_gib), known.gib);
            let full = u64::try_from(known.full << 30)
                .ok()
                .filter(|_| !known.archived);
            assert_eq!(one.full_size_bytes, full);
            let tier = if known.archived {
                "archive"
            } else {
                "standard"
            };
            assert_eq!(one.tier.as_ref().unwrap().as_str(), tier);
            assert_eq!(
                (one.started_at, &one.description),
                (Some(known.started), &some(&known.description))
            );
            assert_eq!(one.tags, labels(&known.tags));
        }
    }
    let known = [
        seen.instances.len(),
        seen.volumes.len(),
        seen.addresses.len(),
        seen.snapshots.len(),
    ];
    assert_eq!([instances, volumes, addresses, snapshots], known);
    assert!(known.iter().all(|number| *number > 0), "{known:?}");
    assert_counted(&stage, requests);
    let prices = stage.ledger.lines();
    assert!(
        prices.iter().all(|line| line.departure.price.amount.0 == 0),
        "EC2 is free"
    );
}

#[tokio::test]
async fn thousands_come_in_pages_even_in_empty_ones() {
    let scale = Scale {
        volumes: 2_500,
        snapshots: 2_500,
    };
    let stage = Stage::with(simulator::Settings {
        scale,
        ..simulator::Settings::default()
    })
    .await;
    let seen = stage
        .simulator
        .books()
        .inventory()
        .seen(stage.simulator.today());
    let most = |region: &str| {
        seen.volumes
            .iter()
            .filter(|one| one.region == region)
            .count()
    };
    let regions = ["us-east-1", "eu-central-1", "eu-west-1"];
    let busiest = regions.into_iter().max_by_key(|name| most(name)).unwrap();
    let expected = most(busiest);
    let (target, here) = (stage.target(&keys::GOOD), region(busiest));
    let volumes = stage.gateway.volumes(&target, &here, Sync).await.unwrap();
    assert_eq!(volumes.value.len(), expected);
    let pages = u32::try_from(expected.div_ceil(1_000)).unwrap();
    assert_eq!(volumes.requests, pages);

    stage.simulator.set_inventory(InventoryOrder {
        volumes: scale.volumes,
        snapshots: scale.snapshots,
        empty_pages: true,
    });
    let again = stage.gateway.volumes(&target, &here, Sync).await.unwrap();
    assert_eq!(again.value, volumes.value);
    assert!(again.requests > pages, "{} pages", again.requests);
    assert_counted(&stage, pages + again.requests);
}

#[tokio::test]
async fn a_token_that_is_no_longer_good_begins_the_question_again_but_once() {
    let stage = Stage::new().await;
    stage.simulator.set_inventory(InventoryOrder {
        empty_pages: true,
        ..InventoryOrder::default()
    });
    stage.simulator.set_fault(FaultRule {
        page_token_ms: Some(0),
        ..FaultRule::default()
    });
    let target = stage.target(&keys::GOOD);
    let asked = stage
        .gateway
        .volumes(&target, &region("us-east-1"), Sync)
        .await;
    let error = asked.unwrap_err();
    assert_eq!((error.kind, error.attempts), (Kind::AnswerChanged, 4));
    assert_counted(&stage, 4);
}

#[tokio::test]
async fn regions_and_actions_that_are_closed_say_so() {
    let stage = Stage::new().await;
    let gateway = &stage.gateway;
    let home = region("us-east-1");
    let limited = stage.target(&keys::WITHOUT_SNAPSHOTS);
    let error = gateway.snapshots(&limited, &home, Sync).await.unwrap_err();
    assert_eq!((error.kind, error.attempts), (Kind::Denied, 1));
    assert!(
        error
            .to_domain()
            .policy
            .unwrap()
            .contains("ec2:DescribeSnapshots")
    );
    gateway.volumes(&limited, &home, Sync).await.unwrap();

    let fenced = stage.target(&keys::TWO_REGIONS);
    gateway.instances(&fenced, &home, Sync).await.unwrap();
    let elsewhere = region("eu-central-1");
    let error = gateway
        .instances(&fenced, &elsewhere, Sync)
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind, error.attempts),
        (Kind::DeniedByOrganization, 1)
    );
}
