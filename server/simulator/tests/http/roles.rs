//! Roles, the keys they give out, and keys that may do only some things.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use simulator::keys::{self, KeyPair};
use simulator::roles::{self, EXTERNAL_ID, Role};

use crate::support::{Answer, Call, by_service, control, simulator};

/// AssumeRole, with more parameters.
fn assume(key: &KeyPair, role: &str, external_id: &str, more: &str) -> Call {
    let mut call = Call::identity(key);
    let role: String = url::form_urlencoded::byte_serialize(role.as_bytes()).collect();
    call.body = format!(
        "Action=AssumeRole&Version=2011-06-15&RoleArn={role}&RoleSessionName=cost-tracker&ExternalId={external_id}{more}"
    );
    call
}

fn text(answer: &Answer, tag: &str) -> String {
    let (_, rest) = answer
        .body
        .split_once(&format!("<{tag}>"))
        .unwrap_or_default();
    rest.split("</").next().unwrap_or_default().to_owned()
}

/// A call of the caller whom an answer gives a key to.
fn as_role(answer: &Answer, mut call: Call) -> Call {
    call.id = text(answer, "AccessKeyId");
    call.secret = text(answer, "SecretAccessKey");
    call.token = Some(text(answer, "SessionToken"));
    call
}

#[tokio::test]
async fn a_role_gives_out_a_key_that_works_until_it_ends() {
    let aws = simulator(2_000).await;
    let asked = Utc::now();
    let given = assume(&keys::GOOD, roles::READER.arn, EXTERNAL_ID, "")
        .send(&aws)
        .await;
    assert_eq!(
        (given.status, given.content_type.as_str()),
        (200, "text/xml"),
        "{}",
        given.body
    );
    let end = DateTime::parse_from_rfc3339(&text(&given, "Expiration")).unwrap();
    let lasts = end.with_timezone(&Utc) - asked;
    assert!(
        (lasts - TimeDelta::hours(1)).abs() < TimeDelta::minutes(1),
        "{lasts}"
    );
    let arn = "arn:aws:sts::123456789012:assumed-role/CostReader/cost-tracker";
    assert_eq!(text(&given, "Arn"), arn);
    assert_eq!(
        text(&given, "AssumedRoleId"),
        "AROASIMULATORROLE001:cost-tracker"
    );

    let who = as_role(&given, Call::identity(&keys::GOOD))
        .send(&aws)
        .await;
    assert_eq!((who.status, text(&who, "Arn")), (200, arn.to_owned()));
    let costs = || as_role(&given, Call::costs(&keys::GOOD, &by_service()));
    let mine = Call::costs(&keys::GOOD, &by_service()).send(&aws).await;
    assert_eq!(costs().send(&aws).await.json(), mine.json());
    let mut stolen = costs();
    stolen.token = None;
    assert_eq!(
        stolen.send(&aws).await.error().1,
        "UnrecognizedClientException"
    );

    let id = text(&given, "AccessKeyId");
    assert!(aws.expire(&id, Some(Utc::now())));
    assert_eq!(costs().send(&aws).await.error().1, "ExpiredTokenException");
    assert!(aws.expire(&id, Some(Utc::now() + TimeDelta::hours(1))));
    assert_eq!(costs().send(&aws).await.status, 200);
    // Nothing of it is in the log.
    let log = serde_json::to_string(&aws.requests()).unwrap();
    assert!(
        !log.contains(&text(&given, "SecretAccessKey"))
            && !log.contains(&text(&given, "SessionToken"))
    );
    assert!(
        !log.contains(EXTERNAL_ID) && log.contains(roles::READER.arn),
        "{log}"
    );
}

