//! What can go wrong in the store. No text here ever carries a row's values.

use std::{error, fmt, io, sync::Arc};

use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database's folder or file can't be made.
    #[error("the database's file can't be made")]
    File(#[source] io::Error),
    /// The database can't be reached or opened.
    #[error("the database can't be opened")]
    Open(#[source] Cause),
    /// A newer version of the product has changed the schema.
    #[error(
        "this database belongs to a newer version of Cost Tracker (it has the step {0}, which \
         this version doesn't know): start that version, or restore a backup from before it"
    )]
    Newer(String),
    /// The schema can't be brought up to date.
    #[error("the database can't be brought up to date")]
    Migration(#[source] Cause),
    /// What the new row would belong to was deleted in the meantime.
    #[error("what this belongs to has been deleted")]
    OwnerGone,
    /// A sum beyond about 9.2 thousand million units of a currency.
    #[error("the sum is too large to be exact")]
    TooLarge,
    /// Amounts in different currencies were to be added.
    #[error("amounts in different currencies can't be added")]
    MixedCurrencies,
    /// The metric counts usage, which can't be added up as money.
    #[error("the metric isn't money")]
    NotMoney,
    /// A day, or a pair of keys on a day, was given more than once.
    #[error("a day or a pair of keys comes more than once")]
    Twice,
    /// The cube isn't told apart by this.
    #[error("the cube doesn't have this key")]
    NoSuchKey,
    /// A column holds what this version can't read.
    #[error("the column {0} holds what can't be read")]
    Unreadable(&'static str),
    /// Anything else that the database says.
    #[error("the database failed")]
    Database(#[source] Cause),
}

/// What the database or its driver said: SQL states and names of constraints,
/// no values. `Debug` says no more, because PostgreSQL puts values into details.
pub struct Cause(DbErr);

impl Cause {
    pub(super) fn of_driver(error: sqlx::Error) -> Self {
        Self(DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error))))
    }
}

impl From<DbErr> for Cause {
    fn from(error: DbErr) -> Self {
        Self(error)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cause({})", self.0)
    }
}

impl error::Error for Cause {}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if matches!(
            error.sql_err(),
            Some(SqlErr::ForeignKeyConstraintViolation(_))
        ) {
            Self::OwnerGone
        } else if is_overflow(&error) {
            Self::TooLarge
        } else {
            Self::Database(Cause(error))
        }
    }
}

/// SQLite's `SUM` has only a message for it, PostgreSQL the state
/// `numeric_value_out_of_range`.
fn is_overflow(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) =
        error
    else {
        return false;
    };
    error.as_database_error().is_some_and(|error| {
        error.code().as_deref() == Some("22003") || error.message() == "integer overflow"
    })
}
