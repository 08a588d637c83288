//! Notices when the process is asked to end.

use std::io;

use super::StartError;

/// Returns at Ctrl-C (SIGINT) or SIGTERM.
///
/// # Errors
/// The system doesn't let the process listen for them.
pub async fn asked() -> Result<(), StartError> {
    wait().await.map_err(|error| {
        StartError::System("the system doesn't tell this process when to stop", error)
    })
}

#[cfg(unix)]
async fn wait() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn wait() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
