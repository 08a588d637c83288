//! Five requests a second, however slow the answers are. Alone in its binary,
//! so that nothing else shares its processors.

mod aws_support;
#[path = "aws_support/slow.rs"]
mod slow;

use aws_support::Stage;
use slow::slow_arrivals;

const REQUESTS: usize = 60;

#[tokio::test(flavor = "multi_thread")]
async fn sixty_slow_requests_leave_at_five_a_second() {
    let stage = Stage::new().await;
    let arrivals = slow_arrivals(&stage, REQUESTS, 1_000).await;
    assert_eq!(stage.ledger.lines().len(), REQUESTS, "nothing was retried");
    assert_eq!(arrivals.len(), REQUESTS);
    for six in arrivals.windows(6) {
        let apart = six[5] - six[0];
        assert!(apart >= 1_000_000, "six requests within {apart} µs");
    }
    // At least 4.9 a second: 59 departures after the first.
    let (took, at_most) = (arrivals[REQUESTS - 1] - arrivals[0], 59 * 10_000_000 / 49);
    assert!(
        took <= at_most,
        "{REQUESTS} requests took {took} µs, more than {at_most}"
    );
}
