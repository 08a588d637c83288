//! What could be saved, with what became of it; and from when on something counts.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, date_null, text, timestamp_with_time_zone, timestamp_with_time_zone_null,
    },
};

pub(crate) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m0008_findings"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    /// On SQLite too: a kill in the middle leaves nothing behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(findings()).await?;
        manager
            .create_index(
                Index::create()
                    .name("findings_once")
                    .table("findings")
                    .col("connection_id")
                    .col("check_name")
                    .col("region")
                    .col("resource_id")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager.create_table(thresholds()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["finding_thresholds", "findings"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

fn of_connection(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, "connection_id")
        .to("connections", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

/// `per_month` of a resolved one is what it saves: it is booked.
fn findings() -> TableCreateStatement {
    Table::create()
        .table("findings")
        .col(text("id").primary_key())
        .col(text("connection_id"))
        .col(text("check_name"))
        .col(text("region"))
        .col(text("resource_id"))
        .col(big_integer("per_month"))
        .col(text("currency"))
        .col(text("assessed_json"))
        .col(text("state"))
        .col(text("reason"))
        .col(date_null("until_day"))
        .col(timestamp_with_time_zone("found_at"))
        .col(timestamp_with_time_zone_null("resolved_at"))
        .foreign_key(&mut of_connection("findings"))
        .to_owned()
}

fn thresholds() -> TableCreateStatement {
    Table::create()
        .table("finding_thresholds")
        .col(text("connection_id").primary_key())
        .col(text("thresholds_json"))
        .foreign_key(&mut of_connection("finding_thresholds"))
        .to_owned()
}
