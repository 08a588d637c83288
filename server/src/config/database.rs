//! Which database to use. The URL may hold a password: `Debug`, help and errors
//! never show it.

use std::path::Path;

use clap::Args;
use secrecy::{ExposeSecret, SecretString};

use super::error::ConfigError;
use crate::store::DatabaseUrl;

/// Options about the database.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Storage")]
pub struct DatabaseArgs {
    /// PostgreSQL or SQLite database, as a URL
    ///
    /// For example postgres://cost_tracker:password@db.example.com/cost_tracker
    /// or sqlite:/var/lib/cost-tracker/costs.db. The environment is the better
    /// place for a URL with a password: other people on this machine can read
    /// the command line. [default: an SQLite file in the data folder]
    // A secret, so that clap can't repeat it when something is wrong with it.
    #[arg(
        long,
        env = "COST_TRACKER_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    pub database_url: Option<SecretString>,
}

/// The named database, or the one in the data folder.
///
/// # Errors
/// The URL isn't one, or is another kind of database's.
pub fn resolve(args: &DatabaseArgs, data_dir: &Path) -> Result<DatabaseUrl, ConfigError> {
    match &args.database_url {
        None => Ok(DatabaseUrl::in_folder(data_dir)),
        Some(url) => url
            .expose_secret()
            .parse()
            .map_err(|why| ConfigError::new(format!("--database-url is {why}."))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(url: Option<&str>) -> Result<String, String> {
        let args = DatabaseArgs {
            database_url: url.map(SecretString::from),
        };
        assert!(!format!("{args:?}").contains("hunter2"));
        match resolve(&args, Path::new("/srv/costs")) {
            Ok(url) => Ok(format!("{url} {url:?}")),
            Err(sentence) => Err(sentence.to_string()),
        }
    }

    #[test]
    fn the_data_folder_is_the_default() {
        assert!(resolved(None).unwrap().contains("/srv/costs/"));
    }

    #[test]
    fn passwords_are_never_shown() {
        let shown = resolved(Some("postgres://ann:hunter2@db.example.com/costs")).unwrap();
        assert!(shown.contains("db.example.com"), "{shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
        let sentence = resolved(Some("mysql://ann:hunter2@host/db")).unwrap_err();
        assert!(sentence.contains("--database-url"), "{sentence}");
        assert!(!sentence.contains("hunter2"), "{sentence}");
    }
}
