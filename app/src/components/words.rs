//! Facts about figures as sentences. Pure: what day it is comes with the facts.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    bill::Known,
    job::SyncState,
    money::{Money, Nanos},
    period::Period,
    report::{DailyChart, Day, DayState, Figure, SameDays},
};

/// `24 Nov 2026, 03:12 UTC`.
pub fn time(at: DateTime<Utc>) -> String {
    at.format("%-d %b %Y, %H:%M UTC").to_string()
}

/// `40 min`, `3 h`.
pub fn time_left(minutes: u32) -> String {
    match minutes {
        0 => "less than a minute".to_owned(),
        1..90 => format!("{minutes} min"),
        _ => format!("{} h", (minutes + 30) / 60),
    }
}

/// `24 Nov 2026`.
pub fn day(date: NaiveDate) -> String {
    date.format("%-d %b %Y").to_string()
}

/// `October 2026`, of any day in it.
pub fn month(date: NaiveDate) -> String {
    date.format("%B %Y").to_string()
}

/// `1 day`, `2 days`.
pub fn count(number: u32, one: &str, many: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{number} {many}")
    }
}

/// `12.3%`, without a sign.
pub fn percent(per_mille: i64) -> String {
    let magnitude = per_mille.unsigned_abs();
    format!("{}.{}%", magnitude / 10, magnitude % 10)
}

/// Thousandths as percent, with a sign: for differences.
pub fn signed_percent(per_mille: i64) -> String {
    let sign = match per_mille {
        1.. => "+",
        0 => "",
        _ => "\u{2212}",
    };
    format!("{sign}{}", percent(per_mille))
}

/// What keeps a figure from being final; empty when nothing does.
pub fn figure_note(figure: &Figure) -> String {
    let total = u32::try_from(figure.period.len()).unwrap_or(u32::MAX);
    let mut notes = Vec::new();
    if figure.days_missing > 0 && figure.total.is_some() {
        let verb = if figure.days_missing == 1 {
            "isn’t"
        } else {
            "aren’t"
        };
        let of = count(total, "day", "days");
        notes.push(format!(
            "Incomplete: {} of {of} {verb} loaded yet.",
            figure.days_missing
        ));
    }
    if figure.days_unfinished > 0 {
        let days = count(figure.days_unfinished, "day is", "days are");
        let them = if figure.days_unfinished == 1 {
            "it"
        } else {
            "them"
        };
        notes.push(format!("{days} unfinished: AWS still adds to {them}."));
    }
    notes.join(" ")
}

/// Which days of this month aren't compared with the month before, and why; `None` when
/// all are.
pub fn left_out(month_to_date: &Figure, same_days: &SameDays) -> Option<String> {
    let rest = Period::new(same_days.now.period.end(), month_to_date.period.end()).ok()?;
    let before = same_days.before.period;
    let why = if before == Period::month_of(before.start()) {
        format!("{} has no such days", before.start().format("%B"))
    } else if month_to_date.days_missing > 0 {
        "unfinished, or not loaded yet".to_owned()
    } else {
        "AWS still adds to them".to_owned()
    };
    Some(format!("Without {rest}: {why}."))
}

/// What the last refresh cost: `7 Cost Explorer requests, $0.07`.
pub fn refresh_price(sync: &SyncState, sample: bool) -> Option<String> {
    let price = sync.price.filter(|_| sync.requests > 0)?.display();
    let requests = count(
        sync.requests,
        "Cost Explorer request",
        "Cost Explorer requests",
    );
    Some(if sample {
        format!("{requests}, which would have cost {price} with AWS")
    } else {
        format!("{requests}, {price}")
    })
}

/// What a refresh will cost: `A refresh takes about 5 requests: $0.05.`
pub fn usual_price(sync: &SyncState, sample: bool) -> String {
    if sample {
        return "A refresh of the sample account is free.".to_owned();
    }
    let requests = count(sync.refresh_requests(), "request", "requests");
    let price = sync.usual_price().display();
    let beside = match sync.asked_requests {
        0 => String::new(),
        1 => " One of them is for a breakdown that was looked at lately.".to_owned(),
        more => format!(" {more} of them are for breakdowns that were looked at lately."),
    };
    format!("A refresh takes about {requests}: {price}.{beside}")
}

