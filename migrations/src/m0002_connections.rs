//! Connections that have no key of their own, roles with what they need, the end
//! of temporary keys, and roles that are not finished.

use sea_orm_migration::{
    prelude::*,
    schema::{blob_null, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null},
    sea_orm::DbBackend,
};

pub(crate) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m0002_connections"
    }
}

const KEY: [&str; 2] = ["access_key_id_sealed", "secret_sealed"];
const NEW: [&str; 6] = [
    "key_ends_at",
    "role_arn",
    "external_id",
    "source",
    "source_connection_id",
    "source_arn",
];

#[async_trait::async_trait]
impl MigrationTrait for Step {
    /// On SQLite too: a kill in the middle leaves nothing behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in KEY {
            make_nullable(manager, column).await?;
        }
        for mut column in [
            timestamp_with_time_zone_null("key_ends_at"),
            text_null("role_arn"),
            text_null("external_id"),
            text_null("source"),
            text_null("source_arn"),
        ] {
            add(manager, &mut column).await?;
        }
        // The builder adds no reference to a table that exists in SQLite. One that is
        // somebody's source can't be deleted: nothing breaks silently.
        execute(
            manager,
            "ALTER TABLE connections ADD COLUMN source_connection_id text \
             REFERENCES connections (id)",
        )
        .await?;
        manager.create_table(drafts()).await?;
        for (name, table, column) in [
            (
                "connections_of_source",
                "connections",
                "source_connection_id",
            ),
            ("role_drafts_of_user", "role_drafts", "user_id"),
            (
                "role_drafts_of_source",
                "role_drafts",
                "source_connection_id",
            ),
        ] {
            let index = Index::create()
                .name(name)
                .table(table)
                .col(column)
                .to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("role_drafts").to_owned())
            .await?;
        // What has no key of its own can't be kept by the older schema.
        execute(
            manager,
            "DELETE FROM connections WHERE kind IN ('role', 'environment')",
        )
        .await?;
        execute(manager, "DROP INDEX connections_of_source").await?;
        for column in NEW {
            drop_column(manager, column).await?;
        }
        Ok(())
    }
}

/// SQLite can't do that to a column; and to make the table anew would take
/// everything along that belongs to it.
async fn make_nullable(manager: &SchemaManager<'_>, column: &'static str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        let sql = format!("ALTER TABLE connections ALTER COLUMN {column} DROP NOT NULL");
        return execute(manager, &sql).await;
    }
    let sql = format!("ALTER TABLE connections RENAME COLUMN {column} TO old_{column}");
    execute(manager, &sql).await?;
    add(manager, &mut blob_null(column)).await?;
    let sql = format!("UPDATE connections SET {column} = old_{column}");
    execute(manager, &sql).await?;
    let sql = format!("ALTER TABLE connections DROP COLUMN old_{column}");
    execute(manager, &sql).await
}

async fn add(manager: &SchemaManager<'_>, column: &mut ColumnDef) -> Result<(), DbErr> {
    let table = Table::alter()
        .table("connections")
        .add_column(column)
        .to_owned();
    manager.alter_table(table).await
}

async fn drop_column(manager: &SchemaManager<'_>, column: &str) -> Result<(), DbErr> {
    execute(
        manager,
        &format!("ALTER TABLE connections DROP COLUMN {column}"),
    )
    .await
}

async fn execute(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    manager.get_connection().execute_unprepared(sql).await?;
    Ok(())
}

fn drafts() -> TableCreateStatement {
    Table::create()
        .table("role_drafts")
        .col(text("id").primary_key())
        .col(text("user_id"))
        .col(text("name"))
        .col(text("external_id"))
        .col(text("source"))
        .col(text_null("source_connection_id"))
        .col(text("source_arn"))
        .col(text("source_account"))
        .col(text("key_hint"))
        .col(blob_null("access_key_id_sealed"))
        .col(blob_null("secret_sealed"))
        .col(blob_null("session_token_sealed"))
        .col(timestamp_with_time_zone_null("key_ends_at"))
        .col(text("role_arn"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .foreign_key(
            ForeignKey::create()
                .from("role_drafts", "user_id")
                .to("users", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .foreign_key(
            ForeignKey::create()
                .from("role_drafts", "source_connection_id")
                .to("connections", "id"),
        )
        .to_owned()
}
