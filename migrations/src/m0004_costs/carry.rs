//! Carries what is stored over into the new tables, and back.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

/// Which keys the series of each level have.
const LEVELS: [(i32, bool, bool); 4] = [
    (0, false, false),
    (1, true, false),
    (2, false, true),
    (3, true, true),
];

const COSTS: &str = "unblended, amortized, blended, net_unblended, net_amortized";
const SUMS: &str = "CAST(SUM(unblended) AS BIGINT), CAST(SUM(amortized) AS BIGINT), \
                    CAST(SUM(blended) AS BIGINT), CAST(SUM(net_unblended) AS BIGINT), \
                    CAST(SUM(net_amortized) AS BIGINT)";

/// How a database counts days.
struct Days {
    /// A date column as days since 1970-01-01.
    number: fn(&str) -> String,
    /// The same of the first day of the date's month.
    month: fn(&str) -> String,
    /// A number of days as a date.
    date: fn(&str) -> String,
}

impl Days {
    fn of(backend: DbBackend) -> Self {
        if backend == DbBackend::Sqlite {
            Self {
                number: |day| format!("CAST(julianday({day}) - 2440587.5 AS INTEGER)"),
                month: |day| {
                    format!("CAST(julianday({day}, 'start of month') - 2440587.5 AS INTEGER)")
                },
                date: |day| format!("date({day} * 86400, 'unixepoch')"),
            }
        } else {
            Self {
                number: |day| format!("CAST({day} - DATE '1970-01-01' AS BIGINT)"),
                month: |day| {
                    format!(
                        "CAST(CAST(date_trunc('month', {day}) AS DATE) \
                         - DATE '1970-01-01' AS BIGINT)"
                    )
                },
                date: |day| format!("(DATE '1970-01-01' + CAST({day} AS INTEGER))"),
            }
        }
    }
}

pub(super) async fn forward(on: &impl ConnectionTrait, backend: DbBackend) -> Result<(), DbErr> {
    let Days { number, month, .. } = Days::of(backend);
    let mut steps = vec![
        "INSERT INTO cubes (connection_id, name, made_at, last_used_at) \
         SELECT connection_id, cube, MIN(asked_at), MAX(asked_at) FROM slices \
         GROUP BY connection_id, cube"
            .to_owned(),
        format!(
            "INSERT INTO cube_days (cube_id, day, estimated, asked_on, asked_at) \
             SELECT c.id, {day}, s.estimated, {asked_on}, s.asked_at \
             FROM slices s JOIN cubes c ON c.connection_id = s.connection_id AND c.name = s.cube",
            day = number("s.day"),
            asked_on = number("s.asked_on"),
        ),
        "INSERT INTO cube_keys (connection_id, value) \
         SELECT connection_id, key1 FROM costs UNION SELECT connection_id, key2 FROM costs"
            .to_owned(),
    ];
    for (level, first, second) in LEVELS {
        let key1 = if first { "k1.id" } else { "0" };
        let key2 = if second { "k2.id" } else { "0" };
        let old = "FROM costs o \
             JOIN cubes c ON c.connection_id = o.connection_id AND c.name = o.cube \
             JOIN cube_keys k1 ON k1.connection_id = o.connection_id AND k1.value = o.key1 \
             JOIN cube_keys k2 ON k2.connection_id = o.connection_id AND k2.value = o.key2";
        steps.push(format!(
            "INSERT INTO cube_series (cube_id, level, key1, key2, currency, unit) \
             SELECT DISTINCT c.id, {level}, {key1}, {key2}, o.currency, o.usage_unit {old}"
        ));
        for (table, column, day) in [
            ("daily_costs", "day", number("o.day")),
            ("monthly_costs", "month", month("o.day")),
        ] {
            steps.push(format!(
                "INSERT INTO {table} (series_id, {column}, {COSTS}, usage_quantity, \
                 normalized_usage) \
                 SELECT s.id, {day}, {SUMS}, SUM(usage_quantity), SUM(normalized_usage) {old} \
                 JOIN cube_series s ON s.cube_id = c.id AND s.level = {level} \
                 AND s.key1 = {key1} AND s.key2 = {key2} \
                 AND s.currency = o.currency AND s.unit = o.usage_unit \
                 GROUP BY s.id, {day}"
            ));
        }
    }
    // What was known when, as far as it is known: from the last answer on.
    steps.push(format!(
        "INSERT INTO cost_history (cube_id, day, currency, asked_at, {COSTS}) \
         SELECT s.cube_id, d.day, s.currency, d.asked_at, {SUMS} \
         FROM cube_series s JOIN daily_costs a ON a.series_id = s.id \
         JOIN cube_days d ON d.cube_id = s.cube_id AND d.day = a.day \
         WHERE s.level = 0 GROUP BY s.cube_id, d.day, s.currency, d.asked_at"
    ));
    for step in steps {
        on.execute_unprepared(&step).await?;
    }
    Ok(())
}

pub(super) async fn back(on: &impl ConnectionTrait, backend: DbBackend) -> Result<(), DbErr> {
    let Days { date, .. } = Days::of(backend);
    let kept = "c.question IS NULL";
    on.execute_unprepared(&format!(
        "INSERT INTO slices (connection_id, cube, day, estimated, asked_on, asked_at) \
         SELECT c.connection_id, c.name, {day}, d.estimated, {asked_on}, d.asked_at \
         FROM cube_days d JOIN cubes c ON c.id = d.cube_id WHERE {kept}",
        day = date("d.day"),
        asked_on = date("d.asked_on"),
    ))
    .await?;
    on.execute_unprepared(&format!(
        "INSERT INTO costs (connection_id, cube, day, key1, key2, currency, {COSTS}, \
         usage_quantity, usage_unit, normalized_usage) \
         SELECT c.connection_id, c.name, {day}, k1.value, k2.value, s.currency, {COSTS}, \
         usage_quantity, s.unit, normalized_usage \
         FROM daily_costs a JOIN cube_series s ON s.id = a.series_id \
         JOIN cubes c ON c.id = s.cube_id \
         JOIN cube_keys k1 ON k1.id = s.key1 JOIN cube_keys k2 ON k2.id = s.key2 \
         WHERE s.level = 3 AND {kept}",
        day = date("a.day"),
    ))
    .await?;
    Ok(())
}
