//! An answer and the progress that it makes are stored in one transaction: after a kill, a
//! question has either been answered and counted, or neither.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    account::ConnectionId,
    cube::{DaySlice, LinkedAccountName, Question},
    job::price,
};
use sea_orm::{DatabaseTransaction, Value};

use super::{JobId, Jobs, Owner};
use crate::store::{
    Result,
    costs::{Arrived, Costs},
    database::run,
};

/// Whose answer it is, and what it took.
#[derive(Clone, Debug)]
pub struct Answered<'a> {
    /// The job.
    pub job: JobId,
    /// Its step.
    pub position: i64,
    /// Who works on it.
    pub owner: &'a Owner,
    /// Whose costs.
    pub connection: ConnectionId,
    /// What day it was when the question left.
    pub asked_on: NaiveDate,
    /// When it left.
    pub asked_at: DateTime<Utc>,
    /// AWS requests that it took.
    pub requests: u32,
}

/// What came of storing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stored {
    /// It is stored; whether anything is other than before.
    Kept {
        /// Whether it is.
        news: bool,
    },
    /// The job isn't this owner's any more: nothing is stored.
    Lost,
}

impl Jobs<'_> {
    /// Says that a step has been answered, and that there is nothing to store, or that it is
    /// stored already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settle(&self, answered: &Answered<'_>) -> Result<Stored> {
        let transaction = self.0.begin().await?;
        if !answered.count_in(&transaction).await? {
            return Ok(Stored::Lost);
        }
        transaction.commit().await?;
        Ok(Stored::Kept { news: false })
    }

    /// Stores a cube's days, whole or not at all, if the job is still the owner's.
    ///
    /// # Errors
    /// As [`Costs::replace_slices`].
    pub async fn store_days(
        &self,
        answered: &Answered<'_>,
        question: &Question,
        days: &[DaySlice],
        names: &[LinkedAccountName],
    ) -> Result<Stored> {
        let transaction = self.0.begin().await?;
        if !answered.count_in(&transaction).await? {
            return Ok(Stored::Lost);
        }
        let arrived = Arrived {
            asked_on: answered.asked_on,
            asked_at: answered.asked_at,
            slices: days,
            names,
        };
        let replaced =
            Costs::replace_in(&transaction, answered.connection, question, arrived).await?;
        let news = replaced.anything();
        if news {
            run(
                &transaction,
                "UPDATE job_steps SET news = TRUE WHERE job_id = $1 AND position = $2",
                [answered.job.0.into(), answered.position.into()],
            )
            .await?;
        }
        transaction.commit().await?;
        Ok(Stored::Kept { news })
    }

    /// Counts requests whose answer never came.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_lost(&self, id: JobId, owner: &Owner, requests: u32) -> Result<()> {
        run(self.0.writes(), COUNT, count(id, owner, requests)).await?;
        Ok(())
    }
}

const COUNT: &str = "UPDATE jobs SET requests = requests + $3, price_nanos = price_nanos + $4 \
                     WHERE id = $1 AND owner = $2";

fn count(id: JobId, owner: &Owner, requests: u32) -> [Value; 4] {
    [
        id.0.into(),
        owner.0.as_str().into(),
        i64::from(requests).into(),
        price(requests).amount.0.into(),
    ]
}

impl Answered<'_> {
    /// Whether the job is still the owner's and the step still open; then both say that it
    /// has been answered. First in the transaction: on PostgreSQL, it locks the job.
    async fn count_in(&self, transaction: &DatabaseTransaction) -> Result<bool> {
        let mine = count(self.job, self.owner, self.requests);
        if run(transaction, COUNT, mine).await? == 0 {
            return Ok(false);
        }
        let open = run(
            transaction,
            "UPDATE job_steps SET state = 'done', asked_on = $3, requests = $4 \
             WHERE job_id = $1 AND position = $2 AND state = 'open'",
            [
                self.job.0.into(),
                self.position.into(),
                self.asked_on.into(),
                i64::from(self.requests).into(),
            ],
        )
        .await?;
        Ok(open == 1)
    }
}
