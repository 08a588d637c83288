//! Each fault × each operation, over real HTTP: ends in the documented error, or in
//! success after retries; and the ledger has a line for each request that arrived.

mod aws_support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use aws_support::{Stage, at, key, target};
use chrono::Utc;
use domain::{
    Code,
    cube::Cube,
    inventory::Region,
    ledger::{AwsService, Operation},
    period::Period,
};
use futures::future::join_all;
use server::aws::{
    AwsError, Credentials, Gateway, Ledger, MemoryLedger, Priority, RetrySettings, RoleGrant,
    Settings, Target,
};
use simulator::{FaultRule, Named, Outcome, keys, roles};

/// What the second attempt meets differently from the first.
const PASSING: [Named; 9] = [
    Named::Throttle,
    Named::Status500,
    Named::Status502,
    Named::Status503,
    Named::Status504,
    Named::Reset,
    Named::Half,
    Named::Hang,
    Named::Endless,
];

/// How many sessions were asked for.
static SESSIONS: AtomicU32 = AtomicU32::new(0);

fn documented(fault: Named) -> Code {
    match fault {
        Named::Throttle => Code::AwsThrottled,
        Named::Status500 | Named::Status502 | Named::Status503 | Named::Status504 => {
            Code::AwsServer
        }
        Named::Reset | Named::Half => Code::AwsNetwork,
        Named::Hang | Named::Endless => Code::AwsTimeout,
        other => panic!("{other:?} doesn't pass"),
    }
}

/// As long as what never ends is waited for.
const BRIEF: Duration = Duration::from_secs(4);
/// All else ends by itself, however slow the machine is.
const PATIENT: Duration = Duration::from_secs(60);

/// Two stages: for what ends by itself, and for what never does.
async fn stages() -> (Stage, Stage) {
    let brief = stage(BRIEF).await;
    // The first answers take longer than all others.
    meet(&brief, Operation::ALL, |_| Vec::new()).await;
    (stage(PATIENT).await, brief)
}

/// The stage for a fault.
fn fitting(stages: &(Stage, Stage), fault: Named) -> &Stage {
    match documented(fault) {
        Code::AwsTimeout => &stages.1,
        _ => &stages.0,
    }
}

/// A stage whose gateway tries twice, each for as long, and never holds back.
async fn stage(attempt: Duration) -> Stage {
    let stage = Stage::new().await;
    let ledger = Arc::new(MemoryLedger::default());
    let settings = Settings {
        endpoint: at(&stage.simulator.endpoint_url()),
        cost_explorer_per_second: 1_000,
        ec2_per_second: 1_000,
        sts_per_second: 1_000,
        retries: RetrySettings {
            base: Duration::from_millis(1),
            attempts: 2,
            attempt,
            ..RetrySettings::default()
        },
        ..Settings::default()
    };
    let lines = Arc::clone(&ledger) as Arc<dyn Ledger>;
    let gateway = Arc::new(Gateway::new(&settings, lines, Utc::now));
    Stage {
        simulator: stage.simulator,
        gateway,
        ledger,
    }
}

/// Who asks with an operation: each as an account of its own, so that a pause that AWS
/// orders for one holds back no other.
fn asker(stage: &Stage, operation: Operation, place: usize) -> Target {
    let mut asker = target(&keys::GOOD, stage.gateway.default_endpoint());
    asker.payer.aws_account = format!("1{place:011}").parse().ok();
    if operation == Operation::AssumeRole {
        asker.credentials = Credentials::Role {
            source: Box::new(Credentials::Key(Arc::new(key(&keys::ASSUME_ONLY)))),
            role: RoleGrant {
                arn: roles::READER.arn.to_owned(),
                external_id: roles::EXTERNAL_ID.to_owned(),
                // Another session each time: none is kept for the next fault.
                session_name: format!("matrix-{}", SESSIONS.fetch_add(1, Ordering::Relaxed)),
            },
        };
    }
    asker
}

async fn ask(stage: &Stage, operation: Operation, place: usize) -> Result<(), AwsError> {
    let region = "us-east-1".parse::<Region>().expect("a region");
    let asker = asker(stage, operation, place);
    let (today, priority) = (stage.simulator.today(), Priority::Sync);
    stage
        .gateway
        .check(&asker, operation, &region, today, priority)
        .await
}

fn name(operation: Operation) -> &'static str {
    let action = operation.iam_action();
    action.split_once(':').map_or(action, |(_, name)| name)
}

