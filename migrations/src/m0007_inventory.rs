//! What there is in EC2: one scan for each connection, how each kind in each region went, and
//! every resource with when it was first and last seen.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, boolean, text, text_null, timestamp_with_time_zone,
        timestamp_with_time_zone_null,
    },
};

pub(crate) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m0007_inventory"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    /// On SQLite too: a kill in the middle leaves nothing behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(scans()).await?;
        manager.create_table(parts()).await?;
        manager.create_table(resources()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["inventory_resources", "inventory_parts", "inventory_scans"] {
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

/// `run` names the scan, `holder` who works on it: one that was killed is gone on with.
fn scans() -> TableCreateStatement {
    Table::create()
        .table("inventory_scans")
        .col(text("connection_id").primary_key())
        .col(text("run"))
        .col(text("holder"))
        .col(boolean("running"))
        .col(boolean("by_person"))
        .col(big_integer("total"))
        .col(timestamp_with_time_zone("started_at"))
        .col(timestamp_with_time_zone("moved_at"))
        .col(timestamp_with_time_zone_null("finished_at"))
        .col(text_null("error_json"))
        .col(text_null("regions_error_json"))
        .foreign_key(&mut of_connection("inventory_scans"))
        .to_owned()
}

/// `run` is the scan that last asked about it.
fn parts() -> TableCreateStatement {
    Table::create()
        .table("inventory_parts")
        .col(text("connection_id"))
        .col(text("region"))
        .col(text("kind"))
        .col(text("run"))
        .col(text("outcome"))
        .col(big_integer("found"))
        .col(timestamp_with_time_zone("tried_at"))
        .col(timestamp_with_time_zone_null("complete_at"))
        .col(text_null("error_json"))
        .primary_key(
            Index::create()
                .col("connection_id")
                .col("region")
                .col("kind"),
        )
        .foreign_key(&mut of_connection("inventory_parts"))
        .to_owned()
}

/// What is there was last seen when its part was last complete: `last_seen_at` is only of what
/// has gone. `looked_for` has the texts that people look for, a line each, in small letters;
/// `facts_mark` tells without reading the facts whether they have changed.
fn resources() -> TableCreateStatement {
    Table::create()
        .table("inventory_resources")
        .col(text("connection_id"))
        .col(text("kind"))
        .col(text("region"))
        .col(text("resource_id"))
        .col(text("state"))
        .col(text("looked_for"))
        .col(text("facts_json"))
        .col(big_integer("facts_mark"))
        .col(timestamp_with_time_zone("first_seen_at"))
        .col(timestamp_with_time_zone("state_since"))
        .col(timestamp_with_time_zone_null("last_seen_at"))
        .col(timestamp_with_time_zone_null("gone_at"))
        .primary_key(
            Index::create()
                .col("connection_id")
                .col("kind")
                .col("region")
                .col("resource_id"),
        )
        .foreign_key(&mut of_connection("inventory_resources"))
        .to_owned()
}
