//! Unusual costs: how sensitive a person wants to be, what was said of an event, and AWS's
//! own findings as it last told them.

use sea_orm_migration::{
    prelude::*,
    schema::{date, text, timestamp_with_time_zone},
};

pub(crate) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m0009_anomalies"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    /// On SQLite too: a kill in the middle leaves nothing behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(sensitivities()).await?;
        manager.create_table(marks()).await?;
        manager.create_table(from_aws()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "anomalies_from_aws",
            "anomaly_marks",
            "anomaly_sensitivities",
        ] {
            let drop = Table::drop().table(table).to_owned();
            manager.drop_table(drop).await?;
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

fn sensitivities() -> TableCreateStatement {
    Table::create()
        .table("anomaly_sensitivities")
        .col(text("connection_id").primary_key())
        .col(text("sensitivity"))
        .foreign_key(&mut of_connection("anomaly_sensitivities"))
        .to_owned()
}

/// By days, not by an event's number: events are found anew each time, and may begin a day
/// earlier or later when more is known.
fn marks() -> TableCreateStatement {
    Table::create()
        .table("anomaly_marks")
        .col(text("connection_id"))
        .col(text("service"))
        .col(text("account"))
        .col(date("first_day"))
        .col(date("last_day"))
        .col(text("mark"))
        .col(timestamp_with_time_zone("marked_at"))
        .primary_key(
            Index::create()
                .col("connection_id")
                .col("service")
                .col("account")
                .col("first_day"),
        )
        .foreign_key(&mut of_connection("anomaly_marks"))
        .to_owned()
}

/// As JSON: it is read as a whole or not at all.
fn from_aws() -> TableCreateStatement {
    Table::create()
        .table("anomalies_from_aws")
        .col(text("connection_id").primary_key())
        .col(text("answer_json"))
        .foreign_key(&mut of_connection("anomalies_from_aws"))
        .to_owned()
}
