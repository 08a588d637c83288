//! Facts about figures as sentences. Pure: what day it is comes with the facts.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{bill::Known, breakdown::Lacking, period::Period, report::NotAdded};

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

/// Who is in no sum, and why; `None` where everybody is.
pub fn left_out_words(left_out: &[(String, NotAdded)]) -> Option<String> {
    let sentence = |(name, why): &(String, NotAdded)| match why {
        NotAdded::Sample => format!("{name} isn’t added: its costs are made up."),
        NotAdded::NothingStored => format!("{name} isn’t added: none of its costs are stored yet."),
    };
    let sentences: Vec<String> = left_out.iter().map(sentence).collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// Why a period isn't compared with another.
pub fn lacking_note(lacking: &Lacking) -> String {
    let of = match lacking.missing.as_slice() {
        [all] if *all == lacking.period => String::new(),
        _ => format!(" of {}", lacking.period),
    };
    format!(
        "Not compared: {}{of} isn’t loaded, and what isn’t known can’t be compared. {}",
        lacking.days(),
        lacking.advice()
    )
}

/// Why there are no costs to show: none are known, or AWS has none.
pub fn nothing_note(known: Known, period: Period, today: NaiveDate) -> String {
    if known.missing == 0 {
        return "AWS has no costs for this in these days. Choose other days, or fewer filters."
            .to_owned();
    }
    let which = match known.missing == known.days {
        true => "These days aren’t loaded: what they cost isn’t known.".to_owned(),
        false => format!(
            "There are no costs in the days that are loaded; {} of {} aren’t.",
            known.missing,
            count(known.days, "day", "days")
        ),
    };
    let advice = match period.last_day() < Period::kept(today).start() {
        true => "AWS gives no days so far back.",
        false => "A refresh on the Overview asks AWS for what is missing.",
    };
    format!("{which} {advice}")
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn what_is_in_no_sum_is_named() {
        assert_eq!(left_out_words(&[]), None);
        let left_out = [
            ("Sample".to_owned(), NotAdded::Sample),
            ("New".to_owned(), NotAdded::NothingStored),
        ];
        let words = left_out_words(&left_out).unwrap();
        assert!(words.starts_with("Sample isn’t added: its costs are made up. New isn’t added"));
    }

    #[test]
    fn what_is_not_known_is_not_said_to_be_nothing() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = date("2026-11-24");
        let september = Period::month_of(date("2025-09-01"));
        let lacking = Lacking::of(september, today, |_| false).unwrap();
        assert_eq!(
            lacking_note(&lacking),
            "Not compared: 1–30 Sep 2025 isn’t loaded, and what isn’t known can’t be compared. \
             AWS gives no days so far back."
        );
        let october = Period::month_of(date("2026-10-01"));
        let lacking = Lacking::of(october, today, |day| day != date("2026-10-03")).unwrap();
        assert_eq!(
            lacking_note(&lacking),
            "Not compared: 3 Oct 2026 of 1–31 Oct 2026 isn’t loaded, and what isn’t known can’t \
             be compared. A refresh on the Overview asks AWS for what is missing."
        );
        let known = |missing| Known {
            days: 31,
            missing,
            ..Known::default()
        };
        assert!(nothing_note(known(0), october, today).starts_with("AWS has no costs"));
        let some = nothing_note(known(4), october, today);
        assert!(some.contains("4 of 31 days aren’t."), "{some}");
        assert!(some.ends_with("what is missing."), "{some}");
        let all = nothing_note(known(31), september, today);
        assert!(all.starts_with("These days aren’t loaded") && all.ends_with("so far back."));
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
