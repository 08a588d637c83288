//! From unusual days to what people are told: one event for days in a row.

use std::ops::Range;

use super::{
    Event, Kind,
    drift::drifts,
    nanos,
    robust::median,
    walk::{LEARNING, Walk},
};
use crate::{money::Nanos, period::Period};

/// AWS still adds to so many of the newest days: low ones end nothing.
const UNFINISHED: usize = 2;

impl Walk {
    /// By their first day.
    pub(super) fn events(&self) -> Vec<Event> {
        let mut events: Vec<Event> = self.begun().into_iter().collect();
        let drifts = drifts(self);
        let runs = self.runs.iter().filter(|(run, _)| {
            // What grows is one story, though its days stand out now and then.
            !drifts
                .iter()
                .any(|drift| drift.start < run.end && run.start < drift.end)
        });
        for (run, stayed) in runs {
            let kind = if *stayed { Kind::Step } else { Kind::Spike };
            events.extend(self.event(kind, run.clone(), |place| {
                self.seen.get(place).map_or(0.0, |day| day.expected)
            }));
        }
        for drift in drifts {
            let before: Vec<Option<f64>> = (0..7)
                .map(|weekday| self.before(drift.start + weekday))
                .collect();
            events.extend(self.event(Kind::Drift, drift.clone(), |place| {
                let weekday = place.saturating_sub(drift.start) % 7;
                before.get(weekday).copied().flatten().unwrap_or_default()
            }));
        }
        events.sort_by_key(|event| (event.period.start(), event.kind));
        events
    }

    /// Costs where there were none.
    fn begun(&self) -> Option<Event> {
        let begins = self.begins?;
        let end = (begins + LEARNING).min(self.seen.len());
        let last = self.seen.get(begins..end)?;
        let last = last
            .iter()
            .rposition(|day| day.actual.is_some_and(|one| one > 0.0))?;
        self.event(Kind::New, begins..begins + last + 1, |_| 0.0)
    }

    /// The middle of a day's weekday in the weeks before it.
    fn before(&self, place: usize) -> Option<f64> {
        let mut weeks: Vec<f64> = (1..=4)
            .filter_map(|weeks| self.seen.get(place.checked_sub(7 * weeks)?)?.actual)
            .collect();
        median(&mut weeks)
    }

    /// `None` where it is too small to be told.
    fn event(
        &self,
        kind: Kind,
        places: Range<usize>,
        expected: impl Fn(usize) -> f64,
    ) -> Option<Event> {
        let days = self.seen.get(places.clone())?;
        let days: Vec<(usize, f64, f64)> = (places.clone().zip(days))
            .filter_map(|(place, day)| Some((place, day.actual?, expected(place))))
            .collect();
        let exact = self
            .seen
            .get(places.clone())?
            .iter()
            .filter_map(|day| day.exact);
        let exact = Nanos::sum(exact).ok()?;
        let expected: f64 = days.iter().map(|day| day.2).sum();
        let worst =
            (days.iter()).max_by(|one, other| (one.1 - one.2).total_cmp(&(other.1 - other.2)))?;
        if exact.approximate() - expected < self.limits.least {
            return None;
        }
        let last = places.end.checked_sub(1)?;
        let newest = self.seen.iter().rposition(|day| day.actual.is_some())?;
        Some(Event {
            kind,
            period: Period::new(self.day(places.start), self.day(places.end)).ok()?,
            actual: exact,
            expected: nanos(expected),
            worst: self.day(worst.0),
            lasts: last + UNFINISHED >= newest,
        })
    }
}
