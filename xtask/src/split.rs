//! Cutting the compiled browser half into a main part and the pieces that pages
//! fetch when they need them, before wasm-bindgen sees it. Knows no page: where
//! to cut says `app/src/lazy.rs`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::command;
use crate::failure::{Failure, Result, io};
use crate::project::Project;
use crate::screen::Screen;

/// What the linker has to leave in the WebAssembly, or nobody could tell which
/// function needs which.
pub const LINK_ARGUMENT: &str = "link-args=--emit-relocs";

/// The script that fetches pieces, beside wasm-bindgen's.
const SCRIPT: &str = "pieces.js";

/// The list of pieces.
const LIST: &str = "pieces.json";

/// A file below this many bytes costs more to ask for than to carry along.
const SMALL: usize = 6 * 1024;

/// Stands in for a server's answer with what the script carries along.
const CARRIED: &str = r#"
function carried(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return Promise.resolve(new Response(bytes, { headers: { "content-type": "application/wasm" } }));
}
"#;

/// The main part, which wasm-bindgen goes on with.
pub const MAIN: &str = "main.wasm";

/// Each piece's files, by their plain names, in the order of need.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pieces(pub BTreeMap<String, Vec<String>>);

impl Pieces {
    /// Every file once: pieces share some.
    pub fn files(&self) -> Vec<&str> {
        let mut files: Vec<&str> = self.0.values().flatten().map(String::as_str).collect();
        files.sort_unstable();
        files.dedup();
        files
    }
}

/// Cuts `compiled` into the folder `into`, for a main script called `app.js`, by
/// the program in `xtask/splitter`.
///
/// # Errors
/// When the program doesn't compile, or the WebAssembly isn't what it expects.
pub fn split(project: &Project, screen: &Screen, compiled: &Path, into: &Path) -> Result<Pieces> {
    let mut cargo = command::cargo(project);
    cargo
        .args(["run", "--locked", "--quiet", "--manifest-path"])
        .arg(program(project).join("Cargo.toml"))
        .arg("--target-dir")
        .arg(project.target.join("splitter"))
        .arg("--")
        .arg(compiled)
        .arg(into);
    command::run(
        &mut cargo,
        screen,
        "The compiled browser half can't be cut into pieces: do wasm_split_cli_support in xtask/splitter/Cargo.toml and the wasm_split_helpers of leptos still belong together?",
    )?;
    let list = std::fs::read(into.join(LIST)).map_err(io("Reading the list of pieces"))?;
    serde_json::from_slice(&list)
        .map_err(|error| Failure::new(format!("The list of pieces is unreadable: {error}.")))
}

/// The folder of the program that cuts.
pub fn program(project: &Project) -> PathBuf {
    project.root.join("xtask/splitter")
}

/// Puts the small files, as `finished` has them, into the script in `raw`, and
/// takes them off the list.
///
/// # Errors
/// When a file can't be read or written, or the script isn't as expected.
pub fn carry_small(pieces: &mut Pieces, finished: &Path, raw: &Path) -> Result<()> {
    let script = raw.join(SCRIPT);
    let failed = "Putting small pieces into the script";
    let mut text = std::fs::read_to_string(&script).map_err(io(failed))?;
    let mut small = Vec::new();
    for file in pieces.files() {
        let content = std::fs::read(finished.join(file)).map_err(io(failed))?;
        if content.len() < SMALL {
            text = carry(&text, file, &content).ok_or_else(|| {
                Failure::new("The script that fetches pieces no longer does it as it did: adapt xtask/src/split.rs.")
            })?;
            small.push(file.to_owned());
        }
    }
    for files in pieces.0.values_mut() {
        files.retain(|file| !small.contains(file));
    }
    std::fs::write(&script, text + CARRIED).map_err(io(failed))
}

/// The script with one file's content where it was fetched.
fn carry(script: &str, file: &str, content: &[u8]) -> Option<String> {
    let fetched = format!("fetch(new URL(\"./{file}\", import.meta.url))");
    let carried = format!("carried(\"{}\")", STANDARD.encode(content));
    script
        .contains(&fetched)
        .then(|| script.replace(&fetched, &carried))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_file_is_carried_along() {
        let script = "const src = fetch(new URL(\"./chunk_1.wasm\", import.meta.url));";
        assert_eq!(
            carry(script, "chunk_1.wasm", b"abc").as_deref(),
            Some("const src = carried(\"YWJj\");")
        );
        assert_eq!(carry(script, "chunk_11.wasm", b"abc"), None);
    }

    #[test]
    fn a_shared_file_is_listed_once() {
        let list = |files: &[&str]| files.iter().map(|file| (*file).to_owned()).collect();
        let pieces = Pieces(BTreeMap::from([
            (
                "costs".to_owned(),
                list(&["chunk_1.wasm", "split_costs.wasm"]),
            ),
            ("people".to_owned(), list(&["chunk_1.wasm"])),
        ]));
        assert_eq!(pieces.files(), ["chunk_1.wasm", "split_costs.wasm"]);
    }
}
