//! Every operation, by boto3 and by the aws command, page by page.

use std::collections::{BTreeMap, BTreeSet};

use domain::ledger::Operation;
use serde_json::Value;
use simulator::keys;

use crate::{client, said, simulator};

/// The operations that a driver's lines name, and how many things each listed. Nothing may be
/// wrong with any answer.
fn judged(lines: &[Value]) -> BTreeMap<String, Vec<i64>> {
    let mut listed: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for line in lines {
        assert_eq!(line["error"], Value::Null, "{line}");
        assert_eq!(line["wrong"], serde_json::json!([]), "{line}");
        let name = format!(
            "{}:{}",
            line["service"].as_str().unwrap_or_default(),
            line["operation"].as_str().unwrap_or_default()
        );
        let items = line["items"].as_i64().unwrap_or_default();
        listed.entry(name).or_default().push(items);
    }
    listed
}

#[tokio::test(flavor = "multi_thread")]
async fn boto3_and_the_aws_command_drive_every_operation() {
    let aws = simulator().await;
    let by = |driver: &str| {
        let mut command = client(&aws, &keys::GOOD, "drive.py");
        command.arg(driver);
        command
    };
    // One after the other: both keep two requests going.
    let boto3 = judged(&said(by("boto3")).await);
    let cli = judged(&said(by("cli")).await);

    let names: BTreeSet<&str> = boto3.keys().map(String::as_str).collect();
    let ours: BTreeSet<&str> = Operation::ALL
        .iter()
        .map(|operation| operation.iam_action())
        .collect();
    assert_eq!(names, ours);
    assert_eq!(boto3, cli, "both list as much");
    let seen = aws.books().inventory().seen(aws.today());
    let volumes = seen
        .volumes
        .iter()
        .filter(|volume| volume.region == "us-east-1");
    let volumes = i64::try_from(volumes.count()).expect("a number");
    assert_eq!(boto3["ec2:DescribeVolumes"], [volumes]);
    assert!(
        aws.requests()
            .iter()
            .all(|request| request.status == Some(200)),
        "no client had to try again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn paginators_find_everything_in_every_region() {
    let aws = simulator().await;
    let seen = aws.books().inventory().seen(aws.today());
    let expected = |region: &str| {
        serde_json::json!({
            "region": region,
            "describe_instances": seen.instances.iter().filter(|one| one.region == region).count(),
            "describe_volumes": seen.volumes.iter().filter(|one| one.region == region).count(),
            "describe_snapshots": seen.snapshots.iter().filter(|one| one.region == region).count(),
            "describe_addresses": seen.addresses.iter().filter(|one| one.region == region).count(),
        })
    };
    let regions = ["us-east-1", "eu-west-1", "eu-central-1", "sa-east-1"];
    let expected: Vec<_> = regions.iter().map(|region| expected(region)).collect();
    for empty_pages in [false, true] {
        aws.set_inventory(simulator::InventoryOrder {
            empty_pages,
            ..simulator::InventoryOrder::default()
        });
        let mut command = client(&aws, &keys::GOOD, "paginate.py");
        command.args(regions);
        assert_eq!(said(command).await, expected, "empty pages: {empty_pages}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_taken_on() {
    let aws = simulator().await;
    let answer = said(client(&aws, &keys::GOOD, "role.py")).await;
    let seen = aws.books().inventory().seen(aws.today());
    let addresses = seen
        .addresses
        .iter()
        .filter(|one| one.region == "us-east-1");
    assert_eq!(
        answer,
        [serde_json::json!({
            "arn": "arn:aws:sts::123456789012:assumed-role/CostReader/stock",
            "months": 1,
            "addresses": addresses.count(),
        })]
    );
}
