//! Scheduled and background work.

mod ask;
pub mod ownership;
pub mod plan;
pub mod scanning;
pub mod schedule;
pub mod sync;
pub mod upkeep;
pub(crate) mod work;
