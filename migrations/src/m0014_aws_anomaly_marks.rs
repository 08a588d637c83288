//! What was said of anomalies that only AWS found.

use sea_orm_migration::{
    prelude::*,
    schema::{text, timestamp_with_time_zone},
};

pub(crate) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m0014_aws_anomaly_marks"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    /// On SQLite too: a kill in the middle leaves nothing behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(marks()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Table::drop().table("aws_anomaly_marks").to_owned();
        manager.drop_table(drop).await
    }
}

/// By AWS's id: unlike our events, AWS's anomalies keep theirs while they go on.
fn marks() -> TableCreateStatement {
    Table::create()
        .table("aws_anomaly_marks")
        .col(text("connection_id"))
        .col(text("anomaly_id"))
        .col(text("mark"))
        .col(timestamp_with_time_zone("marked_at"))
        .primary_key(Index::create().col("connection_id").col("anomaly_id"))
        .foreign_key(
            ForeignKey::create()
                .from("aws_anomaly_marks", "connection_id")
                .to("connections", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}
