//! Facts about figures as sentences. Pure: what day it is comes with the facts.

use chrono::{DateTime, NaiveDate, Utc};
use domain::bill::Known;

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

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

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
}
