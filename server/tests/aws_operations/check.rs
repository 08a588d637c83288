//! The key doctor's questions.

use domain::{Code, ledger::Operation};
use server::aws::{AwsError, Priority::Person};
use simulator::keys::KeyPair;

use super::*;

async fn check(stage: &Stage, pair: &KeyPair, operation: Operation) -> Result<(), AwsError> {
    let (target, today) = (stage.target(pair), stage.simulator.today());
    let here = region("us-east-1");
    stage
        .gateway
        .check(&target, operation, &here, today, Person)
        .await
}

/// Which operations a key may use, and what is said of the others.
async fn denied(stage: &Stage, pair: &KeyPair) -> Vec<(Operation, Code)> {
    let mut denied = Vec::new();
    for &operation in Operation::ALL {
        if let Err(error) = check(stage, pair, operation).await {
            assert_eq!((error.operation, error.attempts), (operation, 1));
            denied.push((operation, error.to_domain().code));
        }
    }
    denied
}

#[tokio::test]
async fn each_check_is_one_request_and_knows_what_is_allowed() {
    let stage = Stage::new().await;
    let before = stage.simulator.requests().len();
    assert_eq!(denied(&stage, &keys::GOOD).await, []);
    let asked = stage.simulator.requests().len() - before;
    // Who one is may be asked once for both of STS's.
    assert!((18..=19).contains(&asked), "{asked} requests");
    let prices: i64 = stage
        .ledger
        .lines()
        .iter()
        .map(|line| line.departure.price.amount.0)
        .sum();
    assert_eq!(prices, 12 * 10_000_000, "twelve priced questions");

    use Operation::*;
    let aws_denied = |operations: &[Operation]| -> Vec<_> {
        let denials = operations
            .iter()
            .map(|&operation| (operation, Code::AwsDenied));
        denials.collect()
    };
    assert_eq!(
        denied(&stage, &keys::WITHOUT_FORECAST).await,
        aws_denied(&[GetCostForecast, GetUsageForecast])
    );
    assert_eq!(
        denied(&stage, &keys::WITHOUT_EC2).await,
        aws_denied(&[
            DescribeInstances,
            DescribeVolumes,
            DescribeAddresses,
            DescribeSnapshots,
            DescribeRegions
        ])
    );
    assert_eq!(
        denied(&stage, &keys::WITHOUT_SNAPSHOTS).await,
        aws_denied(&[DescribeSnapshots])
    );
    // Each line in the ledger is a request at AWS's, and the reverse.
    assert_eq!(stage.ledger.lines().len(), stage.simulator.requests().len());
}