/// Has every operation meet these outcomes, one after the other, and asks with all at once.
async fn meet(
    stage: &Stage,
    operations: &[Operation],
    outcomes: impl Fn(Operation) -> Vec<Outcome>,
) -> Vec<(Operation, Result<(), AwsError>)> {
    stage.simulator.clear_faults();
    stage.simulator.clear_requests();
    stage.ledger.clear();
    for operation in operations {
        // Taking a role on is followed by a question; only the former meets a fault.
        let assuming = *operation == Operation::AssumeRole;
        let pair = if assuming {
            &keys::ASSUME_ONLY
        } else {
            &keys::GOOD
        };
        stage.simulator.set_fault(FaultRule {
            access_key_id: Some(pair.access_key_id.to_owned()),
            operation: Some(name(*operation).to_owned()),
            fail_next: outcomes(*operation),
            ..FaultRule::default()
        });
    }
    let asked = operations.iter().enumerate();
    let asked = asked.map(|(place, operation)| ask(stage, *operation, place));
    let results = join_all(asked).await;
    operations.iter().copied().zip(results).collect()
}

/// One to one, operation by operation: several were asked at once.
fn assert_ledger_is_the_log(stage: &Stage, case: &str) {
    let (lines, requests) = (stage.ledger.lines(), stage.simulator.requests());
    assert_eq!(lines.len(), requests.len(), "{case}");
    for operation in Operation::ALL {
        let lines = lines
            .iter()
            .filter(|line| line.departure.operation == *operation);
        let requests = requests
            .iter()
            .filter(|request| request.operation == name(*operation));
        let lines: Vec<_> = lines.collect();
        let requests: Vec<_> = requests.collect();
        assert_eq!(lines.len(), requests.len(), "{case}: {operation:?}");
        if *operation == Operation::GetCallerIdentity {
            // Two ask it: for itself, and behind the role.
            continue;
        }
        for (line, request) in lines.iter().zip(requests) {
            let arrival = line.arrival.as_ref().expect("every line is ended");
            let broken = ["half", "endless", "wrong_types", "hang", "reset"];
            let spoiled = request
                .fault
                .as_deref()
                .is_some_and(|fault| broken.contains(&fault));
            let fine = request.status == Some(200) && !spoiled;
            // What parses and says nonsense is found out after the attempt.
            let nonsense = ["empty", "wrong_types"];
            let forgiven = request
                .fault
                .as_deref()
                .is_some_and(|fault| nonsense.contains(&fault));
            assert!(
                (arrival.outcome == "ok") == fine || forgiven,
                "{case}: {} {request:?}",
                arrival.outcome
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_passes_is_survived_by_every_operation() {
    let stages = stages().await;
    for fault in PASSING {
        let stage = fitting(&stages, fault);
        let results = meet(stage, Operation::ALL, |_| vec![Outcome::Named(fault)]).await;
        for (operation, result) in results {
            assert!(result.is_ok(), "{fault:?} {operation:?}: {result:?}");
        }
        assert_ledger_is_the_log(stage, &format!("{fault:?}"));
        // Each operation twice, and the question that followed the role.
        let most = 2 * Operation::ALL.len() + 1;
        assert_eq!(stage.ledger.lines().len(), most, "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stays_ends_every_operation_as_documented() {
    let stages = stages().await;
    for fault in PASSING {
        let stage = fitting(&stages, fault);
        let results = meet(stage, Operation::ALL, |_| vec![Outcome::Named(fault); 2]).await;
        for (operation, result) in results {
            let error = result.expect_err("nothing but faults");
            let shown = error.to_domain();
            assert_eq!(shown.code, documented(fault), "{fault:?} {operation:?}");
            assert_eq!(error.operation, operation);
            assert!(!shown.message.is_empty() && !shown.advice.is_empty());
        }
        assert_ledger_is_the_log(stage, &format!("{fault:?}"));
        assert_eq!(stage.ledger.lines().len(), 2 * Operation::ALL.len());
    }
}

/// AWS's refusals, in the manner of each service: status, code, and what it is.
fn refusals(service: AwsService) -> Vec<(u16, &'static str, &'static str, Code)> {
    let token = "The security token included in the request is expired";
    match service {
        AwsService::CostExplorer => vec![
            (
                400,
                "AccessDeniedException",
                "no identity-based policy allows it",
                Code::AwsDenied,
            ),
            (
                400,
                "AccessDeniedException",
                "explicit deny in a service control policy",
                Code::AwsDeniedByOrganization,
            ),
            (
                400,
                "AccessDeniedException",
                "User not enabled for cost explorer access",
                Code::AwsNotEnabled,
            ),
            (
                400,
                "AccessDeniedException",
                "Linked account doesn't have access to cost explorer.",
                Code::AwsCutOffByPayer,
            ),
            (400, "ExpiredTokenException", token, Code::AwsExpiredToken),
            (
                400,
                "UnrecognizedClientException",
                "invalid",
                Code::AwsUnknownKey,
            ),
            (
                400,
                "InvalidSignatureException",
                "does not match",
                Code::AwsWrongSecret,
            ),
            (400, "ValidationException", "something", Code::AwsRefused),
            (400, "SomethingNewException", "", Code::AwsRefused),
        ],
        AwsService::Ec2 => vec![
            (
                403,
                "UnauthorizedOperation",
                "You are not authorized to perform this operation.",
                Code::AwsDenied,
            ),
            (
                403,
                "UnauthorizedOperation",
                "explicit deny in a service control policy",
                Code::AwsDeniedByOrganization,
            ),
            (
                401,
                "OptInRequired",
                "You are not subscribed to this service.",
                Code::AwsNotActivated,
            ),
            (
                400,
                "RequestExpired",
                "Request has expired.",
                Code::AwsClock,
            ),
            (400, "InvalidParameterValue", "something", Code::AwsRefused),
            (400, "SomethingNew", "", Code::AwsRefused),
        ],
        AwsService::Sts => vec![
            (403, "AccessDenied", "is not authorized", Code::AwsDenied),
            (403, "ExpiredToken", token, Code::AwsExpiredToken),
            (403, "InvalidClientTokenId", "invalid", Code::AwsUnknownKey),
            (
                403,
                "SignatureDoesNotMatch",
                "does not match",
                Code::AwsWrongSecret,
            ),
            (
                403,
                "RegionDisabledException",
                "not activated",
                Code::AwsRegionDisabled,
            ),
            (400, "SomethingNew", "", Code::AwsRefused),
        ],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_end_every_operation_at_once() {
    let stage = stage(PATIENT).await;
    for service in [AwsService::CostExplorer, AwsService::Ec2, AwsService::Sts] {
        let operations = Operation::ALL.iter().copied();
        let operations: Vec<Operation> = operations
            .filter(|operation| operation.service() == service)
            .collect();
        for (status, code, message, documented) in refusals(service) {
            let refusal = Outcome::Error {
                status,
                code: code.to_owned(),
                message: message.to_owned(),
            };
            let results = meet(&stage, &operations, |_| vec![refusal.clone()]).await;
            for (operation, result) in results {
                let error = result.expect_err("a refusal");
                let denied = documented == Code::AwsDenied;
                let wanted = match operation {
                    Operation::AssumeRole if denied => Code::AwsRoleDenied,
                    _ => documented,
                };
                assert_eq!(error.to_domain().code, wanted, "{code} {operation:?}");
                assert_eq!(error.aws_code.as_deref(), Some(code));
            }
            assert_ledger_is_the_log(&stage, code);
            assert_eq!(stage.ledger.lines().len(), operations.len(), "{code}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_says_nothing_or_nonsense_is_never_an_answer() {
    let stage = stage(PATIENT).await;
    for fault in [Named::Empty, Named::WrongTypes] {
        let results = meet(&stage, Operation::ALL, |_| vec![Outcome::Named(fault)]).await;
        let mut taken = Vec::new();
        for (operation, result) in results {
            match result.map_err(|error| error.to_domain().code) {
                Err(Code::AwsNoData | Code::AwsUnreadable) => {}
                // All text: no number, date or boolean in it could be of another type.
                Ok(()) if fault == Named::WrongTypes && all_text(operation) => {}
                other => taken.push((operation, other)),
            }
        }
        assert!(taken.is_empty(), "{fault:?}: {taken:?}");
        assert_ledger_is_the_log(&stage, &format!("{fault:?}"));
        assert!(stage.ledger.lines().len() <= Operation::ALL.len());
    }
}

fn all_text(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::DescribeAddresses | Operation::DescribeRegions
    )
}

/// A fault between the pages of an answer.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_several_pages_comes_whole_or_not_at_all() {
    let settings = simulator::Settings {
        page_size: 37,
        ..simulator::Settings::default()
    };
    let stage = Stage::with(settings).await;
    let asker = stage.target(&keys::GOOD);
    let (start, end) = ("2026-11-01".parse().unwrap(), "2026-11-03".parse().unwrap());
    let days = Period::new(start, end).unwrap();
    let question = Cube::ServiceAccount.question();
    let costs = || {
        stage
            .gateway
            .cost_and_usage(&asker, &question, days, Priority::Sync)
    };
    let whole = costs().await.unwrap();
    assert!(whole.requests > 2);
    let second = |named| {
        stage.simulator.set_fault(FaultRule {
            fail_next: vec![Outcome::Named(Named::Ok), Outcome::Named(named)],
            ..FaultRule::default()
        });
    };
    for fault in [Named::Status503, Named::Reset, Named::Half] {
        second(fault);
        let answer = costs().await.unwrap();
        assert_eq!(answer.slices, whole.slices, "{fault:?}");
        assert_eq!(answer.requests, whole.requests + 1, "{fault:?}");
    }
    for (fault, code) in [
        (Named::Empty, Code::AwsNoData),
        (Named::WrongTypes, Code::AwsUnreadable),
    ] {
        second(fault);
        let error = costs().await.unwrap_err();
        assert_eq!((error.attempts, error.to_domain().code), (2, code));
    }
    // A token that expires begins the question again: its first pages are paid twice.
    second(Named::PageTokenExpired);
    let answer = costs().await.unwrap();
    assert_eq!(answer.slices, whole.slices);
    assert_eq!(answer.requests, whole.requests + 2);
    assert_eq!(stage.ledger.lines().len(), stage.simulator.requests().len());
}
