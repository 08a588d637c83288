//! Forecasts: one a day, found again as they were made.

use domain::{
    account::ConnectionId,
    forecast::Expected,
    metric::Metric,
    money::{Currency, Nanos},
    outlook::{MonthEnd, Source},
    period::{Period, Piece},
};
use server::store::{StoreError, forecasts::StoredForecast};
use uuid::Uuid;

use crate::support::{Fresh, connected, day, noon, on_both, person};

on_both!(
    a_forecast_comes_back_as_it_was_made,
    a_day_keeps_its_latest_forecast,
    forecasts_go_with_their_connection,
);

fn forecast(connection: ConnectionId, made_on: &str, source: Source, mean: i64) -> StoredForecast {
    let made_on = day(made_on);
    let expected = |mean| Expected {
        mean: Nanos(mean),
        lower: Some(Nanos(mean - 10)),
        upper: None,
    };
    StoredForecast {
        connection,
        metric: Metric::Unblended,
        made_on,
        made_at: noon(),
        currency: Currency::USD,
        month_end: MonthEnd {
            month: Period::month_of(made_on),
            known: Nanos(1_000),
            expected: expected(1_000 + mean),
            source,
            level: 80,
        },
        days: vec![Piece {
            period: Period::day(made_on),
            value: expected(mean),
        }],
    }
}

async fn a_forecast_comes_back_as_it_was_made(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let other = connected(&store, ann, "444455556666").await;
    let made = forecast(id, "2026-11-30", Source::Aws, i64::MAX / 2);
    store.forecasts().keep(&made).await.unwrap();
    let latest = |id, metric, source| {
        let store = store.clone();
        async move { store.forecasts().latest(id, metric, source).await.unwrap() }
    };
    let found = latest(id, Metric::Unblended, Source::Aws).await.unwrap();
    assert_eq!(found, made);
    let outlook = found.outlook().unwrap();
    assert_eq!(outlook.total, made.days[0].value);
    assert_eq!(latest(id, Metric::Unblended, Source::Own).await, None);
    assert_eq!(latest(id, Metric::Amortized, Source::Aws).await, None);
    assert_eq!(latest(other, Metric::Unblended, Source::Aws).await, None);
}

async fn a_day_keeps_its_latest_forecast(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let forecasts = store.forecasts();
    for (made_on, source, mean) in [
        ("2026-10-31", Source::Aws, 1),
        ("2026-11-01", Source::Own, 2),
        ("2026-11-01", Source::Aws, 3),
        ("2026-11-01", Source::Aws, 4),
        ("2026-11-02", Source::Aws, 5),
    ] {
        let made = forecast(id, made_on, source, mean);
        forecasts.keep(&made).await.unwrap();
    }
    let november_first = Period::day(day("2026-11-01"));
    let made = forecasts
        .made_in(id, Metric::Unblended, november_first)
        .await
        .unwrap();
    let made: Vec<_> = made
        .iter()
        .map(|one| (one.month_end.source, one.days[0].value.mean.0))
        .collect();
    assert_eq!(made, [(Source::Aws, 4), (Source::Own, 2)]);
    let latest = forecasts.latest(id, Metric::Unblended, Source::Aws).await;
    assert_eq!(latest.unwrap().unwrap().made_on, day("2026-11-02"));
}

async fn forecasts_go_with_their_connection(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let made = forecast(id, "2026-11-24", Source::Own, 7);
    store.forecasts().keep(&made).await.unwrap();
    assert!(store.connections().delete(ann, id).await.unwrap());
    let left = store
        .forecasts()
        .latest(id, Metric::Unblended, Source::Own)
        .await;
    assert_eq!(left.unwrap(), None);
    let nobodys = forecast(ConnectionId(Uuid::new_v4()), "2026-11-24", Source::Own, 7);
    let refused = store.forecasts().keep(&nobodys).await;
    assert!(matches!(refused, Err(StoreError::OwnerGone)));
}
