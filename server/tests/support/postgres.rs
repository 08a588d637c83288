//! A PostgreSQL cluster of the test process's own, on a socket in a folder of
//! its own, and a database for each test. It goes when the process does, however
//! that ends: a small shell waits for our end of a pipe to close.

use std::{
    env,
    ffi::{OsStr, OsString},
    fs,
    os::unix::{
        fs::{DirBuilderExt, MetadataExt},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

/// The folder with `initdb`, `pg_ctl` and `psql`, where they aren't found by themselves.
const BIN_VARIABLE: &str = "COST_TRACKER_TEST_PG_BIN";
/// PostgreSQL refuses to run as root: it runs as the first of these there is.
const STAND_INS: [&str; 2] = ["postgres", "nobody"];

/// The URL of a new, empty database of the one cluster.
///
/// # Panics
/// In one sentence, when there is no PostgreSQL on the machine or it doesn't start.
pub fn database() -> String {
    static CLUSTER: OnceLock<Result<Cluster, String>> = OnceLock::new();
    static COUNT: AtomicU32 = AtomicU32::new(1);

    let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let made = match CLUSTER.get_or_init(Cluster::start) {
        Ok(cluster) => cluster.create_database(&name),
        Err(sentence) => Err(sentence.clone()),
    };
    match made {
        Ok(url) => url,
        Err(sentence) => panic!("{sentence}"),
    }
}

struct Cluster {
    bin: PathBuf,
    folder: PathBuf,
    /// Takes the cluster down when our end of its pipe closes: with this process.
    _watcher: Child,
}

impl Cluster {
    fn start() -> Result<Self, String> {
        let bin = find_programs()?;
        let folder = make_folder()?;
        let data = folder.join("data");
        // First the watcher: from here on nothing is left behind.
        let watcher = watch(&bin, &folder)?;
        run(as_stand_in(&folder, &bin.join("initdb"))?
            .arg("--pgdata")
            .arg(&data)
            .args(["--username=test", "--auth=trust", "--encoding=UTF8"])
            .args(["--locale=C", "--no-sync"]))?;
        let mut settings =
            OsString::from("-c listen_addresses= -c fsync=off -c unix_socket_directories=");
        settings.push(&folder);
        run(as_stand_in(&folder, &bin.join("pg_ctl"))?
            .arg("--pgdata")
            .arg(&data)
            .arg("--log")
            .arg(folder.join("log"))
            .arg("--options")
            .arg(settings)
            .args(["--wait", "--silent", "start"]))?;
        Ok(Self {
            bin,
            folder,
            _watcher: watcher,
        })
    }

    fn create_database(&self, name: &str) -> Result<String, String> {
        run(Command::new(self.bin.join("psql"))
            .arg("--host")
            .arg(&self.folder)
            .args([
                "--username=test",
                "--dbname=postgres",
                "--no-psqlrc",
                "--quiet",
            ])
            .arg("--command")
            .arg(format!("CREATE DATABASE {name}")))?;
        Ok(format!(
            "postgres://test@localhost/{name}?host={}",
            self.folder.display()
        ))
    }
}

/// Where the programs are: as told, on the PATH, or where Debian keeps them.
fn find_programs() -> Result<PathBuf, String> {
    let complete = |folder: &PathBuf| {
        ["initdb", "pg_ctl", "psql"]
            .iter()
            .all(|program| folder.join(program).is_file())
    };
    if let Some(told) = env::var_os(BIN_VARIABLE) {
        let told = PathBuf::from(told);
        return if complete(&told) {
            Ok(told)
        } else {
            Err(format!(
                "{BIN_VARIABLE} names {}, which doesn't hold initdb, pg_ctl and psql.",
                told.display()
            ))
        };
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let mut debian: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    debian.sort();
    env::split_paths(&path)
        .chain(debian.into_iter().rev())
        .find(complete)
        .ok_or_else(|| {
            format!(
                "These tests need PostgreSQL's initdb, pg_ctl and psql: install postgresql \
                 (Debian: apt-get install postgresql), or name their folder in {BIN_VARIABLE}."
            )
        })
}

/// Short, because a socket's path may have a hundred letters only, and owned by
/// who runs PostgreSQL.
fn make_folder() -> Result<PathBuf, String> {
    let folder = PathBuf::from(format!("/tmp/cost-tracker-pg-{}", std::process::id()));
    let failed = |error| format!("can't make {}: {error}", folder.display());
    fs::DirBuilder::new()
        .mode(0o755)
        .create(&folder)
        .map_err(failed)?;
    if let Some(user) = stand_in(&folder)? {
        run(Command::new("chown").arg(user).arg(&folder))?;
    }
    Ok(folder)
}

/// Who runs PostgreSQL in our place; `None` when we can do it ourselves. Whose a
/// folder of ours is tells who we are.
fn stand_in(folder: &Path) -> Result<Option<&'static str>, String> {
    let owner = fs::metadata("/proc/self")
        .or_else(|_| fs::metadata(folder))
        .map_err(|error| format!("can't tell who runs the tests: {error}"))?
        .uid();
    if owner != 0 {
        return Ok(None);
    }
    let people = fs::read_to_string("/etc/passwd").unwrap_or_default();
    STAND_INS
        .into_iter()
        .find(|user| {
            people
                .lines()
                .any(|line| line.starts_with(&format!("{user}:")))
        })
        .map(Some)
        .ok_or_else(|| {
            format!("PostgreSQL refuses to run as root, and there is no user {STAND_INS:?} here.")
        })
}

fn as_stand_in(folder: &Path, program: &Path) -> Result<Command, String> {
    let mut command = match stand_in(folder)? {
        None => Command::new(program),
        Some(user) => {
            let mut command = Command::new("setpriv");
            command
                .arg(format!("--reuid={user}"))
                .args(["--clear-groups", "--"])
                .arg(program);
            command
        }
    };
    command.current_dir(folder).env("LC_ALL", "C");
    Ok(command)
}

/// Waits for the pipe to close, stops the cluster and removes its folder. In a
/// process group of its own, so that Ctrl-C doesn't take it along.
fn watch(bin: &Path, folder: &Path) -> Result<Child, String> {
    let mut stop = as_stand_in(folder, &bin.join("pg_ctl"))?;
    stop.arg("--pgdata").arg(folder.join("data"));
    stop.args(["--mode=immediate", "--wait", "--silent", "stop"]);
    let words = std::iter::once(stop.get_program()).chain(stop.get_args());
    Command::new("sh")
        .arg("-c")
        .arg("folder=$1; shift; cat; \"$@\"; cd /; rm -rf -- \"$folder\"")
        .arg("sh")
        .arg(folder)
        .args(words.map(OsStr::to_owned))
        .current_dir(folder)
        .process_group(0)
        .stdin(Stdio::piped())
        // Or whoever reads the tests' output would wait for the watcher too.
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("can't start sh: {error}"))
}

fn run(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_owned();
    // Into files, not pipes: PostgreSQL's server would keep a pipe open for ever.
    let mut output = tempfile::tempfile().map_err(|error| format!("no temporary file: {error}"))?;
    let copy = |file: &fs::File| {
        file.try_clone()
            .map(Stdio::from)
            .map_err(|error| format!("no temporary file: {error}"))
    };
    let status = command
        .stdin(Stdio::null())
        .stdout(copy(&output)?)
        .stderr(copy(&output)?)
        .status()
        .map_err(|error| format!("can't start {}: {error}", program.display()))?;
    if status.success() {
        return Ok(());
    }
    let mut said = String::new();
    std::io::Seek::rewind(&mut output)
        .and_then(|()| std::io::Read::read_to_string(&mut output, &mut said))
        .map_err(|error| format!("can't read what {} said: {error}", program.display()))?;
    Err(format!(
        "{} failed ({status}): {}",
        program.display(),
        said.trim()
    ))
}
