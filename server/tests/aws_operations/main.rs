//! Every operation of the gateway against the simulator, over real HTTP: what comes is what
//! the simulator's books say.

#[path = "../aws_support/mod.rs"]
mod aws_support;

mod anomalies;
mod check;
mod commitments;
mod costs;
mod forecasts;
mod inventory;
mod savings;
mod values;

use aws_support::Stage;
use chrono::NaiveDate;
use domain::{inventory::Region, money::Nanos, period::Period};
use simulator::keys;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn days(start: &str, end: &str) -> Period {
    Period::new(day(start), day(end)).expect("some days")
}

fn region(name: &str) -> Region {
    name.parse().expect("a region")
}

/// The books' 10⁻¹⁰ units, rounded once.
fn exact(amount: i128) -> Nanos {
    let text = simulator::books::decimal(amount);
    text.parse().expect("an amount")
}

/// The ledger and the simulator's log tell of as many requests, and so did the answers.
fn assert_counted(stage: &Stage, requests: u32) {
    let (lines, logged) = (stage.ledger.lines(), stage.simulator.requests());
    assert_eq!(lines.len(), logged.len());
    assert_eq!(u32::try_from(lines.len()), Ok(requests));
}
