//! AWS over real HTTP: identities, refusals and costs.

use crate::support::{Answer, Call, by_service, simulator};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use simulator::books::{Metric, SCALE};
use simulator::keys::{self, KeyPair};

const MISMATCH: &str =
    "The request signature we calculated does not match the signature you provided.";

#[tokio::test]
async fn sts_says_who_is_calling() {
    let aws = simulator(2_000).await;
    for key in [
        &keys::GOOD,
        &keys::GOOD_SECOND,
        &keys::OTHER_ACCOUNT,
        &keys::TEMPORARY,
        &keys::NO_PERMISSION,
        &keys::NOT_ENABLED,
    ] {
        let answer = Call::identity(key).send(&aws).await;
        assert_eq!(
            (answer.status, answer.content_type.as_str()),
            (200, "text/xml"),
            "{}",
            answer.body
        );
        assert!(answer.body.contains(&format!("<Arn>{}</Arn>", key.arn)));
        assert!(
            answer
                .body
                .contains(&format!("<UserId>{}</UserId>", key.user_id))
        );
        assert!(
            answer
                .body
                .contains(&format!("<Account>{}</Account>", key.account()))
        );
        assert!(
            answer
                .body
                .contains(&format!("<RequestId>{}</RequestId>", answer.request_id))
        );
        assert_eq!(answer.request_id.len(), 36);
    }
    let mut other = Call::identity(&keys::GOOD);
    other.body = "Action=GetFederationToken&Version=2011-06-15".into();
    assert_eq!(other.send(&aws).await.error().1, "InvalidAction");
}

/// What both services say to the same mistake.
async fn both(
    mistake: impl Fn(&mut Call),
    key: &KeyPair,
    sts: (u16, &str),
    ce: (u16, &str),
    text: &str,
) {
    let aws = simulator(2_000).await;
    for (mut call, expected) in [
        (Call::identity(key), sts),
        (Call::costs(key, &by_service()), ce),
    ] {
        mistake(&mut call);
        let (status, code, message) = call.send(&aws).await.error();
        assert_eq!((status, code.as_str()), expected);
        assert!(message.starts_with(text), "{message}");
    }
}

#[tokio::test]
async fn wrong_credentials_are_told_apart() {
    let invalid = "The security token included in the request is invalid.";
    let unknown = (
        (403, "InvalidClientTokenId"),
        (400, "UnrecognizedClientException"),
    );
    let wrong = (
        (403, "SignatureDoesNotMatch"),
        (400, "InvalidSignatureException"),
    );
    both(
        |call| call.secret = keys::GOOD_SECOND.secret.into(),
        &keys::GOOD,
        wrong.0,
        wrong.1,
        MISMATCH,
    )
    .await;
    both(
        |call| call.id = "AKIASIMULATORUNKNOWN".into(),
        &keys::GOOD,
        unknown.0,
        unknown.1,
        invalid,
    )
    .await;
    both(
        |call| call.token = None,
        &keys::TEMPORARY,
        unknown.0,
        unknown.1,
        invalid,
    )
    .await;
    both(
        |call| call.token = Some("stolen".into()),
        &keys::TEMPORARY,
        unknown.0,
        unknown.1,
        invalid,
    )
    .await;
    both(
        |call| call.token = Some("stray".into()),
        &keys::GOOD,
        unknown.0,
        unknown.1,
        invalid,
    )
    .await;
    let expired = ((403, "ExpiredToken"), (400, "ExpiredTokenException"));
    both(
        |_| {},
        &keys::EXPIRED,
        expired.0,
        expired.1,
        "The security token included in the request is expired",
    )
    .await;
    let (late, early) = (
        Utc::now() - TimeDelta::minutes(6),
        Utc::now() + TimeDelta::minutes(6),
    );
    both(
        |call| call.at = late,
        &keys::GOOD,
        wrong.0,
        wrong.1,
        "Signature expired: ",
    )
    .await;
    both(
        |call| call.at = early,
        &keys::GOOD,
        wrong.0,
        wrong.1,
        "Signature not yet current: ",
    )
    .await;
}

#[tokio::test]
async fn unsigned_and_half_signed_requests_are_refused() {
    let aws = simulator(2_000).await;
    let (identity, costs) = (
        Call::identity(&keys::GOOD),
        Call::costs(&keys::GOOD, &by_service()),
    );
    let cases = [
        (&identity, "", 403, "MissingAuthenticationToken"),
        (&costs, "", 400, "MissingAuthenticationTokenException"),
        (
            &identity,
            "AWS4-HMAC-SHA256 Signature=00",
            400,
            "IncompleteSignature",
        ),
        (
            &costs,
            "AWS4-HMAC-SHA256 Signature=00",
            400,
            "IncompleteSignatureException",
        ),
        (&costs, "Bearer abc", 400, "IncompleteSignatureException"),
    ];
    for (call, authorization, status, code) in cases {
        let response = call.try_send(&aws, Some(authorization)).await.unwrap();
        let (found, name, _) = Answer::read(response).await.error();
        assert_eq!((found, name.as_str()), (status, code));
    }
    let mut elsewhere = Call::identity(&keys::GOOD);
    elsewhere.service = "s3";
    assert_eq!(elsewhere.send(&aws).await.status, 403);
}

