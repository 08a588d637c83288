//! Who this server is when it takes jobs. Each start is somebody new; but the data folder
//! remembers who had it before, and only one process can hold it. So a server that was
//! killed and starts again goes on at once with what it was doing, instead of waiting until its
//! own leases are over.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, Write},
    path::Path,
};

use uuid::Uuid;

use crate::store::jobs::Owner;

const FILE: &str = "server.lock";

/// This server's name, and whose place it takes.
#[derive(Debug)]
pub struct Ownership {
    /// This server, from now until it ends.
    pub owner: Owner,
    /// The one that had the data folder before, and has ended.
    pub before: Option<Owner>,
    /// Held as long as the process lives; the system lets go of it even after a kill.
    _lock: Option<File>,
}

impl Ownership {
    /// Takes the data folder, if nobody has it. Without it, everything works, but a killed
    /// server's jobs wait until their leases are over.
    #[must_use]
    pub fn take(data_dir: &Path) -> Self {
        let owner = Owner(Uuid::new_v4().to_string());
        match hold(data_dir, &owner) {
            Ok((lock, before)) => Self {
                owner,
                before,
                _lock: Some(lock),
            },
            Err(error) => {
                tracing::debug!(%error, "the data folder isn't ours alone");
                Self::unheld(owner)
            }
        }
    }

    const fn unheld(owner: Owner) -> Self {
        Self {
            owner,
            before: None,
            _lock: None,
        }
    }
}

fn hold(data_dir: &Path, owner: &Owner) -> io::Result<(File, Option<Owner>)> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(data_dir.join(FILE))?;
    file.try_lock().map_err(io::Error::from)?;
    let mut before = String::new();
    // Whatever else may be in it names nobody.
    let known = file.read_to_string(&mut before).is_ok();
    let before = before.trim();
    let before = (known && before.parse::<Uuid>().is_ok()).then(|| Owner(before.to_owned()));
    file.rewind()?;
    file.set_len(0)?;
    file.write_all(owner.0.as_bytes())?;
    Ok((file, before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_each_knows_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let first = Ownership::take(folder.path());
        assert_eq!(first.before, None);
        // Beside it, a second server is somebody else, and takes nobody's place.
        let beside = Ownership::take(folder.path());
        assert_eq!(beside.before, None);
        assert_ne!(beside.owner, first.owner);
        let name = first.owner.clone();
        drop(first);
        let second = Ownership::take(folder.path());
        assert_eq!(second.before, Some(name));
        assert_ne!(second.before, Some(second.owner.clone()));
    }

    #[test]
    fn a_folder_that_is_not_there_is_no_error() {
        let folder = tempfile::tempdir().unwrap();
        let taken = Ownership::take(&folder.path().join("nowhere"));
        assert_eq!(taken.before, None);
    }

    #[test]
    fn nonsense_in_the_file_names_nobody() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "nonsense ".repeat(20)).unwrap();
        let taken = Ownership::take(folder.path());
        assert_eq!(taken.before, None);
        let name = taken.owner.clone();
        drop(taken);
        assert_eq!(Ownership::take(folder.path()).before, Some(name));
    }
}
