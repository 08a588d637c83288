//! A look into the database past the product: SQL of the tests' own.

use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};

/// Runs a statement.
pub async fn run(url: &str, sql: &str) {
    let database = Database::connect(url).await.expect("a database");
    database.execute_unprepared(sql).await.expect("a statement");
    database.close().await.expect("it closes");
}

/// The first column of the rows, as whole numbers.
pub async fn numbers(url: &str, sql: &str) -> Vec<i64> {
    let database = Database::connect(url).await.expect("a database");
    let statement = Statement::from_string(backend(url), sql.to_owned());
    let rows = database.query_all_raw(statement).await.expect("rows");
    let numbers = rows
        .iter()
        .map(|row| row.try_get_by_index(0).expect("a number"))
        .collect();
    database.close().await.expect("it closes");
    numbers
}

/// The first column of the rows, as text.
pub async fn texts(url: &str, sql: &str) -> Vec<String> {
    let database = Database::connect(url).await.expect("a database");
    let statement = Statement::from_string(backend(url), sql.to_owned());
    let rows = database.query_all_raw(statement).await.expect("rows");
    let texts = rows
        .iter()
        .map(|row| row.try_get_by_index(0).expect("a text"))
        .collect();
    database.close().await.expect("it closes");
    texts
}

/// How many rows there are.
pub async fn count(url: &str, from: &str) -> i64 {
    let counts = numbers(url, &format!("SELECT COUNT(*) FROM {from}")).await;
    *counts.first().expect("a count")
}

fn backend(url: &str) -> DbBackend {
    if url.starts_with("sqlite:") {
        DbBackend::Sqlite
    } else {
        DbBackend::Postgres
    }
}
