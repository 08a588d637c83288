//! Reservations and Savings Plans: utilization and coverage.

use domain::{
    commitments::{CommitmentQuestion, Owned},
    cube::Granularity,
    dimension::{Dimension, Filter},
};

use super::*;
use crate::aws::priority::Priority::Person;

fn two_days() -> CommitmentQuestion {
    CommitmentQuestion {
        period: days("2026-11-22", "2026-11-24"),
        granularity: Granularity::Daily,
        filter: None,
    }
}

fn two_months() -> CommitmentQuestion {
    CommitmentQuestion {
        period: days("2026-09-01", "2026-11-01"),
        granularity: Granularity::Monthly,
        filter: Some(Filter::In {
            key: Dimension::Service.into(),
            values: vec!["Amazon ElastiCache".to_owned()],
        }),
    }
}

/// Asks one of the four and shows what came.
macro_rules! ask {
    ($replay:expr, $method:ident, $question:expr) => {{
        let replay: &Replay = $replay;
        replay
            .gateway
            .$method(&replay.target, &$question, Person)
            .await
    }};
}

#[tokio::test]
async fn reservations_used_by_month() {
    let replay = Replay::of([fixture!("reservation_utilization.json")]);
    let report = ask!(&replay, reservation_utilization, two_months()).unwrap();
    insta::assert_snapshot!(replay.told(&report));
}

#[tokio::test]
async fn usage_covered_by_reservations() {
    let pages = [
        fixture!("reservation_coverage_1.json"),
        fixture!("reservation_coverage_2.json"),
    ];
    let replay = Replay::of(pages);
    let report = ask!(&replay, reservation_coverage, two_days()).unwrap();
    insta::assert_snapshot!(replay.told(&report));
}

#[tokio::test]
async fn savings_plans_used_by_day() {
    let replay = Replay::of([fixture!("savings_plans_utilization.json")]);
    let report = ask!(&replay, savings_plans_utilization, two_days()).unwrap();
    insta::assert_snapshot!(replay.told(&report));
}

#[tokio::test]
async fn spending_covered_by_savings_plans() {
    let pages = [
        fixture!("savings_plans_coverage_1.json"),
        fixture!("savings_plans_coverage_2.json"),
    ];
    let replay = Replay::of(pages);
    let report = ask!(&replay, savings_plans_coverage, two_days()).unwrap();
    insta::assert_snapshot!(replay.told(&report));
}

