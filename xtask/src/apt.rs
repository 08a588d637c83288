//! What the machine has to offer: finding programs, and on Debian and Ubuntu
//! installing the packages that bring missing ones. Installs nothing that is
//! there already.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command;
use crate::failure::{Failure, Result};
use crate::project::Project;
use crate::screen::Screen;

/// The first program of these names on the PATH.
pub fn find(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|candidate| candidate.is_file())
}

/// Whether this machine installs packages with apt-get.
pub fn present() -> bool {
    Path::new("/usr/bin/apt-get").is_file()
}

/// The distribution's short name: `debian`, `ubuntu`, … or nothing.
pub fn distribution() -> String {
    id(&std::fs::read_to_string("/etc/os-release").unwrap_or_default()).to_owned()
}

fn id(os_release: &str) -> &str {
    os_release
        .lines()
        .find_map(|line| line.strip_prefix("ID="))
        .map_or("", |value| value.trim_matches('"'))
}

/// Installs packages, as root or with sudo.
///
/// # Errors
/// One sentence that says what to install, when that isn't possible here.
pub fn install(project: &Project, screen: &Screen, packages: &[&str], purpose: &str) -> Result<()> {
    let by_hand = sentence(packages, purpose);
    if !present() {
        return Err(Failure::new(by_hand));
    }
    let sudo = if is_root() {
        None
    } else {
        // Asking for a password would hang where nobody sits.
        let sudo = find(&["sudo"]).filter(|sudo| {
            command::answer(Command::new(sudo).args(["--non-interactive", "true"])).is_some()
        });
        Some(sudo.ok_or_else(|| Failure::new(by_hand.clone()))?)
    };
    let apt = |arguments: &[&str]| {
        let mut command = match &sudo {
            None => command::program(project, "apt-get"),
            Some(sudo) => {
                let mut command = command::program(project, sudo);
                command.args([
                    "--non-interactive",
                    "DEBIAN_FRONTEND=noninteractive",
                    "apt-get",
                ]);
                command
            }
        };
        command
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    screen.say(&format!("installing {}", packages.join(" ")));
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(packages);
    // The list of packages is mostly recent enough; fetching it anew takes long.
    if command::run(&mut apt(&arguments), screen, &by_hand).is_ok() {
        return Ok(());
    }
    command::run(&mut apt(&["update"]), screen, &by_hand)?;
    command::run(&mut apt(&arguments), screen, &by_hand).map(|_| ())
}

fn sentence(packages: &[&str], purpose: &str) -> String {
    format!(
        "{purpose} needs programs that are not here: on Debian, run `sudo apt-get install {}` and try again.",
        packages.join(" ")
    )
}

fn is_root() -> bool {
    command::answer(Command::new("id").arg("-u")).is_some_and(|id| id == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distribution_is_read_with_or_without_quotes() {
        assert_eq!(id("NAME=\"Debian\"\nID=debian\nID_LIKE=x\n"), "debian");
        assert_eq!(id("ID=\"ubuntu\"\n"), "ubuntu");
        assert_eq!(id(""), "");
    }

    #[test]
    fn the_sentence_says_what_to_type() {
        assert_eq!(
            sentence(&["chromium", "lld-22"], "The browser test"),
            "The browser test needs programs that are not here: on Debian, run `sudo apt-get install chromium lld-22` and try again."
        );
    }

    #[test]
    fn programs_are_found_by_any_of_their_names() {
        assert!(find(&["no-such-program", "sh"]).is_some());
        assert_eq!(find(&["no-such-program"]), None);
    }
}
