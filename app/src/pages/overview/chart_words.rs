//! The daily chart in words. Pure.

use domain::{
    money::{Money, Nanos},
    period::Period,
    report::{DailyChart, Day, DayState},
};

use crate::components::words::day;

/// Which days of a chart aren't what they seem, in words.
pub fn day_notes(chart: &DailyChart) -> Vec<String> {
    let mut notes = Vec::new();
    let unfinished = stretches(chart, DayState::Unfinished);
    if !unfinished.is_empty() {
        notes.push(format!(
            "Hatched: AWS still adds to {}.",
            unfinished.join(", ")
        ));
    }
    let missing = stretches(chart, DayState::Missing);
    if !missing.is_empty() {
        notes.push(format!(
            "Not loaded yet, which is not zero: {}.",
            missing.join(", ")
        ));
    }
    notes
}

/// The chart in one sentence.
pub fn description(chart: &DailyChart) -> String {
    let highest = chart.days.iter().max_by_key(|day| day.total);
    let highest = highest
        .filter(|day| day.total > Nanos::ZERO)
        .map(|highest| {
            let total = Money::new(highest.total, chart.currency).display();
            format!(" The highest day is {}, with {total}.", day(highest.date))
        });
    format!(
        "Bar chart: cost of each day, {}, stacked by service.{} The table below has the numbers.",
        chart.period,
        highest.unwrap_or_default()
    )
}

/// The stretches of days in one state, as people read them.
pub fn stretches(chart: &DailyChart, state: DayState) -> Vec<String> {
    let same = |a: &Day, b: &Day| (a.state == state) == (b.state == state);
    chart
        .days
        .chunk_by(same)
        .filter(|days| days.first().is_some_and(|day| day.state == state))
        .filter_map(|days| {
            let (first, last) = (days.first()?.date, days.last()?.date);
            Some(match Period::new(first, last.succ_opt()?) {
                Ok(period) => period.to_string(),
                Err(_) => day(first),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use domain::money::Currency;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn chart(states: &[DayState], total: i64) -> DailyChart {
        let first = date("2026-11-01");
        let end = first + chrono::Days::new(states.len().try_into().unwrap());
        let period = Period::new(first, end).unwrap();
        let days = period
            .days()
            .zip(states)
            .enumerate()
            .map(|(place, (date, state))| Day {
                date,
                state: *state,
                total: Nanos(total * i64::try_from(place).unwrap()),
            });
        DailyChart {
            period,
            currency: Currency::USD,
            days: days.collect(),
            series: Vec::new(),
        }
    }

    #[test]
    fn the_description_names_the_highest_day() {
        let text = description(&chart(&[DayState::Final; 3], 1_000_000_000));
        assert!(text.contains("1–3 Nov 2026"), "{text}");
        assert!(
            text.contains("The highest day is 3 Nov 2026, with $2.00."),
            "{text}"
        );
        let nothing = description(&chart(&[DayState::Final; 3], 0));
        assert!(!nothing.contains("highest"), "{nothing}");
    }

    #[test]
    fn days_are_told_in_stretches() {
        let states = [
            DayState::Missing,
            DayState::Missing,
            DayState::Final,
            DayState::Missing,
            DayState::Unfinished,
            DayState::Unfinished,
        ];
        assert_eq!(
            day_notes(&chart(&states, 0)),
            [
                "Hatched: AWS still adds to 5–6 Nov 2026.",
                "Not loaded yet, which is not zero: 1–2 Nov 2026, 4 Nov 2026."
            ]
        );
    }
}
