//! A second AWS, written by others: moto's server on a free loopback port, for STS and EC2.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::python::{lines, python, script};

/// Python imports for some seconds on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// A running server. Dropping it stops it.
pub struct Moto {
    addr: SocketAddr,
    server: Child,
}

impl Moto {
    /// Starts one; it answers when this returns.
    ///
    /// # Panics
    /// When it doesn't start.
    pub fn start() -> Self {
        for _ in 0..3 {
            if let Some(moto) = Self::try_start() {
                return moto;
            }
        }
        panic!("moto's server ends as soon as it starts");
    }

    fn try_start() -> Option<Self> {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let addr = free.local_addr().expect("an address");
        drop(free);
        let mut command = python();
        command
            .args(["-m", "moto.server", "-H", "127.0.0.1", "-p"])
            .arg(addr.port().to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut moto = Self {
            addr,
            server: command.spawn().expect("Python starts"),
        };
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(addr).is_err() {
            assert!(Instant::now() < deadline, "moto's server doesn't start");
            // Somebody else may have got the port.
            if moto.server.try_wait().expect("its status").is_some() {
                return None;
            }
            thread::sleep(Duration::from_millis(50));
        }
        Some(moto)
    }

    /// For `AWS_ENDPOINT_URL` and the gateway.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Fills it by one of our scripts, which says what it made, as JSON.
    pub fn seed(&self, name: &str, arguments: &[&str]) -> serde_json::Value {
        let mut command = python();
        command
            .arg(script(name))
            .args(arguments)
            .env("AWS_ENDPOINT_URL", self.url())
            .env("AWS_ACCESS_KEY_ID", "testing")
            .env("AWS_SECRET_ACCESS_KEY", "testing");
        let said = lines(command);
        serde_json::from_str(&said.concat()).expect("JSON")
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.server.kill();
        let _status = self.server.wait();
    }
}
