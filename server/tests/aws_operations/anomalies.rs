//! GetAnomalies and GetAnomalyMonitors.

use domain::anomaly::MonitorKind;
use server::aws::Priority::Sync;
use simulator::books::Metric;

use super::*;

#[tokio::test]
async fn the_anomaly_points_at_the_spike() {
    let stage = Stage::new().await;
    let (books, today) = (stage.simulator.books(), stage.simulator.today());
    let target = stage.target(&keys::GOOD);
    let spike = books.spike(today).unwrap();
    let since = day("2026-09-15");
    assert!(
        since < spike.days.start && spike.days.end < today,
        "{spike:?}"
    );

    let monitors = stage.gateway.anomaly_monitors(&target, Sync).await.unwrap();
    let [monitor] = &monitors.value[..] else {
        panic!("{monitors:?}");
    };
    assert_eq!(monitor.kind, MonitorKind::Dimensional);
    assert_eq!(monitor.dimension.as_deref(), Some("SERVICE"));

    let anomalies = stage.gateway.anomalies(&target, since, Sync).await.unwrap();
    let [anomaly] = &anomalies.value[..] else {
        panic!("{anomalies:?}");
    };
    assert_eq!(anomaly.monitor, monitor.arn);
    assert_eq!(anomaly.subject.as_deref(), Some(spike.service));
    assert_eq!(
        (anomaly.start, anomaly.end),
        (Some(spike.days.start), spike.days.end.pred_opt())
    );
    let cause = &anomaly.root_causes[0];
    assert_eq!(cause.service.as_deref(), Some(spike.service));
    assert_eq!(cause.account.as_deref(), Some(spike.linked_account));
    assert_eq!(cause.region.as_deref(), Some(spike.region));
    assert_eq!(cause.usage_type.as_deref(), Some(spike.usage_type.as_str()));
    assert_eq!(cause.contribution, anomaly.impact.total);
    let spent = books.total(spike.days.clone(), today, Metric::UnblendedCost, |line| {
        line.service == spike.service
    });
    let impact = anomaly.impact;
    assert_eq!(impact.actual, Some(exact(spent)));
    let beyond = spent_beyond(impact.actual, impact.expected);
    assert!((impact.total.unwrap().0 - beyond).abs() <= 1);
    assert!(impact.worst_day <= impact.total && impact.worst_day.is_some());
    assert_counted(&stage, monitors.requests + anomalies.requests);
}

fn spent_beyond(actual: Option<Nanos>, expected: Option<Nanos>) -> i64 {
    actual.expect("spent").0 - expected.expect("expected").0
}

#[tokio::test]
async fn no_monitor_is_told_apart_from_no_anomaly() {
    let stage = Stage::new().await;
    let (good, other) = (
        stage.target(&keys::GOOD),
        stage.target(&keys::OTHER_ACCOUNT),
    );
    let yesterday = day("2026-11-23");
    let quiet = stage
        .gateway
        .anomalies(&good, yesterday, Sync)
        .await
        .unwrap();
    assert!(quiet.value.is_empty());
    let monitors = stage.gateway.anomaly_monitors(&good, Sync).await.unwrap();
    assert_eq!(monitors.value.len(), 1);
    let unwatched = stage.gateway.anomaly_monitors(&other, Sync).await.unwrap();
    assert!(unwatched.value.is_empty());
}
