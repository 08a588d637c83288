//! From what rustc made to what a browser loads: cut into pieces, wasm-bindgen's
//! loading script (the library is pinned to the crate's version by Cargo.lock),
//! wasm-opt, and one bundled, minified script. Works in the workshop folder only.

use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::failure::{Failure, Result, io};
use crate::plan::{Outcome, Step};
use crate::project::Project;
use crate::screen::Screen;
use crate::split::{self, Pieces};
use crate::stamp::{self, Inputs};
use crate::toolchain::{self, TARGET};
use crate::{command, names, npm};

/// The cargo profile of the browser half.
pub const PROFILE: &str = "wasm-release";

/// Raise it when flags or tools below change.
const RECIPE: &str = "split, bindgen web, wasm-opt -Oz, esbuild esm, small ones together, 5";

/// What rustc may have used, and every browser of the last years understands.
pub const WASM_FEATURES: [&str; 6] = [
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
    /// The WebAssembly's main part.
    pub wasm: PathBuf,
    /// Which files each of its pieces consists of, as JSON; they lie beside it.
    pub pieces: PathBuf,
}

/// Where [`shrink_step`] leaves its results.
pub fn parts(project: &Project) -> Parts {
    let folder = project.workshop().join("app");
    Parts {
        script: folder.join("app.js"),
        wasm: folder.join(names::PLAIN_WASM),
        pieces: folder.join("pieces.json"),
    }
}

/// The step that compiles the crate `frontend`.
pub fn compile_step() -> Step {
    Step {
        name: "Building the browser half",
        work: |project, screen| {
            let mut cargo = toolchain::found(project)?.cargo(project);
            cargo
                .args(["rustc", "--locked", "--package", "frontend"])
                .args(["--profile", PROFILE, "--target", TARGET])
                .arg("--target-dir")
                .arg(project.wasm_target())
                .args(["--", "-C", split::LINK_ARGUMENT]);
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
                .folder(&split::program(project))?
                .stamp();
            let file = project.workshop().join("app.stamp");
            let parts = parts(project);
            if stamp::is_fresh(&file, &stamp) && parts.script.exists() && parts.wasm.exists() {
                return Ok(Outcome::Fresh);
            }
            let raw = project.workshop().join("bindgen");
            let into = project.workshop().join("app");
            for folder in [&raw, &into] {
                let _ = std::fs::remove_dir_all(folder);
                std::fs::create_dir_all(folder).map_err(io("Making the workshop folder"))?;
            }
            let mut pieces = split::split(project, screen, &compiled, &raw)?;
            bind(&raw.join(split::MAIN), &raw)?;
            split::put_small_together(project, screen, &mut pieces, &raw)?;
            // The main part first: it takes longest.
            let files: Vec<&str> = [names::PLAIN_WASM]
                .into_iter()
                .chain(pieces.files())
                .collect();
            optimize(project, screen, &files, &raw, &into)?;
            let sizes = files.iter().map(|file| std::fs::metadata(into.join(file)));
            let size: u64 = sizes.map(|data| data.map_or(0, |data| data.len())).sum();
            bundle(project, screen, &raw.join("app.js"), &parts.script)?;
            write_list(&pieces, &parts.pieces)?;
            stamp::write(&file, &stamp)?;
            let main = std::fs::metadata(&parts.wasm).map_or(0, |data| data.len());
            Ok(Outcome::Done(Some(format!(
                "{} KB, of which {} KB for every page",
                size / 1000,
                main / 1000
            ))))
        },
    }
}

fn write_list(pieces: &Pieces, to: &Path) -> Result<()> {
    let text = serde_json::to_string_pretty(pieces)
        .map_err(|error| Failure::new(format!("The list of pieces can't be written: {error}.")))?;
    std::fs::write(to, text).map_err(io("Writing the list of pieces"))
}

fn bind(compiled: &Path, into: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(compiled)
        .out_name("app")
        .typescript(false)
        // The pieces find in the main part what the linker named.
        .keep_lld_exports(true)
        .demangle(false)
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

fn optimize(
    project: &Project,
    screen: &Screen,
    files: &[&str],
    from: &Path,
    to: &Path,
) -> Result<()> {
    let optimizing = files.iter().map(|file| {
        let mut wasm_opt = npm::tool(project, "wasm-opt");
        wasm_opt
            .arg("-Oz")
            .args(WASM_FEATURES)
            .arg(from.join(file))
            .arg("-o")
            .arg(to.join(file));
        wasm_opt
    });
    command::run_together(
        optimizing.collect(),
        screen,
        "wasm-opt can't shrink the browser half: see its output above.",
    )
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
