//! The names of linked accounts.

use std::collections::BTreeMap;

use domain::{
    account::{AwsAccountId, ConnectionId},
    cube::LinkedAccountName,
};
use sea_orm::ConnectionTrait;

use super::{
    Costs,
    sql::{ROWS_AT_ONCE, Sql},
};
use crate::store::{Result, database::rows};

impl Costs<'_> {
    /// The names of linked accounts, as AWS last told them, by account.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn linked_account_names(
        &self,
        connection: ConnectionId,
    ) -> Result<Vec<LinkedAccountName>> {
        rows(
            self.0.reads(),
            "SELECT account, name FROM linked_accounts WHERE connection_id = $1 ORDER BY account",
            [connection.to_string().into()],
        )
        .await?
        .iter()
        .map(|row| {
            Ok(LinkedAccountName {
                account: row.parse::<AwsAccountId>("account")?,
                name: row.get("name")?,
            })
        })
        .collect()
    }
}

pub(super) async fn put(
    on: &impl ConnectionTrait,
    connection: ConnectionId,
    names: &[LinkedAccountName],
) -> Result<()> {
    // Each account once: PostgreSQL won't change a row twice in one statement. In one
    // order for everyone, so that two transactions never wait for each other.
    let names: BTreeMap<&str, &str> = names
        .iter()
        .map(|one| (one.account.as_str(), one.name.as_str()))
        .collect();
    let names: Vec<_> = names.into_iter().collect();
    let owner = connection.to_string();
    for some in names.chunks(ROWS_AT_ONCE) {
        let rows = (some.iter())
            .map(|(account, name)| [owner.as_str().into(), (*account).into(), (*name).into()]);
        Sql::new(
            on,
            "INSERT INTO linked_accounts (connection_id, account, name) VALUES ",
        )
        .rows(rows)
        .push(" ON CONFLICT (connection_id, account) DO UPDATE SET name = excluded.name")
        .run(on)
        .await?;
    }
    Ok(())
}
