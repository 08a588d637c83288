//! Costs of any number of cubes, with rollups, a history and restatements.
//!
//! A *series* is one pair of a cube's keys in one currency and one unit; its keys are
//! numbers of texts that are stored once. Sums over a key are series of their own
//! (`level` says which keys a series has; the others are 0), so that a day's costs by one
//! key don't have to be added up again. Days are counted from 1970-01-01.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_pk_auto, boolean, double, text, text_null, timestamp_with_time_zone,
    },
    sea_orm::DbBackend,
};

use crate::m0001_foundation;

mod carry;

pub(crate) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m0004_costs"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    /// On SQLite too: a kill in the middle leaves nothing behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        for table in tables(backend) {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        carry::forward(manager.get_connection(), backend).await?;
        for table in ["costs", "slices"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }

    /// The kept cubes go back; everything that the old tables have no place for is lost.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        manager
            .create_table(m0001_foundation::costs(backend))
            .await?;
        manager.create_table(m0001_foundation::slices()).await?;
        carry::back(manager.get_connection(), backend).await?;
        for table in [
            "restatements",
            "cost_history",
            "monthly_costs",
            "daily_costs",
            "cube_days",
            "cube_series",
            "cube_keys",
            "cubes",
        ] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

fn tables(backend: DbBackend) -> Vec<TableCreateStatement> {
    let mut tables = vec![cubes(), cube_keys(), cube_series()];
    for mut table in [
        cube_days(),
        amounts("daily_costs", "day"),
        amounts("monthly_costs", "month"),
        cost_history(),
        restatements(),
    ] {
        if backend == DbBackend::Sqlite {
            // The rows lie in the order of the key, once, instead of beside a copy of it.
            table.extra("WITHOUT ROWID");
        }
        tables.push(table);
    }
    tables
}

/// `name` is that of a kept cube, or made from the question; the question of a kept cube
/// is known by its name.
fn cubes() -> TableCreateStatement {
    Table::create()
        .table("cubes")
        .col(big_pk_auto("id"))
        .col(text("connection_id"))
        .col(text("name"))
        .col(text_null("question"))
        .col(timestamp_with_time_zone("made_at"))
        .col(timestamp_with_time_zone("last_used_at"))
        .foreign_key(&mut belongs_to("cubes", "connection_id", "connections"))
        .to_owned()
}

/// The texts of a connection's keys: services, accounts, usage types and so on.
fn cube_keys() -> TableCreateStatement {
    Table::create()
        .table("cube_keys")
        .col(big_pk_auto("id"))
        .col(text("connection_id"))
        .col(text("value"))
        .foreign_key(&mut belongs_to("cube_keys", "connection_id", "connections"))
        .to_owned()
}

/// `level`: 1 where there is a first key, plus 2 where there is a second.
fn cube_series() -> TableCreateStatement {
    Table::create()
        .table("cube_series")
        .col(big_pk_auto("id"))
        .col(big_integer("cube_id"))
        .col(big_integer("level"))
        .col(big_integer("key1"))
        .col(big_integer("key2"))
        .col(text("currency"))
        .col(text("unit"))
        .foreign_key(&mut belongs_to("cube_series", "cube_id", "cubes"))
        .to_owned()
}

fn cube_days() -> TableCreateStatement {
    Table::create()
        .table("cube_days")
        .col(big_integer("cube_id"))
        .col(big_integer("day"))
        .col(boolean("estimated"))
        .col(big_integer("asked_on"))
        .col(timestamp_with_time_zone("asked_at"))
        .primary_key(Index::create().col("cube_id").col("day"))
        .foreign_key(&mut belongs_to("cube_days", "cube_id", "cubes"))
        .to_owned()
}

/// A series' rows lie together: what is read is one series over many days.
fn amounts(name: &'static str, day: &'static str) -> TableCreateStatement {
    Table::create()
        .table(name)
        .col(big_integer("series_id"))
        .col(big_integer(day))
        .col(big_integer("unblended"))
        .col(big_integer("amortized"))
        .col(big_integer("blended"))
        .col(big_integer("net_unblended"))
        .col(big_integer("net_amortized"))
        .col(double("usage_quantity"))
        .col(double("normalized_usage"))
        .primary_key(Index::create().col("series_id").col(day))
        .foreign_key(&mut belongs_to(name, "series_id", "cube_series"))
        .to_owned()
}

/// A day's totals from `asked_at` on, until the next line.
fn cost_history() -> TableCreateStatement {
    Table::create()
        .table("cost_history")
        .col(big_integer("cube_id"))
        .col(big_integer("day"))
        .col(text("currency"))
        .col(timestamp_with_time_zone("asked_at"))
        .col(big_integer("unblended"))
        .col(big_integer("amortized"))
        .col(big_integer("blended"))
        .col(big_integer("net_unblended"))
        .col(big_integer("net_amortized"))
        .primary_key(
            Index::create()
                .col("cube_id")
                .col("day")
                .col("currency")
                .col("asked_at"),
        )
        .foreign_key(&mut belongs_to("cost_history", "cube_id", "cubes"))
        .to_owned()
}

/// What AWS changed in a day that was complete: both values of each series.
fn restatements() -> TableCreateStatement {
    Table::create()
        .table("restatements")
        .col(big_integer("cube_id"))
        .col(big_integer("day"))
        .col(big_integer("series_id"))
        .col(timestamp_with_time_zone("asked_at"))
        .col(timestamp_with_time_zone("before_asked_at"))
        .col(big_integer("unblended"))
        .col(big_integer("amortized"))
        .col(big_integer("blended"))
        .col(big_integer("net_unblended"))
        .col(big_integer("net_amortized"))
        .col(double("usage_quantity"))
        .col(double("normalized_usage"))
        .col(big_integer("before_unblended"))
        .col(big_integer("before_amortized"))
        .col(big_integer("before_blended"))
        .col(big_integer("before_net_unblended"))
        .col(big_integer("before_net_amortized"))
        .col(double("before_usage_quantity"))
        .col(double("before_normalized_usage"))
        .primary_key(
            Index::create()
                .col("cube_id")
                .col("day")
                .col("series_id")
                .col("asked_at"),
        )
        .foreign_key(&mut belongs_to("restatements", "cube_id", "cubes"))
        .to_owned()
}

fn belongs_to(
    table: &'static str,
    column: &'static str,
    owner: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, column)
        .to(owner, "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    let unique = |name: &str, table: &'static str, columns: &[&'static str]| {
        let mut index = Index::create();
        index.name(name).table(table).unique();
        for column in columns {
            index.col(*column);
        }
        index
    };
    vec![
        unique("cubes_once", "cubes", &["connection_id", "name"]),
        unique("cube_keys_once", "cube_keys", &["connection_id", "value"]),
        unique(
            "cube_series_once",
            "cube_series",
            &["cube_id", "level", "key1", "key2", "currency", "unit"],
        ),
    ]
}
