//! Where the database is. Shows itself without its password.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// `sqlite:<path>`, `sqlite::memory:` or `postgres://user:password@host/database`.
/// A SQLite path is taken as it stands, without decoding.
#[derive(Clone)]
pub struct DatabaseUrl(Place);

#[derive(Clone)]
pub(super) enum Place {
    File(PathBuf),
    Memory,
    Postgres { url: SecretString, shown: String },
}

impl DatabaseUrl {
    /// The SQLite file of a data folder.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self(Place::File(folder.join("cost-tracker.sqlite")))
    }

    /// A SQLite file.
    #[must_use]
    pub fn file(path: &Path) -> Self {
        Self(Place::File(path.to_owned()))
    }

    pub(super) fn place(&self) -> &Place {
        &self.0
    }
}

impl Place {
    /// For the driver, and nobody else.
    pub(super) fn exposed(url: &SecretString) -> &str {
        url.expose_secret()
    }
}

/// The text isn't a database's URL. Doesn't repeat it: it may hold a password.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "not a database URL: write sqlite:/path/to/file or postgres://user:password@host:5432/database"
)]
pub struct NotADatabaseUrl;

impl FromStr for DatabaseUrl {
    type Err = NotADatabaseUrl;

    fn from_str(text: &str) -> Result<Self, NotADatabaseUrl> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return match path {
                ":memory:" => Ok(Self(Place::Memory)),
                "" => Err(NotADatabaseUrl),
                // Nobody means a file of this name: it is an option of other programs.
                _ if path.contains('?') => Err(NotADatabaseUrl),
                _ => Ok(Self(Place::File(PathBuf::from(path)))),
            };
        }
        let url = Url::parse(text).map_err(|_| NotADatabaseUrl)?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            return Err(NotADatabaseUrl);
        }
        Ok(Self(Place::Postgres {
            shown: without_password(&url),
            url: SecretString::from(text),
        }))
    }
}

/// The parameters go too: `password=` may be among them.
fn without_password(url: &Url) -> String {
    let user = match (url.username(), url.password()) {
        ("", None) => String::new(),
        (user, None) => format!("{user}@"),
        (user, Some(_)) => format!("{user}:…@"),
    };
    let host = url.host_str().unwrap_or_default();
    let port = url
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    let more = if url.query().is_some() { "?…" } else { "" };
    format!("{}://{user}{host}{port}{}{more}", url.scheme(), url.path())
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::File(path) => write!(f, "sqlite:{}", path.display()),
            Place::Memory => f.write_str("sqlite::memory:"),
            Place::Postgres { shown, .. } => f.write_str(shown),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown() {
        for text in [
            "postgres://ann:hunter2secret@db.example.com:5433/costs",
            "postgres://ann:hunter2secret@db.example.com/costs?sslmode=require",
            "postgresql://db.example.com/costs?password=hunter2secret&user=ann",
            "postgresql://ann:hunter2secret@localhost/costs?host=/run/postgresql",
        ] {
            let url: DatabaseUrl = text.parse().unwrap();
            assert!(!format!("{url} {url:?} {url:#?}").contains("hunter2"));
            assert!(format!("{url}").contains("/costs"));
        }
        let url: DatabaseUrl = "postgres://ann:hunter2secret@db.example.com:5433/costs"
            .parse()
            .unwrap();
        assert_eq!(
            url.to_string(),
            "postgres://ann:…@db.example.com:5433/costs"
        );
    }

    #[test]
    fn refusals_do_not_repeat_the_text() {
        for text in [
            "",
            "sqlite:",
            "sqlite:costs.db?mode=ro",
            "mysql://ann:hunter2secret@host/costs",
            "hunter2secret",
        ] {
            let refusal = text.parse::<DatabaseUrl>().unwrap_err();
            assert!(!format!("{refusal} {refusal:?}").contains("hunter2"));
        }
    }

    #[test]
    fn files_are_taken_as_they_stand() {
        for (text, shown) in [
            ("sqlite:data/costs.db", "sqlite:data/costs.db"),
            ("sqlite:///var/lib/a b%20.db", "sqlite:/var/lib/a b%20.db"),
            ("sqlite::memory:", "sqlite::memory:"),
        ] {
            assert_eq!(text.parse::<DatabaseUrl>().unwrap().to_string(), shown);
        }
        assert_eq!(
            DatabaseUrl::in_folder(Path::new("/data")).to_string(),
            "sqlite:/data/cost-tracker.sqlite"
        );
    }
}
