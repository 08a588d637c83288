//! The master key: where it comes from, and how the first one is made. Never
//! makes one by itself: the vault knows when that is right.

use std::{
    fs::{self, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::token::{NoRandomness, fill_random};

/// The key's file in the data folder.
pub const FILE_NAME: &str = "master.key";
const LENGTH: usize = 32;
/// A key is far shorter: whatever is longer is another file.
const FILE_MOST: u64 = 1024;

/// Where the master key is. `Debug` doesn't show it.
#[derive(Clone, Debug)]
pub enum MasterKeySource {
    /// In a setting, as text.
    Given(SecretString),
    /// In a file that the operator keeps.
    File(PathBuf),
    /// In [`FILE_NAME`] in the data folder, made at the first start.
    DataFolder(PathBuf),
}

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// The text isn't a key.
    #[error(
        "the master key {0} isn't 32 bytes in base64 or hex (`openssl rand -base64 32` makes one)"
    )]
    Malformed(String),
    /// The file can't be read.
    #[error("the master key's file {} can't be read", .0.display())]
    Unreadable(PathBuf, #[source] io::Error),
    /// Others on the machine can read the file.
    #[error(
        "the master key's file {path} can be read by others: run `chmod 600 {path}`, and if they \
         may have read it, replace the AWS keys stored here",
        path = .0.display()
    )]
    Exposed(PathBuf),
    /// The file can't be made.
    #[error("the master key's file {} can't be made", .0.display())]
    Unwritable(PathBuf, #[source] io::Error),
    /// The operating system has no random numbers.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// 32 random bytes that everything sealed depends on. No `Debug`; wiped when dropped.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; LENGTH]>);

impl MasterKey {
    /// Reads 64 hex digits, or base64 in either alphabet, padded or not.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let bytes = if text.len() == LENGTH * 2 {
            hex::decode(text).ok()?
        } else {
            [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD]
                .iter()
                .find_map(|alphabet| alphabet.decode(text).ok())?
        };
        let bytes = Zeroizing::new(bytes);
        let mut key = Zeroizing::new([0; LENGTH]);
        // Filled in place: a copy on the way would not be wiped.
        if bytes.len() != LENGTH {
            return None;
        }
        key.copy_from_slice(&bytes);
        Some(Self(key))
    }

    /// A new one.
    ///
    /// # Errors
    /// When the operating system has no random numbers.
    pub fn generate() -> Result<Self, NoRandomness> {
        let mut key = Zeroizing::new([0; LENGTH]);
        fill_random(key.as_mut())?;
        Ok(Self(key))
    }

    /// 32 bytes for one purpose. They tell nothing about the master key or the
    /// bytes for another purpose: SHA-256 over a label and a uniformly random
    /// key of fixed length.
    pub(super) fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        let mut hash = Sha256::new();
        hash.update([u8::try_from(purpose.len()).unwrap_or(u8::MAX)]);
        hash.update(purpose.as_bytes());
        hash.update(*self.0);
        Zeroizing::new(hash.finalize().into())
    }
}

impl MasterKeySource {
    /// The key, if there is one: only the data folder's may be missing.
    pub(super) fn load(&self) -> Result<Option<MasterKey>, MasterKeyError> {
        match self {
            Self::Given(text) => MasterKey::parse(text.expose_secret())
                .map(Some)
                .ok_or_else(|| MasterKeyError::Malformed("in the settings".to_owned())),
            Self::File(path) => read(path).map(Some),
            Self::DataFolder(folder) => {
                let path = folder.join(FILE_NAME);
                match fs::metadata(&path) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                    Err(error) => Err(MasterKeyError::Unreadable(path, error)),
                    Ok(metadata) if others_can_read(&metadata) => {
                        Err(MasterKeyError::Exposed(path))
                    }
                    Ok(_) => read(&path).map(Some),
                }
            }
        }
    }

    /// The path of an operator's own file that others on the machine can read.
    /// No refusal: containers hand secrets over like that.
    pub(super) fn exposed_file(&self) -> Option<&Path> {
        let Self::File(path) = self else { return None };
        fs::metadata(path)
            .is_ok_and(|metadata| others_can_read(&metadata))
            .then_some(path)
    }

    /// How people call it.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Given(_) => "in the settings".to_owned(),
            Self::File(path) => path.display().to_string(),
            Self::DataFolder(folder) => folder.join(FILE_NAME).display().to_string(),
        }
    }
}

