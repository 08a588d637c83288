//! The store on its two databases: every test body runs on SQLite and on
//! PostgreSQL, each time in a database of its own.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../support/postgres.rs"]
mod postgres_cluster;

mod anomalies;
mod carried;
mod commitments;
mod connections;
mod costs;
mod cubes;
mod doctor;
mod drafts;
mod findings;
mod forecasts;
mod guards;
mod inventory;
mod jobs;
mod ledger;
mod model;
mod opening;
mod people;
mod reports;
mod spending;
mod support;
