//! The server: HTTP in front, AWS behind, a database beside it.
//!
//! `http` speaks to browsers, `services` hold the rules of the product, `aws`
//! alone knows the AWS SDK and `store` alone the ORM.

// The types of whole pages are deep.
#![recursion_limit = "256"]

pub mod aws;
pub mod config;
pub mod http;
pub mod jobs;
pub mod run;
pub mod security;
pub mod services;
pub mod store;
