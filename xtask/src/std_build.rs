//! Building Rust's standard library for WebAssembly from the distribution's
//! sources, once for each compiler version, into the target folder. Writes
//! nothing into /usr.

use std::path::{Path, PathBuf};

use crate::command;
use crate::failure::{Failure, Result, io};
use crate::project::Project;
use crate::screen::Screen;
use crate::toolchain::{TARGET, has_std};

/// Raise it when the way of building changes.
const RECIPE: u32 = 1;

/// The name of the empty crate that makes cargo build the library.
const EMPTY: &str = "empty";

/// The distribution's compiler.
pub struct Rustc {
    /// Such as `1.96.0`.
    pub release: String,
    commit: String,
}

impl Rustc {
    /// Where the standard library for exactly this compiler belongs.
    pub fn sysroot_in(&self, project: &Project) -> PathBuf {
        project
            .target
            .join("wasm-sysroot")
            .join(format!("{}-{}-{RECIPE}", self.release, self.commit))
    }
}

/// Asks the distribution's compiler who it is.
///
/// # Errors
/// When it can't be asked.
pub fn rustc(project: &Project) -> Result<Rustc> {
    command::answer(command::foreign(project, "/usr/bin/rustc").arg("-vV"))
        .and_then(|answer| parse(&answer))
        .ok_or_else(|| Failure::new("/usr/bin/rustc doesn't say its version: reinstall rustc-web."))
}

fn parse(verbose_version: &str) -> Option<Rustc> {
    let field = |name: &str| {
        verbose_version
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .map(|value| value.trim().to_owned())
    };
    Some(Rustc {
        release: field("release:")?,
        // A source build without git says "unknown"; the release still counts.
        commit: field("commit-hash:")?.chars().take(12).collect(),
    })
}

/// The folder of a sysroot that holds the target's libraries.
pub fn libraries(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TARGET).join("lib")
}

/// The sysroot for this compiler, and whether it had to be built.
///
/// # Errors
/// When the library doesn't compile.
pub fn sysroot(project: &Project, screen: &Screen, rustc: &Rustc) -> Result<(PathBuf, bool)> {
    let sysroot = rustc.sysroot_in(project);
    if has_std(&libraries(&sysroot)) {
        return Ok((sysroot, false));
    }
    let build = project.target.join("wasm-sysroot/build");
    let part = project.target.join("wasm-sysroot/part");
    for folder in [&build, &part] {
        let _ = std::fs::remove_dir_all(folder);
    }
    write_empty_crate(&build)?;
    compile(project, screen, &build)?;
    collect(&build, &libraries(&part))?;
    // Renamed when complete, so a sysroot that is there is whole.
    std::fs::rename(&part, &sysroot).map_err(io("Putting the standard library in its place"))?;
    let _ = std::fs::remove_dir_all(&build);
    Ok((sysroot, true))
}

fn write_empty_crate(folder: &Path) -> Result<()> {
    let failed = "Preparing the standard library's build";
    std::fs::create_dir_all(folder.join("src")).map_err(io(failed))?;
    let manifest = format!(
        "[package]\nname = \"{EMPTY}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n"
    );
    std::fs::write(folder.join("Cargo.toml"), manifest).map_err(io(failed))?;
    std::fs::write(folder.join("src/lib.rs"), "").map_err(io(failed))
}

fn compile(project: &Project, screen: &Screen, folder: &Path) -> Result<()> {
    let mut cargo = command::foreign(project, "/usr/bin/cargo");
    cargo
        .current_dir(folder)
        .args(["build", "--release", "--target", TARGET])
        .args(["-Z", "build-std=std,panic_abort,proc_macro,test"])
        .arg("--target-dir")
        .arg(folder.join("target"))
        // Building std is an unstable option; its result is not.
        .env("RUSTC_BOOTSTRAP", "1")
        // Fat link-time optimization reads the library's bitcode.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1");
    command::run(
        &mut cargo,
        screen,
        "Rust's standard library for WebAssembly can't be built with the distribution's compiler: see the output above, or run `rustup target add wasm32-unknown-unknown`.",
    )
    .map(|_| ())
}

/// Copies the compiled libraries, without the empty crate's own.
fn collect(build: &Path, into: &Path) -> Result<()> {
    let failed = "Collecting the standard library";
    std::fs::create_dir_all(into).map_err(io(failed))?;
    let deps = build.join("target").join(TARGET).join("release/deps");
    for entry in std::fs::read_dir(&deps).map_err(io(failed))? {
        let entry = entry.map_err(io(failed))?;
        if wanted(&entry.file_name().to_string_lossy()) {
            std::fs::copy(entry.path(), into.join(entry.file_name())).map_err(io(failed))?;
        }
    }
    Ok(())
}

fn wanted(file: &str) -> bool {
    file.starts_with("lib") && file.ends_with(".rlib") && !file.starts_with(&format!("lib{EMPTY}-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compiler_is_known_by_release_and_commit() {
        let rustc = parse("rustc 1.96.0 (ac68faa20 2026-05-25)\nbinary: rustc\ncommit-hash: ac68faa20c58cbccd01ee7208bf3b6e93a7d7f96\nrelease: 1.96.0\n").expect("complete");
        assert_eq!(rustc.release, "1.96.0");
        assert_eq!(rustc.commit, "ac68faa20c58");
        assert!(parse("garbage").is_none());
    }

    #[test]
    fn only_the_librarys_own_crates_are_collected() {
        assert!(wanted("libstd-0123.rlib"));
        assert!(!wanted("libempty-0123.rlib"));
        assert!(!wanted("libstd-0123.rmeta"));
        assert!(!wanted("std-0123.d"));
    }
}
