//! Runs of getting costs from AWS: one at a time for each connection.

use chrono::{DateTime, Utc};
use domain::{
    Error,
    account::ConnectionId,
    money::{Money, Nanos},
};

use super::{
    Result, StoreError,
    database::{Database, Row, moment, row, rows, run},
};

/// Syncs.
pub struct Syncs<'a>(pub(super) &'a Database);

/// Names one sync.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct SyncId(pub i64);

/// Why a sync runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SyncKind {
    /// Everything that is kept, for a new connection.
    First,
    /// What has changed, because a person asked.
    Refresh,
    /// What has changed, by itself.
    Scheduled,
}

impl SyncKind {
    const ALL: [Self; 3] = [Self::First, Self::Refresh, Self::Scheduled];

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Refresh => "refresh",
            Self::Scheduled => "scheduled",
        }
    }
}

/// How far a sync has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RunState {
    /// Under way, or killed: see [`Syncs::interrupt_running`].
    Running,
    /// Complete.
    Done,
    /// Stopped by an error.
    Failed,
    /// Stopped together with the server.
    Interrupted,
}

impl RunState {
    const ALL: [Self; 4] = [Self::Running, Self::Done, Self::Failed, Self::Interrupted];

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }
}

/// How a sync ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SyncOutcome {
    /// Everything was stored.
    Done,
    /// It stopped early.
    Failed(Error),
    /// The server stopped.
    Interrupted,
}

/// A sync.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sync {
    /// Names it.
    pub id: SyncId,
    /// Whose costs.
    pub connection: ConnectionId,
    /// Why.
    pub kind: SyncKind,
    /// How far.
    pub state: RunState,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Days it will store.
    pub days_total: u32,
    /// Days it has stored.
    pub days_done: u32,
    /// AWS requests that cost money, each attempt and page one.
    pub requests: u32,
    /// What they cost.
    pub price: Money,
    /// Why it stopped early.
    pub error: Option<Error>,
}

const COLUMNS: &str = "id, connection_id, kind, state, started_at, finished_at, days_total, \
                       days_done, requests, price_nanos, currency, error_json";

impl Syncs<'_> {
    /// Begins a sync; `None` when one is under way. Of two who race, one gets it.
    ///
    /// # Errors
    /// [`StoreError::OwnerGone`] when the connection has been deleted.
    pub async fn begin(
        &self,
        connection: ConnectionId,
        kind: SyncKind,
        days_total: u32,
        now: DateTime<Utc>,
    ) -> Result<Option<SyncId>> {
        row(
            self.0.writes(),
            "INSERT INTO syncs (connection_id, kind, state, started_at, days_total, days_done, \
             requests, price_nanos, currency) VALUES ($1, $2, 'running', $3, $4, 0, 0, 0, 'USD') \
             ON CONFLICT (connection_id) WHERE state = 'running' DO NOTHING RETURNING id",
            [
                connection.to_string().into(),
                kind.as_str().into(),
                moment(now),
                i64::from(days_total).into(),
            ],
        )
        .await?
        .map(|row| row.get("id").map(SyncId))
        .transpose()
    }

    /// Says how far a running sync has come: whole numbers so far, not more since.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn progress(
        &self,
        id: SyncId,
        days_done: u32,
        requests: u32,
        price: Money,
    ) -> Result<()> {
        run(
            self.0.writes(),
            "UPDATE syncs SET days_done = $2, requests = $3, price_nanos = $4, currency = $5 \
             WHERE id = $1 AND state = 'running'",
            [
                id.0.into(),
                i64::from(days_done).into(),
                i64::from(requests).into(),
                price.amount.0.into(),
                price.currency.code().into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// Ends a running sync. One that has ended, or went with its connection, is
    /// left alone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish(
        &self,
        id: SyncId,
        outcome: &SyncOutcome,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let (state, error) = match outcome {
            SyncOutcome::Done => (RunState::Done, None),
            SyncOutcome::Interrupted => (RunState::Interrupted, None),
            SyncOutcome::Failed(error) => (RunState::Failed, Some(error)),
        };
        let error = error
            .map(serde_json::to_string)
            .transpose()
            .map_err(|_| StoreError::Unreadable("error_json"))?;
        run(
            self.0.writes(),
            "UPDATE syncs SET state = $2, finished_at = $3, error_json = $4 \
             WHERE id = $1 AND state = 'running'",
            [
                id.0.into(),
                state.as_str().into(),
                moment(now),
                error.into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// The connection's newest sync, whatever its state.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn latest(&self, connection: ConnectionId) -> Result<Option<Sync>> {
        self.newest(connection, "").await
    }

    /// The connection's newest sync that stored everything.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn latest_complete(&self, connection: ConnectionId) -> Result<Option<Sync>> {
        self.newest(connection, "AND state = 'done'").await
    }

    async fn newest(&self, connection: ConnectionId, only: &str) -> Result<Option<Sync>> {
        row(
            self.0.reads(),
            &format!(
                "SELECT {COLUMNS} FROM syncs WHERE connection_id = $1 {only} \
                 ORDER BY started_at DESC, id DESC LIMIT 1"
            ),
            [connection.to_string().into()],
        )
        .await?
        .map(|row| sync(&row))
        .transpose()
    }

    /// At the server's start: what is still called running was killed with the
    /// process before. Answers whose syncs those were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn interrupt_running(&self, now: DateTime<Utc>) -> Result<Vec<ConnectionId>> {
        rows(
            self.0.writes(),
            "UPDATE syncs SET state = 'interrupted', finished_at = $1 WHERE state = 'running' \
             RETURNING connection_id",
            [moment(now)],
        )
        .await?
        .iter()
        .map(|row| row.parse("connection_id").map(ConnectionId))
        .collect()
    }
}

fn sync(row: &Row) -> Result<Sync> {
    let error: Option<String> = row.get("error_json")?;
    Ok(Sync {
        id: SyncId(row.get("id")?),
        connection: ConnectionId(row.parse("connection_id")?),
        kind: row.read("kind", |text| {
            SyncKind::ALL.into_iter().find(|kind| kind.as_str() == text)
        })?,
        state: row.read("state", |text| {
            RunState::ALL
                .into_iter()
                .find(|state| state.as_str() == text)
        })?,
        started_at: row.get("started_at")?,
        finished_at: row.get("finished_at")?,
        days_total: row.count("days_total")?,
        days_done: row.count("days_done")?,
        requests: row.count("requests")?,
        price: Money::new(Nanos(row.get("price_nanos")?), row.currency()?),
        error: error
            .map(|json| serde_json::from_str(&json))
            .transpose()
            .map_err(|_| StoreError::Unreadable("error_json"))?,
    })
}
