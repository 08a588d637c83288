//! Finding a compiler that can make WebAssembly. Three ways, in this order: the
//! active toolchain has the target; rustup may download it; else Debian's or
//! Ubuntu's own compiler, with a standard library built here. A person's
//! toolchains are never upgraded and a "don't download" setting is respected.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::plan::{Outcome, Step};
use crate::project::Project;
use crate::screen::Screen;
use crate::{apt, command, std_build};

/// The target of the browser half.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Packages of Debian that together make WebAssembly.
const PACKAGES: [&str; 6] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-llvm",
    "rust-web-clippy",
    "lld-22",
];

/// What these packages must have brought.
const FILES: [&str; 5] = [
    "/usr/bin/cargo",
    "/usr/bin/rustc",
    "/usr/bin/cargo-clippy",
    "/usr/bin/rust-lld",
    "/usr/lib/rustlib/src/rust/library/std/Cargo.toml",
];

/// The compiler for the browser half.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WasmToolchain {
    /// The active toolchain has the target.
    Active,
    /// The distribution's compiler, with the standard library in this folder.
    Distribution {
        /// Given to the compiler as its `--sysroot`.
        sysroot: PathBuf,
    },
}

impl WasmToolchain {
    /// A cargo that makes WebAssembly.
    pub fn cargo(&self, project: &Project) -> Command {
        match self {
            Self::Active => command::cargo(project),
            Self::Distribution { sysroot } => {
                let mut cargo = command::foreign(project, "/usr/bin/cargo");
                // The encoded form, unlike RUSTFLAGS, survives blanks in a path.
                cargo.env(
                    "CARGO_ENCODED_RUSTFLAGS",
                    format!("--sysroot={}", sysroot.display()),
                );
                cargo
            }
        }
    }
}

/// The step that finds the compiler, or makes one.
pub fn step() -> Step {
    Step {
        name: "WebAssembly compiler",
        work: |project, screen| {
            let _lock = project.lock(screen)?;
            let (toolchain, outcome) = prepare(project, screen)?;
            // Set once; a second plan in the same process finds the same.
            let _ = project.wasm.set(toolchain);
            Ok(outcome)
        },
    }
}

/// The compiler that [`step`] found.
///
/// # Errors
/// When a plan lacks that step.
pub fn found(project: &Project) -> Result<&WasmToolchain> {
    project
        .wasm
        .get()
        .ok_or_else(|| Failure::new("No WebAssembly compiler was looked for before it was needed."))
}

/// What decides between the three ways.
#[derive(Debug, Clone, Copy)]
struct Facts {
    active_has_target: bool,
    rustup: bool,
    rustup_may_download: bool,
    apt: bool,
}

/// The three ways, and the dead end.
#[derive(Debug, PartialEq, Eq)]
enum Way {
    Active,
    RustupAdd,
    Distribution,
    None,
}

fn decide(facts: Facts) -> Way {
    if facts.active_has_target {
        Way::Active
    } else if facts.rustup && facts.rustup_may_download {
        Way::RustupAdd
    } else if facts.apt {
        Way::Distribution
    } else {
        Way::None
    }
}

fn facts(project: &Project) -> Facts {
    Facts {
        active_has_target: active_has_target(project),
        rustup: apt::find(&["rustup"]).is_some(),
        rustup_may_download: std::env::var("RUSTUP_AUTO_INSTALL").as_deref() != Ok("0"),
        apt: apt::present(),
    }
}

fn prepare(project: &Project, screen: &Screen) -> Result<(WasmToolchain, Outcome)> {
    let facts = facts(project);
    match decide(facts) {
        Way::Active => Ok((WasmToolchain::Active, Outcome::Fresh)),
        Way::RustupAdd => {
            let mut rustup = command::program(project, "rustup");
            rustup.args(["target", "add", TARGET]);
            match command::run(&mut rustup, screen, &missing()) {
                Ok(_) => Ok((WasmToolchain::Active, Outcome::DONE)),
                Err(failure) if !facts.apt => Err(failure),
                Err(_) => {
                    screen.say("rustup can't add the target; taking the distribution's compiler");
                    distribution(project, screen)
                }
            }
        }
        Way::Distribution => distribution(project, screen),
        Way::None => Err(Failure::new(missing())),
    }
}

fn missing() -> String {
    format!(
        "The browser half needs Rust's {TARGET} standard library: run `rustup target add {TARGET}` and try again."
    )
}

