//! The simulator's own pages and its life: log, faults, days, start and stop.

use std::net::SocketAddr;
use std::time::Duration;

use crate::support::{Call, by_service, simulator, until};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use simulator::{FaultRule, Named, Outcome, Settings, Simulator, StartError, keys, print_env};

async fn control(aws: &Simulator, method: Method, page: &str, body: Value) -> (StatusCode, Value) {
    let url = format!("{}/_simulator/{page}", aws.endpoint_url());
    let response = Client::new()
        .request(method, url)
        .body(body.to_string())
        .send()
        .await
        .expect("an answer");
    (response.status(), response.json().await.expect("JSON"))
}

async fn plan(aws: &Simulator, rule: Value) {
    let (status, answer) = control(aws, Method::PUT, "faults", rule).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
}

#[tokio::test]
async fn the_log_has_every_request_and_no_secrets() {
    let aws = simulator(10).await;
    let page = Call::costs(&keys::TEMPORARY, &by_service())
        .send(&aws)
        .await
        .json();
    let mut next = by_service();
    next["NextPageToken"] = page["NextPageToken"].clone();
    Call::costs(&keys::TEMPORARY, &next).send(&aws).await;
    let mut wrong = Call::identity(&keys::GOOD);
    wrong.secret = "another secret".into();
    wrong.send(&aws).await;
    Call::identity(&keys::GOOD)
        .try_send(&aws, Some(""))
        .await
        .unwrap();

    let (_, log) = control(&aws, Method::GET, "requests", Value::Null).await;
    let seen: Vec<Value> = log
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            json!([
                entry["seq"],
                entry["service"],
                entry["operation"],
                entry["access_key_id"],
                entry["status"],
                entry["code"]
            ])
        })
        .collect();
    let (temporary, good) = (keys::TEMPORARY.access_key_id, keys::GOOD.access_key_id);
    assert_eq!(
        seen,
        [
            json!([1, "ce", "GetCostAndUsage", temporary, 200, null]),
            json!([2, "ce", "GetCostAndUsage", temporary, 200, null]),
            json!([
                3,
                "sts",
                "GetCallerIdentity",
                good,
                403,
                "SignatureDoesNotMatch"
            ]),
            json!([
                4,
                "sts",
                "GetCallerIdentity",
                null,
                403,
                "MissingAuthenticationToken"
            ]),
        ]
    );
    assert_eq!(log[0]["body"], by_service());
    assert_eq!(log[0]["bytes_in"], by_service().to_string().len());
    assert!(log[0]["bytes_out"].as_u64().unwrap() > 500);
    let times: Vec<u64> = log
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["arrived_at_us"].as_u64().unwrap())
        .collect();
    assert!(times.is_sorted() && times[0] > 0, "{times:?}");
    assert!(chrono::DateTime::parse_from_rfc3339(log[0]["at"].as_str().unwrap()).is_ok());
    let text = log.to_string();
    for secret in [
        keys::TEMPORARY.session_token.unwrap(),
        keys::GOOD.secret,
        page["NextPageToken"].as_str().unwrap(),
        "Signature=",
    ] {
        assert!(!text.contains(secret));
    }
    assert!(text.contains("(not logged)"));
    assert_eq!(serde_json::to_value(aws.requests()).unwrap(), log);

    control(&aws, Method::DELETE, "requests", Value::Null).await;
    assert_eq!(
        control(&aws, Method::GET, "requests", Value::Null).await.1,
        json!([])
    );
    Call::identity(&keys::GOOD).send(&aws).await;
    assert_eq!(aws.requests()[0].seq, 5);
}

