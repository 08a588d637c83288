//! What people want to know beside what is kept by itself: a job of its own, or the next
//! question of the one that is open.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{account::ConnectionId, cube::Question, period::Period};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::{JobId, JobKind, Jobs, Owner, steps};
use crate::{
    jobs::plan::{Part, Step},
    store::{
        Result, StoreError,
        database::{moment, row, rows, run},
    },
};

/// An answer to what somebody asked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AskedAnswer {
    /// What.
    pub question: Question,
    /// For which days.
    pub period: Period,
    /// Requests that it took.
    pub requests: u32,
}

impl Jobs<'_> {
    /// Has a question asked: by a new job, or next by the open one, which goes on if it is
    /// paused. What is waiting to be asked already isn't asked twice.
    ///
    /// # Errors
    /// [`StoreError::OwnerGone`] when the connection has been deleted.
    pub async fn ask(
        &self,
        connection: ConnectionId,
        step: &Step,
        planned_on: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<()> {
        loop {
            let transaction = self.0.begin().await?;
            let job = match begin(&transaction, connection, planned_on, now).await? {
                Some(new) => Some(new),
                None => open(&transaction, connection).await?,
            };
            // Between the two looks, the open one has ended.
            let Some(job) = job else { continue };
            insert_next(&transaction, job, step).await?;
            transaction.commit().await?;
            return Ok(());
        }
    }

    /// Makes an open job that asks only what people wanted a refresh as well; answers whether
    /// there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn refresh_too(&self, connection: ConnectionId, now: DateTime<Utc>) -> Result<bool> {
        let touched = run(
            self.0.writes(),
            "UPDATE jobs SET kind = 'refresh', planned_on = NULL, tried_at = $2, \
             state = CASE state WHEN 'paused' THEN 'waiting' ELSE state END \
             WHERE connection_id = $1 AND kind IN ('asked', 'asked_alone') \
             AND state IN ('waiting', 'running', 'paused')",
            [connection.to_string().into(), moment(now)],
        )
        .await?;
        Ok(touched > 0)
    }

    /// Every answer to what people asked, in the order in which they came.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn asked_answers(&self, connection: ConnectionId) -> Result<Vec<AskedAnswer>> {
        let found = rows(
            self.0.reads(),
            "SELECT part, first_day, end_day, job_steps.requests AS requests FROM job_steps \
             JOIN jobs ON jobs.id = job_steps.job_id \
             WHERE jobs.connection_id = $1 AND job_steps.state = 'done' \
             AND part LIKE 'asked:%' ORDER BY jobs.created_at, jobs.id, position",
            [connection.to_string().into()],
        )
        .await?;
        let mut answers = Vec::with_capacity(found.len());
        for row in &found {
            let Part::Asked(question) = steps::part(row)? else {
                return Err(StoreError::Unreadable("part"));
            };
            answers.push(AskedAnswer {
                question: *question,
                period: steps::period(row)?,
                requests: row.count("requests")?,
            });
        }
        Ok(answers)
    }

    /// How many requests of a job went into what people asked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn asked_requests(&self, id: JobId) -> Result<u32> {
        let found = row(
            self.0.reads(),
            "SELECT CAST(COALESCE(SUM(requests), 0) AS BIGINT) AS requests FROM job_steps \
             WHERE job_id = $1 AND part LIKE 'asked:%'",
            [id.0.into()],
        )
        .await?;
        found.map_or(Ok(0), |row| row.count("requests"))
    }
}

/// Whether there is more to do for a job than its owner has seen. Nobody can add to it until
/// the transaction ends.
pub(super) async fn is_wanted(on: &DatabaseTransaction, id: JobId, owner: &Owner) -> Result<bool> {
    // Changes nothing, but takes the row's lock on PostgreSQL; SQLite has one writer.
    let mine = row(
        on,
        "UPDATE jobs SET owner = owner WHERE id = $1 AND owner = $2 RETURNING planned_on",
        [id.0.into(), owner.0.as_str().into()],
    )
    .await?;
    let Some(mine) = mine else { return Ok(false) };
    let planned_on: Option<NaiveDate> = mine.get("planned_on")?;
    let open = row(
        on,
        "SELECT 1 FROM job_steps WHERE job_id = $1 AND state = 'open' AND part LIKE 'asked:%' \
         LIMIT 1",
        [id.0.into()],
    )
    .await?;
    let has_begun = row(
        on,
        "SELECT 1 FROM job_steps WHERE job_id = $1 LIMIT 1",
        [id.0.into()],
    )
    .await?;
    Ok(open.is_some() || (planned_on.is_none() && has_begun.is_some()))
}

/// A new job for the question alone; `None` when one is open.
async fn begin(
    on: &impl ConnectionTrait,
    connection: ConnectionId,
    planned_on: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Option<JobId>> {
    row(
        on,
        "INSERT INTO jobs (connection_id, kind, state, created_at, tried_at, planned_on, \
         requests, price_nanos, currency) VALUES ($1, $2, 'waiting', $3, $3, $4, 0, 0, 'USD') \
         ON CONFLICT (connection_id) WHERE state IN ('waiting', 'running', 'paused') \
         DO NOTHING RETURNING id",
        [
            connection.to_string().into(),
            JobKind::Asked.as_str().into(),
            moment(now),
            planned_on.into(),
        ],
    )
    .await?
    .map(|row| row.get("id").map(JobId))
    .transpose()
}

/// The open job, which can't end until the transaction does.
async fn open(on: &impl ConnectionTrait, connection: ConnectionId) -> Result<Option<JobId>> {
    row(
        on,
        "UPDATE jobs SET state = CASE state WHEN 'paused' THEN 'waiting' ELSE state END \
         WHERE connection_id = $1 AND state IN ('waiting', 'running', 'paused') RETURNING id",
        [connection.to_string().into()],
    )
    .await?
    .map(|row| row.get("id").map(JobId))
    .transpose()
}

/// Before everything else that is open: somebody waits for it.
async fn insert_next(on: &impl ConnectionTrait, job: JobId, step: &Step) -> Result<()> {
    run(
        on,
        "INSERT INTO job_steps (job_id, position, part, first_day, end_day, only_after_news, \
         state, requests, news) \
         SELECT $1, COALESCE(MIN(position), 1) - 1, $2, $3, $4, FALSE, 'open', 0, FALSE \
         FROM job_steps WHERE job_id = $1 \
         HAVING COALESCE(SUM(CASE WHEN state = 'open' AND part = $2 THEN 1 ELSE 0 END), 0) = 0",
        [
            job.0.into(),
            step.part.to_text().into(),
            step.period.start().into(),
            step.period.end().into(),
        ],
    )
    .await?;
    Ok(())
}
