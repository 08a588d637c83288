//! What people see: pages, components and the server functions behind them,
//! compiled for the server (`ssr`) and for the browser (`hydrate`). Names no
//! SDK and no database: server functions call the traits of `domain::ports`.

// The types of nested views are long.
#![recursion_limit = "256"]

mod api;
mod components;
#[cfg(feature = "ssr")]
pub mod context;
mod erased;
mod error;
mod lazy;
mod loaded;
mod pages;
mod routes;
mod secret;
#[cfg(feature = "ssr")]
mod shell;
mod still;
#[cfg(any(test, feature = "hydrate"))]
mod turn;

pub use api::{FUNCTIONS, Function};
pub use components::explore::address::Explored;
#[cfg(feature = "ssr")]
pub use components::explore::address::explored;
pub use error::ApiError;
pub use routes::App;
#[cfg(feature = "ssr")]
pub use shell::shell;
