//! How far getting the costs has come: a bar that moves while a sync runs.
//! Asks our own server every second; that never calls AWS.

use domain::account::{ConnectionId, SyncState};
use leptos::prelude::*;

use super::{problem::ProblemBox, words::count};
#[cfg(feature = "hydrate")]
use crate::api::costs;

/// Reloads the page where no script does it.
const RELOAD: &str = r#"<meta http-equiv="refresh" content="3"><p>This page reloads every three seconds until everything is there.</p>"#;

/// The bar while a sync runs, and what stopped the last one.
#[component]
pub fn SyncProgress(
    /// Whose.
    connection: ConnectionId,
    /// What the page was made with.
    sync: Signal<SyncState>,
    /// Called whenever more has arrived.
    #[prop(into)]
    on_news: Callback<SyncState>,
) -> impl IntoView {
    let live = RwSignal::new(sync.get_untracked());
    Effect::new(move |_| live.set(sync.get()));
    let running = Memo::new(move |_| live.with(|live| live.running));
    follow(connection, live, running, on_news);
    let bar = move || {
        running.get().then(|| {
            view! {
                <div class="notice notice--progress">
                    <p class="notice__title" id="sync-title">
                        {move || live.with(title)}
                    </p>
                    <progress
                        class="progress"
                        aria-labelledby="sync-title"
                        max="100"
                        value=move || live.with(percent_done)
                    ></progress>
                    <p class="muted">{move || live.with(detail)}</p>
                    <noscript inner_html=RELOAD></noscript>
                </div>
            }
        })
    };
    let failure = move || {
        live.with(|live| live.error.clone().filter(|_| !live.running))
            .map(|error| view! { <ProblemBox error=error/> })
    };
    view! {
        <div class="live">{bar}</div>
        <div class="live" role="alert">{failure}</div>
        <p class="hidden" role="status">
            {move || if running.get() { "Getting costs from AWS" } else { "" }}
        </p>
    }
    .into_any()
}

fn title(sync: &SyncState) -> String {
    if sync.finished_at.is_some() {
        "Asking AWS for what has changed".to_owned()
    } else {
        "Getting your costs for the first time".to_owned()
    }
}

fn detail(sync: &SyncState) -> String {
    match sync.days_total {
        0 => "Waiting for AWS…".to_owned(),
        total => format!(
            "{} of {}",
            sync.days_done.min(total),
            count(total, "day", "days")
        ),
    }
}

/// Nothing while the total is unknown: then the bar only shows that it lives.
fn percent_done(sync: &SyncState) -> Option<String> {
    (sync.days_total > 0).then(|| {
        let done = u64::from(sync.days_done.min(sync.days_total));
        (done * 100 / u64::from(sync.days_total)).to_string()
    })
}

#[cfg(feature = "hydrate")]
fn follow(
    connection: ConnectionId,
    live: RwSignal<SyncState>,
    running: Memo<bool>,
    on_news: Callback<SyncState>,
) {
    let ask = move || {
        leptos::task::spawn_local(async move {
            // A question that fails is asked again in a second.
            let Ok(now) = costs::progress(connection.to_string()).await else {
                return;
            };
            let news = live.try_update(|live| {
                let news = live.days_done != now.days_done || live.running != now.running;
                *live = now.clone();
                news
            });
            if news == Some(true) {
                on_news.try_run(now);
            }
        });
    };
    Effect::new(move |_| {
        if running.get() {
            let every = std::time::Duration::from_secs(1);
            if let Ok(timer) = set_interval_with_handle(ask, every) {
                on_cleanup(move || timer.clear());
            }
        }
    });
}

#[cfg(not(feature = "hydrate"))]
const fn follow(
    _connection: ConnectionId,
    _live: RwSignal<SyncState>,
    _running: Memo<bool>,
    _on_news: Callback<SyncState>,
) {
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sync(done: u32, total: u32) -> SyncState {
        SyncState {
            running: true,
            days_done: done,
            days_total: total,
            ..SyncState::default()
        }
    }

    #[test]
    fn the_bar_stands_for_days() {
        assert_eq!(percent_done(&sync(0, 0)), None);
        assert_eq!(percent_done(&sync(0, 400)).as_deref(), Some("0"));
        assert_eq!(percent_done(&sync(399, 400)).as_deref(), Some("99"));
        assert_eq!(percent_done(&sync(400, 400)).as_deref(), Some("100"));
    }

    #[test]
    fn it_says_how_many() {
        assert_eq!(detail(&sync(3, 419)), "3 of 419 days");
        assert_eq!(detail(&sync(0, 0)), "Waiting for AWS…");
    }
}
