//! Connections to the database, and how repositories speak to it.
//!
//! SQLite has one writer: one connection writes, so that writers wait for each
//! other here, in order, and never meet `SQLITE_BUSY`; the others only read.

use std::{fs, io, path::Path, str::FromStr, sync::Arc, time::Duration};

use chrono::{DateTime, SubsecRound, Utc};
use domain::money::Currency;
use migrations::{Migrator, MigratorTrait};
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend,
    IsolationLevel, QueryResult, SqliteTransactionMode, SqlxPostgresConnector, SqlxSqliteConnector,
    Statement, TransactionOptions, TransactionTrait, TryGetable, Value,
    sqlx::{
        self, ConnectOptions, Connection,
        postgres::{PgConnectOptions, PgPoolOptions},
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions},
    },
};
use serde::de::DeserializeOwned;
use tokio::{
    sync::Mutex,
    time::{self, Instant},
};

use super::{DatabaseUrl, Result, StoreError, error::Cause, url::Place};

/// How long a call waits for a free connection, or for another process that writes.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two tries to open a file that another process is opening or closing.
const PAUSE: Duration = Duration::from_millis(20);
const SQLITE_BUSY: i32 = 5;
const READERS: u32 = 6;
const POSTGRES_CONNECTIONS: u32 = 12;
/// Any number will do, as long as no other program takes the same lock.
const MIGRATION_LOCK: i64 = 0x0C05_77AC;

#[derive(Clone)]
pub struct Database {
    reads: DatabaseConnection,
    writes: DatabaseConnection,
    /// SQLite tells each connection whether others have written since it asked last: one
    /// that does nothing else. `None` where that can't be told.
    watch: Option<DatabaseConnection>,
    /// The last answer to that, and when it was asked for.
    seen: Arc<Mutex<Option<(std::time::Instant, String)>>>,
}

impl Database {
    pub(super) async fn open(url: &DatabaseUrl) -> Result<Self> {
        match url.place() {
            Place::File(path) => {
                make_file(path).map_err(StoreError::File)?;
                let file = sqlite_options().filename(path);
                // First the writer: it sets the file's journal to WAL.
                let writes =
                    sqlite_pool(1, file.clone().journal_mode(SqliteJournalMode::Wal)).await?;
                let reads = file.pragma("query_only", "ON");
                Ok(Self {
                    watch: Some(sqlite_pool(1, reads.clone()).await?),
                    reads: sqlite_pool(READERS, reads).await?,
                    writes,
                    seen: Arc::default(),
                })
            }
            Place::Memory => {
                let writes = sqlite_pool(1, sqlite_options().in_memory(true)).await?;
                Ok(Self {
                    reads: writes.clone(),
                    writes,
                    watch: None,
                    seen: Arc::default(),
                })
            }
            Place::Postgres { url, .. } => {
                let options = PgConnectOptions::from_str(Place::exposed(url))
                    .map_err(open_error)?
                    .application_name("cost-tracker")
                    .disable_statement_logging();
                // The pool would try again and again before it says what is wrong.
                time::timeout(PATIENCE, options.connect())
                    .await
                    .map_err(|_| open_error(sqlx::Error::PoolTimedOut))?
                    .map_err(open_error)?
                    .close()
                    .await
                    .map_err(open_error)?;
                let pool = PgPoolOptions::new()
                    .max_connections(POSTGRES_CONNECTIONS)
                    .acquire_timeout(PATIENCE)
                    .connect_with(options)
                    .await
                    .map_err(open_error)?;
                let writes = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
                Ok(Self {
                    reads: writes.clone(),
                    watch: Some(writes.clone()),
                    writes,
                    seen: Arc::default(),
                })
            }
        }
    }

    /// All of it or nothing, and one process at a time.
    pub(super) async fn migrate(&self) -> Result<()> {
        let failed = |error: sea_orm::DbErr| StoreError::Migration(Cause::from(error));
        let transaction = self.begin().await?;
        if self.is_postgres() {
            run(
                &transaction,
                "SELECT pg_advisory_xact_lock($1)",
                [MIGRATION_LOCK.into()],
            )
            .await?;
        }
        let known: Vec<String> = Migrator::migrations()
            .iter()
            .map(|step| step.name().to_owned())
            .collect();
        let applied = Migrator::get_migration_models(&transaction)
            .await
            .map_err(failed)?;
        if let Some(unknown) = applied
            .into_iter()
            .find(|step| !known.contains(&step.version))
        {
            return Err(StoreError::Newer(unknown.version));
        }
        Migrator::up(&transaction, None).await.map_err(failed)?;
        transaction.commit().await?;
        Ok(())
    }

