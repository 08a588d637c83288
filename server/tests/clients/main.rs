//! Stock AWS clients, as people install them from PyPI, against the simulator: they believe it.
//! And moto, an AWS written by others, under the gateway.

#[path = "../aws_support/mod.rs"]
#[expect(dead_code, reason = "the other test programs use the rest")]
mod aws_support;
mod environment;
#[path = "../support/moto.rs"]
mod moto;
mod operations;
#[path = "../support/python.rs"]
mod python;
mod refusals;
mod second_aws;

use simulator::{Settings, Simulator, keys::KeyPair};
use std::process::Command;

/// Small pages, so that everything long comes on several.
async fn simulator() -> Simulator {
    simulator::start(Settings {
        today: "2026-11-24".parse().ok(),
        page_size: 10,
        ..Settings::default()
    })
    .await
    .expect("a free port")
}

/// A script of this folder, for a client with this key.
fn client(aws: &Simulator, key: &KeyPair, name: &str) -> Command {
    let mut command = python::python();
    command
        .arg(python::script(name))
        .env("AWS_ENDPOINT_URL", aws.endpoint_url())
        .env("AWS_ACCESS_KEY_ID", key.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", key.secret);
    if let Some(token) = key.session_token {
        command.env("AWS_SESSION_TOKEN", token);
    }
    command
}

/// What a command prints, line by line, as JSON, while the simulator goes on answering.
async fn said(command: Command) -> Vec<serde_json::Value> {
    tokio::task::spawn_blocking(move || {
        python::lines(command)
            .iter()
            .map(|line| serde_json::from_str(line).expect("a line of JSON"))
            .collect()
    })
    .await
    .expect("it runs to its end")
}
