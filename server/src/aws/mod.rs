//! AWS: clients, throttle, retry, errors, ledger, convert. The only place that
//! knows the SDK; nothing of the SDK's shows in what others call.

#[cfg(test)]
mod canned;
mod classify;
mod client;
mod convert;
mod departing;
mod error;
mod gateway;
mod key;
mod lane;
mod ledger;
mod policy;
mod retry;
mod throttle;
mod timer;

pub use client::Endpoint;
pub use convert::ConvertError;
pub use error::{AwsError, Kind};
pub use gateway::{Answer, Gateway, Identity, Settings, Target};
pub use key::AwsKey;
pub use lane::Priority;
pub use ledger::{Ledger, LedgerError, LineId, MemoryLedger, MemoryLine};
pub use policy::{minimal_policy, policy_for};
pub use retry::RetrySettings;
