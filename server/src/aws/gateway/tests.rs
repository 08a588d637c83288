//! Questions with several pages, without a socket.

use std::time::Duration;

use chrono::Utc;
use domain::{Code, cube::Cube, ledger::Payer, period::Period, user::UserId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::aws::{
    canned::{Can, Canned, key},
    kind::Kind,
    ledger::MemoryLedger,
    target::Credentials,
};

struct Scene {
    can: Can,
    ledger: Arc<MemoryLedger>,
    gateway: Gateway,
    target: Target,
}

fn scene(answers: impl IntoIterator<Item = Canned>) -> Scene {
    scene_over(Can::of(answers), 1_000)
}

fn scene_over(can: Can, cost_explorer_per_second: u32) -> Scene {
    let ledger = Arc::new(MemoryLedger::default());
    let gateway = Gateway::with_clients(
        can.clients(),
        &Settings {
            cost_explorer_per_second,
            ..Settings::default()
        },
        Arc::clone(&ledger) as Arc<dyn Ledger>,
        Utc::now,
    );
    let payer = Payer {
        user: UserId(Uuid::nil()),
        connection: None,
        aws_account: "111122223333".parse().ok(),
    };
    let target = Target {
        credentials: Credentials::Key(Arc::new(key())),
        payer,
        endpoint: gateway.default_endpoint(),
    };
    Scene {
        can,
        ledger,
        gateway,
        target,
    }
}

impl Scene {
    async fn ask(&self) -> Result<Answer, AwsError> {
        let (start, end) = ("2026-11-01".parse().unwrap(), "2026-11-04".parse().unwrap());
        let period = Period::new(start, end).unwrap();
        self.gateway
            .cost_and_usage(
                &self.target,
                &Cube::ServiceAccount.question(),
                period,
                Priority::Person,
            )
            .await
    }

    /// The page tokens of the requests so far.
    fn tokens(&self) -> Vec<Option<String>> {
        let token = |body: String| {
            let body: Value = serde_json::from_str(&body).unwrap();
            body["NextPageToken"].as_str().map(str::to_owned)
        };
        self.can.bodies().into_iter().map(token).collect()
    }
}

fn page(day: u32, next: Option<&str>) -> Canned {
    let (start, end) = (
        format!("2026-11-{day:02}"),
        format!("2026-11-{:02}", day + 1),
    );
    let body = json!({
        "NextPageToken": next,
        "ResultsByTime": [{ "TimePeriod": { "Start": start, "End": end }, "Groups": [] }],
    });
    Canned::ok(body.to_string())
}

fn some(token: &str) -> Option<String> {
    Some(token.to_owned())
}

#[tokio::test]
async fn pages_are_read_to_the_end() {
    let scene = scene([page(1, Some("a")), page(2, Some("b")), page(3, None)]);
    let answer = scene.ask().await.unwrap();
    assert_eq!((answer.slices.len(), answer.requests), (3, 3));
    assert_eq!(scene.tokens(), [None, some("a"), some("b")]);
    let asked: Value = serde_json::from_str(&scene.can.bodies()[1]).unwrap();
    assert_eq!(
        asked,
        json!({
            "TimePeriod": { "Start": "2026-11-01", "End": "2026-11-04" },
            "Granularity": "DAILY",
            "Metrics": [
                "UnblendedCost", "AmortizedCost", "BlendedCost", "NetUnblendedCost",
                "NetAmortizedCost", "UsageQuantity", "NormalizedUsageAmount",
            ],
            "GroupBy": [
                { "Type": "DIMENSION", "Key": "SERVICE" },
                { "Type": "DIMENSION", "Key": "LINKED_ACCOUNT" },
            ],
            "NextPageToken": "a",
        })
    );
}

#[tokio::test]
async fn a_page_that_fails_leaves_no_half_answer() {
    let denied = Canned::cost_explorer(400, "AccessDeniedException", "no");
    let scene = scene([page(1, Some("a")), denied]);
    let error = scene.ask().await.unwrap_err();
    assert_eq!((error.kind, error.attempts), (Kind::Denied, 2));
}

#[tokio::test]
async fn a_stale_token_begins_the_question_again_but_once() {
    let stale = || Canned::cost_explorer(400, "InvalidNextTokenException", "");
    let survived = scene([
        page(1, Some("a")),
        stale(),
        page(1, Some("b")),
        page(2, None),
    ]);
    let answer = survived.ask().await.unwrap();
    assert_eq!((answer.slices.len(), answer.requests), (2, 4));
    assert_eq!(survived.tokens(), [None, some("a"), None, some("b")]);

    let given_up = scene([page(1, Some("a")), stale(), page(1, Some("b")), stale()]);
    let error = given_up.ask().await.unwrap_err();
    assert_eq!((error.kind, error.attempts), (Kind::AnswerChanged, 4));
    assert_eq!(given_up.ledger.lines().len(), 4);
}

#[tokio::test]
async fn pages_that_lead_in_a_circle_end() {
    let scene = scene([page(1, Some("a")), page(2, Some("a"))]);
    let error = scene.ask().await.unwrap_err();
    assert_eq!((error.kind, error.attempts), (Kind::Unreadable, 2));
}

#[tokio::test]
async fn an_empty_answer_is_no_data() {
    let scene = scene([Canned::ok("{}"), Canned::ok("{}")]);
    let error = scene.ask().await.unwrap_err();
    assert_eq!(error.to_domain().code, Code::AwsNoData);
    let today = "2026-11-24".parse().unwrap();
    let error = scene
        .gateway
        .probe(&scene.target, today, Priority::Person)
        .await
        .unwrap_err();
    assert_eq!(error.to_domain().code, Code::AwsNoData);
}

#[tokio::test]
async fn the_probe_asks_for_yesterday_alone() {
    let scene = scene([page(23, None)]);
    let today = "2026-11-24".parse().unwrap();
    scene
        .gateway
        .probe(&scene.target, today, Priority::Person)
        .await
        .unwrap();
    let asked: Value = serde_json::from_str(&scene.can.bodies()[0]).unwrap();
    assert_eq!(
        asked,
        json!({
            "TimePeriod": { "Start": "2026-11-23", "End": "2026-11-24" },
            "Granularity": "DAILY",
            "Metrics": ["UnblendedCost"],
        })
    );
}

#[tokio::test]
async fn what_sts_leaves_out_is_not_made_up() {
    let identity = |inner: &str| {
        Canned::ok(format!(
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
             <GetCallerIdentityResult>{inner}</GetCallerIdentityResult></GetCallerIdentityResponse>"
        ))
    };
    let whole = "<Arn>arn:aws:iam::111122223333:user/ann</Arn><Account>111122223333</Account>";
    let scene = scene([
        identity(whole),
        identity("<Arn>arn:aws:iam::111122223333:user/ann</Arn>"),
        identity("<Arn>arn</Arn><Account>12</Account>"),
        identity("<Account>111122223333</Account>"),
    ]);
    let ask = || scene.gateway.identity(&scene.target, Priority::Person);
    let identity = ask().await.unwrap();
    assert_eq!(identity.account.as_str(), "111122223333");
    assert_eq!(identity.arn, "arn:aws:iam::111122223333:user/ann");
    for _ in 0..3 {
        assert_eq!(ask().await.unwrap_err().kind, Kind::Unreadable);
    }
}

#[tokio::test]
async fn errors_show_nothing_that_aws_sent() {
    let said = "User: arn:aws:iam::111122223333:user/ann is not authorized";
    let scene = scene([Canned::cost_explorer(400, "AccessDeniedException", said)]);
    let error = scene.ask().await.unwrap_err();
    let shown = format!("{error} {error:?} {:?}", error.to_domain());
    assert!(
        !shown.contains("111122223333") && !shown.contains("authorized"),
        "{shown}"
    );
}

/// A new secure connection takes much longer than one that is there already.
#[tokio::test]
async fn a_request_counts_from_when_it_goes_onto_the_wire() {
    let empty = || Canned::ok(r#"{"ResultsByTime":[]}"#);
    let can =
        Can::of((0..6).map(|_| empty())).with_slow_first_connection(Duration::from_millis(150));
    let scene = scene_over(can, 5);
    let today = "2026-11-24".parse().unwrap();
    // Six different questions: the same one would be asked once.
    let days = chrono::NaiveDate::iter_days(&today).take(6);
    let asked = days.map(|today| scene.gateway.probe(&scene.target, today, Priority::Sync));
    futures::future::try_join_all(asked).await.unwrap();
    let departures = scene.can.departures();
    let apart = departures[5] - departures[0];
    assert!(apart >= Duration::from_secs(1), "six left within {apart:?}");
}
