//! Examinations with a scripted AWS and a real store.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use chrono::{NaiveDate, Utc};
use domain::{
    account::ConnectionKind,
    spending::Cap,
    user::{Role, UserId},
};
use tokio::sync::{Notify, Semaphore};
use uuid::Uuid;

use super::*;
use crate::{
    security::password::PasswordHash,
    store::{DatabaseUrl, connections::SealedKey},
};

/// Answers by a script, and waits where it is told to.
struct Scripted {
    answer: fn(Operation) -> Result<()>,
    asked: Mutex<Vec<Operation>>,
    turns: Semaphore,
    came: Notify,
}

impl Scripted {
    fn new(answer: fn(Operation) -> Result<()>, turns: usize) -> Arc<Self> {
        Arc::new(Self {
            answer,
            asked: Mutex::default(),
            turns: Semaphore::new(turns),
            came: Notify::new(),
        })
    }

    fn asked(&self) -> Vec<Operation> {
        self.asked.lock().unwrap().clone()
    }
}

#[async_trait]
impl Examiner for Scripted {
    async fn check(&self, _: &StoredConnection, operation: Operation, _: NaiveDate) -> Result<()> {
        self.asked.lock().unwrap().push(operation);
        self.came.notify_one();
        self.turns.acquire().await.unwrap().forget();
        (self.answer)(operation)
    }
}

const MANY: usize = 1_000;

struct Ward {
    store: Store,
    user: User,
    id: ConnectionId,
    doctor: DoctorService,
    aws: Arc<Scripted>,
}

impl Ward {
    async fn new(aws: Arc<Scripted>) -> Self {
        let url: DatabaseUrl = "sqlite::memory:".parse().unwrap();
        let store = Store::open(&url).await.unwrap();
        let email = "ann@example.com".parse().unwrap();
        let hash = PasswordHash::stored("$argon2id$x".to_owned());
        let user = store
            .users()
            .create(&email, &hash, Role::Member, Utc::now())
            .await
            .unwrap();
        let stored = connection(user);
        store.connections().insert(&stored).await.unwrap();
        let clock = Clock::default();
        Self {
            doctor: DoctorService::new(store.clone(), clock, Arc::clone(&aws) as Arc<dyn Examiner>),
            store,
            user: User {
                id: user,
                email,
                role: Role::Member,
            },
            id: stored.id,
            aws,
        }
    }

    async fn examine(&self, scope: Scope, beyond_cap: bool) -> Result<()> {
        self.doctor
            .examine(&self.user, self.id, scope.operations(), beyond_cap)
            .await
    }

    async fn now(&self) -> Examination {
        self.doctor.examination(&self.user, self.id).await.unwrap()
    }

