//! Stamps: a hash of what a result was made from, kept beside the result, so
//! that nothing is made twice. Content counts, never a file's time.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::failure::{Result, io};

/// Collects everything that a result depends on.
pub struct Inputs(Sha256);

impl Inputs {
    /// Begins with the recipe's own version: raise it when the way of making
    /// the result changes.
    pub fn of(recipe: &str) -> Self {
        Self(Sha256::new()).text(recipe)
    }

    /// Adds a piece of text. Its length goes in front, or two neighbours could
    /// trade letters unseen.
    pub fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    /// Adds bytes.
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.update(bytes.len().to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// Adds a file by content; one that isn't there counts as empty.
    ///
    /// # Errors
    /// When it is there and can't be read.
    pub fn file(self, path: &Path) -> Result<Self> {
        let content = match std::fs::read(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            other => other.map_err(io(format!("Reading {}", path.display())))?,
        };
        Ok(self.bytes(&content))
    }

    /// Adds every file below a folder, by name and content.
    ///
    /// # Errors
    /// When one can't be read.
    pub fn folder(mut self, folder: &Path) -> Result<Self> {
        for path in files(folder)? {
            let name = path.strip_prefix(folder).unwrap_or(&path);
            self = self.text(&name.to_string_lossy()).file(&path)?;
        }
        Ok(self)
    }

    /// The stamp: 64 hexadecimal digits.
    pub fn stamp(self) -> String {
        hex::encode(self.0.finalize())
    }
}

/// All files below a folder, sorted; none when it isn't there.
///
/// # Errors
/// When a folder can't be listed.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        let entries = match std::fs::read_dir(&next) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            other => other.map_err(io(format!("Listing {}", next.display())))?,
        };
        for entry in entries {
            let path = entry
                .map_err(io(format!("Listing {}", next.display())))?
                .path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Whether the stamp file says exactly this.
pub fn is_fresh(file: &Path, stamp: &str) -> bool {
    std::fs::read_to_string(file).is_ok_and(|content| content.trim() == stamp)
}

/// Writes the stamp, last of all: a result without it counts as not made.
///
/// # Errors
/// When the file can't be written.
pub fn write(file: &Path, stamp: &str) -> Result<()> {
    std::fs::write(file, format!("{stamp}\n")).map_err(io(format!("Writing {}", file.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("inner")).unwrap();
        folder
    }

    #[test]
    fn the_same_inputs_give_the_same_stamp() {
        assert_eq!(
            Inputs::of("1").text("a").stamp(),
            Inputs::of("1").text("a").stamp()
        );
        assert_ne!(
            Inputs::of("1").text("a").stamp(),
            Inputs::of("2").text("a").stamp()
        );
    }

    #[test]
    fn letters_that_move_to_a_neighbour_are_noticed() {
        assert_ne!(
            Inputs::of("1").text("ab").text("c").stamp(),
            Inputs::of("1").text("a").text("bc").stamp()
        );
    }

    #[test]
    fn a_folder_counts_by_names_and_contents() {
        let folder = scratch("stamp-folder");
        let stamp = || Inputs::of("1").folder(&folder).unwrap().stamp();
        std::fs::write(folder.join("inner/a.css"), "a{}").unwrap();
        let before = stamp();
        assert_eq!(before, stamp());
        std::fs::write(folder.join("inner/a.css"), "b{}").unwrap();
        let changed = stamp();
        assert_ne!(before, changed);
        std::fs::rename(folder.join("inner/a.css"), folder.join("inner/b.css")).unwrap();
        assert_ne!(changed, stamp());
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_stamp_is_fresh_only_when_it_is_the_same() {
        let folder = scratch("stamp-file");
        let file = folder.join("stamp");
        assert!(!is_fresh(&file, "abc"));
        write(&file, "abc").unwrap();
        assert!(is_fresh(&file, "abc"));
        assert!(!is_fresh(&file, "abd"));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_is_not_there_has_no_files() {
        assert_eq!(
            files(Path::new("/no/such/folder")).unwrap(),
            Vec::<PathBuf>::new()
        );
    }
}
