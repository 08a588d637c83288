//! Where the key that seals people's secrets comes from. Reads no file and
//! makes no key: that is the vault's.

use std::path::{Path, PathBuf};

use clap::Args;
use secrecy::SecretString;

use super::error::ConfigError;
use crate::security::master_key::MasterKeySource;

/// The variable that carries the key itself. There is no option for it: other
/// people on the machine can read command lines.
pub const MASTER_KEY_VARIABLE: &str = "COST_TRACKER_MASTER_KEY";

/// Options about the master key.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Storage")]
pub struct MasterKeyArgs {
    /// File with the key that encrypts people's AWS secrets
    ///
    /// The key itself may come in COST_TRACKER_MASTER_KEY instead; there is no
    /// option for it, because command lines are public. Keep a copy of it away
    /// from the database: without it, stored AWS secrets can't be read again.
    /// [default: master.key in the data folder, made at the first start]
    #[arg(
        long,
        env = "COST_TRACKER_MASTER_KEY_FILE",
        value_name = "FILE",
        hide_env_values = true
    )]
    pub master_key_file: Option<PathBuf>,
}

/// Decides between the variable, the named file and the data folder.
///
/// # Errors
/// The key and a file are both given, or the key isn't text.
pub fn resolve(
    args: &MasterKeyArgs,
    variable: Option<std::ffi::OsString>,
    data_dir: &Path,
) -> Result<MasterKeySource, ConfigError> {
    let given = variable.map(|value| {
        value.into_string().map(SecretString::from).map_err(|_| {
            ConfigError::new(format!(
                "{MASTER_KEY_VARIABLE} isn't text: put the key there as it was made."
            ))
        })
    });
    match (given.transpose()?, &args.master_key_file) {
        (Some(_), Some(_)) => Err(ConfigError::new(format!(
            "{MASTER_KEY_VARIABLE} and a master key file are both given. Keep one of them."
        ))),
        (Some(key), None) => Ok(MasterKeySource::Given(key)),
        (None, Some(file)) => Ok(MasterKeySource::File(file.clone())),
        (None, None) => Ok(MasterKeySource::DataFolder(data_dir.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(variable: Option<&str>, file: Option<&str>) -> Result<MasterKeySource, ConfigError> {
        let args = MasterKeyArgs {
            master_key_file: file.map(PathBuf::from),
        };
        resolve(&args, variable.map(Into::into), Path::new("/srv"))
    }

    #[test]
    fn one_source_is_chosen() {
        assert!(matches!(
            from(None, None).unwrap(),
            MasterKeySource::DataFolder(path) if path == Path::new("/srv")
        ));
        assert!(matches!(
            from(None, Some("/run/key")).unwrap(),
            MasterKeySource::File(path) if path == Path::new("/run/key")
        ));
        assert!(
            from(Some("planted"), Some("/run/key"))
                .is_err_and(|why| !why.to_string().contains("planted"))
        );
    }

    #[test]
    fn the_key_itself_comes_from_the_environment() {
        assert!(matches!(
            from(Some("k"), None).unwrap(),
            MasterKeySource::Given(_)
        ));
    }
}
