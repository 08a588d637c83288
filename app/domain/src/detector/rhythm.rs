//! Charges that come on the same day of the month: support, tax, reservations' fees.

use chrono::{Datelike, Months, NaiveDate};

use super::robust::median;

/// So many months back a day is compared.
const MONTHS: u32 = 13;
/// The same fee is less than so many times another.
const ALIKE: f64 = 3.0;

/// What comes on a day beside the daily cost, and has come before. `beyond` says how far an
/// earlier day was from its daily cost, where that was far.
pub(super) fn due(day: NaiveDate, beyond: impl Fn(NaiveDate) -> Option<f64>) -> Option<f64> {
    let came: Vec<Option<f64>> = (1..=MONTHS)
        .map(|months| beyond(day.checked_sub_months(Months::new(months))?))
        .collect();
    let came_before = |months: usize| came.get(months - 1).copied().flatten();
    let [last, second, third, fourth] = [1, 2, 3, 4].map(came_before);
    let monthly = last.is_some() && (day.day() == 1 || second.is_some());
    // One that failed to come, or was too small to see, doesn't end it.
    let monthly = monthly || (second.is_some() && third.is_some());
    let quarterly = third.is_some() && (came_before(6).is_some() || day.day() == 1);
    let yearly = came_before(12).is_some_and(|amount| amount > 0.0);
    let mut amounts: Vec<f64> = if monthly {
        [last, second, third, fourth]
            .into_iter()
            .flatten()
            .collect()
    } else if quarterly {
        [third, came_before(6)].into_iter().flatten().collect()
    } else if yearly {
        came_before(12).into_iter().collect()
    } else {
        return None;
    };
    // What was different each time is no rhythm.
    let like = |one: &f64, other: &f64| one / other > 1.0 / ALIKE && one / other < ALIKE;
    let alike = amounts
        .iter()
        .all(|one| amounts.iter().all(|other| like(one, other)));
    alike.then(|| median(&mut amounts)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(day: &str, came: &[(&str, f64)]) -> Option<f64> {
        let came: Vec<(NaiveDate, f64)> = came
            .iter()
            .map(|(day, amount)| (day.parse().unwrap(), *amount))
            .collect();
        due(day.parse().unwrap(), |day| {
            came.iter().find(|one| one.0 == day).map(|one| one.1)
        })
    }

    #[test]
    fn fees_come_with_the_calendar() {
        // Once is enough on the first, where most fees are.
        assert_eq!(on("2026-11-01", &[("2026-10-01", 80.0)]), Some(80.0));
        assert_eq!(on("2026-11-14", &[("2026-10-14", 80.0)]), None);
        let twice = [("2026-10-14", 80.0), ("2026-09-14", 90.0)];
        assert_eq!(on("2026-11-14", &twice), Some(85.0));
        assert_eq!(on("2026-11-15", &twice), None);
        let quarters = [("2026-08-20", 7.0), ("2026-05-20", 7.0)];
        assert_eq!(on("2026-11-20", &quarters), Some(7.0));
        assert_eq!(on("2026-11-20", &[("2025-11-20", 500.0)]), Some(500.0));
        // The 31st of a short month is its last day.
        let ends = [("2026-06-30", 4.0), ("2026-05-31", 4.0)];
        assert_eq!(on("2026-07-31", &ends), Some(4.0));
    }
}
