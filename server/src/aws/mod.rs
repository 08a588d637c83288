//! AWS: clients, throttle, retry, errors, ledger, convert. The only place that
//! knows the SDK; nothing of the SDK's shows in what others call.

mod bounded;
#[cfg(test)]
mod canned;
mod classify;
mod client;
mod convert;
mod departing;
mod environment;
mod error;
#[cfg(test)]
mod error_docs;
mod flights;
mod gateway;
mod key;
mod kind;
mod lane;
mod ledger;
mod priority;
#[cfg(test)]
mod recorded;
mod retry;
mod sessions;
mod table;
mod target;
mod throttle;
mod timer;
mod urgency;
mod words;

pub use client::Endpoint;
pub use convert::ConvertError;
pub use error::AwsError;
pub use gateway::{Answer, Asked, Gateway, Identity, Settings};
pub use key::AwsKey;
pub use kind::Kind;
pub use ledger::{Ledger, LedgerError, LineId, MemoryLedger, MemoryLine};
pub use priority::Priority;
pub use retry::RetrySettings;
pub use target::{Credentials, RoleGrant, Target};
