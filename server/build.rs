//! Embeds the site into the binary, and tells the code its names.
//!
//! `cargo xtask site` makes the site in `<target>/site`; `COST_TRACKER_SITE`
//! names another folder. Without a site (a plain `cargo check`), an empty one
//! is embedded, with a warning, so that everything compiles.
//!
//! What the code gets, by `env!`, each an absolute URL path, or empty without a
//! site:
//! - `SITE_JS`: the script that loads the browser half, a JavaScript module;
//! - `SITE_WASM`: the browser half, for that module's `default` function;
//! - `SITE_CSS`: the style sheet;
//! - `SITE_ECHARTS`: the charts, a classic script, for pages that have one;
//! - `SITE_PIECES`: which files each piece of the browser half consists of, as
//!   `piece=path,path;piece=path`.
//!
//! The files themselves are served by `memory_serve::load!()`: `/pkg/…` under
//! names that change with the content, everything else under fixed names.

use std::path::{Path, PathBuf};

/// The keys of the site's manifest and the variables that carry them.
const NAMES: [(&str, &str); 4] = [
    ("js", "SITE_JS"),
    ("wasm", "SITE_WASM"),
    ("css", "SITE_CSS"),
    ("echarts", "SITE_ECHARTS"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=COST_TRACKER_SITE");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let site = match std::env::var_os("COST_TRACKER_SITE") {
        Some(folder) => PathBuf::from(folder),
        None => target(&out).join("site"),
    };
    // Cargo runs a script again whenever a watched path is missing, and then
    // compiles the server anew; an empty folder costs nothing.
    std::fs::create_dir_all(&site)?;
    println!("cargo:rerun-if-changed={}", site.display());

    let manifest = site.join("manifest.json");
    let (folder, manifest) = if manifest.is_file() {
        let manifest = serde_json::from_slice(&std::fs::read(&manifest)?)?;
        (site, manifest)
    } else {
        println!("cargo:warning=the site isn't built: run cargo xtask site");
        (placeholder(&out)?, serde_json::Value::Null)
    };
    for (key, variable) in NAMES {
        let path = match manifest.get(key).and_then(serde_json::Value::as_str) {
            Some(name) if !name.is_empty() => format!("/pkg/{name}"),
            _ => String::new(),
        };
        println!("cargo:rustc-env={variable}={path}");
    }
    println!("cargo:rustc-env=SITE_PIECES={}", pieces(&manifest));
    // In debug builds too: the browser tests drive the binary that people get.
    memory_serve::load_directory_with_embed(folder, true);
    Ok(())
}

/// The pieces with their files' URL paths, on one line.
fn pieces(manifest: &serde_json::Value) -> String {
    let pieces = manifest
        .get("pieces")
        .and_then(serde_json::Value::as_object);
    let texts = pieces.into_iter().flatten().map(|(name, files)| {
        let files = files.as_array().into_iter().flatten();
        let paths: Vec<String> = files
            .filter_map(serde_json::Value::as_str)
            .map(|file| format!("/pkg/{file}"))
            .collect();
        format!("{name}={}", paths.join(","))
    });
    texts.collect::<Vec<_>>().join(";")
}

/// Cargo's target folder: the nearest one above that cargo has marked.
fn target(out: &Path) -> &Path {
    out.ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").is_file())
        .unwrap_or(Path::new("../target"))
}

/// A site with nothing in it but empty names.
fn placeholder(out: &Path) -> std::io::Result<PathBuf> {
    let folder = out.join("no-site");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(
        folder.join("manifest.json"),
        r#"{"js":"","wasm":"","css":"","echarts":""}"#,
    )?;
    Ok(folder)
}
