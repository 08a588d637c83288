//! The site: the browser half, the style sheet, the charts and the static
//! files, put together under names that change with the content. The server's
//! build script takes the finished folder; nothing here touches the server.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result, io};
use crate::names::{Manifest, PLAIN_WASM, hashed, point_at};
use crate::plan::{Outcome, Step};
use crate::project::Project;
use crate::screen::Screen;
use crate::split::Pieces;
use crate::stamp::{self, Inputs};
use crate::{bindgen, command, npm, toolchain};

/// Raise it when flags below change.
const RECIPE: &str = "esbuild css and charts, 2";

/// All steps that make the site.
pub fn steps() -> Vec<Step> {
    vec![
        toolchain::step(),
        npm::step(),
        bindgen::compile_step(),
        bindgen::shrink_step(),
        bundle_step(),
        assemble_step(),
    ]
}

/// The style sheet with all it imports, and the part of ECharts we use.
fn bundle_step() -> Step {
    Step {
        name: "Bundling style sheet and charts",
        work: |project, screen| {
            let _lock = project.lock(screen)?;
            let style = project.root.join("style");
            let charts = project.root.join("frontend/echarts.js");
            for needed in [&style.join("main.css"), &charts] {
                if !needed.is_file() {
                    return Err(Failure::new(format!(
                        "{} is missing: restore it with `git checkout`.",
                        needed.display()
                    )));
                }
            }
            let stamp = Inputs::of(RECIPE)
                .folder(&style)?
                .file(&charts)?
                .file(&project.root.join("package-lock.json"))?
                .stamp();
            let file = project.workshop().join("bundles.stamp");
            if stamp::is_fresh(&file, &stamp)
                && style_folder(project).join("main.css").exists()
                && charts_file(project).exists()
            {
                return Ok(Outcome::Fresh);
            }
            let _ = std::fs::remove_dir_all(style_folder(project));
            esbuild(project, screen, &style.join("main.css"), |command| {
                command
                    .arg(format!("--outdir={}", style_folder(project).display()))
                    .args(["--loader:.svg=file", "--loader:.woff2=file"])
                    .arg("--asset-names=[name].[hash]");
            })?;
            esbuild(project, screen, &charts, |command| {
                command
                    .args(["--format=iife", "--legal-comments=eof"])
                    .arg(format!("--outfile={}", charts_file(project).display()));
            })?;
            stamp::write(&file, &stamp)?;
            Ok(Outcome::DONE)
        },
    }
}

fn esbuild(
    project: &Project,
    screen: &Screen,
    entry: &Path,
    more: impl FnOnce(&mut std::process::Command),
) -> Result<()> {
    let mut command = npm::tool(project, "esbuild");
    command.arg(entry).args([
        "--bundle",
        "--minify",
        "--target=es2022",
        "--log-level=warning",
    ]);
    more(&mut command);
    command::run(
        &mut command,
        screen,
        &format!(
            "esbuild can't bundle {}: see its output above.",
            entry.display()
        ),
    )
    .map(|_| ())
}

fn style_folder(project: &Project) -> PathBuf {
    project.workshop().join("style")
}

fn charts_file(project: &Project) -> PathBuf {
    project.workshop().join("charts/echarts.js")
}

/// Gives every part its name and brings the site's folder up to date.
fn assemble_step() -> Step {
    Step {
        name: "Putting the site together",
        work: |project, screen| {
            let _lock = project.lock(screen)?;
            let files = contents(project)?;
            let changed = sync(&project.site(), &files)?;
            Ok(match changed {
                0 => Outcome::Fresh,
                _ => Outcome::Done(Some(format!("{changed} of {} files changed", files.len()))),
            })
        },
    }
}

