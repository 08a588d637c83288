//! What could be saved, found in the inventory: checks, prices, and what it comes to. Each
//! resource's money is counted once, and never more than AWS billed.

mod assess;
mod cap;
mod check;
mod finding;
mod held;
mod meter;
mod prices;
mod rates;
mod snapshots;
mod thresholds;
mod volumes;

pub use assess::{Known, Stock, assess};
pub use check::Check;
pub use finding::{
    Assessed, Claim, Finding, FindingId, FindingState, FindingWish, Findings, Line, Sums, Tally,
    Worth,
};
pub use held::{Held, Standing};
pub use meter::Meter;
pub use rates::{Billed, OwnShare, PERIOD_DAYS, Rate, Rates, period};
pub use thresholds::Thresholds;
