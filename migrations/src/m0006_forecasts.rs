//! Forecasts of a month's end, one a day of each source: today's is shown, the older
//! ones are compared with what came.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, date, text, timestamp_with_time_zone},
};

pub(crate) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m0006_forecasts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    /// On SQLite too: a kill in the middle leaves nothing behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(forecasts()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("forecasts").to_owned())
            .await
    }
}

/// The days of a forecast as JSON: they are read as a whole or not at all.
fn forecasts() -> TableCreateStatement {
    Table::create()
        .table("forecasts")
        .col(text("connection_id"))
        .col(text("metric"))
        .col(text("source"))
        .col(date("made_on"))
        .col(timestamp_with_time_zone("made_at"))
        .col(text("currency"))
        .col(big_integer("level"))
        .col(big_integer("known"))
        .col(big_integer("mean"))
        .col(big_integer_null("lower"))
        .col(big_integer_null("upper"))
        .col(text("days_json"))
        .primary_key(
            Index::create()
                .col("connection_id")
                .col("metric")
                .col("source")
                .col("made_on"),
        )
        .foreign_key(
            ForeignKey::create()
                .from("forecasts", "connection_id")
                .to("connections", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}
