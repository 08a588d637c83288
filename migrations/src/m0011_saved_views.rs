//! Views of the Explorer that people have given a name.

use sea_orm_migration::{
    prelude::*,
    schema::{boolean, text, timestamp_with_time_zone},
};

pub(crate) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m0011_saved_views"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    /// On SQLite too: a kill in the middle leaves nothing behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(saved_views()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("saved_views").to_owned())
            .await
    }
}

fn saved_views() -> TableCreateStatement {
    Table::create()
        .table("saved_views")
        .col(text("id").primary_key())
        .col(text("user_id"))
        .col(text("name"))
        .col(text("query"))
        .col(boolean("is_start"))
        .col(timestamp_with_time_zone("saved_at"))
        .index(
            Index::create()
                .name("saved_views_by_name")
                .unique()
                .col("user_id")
                .col("name"),
        )
        .foreign_key(
            ForeignKey::create()
                .from("saved_views", "user_id")
                .to("users", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}
