//! The earlier period that a report is compared with.

use std::collections::BTreeSet;

use domain::{
    Result,
    account::ConnectionId,
    breakdown::Compared,
    grouped::Report,
    period::Period,
    query::{CubeChoice, ReportQuery, Step as Cut},
    report::DayState,
};

use super::{BreakdownService, begun, compare, days};
use crate::{
    services::{bills, internal},
    store::costs::Reported,
};

impl BreakdownService {
    /// The earlier period's totals; `None` where the store doesn't know it as it knows the other.
    pub(super) async fn compared(
        &self,
        ids: &[ConnectionId],
        report: &mut Report,
        query: &ReportQuery,
        period: Period,
    ) -> Result<Option<Compared>> {
        let earlier = ReportQuery {
            period,
            step: Cut::Total,
            cube: CubeChoice::Best,
            top: None,
            ..query.clone()
        };
        let Some(found) = self.stored(&earlier).await? else {
            return Ok(None);
        };
        let slices = self.all_slices(ids, &found.cube, period).await?;
        let lines = query.top.unwrap_or(u32::MAX);
        let failed = |error| internal("comparing periods", &error);
        let mut figures =
            compare::beside(&mut report.figures, found.figures, lines).map_err(failed)?;

        let mut pieces = query.step.beside(query.period, period);
        let there: Vec<Period> = pieces.iter().flatten().copied().collect();
        let states = days::states(&there, &slices, &BTreeSet::new());
        for (piece, state) in pieces
            .iter_mut()
            .filter(|piece| piece.is_some())
            .zip(states)
        {
            if state.state == DayState::Missing {
                *piece = None;
            }
        }
        // Weeks of the one aren't those of the other: they are put together from days.
        let whole = ReportQuery {
            step: match query.step {
                Cut::Weekly => Cut::Daily,
                step => step,
            },
            group_by: Vec::new(),
            ..earlier
        };
        match self.stored(&whole).await? {
            Some(whole) => compare::along(&mut figures, &whole, &pieces).map_err(failed)?,
            None => pieces.clear(),
        }
        Ok(Some(Compared {
            period,
            known: bills::known(begun(period, self.clock.today()), &slices),
            pieces,
            figures,
        }))
    }

    async fn stored(&self, query: &ReportQuery) -> Result<Option<Report>> {
        Ok(match self.reported(query).await? {
            Reported::Known(report) => Some(report),
            Reported::Ask(_) => None,
        })
    }
}
