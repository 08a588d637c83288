//! From what rustc made to what a browser loads: wasm-bindgen's loading script
//! (the library is pinned to the crate's version by Cargo.lock), wasm-opt, and
//! one bundled, minified script. Works in the workshop folder only.

use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::failure::{Failure, Result, io};
use crate::plan::{Outcome, Step};
use crate::project::Project;
use crate::screen::Screen;
use crate::stamp::{self, Inputs};
use crate::toolchain::{self, TARGET};
use crate::{command, names, npm};

/// The cargo profile of the browser half.
pub const PROFILE: &str = "wasm-release";

/// Raise it when flags or tools below change.
const RECIPE: &str = "bindgen web, wasm-opt -Oz, esbuild esm, 2";

/// What rustc may have used, and every browser of the last years understands.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The finished script and WebAssembly, under their plain names.
pub struct Parts {
    /// The script that loads the WebAssembly.
    pub script: PathBuf,
    /// The WebAssembly.
    pub wasm: PathBuf,
}

/// Where [`shrink_step`] leaves its results.
pub fn parts(project: &Project) -> Parts {
    let folder = project.workshop().join("app");
    Parts {
        script: folder.join("app.js"),
        wasm: folder.join(names::PLAIN_WASM),
    }
}

/// The step that compiles the crate `frontend`.
pub fn compile_step() -> Step {
    Step {
        name: "Building the browser half",
        work: |project, screen| {
            let mut cargo = toolchain::found(project)?.cargo(project);
            cargo
                .args(["build", "--locked", "--package", "frontend"])
                .args(["--profile", PROFILE, "--target", TARGET])
                .arg("--target-dir")
                .arg(project.wasm_target());
            command::run(
                &mut cargo,
                screen,
                "The browser half doesn't compile: mend what the compiler names above.",
            )?;
            Ok(Outcome::DONE)
        },
    }
}

/// The step that makes it loadable and small.
pub fn shrink_step() -> Step {
    Step {
        name: "Making it loadable and small",
        work: |project, screen| {
            let _lock = project.lock(screen)?;
            let compiled = project
                .wasm_target()
                .join(TARGET)
                .join(PROFILE)
                .join("frontend.wasm");
            let stamp = Inputs::of(RECIPE)
                .file(&compiled)?
                .file(&project.root.join("package-lock.json"))?
                .file(&project.root.join("Cargo.lock"))?
                .stamp();
            let file = project.workshop().join("app.stamp");
            let parts = parts(project);
            if stamp::is_fresh(&file, &stamp) && parts.script.exists() && parts.wasm.exists() {
                return Ok(Outcome::Fresh);
            }
            let raw = project.workshop().join("bindgen");
            bind(&compiled, &raw)?;
            optimize(project, screen, &raw.join(names::PLAIN_WASM), &parts.wasm)?;
            bundle(project, screen, &raw.join("app.js"), &parts.script)?;
            stamp::write(&file, &stamp)?;
            let size = std::fs::metadata(&parts.wasm).map_or(0, |data| data.len());
            Ok(Outcome::Done(Some(format!("{} KB", size / 1000))))
        },
    }
}

fn bind(compiled: &Path, into: &Path) -> Result<()> {
    let _ = std::fs::remove_dir_all(into);
    std::fs::create_dir_all(into).map_err(io("Making the workshop folder"))?;
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(compiled)
        .out_name("app")
        .typescript(false)
        // The script finds its WebAssembly by itself when nobody tells it where.
        .omit_default_module_path(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(into))
        .map_err(|error| {
            Failure::with_output(
                "wasm-bindgen can't read the compiled browser half: is the crate wasm-bindgen still pinned to the version of wasm-bindgen-cli-support in Cargo.toml?",
                format!("{error:#}"),
            )
        })
}

fn optimize(project: &Project, screen: &Screen, from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(io("Making the workshop folder"))?;
    }
    let mut wasm_opt = npm::tool(project, "wasm-opt");
    wasm_opt
        .arg("-Oz")
        .args(WASM_FEATURES)
        .arg(from)
        .arg("-o")
        .arg(to);
    command::run(
        &mut wasm_opt,
        screen,
        "wasm-opt can't shrink the browser half: see its output above.",
    )
    .map(|_| ())
}

/// One file instead of wasm-bindgen's script and its snippets.
fn bundle(project: &Project, screen: &Screen, from: &Path, to: &Path) -> Result<()> {
    let mut esbuild = npm::tool(project, "esbuild");
    esbuild
        .arg(from)
        .args(["--bundle", "--minify", "--format=esm", "--target=es2022"])
        .arg("--log-level=warning")
        .arg(format!("--outfile={}", to.display()));
    command::run(
        &mut esbuild,
        screen,
        "esbuild can't bundle the loading script: see its output above.",
    )
    .map(|_| ())
}
