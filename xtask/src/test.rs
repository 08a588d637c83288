//! Everything that is tested, in the order in which mistakes show soonest.
//! Finds the programs that tests need; what is tested is the tests' affair.

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::ValueEnum;

use crate::bindgen::PROFILE;
use crate::failure::{Failure, Result};
use crate::plan::{Outcome, Step};
use crate::project::Project;
use crate::screen::Screen;
use crate::toolchain::{self, TARGET};
use crate::{apt, command, hint, npm, python, site};

/// A kind of test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Suite {
    /// rustfmt.
    Fmt,
    /// clippy for everything native.
    Clippy,
    /// clippy for the browser half.
    WasmClippy,
    /// Unit and integration tests, on SQLite and PostgreSQL.
    Unit,
    /// The real binary in a real browser.
    Browser,
}

const ALL: [Suite; 5] = [
    Suite::Fmt,
    Suite::Clippy,
    Suite::WasmClippy,
    Suite::Unit,
    Suite::Browser,
];

/// The packages that are compiled for this machine.
const NATIVE: [&str; 4] = ["--locked", "--workspace", "--exclude", "frontend"];

/// The steps for these suites, or for all when none is named, with what they
/// need in front.
pub fn steps(only: &[Suite]) -> Vec<Step> {
    let wanted = |suite: Suite| only.is_empty() || only.contains(&suite);
    let suites: Vec<Suite> = ALL.into_iter().filter(|&suite| wanted(suite)).collect();
    let has = |suite: Suite| suites.contains(&suite);
    let mut steps = Vec::new();
    if has(Suite::Fmt) {
        steps.push(fmt());
    }
    if has(Suite::Unit) || has(Suite::Browser) {
        // Before clippy, or the server's build script would run twice.
        steps.extend(site::steps());
    } else if has(Suite::WasmClippy) {
        steps.push(toolchain::step());
    }
    if has(Suite::Clippy) {
        steps.push(clippy());
    }
    if has(Suite::WasmClippy) {
        steps.push(wasm_clippy());
    }
    if has(Suite::Unit) || has(Suite::Browser) {
        steps.push(compile());
    }
    if has(Suite::Unit) {
        steps.push(python::step());
        steps.push(unit());
    }
    if has(Suite::Browser) {
        steps.push(browser());
    }
    steps
}

fn fmt() -> Step {
    Step {
        name: "Formatting",
        work: |project, screen| {
            need_component(project, "fmt", "rustfmt")?;
            let mut cargo = command::cargo(project);
            cargo.args(["fmt", "--all", "--check"]);
            command::run(
                &mut cargo,
                screen,
                "Some code isn't formatted, or can't be parsed: run `cargo fmt --all`.",
            )?;
            Ok(Outcome::DONE)
        },
    }
}

fn clippy() -> Step {
    Step {
        name: "clippy, for this machine",
        work: |project, screen| {
            need_component(project, "clippy", "clippy")?;
            let mut cargo = command::cargo(project);
            cargo
                .arg("clippy")
                .args(NATIVE)
                .args(["--all-targets", "--", "-D", "warnings"]);
            command::run(&mut cargo, screen, CLIPPY_COMPLAINS)?;
            Ok(Outcome::DONE)
        },
    }
}

/// Apart from the native one: together they would hide each other's features.
fn wasm_clippy() -> Step {
    Step {
        name: "clippy, for the browser",
        work: |project, screen| {
            let mut cargo = toolchain::found(project)?.cargo(project);
            cargo
                .args([
                    "clippy",
                    "--locked",
                    "--package",
                    "frontend",
                    "--package",
                    "app",
                ])
                .args(["--features", "app/hydrate"])
                // The site's own profile, so that macros are compiled once.
                .args(["--profile", PROFILE, "--target", TARGET])
                .arg("--target-dir")
                .arg(project.wasm_target())
                .args(["--", "-D", "warnings"]);
            command::run(&mut cargo, screen, CLIPPY_COMPLAINS)?;
            Ok(Outcome::DONE)
        },
    }
}

const CLIPPY_COMPLAINS: &str = "clippy complains: mend what it names above.";

/// One compilation for tests and binary: built apart, their features would
/// differ, and with them all that the AWS SDK rests on.
pub fn compile() -> Step {
    Step {
        name: "Compiling tests and server",
        work: |project, screen| {
            let mut cargo = command::cargo(project);
            cargo.arg("build").args(NATIVE).args(["--bins", "--tests"]);
            hint::apply(project, &mut cargo, screen);
            command::run(
                &mut cargo,
                screen,
                "The tests don't compile: mend what the compiler names above.",
            )?;
            Ok(Outcome::DONE)
        },
    }
}

fn unit() -> Step {
    Step {
        name: "Unit and integration tests",
        work: |project, screen| {
            let postgres = match postgres() {
                Some(folder) => folder,
                None => {
                    apt::install(project, screen, &["postgresql"], "Testing on PostgreSQL")?;
                    postgres().ok_or_else(|| {
                        Failure::new("PostgreSQL's `initdb` is nowhere to be found: put its folder on the PATH.")
                    })?
                }
            };
            let mut cargo = without_settings(command::cargo(project));
            cargo
                .arg("test")
                .args(NATIVE)
                .env("COST_TRACKER_TEST_PG_BIN", postgres)
                .env("COST_TRACKER_TEST_PYTHON", python::interpreter(project));
            let output = command::run(
                &mut cargo,
                screen,
                "Tests fail: see the output above; `cargo test --package <crate> <name>` runs one alone.",
            )?;
            Ok(count(project, passed(&output)))
        },
    }
}