#[tokio::test]
async fn planned_failures_come_in_order_and_then_the_truth() {
    let aws = simulator(2_000).await;
    let planned = json!(["500", "503", "502", "504", "throttle", "empty", "ok",
        {"status": 400, "code": "DataUnavailableException", "message": "Not yet"}]);
    plan(
        &aws,
        json!({"access_key_id": keys::GOOD.access_key_id, "service": "ce", "fail_next": planned}),
    )
    .await;
    // Neither another key, nor another service, nor a wrong signature uses them up.
    assert_eq!(
        Call::costs(&keys::GOOD_SECOND, &by_service())
            .send(&aws)
            .await
            .status,
        200
    );
    assert_eq!(Call::identity(&keys::GOOD).send(&aws).await.status, 200);
    let call = Call::costs(&keys::GOOD, &by_service());
    let mut wrong = Call::costs(&keys::GOOD, &by_service());
    wrong.secret = "wrong".into();
    assert_eq!(
        wrong.send(&aws).await.error().1,
        "InvalidSignatureException"
    );
    assert_eq!(
        call.send(&aws).await.error(),
        (
            500,
            "InternalFailure".into(),
            "An internal error occurred.".into()
        )
    );
    assert_eq!(call.send(&aws).await.error().0, 503);
    assert_eq!(
        (call.send(&aws).await.status, call.send(&aws).await.status),
        (502, 504)
    );
    assert_eq!(
        call.send(&aws).await.error(),
        (
            400,
            "LimitExceededException".into(),
            "Rate limit exceeded".into()
        )
    );
    let empty = call.send(&aws).await;
    assert_eq!((empty.status, empty.body.as_str()), (200, "{}"));
    let truth = call.send(&aws).await;
    assert_eq!(truth.json()["ResultsByTime"].as_array().unwrap().len(), 3);
    assert_eq!(
        call.send(&aws).await.error(),
        (400, "DataUnavailableException".into(), "Not yet".into())
    );
    assert_eq!(call.send(&aws).await.body, truth.body);
    let faults: Vec<Option<String>> = aws
        .requests()
        .into_iter()
        .map(|entry| entry.fault)
        .collect();
    assert_eq!(faults[3].as_deref(), Some("500"));
    assert_eq!(faults.iter().flatten().count(), 7);
}

#[tokio::test]
async fn the_network_fails_too() {
    let aws = simulator(2_000).await;
    let call = Call::costs(&keys::GOOD, &by_service());
    let truth = call.send(&aws).await;
    let rule = FaultRule {
        fail_next: [Named::Reset, Named::Half, Named::WrongTypes, Named::Hang]
            .map(Outcome::Named)
            .to_vec(),
        ..FaultRule::default()
    };
    aws.set_fault(rule);
    let reset = call.try_send(&aws, None).await.unwrap_err();
    assert!(reset.is_request() && !reset.is_status(), "{reset:?}");
    let half = call.try_send(&aws, None).await.unwrap();
    assert_eq!(half.status(), StatusCode::OK);
    assert_eq!(half.content_length(), Some(truth.body.len() as u64));
    assert!(half.bytes().await.is_err());
    let wrong = call.send(&aws).await.json();
    assert!(
        wrong["ResultsByTime"][0]["Groups"][0]["Metrics"]["UnblendedCost"]["Amount"].is_number()
    );
    until(call.try_send(&aws, None), || {
        let log = aws.requests();
        log.get(4).is_some_and(|entry| entry.fault.is_some())
    })
    .await;
    assert_eq!(call.send(&aws).await.body, truth.body);
    let log: Vec<(Option<u16>, Option<String>)> = aws
        .requests()
        .into_iter()
        .map(|entry| (entry.status, entry.fault))
        .collect();
    assert_eq!(log[1], (None, Some("reset".into())));
    assert_eq!(log[2], (Some(200), Some("half".into())));
    assert_eq!(log[4], (None, Some("hang".into())));
}

