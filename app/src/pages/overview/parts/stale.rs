//! A notice where figures are older than they should be: since when, why, and what to do.

use chrono::NaiveDate;
use domain::{
    job::{Cadence, JobState},
    report::Overview,
    spending::CapState,
};
use leptos::prelude::*;

use crate::{
    components::words::{count, day},
    erased::Erase,
};

/// A refresh that didn't come on one day is made up for on the next; without one on two days
/// something is wrong.
const FRESH_DAYS: i64 = 2;

/// The notice; nothing while the figures are fresh, or while others say what is wrong.
#[component]
pub fn StaleNotice(
    /// What is shown.
    overview: Overview,
) -> impl IntoView {
    let Stale { title, words, ask } = stale(&overview)?;
    let settings = format!("/connections/{}", overview.connection);
    let doctor = format!("{settings}/doctor");
    let links = match ask {
        true => view! { <p><a href=settings>"Change how often"</a></p> }.erased(),
        false => view! {
            <p>
                <a href=doctor>"Check the connection"</a>
                " looks at everything that could keep it from AWS."
            </p>
        }
        .erased(),
    };
    let notice = view! {
        <div class="notice notice--warning">
            <p class="notice__title">{title}</p>
            <p>{words}</p>
            {links}
        </div>
    };
    Some(notice.erased())
}

/// What there is to say.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Stale {
    title: String,
    words: String,
    /// Whether it is as a person wanted it.
    ask: bool,
}

fn stale(overview: &Overview) -> Option<Stale> {
    let sync = &overview.sync;
    // Each of these has a notice of its own.
    let told = sync.running
        || matches!(
            sync.state,
            Some(JobState::Failed | JobState::Cancelled | JobState::Paused)
        )
        || overview.cap.state() == CapState::Reached;
    if told {
        return None;
    }
    let since = overview.as_of?.date_naive();
    let (days, title) = age(since, overview.today)?;
    let ask = sync.cadence == Cadence::Manual;
    let words = match ask {
        true => format!(
            "AWS was asked last on {}, and this connection is refreshed only when you ask: the \
             button below does it.",
            day(since)
        ),
        false => format!(
            "AWS was asked last on {}; {} should have come since. Costs are refreshed while this \
             program runs: if it was switched off, the next refresh comes by itself, or at once \
             with the button below.",
            day(since),
            count(
                u32::try_from(days).unwrap_or(u32::MAX),
                "daily refresh",
                "daily refreshes"
            ),
        ),
    };
    Some(Stale { title, words, ask })
}

/// How many days old; `None` while that is fresh.
fn age(since: NaiveDate, today: NaiveDate) -> Option<(i64, String)> {
    let days = (today - since).num_days();
    (days >= FRESH_DAYS).then(|| (days, format!("These figures are {days} days old")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_without_news_is_fresh_and_two_are_not() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(age(day("2026-11-23"), day("2026-11-24")), None);
        // The clock may have been set back.
        assert_eq!(age(day("2026-12-23"), day("2026-11-24")), None);
        let (days, title) = age(day("2026-10-31"), day("2026-11-24")).unwrap();
        assert_eq!(
            (days, title.as_str()),
            (24, "These figures are 24 days old")
        );
    }
}
