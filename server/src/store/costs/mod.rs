//! Costs of any number of cubes, by day and by pairs of keys. A day of a cube is there
//! as a whole or not at all, with its sums over each key; what changed is remembered.
//!
//! Each part of this folder says what it does; `docs/decisions` says why it is laid out
//! this way.

use super::database::Database;

mod amounts;
mod asked;
mod cells;
mod condition;
mod cubes;
mod daily;
mod days;
mod disagreements;
mod history;
mod keys;
mod months;
mod names;
mod older;
mod reader;
mod replace;
mod report;
mod restatements;
mod series;
mod slices;
pub(super) mod sql;
mod tally;
mod write;

pub use asked::AskedCube;
pub use cubes::StoredCube;
pub use daily::DailyCost;
pub use replace::{Arrived, Replaced};
pub use report::Reported;
pub use slices::SliceInfo;

/// Costs.
pub struct Costs<'a>(pub(super) &'a Database);
