//! The rules of the product: implements `domain::ports`.

pub mod access;
pub mod anomalies;
pub mod assessor;
pub mod bills;
pub mod breakdowns;
pub mod caps;
pub mod charges;
pub mod clock;
pub mod commitments;
pub mod connections;
pub mod costs;
pub mod doctor;
pub mod examiner;
pub mod guard;
mod incident;
pub mod inventory;
pub mod jobs;
pub mod keys;
pub mod ledger;
pub mod outlook;
pub mod overview;
mod own;
pub mod people;
mod remembered;
pub mod sample;
pub mod saved;
pub mod savings;
pub mod spending;
pub mod state;
mod usage;

pub(crate) use incident::{gone, internal};
pub(crate) use own::own;
