//! GetReservationCoverage.

use aws_sdk_costexplorer::{
    operation::get_reservation_coverage::GetReservationCoverageOutput,
    types::{Coverage, CoverageNormalizedUnits},
};
use domain::commitments::{CommitmentQuestion, CoverUnits, Owned, Report, ReservationCover};

use super::{
    ConvertError,
    gather::{Gather, Reports},
    member::{money, number, piece, required},
};

/// Coverage by reservations while its pages come in.
pub(in crate::aws) struct ReservationCoverage<'a> {
    question: &'a CommitmentQuestion,
    reports: Reports<ReservationCover>,
}

impl<'a> ReservationCoverage<'a> {
    pub(in crate::aws) const fn new(question: &'a CommitmentQuestion) -> Self {
        Self {
            question,
            reports: Reports::new(),
        }
    }
}

impl Gather for ReservationCoverage<'_> {
    type Page = GetReservationCoverageOutput;
    type Whole = Owned<Report<ReservationCover>>;

    fn add(&mut self, page: GetReservationCoverageOutput) -> Result<Option<String>, ConvertError> {
        let question = self.question;
        if let Some(total) = page.total {
            self.reports.total(read(&total)?);
        } else if page.coverages_by_time.is_empty() && page.next_page_token.is_none() {
            return Err(ConvertError::NoData);
        }
        for entry in page.coverages_by_time {
            let period = piece(entry.time_period(), question.granularity, question.period)?;
            let total = required(entry.total, "CoveragesByTime.Total")?;
            self.reports.piece(period, read(&total)?)?;
        }
        Ok(page.next_page_token)
    }

    /// When nothing ran that could be reserved, there is nothing to be covered.
    fn finish(self) -> Result<Self::Whole, ConvertError> {
        if self.reports.is_empty() {
            return Err(ConvertError::NoData);
        }
        let report = self.reports.into_report();
        let pieces = report.pieces.iter().map(|piece| &piece.value);
        let ran = |cover: &ReservationCover| cover.total_hours > 0.0;
        if pieces.chain(&report.total).any(ran) {
            Ok(Owned::Some(report))
        } else {
            Ok(Owned::None)
        }
    }
}

fn read(told: &Coverage) -> Result<ReservationCover, ConvertError> {
    let hours = required(told.coverage_hours(), "CoverageHours")?;
    let needed = |value, place| required(number(value, place)?, place);
    let total_hours = needed(hours.total_running_hours(), "TotalRunningHours")?;
    let percent = number(hours.coverage_hours_percentage(), "CoverageHoursPercentage")?;
    let cost = told.coverage_cost().and_then(|cost| cost.on_demand_cost());
    Ok(ReservationCover {
        total_hours,
        reserved_hours: needed(hours.reserved_hours(), "ReservedHours")?,
        on_demand_hours: needed(hours.on_demand_hours(), "OnDemandHours")?,
        covered_percent: percent.filter(|_| total_hours > 0.0),
        units: told
            .coverage_normalized_units()
            .map(units)
            .transpose()?
            .flatten(),
        on_demand_cost: money(cost, "OnDemandCost")?,
    })
}

/// Services without sizes have no normalized units.
fn units(told: &CoverageNormalizedUnits) -> Result<Option<CoverUnits>, ConvertError> {
    let total = number(
        told.total_running_normalized_units(),
        "TotalRunningNormalizedUnits",
    )?;
    let reserved = number(told.reserved_normalized_units(), "ReservedNormalizedUnits")?;
    let on_demand = number(told.on_demand_normalized_units(), "OnDemandNormalizedUnits")?;
    let percent = number(
        told.coverage_normalized_units_percentage(),
        "CoverageNormalizedUnitsPercentage",
    )?;
    Ok(match (total, reserved, on_demand) {
        (Some(total), Some(reserved), Some(on_demand)) => Some(CoverUnits {
            total,
            reserved,
            on_demand,
            covered_percent: percent.filter(|_| total > 0.0),
        }),
        _ => None,
    })
}