fn distribution(project: &Project, screen: &Screen) -> Result<(WasmToolchain, Outcome)> {
    let installed = FILES.iter().all(|file| Path::new(file).exists());
    if !installed {
        apt::install(
            project,
            screen,
            &PACKAGES,
            "Compiling the browser half without rustup's WebAssembly target",
        )?;
    }
    let rustc = std_build::rustc(project)?;
    if let Some(problem) = too_old(&rustc.release) {
        return Err(Failure::new(problem));
    }
    let (sysroot, built) = std_build::sysroot(project, screen, &rustc)?;
    let outcome = if installed && !built {
        Outcome::Fresh
    } else {
        Outcome::DONE
    };
    Ok((WasmToolchain::Distribution { sysroot }, outcome))
}

/// The sentence for a compiler below the workspace's `rust-version`.
fn too_old(release: &str) -> Option<String> {
    let needed = env!("CARGO_PKG_RUST_VERSION");
    (numbers(release) < numbers(needed)).then(|| {
        format!(
            "The distribution's compiler is {release}, and {needed} is needed: allow rustup to download (unset RUSTUP_AUTO_INSTALL) or run `rustup target add {TARGET}`."
        )
    })
}

fn numbers(version: &str) -> Vec<u32> {
    version
        .split(['.', '-'])
        .map_while(|part| part.parse().ok())
        .collect()
}

/// Whether the active toolchain's standard library for the target is there.
pub fn active_has_target(project: &Project) -> bool {
    let mut rustc = command::program(project, "rustc");
    rustc.args(["--print", "target-libdir", "--target", TARGET]);
    command::answer(&mut rustc).is_some_and(|folder| has_std(Path::new(&folder)))
}

/// Whether a folder holds a compiled `std`.
pub fn has_std(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| {
        entries.any(|entry| {
            entry.is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
        })
    })
}

/// One line for `cargo xtask doctor`.
///
/// # Errors
/// What would have to be done, in one sentence.
pub fn describe(project: &Project) -> std::result::Result<String, String> {
    match decide(facts(project)) {
        Way::Active => Ok("the active toolchain has the target".to_owned()),
        Way::RustupAdd => Err("will be added with `rustup target add`".to_owned()),
        Way::Distribution => {
            let missing = FILES.iter().find(|file| !Path::new(file).exists());
            match missing {
                Some(file) => Err(format!(
                    "{file} is not here; will install {}",
                    PACKAGES.join(" ")
                )),
                None => match std_build::rustc(project) {
                    Ok(rustc) if has_std(&std_build::libraries(&rustc.sysroot_in(project))) => {
                        Ok(format!(
                            "the distribution's {} with our standard library",
                            rustc.release
                        ))
                    }
                    Ok(rustc) => Err(format!(
                        "the standard library will be built with the distribution's {}",
                        rustc.release
                    )),
                    Err(failure) => Err(failure.sentence),
                },
            }
        }
        Way::None => Err(missing()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Facts = Facts {
        active_has_target: false,
        rustup: false,
        rustup_may_download: true,
        apt: false,
    };

    #[test]
    fn a_target_that_is_there_is_used() {
        let facts = Facts {
            active_has_target: true,
            rustup: true,
            apt: true,
            ..NOTHING
        };
        assert_eq!(decide(facts), Way::Active);
    }

    #[test]
    fn rustup_downloads_where_it_may() {
        let facts = Facts {
            rustup: true,
            apt: true,
            ..NOTHING
        };
        assert_eq!(decide(facts), Way::RustupAdd);
    }

    #[test]
    fn a_rustup_that_must_not_download_is_left_alone() {
        let facts = Facts {
            rustup: true,
            rustup_may_download: false,
            ..NOTHING
        };
        assert_eq!(decide(facts), Way::None);
        assert_eq!(decide(Facts { apt: true, ..facts }), Way::Distribution);
    }

    #[test]
    fn without_rustup_the_distribution_serves() {
        assert_eq!(
            decide(Facts {
                apt: true,
                ..NOTHING
            }),
            Way::Distribution
        );
        assert_eq!(decide(NOTHING), Way::None);
    }

    #[test]
    fn an_old_compiler_is_named() {
        assert_eq!(too_old("1.96.0"), None);
        assert_eq!(too_old(env!("CARGO_PKG_RUST_VERSION")), None);
        let sentence = too_old("1.63.0").expect("1.63 is older than any edition 2024 compiler");
        assert!(sentence.contains("1.63.0"));
        assert!(sentence.contains(env!("CARGO_PKG_RUST_VERSION")));
    }

    #[test]
    fn versions_compare_as_numbers() {
        assert!(numbers("1.100.0") > numbers("1.94.1"));
        assert_eq!(numbers("1.97.0-nightly"), vec![1, 97, 0]);
    }
}
