//! What a connection's requests may cost in a month. A connection for which
//! nobody has chosen has the usual cap.

use domain::{account::ConnectionId, money::Nanos, spending::Cap};
use sea_orm::ConnectionTrait;

use super::{
    Result, StoreError,
    database::{Database, Row, row, run},
};

/// Caps.
pub struct Caps<'a>(pub(super) &'a Database);

impl Caps<'_> {
    /// The connection's cap.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get(&self, connection: ConnectionId) -> Result<Cap> {
        let found = row(
            self.0.reads(),
            "SELECT cap_nanos FROM spending_caps WHERE connection_id = $1",
            [connection.to_string().into()],
        )
        .await?;
        found.map_or(Ok(Cap::DEFAULT), |row| cap(&row))
    }

    /// Gives the connection another cap.
    ///
    /// # Errors
    /// [`StoreError::OwnerGone`] when the connection has been deleted.
    pub async fn set(&self, connection: ConnectionId, cap: Cap) -> Result<()> {
        run(
            self.0.writes(),
            "INSERT INTO spending_caps (connection_id, cap_nanos) VALUES ($1, $2) \
             ON CONFLICT (connection_id) DO UPDATE SET cap_nanos = excluded.cap_nanos",
            [connection.to_string().into(), cap.money().amount.0.into()],
        )
        .await?;
        Ok(())
    }
}

/// The connection's cap, and nobody else counts its spending before the
/// transaction ends: writing the row locks it on PostgreSQL, and SQLite has one
/// writer anyway.
pub(super) async fn lock(on: &impl ConnectionTrait, connection: ConnectionId) -> Result<Cap> {
    let locked = row(
        on,
        "INSERT INTO spending_caps (connection_id, cap_nanos) VALUES ($1, $2) \
         ON CONFLICT (connection_id) DO UPDATE SET cap_nanos = spending_caps.cap_nanos \
         RETURNING cap_nanos",
        [
            connection.to_string().into(),
            Cap::DEFAULT.money().amount.0.into(),
        ],
    )
    .await?;
    cap(&locked.ok_or(StoreError::Unreadable("cap_nanos"))?)
}

fn cap(row: &Row) -> Result<Cap> {
    Cap::of(Nanos(row.get("cap_nanos")?)).ok_or(StoreError::Unreadable("cap_nanos"))
}
