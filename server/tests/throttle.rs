//! Five requests a second, however slow the answers are. Alone in its binary,
//! so that nothing else shares its processors.

mod aws_support;

use aws_support::Stage;
use domain::{cube::Cube, period::Period};
use server::aws::Priority;
use simulator::{FaultRule, keys};

const REQUESTS: usize = 60;

#[tokio::test(flavor = "multi_thread")]
async fn sixty_slow_requests_leave_at_five_a_second() {
    let stage = Stage::new().await;
    stage.simulator.set_fault(FaultRule {
        latency_ms: 1_000,
        ..FaultRule::default()
    });
    let target = stage.target(&keys::GOOD);
    let day = Period::day("2026-11-10".parse().unwrap());
    let asked = (0..REQUESTS).map(|_| {
        stage
            .gateway
            .cost_and_usage(&target, Cube::ServiceAccount, day, Priority::Background)
    });
    let answers = futures::future::try_join_all(asked).await.unwrap();
    assert!(
        answers.iter().all(|answer| answer.requests == 1),
        "nothing was retried"
    );

    let mut arrivals: Vec<u64> = stage
        .simulator
        .requests()
        .iter()
        .map(|request| request.arrived_at_us)
        .collect();
    arrivals.sort_unstable();
    assert_eq!(arrivals.len(), REQUESTS);
    for six in arrivals.windows(6) {
        let apart = six[5] - six[0];
        assert!(apart >= 1_000_000, "six requests within {apart} µs");
    }
    let took = arrivals[REQUESTS - 1] - arrivals[0];
    // At least 4.9 a second: 59 departures after the first.
    let at_most = 59 * 10_000_000 / 49;
    assert!(
        took <= at_most,
        "{REQUESTS} requests took {took} µs, more than {at_most}"
    );
}
