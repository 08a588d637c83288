//! Cutting the compiled browser half into a main part and the pieces that pages
//! fetch when they need them, before wasm-bindgen sees it. Knows no page: where
//! to cut says `app/src/lazy.rs`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::bindgen::WASM_FEATURES;
use crate::failure::{Failure, Result, io};
use crate::project::Project;
use crate::screen::Screen;
use crate::{command, npm};

/// What the linker has to leave in the WebAssembly, or nobody could tell which
/// function needs which.
pub const LINK_ARGUMENT: &str = "link-args=--emit-relocs";

/// The script that fetches pieces, beside wasm-bindgen's.
const SCRIPT: &str = "pieces.js";

/// The list of pieces.
const LIST: &str = "pieces.json";

/// What the files that pages ask for are called: one for each, and the script's loader isn't
/// the same.
const ENTRY: &str = "split_";

/// A file below this many bytes, before it's made small, costs more to ask for and to bring up than to have beside the
/// others of its kind, even where a page needs few of them.
const SMALL: u64 = 16 * 1024;

/// With each its own import of the one memory.
const SEVERAL_MEMORIES: &str = "--enable-multimemory";

/// The file that all small ones are put into.
const SMALL_ONES: &str = "small.wasm";

/// What pieces call the main part when they import its memory, its table and its variables.
const IMPORTED_FROM: &str = "__wasm_split";

