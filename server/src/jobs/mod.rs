//! Scheduled and background work.

pub mod plan;
pub mod sync;
pub mod upkeep;
