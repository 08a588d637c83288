//! How fast requests left for an account.

use chrono::{DateTime, Utc};
use simulator::keys::KeyPair;

use crate::aws_support::Stage;

/// When requests for an account left, by the ledger, and when they arrived, by the simulator:
/// in microseconds of the one clock, each in order. A machine that stops for a moment on the
/// way brings arrivals closer together than departures ever are, and never an arrival closer
/// to the departure of the fifth before it.
pub fn left_and_arrived(stage: &Stage, keys: &[&KeyPair]) -> (Vec<i64>, Vec<i64>) {
    let accounts: Vec<_> = keys
        .iter()
        .map(|pair| pair.account().parse().ok())
        .collect();
    let lines = stage.ledger.lines().into_iter();
    let lines = lines.filter(|line| accounts.contains(&line.departure.payer.aws_account));
    let left = lines.map(|line| line.departure.at.timestamp_micros());
    let requests = stage.simulator.requests().into_iter();
    let requests = requests.filter(|request| {
        let id = request.access_key_id.as_deref();
        keys.iter().any(|pair| id == Some(pair.access_key_id))
    });
    let arrived = requests.map(|request| {
        let at: DateTime<Utc> = request.at.parse().expect("a moment");
        at.timestamp_micros()
    });
    let sorted = |mut times: Vec<i64>| {
        times.sort_unstable();
        times
    };
    (sorted(left.collect()), sorted(arrived.collect()))
}

/// Within no second have six left.
pub fn assert_at_most_five_a_second(left: &[i64], arrived: &[i64]) {
    assert_eq!(left.len(), arrived.len());
    for (first, sixth) in left.iter().zip(arrived.iter().skip(5)) {
        let apart = sixth - first;
        assert!(apart >= 1_000_000, "six requests within {apart} µs");
    }
}
