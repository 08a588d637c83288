//! Building the binary and starting it. How the server works is its own affair.

use std::process::Command;

use crate::command;
use crate::failure::{Failure, Result};
use crate::plan::{Outcome, Step};
use crate::project::Project;

/// Where the server listens when nothing else is said. It is the server's own
/// default, repeated here only to be printed.
const ADDRESS: &str = "127.0.0.1:3000";

/// The step that builds the release binary with the site inside it.
pub fn release_step() -> Step {
    Step {
        name: "Building the server (the first time takes minutes)",
        work: |project, screen| {
            let mut cargo = command::cargo(project);
            cargo.args([
                "build",
                "--locked",
                "--release",
                "--package",
                "cost-tracker",
            ]);
            command::run(
                &mut cargo,
                screen,
                "The server doesn't compile: mend what the compiler names above.",
            )?;
            Ok(Outcome::DONE)
        },
    }
}

/// Starts the release in the foreground, in this process's place, so that
/// Ctrl-C reaches it and nothing else.
///
/// # Errors
/// When it can't be started.
pub fn start(project: &Project, arguments: &[String]) -> Result<()> {
    let from_environment = std::env::var("COST_TRACKER_LISTEN").ok();
    let address = address(arguments, from_environment.as_deref());
    println!("Cost Tracker starts on http://{address} (Ctrl-C ends it)");
    let mut command = command::program(project, project.release_binary());
    command.arg("serve").args(arguments);
    replace(command)
}

#[cfg(unix)]
fn replace(mut command: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(Failure::new(format!(
        "The server can't be started: {error}."
    )))
}

#[cfg(not(unix))]
fn replace(mut command: Command) -> Result<()> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format!("The server ended: {status}."))),
        Err(error) => Err(Failure::new(format!(
            "The server can't be started: {error}."
        ))),
    }
}

/// The address that these arguments make the server listen on.
fn address(arguments: &[String], from_environment: Option<&str>) -> String {
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if let Some(value) = word.strip_prefix("--listen=") {
            return value.to_owned();
        }
        if word == "--listen"
            && let Some(value) = words.next()
        {
            return value.clone();
        }
    }
    from_environment.unwrap_or(ADDRESS).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn the_printed_address_is_the_one_listened_on() {
        assert_eq!(address(&[], None), "127.0.0.1:3000");
        assert_eq!(address(&[], Some("127.0.0.1:5000")), "127.0.0.1:5000");
        assert_eq!(
            address(
                &words(&["--data-dir", "x", "--listen", "[::1]:80"]),
                Some("y")
            ),
            "[::1]:80"
        );
        assert_eq!(address(&words(&["--listen=0.0.0.0:1"]), None), "0.0.0.0:1");
    }
}
