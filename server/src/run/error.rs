//! Why a command didn't do its work: one sentence on the terminal, and the causes
//! below it.

use std::{error::Error, io, net::SocketAddr};

use crate::{config::ConfigError, security::unlock::UnlockError, store::StoreError};

/// What stopped a command.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting can't be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Somebody listens there already.
    #[error(
        "{0} is in use already, perhaps by another Cost Tracker: stop that one, or choose \
         another port, like --listen {ip}:{port}",
        ip = shown_ip(.0), port = .0.port().wrapping_add(1).max(1024)
    )]
    InUse(SocketAddr),
    /// The address can't be listened on.
    #[error("can't listen on {0}: choose an address of this machine and a free port with --listen")]
    Listen(SocketAddr, #[source] io::Error),
    /// The database can't be used. The text says what to do where something can be done.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The secrets in the database can't be opened. The text says what to do.
    #[error(transparent)]
    Vault(#[from] UnlockError),
    /// The simulator doesn't start.
    #[error(transparent)]
    Simulator(#[from] simulator::StartError),
    /// What a person asked for isn't possible.
    #[error("{} {}", .0.message, .0.advice)]
    Refused(Box<domain::Error>),
    /// No password came.
    #[error("{0}")]
    Password(&'static str),
    /// The terminal, or the runtime, failed.
    #[error("{0}")]
    System(&'static str, #[source] io::Error),
    /// A part that runs all the time ended, or couldn't be put together.
    #[error("{0}")]
    Part(&'static str, #[source] Box<dyn Error + Send + Sync>),
    /// The person pressed Ctrl-C.
    #[error("cancelled, nothing was changed")]
    Cancelled,
}

impl StartError {
    /// 2 where the settings are to blame, as for clap; 130 after Ctrl-C, as in shells.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_) => 2,
            Self::Cancelled => 130,
            _ => 1,
        }
    }

    /// The sentence and its causes, for the terminal.
    #[must_use]
    pub fn explain(&self) -> String {
        let mut text = format!("cost-tracker: {self}");
        let mut cause = self.source();
        while let Some(below) = cause {
            text.push_str(&format!("\n  because: {below}"));
            cause = below.source();
        }
        text
    }
}

impl From<domain::Error> for StartError {
    fn from(error: domain::Error) -> Self {
        Self::Refused(Box::new(error))
    }
}

fn shown_ip(address: &SocketAddr) -> String {
    match address {
        SocketAddr::V4(address) => address.ip().to_string(),
        SocketAddr::V6(address) => format!("[{}]", address.ip()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_comes_with_another() {
        let error = StartError::InUse("[::1]:3000".parse().unwrap());
        assert!(error.to_string().contains("--listen [::1]:3001"), "{error}");
        assert_eq!(error.exit_code(), 1);
    }

    #[test]
    fn causes_are_told() {
        let cause = io::Error::other("the cable is out");
        let error = StartError::Listen("127.0.0.1:1".parse().unwrap(), cause);
        assert!(error.explain().ends_with("because: the cable is out"));
        assert_eq!(StartError::from(ConfigError::new("x")).exit_code(), 2);
    }
}
