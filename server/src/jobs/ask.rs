//! Asks one step's question and stores the answer, whole or not at all.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    Result,
    cube::{Granularity, Question},
    forecast::ForecastQuestion,
};

use super::work::{Worker, priority};
use crate::{
    aws::{AwsError, Kind, Target},
    services::{internal, outlook::FORECAST_METRIC},
    store::{
        connections::StoredConnection,
        jobs::{Answered, Job, Owner, Stored, StoredStep},
    },
};

/// A step on its way.
pub(super) struct Asker<'a> {
    pub worker: &'a Worker,
    pub connection: &'a StoredConnection,
    pub job: &'a Job,
    pub owner: &'a Owner,
    pub target: &'a Target,
    pub step: &'a StoredStep,
    pub asked_on: NaiveDate,
    pub asked_at: DateTime<Utc>,
}

/// What is good to have, but no reason to stop: a key needs to be allowed costs and no more.
const fn can_do_without(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::NoData
            | Kind::TooLittleHistory
            | Kind::TooFarBack
            | Kind::Refused
            | Kind::Denied
            | Kind::ForbiddenByPolicy
            | Kind::DeniedByOrganization
    )
}

/// What asking again wouldn't mend: the answer is as it is. Months in another currency than
/// today's can't be read; the days can.
const fn is_said(kind: Kind) -> bool {
    can_do_without(kind)
        || matches!(
            kind,
            Kind::Unreadable | Kind::AnswerChanged | Kind::MixedUnits
        )
}

impl Asker<'_> {
    /// Daily costs by a question's keys.
    pub async fn days(&self, question: &Question) -> Result<Stored> {
        let answer = self.costs(question).await;
        match answer {
            Ok(answer) => self.keep(question, answer).await,
            Err(error) => self.failed(error).await,
        }
    }

    /// Totals of months: AWS may keep no more than the days that are asked for anyway.
    pub async fn months(&self) -> Result<Stored> {
        let question = Question::months();
        match self.costs(&question).await {
            Ok(answer) => self.keep(&question, answer).await,
            Err(error) if is_said(error.kind) => self.settle(error.attempts).await,
            Err(error) => self.failed(error).await,
        }
    }

    /// Where this month will end. Paid for once a day, whatever AWS said.
    pub async fn forecast(&self) -> Result<Stored> {
        let (id, outlooks) = (self.job.connection, &self.worker.outlooks);
        if outlooks.is_asked(id, self.asked_on).await? {
            return self.settle(0).await;
        }
        let question = ForecastQuestion::of_costs(
            self.asked_on,
            self.step.step.period.end(),
            Granularity::Daily,
            FORECAST_METRIC,
        );
        // The day has changed while the job waited: its next steps are found anew.
        let Ok(question) = question else {
            return self.settle(0).await;
        };
        let gateway = &self.worker.gateway;
        let asked = gateway
            .cost_forecast(self.target, &question, priority(self.job.kind))
            .await;
        match asked {
            Ok(asked) => {
                outlooks.keep(id, self.asked_on, Some(&asked.value)).await?;
                self.settle(asked.requests).await
            }
            Err(error) if can_do_without(error.kind) => {
                outlooks.keep(id, self.asked_on, None).await?;
                self.settle(error.attempts).await
            }
            Err(error) => self.failed(error).await,
        }
    }

    async fn costs(
        &self,
        question: &Question,
    ) -> std::result::Result<crate::aws::Answer, AwsError> {
        let (gateway, period) = (&self.worker.gateway, self.step.step.period);
        gateway
            .cost_and_usage(self.target, question, period, priority(self.job.kind))
            .await
    }

    async fn keep(&self, question: &Question, answer: crate::aws::Answer) -> Result<Stored> {
        let jobs = self.worker.store.jobs();
        jobs.store_days(
            &self.answered(answer.requests),
            question,
            &answer.slices,
            &answer.names,
        )
        .await
        .map_err(|error| internal("storing costs", &error))
    }

    async fn settle(&self, requests: u32) -> Result<Stored> {
        let answered = self.answered(requests);
        let settled = self.worker.store.jobs().settle(&answered).await;
        settled.map_err(|error| internal("ending a step", &error))
    }

    async fn failed(&self, error: AwsError) -> Result<Stored> {
        let jobs = self.worker.store.jobs();
        let counted = jobs
            .count_lost(self.job.id, self.owner, error.attempts)
            .await;
        if let Err(error) = counted {
            internal("counting requests", &error);
        }
        let access = &self.worker.access;
        let told = access.explain(self.connection, self.target, &error).await;
        Err(told)
    }

    const fn answered(&self, requests: u32) -> Answered<'_> {
        Answered {
            job: self.job.id,
            position: self.step.position,
            owner: self.owner,
            connection: self.job.connection,
            asked_on: self.asked_on,
            asked_at: self.asked_at,
            requests,
        }
    }
}