#[tokio::test]
async fn whatever_is_wrong_with_a_role_aws_says_the_same() {
    let aws = simulator(2_000).await;
    let missing = "arn:aws:iam::123456789012:role/Missing";
    for (key, role, external_id) in [
        (&keys::GOOD, roles::READER.arn, "wrong"),
        (&keys::GOOD, roles::CLOSED.arn, EXTERNAL_ID),
        (&keys::GOOD, missing, EXTERNAL_ID),
        (&keys::NO_PERMISSION, roles::READER.arn, EXTERNAL_ID),
    ] {
        let text = format!(
            "User: {} is not authorized to perform: sts:AssumeRole on resource: {role}",
            key.arn
        );
        let refused = assume(key, role, external_id, "").send(&aws).await.error();
        assert_eq!(refused, (403, "AccessDenied".into(), text));
    }
    let mut without = assume(&keys::GOOD, roles::READER.arn, "", "");
    without.body = without.body.replace("&ExternalId=", "");
    assert_eq!(without.send(&aws).await.error().1, "AccessDenied");
}

#[tokio::test]
async fn other_external_ids_can_be_registered() {
    let aws = simulator(2_000).await;
    let status = async |role: &Role, id: &str| {
        assume(&keys::GOOD, role.arn, id, "")
            .send(&aws)
            .await
            .status
    };
    assert_eq!(status(&roles::READER, "mine-1").await, 403);
    let order = json!({"external_id": "mine-1", "role_arn": roles::READER.arn});
    assert_eq!(control(&aws, "PUT", "roles", order).await.0, 200);
    assert_eq!(status(&roles::READER, "mine-1").await, 200);
    assert_eq!(status(&roles::OTHER_READER, "mine-1").await, 403);
    aws.trust(None, "mine-2");
    assert_eq!(status(&roles::OTHER_READER, "mine-2").await, 200);
    assert_eq!(status(&roles::CLOSED, "mine-2").await, 403);
    for wrong in [
        json!({"external_id": ""}),
        json!({"role_arn": "arn:none", "external_id": "x1"}),
    ] {
        assert_eq!(control(&aws, "PUT", "roles", wrong).await.0, 400);
    }
    // Sessions as short as a test wants them.
    control(&aws, "PUT", "roles", json!({"session_seconds": 60})).await;
    let given = assume(&keys::GOOD, roles::READER.arn, EXTERNAL_ID, "")
        .send(&aws)
        .await;
    let end = DateTime::parse_from_rfc3339(&text(&given, "Expiration")).unwrap();
    assert!(end.with_timezone(&Utc) < Utc::now() + TimeDelta::minutes(2));
}

#[tokio::test]
async fn sessions_have_limits() {
    let aws = simulator(2_000).await;
    let seconds = |seconds: i64| format!("&DurationSeconds={seconds}");
    let ask = async |role: &Role, length: i64| {
        let call = assume(&keys::GOOD, role.arn, EXTERNAL_ID, &seconds(length));
        call.send(&aws).await
    };
    for (length, rule) in [
        (899, "greater than or equal to 900"),
        (43_201, "less than or equal to 43200"),
    ] {
        let (status, code, text) = ask(&roles::READER, length).await.error();
        assert_eq!((status, code.as_str()), (400, "ValidationError"));
        assert!(
            text.ends_with(rule) && text.contains("'durationSeconds'"),
            "{text}"
        );
    }
    assert_eq!(ask(&roles::READER, 43_200).await.status, 200);
    assert_eq!(
        ask(&roles::MINIMAL_READER, 3_601).await.error().2,
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    );
    let chained = assume(
        &keys::TEMPORARY,
        roles::READER.arn,
        EXTERNAL_ID,
        &seconds(3_601),
    );
    assert!(chained.send(&aws).await.error().2.contains("role chaining"));
    let mut short = assume(&keys::GOOD, roles::READER.arn, "x", "");
    assert_eq!(short.send(&aws).await.error().1, "ValidationError");
    short.body = short.body.replace("ExternalId=x", "ExternalId=not%20one");
    assert!(short.send(&aws).await.error().2.contains("'externalId'"));
}