fn browser() -> Step {
    Step {
        name: "Browser tests",
        work: |project, screen| {
            let mut playwright = playwright(project, screen)?;
            playwright.args(["test", "--config", "end2end/playwright.config.ts"]);
            let output = command::run(
                &mut playwright,
                screen,
                "Browser tests fail: see the output above; traces and pictures are in target/end2end.",
            )?;
            let passed = output.lines().rev().find_map(playwright_passed);
            Ok(count(project, passed.unwrap_or(0)))
        },
    }
}

/// Playwright, with what it has to know of the binary and the browser.
///
/// # Errors
/// When there is no Chromium and none can be had.
pub fn playwright(project: &Project, screen: &Screen) -> Result<Command> {
    let mut playwright = without_settings(npm::tool(project, "playwright"));
    playwright
        .env("COST_TRACKER_BIN", project.debug_binary())
        .env(
            "COST_TRACKER_END2END_OUTPUT",
            project.target.join("end2end"),
        );
    match chromium(project, screen)? {
        Some(program) => playwright.env("COST_TRACKER_CHROMIUM", program),
        None => playwright.env_remove("COST_TRACKER_CHROMIUM"),
    };
    Ok(playwright)
}

fn count(project: &Project, passed: usize) -> Outcome {
    project.passed.set(project.passed.get() + passed);
    Outcome::Done(Some(format!("{passed} tests")))
}

/// A developer's own settings must not reach the tests.
fn without_settings(mut command: Command) -> Command {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("COST_TRACKER_") {
            command.env_remove(&name);
        }
    }
    command
}

fn need_component(project: &Project, subcommand: &str, component: &str) -> Result<()> {
    let there = command::answer(command::cargo(project).args([subcommand, "--version"])).is_some();
    if there {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "{component} is missing: run `rustup component add {component}` and try again."
        )))
    }
}

/// The folder of PostgreSQL's own programs; Debian keeps them off the PATH.
pub fn postgres() -> Option<PathBuf> {
    // Followed to its end: a lone link on the PATH has no `postgres` beside it.
    let on_path = apt::find(&["initdb"]).and_then(|initdb| initdb.canonicalize().ok());
    if let Some(folder) = on_path.as_deref().and_then(Path::parent) {
        return Some(folder.to_path_buf());
    }
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_string_lossy().parse().ok()?;
            let bin = entry.path().join("bin");
            bin.join("initdb").is_file().then_some((version, bin))
        })
        .collect();
    versions.sort();
    versions.pop().map(|(_, bin)| bin)
}

/// A Chromium that is here already.
pub fn installed_chromium() -> Option<PathBuf> {
    apt::find(&[
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ])
}

/// A Chromium for the tests; `None` stands for Playwright's own.
fn chromium(project: &Project, screen: &Screen) -> Result<Option<PathBuf>> {
    if let Some(program) = installed_chromium() {
        return Ok(Some(program));
    }
    // Ubuntu's package is a snap, which can't see the tests' folders.
    if apt::distribution() == "debian" {
        apt::install(project, screen, &["chromium"], "The browser tests")?;
        if let Some(program) = installed_chromium() {
            return Ok(Some(program));
        }
    }
    let mut playwright = npm::tool(project, "playwright");
    playwright.args(["install", "chromium-headless-shell", "chromium"]);
    command::run(
        &mut playwright,
        screen,
        "The browser tests need Chromium, and Playwright can't download it: install Chromium so that `chromium` is on the PATH.",
    )?;
    Ok(None)
}

/// The number of tests that cargo's test programs report as passed.
fn passed(output: &str) -> usize {
    output
        .lines()
        .filter_map(|line| line.trim().strip_prefix("test result: ok. "))
        .filter_map(|rest| rest.split_once(" passed"))
        .filter_map(|(number, _)| number.parse::<usize>().ok())
        .sum()
}

/// The number in Playwright's closing line, `12 passed (8.1s)`.
fn playwright_passed(line: &str) -> Option<usize> {
    let (number, _) = line.trim().split_once(" passed")?;
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(only: &[Suite]) -> Vec<&'static str> {
        steps(only).iter().map(|step| step.name).collect()
    }

    #[test]
    fn everything_runs_when_nothing_is_named() {
        let all = names(&[]);
        assert_eq!(all.first(), Some(&"Formatting"));
        assert_eq!(all.last(), Some(&"Browser tests"));
        for needed in [
            "clippy, for this machine",
            "clippy, for the browser",
            "Python for stock AWS clients",
            "Unit and integration tests",
        ] {
            assert!(all.contains(&needed), "{needed} is missing from {all:?}");
        }
    }

    #[test]
    fn one_suite_brings_only_what_it_needs() {
        assert_eq!(names(&[Suite::Fmt]), ["Formatting"]);
        assert_eq!(names(&[Suite::Clippy]), ["clippy, for this machine"]);
        assert_eq!(
            names(&[Suite::WasmClippy]),
            ["WebAssembly compiler", "clippy, for the browser"]
        );
        let browser = names(&[Suite::Browser]);
        assert!(browser.contains(&"Putting the site together"));
        assert!(!browser.contains(&"Unit and integration tests"));
    }

    #[test]
    fn the_order_does_not_depend_on_the_command_line() {
        assert_eq!(
            names(&[Suite::Unit, Suite::Fmt]),
            names(&[Suite::Fmt, Suite::Unit])
        );
    }

    #[test]
    fn passed_tests_are_added_up() {
        let output = "test result: ok. 12 passed; 0 failed; 0 ignored\nnoise\ntest result: ok. 3 passed; 0 failed\n";
        assert_eq!(passed(output), 15);
    }

    #[test]
    fn playwrights_summary_is_read() {
        assert_eq!(playwright_passed("  12 passed (8.1s)"), Some(12));
        assert_eq!(playwright_passed("  [1/12] smoke"), None);
    }
}
