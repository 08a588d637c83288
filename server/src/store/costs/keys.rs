//! The texts of keys, stored once for each connection.

use std::collections::{BTreeSet, HashMap};

use domain::account::ConnectionId;
use sea_orm::ConnectionTrait;

use super::sql::{ROWS_AT_ONCE, Sql};
use crate::store::{Result, database::rows};

/// The numbers of all the connection's texts, after making those that are missing.
pub(super) async fn learn(
    on: &impl ConnectionTrait,
    connection: ConnectionId,
    wanted: &BTreeSet<&str>,
) -> Result<HashMap<String, i64>> {
    let known = known(on, connection).await?;
    // In one order for everyone: two transactions never wait for each other.
    let missing: Vec<&str> = (wanted.iter().copied())
        .filter(|text| !known.contains_key(*text))
        .collect();
    if missing.is_empty() {
        return Ok(known);
    }
    let owner = connection.to_string();
    for some in missing.chunks(ROWS_AT_ONCE) {
        Sql::new(on, "INSERT INTO cube_keys (connection_id, value) VALUES ")
            .rows(
                some.iter()
                    .map(|text| [owner.as_str().into(), (*text).into()]),
            )
            .push(" ON CONFLICT (connection_id, value) DO NOTHING")
            .run(on)
            .await?;
    }
    self::known(on, connection).await
}

async fn known(
    on: &impl ConnectionTrait,
    connection: ConnectionId,
) -> Result<HashMap<String, i64>> {
    rows(
        on,
        "SELECT value, id FROM cube_keys WHERE connection_id = $1",
        [connection.to_string().into()],
    )
    .await?
    .iter()
    .map(|row| Ok((row.at(0)?, row.at(1)?)))
    .collect()
}
