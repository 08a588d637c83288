//! The pieces of the Explorer.

pub mod address;
mod canvas;
pub mod chart;
#[cfg(any(test, feature = "hydrate"))]
mod chart_options;
#[cfg(any(test, feature = "hydrate"))]
mod earlier;
pub mod filters;
pub mod form;
pub mod keys;
pub mod notes;
mod pieces;
pub mod saved;
pub mod table;
pub mod take_away;
pub mod to_total;
pub mod totals;
pub mod why;
