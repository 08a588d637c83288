//! Findings that don't count at present keep what a person decided about them; and they are
//! added up and put in order without reading what is said about each.

use sea_orm_migration::{prelude::*, schema::boolean};

pub(crate) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m0012_findings_in_order"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    /// On SQLite too: a kill in the middle leaves nothing behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("findings")
                    .add_column(boolean("away").default(false))
                    .to_owned(),
            )
            .await?;
        let columns = [
            "connection_id",
            "away",
            "state",
            "until_day",
            "check_name",
            "region",
            "per_month",
            "resource_id",
            "currency",
            "id",
        ];
        let mut index = Index::create();
        index.name("findings_in_order").table("findings");
        for column in columns {
            index.col(column);
        }
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("findings_in_order")
                    .table("findings")
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("findings")
                    .drop_column("away")
                    .to_owned(),
            )
            .await
    }
}
