//! Five requests a second, however slow the answers are. Alone in its binary,
//! so that nothing else shares its processors.

mod aws_support;
#[path = "aws_support/pace.rs"]
mod pace;
#[path = "aws_support/slow.rs"]
mod slow;

use aws_support::Stage;
use pace::{assert_at_most_five_a_second, left_and_arrived};
use simulator::keys;
use slow::slow_arrivals;

const REQUESTS: usize = 60;

#[tokio::test(flavor = "multi_thread")]
async fn sixty_slow_requests_leave_at_five_a_second() {
    let stage = Stage::new().await;
    slow_arrivals(&stage, REQUESTS, 1_000).await;
    assert_eq!(stage.ledger.lines().len(), REQUESTS, "nothing was retried");
    let (left, arrived) = left_and_arrived(&stage, &[&keys::GOOD]);
    assert_eq!(left.len(), REQUESTS);
    assert_at_most_five_a_second(&left, &arrived);
    // At least 4.9 a second: 59 departures after the first.
    let (took, at_most) = (left[REQUESTS - 1] - left[0], 59 * 10_000_000 / 49);
    assert!(
        took <= at_most,
        "{REQUESTS} requests took {took} µs, more than {at_most}"
    );
}
