//! Running other programs: a clean environment, their output kept for the case
//! of failure, their last line on the screen. Knows no particular program but
//! cargo.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::failure::{Failure, Result};
use crate::project::Project;
use crate::screen::Screen;

/// Variables that the outer `cargo run` sets for us alone. Inside another cargo
/// they would make build scripts think that something changed.
const OURS_ALONE: [&str; 7] = [
    "CARGO",
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_PRIMARY_PACKAGE",
    "CARGO_TARGET_TMPDIR",
    "OUT_DIR",
    "RUST_RECURSION_COUNT",
];

/// Variables that choose or bend a compiler. They must not reach another
/// toolchain's cargo.
const CHOOSE_COMPILER: [&str; 12] = [
    "CARGO_BUILD_RUSTC",
    "CARGO_BUILD_RUSTC_WRAPPER",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_ENCODED_RUSTFLAGS",
    "RUSTC",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "RUSTDOC",
    "RUSTDOCFLAGS",
    "RUSTFLAGS",
    "RUSTUP_TOOLCHAIN",
];

/// The active toolchain's cargo, at the project's root, with its target folder.
pub fn cargo(project: &Project) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(&project.root);
    clean(&mut command, &project.target);
    command.env("CARGO_TARGET_DIR", &project.target);
    command
}

/// A program of another toolchain, for which nothing of the active one counts.
pub fn foreign(project: &Project, program: impl AsRef<Path>) -> Command {
    let mut command = Command::new(program.as_ref());
    command.current_dir(&project.root);
    clean(&mut command, &project.target);
    for name in CHOOSE_COMPILER {
        command.env_remove(name);
    }
    // Its cargo looks for `rustc` on the PATH, where rustup's may stand first.
    if let Some(folder) = program.as_ref().parent() {
        let rest = std::env::var_os("PATH").unwrap_or_default();
        let path = std::iter::once(folder.to_path_buf()).chain(std::env::split_paths(&rest));
        if let Ok(path) = std::env::join_paths(path) {
            command.env("PATH", path);
        }
    }
    command
}

/// Any other program, at the project's root.
pub fn program(project: &Project, name: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(&project.root);
    clean(&mut command, &project.target);
    command
}

/// Takes out what the outer `cargo run` put into the environment.
fn clean(command: &mut Command, target: &Path) {
    for name in OURS_ALONE {
        command.env_remove(name);
    }
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    if let Some(paths) = std::env::var_os("LD_LIBRARY_PATH") {
        match foreign_libraries(&paths, target) {
            Some(rest) => command.env("LD_LIBRARY_PATH", rest),
            None => command.env_remove("LD_LIBRARY_PATH"),
        };
    }
}

/// What stays of `LD_LIBRARY_PATH` without the entries that cargo added: the
/// target folder's and the toolchain's.
fn foreign_libraries(paths: &OsString, target: &Path) -> Option<OsString> {
    let rest: Vec<_> = std::env::split_paths(paths)
        .filter(|path| {
            let text = path.to_string_lossy();
            !path.starts_with(target)
                && !text.contains("/rustlib/")
                && !text.contains("/toolchains/")
                && !text.is_empty()
        })
        .collect();
    if rest.is_empty() {
        None
    } else {
        std::env::join_paths(rest).ok()
    }
}