    pub(super) async fn ping(&self) -> Result<()> {
        row(&self.reads, "SELECT 1 AS one", []).await?;
        Ok(())
    }

    pub(super) async fn version(&self) -> Result<Option<String>> {
        let Some(watch) = &self.watch else {
            return Ok(None);
        };
        let wanted_at = std::time::Instant::now();
        let mut seen = self.seen.lock().await;
        // Asked for while we waited: nothing in it is older than the question.
        if let Some((asked_at, version)) = &*seen
            && *asked_at >= wanted_at
        {
            return Ok(Some(version.clone()));
        }
        let asked_at = std::time::Instant::now();
        let version = self.ask_for_version(watch).await?;
        *seen = version.clone().map(|version| (asked_at, version));
        Ok(version)
    }

    async fn ask_for_version(&self, watch: &DatabaseConnection) -> Result<Option<String>> {
        if self.is_postgres() {
            // Which transactions are seen: every one that writes has a number.
            let seen = "SELECT CAST(pg_current_snapshot() AS TEXT) AS seen";
            return row(watch, seen, [])
                .await?
                .map(|row| row.get("seen"))
                .transpose();
        }
        let version = row(watch, "PRAGMA data_version", []).await?;
        let version = version
            .map(|row| row.get::<i64>("data_version"))
            .transpose()?;
        Ok(version.map(|version| version.to_string()))
    }

    pub(super) async fn close(&self) -> Result<()> {
        if let Some(watch) = &self.watch {
            watch.close_by_ref().await?;
        }
        self.reads.close_by_ref().await?;
        self.writes.close_by_ref().await?;
        Ok(())
    }

    pub(super) fn reads(&self) -> &DatabaseConnection {
        &self.reads
    }

    pub(super) fn writes(&self) -> &DatabaseConnection {
        &self.writes
    }

    pub(super) fn is_postgres(&self) -> bool {
        self.writes.get_database_backend() == DbBackend::Postgres
    }

    /// A transaction that writes: on SQLite it holds the lock from the start, or
    /// what it read first could be out of date when it writes.
    pub(super) async fn begin(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.writes.begin_with_options(options).await?)
    }
}

impl Database {
    /// A transaction that only reads, and sees the database at one moment throughout.
    pub(super) async fn snapshot(&self) -> Result<DatabaseTransaction> {
        let options = if self.is_postgres() {
            TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            }
        } else {
            // In WAL mode each transaction that reads does so anyway.
            TransactionOptions::default()
        };
        Ok(self.reads.begin_with_options(options).await?)
    }
}

fn sqlite_options() -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .disable_statement_logging()
}

async fn sqlite_pool(
    connections: u32,
    options: SqliteConnectOptions,
) -> Result<DatabaseConnection> {
    let pool = SqlitePoolOptions::new()
        .min_connections(1)
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        // A database in memory lives as long as its connection.
        .idle_timeout(None)
        .max_lifetime(None);
    let until = Instant::now() + PATIENCE;
    loop {
        match pool.clone().connect_with(options.clone()).await {
            Ok(pool) => return Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool)),
            Err(error) if is_busy(&error) && Instant::now() < until => time::sleep(PAUSE).await,
            Err(error) => return Err(open_error(error)),
        }
    }
}

/// SQLite has several codes for it, the lowest byte of each being `SQLITE_BUSY`.
/// Where waiting could be for each other (two processes change the journal, or one
/// opens what the last other one closes), it says so at once in spite of a timeout.
fn is_busy(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(|error| error.code()?.parse::<i32>().ok())
        .is_some_and(|code| code & 0xFF == SQLITE_BUSY)
}

fn open_error(error: sqlx::Error) -> StoreError {
    StoreError::Open(Cause::of_driver(error))
}

/// SQLite would make the file readable by everyone on the machine.
fn make_file(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    let mut folders = fs::DirBuilder::new();
    folders.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        options.mode(0o600);
        folders.mode(0o700);
    }
    if let Some(folder) = folder {
        folders.create(folder)?;
    }
    match options.open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn statement(
    on: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(on.get_database_backend(), sql, values)
}

