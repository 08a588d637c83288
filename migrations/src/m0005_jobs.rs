//! Jobs in the place of syncs: leased to a server, cut into the questions they ask, and to be
//! paused, cancelled and gone on with. And how often each connection is refreshed.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_pk_auto, boolean, date, date_null, text, text_null,
        timestamp_with_time_zone, timestamp_with_time_zone_null,
    },
};

pub(crate) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m0005_jobs"
    }
}

/// A sync that was under way becomes a job that waits: its questions are found anew.
const TAKE_OVER: &str = "INSERT INTO jobs (connection_id, kind, state, created_at, tried_at, \
    finished_at, requests, price_nanos, currency, error_json) \
    SELECT connection_id, kind, CASE state WHEN 'running' THEN 'waiting' \
    WHEN 'interrupted' THEN 'cancelled' ELSE state END, started_at, started_at, finished_at, \
    requests, price_nanos, currency, error_json FROM syncs ORDER BY id";

#[async_trait::async_trait]
impl MigrationTrait for Step {
    /// On SQLite too: a kill in the middle leaves nothing behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [jobs(), job_steps(), refresh_settings()] {
            manager.create_table(table).await?;
        }
        let of_connection = Index::create()
            .name("jobs_of_connection")
            .table("jobs")
            .col("connection_id")
            .col("created_at")
            .to_owned();
        manager.create_index(of_connection).await?;
        let connection = manager.get_connection();
        // The builder can't say "where": one job at a time for each connection.
        connection
            .execute_unprepared(
                "CREATE UNIQUE INDEX jobs_one_open ON jobs (connection_id) \
                 WHERE state IN ('waiting', 'running', 'paused')",
            )
            .await?;
        connection.execute_unprepared(TAKE_OVER).await?;
        drop_table(manager, "syncs").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(syncs()).await?;
        for table in ["refresh_settings", "job_steps", "jobs"] {
            drop_table(manager, table).await?;
        }
        Ok(())
    }
}

async fn drop_table(manager: &SchemaManager<'_>, table: &'static str) -> Result<(), DbErr> {
    manager
        .drop_table(Table::drop().table(table).to_owned())
        .await
}

fn jobs() -> TableCreateStatement {
    Table::create()
        .table("jobs")
        .col(big_pk_auto("id"))
        .col(text("connection_id"))
        .col(text("kind"))
        .col(text("state"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("tried_at"))
        .col(timestamp_with_time_zone_null("finished_at"))
        // The day that its questions were found for.
        .col(date_null("planned_on"))
        .col(text_null("owner"))
        .col(timestamp_with_time_zone_null("leased_until"))
        .col(big_integer("requests"))
        .col(big_integer("price_nanos"))
        .col(text("currency"))
        .col(text_null("error_json"))
        .foreign_key(&mut belongs_to("jobs", "connection_id", "connections"))
        .to_owned()
}

fn job_steps() -> TableCreateStatement {
    Table::create()
        .table("job_steps")
        .col(big_integer("job_id"))
        .col(big_integer("position"))
        .col(text("part"))
        .col(date("first_day"))
        .col(date("end_day"))
        .col(boolean("only_after_news"))
        .col(text("state"))
        .col(date_null("asked_on"))
        .col(big_integer("requests"))
        .col(boolean("news"))
        .primary_key(Index::create().col("job_id").col("position"))
        .foreign_key(&mut belongs_to("job_steps", "job_id", "jobs"))
        .to_owned()
}

fn refresh_settings() -> TableCreateStatement {
    Table::create()
        .table("refresh_settings")
        .col(text("connection_id").primary_key())
        .col(text("cadence"))
        .foreign_key(&mut belongs_to(
            "refresh_settings",
            "connection_id",
            "connections",
        ))
        .to_owned()
}

/// As the first step made it.
fn syncs() -> TableCreateStatement {
    Table::create()
        .table("syncs")
        .col(big_pk_auto("id"))
        .col(text("connection_id"))
        .col(text("kind"))
        .col(text("state"))
        .col(timestamp_with_time_zone("started_at"))
        .col(timestamp_with_time_zone_null("finished_at"))
        .col(big_integer("days_total"))
        .col(big_integer("days_done"))
        .col(big_integer("requests"))
        .col(big_integer("price_nanos"))
        .col(text("currency"))
        .col(text_null("error_json"))
        .foreign_key(&mut belongs_to("syncs", "connection_id", "connections"))
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
