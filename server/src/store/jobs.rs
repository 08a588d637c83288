//! Jobs that get costs from AWS: one at a time for each connection, leased to the one server
//! that works on it. Whoever stores something for a job proves in the same transaction that
//! the job is still theirs.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    Error,
    account::ConnectionId,
    job::JobState,
    money::{Money, Nanos},
};
use sea_orm::Value;

use super::{
    Result, StoreError,
    database::{Database, Row, moment, row, rows, run},
};

mod answers;
mod asked;
mod by_person;
mod steps;

pub use answers::{Answered, Stored};
pub use asked::AskedAnswer;
pub use steps::{StepState, StoredStep};

/// Jobs.
pub struct Jobs<'a>(pub(super) &'a Database);

/// Names one job.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JobId(pub i64);

/// Names one server, from its start on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Owner(pub String);

/// Why a job runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum JobKind {
    /// Everything that is kept, for a new connection.
    First,
    /// What has changed, because a person asked.
    Refresh,
    /// What has changed, by itself, the first time on a day.
    Scheduled,
    /// By itself once more on that day: the other cubes only where the main one has news.
    Again,
    /// Only what a person wants to know beside what is kept.
    Asked,
    /// The same, once nobody waits for it any more: it keeps to the cap.
    AskedAlone,
}

impl JobKind {
    const ALL: [Self; 6] = [
        Self::First,
        Self::Refresh,
        Self::Scheduled,
        Self::Again,
        Self::Asked,
        Self::AskedAlone,
    ];

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Refresh => "refresh",
            Self::Scheduled => "scheduled",
            Self::Again => "again",
            Self::Asked => "asked",
            Self::AskedAlone => "asked_alone",
        }
    }

    /// Whether it asks nothing of what is kept by itself.
    #[must_use]
    pub const fn is_asked(self) -> bool {
        matches!(self, Self::Asked | Self::AskedAlone)
    }
}

/// How a job ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum JobOutcome {
    /// Everything was stored.
    Done,
    /// It stopped early.
    Failed(Error),
}

/// A job.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Job {
    /// Names it.
    pub id: JobId,
    /// Whose costs.
    pub connection: ConnectionId,
    /// Why.
    pub kind: JobKind,
    /// What has become of it.
    pub state: JobState,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was made, or last told to go on after it had ended.
    pub tried_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// The day that its steps were found for; `None` before they were.
    pub planned_on: Option<NaiveDate>,
    /// AWS requests that cost money, each attempt and page one.
    pub requests: u32,
    /// What they cost.
    pub price: Money,
    /// Why it stopped early.
    pub error: Option<Error>,
}

const COLUMNS: &str = "id, connection_id, kind, state, created_at, tried_at, finished_at, \
                       planned_on, requests, price_nanos, currency, error_json";

/// What a server may take: jobs that wait and that nobody works on any more, and those whose
/// server hasn't renewed its lease. `$3` is now.
const FREE: &str = "((state = 'waiting' AND (owner IS NULL OR leased_until < $3)) \
                    OR (state = 'running' AND leased_until < $3))";

/// What a person asked for, once nobody waits for it any more: background work, which keeps
/// to the cap.
const BY_ITSELF: &str = "CASE kind WHEN 'refresh' THEN 'scheduled' \
                         WHEN 'asked' THEN 'asked_alone' ELSE kind END";

/// Jobs about what is kept by itself.
const OF_KEPT: &str = "AND kind NOT IN ('asked', 'asked_alone')";