#[tokio::test]
async fn many_days_are_asked_for_on_one_page() {
    let size = async |question: CommitmentQuestion| {
        let replay = Replay::of([r#"{ "SavingsPlansCoverages": [] }"#]);
        let report = ask!(&replay, savings_plans_coverage, question).unwrap();
        assert_eq!(report.value, Owned::None);
        let asked: serde_json::Value = serde_json::from_str(&replay.can.bodies()[0]).unwrap();
        asked["MaxResults"].as_i64()
    };
    let with = |period, granularity| CommitmentQuestion {
        period,
        granularity,
        filter: None,
    };
    let (short, long) = (
        days("2026-11-01", "2026-11-21"),
        days("2026-11-01", "2026-11-22"),
    );
    assert_eq!(size(with(short, Granularity::Daily)).await, None);
    assert_eq!(size(with(long, Granularity::Daily)).await, Some(21));
    let year = days("2025-11-01", "2026-11-22");
    assert_eq!(size(with(year, Granularity::Monthly)).await, None);
}

#[tokio::test]
async fn none_owned_is_not_zero_percent() {
    let replay = Replay::of([fixture!("reservation_utilization_none.json")]);
    let report = ask!(&replay, reservation_utilization, two_months()).unwrap();
    assert_eq!((report.value, report.requests), (Owned::None, 1));

    let replay = Replay::of([fixture!("reservation_coverage_none.json")]);
    let report = ask!(&replay, reservation_coverage, two_days()).unwrap();
    assert_eq!((report.value, report.requests), (Owned::None, 1));

    let replay = Replay::of([fixture!("savings_plans_utilization_none.json")]);
    let report = ask!(&replay, savings_plans_utilization, two_days()).unwrap();
    assert_eq!((report.value, report.requests), (Owned::None, 1));

    let unavailable = || Canned::cost_explorer(400, "DataUnavailableException", "");
    let replay = Replay::canned([unavailable()]);
    let report = ask!(&replay, savings_plans_coverage, two_days()).unwrap();
    assert_eq!((report.value, report.requests), (Owned::None, 1));
    let replay = Replay::canned([unavailable()]);
    let report = ask!(&replay, savings_plans_utilization, two_days()).unwrap();
    assert_eq!((report.value, report.requests), (Owned::None, 1));
}

#[tokio::test]
async fn an_empty_answer_is_not_none_owned() {
    let nothing = (Kind::NoData, "there is nothing in the answer".to_owned());
    for empty in ["{}", ""] {
        let replay = Replay::of([empty]);
        let error = ask!(&replay, reservation_utilization, two_months()).unwrap_err();
        assert_eq!(why(&error), nothing);
        let replay = Replay::of([empty]);
        let error = ask!(&replay, reservation_coverage, two_days()).unwrap_err();
        assert_eq!(why(&error), nothing);
        let replay = Replay::of([empty]);
        let error = ask!(&replay, savings_plans_utilization, two_days()).unwrap_err();
        assert_eq!(why(&error), nothing);
        let replay = Replay::of([empty]);
        let error = ask!(&replay, savings_plans_coverage, two_days()).unwrap_err();
        assert_eq!(why(&error), nothing);
    }
}

#[tokio::test]
async fn totals_that_differ_between_pages_are_nobodys() {
    let other = with(
        fixture!("reservation_coverage_2.json"),
        "\"ReservedHours\": \"72\"",
        "\"ReservedHours\": \"71\"",
    );
    let replay = Replay::of([fixture!("reservation_coverage_1.json").to_owned(), other]);
    let report = ask!(&replay, reservation_coverage, two_days()).unwrap();
    let report = report.value.as_option().unwrap().clone();
    assert_eq!((report.pieces.len(), report.total), (2, None));
}

#[tokio::test]
async fn holes_are_no_zeros() {
    let used = fixture!("savings_plans_utilization.json");
    let unreadable = |place: &str| (Kind::Unreadable, place.to_owned());
    for (body, place) in [
        (
            with(used, "\"UnusedCommitment\": \"24\"", "\"Mood\": \"24\""),
            "UnusedCommitment is missing",
        ),
        (
            with(
                used,
                "\"UnusedCommitment\": \"24\"",
                "\"UnusedCommitment\": \"\"",
            ),
            "UnusedCommitment is missing",
        ),
        (
            with(used, "\"-1.2E-1\"", "\"little\""),
            "NetSavings can't be read",
        ),
    ] {
        let replay = Replay::of([body]);
        let error = ask!(&replay, savings_plans_utilization, two_days()).unwrap_err();
        assert_eq!(why(&error), unreadable(place));
    }

    let covered = fixture!("savings_plans_coverage_2.json");
    for (body, place) in [
        (
            with(covered, "\"TotalCost\"", "\"Sum\""),
            "TotalCost is missing",
        ),
        (
            with(covered, "\"Coverage\"", "\"Cover\""),
            "Coverage is missing",
        ),
    ] {
        let replay = Replay::of([body]);
        let error = ask!(&replay, savings_plans_coverage, two_days()).unwrap_err();
        assert_eq!(why(&error), unreadable(place));
    }

    let hours = fixture!("reservation_coverage_2.json");
    let body = with(hours, "\"ReservedHours\": \"72\",", "");
    let replay = Replay::of([body]);
    let error = ask!(&replay, reservation_coverage, two_days()).unwrap_err();
    assert_eq!(why(&error), unreadable("ReservedHours is missing"));

    let bought = fixture!("reservation_utilization.json");
    let first = "\"PurchasedHours\": \"0\",";
    let replay = Replay::of([with(bought, first, "")]);
    let error = ask!(&replay, reservation_utilization, two_months()).unwrap_err();
    assert_eq!(why(&error), unreadable("PurchasedHours is missing"));
}
