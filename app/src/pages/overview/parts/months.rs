//! Thirteen months side by side: a bar and a figure for each, this one with what is expected
//! of it. Drawn by the server: nothing here needs a script.

use chrono::NaiveDate;
use domain::{
    history::{MonthSource, MonthTotal},
    money::{Currency, Money, Nanos},
    period::Period,
};
use leptos::prelude::*;

use crate::{components::amount::Amount, erased::Erase};

/// How long the longest bar is, in its own units.
const FIELD: i128 = 100;

/// One month's bar.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Bar {
    month: Period,
    /// `None` where nothing is known.
    total: Option<Nanos>,
    /// What is known, as a share of the field.
    length: i64,
    /// What is expected of the whole month, as a share of the field; of this month only.
    ahead: Option<i64>,
    note: Option<&'static str>,
}

/// The months that end with today's, oldest first.
fn bars(months: &[MonthTotal], today: NaiveDate, count: u32, ahead: Option<Nanos>) -> Vec<Bar> {
    let this_month = Period::month_of(today);
    let all = Period::months_to_date(today, count).by_month();
    let longest = months.iter().map(|one| one.total).chain(ahead).max();
    let longest = longest.map_or(1, |longest| i128::from(longest.0).max(1));
    let length = |amount: Nanos| {
        let share = i128::from(amount.0.max(0)) * FIELD / longest;
        i64::try_from(share).unwrap_or_default()
    };
    let bar = |part: &Period| {
        let month = Period::month_of(part.start());
        let known = months.iter().find(|one| one.month == month);
        let lacks_days = known.is_some_and(|one| match one.source {
            MonthSource::Days(days) => usize::try_from(days).is_ok_and(|days| days < part.len()),
            MonthSource::Month => false,
        });
        Bar {
            month,
            total: known.map(|one| one.total),
            length: known.map_or(0, |one| length(one.total)),
            ahead: ahead.filter(|_| month == this_month).map(length),
            note: match known {
                None => Some("no data yet"),
                Some(_) if lacks_days => Some("incomplete"),
                Some(_) if month == this_month => Some("so far"),
                Some(_) => None,
            },
        }
    };
    all.iter().map(bar).collect()
}

/// The bars.
#[component]
pub fn Months(
    /// What is known.
    months: Vec<MonthTotal>,
    /// The day of the last of them.
    today: NaiveDate,
    /// Of the amounts.
    currency: Currency,
    /// What the whole of this month is expected to come to.
    ahead: Option<Nanos>,
) -> impl IntoView {
    let bars = bars(&months, today, 13, ahead);
    let lines = bars.into_iter().map(|bar| {
        let name = bar.month.start().format("%b").to_string();
        let year = bar.month.start().format("%Y").to_string();
        let note = bar.note.map(|note| view! { " " <span class="month__note">{note}</span> });
        let total = match bar.total {
            Some(total) => view! { <Amount money=Money::new(total, currency)/> }.erased(),
            None => view! { <span class="muted">"–"</span> }.erased(),
        };
        let now = bar.ahead.is_some() || bar.note == Some("so far");
        let class = if now { "month month--now" } else { "month" };
        view! {
            <li class=class>
                <span class="month__name">{name} " " <span class="month__year">{year}</span> {note}</span>
                <Drawn length=bar.length ahead=bar.ahead/>
                <span class="month__amount">{total}</span>
            </li>
        }
    });
    view! { <ol class="months">{lines.collect_view()}</ol> }.erased()
}

/// A column where there is room for thirteen, a line where there isn't.
#[component]
fn Drawn(length: i64, ahead: Option<i64>) -> impl IntoView {
    let tall = |length: i64, class: &'static str| {
        view! { <rect class=class x="0" y=100 - length width="100" height=length></rect> }
    };
    let long = |length: i64, class: &'static str| {
        view! { <rect class=class x="0" y="0" width=length height="100"></rect> }
    };
    view! {
        <svg class="month__bar month__bar--tall" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            {ahead.map(|ahead| tall(ahead, "month__ahead"))}
            {tall(length, "month__known")}
        </svg>
        <svg class="month__bar month__bar--long" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            {ahead.map(|ahead| long(ahead, "month__ahead"))}
            {long(length, "month__known")}
        </svg>
    }
    .erased()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn month(text: &str, total: i64, source: MonthSource) -> MonthTotal {
        MonthTotal {
            month: Period::month_of(day(text)),
            currency: Currency::USD,
            total: Nanos(total),
            source,
        }
    }

    #[test]
    fn each_month_has_its_bar_and_says_what_it_lacks() {
        let known = [
            month("2027-12-01", 50, MonthSource::Month),
            month("2028-01-01", -7, MonthSource::Days(31)),
            month("2028-02-01", 25, MonthSource::Days(29)),
        ];
        let bars = bars(&known, day("2028-02-29"), 4, Some(Nanos(100)));
        let told: Vec<_> = bars
            .iter()
            .map(|bar| (bar.length, bar.ahead, bar.note))
            .collect();
        assert_eq!(
            told,
            [
                (0, None, Some("no data yet")),
                (50, None, None),
                (0, None, None),
                (25, Some(100), Some("so far")),
            ]
        );
        assert_eq!(bars[2].total, Some(Nanos(-7)));
    }

    #[test]
    fn a_month_that_lacks_days_is_called_incomplete() {
        let known = [month("2026-11-01", 9, MonthSource::Days(23))];
        let shown = bars(&known, day("2026-11-24"), 1, None);
        assert_eq!((shown[0].length, shown[0].note), (100, Some("incomplete")));
        let shown = bars(&known, day("2026-11-23"), 1, None);
        assert_eq!(shown[0].note, Some("so far"));
        assert_eq!(bars(&[], day("2026-11-23"), 13, None).len(), 13);
    }
}