/// What keeps the days of a period from being final; empty when nothing does.
pub fn known_note(known: Known) -> String {
    let mut notes = Vec::new();
    if known.missing > 0 {
        let of = count(known.days, "day", "days");
        notes.push(format!(
            "Incomplete: {} of {of} not loaded yet.",
            known.missing
        ));
    }
    if known.unfinished > 0 {
        let days = count(known.unfinished, "day is", "days are");
        notes.push(format!("{days} unfinished: AWS still adds to the month."));
    } else if known.estimated {
        notes.push("AWS calls this month an estimate until it has closed the bill.".to_owned());
    }
    notes.join(" ")
}

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
    use chrono::TimeZone;
    use domain::{account::COST_EXPLORER_REQUEST, money::Currency, report::Change};

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn figure(missing: u32, unfinished: u32) -> Figure {
        Figure {
            period: Period::month_to_date(date("2026-11-24")),
            total: Some(Money::new(Nanos(1), Currency::USD)),
            days_missing: missing,
            days_unfinished: unfinished,
        }
    }

    #[test]
    fn times_are_absolute() {
        let at = Utc.with_ymd_and_hms(2026, 11, 4, 3, 5, 59).unwrap();
        assert_eq!(time(at), "4 Nov 2026, 03:05 UTC");
    }

    #[test]
    fn what_is_left_is_rounded() {
        let told = [0, 1, 89, 90, 179, 479, 720].map(time_left);
        let words = [
            "less than a minute",
            "1 min",
            "89 min",
            "2 h",
            "3 h",
            "8 h",
            "12 h",
        ];
        assert_eq!(told, words);
    }

    #[test]
    fn percents_have_one_decimal() {
        assert_eq!(percent(1234), "123.4%");
        assert_eq!(percent(-5), "0.5%");
        assert_eq!(percent(0), "0.0%");
        assert_eq!(signed_percent(75), "+7.5%");
        assert_eq!(signed_percent(-75), "\u{2212}7.5%");
        assert_eq!(signed_percent(0), "0.0%");
    }

    #[test]
    fn figures_say_what_is_missing() {
        assert_eq!(figure_note(&figure(0, 0)), "");
        assert_eq!(
            figure_note(&figure(0, 1)),
            "1 day is unfinished: AWS still adds to it."
        );
        assert_eq!(
            figure_note(&figure(3, 2)),
            "Incomplete: 3 of 24 days aren’t loaded yet. 2 days are unfinished: AWS still adds to them."
        );
        assert_eq!(
            figure_note(&figure(1, 0)),
            "Incomplete: 1 of 24 days isn’t loaded yet."
        );
        let unknown = Figure {
            total: None,
            ..figure(24, 0)
        };
        assert_eq!(figure_note(&unknown), "");
    }

    fn left_out_on(today: &str, now: &str, before: &str, missing: u32) -> Option<String> {
        let until = |last: &str| {
            let last = date(last);
            Period::new(Period::month_of(last).start(), last.succ_opt().unwrap()).unwrap()
        };
        let figure = |period: Period, days_missing: u32| Figure {
            period,
            days_missing,
            ..figure(0, 0)
        };
        let same_days = SameDays {
            now: figure(until(now), 0),
            before: figure(until(before), 0),
            change: Change::between(
                Money::new(Nanos(1), Currency::USD),
                Money::new(Nanos(1), Currency::USD),
            )
            .unwrap(),
            moved: Vec::new(),
            others: None,
        };
        left_out(&figure(until(today), missing), &same_days)
    }

    #[test]
    fn what_is_not_compared_is_said() {
        let words = |text: &str| Some(text.to_owned());
        assert_eq!(
            left_out_on("2026-11-24", "2026-11-22", "2026-10-22", 0),
            words("Without 23–24 Nov 2026: AWS still adds to them.")
        );
        assert_eq!(
            left_out_on("2026-11-24", "2026-11-20", "2026-10-20", 2),
            words("Without 21–24 Nov 2026: unfinished, or not loaded yet.")
        );
        assert_eq!(
            left_out_on("2027-03-31", "2027-03-28", "2027-02-28", 0),
            words("Without 29–31 Mar 2027: February has no such days.")
        );
        assert_eq!(
            left_out_on("2026-11-24", "2026-11-24", "2026-10-24", 0),
            None
        );
    }

    #[test]
    fn the_sample_account_costs_nothing() {
        let sync = SyncState {
            requests: 1,
            price: Some(COST_EXPLORER_REQUEST),
            ..SyncState::default()
        };
        assert_eq!(
            refresh_price(&sync, false).unwrap(),
            "1 Cost Explorer request, $0.01"
        );
        assert_eq!(
            refresh_price(&sync, true).unwrap(),
            "1 Cost Explorer request, which would have cost $0.01 with AWS"
        );
        assert_eq!(refresh_price(&SyncState::default(), false), None);
    }

    #[test]
    fn a_refresh_names_what_else_it_asks() {
        let mut sync = SyncState {
            usual_requests: 5,
            ..SyncState::default()
        };
        let words = |sync: &SyncState| usual_price(sync, false);
        assert_eq!(words(&sync), "A refresh takes about 5 requests: $0.05.");
        sync.asked_requests = 2;
        assert_eq!(
            words(&sync),
            "A refresh takes about 7 requests: $0.07. 2 of them are for breakdowns that were \
             looked at lately."
        );
    }

    #[test]
    fn periods_say_what_is_not_final() {
        let mut known = Known {
            days: 24,
            ..Known::default()
        };
        assert_eq!(known_note(known), "");
        known.estimated = true;
        assert!(known_note(known).contains("estimate"));
        known.unfinished = 2;
        known.missing = 1;
        assert_eq!(
            known_note(known),
            "Incomplete: 1 of 24 days not loaded yet. 2 days are unfinished: AWS still adds to the month."
        );
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