/// The site's files by their path inside it.
fn contents(project: &Project) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let parts = bindgen::parts(project);

    let mut script = String::from_utf8_lossy(&read(&parts.script)?).into_owned();
    let wasm = read(&parts.wasm)?;
    let wasm_name = hashed("app", "_bg.wasm", &wasm);
    rename(&mut script, PLAIN_WASM, &wasm_name)?;
    let Pieces(mut pieces) = serde_json::from_slice(&read(&parts.pieces)?)
        .map_err(|error| Failure::new(format!("The list of pieces is unreadable: {error}.")))?;
    for file in pieces.values_mut().flatten() {
        let content = read(&parts.pieces.with_file_name(&file))?;
        let name = hashed(file.trim_end_matches(".wasm"), ".wasm", &content);
        // A file that two pieces share was renamed with the first.
        if files
            .insert(Path::new("pkg").join(&name), content)
            .is_none()
        {
            rename(&mut script, file, &name)?;
        }
        *file = name;
    }
    let script = script.into_bytes();
    let charts = read(&charts_file(project))?;
    let mut manifest = Manifest {
        js: hashed("app", ".js", &script),
        wasm: wasm_name,
        css: String::new(),
        echarts: hashed("echarts", ".js", &charts),
        pieces,
    };
    let style = style_folder(project);
    for path in stamp::files(&style)? {
        let content = read(&path)?;
        let name = path.strip_prefix(&style).unwrap_or(&path);
        if name == Path::new("main.css") {
            manifest.css = hashed("main", ".css", &content);
            files.insert(Path::new("pkg").join(&manifest.css), content);
        } else {
            files.insert(Path::new("pkg").join(name), content);
        }
    }
    files.insert(Path::new("pkg").join(&manifest.js), script);
    files.insert(Path::new("pkg").join(&manifest.wasm), wasm);
    files.insert(Path::new("pkg").join(&manifest.echarts), charts);

    let keeper = read(&project.root.join("frontend/offline.js"))?;
    files.insert(PathBuf::from("offline.js"), keeper);
    let fixed = project.root.join("style/static");
    for path in stamp::files(&fixed)? {
        let name = path.strip_prefix(&fixed).unwrap_or(&path).to_path_buf();
        let content = read(&path)?;
        files.insert(name, content);
    }
    let text = serde_json::to_string_pretty(&manifest)
        .map_err(|error| Failure::new(format!("The manifest can't be written: {error}.")))?;
    files.insert(PathBuf::from("manifest.json"), text.into_bytes());
    Ok(files)
}

fn rename(script: &mut String, plain: &str, hashed: &str) -> Result<()> {
    *script = point_at(script, plain, hashed).ok_or_else(|| {
        Failure::new(format!("The loading script no longer names {plain} as it did: adapt xtask/src/names.rs to its new form."))
    })?;
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(io(format!("Reading {}", path.display())))
}

/// Makes a folder hold exactly these files. Files that are right already keep
/// their time, or the server would be built anew for nothing. Returns how many
/// were written or removed.
fn sync(folder: &Path, files: &BTreeMap<PathBuf, Vec<u8>>) -> Result<usize> {
    let mut changed = 0;
    for (name, content) in files {
        let path = folder.join(name);
        if std::fs::read(&path).is_ok_and(|there| &there == content) {
            continue;
        }
        let failed = format!("Writing {}", path.display());
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(io(&failed))?;
        }
        std::fs::write(&path, content).map_err(io(&failed))?;
        changed += 1;
    }
    for path in stamp::files(folder)? {
        let name = path.strip_prefix(folder).unwrap_or(&path);
        if !files.contains_key(name) {
            std::fs::remove_file(&path).map_err(io(format!("Removing {}", path.display())))?;
            changed += 1;
        }
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> BTreeMap<PathBuf, Vec<u8>> {
        list.iter()
            .map(|(name, content)| (PathBuf::from(name), content.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn a_folder_is_brought_up_to_date_and_no_more() {
        let folder = std::env::temp_dir().join(format!("xtask-sync-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let first = files(&[("pkg/a.1.js", "one"), ("robots.txt", "all")]);
        assert_eq!(sync(&folder, &first).unwrap(), 2);
        let time = || {
            std::fs::metadata(folder.join("robots.txt"))
                .and_then(|data| data.modified())
                .unwrap()
        };
        let before = time();
        assert_eq!(sync(&folder, &first).unwrap(), 0);

        let second = files(&[("pkg/a.2.js", "two"), ("robots.txt", "all")]);
        assert_eq!(sync(&folder, &second).unwrap(), 2);
        assert!(!folder.join("pkg/a.1.js").exists());
        assert_eq!(
            std::fs::read_to_string(folder.join("pkg/a.2.js")).unwrap(),
            "two"
        );
        assert_eq!(time(), before);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
