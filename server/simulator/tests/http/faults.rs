//! Faults on order over real HTTP: each service, each operation, and the books of past days.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use simulator::{FaultRule, Named, Outcome, Simulator, keys};

use crate::support::{Call, by_service, control, simulator, until};

fn plan(aws: &Simulator, rule: Value) {
    let rule: FaultRule = serde_json::from_value(rule).expect("a rule");
    aws.set_fault(rule);
}

/// A request of every operation of Cost Explorer.
fn questions() -> Vec<(&'static str, Value)> {
    let period = json!({"Start": "2026-10-01", "End": "2026-11-01"});
    let coming = json!({"Start": "2026-11-24", "End": "2026-12-01"});
    let hours = json!({"Dimensions": {"Key": "USAGE_TYPE", "Values": ["BoxUsage:m5.large"]}});
    let of_period = json!({"TimePeriod": period});
    vec![
        ("GetCostAndUsage", by_service()),
        (
            "GetCostForecast",
            json!({"TimePeriod": coming, "Granularity": "DAILY", "Metric": "UNBLENDED_COST"}),
        ),
        (
            "GetUsageForecast",
            json!({"TimePeriod": coming, "Granularity": "DAILY", "Metric": "USAGE_QUANTITY", "Filter": hours}),
        ),
        ("GetReservationUtilization", of_period.clone()),
        ("GetReservationCoverage", of_period.clone()),
        ("GetSavingsPlansUtilization", of_period.clone()),
        ("GetSavingsPlansCoverage", of_period.clone()),
        (
            "GetAnomalies",
            json!({"DateInterval": {"StartDate": "2026-10-01"}}),
        ),
        ("GetAnomalyMonitors", json!({})),
        (
            "GetDimensionValues",
            json!({"TimePeriod": period, "Dimension": "SERVICE"}),
        ),
        ("GetTags", of_period.clone()),
        ("GetCostCategories", of_period),
    ]
}

/// Every place of a JSON document and the type of what is there.
fn types(value: &Value, path: &str, found: &mut Vec<String>) {
    let kind = match value {
        Value::Object(members) => {
            for (name, member) in members {
                types(member, &format!("{path}/{name}"), found);
            }
            "object"
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                types(item, &format!("{path}/{index}"), found);
            }
            "array"
        }
        Value::String(_) => "string",
        Value::Number(_) => "number",
        Value::Bool(_) => "boolean",
        Value::Null => "null",
    };
    found.push(format!("{path} {kind}"));
}

#[tokio::test]
async fn every_operation_can_be_spoiled_alone() {
    let aws = simulator(2_000).await;
    for (operation, question) in questions() {
        let call = Call::explorer(&keys::GOOD, operation, &question);
        let truth = call.send(&aws).await;
        assert_eq!(truth.status, 200, "{operation} {}", truth.body);
        plan(
            &aws,
            json!({"operation": operation, "fail_next": ["wrong_types", "empty", "throttle"]}),
        );
        // Another operation goes on.
        assert_eq!(Call::identity(&keys::GOOD).send(&aws).await.status, 200);
        let wrong = call.send(&aws).await;
        let (mut before, mut after) = (Vec::new(), Vec::new());
        types(&truth.json(), "", &mut before);
        types(&wrong.json(), "", &mut after);
        assert_ne!(before, after, "{operation}");
        assert_eq!(call.send(&aws).await.json(), json!({}));
        assert_eq!(call.send(&aws).await.error().1, "LimitExceededException");
        assert_eq!(call.send(&aws).await.body, truth.body);
    }
}

#[tokio::test]
async fn xml_is_spoiled_in_its_own_way() {
    let aws = simulator(2_000).await;
    let call = Call::identity(&keys::GOOD);
    plan(
        &aws,
        json!({"service": "sts", "fail_next": ["empty", "wrong_types", "half", "500", "503", "502"]}),
    );
    let empty = call.send(&aws).await;
    assert_eq!(empty.status, 200);
    assert!(empty.body.starts_with("<GetCallerIdentityResponse") && empty.body.ends_with("/>"));
    let wrong = call.send(&aws).await;
    assert!(
        wrong.body.contains("<Account>many</Account>"),
        "{}",
        wrong.body
    );
    let half = call.try_send(&aws, None).await.unwrap();
    assert!(half.bytes().await.is_err());
    assert_eq!(call.send(&aws).await.error().1, "InternalFailure");
    assert_eq!(call.send(&aws).await.error().1, "ServiceUnavailable");
    assert_eq!(call.send(&aws).await.content_type, "text/html");
    assert_eq!(call.send(&aws).await.status, 200);
}

#[tokio::test]
async fn an_endless_answer_never_ends() {
    let aws = simulator(2_000).await;
    let call = Call::costs(&keys::GOOD, &by_service());
    let truth = call.send(&aws).await;
    let rule = FaultRule {
        fail_next: vec![Outcome::Named(Named::Endless)],
        ..FaultRule::default()
    };
    aws.set_fault(rule);
    let mut response = call.try_send(&aws, None).await.unwrap();
    assert_eq!(
        (response.status().as_u16(), response.content_length()),
        (200, None)
    );
    let (mut text, mut blanks) = (Vec::new(), 0);
    while blanks < 3 {
        let chunk = response.chunk().await.unwrap().expect("more");
        blanks += usize::from(chunk.iter().all(|byte| *byte == b' '));
        text.extend(chunk);
    }
    let text = String::from_utf8(text).unwrap();
    assert!(
        truth.body.starts_with(text.trim_end())
            && text.trim_end().len() * 2 >= truth.body.len() - 2
    );
    drop(response);
    let log = aws.requests();
    assert_eq!(log[1].fault.as_deref(), Some("endless"));
    assert_eq!(log[1].bytes_out, truth.body.len() / 2);
}

