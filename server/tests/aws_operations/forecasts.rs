//! GetCostForecast and GetUsageForecast.

use std::collections::BTreeSet;

use domain::{
    cube::Granularity::{self, Daily, Monthly},
    dimension::{Dimension, Filter},
    forecast::{CostForecast, ForecastQuestion},
    metric::Metric,
};
use server::aws::{Kind, Priority::Person};

use super::*;

fn until(stage: &Stage, end: &str, granularity: Granularity) -> ForecastQuestion {
    let (today, metric) = (stage.simulator.today(), Metric::Unblended);
    ForecastQuestion::of_costs(today, day(end), granularity, metric).expect("a question")
}

async fn ask(stage: &Stage, question: &ForecastQuestion) -> CostForecast {
    let target = stage.target(&keys::GOOD);
    let asked = stage.gateway.cost_forecast(&target, question, Person).await;
    let asked = asked.expect("a forecast");
    assert_eq!(asked.requests, 1);
    asked.value
}

fn assert_whole(forecast: &CostForecast, period: Period) {
    let mut next = period.start();
    for piece in &forecast.pieces {
        assert_eq!(piece.period.start(), next, "no day is left out");
        next = piece.period.end();
        let expected = piece.value;
        assert!(expected.lower.expect("a range") <= expected.mean);
        assert!(expected.mean <= expected.upper.expect("a range"));
    }
    assert_eq!(next, period.end());
    // Each piece is rounded once, and so is the total.
    let sum: i64 = forecast.pieces.iter().map(|piece| piece.value.mean.0).sum();
    let off = (sum - forecast.total.0).unsigned_abs();
    assert!(
        off <= period.len() as u64,
        "{sum} is not {}",
        forecast.total.0
    );
}

#[tokio::test]
async fn days_and_months_tell_the_same_on_every_kind_of_day() {
    let stage = Stage::new().await;
    for (today, end) in [
        ("2026-11-24", "2026-12-01"),
        ("2026-11-30", "2026-12-01"),
        ("2026-12-01", "2027-01-01"),
        ("2027-12-31", "2028-03-01"),
        ("2028-02-29", "2028-03-01"),
    ] {
        stage.simulator.set_today(day(today)).unwrap();
        let period = days(today, end);
        let by_day = ask(&stage, &until(&stage, end, Daily)).await;
        let by_month = ask(&stage, &until(&stage, end, Monthly)).await;
        assert_eq!(by_day.pieces.len(), period.len(), "{period}");
        assert_eq!(by_month.pieces.len(), period.by_month().len(), "{period}");
        assert_eq!(by_day.total, by_month.total, "{period}");
        assert_whole(&by_day, period);
        assert_whole(&by_month, period);
        assert!(by_day.total.0 > 0);
        assert_eq!(by_day.currency.code(), "USD");
    }
}

#[tokio::test]
async fn a_surer_range_is_wider() {
    let stage = Stage::new().await;
    let width = async |level| {
        let question = until(&stage, "2026-12-01", Monthly)
            .with_level(level)
            .unwrap();
        let expected = ask(&stage, &question).await.pieces[0].value;
        expected.upper.unwrap().0 - expected.lower.unwrap().0
    };
    assert!(width(51).await < width(80).await);
    assert!(width(80).await < width(99).await);
}

#[tokio::test]
async fn usage_comes_in_its_unit() {
    let stage = Stage::new().await;
    let books = stage.simulator.books();
    let is_steady = |line: &&simulator::books::Line| {
        line.record_type == "Usage" && line.service_code == "AmazonS3" && !line.unit.is_empty()
    };
    let line = books.lines().iter().find(is_steady).unwrap();
    let filter = Filter::In {
        key: Dimension::UsageType.into(),
        values: vec![line.usage_type.clone()],
    };
    let (today, end, metric) = (
        stage.simulator.today(),
        day("2026-12-01"),
        Metric::UsageQuantity,
    );
    let question = ForecastQuestion::of_usage(today, end, Daily, metric, filter).unwrap();
    let target = stage.target(&keys::GOOD);
    let forecast = stage
        .gateway
        .usage_forecast(&target, &question, Person)
        .await
        .unwrap();
    assert_eq!(
        (forecast.value.unit.as_str(), forecast.requests),
        (line.unit, 1)
    );
    assert_eq!(forecast.value.pieces.len(), 7);

    let units: BTreeSet<_> = books.lines().iter().map(|line| line.unit).collect();
    assert!(units.len() > 1);
    let all = Filter::Not(Box::new(Filter::In {
        key: Dimension::Service.into(),
        values: vec!["no such service".to_owned()],
    }));
    let question = ForecastQuestion::of_usage(today, end, Daily, metric, all).unwrap();
    let asked = stage
        .gateway
        .usage_forecast(&target, &question, Person)
        .await;
    assert_eq!(
        asked.unwrap_err().aws_code.as_deref(),
        Some("UnresolvableUsageUnitException")
    );
}

#[tokio::test]
async fn too_little_history_is_no_data() {
    let stage = Stage::new().await;
    let question = until(&stage, "2026-12-01", Daily);
    let target = stage.target(&keys::BRAND_NEW);
    let asked = stage
        .gateway
        .cost_forecast(&target, &question, Person)
        .await;
    let error = asked.unwrap_err();
    assert_eq!((error.kind, error.attempts), (Kind::TooLittleHistory, 1));
    assert_counted(&stage, 1);
}
