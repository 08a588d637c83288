//! What to know about the numbers: what is counted, what isn't finished, what AWS changed
//! afterwards.

use domain::{breakdown::Found, report::DayState, wish::Drawn};

use crate::components::words::{count, day};

/// What is counted, in a sentence.
#[must_use]
pub fn about(found: &Found) -> String {
    let wanted = &found.wanted;
    let only = match &wanted.filter {
        Some(filter) => format!(" Only where {}.", filter.words()),
        None => String::new(),
    };
    let metric = wanted.counted();
    let counted = match metric.is_cost() {
        true => format!(
            "{} cost; {}",
            metric.label(),
            wanted.view.label().to_lowercase()
        ),
        false => metric.label().to_owned(),
    };
    format!("{}, days in UTC. {counted}.{only}", wanted.period)
}

/// What the chart's marks mean. A treemap has no pieces, so it has no marks.
#[must_use]
pub fn marks(found: &Found, drawn: Drawn) -> Vec<String> {
    let number = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
    let unfinished = (found.pieces.iter())
        .filter(|piece| piece.state == DayState::Unfinished)
        .count();
    let restated = found.pieces.iter().filter(|piece| piece.restated).count();
    let mut notes = Vec::new();
    let months = found.report.months.iter();
    if let Some(end) = months.map(|(_, months)| months.end()).max() {
        notes.push(format!(
            "Before {} these are AWS’s own totals of whole months: no days are stored so far back.",
            day(end)
        ));
    }
    if unfinished > 0 {
        let (one, many) = match drawn {
            Drawn::Bars | Drawn::Calendar => ("hatched piece isn’t", "hatched pieces aren’t"),
            Drawn::Lines | Drawn::Areas => ("shaded piece isn’t", "shaded pieces aren’t"),
            Drawn::Treemap => ("piece isn’t", "pieces aren’t"),
        };
        notes.push(format!(
            "{} finished: AWS still adds to it.",
            count(number(unfinished), one, many)
        ));
    }
    if restated > 0 {
        let marked = match drawn {
            Drawn::Calendar => "framed here and marked * in the table",
            Drawn::Treemap => "marked * in the table",
            Drawn::Bars | Drawn::Lines | Drawn::Areas => "marked *",
        };
        let pieces = count(number(restated), "piece is", "pieces are");
        notes.push(format!(
            "{pieces} {marked}: AWS changed a day of it after it was complete. The Bill page has both values.",
        ));
    }
    notes
}
