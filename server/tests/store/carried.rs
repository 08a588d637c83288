//! What an earlier version stored is there after the schema has changed.

use domain::{cube::Cube, look::Look, metric::Metric, money::Nanos, period::Period};
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};

use crate::support::{Fresh, day, moment, on_both};

on_both!(costs_of_the_first_version_are_carried_over);

/// The number of steps before the one that changes how costs are kept.
fn steps_before() -> u32 {
    let place = (Migrator::migrations().iter()).position(|step| step.name() == "m0004_costs");
    u32::try_from(place.expect("the step")).expect("a few")
}

async fn costs_of_the_first_version_are_carried_over(fresh: Fresh) {
    const ID: &str = "0a4f3f6e-7a3f-4c56-9d0c-1f3c4f0a9b11";
    let database = Database::connect(fresh.raw_url()).await.unwrap();
    Migrator::up(&database, Some(steps_before())).await.unwrap();
    for statement in [
        "INSERT INTO users (id, email, password_hash, role, created_at) VALUES \
         ('5bd4a4b5-61ee-4bd1-a3b5-8f2f3c7b1d10', 'ann@example.com', 'x', 'member', \
         '2026-03-01T12:00:00+00:00')",
        &format!(
            "INSERT INTO connections (id, user_id, name, kind, key_hint, access_key_id_sealed, \
             secret_sealed, aws_account, arn, created_at, updated_at) VALUES ('{ID}', \
             '5bd4a4b5-61ee-4bd1-a3b5-8f2f3c7b1d10', 'Production', 'access_key', 'AKIA…MPLE', \
             {blob}, {blob}, '111122223333', 'arn:aws:iam::111122223333:user/ann', \
             '2026-03-01T12:00:00+00:00', '2026-03-01T12:00:00+00:00')",
            blob = if database.get_database_backend() == DbBackend::Sqlite {
                "x'00'"
            } else {
                "'\\x00'::bytea"
            },
        ),
        &format!(
            "INSERT INTO slices (connection_id, cube, day, estimated, asked_on, asked_at) VALUES \
             ('{ID}', 'service_account', '2026-02-28', FALSE, '2026-03-04', \
             '2026-03-04T06:00:00+00:00'), \
             ('{ID}', 'service_account', '2026-03-01', TRUE, '2026-03-04', \
             '2026-03-04T06:00:00+00:00'), \
             ('{ID}', 'service_account', '2026-03-02', TRUE, '2026-03-04', \
             '2026-03-04T06:00:00+00:00')"
        ),
    ] {
        database.execute_unprepared(statement).await.unwrap();
    }
    let costs = |day: &str, service: &str, account: &str, unit: &str, nanos: i64| {
        format!(
            "INSERT INTO costs (connection_id, cube, day, key1, key2, currency, unblended, \
             amortized, blended, net_unblended, net_amortized, usage_quantity, usage_unit, \
             normalized_usage) VALUES ('{ID}', 'service_account', '{day}', '{service}', \
             '{account}', 'USD', {nanos}, {nanos} + 1, {nanos} + 2, {nanos} + 3, {nanos} + 4, \
             1.5, '{unit}', 0.0)"
        )
    };
    for statement in [
        costs(
            "2026-02-28",
            "Amazon S3",
            "111122223333",
            "GB",
            9_000_000_000_000_001,
        ),
        costs("2026-02-28", "Amazon S3", "444455556666", "N/A", -5),
        costs("2026-02-28", "Tax", "111122223333", "N/A", 7),
        costs("2026-03-01", "Amazon S3", "111122223333", "GB", 100),
    ] {
        database.execute_unprepared(&statement).await.unwrap();
    }
    database.close().await.unwrap();

    let store = fresh.store().await;
    let id = domain::account::ConnectionId(ID.parse().unwrap());
    let period = Period::new(day("2026-02-01"), day("2026-04-01")).unwrap();
    let (cube, question) = (Cube::ServiceAccount, Cube::ServiceAccount.question());
    let slices = store.costs().slices(id, &question, period).await.unwrap();
    let days: Vec<_> = (slices.iter())
        .map(|slice| (slice.day, slice.estimated))
        .collect();
    assert_eq!(
        days,
        [
            (day("2026-02-28"), false),
            (day("2026-03-01"), true),
            (day("2026-03-02"), true)
        ]
    );
    assert!(
        slices
            .iter()
            .all(|slice| slice.asked_on == day("2026-03-04")
                && slice.asked_at == moment("2026-03-04T06:00:00Z"))
    );
    let costs = store.costs();
    let daily = costs.daily_by_key1(id, cube, period, Metric::NetAmortized);
    let sums: Vec<_> = (daily.await.unwrap().into_iter())
        .map(|cost| (cost.day.to_string(), cost.key, cost.amount.0))
        .collect();
    let sum = |day: &str, key: &str, nanos: i64| (day.to_owned(), key.to_owned(), nanos);
    assert_eq!(
        sums,
        [
            sum("2026-02-28", "Amazon S3", 9_000_000_000_000_004),
            sum("2026-02-28", "Tax", 11),
            sum("2026-03-01", "Amazon S3", 104),
        ]
    );
    let months = costs.month_totals(id, period, Look::default());
    let months: Vec<_> = (months.await.unwrap().iter())
        .map(|month| month.total)
        .collect();
    assert_eq!(months, [Nanos(9_000_000_000_000_003), Nanos(100)]);
    let said = costs.month_history(id, &question, day("2026-03-09"), Metric::Blended);
    let said = said.await.unwrap();
    assert_eq!((said.len(), said[0].total), (1, Nanos(102)));
    store.close().await.unwrap();

    // And back: the earlier version finds everything as it was.
    let database = Database::connect(fresh.raw_url()).await.unwrap();
    let later = u32::try_from(Migrator::migrations().len()).unwrap() - steps_before();
    Migrator::down(&database, Some(later)).await.unwrap();
    let rows = database
        .query_all_raw(Statement::from_string(
            database.get_database_backend(),
            "SELECT CAST(day AS TEXT), key1, key2, usage_unit, net_amortized FROM costs \
             ORDER BY day, net_amortized",
        ))
        .await
        .unwrap();
    let amounts: Vec<i64> = (rows.iter())
        .map(|row| row.try_get_by_index(4).unwrap())
        .collect();
    assert_eq!(amounts, [-1, 11, 9_000_000_000_000_005, 104]);
    let first: String = rows[0].try_get_by_index(0).unwrap();
    assert_eq!(first, "2026-02-28");
    database.close().await.unwrap();
}
