//! `splitter <compiled.wasm> <folder>`: cuts the compiled browser half into a main
//! part, pieces and a script that fetches them, all in the folder, and writes the
//! list of pieces. `cargo xtask` runs it; names are agreed on in `xtask/src/split.rs`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use wasm_split_cli_support::{Options, transform};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(compiled), Some(folder)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: splitter <compiled.wasm> <folder>");
        return ExitCode::FAILURE;
    };
    match split(Path::new(&compiled), Path::new(&folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn split(compiled: &Path, folder: &Path) -> Result<(), String> {
    let wasm = std::fs::read(compiled).map_err(|error| error.to_string())?;
    let main = folder.join("main.wasm");
    let mut options = Options::new(&wasm);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.main_module = "./app.js";
    options.link_name = "./pieces.js";
    let done = transform(options).map_err(|error| format!("{error:#}"))?;
    let pieces: BTreeMap<String, Vec<String>> = done
        .prefetch_map
        .into_iter()
        .map(|(piece, stems)| {
            let files = stems.iter().map(|stem| format!("{stem}.wasm")).collect();
            (piece, files)
        })
        .collect();
    let list = serde_json::to_string_pretty(&pieces).map_err(|error| error.to_string())?;
    std::fs::write(folder.join("pieces.json"), list).map_err(|error| error.to_string())
}