/// Runs a statement; answers how many rows it touched.
pub(super) async fn run(
    on: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64> {
    let done = on.execute_raw(statement(on, sql, values)).await?;
    Ok(done.rows_affected())
}

/// All rows of a statement.
pub(super) async fn rows(
    on: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<Row>> {
    let rows = on.query_all_raw(statement(on, sql, values)).await?;
    Ok(rows.into_iter().map(Row).collect())
}

/// The first row of a statement. All are fetched: a half-read statement would
/// stay open on its connection.
pub(super) async fn row(
    on: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<Row>> {
    Ok(rows(on, sql, values).await?.into_iter().next())
}

/// A moment as both databases keep it: PostgreSQL knows no more than microseconds.
pub(super) fn moment(at: DateTime<Utc>) -> Value {
    at.trunc_subsecs(6).into()
}

/// As [`moment`], for what may not have come yet.
pub(super) fn maybe_moment(at: Option<DateTime<Utc>>) -> Value {
    at.map(|at| at.trunc_subsecs(6)).into()
}

/// A row whose columns are read into the domain's words.
pub(super) struct Row(QueryResult);

impl Row {
    /// A column in one of the database's own types.
    pub(super) fn get<T: TryGetable>(&self, column: &'static str) -> Result<T> {
        self.0
            .try_get("", column)
            .map_err(|_| StoreError::Unreadable(column))
    }

    /// A column by its place, in one of the database's own types.
    pub(super) fn at<T: TryGetable>(&self, place: usize) -> Result<T> {
        self.0
            .try_get_by_index(place)
            .map_err(|_| StoreError::Unreadable("of a number"))
    }

    /// A text column, read by its type.
    pub(super) fn parse<T: FromStr>(&self, column: &'static str) -> Result<T> {
        self.get::<String>(column)?
            .parse()
            .map_err(|_| StoreError::Unreadable(column))
    }

    /// A count.
    pub(super) fn count<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T> {
        T::try_from(self.get::<i64>(column)?).map_err(|_| StoreError::Unreadable(column))
    }

    /// A text column, read by a function that knows all its values.
    pub(super) fn read<T>(
        &self,
        column: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T> {
        read(&self.get::<String>(column)?).ok_or(StoreError::Unreadable(column))
    }

    /// A text column of JSON.
    pub(super) fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T> {
        self.read(column, |text| serde_json::from_str(text).ok())
    }

    /// An ISO code in the column `currency`.
    pub(super) fn currency(&self) -> Result<Currency> {
        self.parse("currency")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[tokio::test]
    async fn a_newer_versions_database_is_refused_and_left_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::in_folder(folder.path());
        let store = Store::open(&url).await.unwrap();
        run(
            store.database.writes(),
            "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)",
            [],
        )
        .await
        .unwrap();
        let error = Store::open(&url).await.err().unwrap();
        assert!(matches!(&error, StoreError::Newer(step) if step == "m9999_later"));
        assert!(error.to_string().contains("newer version"), "{error}");
        // Refusing leaves no lock behind, and nothing else changed.
        store.meta().set("a", "b").await.unwrap();
        let steps = rows(
            store.database.reads(),
            "SELECT version FROM seaql_migrations",
            [],
        )
        .await
        .unwrap();
        assert_eq!(steps.len(), Migrator::migrations().len() + 1);
    }

    #[tokio::test]
    async fn the_schema_can_be_taken_down_and_put_up_again() {
        let url: DatabaseUrl = "sqlite::memory:".parse().unwrap();
        let store = Store::open(&url).await.unwrap();
        Migrator::down(store.database.writes(), None).await.unwrap();
        let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' \
                      AND name NOT LIKE 'sqlite_%'";
        let left = rows(store.database.reads(), tables, []).await.unwrap();
        assert_eq!(left.len(), 1);
        store.database.migrate().await.unwrap();
        store.meta().set("a", "b").await.unwrap();
    }

    #[tokio::test]
    async fn the_connections_that_read_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&DatabaseUrl::in_folder(folder.path()))
            .await
            .unwrap();
        let sql = "INSERT INTO meta (key, value) VALUES ('a', 'b')";
        assert!(run(store.database.reads(), sql, []).await.is_err());
        run(store.database.writes(), sql, []).await.unwrap();
        let journal = row(store.database.reads(), "PRAGMA journal_mode", []).await;
        let journal: String = journal.unwrap().unwrap().get("journal_mode").unwrap();
        assert_eq!(journal, "wal");
    }
}
