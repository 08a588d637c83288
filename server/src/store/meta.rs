//! Facts about the database itself, by name.

use super::{
    Result,
    database::{Database, row, run},
};

/// Facts about this database.
pub struct Meta<'a>(pub(super) &'a Database);

impl Meta<'_> {
    /// The value under a name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get(&self, key: &str) -> Result<Option<String>> {
        row(
            self.0.reads(),
            "SELECT value FROM meta WHERE key = $1",
            [key.into()],
        )
        .await?
        .map(|row| row.get("value"))
        .transpose()
    }

    /// Puts a value under a name, whether or not there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set(&self, key: &str, value: &str) -> Result<()> {
        run(
            self.0.writes(),
            "INSERT INTO meta (key, value) VALUES ($1, $2) \
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [key.into(), value.into()],
        )
        .await?;
        Ok(())
    }

    /// Puts a value under a name that has none; of two who race, one is told `true`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insert_if_absent(&self, key: &str, value: &str) -> Result<bool> {
        let inserted = run(
            self.0.writes(),
            "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING",
            [key.into(), value.into()],
        )
        .await?;
        Ok(inserted == 1)
    }
}