    async fn ended(&self) -> Examination {
        loop {
            let now = self.now().await;
            if now.progress.is_some_and(|progress| !progress.running) {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

fn connection(user: UserId) -> StoredConnection {
    StoredConnection {
        id: ConnectionId(Uuid::new_v4()),
        user,
        name: "Production".to_owned(),
        kind: ConnectionKind::AccessKey,
        key_hint: "AKIA…MPLE".to_owned(),
        key: Some(SealedKey {
            access_key_id: vec![1],
            secret: vec![2],
            session_token: None,
        }),
        key_ends_at: None,
        role: None,
        aws_account: "111122223333".parse().unwrap(),
        arn: "arn:aws:iam::111122223333:user/ann".to_owned(),
        created_at: Utc::now(),
        updated_at: Utc::now(),
    }
}

fn mixed(operation: Operation) -> Result<()> {
    let failed = |code| Err(Error::new(code, "No.", "Do this."));
    match operation {
        Operation::GetCostForecast => failed(Code::AwsNoData),
        Operation::GetAnomalies => {
            failed(Code::AwsDenied).map_err(|error: Error| error.with_policy("{}"))
        }
        Operation::GetTags => failed(Code::AwsDeniedByOrganization),
        Operation::GetCostCategories => failed(Code::AwsCutOffByPayer),
        Operation::GetUsageForecast => failed(Code::AwsNotEnabled),
        Operation::GetDimensionValues => failed(Code::AwsThrottled),
        Operation::DescribeRegions => failed(Code::AwsServer),
        _ => Ok(()),
    }
}

#[tokio::test]
async fn every_state_is_told_and_kept() {
    let ward = Ward::new(Scripted::new(mixed, MANY)).await;
    assert!(
        ward.now()
            .await
            .rows
            .iter()
            .all(|row| row.finding.is_none())
    );
    ward.examine(Scope::All, false).await.unwrap();
    let all = ward.ended().await;
    let states = CheckState::ALL.map(|state| all.count(state));
    // The forecast has nothing to tell, to one who may ask.
    assert_eq!(states, [11, 3, 1, 1, 1]);
    assert_eq!(ward.aws.asked(), doctor::actions());
    for row in &all.rows {
        let finding = row.finding.as_ref().unwrap();
        assert_eq!(
            finding.reason.is_some(),
            finding.state != CheckState::Granted
        );
    }
    let policy: serde_json::Value = serde_json::from_str(&all.mending_policy().unwrap()).unwrap();
    assert_eq!(
        policy["Statement"],
        serde_json::json!([{
            "Sid": "CostRead",
            "Effect": "Allow",
            "Action": ["ce:GetAnomalies"],
            "Resource": "*",
        }]),
        "a policy doesn't mend what an organization denies"
    );
    // Looking again asks nothing.
    ward.now().await;
    assert_eq!(ward.aws.asked().len(), 17);
}

#[tokio::test]
async fn what_stops_all_is_asked_once() {
    let wrong = |_| Err(Error::new(Code::AwsWrongSecret, "Wrong.", "Mend."));
    let ward = Ward::new(Scripted::new(wrong, MANY)).await;
    ward.examine(Scope::Minimal, false).await.unwrap();
    let all = ward.ended().await;
    assert_eq!(ward.aws.asked().len(), 1);
    assert_eq!(all.count(CheckState::Unknown), 9);
}

#[tokio::test]
async fn the_cap_is_kept_unless_the_person_says_otherwise() {
    let ward = Ward::new(Scripted::new(|_| Ok(()), MANY)).await;
    let cap: Cap = "0.04".parse().unwrap();
    ward.store.caps().set(ward.id, cap).await.unwrap();
    let error = ward.examine(Scope::Minimal, false).await.unwrap_err();
    assert_eq!(error.code, Code::CapReached);
    assert!(error.advice.contains("$0.05"), "{}", error.advice);
    assert!(ward.aws.asked().is_empty());
    // What is free needs no cap.
    ward.examine(Scope::Free, false).await.unwrap();
    ward.ended().await;
    ward.examine(Scope::Minimal, true).await.unwrap();
    assert_eq!(ward.ended().await.count(CheckState::Granted), 10);
}

#[tokio::test]
async fn one_at_a_time_and_nothing_that_came_is_lost() {
    let ward = Ward::new(Scripted::new(|_| Ok(()), 2)).await;
    ward.examine(Scope::Minimal, false).await.unwrap();
    assert_eq!(
        ward.examine(Scope::Free, false).await.unwrap_err().code,
        Code::Busy
    );
    while ward.aws.asked().len() < 3 {
        ward.aws.came.notified().await;
    }
    let half = ward.now().await;
    assert_eq!(half.count(CheckState::Granted), 2);
    assert!(half.progress.unwrap().running);
    // The server stops in the middle; the next one may begin at once.
    ward.doctor.stop_all().await;
    let half = ward.now().await;
    assert_eq!(half.count(CheckState::Granted), 2);
    assert!(!half.progress.unwrap().running && half.progress.unwrap().done == 2);
    ward.aws.turns.add_permits(MANY);
    ward.examine(Scope::Minimal, false).await.unwrap();
    assert_eq!(ward.ended().await.count(CheckState::Granted), 9);
}

#[tokio::test]
async fn a_deleted_connection_asks_nothing_more() {
    let ward = Ward::new(Scripted::new(|_| Ok(()), 1)).await;
    ward.examine(Scope::Minimal, false).await.unwrap();
    while ward.aws.asked().len() < 2 {
        ward.aws.came.notified().await;
    }
    assert!(
        ward.store
            .connections()
            .delete(ward.user.id, ward.id)
            .await
            .unwrap()
    );
    ward.aws.turns.add_permits(MANY);
    while !lock(&ward.doctor.running).is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(ward.aws.asked().len(), 2);
    let error = ward.examine(Scope::Free, false).await.unwrap_err();
    assert_eq!(error.code, Code::NotFound);
}

/// Each check is shorter than looking at it: every way for them to meet comes up.
#[tokio::test(flavor = "multi_thread")]
async fn what_has_ended_shows_what_it_found() {
    static REFUSED: AtomicBool = AtomicBool::new(false);
    let answer = |_| match REFUSED.load(Ordering::Relaxed) {
        true => Err(Error::new(Code::AwsDenied, "No.", "Do this.")),
        false => Ok(()),
    };
    let ward = Ward::new(Scripted::new(answer, MANY)).await;
    let operation = Operation::GetTags;
    for round in 0..1_000 {
        REFUSED.store(round % 2 == 1, Ordering::Relaxed);
        ward.doctor
            .examine(&ward.user, ward.id, vec![operation], false)
            .await
            .unwrap();
        let found = loop {
            let now = ward.now().await;
            if now.progress.is_some_and(|progress| !progress.running) {
                break now;
            }
        };
        let row = found.rows.iter().find(|row| row.operation == operation);
        let state = row.unwrap().finding.as_ref().unwrap().state;
        let expected = [CheckState::Granted, CheckState::Denied][round % 2];
        assert_eq!(state, expected, "round {round}");
    }
}
