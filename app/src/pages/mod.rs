//! One file for each route.

pub mod account;
pub mod anomalies;
pub mod bill;
pub mod commitments;
pub mod connect;
pub mod connection;
pub mod connections;
pub mod costs;
pub mod doctor;
pub mod forecast;
pub mod not_found;
pub mod overview;
pub mod role_draft;
pub mod savings;
pub mod set_up;
pub mod sign_in;
pub mod spending;

pub use savings::{finding, findings, inventory};
