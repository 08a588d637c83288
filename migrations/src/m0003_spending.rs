//! Caps for the own requests, a ledger that adds up by day, and what the key
//! doctor found out.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, date, text, text_null, timestamp_with_time_zone},
    sea_orm::DbBackend,
};

pub(crate) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m0003_spending"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    /// On SQLite too: a kill in the middle leaves nothing behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [spending_caps(), key_checks(), key_examinations()] {
            manager.create_table(table).await?;
        }
        // SQLite adds one column at a time.
        for column in [
            date("day").default("1970-01-01").to_owned(),
            boolean("sample").default(false).to_owned(),
            text("asker").default("background").to_owned(),
        ] {
            let mut ledger = Table::alter();
            manager
                .alter_table(ledger.table("ledger").add_column(column).to_owned())
                .await?;
        }
        let connection = manager.get_connection();
        connection
            .execute_unprepared(match manager.get_database_backend() {
                DbBackend::Postgres => {
                    "UPDATE ledger SET day = CAST(departed_at AT TIME ZONE 'UTC' AS DATE)"
                }
                _ => "UPDATE ledger SET day = SUBSTR(departed_at, 1, 10)",
            })
            .await?;
        // Before there was a connection, the account tells: a person connects each once.
        connection
            .execute_unprepared(
                "UPDATE ledger SET sample = TRUE WHERE EXISTS (SELECT 1 FROM connections \
                 WHERE connections.kind = 'sample' AND (connections.id = ledger.connection_id \
                 OR (ledger.connection_id IS NULL AND connections.user_id = ledger.user_id \
                 AND connections.aws_account = ledger.aws_account)))",
            )
            .await?;
        for (name, column) in DAY_INDEXES {
            let index = Index::create()
                .name(name)
                .table("ledger")
                .col(column)
                .col("day")
                .to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, _) in DAY_INDEXES {
            manager
                .drop_index(Index::drop().name(name).table("ledger").to_owned())
                .await?;
        }
        for column in ["asker", "sample", "day"] {
            let mut ledger = Table::alter();
            manager
                .alter_table(ledger.table("ledger").drop_column(column).to_owned())
                .await?;
        }
        for table in ["key_examinations", "key_checks", "spending_caps"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

const DAY_INDEXES: [(&str, &str); 2] = [
    ("ledger_days_of_user", "user_id"),
    ("ledger_days_of_connection", "connection_id"),
];

fn spending_caps() -> TableCreateStatement {
    Table::create()
        .table("spending_caps")
        .col(text("connection_id").primary_key())
        .col(big_integer("cap_nanos"))
        .foreign_key(&mut of_connection("spending_caps"))
        .to_owned()
}

/// Beside each finding stands whose key it was: another key may do other things.
fn key_checks() -> TableCreateStatement {
    Table::create()
        .table("key_checks")
        .col(text("connection_id"))
        .col(text("action"))
        .col(text("key_hint"))
        .col(text("arn"))
        .col(text("state"))
        .col(text_null("error_json"))
        .col(timestamp_with_time_zone("checked_at"))
        .primary_key(Index::create().col("connection_id").col("action"))
        .foreign_key(&mut of_connection("key_checks"))
        .to_owned()
}

/// The last examination of each connection. One that hasn't moved for long was
/// killed with its process.
fn key_examinations() -> TableCreateStatement {
    Table::create()
        .table("key_examinations")
        .col(text("connection_id").primary_key())
        .col(text("run"))
        .col(boolean("running"))
        .col(big_integer("done"))
        .col(big_integer("total"))
        .col(timestamp_with_time_zone("started_at"))
        .col(timestamp_with_time_zone("moved_at"))
        .foreign_key(&mut of_connection("key_examinations"))
        .to_owned()
}

fn of_connection(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, "connection_id")
        .to("connections", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}
