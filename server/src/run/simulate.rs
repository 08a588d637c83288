//! `cost-tracker simulate-aws`: plays AWS until it is told to stop.

use std::io::{self, Write};

use super::{StartError, shutdown};
use crate::config::cli::SimulateArgs;

/// Prints the environment for AWS clients, or plays AWS.
///
/// # Errors
/// The address can't be listened on, or the day can't be played.
pub async fn run(args: &SimulateArgs) -> Result<(), StartError> {
    if args.print_env {
        drop(writeln!(
            io::stdout(),
            "{}",
            simulator::print_env(args.listen)
        ));
        return Ok(());
    }
    let defaults = simulator::Settings::default();
    let settings = simulator::Settings {
        listen: args.listen,
        today: args.today,
        seed: args.seed.unwrap_or(defaults.seed),
        ..defaults
    };
    let simulator = simulator::start(settings)
        .await
        .map_err(|error| match error {
            simulator::StartError::Listen(address, cause)
                if cause.kind() == io::ErrorKind::AddrInUse =>
            {
                StartError::InUse(address)
            }
            error => StartError::Simulator(error),
        })?;
    drop(writeln!(
        io::stdout(),
        "AWS is played at {} as of {}. Clients find it with:\n  eval \"$(cost-tracker \
         simulate-aws --listen {} --print-env)\"",
        simulator.endpoint_url(),
        simulator.today(),
        simulator.addr(),
    ));
    shutdown::asked().await?;
    simulator.shutdown().await;
    Ok(())
}
