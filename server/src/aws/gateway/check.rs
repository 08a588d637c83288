//! May it be asked at all? One request for each operation, the cheapest there is.

use chrono::NaiveDate;
use domain::{
    commitments::CommitmentQuestion,
    cube::Granularity,
    dimension::{Dimension, Filter},
    forecast::{ForecastQuestion, UnaskableForecast},
    inventory::Region,
    ledger::Operation,
    metric::Metric,
    period::Period,
    values::ValuesOf,
};

use super::{Asking, Gateway, costs, pages::unusable, values::all};
use crate::aws::{
    classify::Failure,
    convert::{
        Addresses, Anomalies, ConvertError, Gather, Instances, Monitors, Regions, Snapshots,
        Values, Volumes,
    },
    error::AwsError,
    kind::Kind,
    priority::Priority,
    retry::Answered,
    target::Target,
};

/// The fewest that EC2 puts on a page.
const FEW: i32 = 5;
/// How AWS says to those who may ask that it has nothing to tell.
const NOTHING_TO_TELL: [&str; 2] = ["DataUnavailableException", "UnresolvableUsageUnitException"];
/// A usage type that most accounts have, in one unit.
const COMMON_USAGE_TYPE: &str = "DataTransfer-Out-Bytes";

impl Gateway {
    /// Asks one question with an operation, to learn whether the credentials may: about the
    /// day before `today`, or about a few things of the region. That AWS has too little to
    /// tell is an answer as well, except about costs: without them there is no product.
    ///
    /// Taking a role on isn't a question of its own: asking who one is needs it.
    ///
    /// # Errors
    /// When AWS doesn't answer, or answers `{}`.
    pub async fn check(
        &self,
        target: &Target,
        operation: Operation,
        region: &Region,
        today: NaiveDate,
        priority: Priority,
    ) -> Result<(), AwsError> {
        let asked = self
            .first_page(target, operation, region, today, priority)
            .await;
        match asked {
            Err(error) if operation != Operation::GetCostAndUsage && is_answer(&error) => Ok(()),
            asked => asked,
        }
    }

    /// Whether these credentials may ask for costs at all: one priced question, about the
    /// day before `today`.
    ///
    /// # Errors
    /// As [`Gateway::check`].
    pub async fn probe(
        &self,
        target: &Target,
        today: NaiveDate,
        priority: Priority,
    ) -> Result<(), AwsError> {
        let asking = Asking::of(target, Operation::GetCostAndUsage, priority);
        let yesterday = day_before(today);
        let answered = self.costs_page(asking, costs::cheapest(yesterday)).await?;
        if answered.value.results_by_time.is_some() {
            return Ok(());
        }
        let error = unusable(asking.operation, ConvertError::NoData);
        Err(with_attempts(error, answered.attempts))
    }

