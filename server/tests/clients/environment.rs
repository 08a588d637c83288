//! `cost-tracker simulate-aws` and `--print-env`, as a person uses them in a shell.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use crate::python::python;

const BINARY: &str = env!("CARGO_BIN_EXE_cost-tracker");

/// Ends with the test, however that ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _status = self.0.wait();
    }
}

/// Starts it on a free port and returns the address that it says.
fn start() -> (Running, String) {
    let mut server = Running(
        Command::new(BINARY)
            .args(["simulate-aws", "--listen", "127.0.0.1:0"])
            .args(["--today", "2026-11-24"])
            // It knows its settings and refuses others that look like them.
            .env_clear()
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts"),
    );
    let stdout = server.0.stdout.take().expect("its output");
    let address = BufReader::new(stdout)
        .lines()
        .map_while(Result::ok)
        .find_map(|line| {
            let (_, rest) = line.split_once("127.0.0.1:")?;
            let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
            Some(format!("127.0.0.1:{port}"))
        })
        .expect("it says where it listens");
    (server, address)
}

#[test]
fn the_printed_environment_is_all_that_a_client_needs() {
    let (_server, address) = start();
    let printed = Command::new(BINARY)
        .args(["simulate-aws", "--print-env", "--listen", &address])
        .env_clear()
        .output()
        .expect("the binary starts");
    assert!(printed.status.success());
    let exports = String::from_utf8(printed.stdout).expect("text");
    assert!(exports.contains(&address));

    // The interpreter's own variables, then the shell's.
    let aws = python();
    let mut shell = Command::new("/bin/sh");
    shell
        .env_clear()
        .envs(aws.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .env_remove("AWS_DEFAULT_REGION")
        .arg("-c")
        .arg("eval \"$1\" && exec \"$2\" -m awscli sts get-caller-identity --output text --query Account")
        .args(["sh", &exports])
        .arg(aws.get_program());
    let output = shell.output().expect("a shell");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(
        said.trim(),
        "123456789012",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