/// Runs a command to its end, showing its latest line, and returns all it printed.
///
/// # Errors
/// `sentence` with the output, when it can't be started or ends badly.
pub fn run(command: &mut Command, screen: &Screen, sentence: &str) -> Result<String> {
    let shown = show(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::with_output(sentence, format!("{shown}: {error}")))?;

    let (sender, lines) = channel();
    if let Some(stdout) = child.stdout.take() {
        forward(stdout, sender.clone());
    }
    if let Some(stderr) = child.stderr.take() {
        forward(stderr, sender);
    }
    let mut output = String::new();
    let mut latest = String::new();
    loop {
        match lines.recv_timeout(Duration::from_millis(500)) {
            Ok(line) => {
                output.push_str(&line);
                output.push('\n');
                if !line.trim().is_empty() {
                    latest = line;
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        screen.tick(&latest);
    }
    let status = child
        .wait()
        .map_err(|error| Failure::with_output(sentence, format!("{shown}: {error}")))?;
    if status.success() {
        Ok(output)
    } else {
        Err(Failure::with_output(
            sentence,
            format!("$ {shown}\n{output}({status})"),
        ))
    }
}

/// Runs commands to their ends, as many at once as there are processors, in this order.
///
/// # Errors
/// `sentence` with the output of the first that can't be started or ends badly; those that
/// weren't begun then stay so.
pub fn run_together(commands: Vec<Command>, screen: &Screen, sentence: &str) -> Result<()> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let waiting = Mutex::new(commands.into_iter());
    let (sender, ended) = channel();
    std::thread::scope(|scope| {
        for _ in 0..workers {
            let sender = sender.clone();
            let waiting = &waiting;
            scope.spawn(move || {
                while let Some(mut command) = next(waiting) {
                    let output = command.stdin(Stdio::null()).output();
                    if sender.send((show(&command), output)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut latest = String::new();
        // Whoever leaves this loop drops the receiver, and with it the rest of the work.
        let ended = ended;
        loop {
            match ended.recv_timeout(Duration::from_millis(500)) {
                Ok((shown, Ok(output))) if output.status.success() => latest = shown,
                Ok((shown, Ok(output))) => {
                    let said = [&output.stdout[..], &output.stderr[..]].concat();
                    let said = String::from_utf8_lossy(&said);
                    let text = format!("$ {shown}\n{said}({})", output.status);
                    return Err(Failure::with_output(sentence, text));
                }
                Ok((shown, Err(error))) => {
                    return Err(Failure::with_output(sentence, format!("{shown}: {error}")));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            screen.tick(&latest);
        }
    })
}

/// A worker that panicked has taken nothing but its own command with it.
fn next<T>(waiting: &Mutex<impl Iterator<Item = T>>) -> Option<T> {
    waiting
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .next()
}

fn forward(stream: impl Read + Send + 'static, lines: Sender<String>) {
    std::thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut bytes = Vec::new();
        while matches!(reader.read_until(b'\n', &mut bytes), Ok(count) if count > 0) {
            let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            if lines.send(line).is_err() {
                break;
            }
            bytes.clear();
        }
    });
}

/// What a short command prints, trimmed, if it can be run and ends well.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The command as a person would type it, without its environment.
fn show(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_toolchains_libraries_are_taken_out() {
        let paths = OsString::from(
            "/p/target/debug/deps:/home/a/.rustup/toolchains/stable/lib:/opt/lib:/x/lib/rustlib/y/lib",
        );
        assert_eq!(
            foreign_libraries(&paths, Path::new("/p/target")),
            Some("/opt/lib".into())
        );
        let only_ours = OsString::from("/p/target/debug/deps");
        assert_eq!(foreign_libraries(&only_ours, Path::new("/p/target")), None);
    }

    #[test]
    fn output_of_a_failing_command_is_kept() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo one; echo two >&2; exit 3"]);
        let screen = Screen::start(1, 1, "test");
        let failure = run(&mut command, &screen, "It failed.").expect_err("exit status 3");
        assert_eq!(failure.sentence, "It failed.");
        assert!(failure.output.contains("one\n"));
        assert!(failure.output.contains("two\n"));
        assert!(failure.output.contains("exit status: 3"));
    }

    #[test]
    fn of_many_commands_the_first_that_fails_is_told() {
        let screen = Screen::start(1, 1, "test");
        let sh = |text: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", text]);
            command
        };
        let fine = (0..5).map(|_| sh("exit 0")).collect();
        assert!(run_together(fine, &screen, "It failed.").is_ok());
        let one_bad = vec![sh("exit 0"), sh("echo why >&2; exit 3"), sh("exit 0")];
        let failure = run_together(one_bad, &screen, "It failed.").expect_err("exit status 3");
        assert!(failure.output.contains("why\n"), "{}", failure.output);
        assert!(failure.output.contains("exit status: 3"));
    }

    #[test]
    fn a_program_that_is_not_there_fails_with_the_sentence() {
        let mut command = Command::new("/no/such/program");
        let screen = Screen::start(1, 1, "test");
        let failure = run(&mut command, &screen, "Install it.").expect_err("no such program");
        assert_eq!(failure.sentence, "Install it.");
        assert!(failure.output.contains("/no/such/program"));
    }

    #[test]
    fn short_answers_are_trimmed_and_failures_are_none() {
        assert_eq!(
            answer(Command::new("sh").args(["-c", "echo ' v20 '"])),
            Some("v20".to_owned())
        );
        assert_eq!(answer(Command::new("sh").args(["-c", "exit 1"])), None);
    }
}
