//! GetAnomalies and GetAnomalyMonitors.

use super::*;
use crate::aws::priority::Priority::Person;

#[tokio::test]
async fn monitors() {
    let replay = Replay::of([fixture!("anomaly_monitors.json")]);
    let monitors = replay
        .gateway
        .anomaly_monitors(&replay.target, Person)
        .await;
    insta::assert_snapshot!(replay.told(&monitors.unwrap()));
}

#[tokio::test]
async fn anomalies_after_an_empty_page() {
    let replay = Replay::of([fixture!("anomalies_1.json"), fixture!("anomalies_2.json")]);
    let since = day("2026-11-01");
    let anomalies = replay
        .gateway
        .anomalies(&replay.target, since, Person)
        .await;
    insta::assert_snapshot!(replay.told(&anomalies.unwrap()));
}

#[tokio::test]
async fn none_is_an_answer_and_nothing_is_not() {
    let since = day("2026-11-01");
    let replay = Replay::of([r#"{ "Anomalies": [] }"#, r#"{ "AnomalyMonitors": [] }"#]);
    let anomalies = replay
        .gateway
        .anomalies(&replay.target, since, Person)
        .await;
    assert!(anomalies.unwrap().value.is_empty());
    let monitors = replay
        .gateway
        .anomaly_monitors(&replay.target, Person)
        .await;
    assert!(monitors.unwrap().value.is_empty());

    for nothing in [
        "{}",
        r#"{ "Anomalies": null, "AnomalyMonitors": null }"#,
        "{ \"Mood\": 1 }",
    ] {
        let replay = Replay::of([nothing, nothing]);
        let anomalies = replay
            .gateway
            .anomalies(&replay.target, since, Person)
            .await;
        assert_eq!(anomalies.unwrap_err().kind, Kind::NoData);
        let monitors = replay
            .gateway
            .anomaly_monitors(&replay.target, Person)
            .await;
        assert_eq!(monitors.unwrap_err().kind, Kind::NoData);
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let whole = fixture!("anomalies_2.json");
    for (body, place) in [
        (with(whole, "\"6d2f\"", "\"\""), "AnomalyId is missing"),
        (
            with(whole, "\"2026-11-07\"", "\"soon\""),
            "AnomalyEndDate can't be read",
        ),
        (
            with(whole, "\"AnomalyId\": \"9b40\"", "\"AnomalyId\": \"6d2f\""),
            "Anomalies came twice, with different content",
        ),
        (
            with(
                whole,
                "\"TotalImpact\": 81.30000000000001",
                "\"TotalImpact\": 1e30",
            ),
            "Impact.TotalImpact can't be read",
        ),
    ] {
        let replay = Replay::of([body]);
        let since = day("2026-11-01");
        let anomalies = replay
            .gateway
            .anomalies(&replay.target, since, Person)
            .await;
        let error = anomalies.unwrap_err();
        assert_eq!(why(&error), (Kind::Unreadable, place.to_owned()));
    }
}
