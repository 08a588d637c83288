//! The rules of the product: implements `domain::ports`.

pub mod access;
pub mod clock;
pub mod connections;
pub mod costs;
pub mod guard;
mod incident;
pub mod jobs;
pub mod keys;
pub mod ledger;
pub mod overview;
pub mod people;
pub mod sample;
pub mod state;

pub(crate) use incident::internal;
