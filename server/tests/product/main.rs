//! The whole product over real HTTP: the real binary, a browser's requests, and
//! AWS played by a simulator on loopback.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../support/postgres.rs"]
mod postgres_cluster;

mod accounts;
mod anomalies;
mod because;
mod beside;
mod bill;
mod books;
mod breakdown;
mod command_line;
mod commitments;
mod connections;
mod doctor;
mod explorer;
mod guessing;
mod inventory;
mod jobs;
mod keys;
mod killed;
mod looking;
mod privacy;
mod roles;
mod savings;
mod secrets;
mod server_credentials;
mod spending;
mod support;
mod temporary;
mod to_total;
mod together;
mod unknown;
mod web;
