//! Credentials, budgets and questions that are asked by several, without a socket.

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_ec2::operation::describe_regions::DescribeRegionsInput;
use chrono::TimeDelta;
use domain::{
    Code,
    ledger::{Arrival, Asker, Departure, Payer},
    user::UserId,
};
use futures::future::{join_all, try_join_all};
use secrecy::SecretString;
use uuid::Uuid;

use super::*;
use crate::aws::{
    AwsKey, Credentials, LedgerError, LineId, MemoryLedger, RoleGrant,
    canned::{Can, Canned, key},
    gateway::{Gateway, Identity},
    priority::Priority,
};

struct Scene {
    can: Can,
    ledger: Arc<MemoryLedger>,
    gateway: Gateway,
}

fn scene(answers: impl IntoIterator<Item = Canned>) -> Scene {
    scene_over(Can::of(answers))
}

/// Answers that take a moment, so that others can join.
fn slow_scene(answers: impl IntoIterator<Item = Canned>) -> Scene {
    scene_over(Can::of(answers).with_slow_first_connection(Duration::from_millis(100)))
}

fn scene_over(can: Can) -> Scene {
    let ledger = Arc::new(MemoryLedger::default());
    Scene {
        gateway: gateway(&can, Arc::clone(&ledger) as Arc<dyn Ledger>),
        can,
        ledger,
    }
}

fn gateway(can: &Can, ledger: Arc<dyn Ledger>) -> Gateway {
    let settings = Settings {
        cost_explorer_per_second: 1_000,
        sts_per_second: 1_000,
        ..Settings::default()
    };
    Gateway::with_clients(can.clients(), &settings, ledger, Utc::now)
}

fn target(credentials: Credentials) -> Target {
    Target {
        credentials,
        payer: Payer {
            user: UserId(Uuid::nil()),
            connection: None,
            aws_account: "111122223333".parse().ok(),
        },
        endpoint: Endpoint::Aws,
    }
}

fn by_key() -> Target {
    target(Credentials::Key(Arc::new(key())))
}

fn by_role() -> Target {
    target(Credentials::Role {
        source: Box::new(Credentials::Key(Arc::new(key()))),
        role: RoleGrant {
            arn: "arn:aws:iam::111122223333:role/costs".to_owned(),
            external_id: "our own".to_owned(),
            session_name: "cost-tracker".to_owned(),
        },
    })
}

impl Scene {
    async fn identity(&self, target: &Target) -> Result<Identity, AwsError> {
        self.gateway.identity(target, Priority::Person).await
    }

    /// The cheapest priced question.
    async fn probe(&self, target: &Target, priority: Priority) -> Result<(), AwsError> {
        let today = "2026-11-24".parse().unwrap();
        self.gateway.probe(target, today, priority).await
    }

    async fn regions(&self, region: &str) -> Result<Answered<()>, AwsError> {
        let target = by_key();
        let asking = Asking::of(&target, Operation::DescribeRegions, Priority::Sync);
        let answered = self
            .gateway
            .ask(
                asking.in_region(region),
                DescribeRegionsInput::builder(),
                |input, call| async move { input.send_with(&call.ec2()).await },
            )
            .await?;
        Ok(Answered {
            value: (),
            attempts: answered.attempts,
        })
    }

    fn operations(&self) -> Vec<Operation> {
        let lines = self.ledger.lines();
        lines.iter().map(|line| line.departure.operation).collect()
    }
}

