//! People, sessions, connections, costs, syncs and the ledger.
//!
//! Ids are UUIDs as text, money is whole 10⁻⁹ of a currency's unit, days are
//! dates and moments UTC: all of them sort alike on SQLite and PostgreSQL.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, big_pk_auto, blob, blob_null, boolean, date, double, text,
        text_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
    },
    sea_orm::DbBackend,
};

pub(crate) struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m0001_foundation"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    /// On SQLite too: a kill in the middle leaves nothing behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables(manager.get_database_backend()) {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        // The builder can't say "where": one sync at a time for each connection.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX syncs_one_running ON syncs (connection_id) \
                 WHERE state = 'running'",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "meta",
            "ledger",
            "syncs",
            "linked_accounts",
            "slices",
            "costs",
            "connections",
            "sign_in_guards",
            "sessions",
            "users",
        ] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

fn tables(backend: DbBackend) -> Vec<TableCreateStatement> {
    vec![
        users(),
        sessions(),
        sign_in_guards(),
        connections(),
        costs(backend),
        slices(),
        linked_accounts(),
        syncs(),
        ledger(),
        meta(),
    ]
}

fn users() -> TableCreateStatement {
    Table::create()
        .table("users")
        .col(text("id").primary_key())
        .col(text("email").unique_key())
        .col(text("password_hash"))
        .col(text("role"))
        .col(timestamp_with_time_zone("created_at"))
        .to_owned()
}

/// Only the SHA-256 of a token is kept: who reads the database can't sign in with it.
fn sessions() -> TableCreateStatement {
    Table::create()
        .table("sessions")
        .col(blob("token_sha256").primary_key())
        .col(text("user_id"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("last_seen_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .foreign_key(&mut belongs_to("sessions", "user_id", "users"))
        .to_owned()
}

fn sign_in_guards() -> TableCreateStatement {
    Table::create()
        .table("sign_in_guards")
        .col(text("key").primary_key())
        .col(big_integer("failures"))
        .col(timestamp_with_time_zone("last_failure_at"))
        .col(timestamp_with_time_zone_null("locked_until"))
        .to_owned()
}

fn connections() -> TableCreateStatement {
    Table::create()
        .table("connections")
        .col(text("id").primary_key())
        .col(text("user_id"))
        .col(text("name"))
        .col(text("kind"))
        .col(text("key_hint"))
        .col(blob("access_key_id_sealed"))
        .col(blob("secret_sealed"))
        .col(blob_null("session_token_sealed"))
        .col(text("aws_account"))
        .col(text("arn"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .foreign_key(&mut belongs_to("connections", "user_id", "users"))
        .to_owned()
}

pub(crate) fn costs(backend: DbBackend) -> TableCreateStatement {
    let mut table = Table::create()
        .table("costs")
        .col(text("connection_id"))
        .col(text("cube"))
        .col(date("day"))
        .col(text("key1"))
        .col(text("key2"))
        .col(text("currency"))
        .col(big_integer("unblended"))
        .col(big_integer("amortized"))
        .col(big_integer("blended"))
        .col(big_integer("net_unblended"))
        .col(big_integer("net_amortized"))
        .col(double("usage_quantity"))
        .col(text("usage_unit"))
        .col(double("normalized_usage"))
        .primary_key(
            Index::create()
                .col("connection_id")
                .col("cube")
                .col("day")
                .col("key1")
                .col("key2"),
        )
        .foreign_key(&mut belongs_to("costs", "connection_id", "connections"))
        .to_owned();
    if backend == DbBackend::Sqlite {
        // The rows lie in the order of the key, once, instead of beside a copy of it.
        table.extra("WITHOUT ROWID");
    }
    table
}

pub(crate) fn slices() -> TableCreateStatement {
    Table::create()
        .table("slices")
        .col(text("connection_id"))
        .col(text("cube"))
        .col(date("day"))
        .col(boolean("estimated"))
        .col(date("asked_on"))
        .col(timestamp_with_time_zone("asked_at"))
        .primary_key(Index::create().col("connection_id").col("cube").col("day"))
        .foreign_key(&mut belongs_to("slices", "connection_id", "connections"))
        .to_owned()
}

fn linked_accounts() -> TableCreateStatement {
    Table::create()
        .table("linked_accounts")
        .col(text("connection_id"))
        .col(text("account"))
        .col(text("name"))
        .primary_key(Index::create().col("connection_id").col("account"))
        .foreign_key(&mut belongs_to(
            "linked_accounts",
            "connection_id",
            "connections",
        ))
        .to_owned()
}

fn syncs() -> TableCreateStatement {
    Table::create()
        .table("syncs")
        .col(big_pk_auto("id"))
        .col(text("connection_id"))
        .col(text("kind"))
        .col(text("state"))
        .col(timestamp_with_time_zone("started_at"))
        .col(timestamp_with_time_zone_null("finished_at"))
        .col(big_integer("days_total"))
        .col(big_integer("days_done"))
        .col(big_integer("requests"))
        .col(big_integer("price_nanos"))
        .col(text("currency"))
        .col(text_null("error_json"))
        .foreign_key(&mut belongs_to("syncs", "connection_id", "connections"))
        .to_owned()
}

/// Bound to nothing: what was spent stays known after a connection is deleted.
fn ledger() -> TableCreateStatement {
    Table::create()
        .table("ledger")
        .col(big_pk_auto("id"))
        .col(text("user_id"))
        .col(text_null("connection_id"))
        .col(text_null("aws_account"))
        .col(text("operation"))
        .col(big_integer("attempt"))
        .col(timestamp_with_time_zone("departed_at"))
        .col(big_integer("price_nanos"))
        .col(text("currency"))
        .col(text_null("outcome"))
        .col(big_integer_null("milliseconds"))
        .col(text_null("request_id"))
        .to_owned()
}

fn meta() -> TableCreateStatement {
    Table::create()
        .table("meta")
        .col(text("key").primary_key())
        .col(text("value"))
        .to_owned()
}

fn belongs_to(
    table: &'static str,
    column: &'static str,
    owner: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, column)
        .to(owner, "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    let index = |name: &str, table: &'static str, columns: &[&'static str]| {
        let mut index = Index::create();
        index.name(name).table(table);
        for column in columns {
            index.col(*column);
        }
        index
    };
    vec![
        index("sessions_of_user", "sessions", &["user_id"]),
        // A person connects an AWS account once: two connections would pay twice.
        index(
            "connections_one_per_account",
            "connections",
            &["user_id", "aws_account"],
        )
        .unique()
        .to_owned(),
        index(
            "syncs_of_connection",
            "syncs",
            &["connection_id", "started_at"],
        ),
        index("ledger_of_user", "ledger", &["user_id", "departed_at"]),
        index(
            "ledger_of_connection",
            "ledger",
            &["connection_id", "departed_at"],
        ),
    ]
}
