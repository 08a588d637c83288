//! A second, independent AWS under the gateway: what moto says is read as what AWS says.

use std::sync::Arc;

use domain::{
    inventory::{InstanceState, Region, VolumeState, VolumeType},
    ledger::Payer,
    user::UserId,
};
use secrecy::SecretString;
use server::aws::{AwsKey, Credentials, Priority, RoleGrant, Target};
use uuid::Uuid;

use crate::aws_support;
use crate::moto::Moto;

fn target(moto: &Moto) -> Target {
    let key = AwsKey {
        access_key_id: "AKIATESTINGTESTING01".to_owned(),
        secret: SecretString::from("testing"),
        session_token: None,
    };
    Target {
        credentials: Credentials::Key(Arc::new(key)),
        payer: Payer {
            user: UserId(Uuid::nil()),
            connection: None,
            aws_account: None,
        },
        endpoint: aws_support::at(&moto.url()),
    }
}

async fn moto() -> Moto {
    tokio::task::spawn_blocking(Moto::start)
        .await
        .expect("it starts")
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_who_is_calling() {
    let moto = moto().await;
    let (gateway, ledger) = aws_support::gateway(&moto.url());
    let identity = gateway
        .identity(&target(&moto), Priority::Person)
        .await
        .expect("an answer");
    assert_eq!(identity.account.to_string(), "123456789012");
    assert!(identity.arn.starts_with("arn:aws:sts::123456789012:"));
    assert_eq!(ledger.lines().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_lets_a_role_be_taken_on() {
    let moto = moto().await;
    let (gateway, _) = aws_support::gateway(&moto.url());
    let plain = target(&moto);
    let taken = Target {
        credentials: Credentials::Role {
            source: Box::new(plain.credentials.clone()),
            role: RoleGrant {
                arn: "arn:aws:iam::123456789012:role/CostReader".to_owned(),
                external_id: "an-external-id".to_owned(),
                session_name: "cost-tracker".to_owned(),
            },
        },
        ..plain
    };
    let identity = gateway
        .identity(&taken, Priority::Person)
        .await
        .expect("an answer");
    assert_eq!(
        identity.arn,
        "arn:aws:sts::123456789012:assumed-role/CostReader/cost-tracker"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn its_inventory_is_read_as_awss() {
    let (moto, made) = tokio::task::spawn_blocking(|| {
        let moto = Moto::start();
        let made = moto.seed("seed_moto.py", &["eu-west-1"]);
        (moto, made)
    })
    .await
    .expect("it starts and is filled");
    let (gateway, _) = aws_support::gateway(&moto.url());
    let (target, person) = (target(&moto), Priority::Person);
    let region: Region = "eu-west-1".parse().expect("a region");
    let id = |name: &str| made[name].as_str().expect("an id").to_owned();

    let instances = gateway.instances(&target, &region, person).await;
    let instances = instances.expect("instances").value;
    let instance = |name| {
        let id = id(name);
        instances.iter().find(|one| one.id == id).expect("it")
    };
    assert_eq!(instances.len(), 2);
    let (running, stopped) = (instance("running"), instance("stopped"));
    assert_eq!(running.state, InstanceState::Running);
    assert_eq!(running.stopped_at, None);
    assert_eq!(stopped.state, InstanceState::Stopped);
    assert!(stopped.stopped_at.is_some(), "{stopped:?}");
    assert_eq!(stopped.instance_type, "m4.large");
    assert_eq!(stopped.name(), Some("R&D <old>"));

    let volumes = gateway.volumes(&target, &region, person).await;
    let volumes = volumes.expect("volumes").value;
    let volume = |name| {
        let id = id(name);
        volumes.iter().find(|one| one.id == id).expect("it")
    };
    let (free, held) = (volume("free"), volume("held"));
    assert_eq!(
        (&free.state, &free.volume_type, free.size_gib),
        (&VolumeState::Available, &VolumeType::Gp2, 40)
    );
    assert!(free.attachments.is_empty() && free.snapshot.is_none());
    assert_eq!(
        (&held.state, &held.volume_type, held.size_gib),
        (&VolumeState::InUse, &VolumeType::Gp3, 60)
    );
    assert_eq!(held.attachments[0].instance, Some(id("stopped")));

    let addresses = gateway.addresses(&target, &region, person).await;
    let addresses = addresses.expect("addresses").value;
    let idle: Vec<&str> = addresses
        .iter()
        .filter(|address| address.is_idle())
        .map(|address| address.id.as_str())
        .collect();
    assert_eq!((addresses.len(), idle), (2, vec![id("idle").as_str()]));
    let used = addresses.iter().find(|address| address.id == id("used"));
    assert_eq!(
        used.expect("the other").instance,
        Some(id("running")),
        "it is on the running one"
    );

    // Moto sends everybody's snapshots, whomever one asks for.
    let snapshots = gateway.snapshots(&target, &region, person).await;
    let snapshots = snapshots.expect("snapshots").value;
    let snapshot = snapshots.iter().find(|one| one.id == id("snapshot"));
    let snapshot = snapshot.expect("the one that was made");
    assert_eq!(snapshot.volume, Some(id("free")));
    assert_eq!(snapshot.volume_size_gib, 40);
    assert_eq!(snapshot.description.as_deref(), Some("before & after"));

    let regions = gateway.regions(&target, &region, person).await;
    let regions = regions.expect("regions").value;
    assert!(regions.iter().any(|one| one.region == region));

    let elsewhere: Region = "eu-central-1".parse().expect("a region");
    let none = gateway.volumes(&target, &elsewhere, person).await;
    assert_eq!(none.expect("an empty list").value, []);
}
