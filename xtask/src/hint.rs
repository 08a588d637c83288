//! Compiles the EC2 SDK in half the time: we call five of its some seven hundred
//! operations, and rustc can leave the rest ungenerated when it is told.
//!
//! The switch is unstable and can't be set for one crate by a stable cargo. So this
//! program stands between cargo and rustc and adds it for that crate alone; cargo
//! neither sees nor minds, and what is built fits builds without it.

use std::ffi::{OsStr, OsString};
use std::process::{Command, ExitCode};

use crate::command;
use crate::project::Project;
use crate::screen::Screen;

/// Set for the calls in which this program stands in front of rustc.
const STANDING_IN: &str = "XTASK_STANDS_BEFORE_RUSTC";
/// rustc's switch, by which it leaves functions to the crates that call them.
const SWITCH: &str = "hint-mostly-unused";
/// The crates that it pays for.
const MOSTLY_UNUSED: [&str; 1] = ["aws_sdk_ec2"];

/// Has the command's compiler called through this program, where that helps:
/// not where the compiler doesn't know the switch, nor where somebody has put
/// a program of their own, such as a compiler cache, in this place.
pub fn apply(project: &Project, cargo: &mut Command, screen: &Screen) {
    let taken = ["RUSTC_WRAPPER", "CARGO_BUILD_RUSTC_WRAPPER"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|program| !program.is_empty()));
    let Ok(this) = std::env::current_exe() else {
        return;
    };
    if taken || !is_known(project) {
        screen.say("the EC2 SDK is compiled whole, which takes some minutes more");
        return;
    }
    cargo.env("RUSTC_WRAPPER", this).env(STANDING_IN, "1");
}

fn is_known(project: &Project) -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = command::program(project, rustc);
    command.args(["-Z", "help"]).env("RUSTC_BOOTSTRAP", "1");
    command::answer(&mut command).is_some_and(|switches| switches.contains(SWITCH))
}

/// The work in front of rustc, when this call is for that: the first argument is
/// the compiler, the others are its own.
pub fn stand_in() -> Option<ExitCode> {
    std::env::var_os(STANDING_IN)?;
    let mut arguments = std::env::args_os().skip(1);
    let mut compiler = Command::new(arguments.next()?);
    let arguments: Vec<OsString> = arguments.collect();
    compiler.args(&arguments);
    if crate_name(&arguments).is_some_and(is_mostly_unused) {
        // For this one call: no other crate may think that it has a nightly compiler.
        compiler
            .arg(format!("-Z{SWITCH}"))
            .env("RUSTC_BOOTSTRAP", "1");
    }
    let code = match compiler.status() {
        Ok(status) => status.code().and_then(|code| u8::try_from(code).ok()),
        Err(error) => {
            eprintln!("The compiler can't be started: {error}.");
            None
        }
    };
    Some(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

fn crate_name(arguments: &[OsString]) -> Option<&OsStr> {
    let place = arguments.iter().position(|one| one == "--crate-name")?;
    arguments.get(place + 1).map(OsString::as_os_str)
}

fn is_mostly_unused(name: &OsStr) -> bool {
    MOSTLY_UNUSED.iter().any(|one| name == *one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(arguments: &[&str]) -> bool {
        let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        crate_name(&arguments).is_some_and(is_mostly_unused)
    }

    #[test]
    fn only_the_crates_that_are_mostly_unused_are_told_apart() {
        assert!(named(&["--crate-name", "aws_sdk_ec2", "--edition=2021"]));
        assert!(!named(&["--crate-name", "aws_sdk_sts"]));
        assert!(!named(&["--extern", "aws_sdk_ec2", "--crate-name"]));
        assert!(!named(&["-vV"]));
    }
}
