//! Why costs differ, or what AWS would have to be asked to tell: services and usage types can't
//! be told apart by what is kept where some charges don't count.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::{
    Result,
    breakdown::{Outcome, Reasons},
    choice::choose,
    cube::{Cube, Question},
    dimension::Dimension,
    period::Period,
    query::{ReportQuery, Step},
};

use super::{BreakdownService, Past, asked_of_one, why};

/// What the answering cube's days are good for.
enum Days {
    /// All are there that are shown.
    Enough,
    /// AWS can be asked for the others.
    Missing,
    /// AWS doesn't tell the others any more.
    TooOld,
}

impl BreakdownService {
    /// Why costs differ between two periods, under the filter and metric of `query`.
    pub(super) async fn because(
        &self,
        query: &ReportQuery,
        periods: [Period; 2],
        past: &[Past],
    ) -> Result<Reasons> {
        let pairs = ReportQuery {
            step: Step::Total,
            group_by: vec![Dimension::Service.into(), Dimension::UsageType.into()],
            ..query.clone()
        };
        let kept = Cube::ALL.map(Cube::question);
        let ([id], [of_id]) = (&query.connections[..], past) else {
            let reasons = why::reasons(self, query, periods).await?;
            return Ok(match reasons {
                Reasons::NotTold => Reasons::Refused(asked_of_one()),
                told => told,
            });
        };
        let asked = of_id.cubes.iter().filter(|cube| cube.days > 0);
        let stored: Vec<&Question> = kept
            .iter()
            .chain(asked.map(|cube| &cube.question))
            .collect();
        let choice = choose(
            stored.iter().copied(),
            &pairs.group_by,
            pairs.filter.as_ref(),
            pairs.period,
            pairs.step,
        );
        match choice {
            Err(question) => {
                let asked = self.to_ask(&query.connections, question, &pairs, past);
                return Ok(match asked.await? {
                    Outcome::Ask(offer) => Reasons::Ask(offer),
                    Outcome::OnItsWay(_) => Reasons::OnItsWay,
                    Outcome::Refused(error) => Reasons::Refused(error),
                    Outcome::Found(_) => Reasons::NotTold,
                });
            }
            Ok(choice) if choice.question.kept().is_none() => {
                let question = choice.question;
                self.note_use(*id, &question, of_id).await?;
                if of_id.open.contains(&question) {
                    return Ok(Reasons::OnItsWay);
                }
                match self.days_of(query, &question, periods).await? {
                    Days::Enough => {}
                    Days::TooOld => return Ok(Reasons::NotTold),
                    Days::Missing => {
                        let offer = self.offer(*id, &question, &of_id.answers).await?;
                        return Ok(offer.map_or(Reasons::NotTold, Reasons::Ask));
                    }
                }
            }
            Ok(_) => {}
        }
        why::reasons(self, query, periods).await
    }

    /// Whether a question that was asked has the days that are shown.
    async fn days_of(
        &self,
        query: &ReportQuery,
        question: &Question,
        periods: [Period; 2],
    ) -> Result<Days> {
        let kept = Period::kept(self.clock.today());
        let mut days = Days::Enough;
        for period in periods {
            let own = self.all_slices(&query.connections, question, period);
            let own: BTreeSet<NaiveDate> = own.await?.iter().map(|slice| slice.day).collect();
            let main = Cube::ServiceAccount.question();
            let shown = self.all_slices(&query.connections, &main, period).await?;
            for day in shown.iter().map(|slice| slice.day) {
                match (own.contains(&day), kept.contains(day)) {
                    (true, _) => {}
                    (false, true) => days = Days::Missing,
                    (false, false) => return Ok(Days::TooOld),
                }
            }
        }
        Ok(days)
    }
}