#[tokio::test]
async fn permissions_are_by_action() {
    let aws = simulator(2_000).await;
    let denied = "User: arn:aws:iam::123456789012:user/nobody is not authorized to perform: ce:GetCostAndUsage on resource: \
                  arn:aws:ce:us-east-1:123456789012:/GetCostAndUsage because no identity-based policy allows the \
                  ce:GetCostAndUsage action";
    let error = async |call: Call| call.send(&aws).await.error();
    assert_eq!(
        error(Call::costs(&keys::NO_PERMISSION, &by_service())).await,
        (400, "AccessDeniedException".into(), denied.into())
    );
    assert_eq!(
        error(Call::costs(&keys::WITHOUT_COSTS, &by_service()))
            .await
            .1,
        "AccessDeniedException"
    );
    assert_eq!(
        Call::costs(&keys::COSTS_ONLY, &by_service())
            .send(&aws)
            .await
            .status,
        200
    );
    let forecast = error(Call::explorer(
        &keys::COSTS_ONLY,
        "GetCostForecast",
        &json!({}),
    ))
    .await;
    assert!(
        forecast
            .2
            .contains("not authorized to perform: ce:GetCostForecast"),
        "{forecast:?}"
    );
    assert_eq!(
        error(Call::costs(&keys::NOT_ENABLED, &by_service())).await,
        (
            400,
            "AccessDeniedException".into(),
            "User not enabled for cost explorer access".into()
        )
    );
    assert_eq!(
        error(Call::costs(&keys::THROTTLED, &by_service())).await,
        (
            400,
            "LimitExceededException".into(),
            "Rate limit exceeded".into()
        )
    );
    assert_eq!(
        Call::identity(&keys::THROTTLED).send(&aws).await.status,
        200
    );
    assert_eq!(
        error(Call::explorer(&keys::GOOD, "GetNothing", &json!({})))
            .await
            .1,
        "UnknownOperationException"
    );
    assert_eq!(
        error(Call::costs(&keys::GOOD, &json!({}))).await.1,
        "ValidationException"
    );
}

#[tokio::test]
async fn costs_are_the_books_to_the_last_digit() {
    let aws = simulator(300).await;
    let today = aws.today();
    let mut request = json!({
        "TimePeriod": {"Start": "2025-10-01", "End": "2026-11-25"},
        "Granularity": "DAILY",
        "Metrics": Metric::ALL.map(Metric::name),
        "GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}, {"Type": "DIMENSION", "Key": "LINKED_ACCOUNT"}],
    });
    let mut found = [0_i128; 7];
    let mut pages = 0;
    loop {
        let mut call = Call::costs(&keys::GOOD, &request);
        call.like_rust = pages % 2 == 0;
        let page = call.send(&aws).await;
        assert_eq!(page.content_type, "application/x-amz-json-1.1");
        let page = page.json();
        for group in page["ResultsByTime"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|day| day["Groups"].as_array().unwrap())
        {
            for (sum, metric) in found.iter_mut().zip(Metric::ALL) {
                *sum += units(&group["Metrics"][metric.name()]["Amount"]);
            }
        }
        pages += 1;
        match page.get("NextPageToken") {
            Some(token) => request["NextPageToken"] = token.clone(),
            None => break,
        }
    }
    assert!(pages > 30, "{pages}");
    let period = || "2025-10-01".parse().unwrap().."2026-11-25".parse().unwrap();
    for (sum, metric) in found.into_iter().zip(Metric::ALL) {
        assert_eq!(
            sum,
            aws.books().total(period(), today, metric, |_| true),
            "{}",
            metric.name()
        );
    }
    assert!(found[0] > 400_000 * SCALE);
}

/// A decimal string in units of 10⁻¹⁰.
fn units(amount: &Value) -> i128 {
    let text = amount.as_str().expect("amounts are strings");
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{decimals:0<10}")
        .parse()
        .expect("at most ten decimals")
}

#[tokio::test]
async fn other_accounts_have_other_books() {
    let aws = simulator(2_000).await;
    let total = async |key| {
        let mut request = by_service();
        request["GroupBy"] = json!([]);
        let answer = Call::costs(key, &request).send(&aws).await.json();
        answer["ResultsByTime"][0]["Total"]["UnblendedCost"]["Amount"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(total(&keys::GOOD).await, total(&keys::GOOD_SECOND).await);
    assert_ne!(total(&keys::GOOD).await, total(&keys::OTHER_ACCOUNT).await);
    assert_eq!(total(&keys::BRAND_NEW).await, "0");
}

#[tokio::test]
async fn the_date_is_real_whatever_day_is_played() {
    let aws = simulator(2_000).await;
    aws.set_today("2026-03-02".parse().unwrap()).unwrap();
    let call = Call::costs(&keys::GOOD, &by_service());
    let answer = call.send(&aws).await;
    // In March, the October of that year is past the beginning of next month.
    assert_eq!(
        answer.error().2,
        "end date past the beginning of next month"
    );
    let date = DateTime::parse_from_rfc2822(&answer.date).unwrap();
    assert!(
        (Utc::now() - date.with_timezone(&Utc)).num_seconds().abs() < 60,
        "{}",
        answer.date
    );
}
