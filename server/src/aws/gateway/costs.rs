//! What it costs.

use aws_sdk_costexplorer::operation::get_cost_and_usage::{
    GetCostAndUsageOutput, builders::GetCostAndUsageInputBuilder,
};
use domain::{
    cube::{DaySlice, Granularity, LinkedAccountName, Question},
    ledger::Operation,
    metric::Metric,
    period::Period,
};

use super::{
    Asked, Asking, Gateway,
    pages::{gather, unusable},
};
use crate::aws::{
    convert::{Costs, question},
    error::AwsError,
    priority::Priority,
    retry::Answered,
    target::Target,
};

/// A whole answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// By day, oldest first. A day that AWS left out is not in it.
    pub slices: Vec<DaySlice>,
    /// By account.
    pub names: Vec<LinkedAccountName>,
    /// Attempts that left the machine, each of them priced.
    pub requests: u32,
}

impl Gateway {
    /// Asks for the costs of a period, in all seven metrics. Nothing is returned until
    /// every page has come.
    ///
    /// # Errors
    /// When AWS doesn't answer, or answers what can't be read. The error says
    /// how many requests it took.
    pub async fn cost_and_usage(
        &self,
        target: &Target,
        question: &Question,
        period: Period,
        priority: Priority,
    ) -> Result<Answer, AwsError> {
        let asking = Asking::of(target, Operation::GetCostAndUsage, priority);
        let filter = question::filter(question.filter.as_ref())
            .map_err(|error| unusable(asking.operation, error))?;
        let input = GetCostAndUsageInputBuilder::default()
            .set_time_period(question::interval(period))
            .granularity(question::granularity(question.granularity))
            .set_metrics(Some(question::all_metrics()))
            .set_filter(filter)
            .set_group_by(question::group_by(&question.keys));
        let answer = gather(
            asking,
            || Costs::new(question, period),
            |token| self.costs_page(asking, input.clone().set_next_page_token(token)),
        )
        .await?;
        let Asked {
            value: (slices, names),
            requests,
        } = answer;
        Ok(Answer {
            slices,
            names,
            requests,
        })
    }

    pub(super) async fn costs_page(
        &self,
        asking: Asking<'_>,
        input: GetCostAndUsageInputBuilder,
    ) -> Result<Answered<GetCostAndUsageOutput>, AwsError> {
        self.ask(asking, input, |input, call| async move {
            input.send_with(&call.cost_explorer()).await
        })
        .await
    }
}

/// One cost without any grouping: the cheapest question there is.
pub(super) fn cheapest(day: Period) -> GetCostAndUsageInputBuilder {
    GetCostAndUsageInputBuilder::default()
        .set_time_period(question::interval(day))
        .granularity(question::granularity(Granularity::Daily))
        .metrics(Metric::Unblended.aws_name())
}
