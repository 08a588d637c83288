//! Building the binary and starting it. How the server works is its own affair.

use std::process::Command;

use crate::command;
use crate::failure::{Failure, Result};
use crate::hint;
use crate::plan::{Outcome, Step};
use crate::project::Project;

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
            hint::apply(project, &mut cargo, screen);
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
    println!("Starting it; Ctrl-C ends it.");
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
