//! `cargo xtask …`: the commands that people and CI use.
//!
//! This file reads the command line and prints what went wrong; the work is in
//! the modules. Nothing here knows how the product works, only how it is built.

mod apt;
mod bench;
mod bindgen;
mod command;
mod doctor;
mod failure;
mod hint;
mod names;
mod npm;
mod plan;
mod project;
mod python;
mod screen;
mod server;
mod site;
mod split;
mod stamp;
mod std_build;
mod test;
mod toolchain;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::Result;
use crate::project::Project;

/// Builds, starts and tests Cost Tracker.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what is missing, build the release and start it.
    Run {
        /// Given to `cost-tracker serve`, for example `--listen 127.0.0.1:4000`.
        #[arg(last = true, value_name = "SERVER ARGUMENTS")]
        server: Vec<String>,
    },
    /// Run every test: formatting, clippy for both targets, unit and
    /// integration tests, browser tests.
    Test {
        /// Run only these; several may follow one another.
        #[arg(long, value_enum, num_args = 1..)]
        only: Vec<test::Suite>,
    },
    /// Build the release binary, with the whole site inside it.
    Build,
    /// Measure something, in the release profile.
    Bench {
        /// What.
        #[arg(value_enum)]
        bench: bench::Bench,
    },
    /// Build only the site: WebAssembly, style sheet, charts.
    Site,
    /// Say what is there and what is missing, and change nothing.
    Doctor,
}

fn main() -> ExitCode {
    if let Some(code) = hint::stand_in() {
        return code;
    }
    match perform(Cli::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprint!("{}", failure.report());
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<()> {
    let project = Project::find()?;
    match task {
        Task::Run { server } => {
            let mut steps = site::steps();
            steps.push(server::release_step());
            plan::carry_out(&project, steps)?;
            server::start(&project, &server)
        }
        Task::Test { only } => {
            plan::carry_out(&project, test::steps(&only))?;
            // A test that fails ends the plan, so none has when this is reached.
            match project.passed.get() {
                0 => println!("No test was asked for; what was checked is in order."),
                passed => println!("{passed} passed, 0 failed"),
            }
            Ok(())
        }
        Task::Build => {
            let mut steps = site::steps();
            steps.push(server::release_step());
            plan::carry_out(&project, steps)?;
            println!("Built {}", project.release_binary().display());
            Ok(())
        }
        Task::Bench { bench } => plan::carry_out(&project, bench::steps(bench)),
        Task::Site => plan::carry_out(&project, site::steps()),
        Task::Doctor => doctor::examine(&project),
    }
}
