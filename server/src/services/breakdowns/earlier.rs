//! The earlier period that a report is compared with.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::{
    Result,
    account::ConnectionId,
    breakdown::{Compared, Lacking},
    grouped::Report,
    period::Period,
    query::{CubeChoice, ReportQuery, Step as Cut},
    report::DayState,
};

use super::{BreakdownService, begun, compare, days};
use crate::{
    services::{bills, internal},
    store::costs::{Reported, SliceInfo},
};

/// What stands beside a report.
pub(super) enum Beside {
    /// An earlier period that is stored whole.
    Compared(Box<Compared>),
    /// Days of one of both aren't stored: they aren't free of cost, so nothing is compared.
    Lacking(Lacking),
    /// The store doesn't know the earlier one as it knows the other.
    Unknown,
}

/// What both periods have to have to be compared, the earlier one's first. Today and yesterday
/// may be missing in the later one: AWS hasn't finished them anyway, and the page says so.
pub(super) fn lacking(
    today: NaiveDate,
    earlier: (Period, &[SliceInfo]),
    later: (Period, &[SliceInfo]),
) -> Option<Lacking> {
    let of = |(period, slices): (Period, &[SliceInfo]), tolerant: bool| {
        let stored: BTreeSet<NaiveDate> = slices.iter().map(|slice| slice.day).collect();
        let any = !stored.is_empty();
        Lacking::of(period, today, |day| {
            stored.contains(&day) || (tolerant && any && (today - day).num_days() <= 1)
        })
    };
    of(earlier, false).or_else(|| of(later, true))
}

impl BreakdownService {
    /// The earlier period's totals.
    pub(super) async fn compared(
        &self,
        ids: &[ConnectionId],
        report: &mut Report,
        query: &ReportQuery,
        period: Period,
    ) -> Result<Beside> {
        let earlier = ReportQuery {
            period,
            step: Cut::Total,
            cube: CubeChoice::Best,
            top: None,
            ..query.clone()
        };
        let Some(found) = self.stored(&earlier).await? else {
            return Ok(Beside::Unknown);
        };
        let slices = self.known_days(ids, &found, period).await?;
        let later = self.known_days(ids, report, query.period).await?;
        let today = self.clock.today();
        if let Some(lacking) = lacking(today, (period, &slices), (query.period, &later)) {
            return Ok(Beside::Lacking(lacking));
        }
        // From the same cube its pieces add up to its total.
        let cube = match found.months.is_empty() {
            true => CubeChoice::This(found.cube.clone()),
            false => CubeChoice::Best,
        };
        let lines = query.top.unwrap_or(u32::MAX);
        let failed = |error| internal("comparing periods", &error);
        let mut figures =
            compare::beside(&mut report.figures, found.figures, lines).map_err(failed)?;

        // Weeks of the one aren't those of the other: they are put together from days.
        let whole = ReportQuery {
            step: match query.step {
                Cut::Weekly => Cut::Daily,
                step => step,
            },
            group_by: Vec::new(),
            cube,
            ..earlier
        };
        let whole = self.stored(&whole).await?;
        let in_pieces = match &whole {
            Some(whole) => self.known_days(ids, whole, period).await?,
            None => Vec::new(),
        };
        let mut pieces = query.step.beside(query.period, period);
        let there: Vec<Period> = pieces.iter().flatten().copied().collect();
        let states = days::states(&there, &in_pieces, &BTreeSet::new());
        for (piece, state) in pieces
            .iter_mut()
            .filter(|piece| piece.is_some())
            .zip(states)
        {
            if state.state == DayState::Missing {
                *piece = None;
            }
        }
        match whole {
            Some(whole) => compare::along(&mut figures, &whole, &pieces).map_err(failed)?,
            None => pieces.clear(),
        }
        Ok(Beside::Compared(Box::new(Compared {
            period,
            known: bills::known(begun(period, today), &slices),
            pieces,
            figures,
        })))
    }

    async fn stored(&self, query: &ReportQuery) -> Result<Option<Report>> {
        Ok(match self.reported(query).await? {
            Reported::Known(report) => Some(report),
            Reported::Ask(_) => None,
        })
    }
}
