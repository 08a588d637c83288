//! Many questions at once to a simulator that answers slowly.

use std::sync::Arc;

use chrono::NaiveDate;
use server::aws::Priority;
use simulator::{FaultRule, keys};

use crate::aws_support::Stage;

/// Asks so many small questions at once, each answered after `latency_ms`, and
/// says when they reached the simulator: in microseconds, in order.
pub async fn slow_arrivals(stage: &Stage, requests: usize, latency_ms: u64) -> Vec<u64> {
    let today = stage.simulator.today();
    // The first request of a process loads code from the disk: another account's.
    let other = stage.target(&keys::OTHER_ACCOUNT);
    stage
        .gateway
        .probe(&other, today, Priority::Sync)
        .await
        .expect("an answer");
    stage.simulator.clear_requests();
    stage.ledger.clear();
    stage.simulator.set_fault(FaultRule {
        latency_ms,
        ..FaultRule::default()
    });
    let target = Arc::new(stage.target(&keys::GOOD));
    // Each about another day: the same question would be asked once.
    let days = std::iter::successors(today.pred_opt(), NaiveDate::pred_opt).take(requests);
    let questions = days.map(|today| {
        let (gateway, target) = (Arc::clone(&stage.gateway), Arc::clone(&target));
        tokio::spawn(async move { gateway.probe(&target, today, Priority::Sync).await })
    });
    for question in questions.collect::<Vec<_>>() {
        question.await.expect("no panic").expect("an answer");
    }
    let requests = stage.simulator.requests();
    let mut arrivals: Vec<u64> = requests
        .iter()
        .map(|request| request.arrived_at_us)
        .collect();
    arrivals.sort_unstable();
    arrivals
}
