//! Benchmarks, by name, in the release profile but for Lighthouse. What they measure
//! is their affair.

use std::process::Command;

use clap::ValueEnum;

use crate::failure::Result;
use crate::plan::{Outcome, Step};
use crate::project::Project;
use crate::screen::Screen;
use crate::{command, hint, site, test};

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Bench {
    /// How much of what is unusual is found, and how much of what is told is true.
    Anomalies,
    /// How long a look at a very large EC2 account takes, and its pages after it.
    Inventory,
    /// How long people wait for the Overview, one at a time and fifty at once.
    Pages,
    /// How fast costs are stored and reported, the more there are.
    Store,
    /// How fast requests to AWS leave while its answers are slow.
    Throttle,
    /// What Lighthouse thinks of the pages on a phone: scores, first paint, bytes.
    Lighthouse,
}

/// A benchmark of cargo's: compiled, then run. A step's work is a plain function, which knows
/// nothing but what is written into it.
macro_rules! compiled {
    ($bench:literal, $measuring:literal) => {
        vec![
            Step {
                name: BUILDING,
                work: |project, screen| build(project, screen, $bench),
            },
            Step {
                name: $measuring,
                work: |project, screen| measure(project, screen, $bench),
            },
        ]
    };
}

/// The steps that compile a benchmark and run it.
pub fn steps(bench: Bench) -> Vec<Step> {
    match bench {
        Bench::Anomalies => compiled!("anomalies", "Measuring (takes seconds)"),
        Bench::Inventory => compiled!("inventory", "Measuring (takes some minutes)"),
        Bench::Pages => compiled!("pages", "Measuring (takes a minute)"),
        Bench::Store => compiled!("store", "Measuring (takes some minutes)"),
        Bench::Throttle => compiled!("throttle", "Measuring (takes a minute)"),
        Bench::Lighthouse => {
            let mut steps = site::steps();
            steps.push(test::compile());
            steps.push(Step {
                name: "Asking Lighthouse (takes minutes)",
                work: lighthouse,
            });
            steps
        }
    }
}

/// A debug binary carries the same site, compressed as in a release, and its
/// pages are ready long before a slow network has brought them.
fn lighthouse(project: &Project, screen: &Screen) -> Result<Outcome> {
    let mut playwright = test::playwright(project, screen)?;
    playwright.args(["test", "--config", "end2end/lighthouse.config.ts"]);
    let output = command::run(
        &mut playwright,
        screen,
        "Lighthouse finds fault: see the scores above, and what it marks down below each.",
    )?;
    for line in output.lines() {
        screen.say(line);
    }
    Ok(Outcome::DONE)
}

const BUILDING: &str = "Building the benchmark (the first time takes minutes)";

fn build(project: &Project, screen: &Screen, bench: &str) -> Result<Outcome> {
    let mut cargo = cargo(project, bench);
    cargo.arg("--no-run");
    hint::apply(project, &mut cargo, screen);
    command::run(
        &mut cargo,
        screen,
        "The benchmark doesn't compile: mend what the compiler names above.",
    )?;
    Ok(Outcome::DONE)
}

fn measure(project: &Project, screen: &Screen, bench: &str) -> Result<Outcome> {
    let mut cargo = cargo(project, bench);
    cargo.arg("--quiet");
    // The same compiler call, or everything would be compiled anew.
    hint::apply(project, &mut cargo, screen);
    let output = command::run(&mut cargo, screen, "The benchmark failed.")?;
    for line in output.lines() {
        screen.say(line);
    }
    Ok(Outcome::DONE)
}

fn cargo(project: &Project, bench: &str) -> Command {
    let mut cargo = command::cargo(project);
    cargo.args(["bench", "--locked", "--package", "cost-tracker", "--bench"]);
    cargo.arg(bench);
    cargo
}
