//! What it will cost, and how much will be used.

use aws_sdk_costexplorer::operation::{
    get_cost_forecast::builders::GetCostForecastInputBuilder,
    get_usage_forecast::builders::GetUsageForecastInputBuilder,
};
use domain::{
    forecast::{CostForecast, ForecastQuestion, UsageForecast},
    ledger::Operation,
};

use super::{
    Asked, Asking, Gateway,
    pages::{gather, unusable},
};
use crate::aws::{
    convert::{CostForecasts, UsageForecasts, question},
    error::AwsError,
    priority::Priority,
    target::Target,
};

impl Gateway {
    /// Asks what the costs will be: one request.
    ///
    /// # Errors
    /// When AWS doesn't answer, or answers what can't be read. With too little history AWS
    /// has no data.
    pub async fn cost_forecast(
        &self,
        target: &Target,
        question: &ForecastQuestion,
        priority: Priority,
    ) -> Result<Asked<CostForecast>, AwsError> {
        let asking = Asking::of(target, Operation::GetCostForecast, priority);
        let filter = question::filter(question.filter())
            .map_err(|error| unusable(asking.operation, error))?;
        let input = GetCostForecastInputBuilder::default()
            .set_time_period(question::interval(question.period()))
            .granularity(question::granularity(question.granularity()))
            .metric(question::forecast_metric(question.metric()))
            .prediction_interval_level(question.level().into())
            .set_filter(filter);
        gather(
            asking,
            || CostForecasts::new(question),
            |_| {
                self.ask(asking, input.clone(), |input, call| async move {
                    input.send_with(&call.cost_explorer()).await
                })
            },
        )
        .await
    }

    /// Asks how much will be used: one request.
    ///
    /// # Errors
    /// As [`Gateway::cost_forecast`], and when the filter leaves usage of several units.
    pub async fn usage_forecast(
        &self,
        target: &Target,
        question: &ForecastQuestion,
        priority: Priority,
    ) -> Result<Asked<UsageForecast>, AwsError> {
        let asking = Asking::of(target, Operation::GetUsageForecast, priority);
        let filter = question::filter(question.filter())
            .map_err(|error| unusable(asking.operation, error))?;
        let input = GetUsageForecastInputBuilder::default()
            .set_time_period(question::interval(question.period()))
            .granularity(question::granularity(question.granularity()))
            .metric(question::forecast_metric(question.metric()))
            .prediction_interval_level(question.level().into())
            .set_filter(filter);
        gather(
            asking,
            || UsageForecasts::new(question),
            |_| {
                self.ask(asking, input.clone(), |input, call| async move {
                    input.send_with(&call.cost_explorer()).await
                })
            },
        )
        .await
    }
}