/// Fetches them, once, whichever of them is asked for. A function, because their names stand
/// in the script before this does.
const SMALL_ONES_LOADER: &str = r#"
const smallOnesOnce = makeLoad(() => {
  const src = fetch(new URL("./small.wasm", import.meta.url));
  src.catch(() => {});
  return async (imports) => WebAssembly.instantiateStreaming(src, { main: imports.__wasm_split });
}, []);
function smallOnes() {
  return smallOnesOnce();
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

/// Puts the small files in `raw` into one: they call each other by the main part's table
/// only, so it doesn't matter which of them are there. Lets the script and the list name that
/// one instead.
///
/// # Errors
/// When a file can't be read, written or merged, or the script isn't as expected.
pub fn put_small_together(
    project: &Project,
    screen: &Screen,
    pieces: &mut Pieces,
    raw: &Path,
) -> Result<()> {
    let mut small = Vec::new();
    for file in pieces.files() {
        let size = std::fs::metadata(raw.join(file)).map_err(io("Measuring pieces"))?;
        if size.len() < SMALL && !file.starts_with(ENTRY) {
            small.push(file.to_owned());
        }
    }
    if small.is_empty() {
        return Ok(());
    }
    // Once as they are, each with its own imports, to see what these are.
    let apart = raw.join("apart.wasm");
    merge(project, screen, raw, &small, None, &apart)?;
    let mut dis = npm::tool(project, "wasm-dis");
    dis.args(WASM_FEATURES).arg(SEVERAL_MEMORIES).arg(&apart);
    let text = command::run(&mut dis, screen, "wasm-dis can't read the small pieces.")?;
    let imported = raw.join("imported.wat");
    let module = passing_on(&imported_by(&text).collect());
    std::fs::write(&imported, module).map_err(io("Writing what pieces import"))?;
    merge(
        project,
        screen,
        raw,
        &small,
        Some(&imported),
        &raw.join(SMALL_ONES),
    )?;

    let script = raw.join(SCRIPT);
    let failed = "Letting the script fetch small pieces together";
    let mut text = std::fs::read_to_string(&script).map_err(io(failed))?;
    for file in &small {
        text = fetched_together(&text, file).ok_or_else(|| {
            Failure::new("The script that fetches pieces no longer does it as it did: adapt xtask/src/split.rs.")
        })?;
    }
    std::fs::write(&script, text + SMALL_ONES_LOADER).map_err(io(failed))?;
    for files in pieces.0.values_mut() {
        let before = files.len();
        files.retain(|file| !small.contains(file));
        if files.len() < before {
            files.insert(0, SMALL_ONES.to_owned());
        }
    }
    Ok(())
}

/// Makes one file of several; `imported` has what they import from the main part.
fn merge(
    project: &Project,
    screen: &Screen,
    raw: &Path,
    files: &[String],
    imported: Option<&Path>,
    into: &Path,
) -> Result<()> {
    let mut merge = npm::tool(project, "wasm-merge");
    merge.args(WASM_FEATURES).arg("--rename-export-conflicts");
    match imported {
        Some(imported) => merge.arg(imported).arg(IMPORTED_FROM),
        None => merge.arg(SEVERAL_MEMORIES),
    };
    for file in files {
        merge.arg(raw.join(file)).arg(file);
    }
    merge.arg("-o").arg(into);
    command::run(
        &mut merge,
        screen,
        "wasm-merge can't put the small pieces together: see its output above, and xtask/src/split.rs.",
    )
    .map(|_| ())
}

/// What a piece imports from the main part: names, kinds, and types, as the text format has
/// them.
fn imported_by(text: &str) -> impl Iterator<Item = (String, (String, String))> {
    text.lines().filter_map(|line| {
        let rest = line.trim().strip_prefix("(import \"")?;
        let rest = rest.strip_prefix(IMPORTED_FROM)?.strip_prefix("\" \"")?;
        let (name, rest) = rest.split_once("\" (")?;
        let (kind, rest) = rest.split_once(" $")?;
        let (_, form) = rest.strip_suffix("))")?.split_once(' ')?;
        Some((name.to_owned(), (kind.to_owned(), form.to_owned())))
    })
}

/// A module that has what pieces import, from the main part: merging ties each import of
/// theirs to it, so that one is left of each.
fn passing_on(imports: &BTreeMap<String, (String, String)>) -> String {
    let mut module = String::from("(module\n");
    for (name, (kind, form)) in imports {
        module += &format!("  (import \"main\" \"{name}\" ({kind} ${name} {form}))\n");
    }
    for (name, (kind, _)) in imports {
        module += &format!("  (export \"{name}\" ({kind} ${name}))\n");
    }
    module + ")\n"
}

/// The script without a loader of this file's own.
fn fetched_together(script: &str, file: &str) -> Option<String> {
    let own = format!(
        "makeLoad(() => {{
    const src = fetch(new URL(\"./{file}\", import.meta.url));
    src.catch(() => {{}});
    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));
}}
, [])"
    );
    script
        .contains(&own)
        .then(|| script.replace(&own, "smallOnes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_file_has_no_loader_of_its_own() {
        let script = "const __chunk_1 = makeLoad(() => {
    const src = fetch(new URL(\"./chunk_1.wasm\", import.meta.url));
    src.catch(() => {});
    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));
}
, []);";
        assert_eq!(
            fetched_together(script, "chunk_1.wasm").as_deref(),
            Some("const __chunk_1 = smallOnes;")
        );
        assert_eq!(fetched_together(script, "chunk_11.wasm"), None);
    }

    #[test]
    fn what_pieces_import_is_passed_on() {
        let text = r#"(module
 (type $0 (func (param i32)))
 (import "__wasm_split" "memory" (memory $mimport$0 19))
 (import "__wasm_split" "__indirect_function_table" (table $timport$0 8651 funcref))
 (import "__wasm_split" "__wasm_split_shared0" (global $gimport$0 (mut i32)))
 (import "elsewhere" "other" (memory $mimport$1 1))
"#;
        let imports = imported_by(text).collect();
        assert_eq!(
            passing_on(&imports),
            r#"(module
  (import "main" "__indirect_function_table" (table $__indirect_function_table 8651 funcref))
  (import "main" "__wasm_split_shared0" (global $__wasm_split_shared0 (mut i32)))
  (import "main" "memory" (memory $memory 19))
  (export "__indirect_function_table" (table $__indirect_function_table))
  (export "__wasm_split_shared0" (global $__wasm_split_shared0))
  (export "memory" (memory $memory))
)
"#
        );
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
