//! The questions of the key doctor.

use domain::{Code, ledger::Operation};

use super::*;
use crate::aws::priority::Priority::Person;

async fn check(replay: &Replay, operation: Operation) -> Result<(), AwsError> {
    let (region, today) = ("eu-central-1".parse().unwrap(), day("2026-11-24"));
    replay
        .gateway
        .check(&replay.target, operation, &region, today, Person)
        .await
}

/// An answer with nothing in it, of each operation but STS's.
fn answer(operation: Operation) -> Option<Canned> {
    let ec2 = |name: &str, inside: &str| {
        Canned::ok(format!(
            "<{name}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">{inside}</{name}Response>"
        ))
    };
    Some(match operation {
        Operation::GetCallerIdentity | Operation::AssumeRole => return None,
        Operation::GetCostAndUsage => Canned::ok(r#"{ "ResultsByTime": [] }"#),
        Operation::GetCostForecast
        | Operation::GetSavingsPlansCoverage
        | Operation::GetSavingsPlansUtilization => {
            Canned::cost_explorer(400, "DataUnavailableException", "")
        }
        Operation::GetUsageForecast => {
            Canned::cost_explorer(400, "UnresolvableUsageUnitException", "")
        }
        Operation::GetReservationUtilization => {
            Canned::ok(fixture!("reservation_utilization_none.json"))
        }
        Operation::GetReservationCoverage => Canned::ok(fixture!("reservation_coverage_none.json")),
        Operation::GetAnomalies => Canned::ok(r#"{ "Anomalies": [], "NextPageToken": "x" }"#),
        Operation::GetAnomalyMonitors => Canned::ok(r#"{ "AnomalyMonitors": [] }"#),
        Operation::GetDimensionValues => Canned::ok(fixture!("dimension_values.json")),
        Operation::GetTags => Canned::ok(fixture!("tag_keys_1.json")),
        Operation::GetCostCategories => Canned::ok(fixture!("cost_category_names.json")),
        Operation::DescribeInstances => ec2(
            "DescribeInstances",
            "<nextToken>more</nextToken><reservationSet/>",
        ),
        Operation::DescribeVolumes => ec2("DescribeVolumes", "<volumeSet/>"),
        Operation::DescribeAddresses => ec2("DescribeAddresses", "<addressesSet/>"),
        Operation::DescribeSnapshots => ec2("DescribeSnapshots", "<snapshotSet/>"),
        Operation::DescribeRegions => ec2("DescribeRegions", "<regionInfo/>"),
    })
}

#[tokio::test]
async fn each_operation_is_asked_one_question() {
    let mut questions = Vec::new();
    for &operation in Operation::ALL {
        let Some(canned) = answer(operation) else {
            continue;
        };
        let replay = Replay::canned([canned]);
        check(&replay, operation).await.unwrap();
        let lines = replay.ledger.lines();
        assert_eq!(lines.len(), 1, "{operation:?}");
        assert_eq!(lines[0].departure.operation, operation);
        questions.push(format!("{operation:?}: {}", replay.can.bodies()[0]));
    }
    assert_eq!(questions.len(), 17);
    insta::assert_snapshot!(questions.join("\n"));
}

#[tokio::test]
async fn a_denial_is_one() {
    for &operation in Operation::ALL {
        let denial = match operation.iam_action().split_once(':') {
            Some(("ce", _)) => {
                Canned::cost_explorer(400, "AccessDeniedException", "not authorized")
            }
            Some(("ec2", _)) => Canned::error(
                403,
                "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not \
                 authorized to perform this operation.</Message></Error></Errors></Response>",
            ),
            _ => continue,
        };
        let replay = Replay::canned([denial]);
        let error = check(&replay, operation).await.unwrap_err();
        assert_eq!((error.operation, error.attempts), (operation, 1));
        let error = error.to_domain();
        assert_eq!(error.code, Code::AwsDenied, "{operation:?}");
        assert!(
            error.message.contains(operation.iam_action()),
            "{}",
            error.message
        );
    }
}

#[tokio::test]
async fn an_empty_answer_is_no_permission() {
    for &operation in Operation::ALL {
        if !operation.iam_action().starts_with("ce:") {
            continue;
        }
        let replay = Replay::of(["{}"]);
        let error = check(&replay, operation).await.unwrap_err();
        assert_eq!(
            (error.kind, error.attempts),
            (Kind::NoData, 1),
            "{operation:?}"
        );
    }
}
