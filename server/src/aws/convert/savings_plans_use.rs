//! GetSavingsPlansUtilization: one page.

use aws_sdk_costexplorer::{
    operation::get_savings_plans_utilization::GetSavingsPlansUtilizationOutput,
    types::{SavingsPlansAmortizedCommitment, SavingsPlansSavings, SavingsPlansUtilization},
};
use domain::{
    commitments::{CommitmentQuestion, Fees, Owned, Report, SavingsPlansUse},
    money::Nanos,
};

use super::{
    ConvertError,
    gather::{Gather, Reports},
    member::{money, number, piece, required},
};

/// Utilization of Savings Plans while its page comes in.
pub(in crate::aws) struct SavingsPlansUses<'a> {
    question: &'a CommitmentQuestion,
    reports: Reports<SavingsPlansUse>,
}

impl<'a> SavingsPlansUses<'a> {
    pub(in crate::aws) const fn new(question: &'a CommitmentQuestion) -> Self {
        Self {
            question,
            reports: Reports::new(),
        }
    }
}

impl Gather for SavingsPlansUses<'_> {
    type Page = GetSavingsPlansUtilizationOutput;
    type Whole = Owned<Report<SavingsPlansUse>>;

    fn add(
        &mut self,
        page: GetSavingsPlansUtilizationOutput,
    ) -> Result<Option<String>, ConvertError> {
        let question = self.question;
        // The SDK makes an empty total of one that isn't there.
        if let Some(total) = page.total
            && let Some(used) = total.utilization
            && used != SavingsPlansUtilization::builder().build()
        {
            let (savings, fees) = (total.savings, total.amortized_commitment);
            self.reports
                .total(read(&used, savings.as_ref(), fees.as_ref())?);
        }
        for entry in page.savings_plans_utilizations_by_time.unwrap_or_default() {
            let period = piece(entry.time_period(), question.granularity, question.period)?;
            let used = required(entry.utilization(), "Utilization")?;
            let value = read(used, entry.savings(), entry.amortized_commitment())?;
            self.reports.piece(period, value)?;
        }
        Ok(None)
    }

    /// No commitment at all is one of the ways in which AWS says that there are no plans.
    fn finish(self) -> Result<Self::Whole, ConvertError> {
        if self.reports.is_empty() {
            return Err(ConvertError::NoData);
        }
        let report = self.reports.into_report();
        let pieces = report.pieces.iter().map(|piece| &piece.value);
        let is_bought = |used: &SavingsPlansUse| used.commitment != Nanos::ZERO;
        if pieces.chain(&report.total).any(is_bought) {
            Ok(Owned::Some(report))
        } else {
            Ok(Owned::None)
        }
    }
}

fn read(
    used: &SavingsPlansUtilization,
    savings: Option<&SavingsPlansSavings>,
    fees: Option<&SavingsPlansAmortizedCommitment>,
) -> Result<SavingsPlansUse, ConvertError> {
    let needed = |value, place| required(money(value, place)?, place);
    let commitment = needed(used.total_commitment(), "TotalCommitment")?;
    let percent = number(used.utilization_percentage(), "UtilizationPercentage")?;
    let of_savings = |part: fn(&SavingsPlansSavings) -> Option<&str>| savings.and_then(part);
    let of_fees = |part: fn(&SavingsPlansAmortizedCommitment) -> Option<&str>| fees.and_then(part);
    Ok(SavingsPlansUse {
        commitment,
        used: needed(used.used_commitment(), "UsedCommitment")?,
        unused: needed(used.unused_commitment(), "UnusedCommitment")?,
        used_percent: percent.filter(|_| commitment != Nanos::ZERO),
        net_savings: money(of_savings(|savings| savings.net_savings()), "NetSavings")?,
        on_demand_equivalent: money(
            of_savings(|savings| savings.on_demand_cost_equivalent()),
            "OnDemandCostEquivalent",
        )?,
        fees: Fees {
            upfront: money(
                of_fees(|fees| fees.amortized_upfront_commitment()),
                "AmortizedUpfrontCommitment",
            )?,
            recurring: money(
                of_fees(|fees| fees.amortized_recurring_commitment()),
                "AmortizedRecurringCommitment",
            )?,
            total: money(
                of_fees(|fees| fees.total_amortized_commitment()),
                "TotalAmortizedCommitment",
            )?,
        },
    })
}
