//! `cargo xtask doctor`: what is there and what is missing. Changes nothing.

use std::path::PathBuf;

use crate::failure::{Failure, Result};
use crate::project::Project;
use crate::{apt, command, npm, python, test, toolchain};

/// What one look brought: what is there, or what will be done or must be done.
type Finding = std::result::Result<String, String>;

/// Prints a line for each thing that the commands need.
///
/// # Errors
/// When something is missing that `cargo xtask` can't install here.
pub fn examine(project: &Project) -> Result<()> {
    let installs = apt::present();
    let mut blocked = 0;
    for (name, finding, can_install) in look(project, installs) {
        println!("{}", line(name, &finding, can_install));
        blocked += usize::from(finding.is_err() && !can_install);
    }
    if blocked == 0 {
        Ok(())
    } else {
        Err(Failure::new(
            "Something is missing that `cargo xtask` can't install by itself: see the lines above.",
        ))
    }
}

/// Name, finding, and whether a missing one is installed when it is needed.
fn look(project: &Project, installs: bool) -> Vec<(&'static str, Finding, bool)> {
    let debian = installs && apt::distribution() == "debian";
    vec![
        (
            "C compiler",
            place(
                apt::find(&["cc"]),
                "install gcc, for example with `sudo apt-get install build-essential`",
            ),
            false,
        ),
        (
            "Rust",
            version(
                command::cargo(project).arg("--version"),
                "install it from https://rustup.rs",
            ),
            false,
        ),
        (
            "rustfmt",
            version(
                command::cargo(project).args(["fmt", "--version"]),
                "run `rustup component add rustfmt`",
            ),
            false,
        ),
        (
            "clippy",
            version(
                command::cargo(project).args(["clippy", "--version"]),
                "run `rustup component add clippy`",
            ),
            false,
        ),
        ("Node", npm::node(project), false),
        (
            "WebAssembly",
            toolchain::describe(project),
            installs || apt::find(&["rustup"]).is_some(),
        ),
        (
            "PostgreSQL",
            place(
                test::postgres(),
                "only for tests; its `initdb` is looked for",
            ),
            installs,
        ),
        (
            "Python",
            python::describe(project).map_err(|text| format!("only for tests; {text}")),
            installs,
        ),
        (
            "Chromium",
            place(test::installed_chromium(), "only for tests"),
            debian || apt::find(&["npm"]).is_some(),
        ),
        (
            "site",
            place(
                Some(project.site().join("manifest.json")).filter(|path| path.is_file()),
                "will be built",
            ),
            true,
        ),
    ]
}

fn place(found: Option<PathBuf>, otherwise: &str) -> Finding {
    found
        .map(|path| path.display().to_string())
        .ok_or_else(|| otherwise.to_owned())
}

fn version(command: &mut std::process::Command, otherwise: &str) -> Finding {
    command::answer(command).ok_or_else(|| otherwise.to_owned())
}

fn line(name: &str, finding: &Finding, can_install: bool) -> String {
    let (word, text) = match finding {
        Ok(text) => ("there  ", text),
        Err(text) if can_install => ("later  ", text),
        Err(text) => ("MISSING", text),
    };
    format!("{word}  {name:<12} {text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_tell_there_from_later_from_missing() {
        assert_eq!(
            line("Node", &Ok("v20".to_owned()), false),
            "there    Node         v20"
        );
        assert!(line("Chromium", &Err("only for tests".to_owned()), true).starts_with("later"));
        assert!(line("Node", &Err("install it".to_owned()), false).starts_with("MISSING"));
    }
}
