//! A notice where figures are older than they should be: since when, why, and what to do.

use domain::{report::Overview, trouble::Trouble};
use leptos::prelude::*;

use crate::{
    components::words::{count, day},
    erased::Erase,
};

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
    let Overview {
        sync, cap, as_of, ..
    } = overview;
    let [
        Trouble::Stale {
            since,
            days,
            manual,
        },
    ] = Trouble::of(sync, cap, *as_of, overview.today)[..]
    else {
        return None;
    };
    let words = match manual {
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
            count(days, "daily refresh", "daily refreshes"),
        ),
    };
    Some(Stale {
        title: format!("These figures are {days} days old"),
        words,
        ask: manual,
    })
}
