//! What a figure lacks and what a refresh costs, as sentences. Pure.

use domain::{
    job::SyncState,
    period::Period,
    report::{Figure, SameDays},
};

use crate::components::words::count;

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

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use domain::{
        account::COST_EXPLORER_REQUEST,
        money::{Currency, Money, Nanos},
        report::Change,
    };

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
}
