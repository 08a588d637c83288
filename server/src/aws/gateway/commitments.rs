//! What reservations and Savings Plans are good for.

use aws_sdk_costexplorer::operation::{
    get_reservation_coverage::builders::GetReservationCoverageInputBuilder,
    get_reservation_utilization::builders::GetReservationUtilizationInputBuilder,
    get_savings_plans_coverage::builders::GetSavingsPlansCoverageInputBuilder,
    get_savings_plans_utilization::builders::GetSavingsPlansUtilizationInputBuilder,
};
use domain::{
    commitments::{
        CommitmentQuestion, Owned, Report, ReservationCover, ReservationUse, SavingsPlansCover,
        SavingsPlansUse,
    },
    cube::Granularity,
    ledger::Operation,
};

use super::{
    Asked, Asking, Gateway,
    pages::{gather, unusable},
};
use crate::aws::{
    convert::{
        Listener, ReservationCoverage, ReservationUses, SavingsPlansCoverage, SavingsPlansUses,
        question,
    },
    error::AwsError,
    priority::Priority,
    target::Target,
};

/// What reservation coverage is told in: hours, normalized units, money.
const COVERAGE_METRICS: [&str; 3] = ["Hour", "Unit", "Cost"];
/// As many pieces of Savings Plans coverage come on a page unless more are asked for.
const COVERAGES_A_PAGE: usize = 20;
/// How AWS says that there are no Savings Plans.
const UNAVAILABLE: &str = "DataUnavailableException";

impl Gateway {
    /// Asks how reservations were used. Never by single reservation: AWS sends nulls there
    /// that the SDK can't read.
    ///
    /// # Errors
    /// When AWS doesn't answer, or answers what can't be read.
    pub async fn reservation_utilization(
        &self,
        target: &Target,
        question: &CommitmentQuestion,
        priority: Priority,
    ) -> Result<Asked<Owned<Report<ReservationUse>>>, AwsError> {
        let asking = Asking::of(target, Operation::GetReservationUtilization, priority);
        let filter = question::filter(question.filter.as_ref())
            .map_err(|error| unusable(asking.operation, error))?;
        let input = GetReservationUtilizationInputBuilder::default()
            .set_time_period(question::interval(question.period))
            .granularity(question::granularity(question.granularity))
            .set_filter(filter);
        gather(
            asking,
            || ReservationUses::new(question),
            |token| {
                let input = input.clone().set_next_page_token(token);
                self.ask(asking, input, |input, call| async move {
                    input.send_with(&call.cost_explorer()).await
                })
            },
        )
        .await
    }

    /// Asks how much of the usage was reserved.
    ///
    /// # Errors
    /// When AWS doesn't answer, or answers what can't be read.
    pub async fn reservation_coverage(
        &self,
        target: &Target,
        question: &CommitmentQuestion,
        priority: Priority,
    ) -> Result<Asked<Owned<Report<ReservationCover>>>, AwsError> {
        let asking = Asking::of(target, Operation::GetReservationCoverage, priority);
        let filter = question::filter(question.filter.as_ref())
            .map_err(|error| unusable(asking.operation, error))?;
        let input = GetReservationCoverageInputBuilder::default()
            .set_time_period(question::interval(question.period))
            .granularity(question::granularity(question.granularity))
            .set_metrics(Some(COVERAGE_METRICS.map(str::to_owned).to_vec()))
            .set_filter(filter);
        gather(
            asking,
            || ReservationCoverage::new(question),
            |token| {
                let input = input.clone().set_next_page_token(token);
                self.ask(asking, input, |input, call| async move {
                    input.send_with(&call.cost_explorer()).await
                })
            },
        )
        .await
    }

    /// Asks how Savings Plans were used: one request.
    ///
    /// # Errors
    /// When AWS doesn't answer, or answers what can't be read.
    pub async fn savings_plans_utilization(
        &self,
        target: &Target,
        question: &CommitmentQuestion,
        priority: Priority,
    ) -> Result<Asked<Owned<Report<SavingsPlansUse>>>, AwsError> {
        let asking = Asking::of(target, Operation::GetSavingsPlansUtilization, priority);
        let filter = question::filter(question.filter.as_ref())
            .map_err(|error| unusable(asking.operation, error))?;
        let input = GetSavingsPlansUtilizationInputBuilder::default()
            .set_time_period(question::interval(question.period))
            .granularity(question::granularity(question.granularity))
            .set_filter(filter);
        let answer = gather(
            asking,
            || SavingsPlansUses::new(question),
            |_| {
                self.ask(asking, input.clone(), |input, call| async move {
                    input.send_with(&call.cost_explorer()).await
                })
            },
        )
        .await;
        none_if_unavailable(answer)
    }

    /// Asks how much of the spending Savings Plans covered.
    ///
    /// # Errors
    /// When AWS doesn't answer, or answers what can't be read.
    pub async fn savings_plans_coverage(
        &self,
        target: &Target,
        question: &CommitmentQuestion,
        priority: Priority,
    ) -> Result<Asked<Owned<Report<SavingsPlansCover>>>, AwsError> {
        let asking = Asking::of(target, Operation::GetSavingsPlansCoverage, priority);
        let filter = question::filter(question.filter.as_ref())
            .map_err(|error| unusable(asking.operation, error))?;
        let input = GetSavingsPlansCoverageInputBuilder::default()
            .set_time_period(question::interval(question.period))
            .granularity(question::granularity(question.granularity))
            .set_max_results(page_size(question))
            .set_filter(filter);
        let answer = gather(
            asking,
            || SavingsPlansCoverage::new(question),
            |token| {
                let input = input.clone().set_next_token(token);
                self.ask(asking, input, |input, call| async move {
                    let listener = Listener::default();
                    let client = listener.attached_to(&call.cost_explorer());
                    Ok(listener.told(input.send_with(&client).await?))
                })
            },
        )
        .await;
        none_if_unavailable(answer)
    }
}

/// All days on one page if possible: each page is paid for.
fn page_size(question: &CommitmentQuestion) -> Option<i32> {
    let pieces = match question.granularity {
        Granularity::Daily => question.period.len(),
        Granularity::Monthly => question.period.by_month().len(),
    };
    (pieces > COVERAGES_A_PAGE)
        .then(|| i32::try_from(pieces).ok())
        .flatten()
}

fn none_if_unavailable<T>(
    answer: Result<Asked<Owned<T>>, AwsError>,
) -> Result<Asked<Owned<T>>, AwsError> {
    match answer {
        Err(error) if error.aws_code.as_deref() == Some(UNAVAILABLE) => Ok(Asked {
            value: Owned::None,
            requests: error.attempts,
        }),
        answer => answer,
    }
}
