//! Where things are: the project's folders, and a lock so that two runs don't
//! build the same thing at once. Reads nothing of their contents.

use std::cell::{Cell, OnceCell};
use std::fs::{File, TryLockError};
use std::path::PathBuf;

use serde::Deserialize;

use crate::command;
use crate::failure::{Failure, Result, io};
use crate::screen::Screen;
use crate::toolchain::WasmToolchain;

/// The project on disk.
pub struct Project {
    /// The folder of the workspace's Cargo.toml.
    pub root: PathBuf,
    /// Cargo's target folder, wherever configuration puts it.
    pub target: PathBuf,
    /// The compiler for the browser half, once a step has found it.
    pub wasm: OnceCell<WasmToolchain>,
    /// How many tests have passed so far.
    pub passed: Cell<usize>,
}

#[derive(Deserialize)]
struct Metadata {
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

impl Project {
    /// Asks cargo where the workspace and its target folder are.
    ///
    /// # Errors
    /// When cargo can't say.
    pub fn find() -> Result<Self> {
        // Asked while running: two clones with one target folder share this program.
        let here = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = here.parent().unwrap_or(&here).to_path_buf();
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let answer = command::answer(
            std::process::Command::new(cargo)
                .args(["metadata", "--no-deps", "--format-version", "1"])
                .current_dir(&root),
        )
        .ok_or_else(|| {
            Failure::new("`cargo metadata` fails here: mend the Cargo.toml that it names.")
        })?;
        let metadata: Metadata = serde_json::from_str(&answer)
            .map_err(|error| Failure::new(format!("cargo's metadata is unreadable: {error}.")))?;
        Ok(Self {
            root: metadata.workspace_root,
            target: metadata.target_directory,
            wasm: OnceCell::new(),
            passed: Cell::new(0),
        })
    }

    /// The finished site, which the server's build script embeds.
    pub fn site(&self) -> PathBuf {
        self.target.join("site")
    }

    /// Between the steps: what the site is put together from.
    pub fn workshop(&self) -> PathBuf {
        self.target.join("site-parts")
    }

    /// The target folder of the browser half, which another compiler may fill.
    pub fn wasm_target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// The release binary.
    pub fn release_binary(&self) -> PathBuf {
        self.target.join("release").join(BINARY)
    }

    /// The binary that the browser tests drive.
    pub fn debug_binary(&self) -> PathBuf {
        self.target.join("debug").join(BINARY)
    }

    /// Waits until no other `cargo xtask` makes shared things; the lock ends
    /// with the returned file.
    ///
    /// # Errors
    /// When the lock file can't be made.
    pub fn lock(&self, screen: &Screen) -> Result<File> {
        std::fs::create_dir_all(&self.target).map_err(io("Making the target folder"))?;
        let file =
            File::create(self.target.join(".xtask-lock")).map_err(io("Making the lock file"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                screen.say("another `cargo xtask` is at this step; waiting for it");
                file.lock().map_err(io("Waiting for the lock file"))?;
            }
            Err(TryLockError::Error(error)) => {
                return Err(io("Locking the target folder")(error));
            }
        }
        Ok(file)
    }
}

const BINARY: &str = if cfg!(windows) {
    "cost-tracker.exe"
} else {
    "cost-tracker"
};