impl Jobs<'_> {
    /// Makes a job that waits; `None` when the connection has an open one. Of two who race,
    /// one gets it.
    ///
    /// # Errors
    /// [`StoreError::OwnerGone`] when the connection has been deleted.
    pub async fn begin(
        &self,
        connection: ConnectionId,
        kind: JobKind,
        now: DateTime<Utc>,
    ) -> Result<Option<JobId>> {
        row(
            self.0.writes(),
            "INSERT INTO jobs (connection_id, kind, state, created_at, tried_at, requests, \
             price_nanos, currency) VALUES ($1, $2, 'waiting', $3, $3, 0, 0, 'USD') \
             ON CONFLICT (connection_id) WHERE state IN ('waiting', 'running', 'paused') \
             DO NOTHING RETURNING id",
            [
                connection.to_string().into(),
                kind.as_str().into(),
                moment(now),
            ],
        )
        .await?
        .map(|row| row.get("id").map(JobId))
        .transpose()
    }

    /// Takes a free job, of this connection or of any, until `until`. What another server has
    /// left behind goes on by itself: whoever asked for it may have gone long ago.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim(
        &self,
        owner: &Owner,
        only: Option<ConnectionId>,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Option<Job>> {
        let (of, only) = match only {
            Some(connection) => ("AND connection_id = $4", Some(connection)),
            None => ("", None),
        };
        // Asked twice: on PostgreSQL, of two who find the same job, the second looks again.
        let sql = format!(
            "UPDATE jobs SET state = 'running', owner = $1, leased_until = $2, \
             kind = CASE WHEN state = 'running' THEN {BY_ITSELF} ELSE kind END \
             WHERE id = (SELECT id FROM jobs WHERE {FREE} {of} ORDER BY id LIMIT 1) AND {FREE} \
             RETURNING {COLUMNS}"
        );
        let mut values: Vec<Value> = vec![owner.0.as_str().into(), moment(until), moment(now)];
        values.extend(only.map(|connection| connection.to_string().into()));
        row(self.0.writes(), &sql, values)
            .await?
            .map(|row| job(&row))
            .transpose()
    }

    /// Keeps a job until `until`; answers its state, or `None` when it isn't this owner's any
    /// more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn renew(
        &self,
        id: JobId,
        owner: &Owner,
        until: DateTime<Utc>,
    ) -> Result<Option<JobState>> {
        row(
            self.0.writes(),
            "UPDATE jobs SET leased_until = $3 WHERE id = $1 AND owner = $2 RETURNING state",
            [id.0.into(), owner.0.as_str().into(), moment(until)],
        )
        .await?
        .map(|row| row.read("state", state))
        .transpose()
    }

    /// Gives a job back. A running one waits for whoever takes it next.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn let_go(&self, id: JobId, owner: &Owner) -> Result<()> {
        self.give_back(("kind", "id = $2 AND"), owner, Some(id.0))
            .await
    }

    /// Gives everything back that this owner has: when it ends, or begins again after a kill.
    /// It goes on by itself then.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn let_all_go(&self, owner: &Owner) -> Result<()> {
        self.give_back((BY_ITSELF, ""), owner, None).await
    }

    async fn give_back(
        &self,
        (kind, which): (&str, &str),
        owner: &Owner,
        id: Option<i64>,
    ) -> Result<()> {
        let mut values: Vec<Value> = vec![owner.0.as_str().into()];
        values.extend(id.map(Value::from));
        let sql = format!(
            "UPDATE jobs SET owner = NULL, leased_until = NULL, kind = {kind}, \
             state = CASE state WHEN 'running' THEN 'waiting' ELSE state END \
             WHERE {which} owner = $1"
        );
        run(self.0.writes(), &sql, values).await?;
        Ok(())
    }

    /// Ends a job of this owner's. One that was cancelled meanwhile is left alone. It isn't
    /// done, and `false` is the answer, when somebody has wanted more of it meanwhile.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish(
        &self,
        id: JobId,
        owner: &Owner,
        outcome: &JobOutcome,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let transaction = self.0.begin().await?;
        if *outcome == JobOutcome::Done && asked::is_wanted(&transaction, id, owner).await? {
            return Ok(false);
        }
        let (state, error) = match outcome {
            JobOutcome::Done => (JobState::Done, None),
            JobOutcome::Failed(error) => (JobState::Failed, Some(error)),
        };
        let error = error
            .map(serde_json::to_string)
            .transpose()
            .map_err(|_| StoreError::Unreadable("error_json"))?;
        run(
            &transaction,
            "UPDATE jobs SET state = $3, finished_at = $4, error_json = $5, owner = NULL, \
             leased_until = NULL WHERE id = $1 AND owner = $2",
            [
                id.0.into(),
                owner.0.as_str().into(),
                state.as_str().into(),
                moment(now),
                error.into(),
            ],
        )
        .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The connection's newest job, whatever its state.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn latest(&self, connection: ConnectionId) -> Result<Option<Job>> {
        self.newest(connection, "").await
    }

    /// The newest one about what is kept by itself.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn latest_of_kept(&self, connection: ConnectionId) -> Result<Option<Job>> {
        self.newest(connection, OF_KEPT).await
    }

    /// The newest one about what is kept by itself that stored everything.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn latest_complete(&self, connection: ConnectionId) -> Result<Option<Job>> {
        self.newest(connection, &format!("AND state = 'done' {OF_KEPT}"))
            .await
    }

    /// A job that this owner has, as it is now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mine(&self, id: JobId, owner: &Owner) -> Result<Option<Job>> {
        row(
            self.0.reads(),
            &format!("SELECT {COLUMNS} FROM jobs WHERE id = $1 AND owner = $2"),
            [id.0.into(), owner.0.as_str().into()],
        )
        .await?
        .map(|row| job(&row))
        .transpose()
    }

    /// The newest one that asked every part for what had changed, and got it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn latest_refresh(&self, connection: ConnectionId) -> Result<Option<Job>> {
        let only = "AND state = 'done' AND kind IN ('refresh', 'scheduled')";
        self.newest(connection, only).await
    }

    async fn newest(&self, connection: ConnectionId, only: &str) -> Result<Option<Job>> {
        row(
            self.0.reads(),
            &format!(
                "SELECT {COLUMNS} FROM jobs WHERE connection_id = $1 {only} \
                 ORDER BY created_at DESC, id DESC LIMIT 1"
            ),
            [connection.to_string().into()],
        )
        .await?
        .map(|row| job(&row))
        .transpose()
    }

    /// How many jobs have begun by themselves since a moment.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begun_by_itself(
        &self,
        connection: ConnectionId,
        since: DateTime<Utc>,
    ) -> Result<u32> {
        let found = rows(
            self.0.reads(),
            "SELECT COUNT(*) AS number FROM jobs WHERE connection_id = $1 AND created_at >= $2 \
             AND kind IN ('scheduled', 'again')",
            [connection.to_string().into(), moment(since)],
        )
        .await?;
        found.first().map_or(Ok(0), |row| row.count("number"))
    }
}

fn state(text: &str) -> Option<JobState> {
    JobState::ALL.into_iter().find(|one| one.as_str() == text)
}

fn job(row: &Row) -> Result<Job> {
    let error: Option<String> = row.get("error_json")?;
    Ok(Job {
        id: JobId(row.get("id")?),
        connection: ConnectionId(row.parse("connection_id")?),
        kind: row.read("kind", |text| {
            JobKind::ALL.into_iter().find(|kind| kind.as_str() == text)
        })?,
        state: row.read("state", state)?,
        created_at: row.get("created_at")?,
        tried_at: row.get("tried_at")?,
        finished_at: row.get("finished_at")?,
        planned_on: row.get("planned_on")?,
        requests: row.count("requests")?,
        price: Money::new(Nanos(row.get("price_nanos")?), row.currency()?),
        error: error
            .map(|json| serde_json::from_str(&json))
            .transpose()
            .map_err(|_| StoreError::Unreadable("error_json"))?,
    })
}