#[tokio::test]
async fn keys_do_what_they_may() {
    let aws = simulator(2_000).await;
    let forecast = json!({
        "TimePeriod": {"Start": "2026-11-24", "End": "2026-12-01"},
        "Granularity": "MONTHLY",
        "Metric": "UNBLENDED_COST",
    });
    let tags = json!({"TimePeriod": {"Start": "2026-11-01", "End": "2026-11-24"}});
    let anomalies = json!({"DateInterval": {"StartDate": "2026-11-01"}});
    let questions: [(&str, &Value); 5] = [
        ("GetCostAndUsage", &by_service()),
        ("GetCostForecast", &forecast),
        ("GetTags", &tags),
        ("GetSavingsPlansUtilization", &tags),
        ("GetAnomalies", &anomalies),
    ];
    for (key, allowed) in [
        (&keys::GOOD, [true; 5]),
        (&keys::ASSUME_ONLY, [false; 5]),
        (&keys::MINIMAL, [true, true, false, true, true]),
        (&keys::WITHOUT_FORECAST, [true, false, true, true, true]),
        (&keys::WITHOUT_COMMITMENTS, [true, true, true, false, true]),
        (&keys::WITHOUT_EC2, [true; 5]),
        (&keys::FORBIDDEN, [true, true, true, true, false]),
        (&keys::CUT_OFF, [false; 5]),
        (&keys::SHORT_LIVED, [true; 5]),
    ] {
        for ((operation, question), allowed) in questions.iter().zip(allowed) {
            let answer = Call::explorer(key, operation, question).send(&aws).await;
            let name = key.access_key_id;
            assert_eq!(
                answer.status == 200,
                allowed,
                "{name} {operation} {}",
                answer.body
            );
            if !allowed {
                assert_eq!(answer.error().1, "AccessDeniedException");
            }
        }
    }
    let denied = Call::explorer(&keys::FORBIDDEN, "GetAnomalies", &anomalies)
        .send(&aws)
        .await;
    assert!(
        denied
            .error()
            .2
            .contains("with an explicit deny in a service control policy")
    );
    let cut = Call::costs(&keys::CUT_OFF, &by_service()).send(&aws).await;
    assert_eq!(
        cut.error().2,
        "Linked account doesn't have access to cost explorer."
    );
    let given = assume(
        &keys::ASSUME_ONLY,
        roles::MINIMAL_READER.arn,
        EXTERNAL_ID,
        "",
    )
    .send(&aws)
    .await;
    let costs = as_role(&given, Call::costs(&keys::GOOD, &by_service()));
    assert_eq!(costs.send(&aws).await.status, 200);
    let denied = as_role(&given, Call::explorer(&keys::GOOD, "GetTags", &tags))
        .send(&aws)
        .await;
    assert!(
        denied
            .error()
            .2
            .contains("assumed-role/MinimalCostReader/cost-tracker"),
        "{}",
        denied.body
    );
}

#[tokio::test]
async fn a_temporary_key_ends_on_order() {
    let aws = simulator(2_000).await;
    let order =
        |at: Value| json!({"access_key_id": keys::SHORT_LIVED.access_key_id, "expires_at": at});
    let code = async || Call::identity(&keys::SHORT_LIVED).send(&aws).await.status;
    assert_eq!(code().await, 200);
    let past = json!("2026-01-01T00:00:00Z");
    let (status, listed) = control(&aws, "PUT", "keys", order(past.clone())).await;
    assert_eq!(status, 200);
    assert!(
        listed
            .as_array()
            .unwrap()
            .iter()
            .any(|key| key["expires_at"] == past),
        "{listed}"
    );
    assert_eq!(code().await, 403);
    control(&aws, "PUT", "keys", order(Value::Null)).await;
    assert_eq!(code().await, 200);
    let lasting = json!({"access_key_id": keys::GOOD.access_key_id, "expires_at": past});
    assert_eq!(control(&aws, "PUT", "keys", lasting).await.0, 400);
}
