//! How final the days of a report are, of one connection or of several together. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::{breakdown::PieceState, period::Period, report::DayState};

use crate::{services::overview::KnownDay, store::costs::SliceInfo};

/// Several connections' days as one's: a day is known where all have it, and is no more
/// finished than in the one that was asked first.
pub(super) fn together(all: Vec<Vec<SliceInfo>>) -> Vec<SliceInfo> {
    let connections = all.len();
    let mut days: BTreeMap<NaiveDate, (usize, SliceInfo)> = BTreeMap::new();
    for slice in all.into_iter().flatten() {
        days.entry(slice.day)
            .and_modify(|(count, both)| {
                *count += 1;
                both.estimated |= slice.estimated;
                both.asked_on = both.asked_on.min(slice.asked_on);
                both.asked_at = both.asked_at.min(slice.asked_at);
            })
            .or_insert((1, slice));
    }
    let everywhere = days
        .into_values()
        .filter(|(count, _)| *count == connections);
    everywhere.map(|(_, slice)| slice).collect()
}

/// How final each piece is.
pub(super) fn states(
    pieces: &[Period],
    slices: &[SliceInfo],
    restated: &BTreeSet<NaiveDate>,
) -> Vec<PieceState> {
    let days: BTreeMap<NaiveDate, KnownDay> = slices.iter().map(KnownDay::of).collect();
    let state = |piece: &Period| {
        let states: Vec<DayState> = (piece.days())
            .map(|day| KnownDay::state(day, days.get(&day)))
            .collect();
        let any = |state| states.contains(&state);
        if states.iter().all(|state| *state == DayState::Missing) {
            DayState::Missing
        } else if any(DayState::Unfinished) {
            DayState::Unfinished
        } else if any(DayState::Estimated) {
            DayState::Estimated
        } else {
            DayState::Final
        }
    };
    (pieces.iter())
        .map(|piece| PieceState {
            state: state(piece),
            restated: restated.range(piece.start()..piece.end()).next().is_some(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(day: &str, asked_on: &str, estimated: bool) -> SliceInfo {
        SliceInfo {
            day: day.parse().unwrap(),
            estimated,
            asked_on: asked_on.parse().unwrap(),
            asked_at: format!("{asked_on}T06:00:00Z").parse().unwrap(),
        }
    }

    #[test]
    fn a_day_is_known_where_all_have_it() {
        let one = vec![
            slice("2026-11-01", "2026-11-10", false),
            slice("2026-11-02", "2026-11-10", false),
        ];
        let other = vec![slice("2026-11-02", "2026-11-03", true)];
        let both = together(vec![one, other]);
        assert_eq!(both, [slice("2026-11-02", "2026-11-03", true)]);
    }

    #[test]
    fn a_piece_is_as_final_as_its_least_final_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let piece = |start, end| Period::new(day(start), day(end)).unwrap();
        let slices = [
            slice("2026-11-01", "2026-11-10", false),
            slice("2026-11-02", "2026-11-10", true),
            slice("2026-11-03", "2026-11-04", true),
        ];
        let pieces = [
            piece("2026-11-01", "2026-11-02"),
            piece("2026-11-01", "2026-11-03"),
            piece("2026-11-01", "2026-11-04"),
            piece("2026-11-03", "2026-11-05"),
            piece("2026-11-04", "2026-11-06"),
        ];
        let restated = BTreeSet::from([day("2026-11-02")]);
        let states = states(&pieces, &slices, &restated);
        let told: Vec<DayState> = states.iter().map(|one| one.state).collect();
        use DayState::{Estimated, Final, Missing, Unfinished};
        assert_eq!(told, [Final, Estimated, Unfinished, Unfinished, Missing]);
        let marked: Vec<bool> = states.iter().map(|one| one.restated).collect();
        assert_eq!(marked, [false, true, true, false, false]);
    }
}
