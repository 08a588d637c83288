//! How fast requests leave for one AWS account while answers are slow, and what
//! asking one at a time with a pause of 200 ms would reach. Uses the built-in
//! simulator over real HTTP; nothing leaves this machine.
//!
//! `cargo xtask bench throttle`, or `cargo bench -p cost-tracker --bench throttle`

#[path = "../tests/aws_support/mod.rs"]
mod aws_support;
#[path = "../tests/aws_support/slow.rs"]
mod slow;

use std::time::Duration;

use aws_support::Stage;
use slow::slow_arrivals;

const REQUESTS: usize = 40;

#[tokio::main]
async fn main() {
    println!("{REQUESTS} requests for one AWS account, at most 5 a second\n");
    println!("latency   requests/s   worst second   one at a time");
    for latency_ms in [50, 200, 1_000, 3_000] {
        let stage = Stage::new().await;
        let arrivals = slow_arrivals(&stage, REQUESTS, latency_ms).await;
        let took = Duration::from_micros(arrivals[arrivals.len() - 1] - arrivals[0]);
        let rate = (arrivals.len() - 1) as f64 / took.as_secs_f64();
        let one_at_a_time = 1_000.0 / (latency_ms + 200) as f64;
        println!(
            "{latency_ms:>4} ms {rate:>12.2} {:>14} {one_at_a_time:>15.2}",
            worst_second(&arrivals)
        );
    }
}

/// The most arrivals in any window of one second.
fn worst_second(arrivals: &[u64]) -> usize {
    let within = |start: &u64| {
        arrivals
            .iter()
            .filter(|at| (*start..start + 1_000_000).contains(*at))
            .count()
    };
    arrivals.iter().map(within).max().unwrap_or(0)
}
