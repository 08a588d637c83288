//! GetReservationUtilization.

use aws_sdk_costexplorer::{
    operation::get_reservation_utilization::GetReservationUtilizationOutput,
    types::ReservationAggregates,
};
use domain::commitments::{
    CommitmentQuestion, Fees, Owned, Report, ReservationUnits, ReservationUse,
};

use super::{
    ConvertError,
    gather::{Gather, Reports},
    member::{money, number, piece, required},
};

/// Utilization of reservations while its pages come in.
pub(in crate::aws) struct ReservationUses<'a> {
    question: &'a CommitmentQuestion,
    reports: Reports<ReservationUse>,
}

impl<'a> ReservationUses<'a> {
    pub(in crate::aws) const fn new(question: &'a CommitmentQuestion) -> Self {
        Self {
            question,
            reports: Reports::new(),
        }
    }
}

impl Gather for ReservationUses<'_> {
    type Page = GetReservationUtilizationOutput;
    type Whole = Owned<Report<ReservationUse>>;

    fn add(
        &mut self,
        page: GetReservationUtilizationOutput,
    ) -> Result<Option<String>, ConvertError> {
        let question = self.question;
        if let Some(total) = page.total {
            self.reports.total(read(&total)?);
        } else if page.utilizations_by_time.is_empty() && page.next_page_token.is_none() {
            return Err(ConvertError::NoData);
        }
        for entry in page.utilizations_by_time {
            let period = piece(entry.time_period(), question.granularity, question.period)?;
            let total = required(entry.total, "UtilizationsByTime.Total")?;
            self.reports.piece(period, read(&total)?)?;
        }
        Ok(page.next_page_token)
    }

    /// Nothing purchased at all is how AWS says that there are no reservations.
    fn finish(self) -> Result<Self::Whole, ConvertError> {
        if self.reports.is_empty() {
            return Err(ConvertError::NoData);
        }
        let report = self.reports.into_report();
        let pieces = report.pieces.iter().map(|piece| &piece.value);
        let is_bought = |used: &ReservationUse| used.purchased_hours > 0.0;
        if pieces.chain(&report.total).any(is_bought) {
            Ok(Owned::Some(report))
        } else {
            Ok(Owned::None)
        }
    }
}

fn read(told: &ReservationAggregates) -> Result<ReservationUse, ConvertError> {
    let hours = number(told.purchased_hours(), "PurchasedHours")?;
    let purchased_hours = required(hours, "PurchasedHours")?;
    let used_percent = number(told.utilization_percentage(), "UtilizationPercentage")?;
    Ok(ReservationUse {
        purchased_hours,
        used_hours: number(told.total_actual_hours(), "TotalActualHours")?,
        unused_hours: number(told.unused_hours(), "UnusedHours")?,
        used_percent: used_percent.filter(|_| purchased_hours > 0.0),
        units: units(told)?,
        on_demand_cost: money(
            told.on_demand_cost_of_ri_hours_used(),
            "OnDemandCostOfRIHoursUsed",
        )?,
        fees: Fees {
            upfront: money(told.amortized_upfront_fee(), "AmortizedUpfrontFee")?,
            recurring: money(told.amortized_recurring_fee(), "AmortizedRecurringFee")?,
            total: money(told.total_amortized_fee(), "TotalAmortizedFee")?,
        },
        net_savings: money(told.net_ri_savings(), "NetRISavings")?,
        potential_savings: money(told.total_potential_ri_savings(), "TotalPotentialRISavings")?,
        realized_savings: money(told.realized_savings(), "RealizedSavings")?,
        unrealized_savings: money(told.unrealized_savings(), "UnrealizedSavings")?,
        unused_cost: money(told.ri_cost_for_unused_hours(), "RICostForUnusedHours")?,
    })
}

fn units(told: &ReservationAggregates) -> Result<Option<ReservationUnits>, ConvertError> {
    let Some(purchased) = number(told.purchased_units(), "PurchasedUnits")? else {
        return Ok(None);
    };
    let used_percent = number(
        told.utilization_percentage_in_units(),
        "UtilizationPercentageInUnits",
    )?;
    Ok(Some(ReservationUnits {
        purchased,
        used: number(told.total_actual_units(), "TotalActualUnits")?,
        unused: number(told.unused_units(), "UnusedUnits")?,
        used_percent: used_percent.filter(|_| purchased > 0.0),
    }))
}