fn empty() -> Canned {
    Canned::ok(r#"{"ResultsByTime":[]}"#)
}

#[tokio::test]
async fn the_same_question_is_asked_once() {
    let scene = slow_scene([empty()]);
    let target = by_key();
    let asked = (0..5).map(|_| scene.probe(&target, Priority::Sync));
    try_join_all(asked).await.unwrap();
    assert_eq!(scene.can.bodies().len(), 1);
    assert_eq!(scene.ledger.lines().len(), 1);
}

#[tokio::test]
async fn other_credentials_get_an_answer_of_their_own() {
    let scene = slow_scene([empty(), empty()]);
    let other = AwsKey {
        secret: SecretString::from("a guess"),
        ..key()
    };
    let (right, guess) = (by_key(), target(Credentials::Key(Arc::new(other))));
    let asked = [&right, &guess].map(|target| scene.probe(target, Priority::Sync));
    try_join_all(asked).await.unwrap();
    assert_eq!(scene.can.bodies().len(), 2);
}

#[tokio::test]
async fn who_leaves_does_not_take_the_answer_along() {
    let scene = slow_scene([empty()]);
    let target = by_key();
    let mut first = Box::pin(scene.probe(&target, Priority::Sync));
    let second = scene.probe(&target, Priority::Sync);
    // The first asks, and goes while the answer is on its way.
    assert!((&mut first).now_or_never().is_none());
    let mut second = Box::pin(second);
    assert!((&mut second).now_or_never().is_none());
    drop(first);
    second.await.unwrap();
    assert_eq!(scene.can.bodies().len(), 1);
}

#[tokio::test]
async fn a_breakdown_is_told_and_passes() {
    let scene = scene([]);
    let target = by_key();
    let asking = Asking::of(&target, Operation::DescribeRegions, Priority::Sync);
    let broken = || {
        scene.gateway.ask(
            asking,
            DescribeRegionsInput::builder(),
            |input, call| async move {
                assert!(call.region.is_some(), "on purpose");
                input.send_with(&call.ec2()).await
            },
        )
    };
    // Each follower asks for itself, since there is no answer to share.
    for result in join_all([broken(), broken(), broken()]).await {
        assert_eq!(result.unwrap_err().kind, Kind::Internal);
    }
}

/// A ledger of a connection whose cap is reached.
#[derive(Default)]
struct Used(MemoryLedger);

#[async_trait]
impl Ledger for Used {
    async fn depart(&self, departure: &Departure) -> Result<LineId, LedgerError> {
        match departure.asker {
            Asker::Background => Err(LedgerError::CapReached),
            Asker::Person => self.0.depart(departure).await,
        }
    }

    async fn arrive(&self, line: LineId, arrival: &Arrival) -> Result<(), LedgerError> {
        self.0.arrive(line, arrival).await
    }
}

#[tokio::test]
async fn at_the_cap_nothing_leaves_but_what_a_person_asks() {
    let can = Can::of([empty()]);
    let ledger = Arc::new(Used::default());
    let gateway = gateway(&can, Arc::clone(&ledger) as Arc<dyn Ledger>);
    let target = by_key();
    let today = "2026-11-24".parse().unwrap();
    for priority in [Priority::Sync, Priority::Upkeep] {
        let error = gateway.probe(&target, today, priority).await.unwrap_err();
        assert_eq!(
            (error.attempts, error.to_domain().code),
            (0, Code::CapReached)
        );
    }
    assert!(can.bodies().is_empty() && ledger.0.lines().is_empty());
    // A person who asks the same at the same time isn't refused with the job.
    let asked = [Priority::Sync, Priority::Person];
    let answers = join_all(asked.map(|priority| gateway.probe(&target, today, priority))).await;
    assert!(answers[1].is_ok());
    assert_eq!((can.bodies().len(), ledger.0.lines().len()), (1, 1));
}

#[tokio::test]
async fn a_role_is_taken_on_once_and_kept() {
    let hour = Utc::now() + TimeDelta::hours(1);
    let scene = scene([
        Canned::session("ASIASESSION", hour),
        Canned::identity(),
        empty(),
    ]);
    let target = by_role();
    scene.identity(&target).await.unwrap();
    scene.probe(&target, Priority::Sync).await.unwrap();
    assert_eq!(
        scene.operations(),
        [
            Operation::AssumeRole,
            Operation::GetCallerIdentity,
            Operation::GetCostAndUsage
        ]
    );
    assert_eq!(
        scene.can.signers(),
        ["AKIAIOSFODNN7EXAMPLE", "ASIASESSION", "ASIASESSION"]
    );
    let asked = &scene.can.bodies()[0];
    assert!(asked.contains("ExternalId=our%20own"), "{asked}");
    assert!(asked.contains("RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fcosts"));
}

#[tokio::test]
async fn a_session_is_renewed_before_it_ends_and_when_it_has_ended() {
    let soon = Utc::now() + TimeDelta::minutes(4);
    let hour = Utc::now() + TimeDelta::hours(1);
    let expired = Canned::sts(403, "ExpiredToken", "The security token is expired");
    let scene = scene([
        Canned::session("ASIAFIRST", soon),
        Canned::identity(),
        Canned::session("ASIASECOND", hour),
        expired,
        Canned::session("ASIATHIRD", hour),
        Canned::identity(),
    ]);
    let target = by_role();
    scene.identity(&target).await.unwrap();
    scene.identity(&target).await.unwrap();
    let signers = scene.can.signers();
    let sessions: Vec<&str> = signers
        .iter()
        .map(String::as_str)
        .filter(|signer| signer.starts_with("ASIA"))
        .collect();
    assert_eq!(sessions, ["ASIAFIRST", "ASIASECOND", "ASIATHIRD"]);
}

#[tokio::test]
async fn several_questions_share_one_session() {
    let hour = Utc::now() + TimeDelta::hours(1);
    let answers = [
        Canned::session("ASIASESSION", hour),
        Canned::identity(),
        Canned::identity(),
    ];
    let scene = slow_scene(answers);
    let mut other = by_role();
    other.payer.aws_account = None;
    let asked = [
        scene.identity(&by_role()).await,
        scene.identity(&other).await,
    ];
    assert!(asked.iter().all(Result::is_ok));
    assert_eq!(scene.operations().len(), 3);
}

#[tokio::test]
async fn a_role_that_is_denied_says_all_that_it_may_be() {
    let said = "User: arn:aws:iam::111122223333:user/x is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::210987654321:role/R";
    let scene = scene([Canned::sts(403, "AccessDenied", said)]);
    let error = scene.probe(&by_role(), Priority::Sync).await.unwrap_err();
    assert_eq!(
        (error.kind, error.operation, error.attempts),
        (Kind::RoleDenied, Operation::AssumeRole, 0)
    );
    let shown = error.to_domain();
    assert_eq!(shown.code, Code::AwsRoleDenied);
    for part in ["exist", "trust policy", "ExternalId"] {
        assert!(shown.advice.contains(part), "{}", shown.advice);
    }
    assert_eq!(scene.operations(), [Operation::AssumeRole]);
}

#[tokio::test]
async fn the_servers_own_credentials_are_off_unless_switched_on() {
    let scene = scene([]);
    let error = scene
        .identity(&target(Credentials::Environment))
        .await
        .unwrap_err();
    assert_eq!(error.to_domain().code, Code::NotAllowed);
    assert!(scene.ledger.lines().is_empty());
}

#[tokio::test]
async fn a_region_that_is_not_open_is_told_from_a_bad_key() {
    let refused = || {
        let said = "AWS was not able to validate the provided access credentials";
        Canned::ec2(401, "AuthFailure", said)
    };
    let unknown = Canned::sts(
        403,
        "InvalidClientTokenId",
        "The security token is invalid.",
    );
    for (answer, kind) in [
        (Canned::identity(), Kind::RegionDisabled),
        (unknown, Kind::UnknownKey),
    ] {
        let scene = scene([refused(), answer]);
        let error = scene.regions("eu-central-2").await.unwrap_err();
        assert_eq!((error.kind, error.attempts), (kind, 1));
        assert_eq!(
            scene.operations(),
            [Operation::DescribeRegions, Operation::GetCallerIdentity]
        );
    }
}

#[tokio::test]
async fn a_region_cannot_lead_elsewhere() {
    let scene = scene([]);
    for region in ["evil.example.com/", "", "eu-west-1.evil", "EU"] {
        let error = scene.regions(region).await.unwrap_err();
        assert_eq!((error.kind, error.attempts), (Kind::Refused, 0), "{region}");
    }
    assert!(scene.ledger.lines().is_empty());
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let scene = scene([Canned::ok(" ".repeat(1_000_001))]);
    let error = scene.probe(&by_key(), Priority::Sync).await.unwrap_err();
    assert_eq!((error.kind, error.attempts), (Kind::Unreadable, 1));
}
