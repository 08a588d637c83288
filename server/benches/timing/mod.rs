//! Times of the same work, many times over.

use std::time::Duration;

/// The median and the 99th percentile.
pub fn median_and_worst(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

/// In milliseconds, for a column.
pub fn shown(time: Duration) -> String {
    format!("{:>7.1} ms", time.as_secs_f64() * 1e3)
}
