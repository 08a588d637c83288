//! Pages about money that could be saved.

pub mod finding;
pub mod findings;
pub mod inventory;
mod thresholds;
