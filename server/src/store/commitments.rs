//! Reservations and Savings Plans: AWS's answers, and what people want to reach.

use domain::{
    account::ConnectionId,
    committed::{CommittedFromAws, Targets},
};

use super::{
    Result, StoreError,
    database::{Database, row, run},
};

/// Commitments.
pub struct Commitments<'a>(pub(super) &'a Database);

impl Commitments<'_> {
    /// What AWS said when it was last asked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn from_aws(&self, connection: ConnectionId) -> Result<Option<CommittedFromAws>> {
        let found = row(
            self.0.reads(),
            "SELECT answer_json FROM commitments_from_aws WHERE connection_id = $1",
            [connection.to_string().into()],
        )
        .await?;
        found.map(|row| row.json("answer_json")).transpose()
    }

    /// Keeps AWS's answers, in the place of those before.
    ///
    /// # Errors
    /// [`StoreError::OwnerGone`] when the connection has been deleted.
    pub async fn keep(&self, connection: ConnectionId, answer: &CommittedFromAws) -> Result<()> {
        let text =
            serde_json::to_string(answer).map_err(|_| StoreError::Unreadable("answer_json"))?;
        run(
            self.0.writes(),
            "INSERT INTO commitments_from_aws (connection_id, answer_json) VALUES ($1, $2) \
             ON CONFLICT (connection_id) DO UPDATE SET answer_json = excluded.answer_json",
            [connection.to_string().into(), text.into()],
        )
        .await?;
        Ok(())
    }

    /// What people want to reach; the usual where nobody has said.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn targets(&self, connection: ConnectionId) -> Result<Targets> {
        let found = row(
            self.0.reads(),
            "SELECT used_percent, covered_percent FROM commitment_targets \
             WHERE connection_id = $1",
            [connection.to_string().into()],
        )
        .await?;
        found.map_or(Ok(Targets::default()), |row| {
            Ok(Targets {
                used: row.count("used_percent")?,
                covered: row.count("covered_percent")?,
            })
        })
    }

    /// Changes it.
    ///
    /// # Errors
    /// [`StoreError::OwnerGone`] when the connection has been deleted.
    pub async fn set_targets(&self, connection: ConnectionId, targets: Targets) -> Result<()> {
        run(
            self.0.writes(),
            "INSERT INTO commitment_targets (connection_id, used_percent, covered_percent) \
             VALUES ($1, $2, $3) ON CONFLICT (connection_id) DO UPDATE SET \
             used_percent = excluded.used_percent, covered_percent = excluded.covered_percent",
            [
                connection.to_string().into(),
                i64::from(targets.used).into(),
                i64::from(targets.covered).into(),
            ],
        )
        .await?;
        Ok(())
    }
}