    async fn first_page(
        &self,
        target: &Target,
        operation: Operation,
        region: &Region,
        today: NaiveDate,
        priority: Priority,
    ) -> Result<(), AwsError> {
        let asking = Asking::of(target, operation, priority);
        let there = asking.in_region(region.as_str());
        let yesterday = day_before(today);
        let commitments = CommitmentQuestion {
            period: yesterday,
            granularity: Granularity::Daily,
            filter: None,
        };
        let values = |of| {
            let asked = all(of, yesterday);
            async move {
                readable(
                    asking,
                    Values::new(),
                    self.values_page(asking, &asked, None).await,
                )
            }
        };
        match operation {
            Operation::GetCallerIdentity | Operation::AssumeRole => {
                self.identity(target, priority).await.map(drop)
            }
            Operation::GetCostAndUsage => self.probe(target, today, priority).await,
            Operation::GetCostForecast => {
                let question = tomorrow(today, |today, end| {
                    ForecastQuestion::of_costs(today, end, Granularity::Daily, Metric::Unblended)
                });
                let question = question.map_err(|error| impossible(operation, error))?;
                self.cost_forecast(target, &question, priority)
                    .await
                    .map(drop)
            }
            Operation::GetUsageForecast => {
                let filter = Filter::In {
                    key: Dimension::UsageType.into(),
                    values: vec![COMMON_USAGE_TYPE.to_owned()],
                };
                let question = tomorrow(today, |today, end| {
                    let metric = Metric::UsageQuantity;
                    ForecastQuestion::of_usage(today, end, Granularity::Daily, metric, filter)
                });
                let question = question.map_err(|error| impossible(operation, error))?;
                self.usage_forecast(target, &question, priority)
                    .await
                    .map(drop)
            }
            // One day never fills a page.
            Operation::GetReservationUtilization => {
                let asked = self.reservation_utilization(target, &commitments, priority);
                asked.await.map(drop)
            }
            Operation::GetReservationCoverage => {
                let asked = self.reservation_coverage(target, &commitments, priority);
                asked.await.map(drop)
            }
            Operation::GetSavingsPlansUtilization => {
                let asked = self.savings_plans_utilization(target, &commitments, priority);
                asked.await.map(drop)
            }
            Operation::GetSavingsPlansCoverage => {
                let asked = self.savings_plans_coverage(target, &commitments, priority);
                asked.await.map(drop)
            }
            Operation::GetAnomalies => {
                let page = self.anomalies_page(asking, yesterday.start(), None);
                readable(asking, Anomalies::new(), page.await)
            }
            Operation::GetAnomalyMonitors => {
                let page = self.monitors_page(asking, None);
                readable(asking, Monitors::new(), page.await)
            }
            Operation::GetDimensionValues => values(ValuesOf::Dimension(Dimension::Service)).await,
            Operation::GetTags => values(ValuesOf::TagKeys).await,
            Operation::GetCostCategories => values(ValuesOf::CostCategoryNames).await,
            Operation::DescribeInstances => {
                let page = self.instances_page(there, FEW, None);
                readable(there, Instances::new(region), page.await)
            }
            Operation::DescribeVolumes => {
                let page = self.volumes_page(there, FEW, None);
                readable(there, Volumes::new(region), page.await)
            }
            Operation::DescribeAddresses => {
                let page = self.addresses_page(there);
                readable(there, Addresses::new(region), page.await)
            }
            Operation::DescribeSnapshots => {
                let page = self.snapshots_page(there, FEW, None);
                readable(there, Snapshots::new(region), page.await)
            }
            Operation::DescribeRegions => {
                let page = self.regions_page(there);
                readable(there, Regions::new(), page.await)
            }
        }
    }
}

/// Whether a page makes sense. What follows it isn't asked for.
fn readable<G: Gather>(
    asking: Asking<'_>,
    mut pages: G,
    answered: Result<Answered<G::Page>, AwsError>,
) -> Result<(), AwsError> {
    let Answered { value, attempts } = answered?;
    match pages.add(value) {
        Ok(_) => Ok(()),
        Err(error) => Err(with_attempts(unusable(asking.operation, error), attempts)),
    }
}

fn with_attempts(mut error: AwsError, attempts: u32) -> AwsError {
    error.attempts = attempts;
    error
}

fn is_answer(error: &AwsError) -> bool {
    let code = error.aws_code.as_deref();
    code.is_some_and(|code| NOTHING_TO_TELL.contains(&code))
}

fn day_before(today: NaiveDate) -> Period {
    Period::day(today.pred_opt().unwrap_or(today))
}

/// A forecast for today alone.
fn tomorrow(
    today: NaiveDate,
    question: impl FnOnce(NaiveDate, NaiveDate) -> Result<ForecastQuestion, UnaskableForecast>,
) -> Result<ForecastQuestion, UnaskableForecast> {
    question(today, Period::day(today).end())
}

/// Only on the last day of the calendar.
fn impossible(operation: Operation, error: UnaskableForecast) -> AwsError {
    AwsError::new(operation, 0, Failure::caused(Kind::Internal, error))
}