#[tokio::test]
async fn shares_of_the_requests_fail_as_planned() {
    let aws = simulator(2_000).await;
    let outcomes = async || {
        plan(
            &aws,
            json!({"service": "sts", "throttle_percent": 30, "shares": [{"percent": 40, "outcome": "500"}], "seed": 4}),
        );
        let mut seen = Vec::new();
        for _ in 0..40 {
            seen.push(Call::identity(&keys::GOOD).send(&aws).await.status);
        }
        seen
    };
    let first = outcomes().await;
    assert_eq!(
        first,
        outcomes().await,
        "the same order has the same outcomes"
    );
    for status in [200, 400, 500] {
        assert!(first.contains(&status), "{first:?}");
    }
    assert_eq!(
        Call::costs(&keys::GOOD, &by_service())
            .send(&aws)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn page_tokens_end_on_order() {
    let aws = simulator(5).await;
    let mut request = by_service();
    let page = Call::costs(&keys::GOOD, &request).send(&aws).await.json();
    request["NextPageToken"] = page["NextPageToken"].clone();
    let next = Call::costs(&keys::GOOD, &request);
    assert_eq!(next.send(&aws).await.status, 200);
    plan(
        &aws,
        json!({"operation": "GetCostAndUsage", "page_token_ms": 0}),
    );
    let (status, code, _) = next.send(&aws).await.error();
    assert_eq!((status, code.as_str()), (400, "InvalidNextTokenException"));
    assert_eq!(
        Call::costs(&keys::GOOD, &by_service())
            .send(&aws)
            .await
            .status,
        200
    );
    aws.clear_faults();
    assert_eq!(next.send(&aws).await.status, 200);
    plan(&aws, json!({"fail_next": ["page_token_expired"]}));
    assert_eq!(next.send(&aws).await.error().1, "InvalidNextTokenException");
}

#[tokio::test]
async fn a_clock_can_be_off() {
    let aws = simulator(2_000).await;
    let call = Call::identity(&keys::GOOD);
    let off = |date: &str| {
        let date = DateTime::parse_from_rfc2822(date).unwrap();
        (date.with_timezone(&Utc) - Utc::now()).num_seconds()
    };
    assert!(off(&call.send(&aws).await.date).abs() < 30);
    // Only the header: the request is believed.
    plan(&aws, json!({"date_skew_seconds": -3_600}));
    let answer = call.send(&aws).await;
    assert_eq!(answer.status, 200);
    assert!((off(&answer.date) + 3_600).abs() < 30, "{}", answer.date);
    // The whole clock: it is not.
    plan(&aws, json!({"clock_skew_seconds": 600}));
    let answer = call.send(&aws).await;
    assert!((off(&answer.date) - 600).abs() < 30, "{}", answer.date);
    let (status, code, text) = answer.error();
    assert_eq!((status, code.as_str()), (403, "SignatureDoesNotMatch"));
    assert!(text.starts_with("Signature expired: "), "{text}");
    aws.clear_faults();
    assert_eq!(call.send(&aws).await.status, 200);
}

#[tokio::test]
async fn delays_are_for_those_they_are_for() {
    let aws = simulator(2_000).await;
    plan(
        &aws,
        json!({"operation": "GetTags", "delay": {"slow_percent": 100, "slow_ms": 60_000}}),
    );
    let period = json!({"TimePeriod": {"Start": "2026-10-01", "End": "2026-11-01"}});
    let slow = Call::explorer(&keys::GOOD, "GetTags", &period);
    until(slow.send(&aws), || !aws.requests().is_empty()).await;
    assert_eq!(
        Call::costs(&keys::GOOD, &by_service())
            .send(&aws)
            .await
            .status,
        200
    );
    let log = aws.requests();
    assert_eq!(
        (log[0].operation.as_str(), log[0].answered_at_us),
        ("GetTags", None)
    );
    assert!(log[1].answered_at_us > Some(log[1].arrived_at_us));
    assert_eq!(log[1].region, "us-east-1");
}

#[tokio::test]
async fn past_days_are_restated_on_order() {
    let aws = simulator(2_000).await;
    let total = async || {
        let answer = Call::costs(&keys::GOOD, &by_service())
            .send(&aws)
            .await
            .json();
        answer["ResultsByTime"].to_string()
    };
    let before = total().await;
    let order =
        json!({"start": "2026-10-05", "end": "2026-10-06", "percent": 10, "from": "2026-11-25"});
    let (status, orders) = control(&aws, "PUT", "restatements", order.clone()).await;
    assert_eq!(status, 200);
    assert_eq!(orders[keys::GOOD.account()][0]["percent"], 10);
    assert_eq!(total().await, before, "not before its day");
    aws.set_today("2026-11-25".parse().unwrap()).unwrap();
    let after = total().await;
    assert_ne!(after, before);
    let books = aws.books();
    let days = || "2026-10-05".parse().unwrap().."2026-10-08".parse().unwrap();
    let sum = books.total(
        days(),
        aws.today(),
        simulator::books::Metric::UnblendedCost,
        |_| true,
    );
    let mut ungrouped = by_service();
    ungrouped["GroupBy"] = json!([]);
    ungrouped["Granularity"] = "MONTHLY".into();
    let answer = Call::costs(&keys::GOOD, &ungrouped).send(&aws).await.json();
    let amount = &answer["ResultsByTime"][0]["Total"]["UnblendedCost"]["Amount"];
    assert_eq!(amount, &json!(simulator::books::decimal(sum)));
    control(&aws, "DELETE", "restatements", Value::Null).await;
    assert_eq!(total().await, before);
    assert_eq!(
        control(&aws, "PUT", "restatements", json!({"start": "soon"}))
            .await
            .0,
        400
    );
}
