//! The real binary as a process: started, listened to, killed.

use std::{
    ffi::OsString,
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::{Arc, Mutex},
    thread,
};

use tokio::sync::oneshot;

use super::eventually;

/// Where cargo put it.
pub const BINARY: &str = env!("CARGO_BIN_EXE_cost-tracker");

/// What to start it with. Nothing of the tests' own environment gets in.
#[derive(Clone)]
pub struct Options {
    pub binary: PathBuf,
    pub folder: PathBuf,
    pub arguments: Vec<OsString>,
    pub variables: Vec<(String, String)>,
}

impl Options {
    /// A command in a working folder.
    pub fn new(folder: &Path, arguments: &[&str]) -> Self {
        Self {
            binary: PathBuf::from(BINARY),
            folder: folder.to_owned(),
            arguments: arguments.iter().map(OsString::from).collect(),
            variables: Vec::new(),
        }
    }

    pub fn and(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(OsString::from));
        self
    }

    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args(&self.arguments)
            .current_dir(&self.folder)
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

/// A server that answers. Killed when dropped.
pub struct Server {
    child: Child,
    /// As it announced it, without a slash at the end.
    pub url: String,
    logs: Arc<Mutex<Vec<u8>>>,
}

impl Server {
    /// Starts it and waits until it says where it is.
    pub async fn start(options: &Options) -> Self {
        let mut child = options.command().spawn().expect("the binary starts");
        let logs = Arc::new(Mutex::new(Vec::new()));
        copy(child.stderr.take().expect("a pipe"), Arc::clone(&logs));
        let stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let (tell, told) = oneshot::channel();
        thread::spawn(move || {
            let mut tell = Some(tell);
            for line in stdout.lines().map_while(Result::ok) {
                if let (Some(url), Some(tell)) = (announced(&line), tell.take()) {
                    drop(tell.send(url));
                }
            }
        });
        // From here on the process is killed whatever happens.
        let mut server = Self {
            child,
            url: String::new(),
            logs,
        };
        match told.await {
            Ok(url) => server.url = url,
            Err(_) => panic!("the server didn't start: {}", server.logs()),
        }
        server
    }

    /// Everything it has logged so far.
    pub fn logs(&self) -> String {
        let bytes = self.logs.lock().expect("no panic while holding it");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once, wherever it is (SIGKILL).
    pub fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }

    /// Asks it to stop (SIGTERM) and waits until it has.
    pub async fn stop(&mut self) -> ExitStatus {
        let sent = Command::new("sh")
            .args(["-c", "kill -TERM \"$0\"", &self.id().to_string()])
            .status();
        assert!(sent.expect("sh is there").success());
        self.ended().await
    }

    async fn ended(&mut self) -> ExitStatus {
        let child = &mut self.child;
        eventually("the server stops", || {
            let ended = child.try_wait().expect("it is ours");
            async move { ended }
        })
        .await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let ended = self.child.try_wait();
        drop(self.child.kill());
        drop(self.child.wait());
        let logs = self.logs();
        if thread::panicking() {
            eprintln!("The server ({ended:?}) said:\n{logs}");
        } else {
            // It survives its panics, but somebody got no answer.
            assert!(!logs.contains("panicked"), "{logs}");
        }
    }
}

/// `Cost Tracker is at URL`, and more where a proxy stands in front.
fn announced(line: &str) -> Option<String> {
    let rest = line.strip_prefix("Cost Tracker is at ")?;
    match rest.split_once(" (listening on ") {
        Some((_, address)) => Some(format!("http://{}", address.trim_end_matches(')'))),
        None => Some(rest.to_owned()),
    }
}

fn copy(mut from: impl Read + Send + 'static, to: Arc<Mutex<Vec<u8>>>) {
    thread::spawn(move || {
        let mut buffer = [0; 8 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            to.lock()
                .expect("no panic while holding it")
                .extend_from_slice(&buffer[..count]);
        }
    });
}

/// Runs a command that ends by itself.
pub async fn run(options: &Options, input: &str) -> Output {
    let mut command = options.command();
    command.stdin(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    // Refused commands don't read it.
    drop(
        child
            .stdin
            .take()
            .expect("a pipe")
            .write_all(input.as_bytes()),
    );
    let (told, logged) = (Arc::default(), Arc::default());
    copy(child.stdout.take().expect("a pipe"), Arc::clone(&told));
    copy(child.stderr.take().expect("a pipe"), Arc::clone(&logged));
    let mut server = Server {
        child,
        url: String::new(),
        logs: Arc::clone(&logged),
    };
    let status = server.ended().await;
    drop(server);
    // The copies end with the process: then nobody else holds them.
    let all = |mut page: Arc<Mutex<Vec<u8>>>| async move {
        eventually("its output ends", || {
            let whole = Arc::get_mut(&mut page)
                .map(|page| std::mem::take(page.get_mut().expect("no panic while holding it")));
            async move { whole }
        })
        .await
    };
    Output {
        status,
        stdout: all(told).await,
        stderr: all(logged).await,
    }
}

/// Runs what has to be refused: its exit code and what it says on the terminal.
pub async fn refusal(options: &Options) -> (i32, String) {
    let output = run(options, "").await;
    let text = String::from_utf8(output.stderr).expect("text");
    assert!(!output.status.success(), "it wasn't refused: {text}");
    (output.status.code().expect("it wasn't killed"), text)
}
