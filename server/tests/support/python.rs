//! The Python of the tests' own, with stock AWS clients in it.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// The interpreter, set by `cargo xtask test`.
const VARIABLE: &str = "COST_TRACKER_TEST_PYTHON";

/// A Python that has boto3, the aws command and moto, with an environment of its own: no key,
/// profile or setting of the person who runs the tests reaches it.
///
/// # Panics
/// In one sentence, when there is none.
pub fn python() -> Command {
    let found = env::var_os(VARIABLE).map(PathBuf::from);
    let Some(program) = found.filter(|program| program.is_file()) else {
        panic!(
            "{VARIABLE} names no Python with stock AWS clients: run `cargo xtask test --only unit`, or set it to target/clients/bin/python after that."
        );
    };
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap_or_default())
        .env("HOME", "/nonexistent")
        .env("AWS_CONFIG_FILE", "/nonexistent")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("AWS_PAGER", "")
        .env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// A script beside the tests.
pub fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/clients")
        .join(name)
}

/// What a script prints, line by line.
///
/// # Panics
/// With all that it said, when it fails.
pub fn lines(mut command: Command) -> Vec<String> {
    let output = command.output().expect("Python starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{command:?} fails:\n{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    said.lines().map(str::to_owned).collect()
}
