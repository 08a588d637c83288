//! The npm packages that make the site and drive the browser tests: installed
//! from package-lock.json, once for each lock file, without running any
//! package's own install scripts.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::Failure;
use crate::plan::{Outcome, Step};
use crate::project::Project;
use crate::stamp::{self, Inputs};
use crate::{apt, command};

/// Playwright's floor.
const NODE: u32 = 20;

/// The step that installs the packages.
pub fn step() -> Step {
    Step {
        name: "npm packages",
        work: |project, screen| {
            let _lock = project.lock(screen)?;
            let version = node(project).map_err(Failure::new)?;
            let stamp = Inputs::of("npm ci, 1")
                .text(&version)
                .file(&project.root.join("package.json"))?
                .file(&project.root.join("package-lock.json"))?
                .stamp();
            // `npm ci` begins by removing node_modules, and this with it.
            let file = project.root.join("node_modules/.cost-tracker-stamp");
            if stamp::is_fresh(&file, &stamp) {
                return Ok(Outcome::Fresh);
            }
            let mut npm = command::program(project, "npm");
            npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
            command::run(
                &mut npm,
                screen,
                "`npm ci` failed: see its output above; most often the network or a proxy is the reason.",
            )?;
            stamp::write(&file, &stamp)?;
            Ok(Outcome::DONE)
        },
    }
}

/// Node's version, when it and npm are here and new enough.
///
/// # Errors
/// One sentence that says what to install.
pub fn node(project: &Project) -> Result<String, String> {
    let version = command::answer(command::program(project, "node").arg("--version"));
    judge(version.as_deref(), apt::find(&["npm"]).is_some())
}

fn judge(node: Option<&str>, npm: bool) -> Result<String, String> {
    let what =
        format!("install Node {NODE} or newer, with npm, from https://nodejs.org and try again.");
    match node {
        None => Err(format!("Node is missing: {what}")),
        Some(version) if major(version) < NODE => Err(format!("Node {version} is too old: {what}")),
        Some(_) if !npm => Err(format!("npm is missing beside Node: {what}")),
        Some(version) => Ok(version.to_owned()),
    }
}

fn major(version: &str) -> u32 {
    version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}

/// A program of an installed package.
pub fn tool(project: &Project, name: &str) -> Command {
    let mut path = PathBuf::from("node_modules/.bin");
    path.push(name);
    command::program(project, project.root.join(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_is_judged_by_its_major_version() {
        assert_eq!(judge(Some("v20.20.2"), true), Ok("v20.20.2".to_owned()));
        assert_eq!(judge(Some("v100.0.0"), true), Ok("v100.0.0".to_owned()));
        assert!(judge(Some("v18.19.0"), true).is_err_and(|text| text.contains("v18.19.0")));
    }

    #[test]
    fn what_is_missing_is_named() {
        assert!(judge(None, true).is_err_and(|text| text.starts_with("Node is missing")));
        assert!(
            judge(Some("v22.0.0"), false).is_err_and(|text| text.starts_with("npm is missing"))
        );
    }
}
