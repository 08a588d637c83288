//! Servers without pages, whose clock is moved: two years of upkeep, day by day, and months
//! of restatements, always against the books that AWS's answers come from. In this process,
//! because its clock has to be moved.

#![expect(clippy::unwrap_used, reason = "tests")]

mod answered;
mod archive;
mod house;
#[path = "../store/model.rs"]
mod model;
mod oracle;
#[path = "../support/postgres.rs"]
mod postgres_cluster;
mod questions;
#[path = "../store/support.rs"]
#[expect(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "a part of it is enough here"
)]
mod support;
mod upkeep;
