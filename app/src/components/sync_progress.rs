//! How far getting the costs has come: bars that move while a job runs, and what can be
//! done about it. Asks our own server every second; that never calls AWS.

use domain::{
    account::ConnectionId,
    job::{JobState, PartProgress, SyncState},
};
use leptos::prelude::*;

use super::{job_buttons::JobButtons, problem::ProblemBox, words::count};
#[cfg(feature = "hydrate")]
use crate::api::jobs;
use crate::erased::Erase;

/// Reloads the page where no script does it.
const RELOAD: &str = r#"<meta http-equiv="refresh" content="3"><p>This page reloads every three seconds until everything is there.</p>"#;

/// The bars while a job is open, and what stopped the last one.
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
    let look = Memo::new(move |_| live.with(look));
    follow(connection, live, running, on_news);
    let told = move |now: SyncState| {
        live.set(now.clone());
        on_news.run(now);
    };
    let open = move || {
        let look = look.get();
        matches!(look, Look::Running | Look::Paused).then(|| {
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
                    <Parts live=live/>
                    <JobButtons connection=connection live=live on_answer=told/>
                    {(look == Look::Running).then(|| view! { <noscript inner_html=RELOAD></noscript> })}
                </div>
            }
        })
    };
    let stopped = move || {
        let error = live.with_untracked(|live| live.error.clone());
        match look.get() {
            Look::Failed => Some(
                view! {
                    {error.map(|error| view! { <ProblemBox error=error/> })}
                    <Kept live=live/>
                    <JobButtons connection=connection live=live on_answer=told/>
                }
                .erased(),
            ),
            Look::Cancelled => Some(
                view! {
                    <div class="notice">
                        <p class="notice__title">"Cancelled before everything was here"</p>
                        <Kept live=live/>
                        <JobButtons connection=connection live=live on_answer=told/>
                    </div>
                }
                .erased(),
            ),
            _ => None,
        }
    };
    view! {
        <div class="live">{open}</div>
        <div class="live" role="alert">{stopped}</div>
        <p class="hidden" role="status">
            {move || if running.get() { "Getting costs from AWS" } else { "" }}
        </p>
    }
    .erased()
}

/// One bar for each part.
#[component]
fn Parts(live: RwSignal<SyncState>) -> impl IntoView {
    let names = Memo::new(move |_| {
        let name = |part: &PartProgress| part.name.clone();
        live.with(|live| live.parts.iter().map(name).collect::<Vec<_>>())
    });
    let part = move |place: usize| live.with(|live| live.parts.get(place).cloned());
    let bar = move |(place, name): (usize, String)| {
        let percent = move || part(place).and_then(|part| percent(part.days_done, part.days_total));
        let days = move || part(place).map(|part| of_days(part.days_done, part.days_total));
        view! {
            <li class="parts__part">
                <span>{name.clone()}</span>
                <progress class="progress" aria-label=name max="100" value=percent></progress>
                <span class="parts__days muted">{days}</span>
            </li>
        }
    };
    view! {
        <ul class="parts">
            {move || names.get().into_iter().enumerate().map(bar).collect_view()}
        </ul>
    }
    .erased()
}

/// What is safe, whatever stopped it.
#[component]
fn Kept(live: RwSignal<SyncState>) -> impl IntoView {
    move || {
        live.with(|live| {
            (live.days_done > 0).then(|| {
                view! {
                    <p class="muted">
                        {format!("{} came before that and are stored; going on asks only for the rest.", detail(live))}
                    </p>
                }
            })
        })
    }
}

/// How it is shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Look {
    Nothing,
    Running,
    Paused,
    Failed,
    Cancelled,
}

fn look(sync: &SyncState) -> Look {
    match sync.state {
        _ if sync.running => Look::Running,
        Some(JobState::Paused) => Look::Paused,
        Some(JobState::Failed) => Look::Failed,
        Some(JobState::Cancelled) => Look::Cancelled,
        _ => Look::Nothing,
    }
}

/// Whether there is nothing to show.
#[cfg(feature = "hydrate")]
#[must_use]
pub fn is_quiet(sync: &SyncState) -> bool {
    look(sync) == Look::Nothing
}

fn title(sync: &SyncState) -> String {
    match (look(sync), sync.finished_at) {
        (Look::Paused, _) => "Paused",
        _ if sync.asked => "Asking AWS what you wanted to know",
        (_, Some(_)) => "Asking AWS for what has changed",
        (_, None) => "Getting your costs for the first time",
    }
    .to_owned()
}

fn detail(sync: &SyncState) -> String {
    match sync.days_total {
        0 => "Waiting for AWS…".to_owned(),
        total => {
            let of = of_days(sync.days_done, total);
            match sync.parts.len() {
                0 | 1 => of,
                parts => format!("{of} in {parts} groupings"),
            }
        }
    }
}

fn of_days(done: u32, total: u32) -> String {
    format!("{} of {}", done.min(total), count(total, "day", "days"))
}

/// Nothing while the total is unknown: then the bar only shows that it lives.
fn percent_done(sync: &SyncState) -> Option<String> {
    percent(sync.days_done, sync.days_total)
}

fn percent(done: u32, total: u32) -> Option<String> {
    (total > 0).then(|| (u64::from(done.min(total)) * 100 / u64::from(total)).to_string())
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
            let Ok(now) = jobs::progress(connection.to_string()).await else {
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
            state: Some(JobState::Running),
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
        let part = |name: &str| PartProgress {
            name: name.to_owned(),
            days_done: 1,
            days_total: 2,
        };
        let two = SyncState {
            parts: vec![part("By account"), part("By region")],
            ..sync(2, 4)
        };
        assert_eq!(detail(&two), "2 of 4 days in 2 groupings");
    }

    #[test]
    fn what_has_ended_well_takes_no_room() {
        let ended = |state| {
            look(&SyncState {
                running: false,
                state: Some(state),
                ..sync(1, 2)
            })
        };
        assert_eq!(ended(JobState::Done), Look::Nothing);
        assert_eq!(ended(JobState::Paused), Look::Paused);
        assert_eq!(ended(JobState::Failed), Look::Failed);
        assert_eq!(ended(JobState::Cancelled), Look::Cancelled);
        assert_eq!(look(&sync(0, 0)), Look::Running);
        assert_eq!(look(&SyncState::default()), Look::Nothing);
    }
}
