//! The simulator as its callers meet it: over HTTP, signed.

mod aws;
mod control;
mod faults;
mod roles;
mod support;
