//! Pages about money that could be saved.

mod choices;
pub mod finding;
pub mod findings;
pub mod inventory;
mod thresholds;
