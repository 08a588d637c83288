//! The questions that a job asks, each one step: open until its answer is stored.

use chrono::NaiveDate;
use domain::{account::ConnectionId, period::Period};

use super::{JobId, Jobs, Owner};
use crate::{
    jobs::plan::{Part, Step},
    store::{
        Result, StoreError,
        database::{Row, row, rows, run},
    },
};

/// What has become of a step.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum StepState {
    /// To be asked.
    Open,
    /// Its answer is stored.
    Done,
    /// It turned out not to be needed.
    Skipped,
}

impl StepState {
    const ALL: [Self; 3] = [Self::Open, Self::Done, Self::Skipped];

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Skipped => "skipped",
        }
    }
}

/// A step as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredStep {
    /// Its place in the job.
    pub position: i64,
    /// The question.
    pub step: Step,
    /// What has become of it.
    pub state: StepState,
    /// Whether its answer was other than what had been stored.
    pub news: bool,
}

impl Jobs<'_> {
    /// Puts these steps in the place of the open ones; answers whether the job is still this
    /// owner's. What a person has asked for stays open, whatever becomes of the others.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn plan(
        &self,
        id: JobId,
        owner: &Owner,
        planned_on: NaiveDate,
        steps: &[Step],
    ) -> Result<bool> {
        let transaction = self.0.begin().await?;
        let mine = run(
            &transaction,
            "UPDATE jobs SET planned_on = $3 WHERE id = $1 AND owner = $2",
            [id.0.into(), owner.0.as_str().into(), planned_on.into()],
        )
        .await?;
        if mine == 0 {
            return Ok(false);
        }
        for found_anew in steps {
            let again = "DELETE FROM job_steps WHERE job_id = $1 AND state = 'open' AND part = $2";
            let part = found_anew.part.to_text();
            run(&transaction, again, [id.0.into(), part.into()]).await?;
        }
        let open = "DELETE FROM job_steps WHERE job_id = $1 AND state = 'open' \
                    AND part NOT LIKE 'asked:%'";
        run(&transaction, open, [id.0.into()]).await?;
        let kept = "SELECT COALESCE(MAX(position), 0) AS last FROM job_steps WHERE job_id = $1";
        let kept = rows(&transaction, kept, [id.0.into()]).await?;
        let mut position: i64 = kept.first().map_or(Ok(0), |row| row.get("last"))?;
        for step in steps {
            position += 1;
            run(
                &transaction,
                "INSERT INTO job_steps (job_id, position, part, first_day, end_day, \
                 only_after_news, state, requests, news) \
                 VALUES ($1, $2, $3, $4, $5, $6, 'open', 0, FALSE)",
                [
                    id.0.into(),
                    position.into(),
                    step.part.to_text().into(),
                    step.period.start().into(),
                    step.period.end().into(),
                    step.only_after_news.into(),
                ],
            )
            .await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// A job's steps, in their order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn steps(&self, id: JobId) -> Result<Vec<StoredStep>> {
        rows(
            self.0.reads(),
            "SELECT position, part, first_day, end_day, only_after_news, state, news \
             FROM job_steps WHERE job_id = $1 ORDER BY position",
            [id.0.into()],
        )
        .await?
        .iter()
        .map(|row| {
            Ok(StoredStep {
                position: row.get("position")?,
                step: Step {
                    part: part(row)?,
                    period: period(row)?,
                    only_after_news: row.get("only_after_news")?,
                },
                state: row.read("state", |text| {
                    StepState::ALL
                        .into_iter()
                        .find(|state| state.as_str() == text)
                })?,
                news: row.get("news")?,
            })
        })
        .collect()
    }

    /// Leaves an open step out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn skip(&self, id: JobId, owner: &Owner, position: i64) -> Result<()> {
        run(
            self.0.writes(),
            "UPDATE job_steps SET state = 'skipped' WHERE job_id = $1 AND position = $2 \
             AND state = 'open' AND EXISTS (SELECT 1 FROM jobs WHERE id = $1 AND owner = $3)",
            [id.0.into(), position.into(), owner.0.as_str().into()],
        )
        .await?;
        Ok(())
    }

    /// On which day a part was last asked for by a request that AWS answered, even if it had
    /// nothing to give.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_answered(
        &self,
        connection: ConnectionId,
        part: &Part,
    ) -> Result<Option<NaiveDate>> {
        row(
            self.0.reads(),
            "SELECT asked_on FROM job_steps JOIN jobs ON jobs.id = job_steps.job_id \
             WHERE jobs.connection_id = $1 AND part = $2 AND job_steps.state = 'done' \
             AND job_steps.requests > 0 ORDER BY asked_on DESC LIMIT 1",
            [connection.to_string().into(), part.to_text().into()],
        )
        .await?
        .map_or(Ok(None), |row| row.get("asked_on"))
    }

    /// What was asked and answered since a day: for which part, which days, and when.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn answered_since(
        &self,
        connection: ConnectionId,
        since: NaiveDate,
    ) -> Result<Vec<(Part, Period, NaiveDate)>> {
        rows(
            self.0.reads(),
            "SELECT part, first_day, end_day, asked_on FROM job_steps \
             JOIN jobs ON jobs.id = job_steps.job_id \
             WHERE jobs.connection_id = $1 AND job_steps.state = 'done' AND asked_on >= $2",
            [connection.to_string().into(), since.into()],
        )
        .await?
        .iter()
        .map(|row| Ok((part(row)?, period(row)?, row.get("asked_on")?)))
        .collect()
    }
}

pub(super) fn part(row: &Row) -> Result<Part> {
    row.read("part", Part::named)
}

pub(super) fn period(row: &Row) -> Result<Period> {
    Period::new(row.get("first_day")?, row.get("end_day")?)
        .map_err(|_| StoreError::Unreadable("end_day"))
}
