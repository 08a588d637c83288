//! GetCostForecast and GetUsageForecast.

use domain::{
    cube::Granularity,
    dimension::{Dimension, Filter},
    forecast::ForecastQuestion,
    metric::Metric,
};

use super::*;
use crate::aws::priority::Priority::Person;

fn of_costs(end: &str, granularity: Granularity) -> ForecastQuestion {
    let (today, end) = (day("2026-11-24"), day(end));
    ForecastQuestion::of_costs(today, end, granularity, Metric::NetAmortized).unwrap()
}

fn of_usage() -> ForecastQuestion {
    let filter = Filter::In {
        key: Dimension::UsageType.into(),
        values: vec!["EUC1-BoxUsage:t3.micro".to_owned()],
    };
    let (today, end) = (day("2026-11-24"), day("2026-11-25"));
    let metric = Metric::UsageQuantity;
    let question = ForecastQuestion::of_usage(today, end, Granularity::Daily, metric, filter);
    question.unwrap().with_level(95).unwrap()
}

async fn daily(
    body: &str,
) -> (
    Replay,
    Result<Asked<domain::forecast::CostForecast>, AwsError>,
) {
    let replay = Replay::of([body]);
    let question = of_costs("2026-11-26", Granularity::Daily);
    let forecast = replay
        .gateway
        .cost_forecast(&replay.target, &question, Person);
    let forecast = forecast.await;
    (replay, forecast)
}

#[tokio::test]
async fn days_with_a_range() {
    let (replay, forecast) = daily(fixture!("cost_forecast_daily.json")).await;
    insta::assert_snapshot!(replay.told(&forecast.unwrap()));
}

#[tokio::test]
async fn months_without_a_range_in_another_currency() {
    let replay = Replay::of([fixture!("cost_forecast_monthly.json")]);
    let question = of_costs("2027-01-01", Granularity::Monthly);
    let forecast = replay
        .gateway
        .cost_forecast(&replay.target, &question, Person);
    insta::assert_snapshot!(replay.told(&forecast.await.unwrap()));
}

#[tokio::test]
async fn usage_in_its_unit() {
    let replay = Replay::of([fixture!("usage_forecast.json")]);
    let question = of_usage();
    let forecast = replay
        .gateway
        .usage_forecast(&replay.target, &question, Person);
    insta::assert_snapshot!(replay.told(&forecast.await.unwrap()));
}

#[tokio::test]
async fn holes_are_no_zeros() {
    let whole = fixture!("cost_forecast_daily.json");
    let mean =
        "\"MeanValue\": \"75.500000000000006\",\n      \"PredictionIntervalLowerBound\": \"61.25\"";
    let cases = [
        (
            "{}".to_owned(),
            Kind::NoData,
            "there is nothing in the answer",
        ),
        (
            r#"{ "Total": { "Amount": "0", "Unit": "USD" }, "ForecastResultsByTime": [] }"#
                .to_owned(),
            Kind::NoData,
            "there is nothing in the answer",
        ),
        (
            with(whole, "\"Total\"", "\"Sum\""),
            Kind::Unreadable,
            "Total is missing",
        ),
        (
            with(whole, "\"Amount\"", "\"Sum\""),
            Kind::Unreadable,
            "Total.Amount is missing",
        ),
        (
            with(whole, "\"USD\"", "\"\""),
            Kind::Unreadable,
            "Total.Unit is missing",
        ),
        (
            with(whole, "\"USD\"", "\"N/A\""),
            Kind::Unreadable,
            "Total.Unit can't be read",
        ),
        (
            with(whole, mean, "\"PredictionIntervalLowerBound\": \"61.25\""),
            Kind::Unreadable,
            "MeanValue is missing",
        ),
        (
            with(whole, "\"1.6E2\"", "\"much\""),
            Kind::Unreadable,
            "PredictionIntervalUpperBound can't be read",
        ),
        (
            with(whole, "\"2026-11-26\"", "\"2026-11-27\""),
            Kind::Unreadable,
            "an entry isn't about one day or month, as it was asked for",
        ),
        (
            with(
                whole,
                "\"Start\": \"2026-11-24\", \"End\": \"2026-11-25\"",
                "\"Start\": \"2026-11-25\", \"End\": \"2026-11-26\"",
            ),
            Kind::Unreadable,
            "TimePeriod came twice, with different content",
        ),
    ];
    for (body, kind, place) in cases {
        let (_, forecast) = daily(&body).await;
        let error = forecast.unwrap_err();
        assert_eq!((why(&error), error.attempts), ((kind, place.to_owned()), 1));
    }
}