/// Makes a new key's file in the data folder, readable by its owner alone and
/// safely on the disk. When another process was faster, its key is taken.
pub(super) fn make(folder: &Path) -> Result<(MasterKey, PathBuf), MasterKeyError> {
    let path = folder.join(FILE_NAME);
    let failed = |error| MasterKeyError::Unwritable(path.clone(), error);
    let key = MasterKey::generate()?;
    make_folder(folder).map_err(failed)?;
    // Written elsewhere and put in place whole: a crash leaves no half a key.
    let mut suffix = [0_u8; 8];
    fill_random(&mut suffix)?;
    let draft = folder.join(format!(".{FILE_NAME}.{}", hex::encode(suffix)));
    let placed = write_new(&draft, &key).and_then(|()| fs::hard_link(&draft, &path));
    let removed = fs::remove_file(&draft);
    match placed {
        Ok(()) => removed
            .and_then(|()| sync_folder(folder))
            .map_err(failed)
            .map(|()| (key, path.clone())),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            read(&path).map(|key| (key, path.clone()))
        }
        Err(error) => Err(failed(error)),
    }
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut folders = fs::DirBuilder::new();
    folders.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        folders.mode(0o700);
    }
    folders.create(folder)
}

fn write_new(path: &Path, key: &MasterKey) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    let text = Zeroizing::new(format!("{}\n", &*Zeroizing::new(STANDARD.encode(*key.0))));
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// The name of a new file is only safe when its folder is.
fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    Ok(())
}

fn read(path: &Path) -> Result<MasterKey, MasterKeyError> {
    let mut text = Zeroizing::new(String::with_capacity(128));
    fs::File::open(path)
        .and_then(|file| file.take(FILE_MOST).read_to_string(&mut text))
        .map_err(|error| MasterKeyError::Unreadable(path.to_owned(), error))?;
    MasterKey::parse(&text)
        .ok_or_else(|| MasterKeyError::Malformed(format!("in {}", path.display())))
}

#[cfg(unix)]
fn others_can_read(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn others_can_read(_: &fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    const BASE64: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    #[test]
    fn keys_are_read_from_hex_and_base64() {
        for text in [
            HEX.to_owned(),
            HEX.to_uppercase(),
            BASE64.to_owned(),
            BASE64.trim_end_matches('=').to_owned(),
            format!("  {BASE64}\n"),
        ] {
            let bytes: Vec<u8> = (0..32).collect();
            assert_eq!(MasterKey::parse(&text).unwrap().0.as_slice(), bytes);
        }
    }

    #[test]
    fn keys_of_another_length_are_refused_without_repeating_them() {
        for text in ["", "c2hvcnQ=", &HEX[2..], &format!("{HEX}20"), "päßwörd"] {
            assert!(MasterKey::parse(text).is_none(), "{text}");
            let given = MasterKeySource::Given(SecretString::from(text));
            let error = given.load().err().unwrap();
            assert!(text.is_empty() || !format!("{error} {error:?}").contains(text));
            assert!(error.to_string().contains("32 bytes"));
        }
    }

    #[test]
    fn purposes_have_their_own_bytes() {
        let key = MasterKey::parse(HEX).unwrap();
        assert_ne!(*key.derive("a"), *key.derive("b"));
        assert_ne!(
            *key.derive("a"),
            *MasterKey::generate().unwrap().derive("a")
        );
        assert_eq!(*key.derive("a"), *key.clone().derive("a"));
    }

    #[cfg(unix)]
    #[test]
    fn a_made_key_is_its_owners_alone_and_found_again() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let source = MasterKeySource::DataFolder(data.clone());
        assert!(source.load().unwrap().is_none());
        let (made, path) = make(&data).unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(fs::read_dir(&data).unwrap().count(), 1);
        assert_eq!(source.load().unwrap().unwrap().0, made.0);
        // A second process that thinks it is first gets the same key.
        assert_eq!(make(&data).unwrap().0.0, made.0);

        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let error = source.load().err().unwrap();
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }

    #[test]
    fn an_operators_file_must_be_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("absent");
        let error = MasterKeySource::File(path.clone()).load().err().unwrap();
        assert!(matches!(error, MasterKeyError::Unreadable(named, _) if named == path));
    }
}
