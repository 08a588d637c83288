//! Unusual costs: how sensitive a person wants to be, what was said of events, and what AWS
//! said. The events themselves are found anew from the costs each time.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    account::ConnectionId,
    detector::Sensitivity,
    unusual::{EventId, FromAws, Mark},
};

use super::{
    Result, StoreError,
    database::{Database, moment, row, rows, run},
};

/// Unusual costs.
pub struct Anomalies<'a>(pub(super) &'a Database);

/// What was said of an event.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredMark {
    /// The event as it was then.
    pub event: EventId,
    /// Its last day then.
    pub last_day: NaiveDate,
    /// What was said.
    pub mark: Mark,
}

impl Anomalies<'_> {
    /// How sensitive; the usual where nobody has chosen.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sensitivity(&self, connection: ConnectionId) -> Result<Sensitivity> {
        let found = row(
            self.0.reads(),
            "SELECT sensitivity FROM anomaly_sensitivities WHERE connection_id = $1",
            [connection.to_string().into()],
        )
        .await?;
        found.map_or(Ok(Sensitivity::default()), |row| {
            row.read("sensitivity", Sensitivity::named)
        })
    }

    /// Changes it.
    ///
    /// # Errors
    /// [`StoreError::OwnerGone`] when the connection has been deleted.
    pub async fn set_sensitivity(
        &self,
        connection: ConnectionId,
        sensitivity: Sensitivity,
    ) -> Result<()> {
        run(
            self.0.writes(),
            "INSERT INTO anomaly_sensitivities (connection_id, sensitivity) VALUES ($1, $2) \
             ON CONFLICT (connection_id) DO UPDATE SET sensitivity = excluded.sensitivity",
            [connection.to_string().into(), sensitivity.as_str().into()],
        )
        .await?;
        Ok(())
    }

    /// Everything that was said of a connection's events.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn marks(&self, connection: ConnectionId) -> Result<Vec<StoredMark>> {
        rows(
            self.0.reads(),
            "SELECT service, account, first_day, last_day, mark FROM anomaly_marks \
             WHERE connection_id = $1 ORDER BY first_day, service, account",
            [connection.to_string().into()],
        )
        .await?
        .iter()
        .map(|row| {
            Ok(StoredMark {
                event: EventId {
                    service: row.get("service")?,
                    account: row.get("account")?,
                    start: row.get("first_day")?,
                },
                last_day: row.get("last_day")?,
                mark: row.read("mark", Mark::named)?,
            })
        })
        .collect()
    }

    /// Remembers what a person says, in the place of what was said of the same days.
    ///
    /// # Errors
    /// [`StoreError::OwnerGone`] when the connection has been deleted.
    pub async fn mark(
        &self,
        connection: ConnectionId,
        mark: &StoredMark,
        at: DateTime<Utc>,
    ) -> Result<()> {
        self.unmark(connection, &mark.event, mark.last_day).await?;
        run(
            self.0.writes(),
            "INSERT INTO anomaly_marks \
             (connection_id, service, account, first_day, last_day, mark, marked_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (connection_id, service, account, first_day) DO UPDATE SET \
             last_day = excluded.last_day, mark = excluded.mark, marked_at = excluded.marked_at",
            [
                connection.to_string().into(),
                mark.event.service.clone().into(),
                mark.event.account.clone().into(),
                mark.event.start.into(),
                mark.last_day.into(),
                mark.mark.as_str().into(),
                moment(at),
            ],
        )
        .await?;
        Ok(())
    }

    /// Forgets what was said of these days.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unmark(
        &self,
        connection: ConnectionId,
        event: &EventId,
        last_day: NaiveDate,
    ) -> Result<()> {
        run(
            self.0.writes(),
            "DELETE FROM anomaly_marks WHERE connection_id = $1 AND service = $2 \
             AND account = $3 AND first_day <= $4 AND last_day >= $5",
            [
                connection.to_string().into(),
                event.service.clone().into(),
                event.account.clone().into(),
                last_day.into(),
                event.start.into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// Everything that was said of anomalies that only AWS found, by AWS's ids.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn marks_of_aws(&self, connection: ConnectionId) -> Result<BTreeMap<String, Mark>> {
        rows(
            self.0.reads(),
            "SELECT anomaly_id, mark FROM aws_anomaly_marks WHERE connection_id = $1",
            [connection.to_string().into()],
        )
        .await?
        .iter()
        .map(|row| Ok((row.get("anomaly_id")?, row.read("mark", Mark::named)?)))
        .collect()
    }

    /// Remembers what a person says of an anomaly of AWS's, in the place of what was said before.
    ///
    /// # Errors
    /// [`StoreError::OwnerGone`] when the connection has been deleted.
    pub async fn mark_aws(
        &self,
        connection: ConnectionId,
        anomaly: &str,
        mark: Mark,
        at: DateTime<Utc>,
    ) -> Result<()> {
        run(
            self.0.writes(),
            "INSERT INTO aws_anomaly_marks (connection_id, anomaly_id, mark, marked_at) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (connection_id, anomaly_id) DO UPDATE SET \
             mark = excluded.mark, marked_at = excluded.marked_at",
            [
                connection.to_string().into(),
                anomaly.into(),
                mark.as_str().into(),
                moment(at),
            ],
        )
        .await?;
        Ok(())
    }

    /// Forgets what was said of an anomaly of AWS's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unmark_aws(&self, connection: ConnectionId, anomaly: &str) -> Result<()> {
        run(
            self.0.writes(),
            "DELETE FROM aws_anomaly_marks WHERE connection_id = $1 AND anomaly_id = $2",
            [connection.to_string().into(), anomaly.into()],
        )
        .await?;
        Ok(())
    }

    /// What AWS said when it was last asked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn from_aws(&self, connection: ConnectionId) -> Result<Option<FromAws>> {
        let found = row(
            self.0.reads(),
            "SELECT answer_json FROM anomalies_from_aws WHERE connection_id = $1",
            [connection.to_string().into()],
        )
        .await?;
        found.map(|row| row.json("answer_json")).transpose()
    }

    /// Keeps AWS's answer, in the place of the one before.
    ///
    /// # Errors
    /// [`StoreError::OwnerGone`] when the connection has been deleted.
    pub async fn keep_from_aws(&self, connection: ConnectionId, answer: &FromAws) -> Result<()> {
        let text =
            serde_json::to_string(answer).map_err(|_| StoreError::Unreadable("answer_json"))?;
        run(
            self.0.writes(),
            "INSERT INTO anomalies_from_aws (connection_id, answer_json) VALUES ($1, $2) \
             ON CONFLICT (connection_id) DO UPDATE SET answer_json = excluded.answer_json",
            [connection.to_string().into(), text.into()],
        )
        .await?;
        Ok(())
    }
}