#[tokio::test]
async fn throttling_and_latency_last_until_they_are_taken_back() {
    let aws = simulator(2_000).await;
    let throttle = json!({"throttle_percent": 100});
    plan(&aws, json!([throttle])).await;
    assert_eq!(
        Call::identity(&keys::GOOD).send(&aws).await.error(),
        (400, "Throttling".into(), "Rate exceeded".into())
    );
    let latency = json!({"service": "sts", "latency_ms": 60_000});
    plan(&aws, json!([throttle, latency])).await;
    // A slow answer doesn't hold the arrival of others up.
    let slow = Call::identity(&keys::GOOD);
    let fast = Call::costs(&keys::GOOD, &by_service());
    let mut waiting = std::pin::pin!(slow.send(&aws));
    until(&mut waiting, || aws.requests().len() == 2).await;
    tokio::select! {
        _ = waiting => panic!("the slow one was answered"),
        answer = fast.send(&aws) => assert_eq!(answer.error().1, "LimitExceededException"),
    }
    assert_eq!(
        control(&aws, Method::DELETE, "faults", Value::Null).await.1,
        json!([])
    );
    assert_eq!(fast.send(&aws).await.status, 200);
    assert_eq!(
        control(
            &aws,
            Method::PUT,
            "faults",
            json!({"fail_next": ["explode"]})
        )
        .await
        .0,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn the_day_can_be_moved() {
    let aws = simulator(2_000).await;
    assert_eq!(
        control(&aws, Method::GET, "today", Value::Null).await.1,
        json!({"today": crate::support::TODAY})
    );
    assert_eq!(
        control(&aws, Method::PUT, "today", json!({"today": "2026-12-04"}))
            .await
            .0,
        StatusCode::OK
    );
    assert_eq!(aws.today().to_string(), "2026-12-04");
    for wrong in [
        json!({"today": "1999-12-31"}),
        json!({"today": "soon"}),
        json!({"day": "2026-12-04"}),
    ] {
        assert_eq!(
            control(&aws, Method::PUT, "today", wrong).await.0,
            StatusCode::BAD_REQUEST
        );
    }
    control(&aws, Method::PUT, "today", json!({"today": null})).await;
    let now = chrono::Utc::now().date_naive();
    assert!((aws.today() - now).num_days() <= 1);
}

#[tokio::test]
async fn only_loopback_names_reach_the_control_pages() {
    let aws = simulator(2_000).await;
    let status = async |host: String| {
        let url = format!("{}/_simulator/requests", aws.endpoint_url());
        Client::new()
            .get(url)
            .header("host", host)
            .send()
            .await
            .unwrap()
            .status()
    };
    let port = aws.addr().port();
    assert_eq!(status(format!("localhost:{port}")).await, StatusCode::OK);
    assert_eq!(
        status(format!("attacker.example:{port}")).await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        status(format!("127.0.0.1.attacker.example:{port}")).await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        control(&aws, Method::GET, "secrets", Value::Null).await.0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn unreasonable_settings_are_refused() {
    let start = async |settings: Settings| simulator::start(settings).await.err();
    let public = Settings {
        listen: SocketAddr::from(([0, 0, 0, 0], 0)),
        ..Settings::default()
    };
    assert!(matches!(
        start(public).await,
        Some(StartError::NotLoopback(_))
    ));
    assert!(matches!(
        start(Settings {
            page_size: 0,
            ..Settings::default()
        })
        .await,
        Some(StartError::PageSize)
    ));
    let ancient = Some("1999-01-01".parse().unwrap());
    assert!(matches!(
        start(Settings {
            today: ancient,
            ..Settings::default()
        })
        .await,
        Some(StartError::Today(_))
    ));
    let first = simulator(10).await;
    let taken = Settings {
        listen: first.addr(),
        ..Settings::default()
    };
    assert!(matches!(start(taken).await, Some(StartError::Listen(..))));
}

#[tokio::test]
async fn it_stops_when_told_and_when_dropped() {
    let refused = async |addr: SocketAddr| {
        for _ in 0..100 {
            if tokio::net::TcpStream::connect(addr).await.is_err() {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        false
    };
    let told = simulator(10).await;
    let addr = told.addr();
    Call::identity(&keys::GOOD).send(&told).await;
    told.shutdown().await;
    assert!(refused(addr).await);
    let dropped = simulator(10).await;
    let addr = dropped.addr();
    drop(dropped);
    assert!(refused(addr).await);
}

#[test]
fn the_environment_fits_a_shell() {
    let line = print_env(SocketAddr::from(([127, 0, 0, 1], 4599)));
    assert_eq!(
        line,
        format!(
            "export AWS_ENDPOINT_URL=http://127.0.0.1:4599 AWS_ACCESS_KEY_ID={} AWS_SECRET_ACCESS_KEY={} AWS_DEFAULT_REGION=us-east-1",
            keys::GOOD.access_key_id,
            keys::GOOD.secret
        )
    );
}

#[tokio::test]
async fn the_inventory_grows_on_order_and_the_bill_with_it() {
    let aws = simulator(10).await;
    let today = aws.today();
    let size = |aws: &Simulator| {
        let books = aws.books();
        let seen = books.inventory().seen(today);
        (seen.volumes.len(), seen.snapshots.len())
    };
    let billed = |aws: &Simulator| {
        let (day, metric) = (
            today - chrono::TimeDelta::days(9),
            simulator::books::Metric::UsageQuantity,
        );
        aws.books().total(day..today, today, metric, |line| {
            line.usage_type.ends_with("EBS:SnapshotUsage")
        })
    };
    let (before, bill) = (size(&aws), billed(&aws));
    let order = json!({"volumes": 100, "snapshots": 50, "empty_pages": true});
    let (status, answer) = control(&aws, Method::PUT, "inventory", order.clone()).await;
    assert_eq!((status, &answer), (StatusCode::OK, &order));
    assert_eq!(size(&aws), (before.0 + 100, before.1 + 50));
    assert!(billed(&aws) > bill);
    let (status, _) = control(&aws, Method::PUT, "inventory", json!({"volume": 1})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let (_, answer) = control(&aws, Method::PUT, "inventory", json!({})).await;
    assert_eq!(
        answer,
        json!({"volumes": 0, "snapshots": 0, "empty_pages": false})
    );
    assert_eq!((size(&aws), billed(&aws)), (before, bill));
}
