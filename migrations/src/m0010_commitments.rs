//! Reservations and Savings Plans: AWS's answers as it last gave them, and what people want
//! to reach.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, text},
};

pub(crate) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m0010_commitments"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    /// On SQLite too: a kill in the middle leaves nothing behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(from_aws()).await?;
        manager.create_table(targets()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["commitment_targets", "commitments_from_aws"] {
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

/// As JSON: it is read as a whole or not at all.
fn from_aws() -> TableCreateStatement {
    Table::create()
        .table("commitments_from_aws")
        .col(text("connection_id").primary_key())
        .col(text("answer_json"))
        .foreign_key(&mut of_connection("commitments_from_aws"))
        .to_owned()
}

fn targets() -> TableCreateStatement {
    Table::create()
        .table("commitment_targets")
        .col(text("connection_id").primary_key())
        .col(big_integer("used_percent"))
        .col(big_integer("covered_percent"))
        .foreign_key(&mut of_connection("commitment_targets"))
        .to_owned()
}
