//! GetSavingsPlansCoverage. AWS gives no total: it is made of the pieces.

use aws_sdk_costexplorer::{
    operation::get_savings_plans_coverage::GetSavingsPlansCoverageOutput,
    types::SavingsPlansCoverageData,
};
use domain::{
    commitments::{CommitmentQuestion, Owned, Report, SavingsPlansCover},
    money::Nanos,
};

use super::{
    ConvertError, Told,
    gather::{Gather, Reports},
    member::{money, number, piece, required},
};

/// Coverage by Savings Plans while its pages come in.
pub(in crate::aws) struct SavingsPlansCoverage<'a> {
    question: &'a CommitmentQuestion,
    reports: Reports<SavingsPlansCover>,
}

impl<'a> SavingsPlansCoverage<'a> {
    pub(in crate::aws) const fn new(question: &'a CommitmentQuestion) -> Self {
        Self {
            question,
            reports: Reports::new(),
        }
    }
}

impl Gather for SavingsPlansCoverage<'_> {
    type Page = Told<GetSavingsPlansCoverageOutput>;
    type Whole = Owned<Report<SavingsPlansCover>>;

    fn add(&mut self, page: Self::Page) -> Result<Option<String>, ConvertError> {
        page.any_of(&["SavingsPlansCoverages"])?;
        let question = self.question;
        for entry in page.value.savings_plans_coverages {
            let period = piece(entry.time_period(), question.granularity, question.period)?;
            let told = required(entry.coverage(), "Coverage")?;
            self.reports.piece(period, read(told)?)?;
        }
        Ok(page.value.next_token)
    }

    fn finish(self) -> Result<Self::Whole, ConvertError> {
        let report = self.reports.into_report();
        let pieces = report.pieces.iter().map(|piece| &piece.value);
        let total = SavingsPlansCover::sum(pieces)
            .map_err(|_| ConvertError::Senseless("SavingsPlansCoverages"))?;
        if report.pieces.is_empty() || total.total == Nanos::ZERO {
            return Ok(Owned::None);
        }
        Ok(Owned::Some(Report {
            total: Some(total),
            ..report
        }))
    }
}

fn read(told: &SavingsPlansCoverageData) -> Result<SavingsPlansCover, ConvertError> {
    let needed = |value, place| required(money(value, place)?, place);
    let total = needed(told.total_cost(), "TotalCost")?;
    let percent = number(told.coverage_percentage(), "CoveragePercentage")?;
    Ok(SavingsPlansCover {
        covered: needed(
            told.spend_covered_by_savings_plans(),
            "SpendCoveredBySavingsPlans",
        )?,
        on_demand: needed(told.on_demand_cost(), "OnDemandCost")?,
        total,
        covered_percent: percent.filter(|_| total != Nanos::ZERO),
    })
}
