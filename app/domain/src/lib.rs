//! The words of the field: money, periods, metrics, accounts, reports, errors.
//!
//! Nothing here does I/O, reads a clock or names a framework: "today" is always
//! an argument, so every rule can be tested on any day.

pub mod account;
pub mod anomaly;
pub mod beside;
pub mod bill;
pub mod breakdown;
pub mod charge;
pub mod choice;
pub mod commitments;
pub mod committed;
pub mod cube;
pub mod detector;
pub mod dimension;
pub mod doctor;
pub mod draft;
pub mod error;
pub mod expected;
pub mod expiry;
pub mod filter;
pub mod findings;
pub mod focus;
pub mod forecast;
pub mod grouped;
pub mod history;
pub mod inventory;
pub mod job;
pub mod ledger;
pub mod look;
pub mod marked;
pub mod metric;
pub mod money;
pub mod outlook;
pub mod period;
pub mod policy;
#[cfg(feature = "ports")]
pub mod ports;
pub mod query;
pub mod reconciliation;
pub mod report;
pub mod role;
pub mod saved;
pub mod sheet;
pub mod spending;
pub mod spreadsheet;
pub mod trouble;
pub mod unusual;
pub mod user;
pub mod values;
pub mod ways;
pub mod why;
pub mod wish;
mod words;

pub use error::{Code, Error};

/// What every fallible operation of the product answers with.
pub type Result<T> = std::result::Result<T, Error>;
