//! How far getting the costs has come, and the refresh: as the server has made them, with
//! forms that work as they are, until they have something to tell or somebody comes near.

use leptos::prelude::*;

use super::answer::One;
use crate::{
    components::{late::Late, sync_progress::SyncProgress},
    erased::Erase,
    still::{Placed, Still},
};

/// Where the progress of a job stands.
#[component]
pub fn ProgressPlace(
    /// What is going on.
    one: Signal<One>,
    /// What stands there before it lives.
    still: Signal<Still>,
    /// Called whenever more has arrived.
    again: Callback<()>,
) -> impl IntoView {
    let late = Late::new();
    follow(&late, one, again);
    late.place("late", still, as_it_is)
}

/// Where the refresh stands.
#[component]
pub fn FreshPlace(
    /// What is going on.
    one: Signal<One>,
    /// What stands there before it lives.
    still: Signal<Still>,
    /// Called when a refresh has begun.
    again: Callback<()>,
) -> impl IntoView {
    let late = Late::new();
    refresh(&late, one, again);
    late.place("late", still, as_it_is)
}

/// The forms work without scripts too.
fn as_it_is(still: Signal<Still>) -> AnyView {
    view! { <Placed still=still/> }.erased()
}

/// As soon as there is anything to tell.
#[cfg(feature = "hydrate")]
fn follow(late: &Late, one: Signal<One>, again: Callback<()>) {
    let Some(owner) = Owner::current() else {
        return;
    };
    let late = late.clone();
    let begun = StoredValue::new(false);
    Effect::new(move |_| {
        if begun.get_value() || one.with(|one| one.is_quiet) {
            return;
        }
        begun.set_value(true);
        let (owner, late) = (owner.clone(), late.clone());
        leptos::task::spawn_local(async move {
            if live(owner, late.clone(), one, again, Which::Progress)
                .await
                .is_err()
            {
                late.give_up();
            }
        });
    });
}

/// When somebody is about to see it.
#[cfg(feature = "hydrate")]
fn refresh(late: &Late, one: Signal<One>, again: Callback<()>) {
    let Some(owner) = Owner::current() else {
        return;
    };
    let late = late.clone();
    crate::components::near::when_near(late.host, move || {
        leptos::task::spawn_local(async move {
            if live(owner, late.clone(), one, again, Which::Refresh)
                .await
                .is_err()
            {
                late.give_up();
            }
        });
    });
}

#[cfg(not(feature = "hydrate"))]
const fn follow(_late: &Late, _one: Signal<One>, _again: Callback<()>) {}

#[cfg(not(feature = "hydrate"))]
const fn refresh(_late: &Late, _one: Signal<One>, _again: Callback<()>) {}

#[cfg(feature = "hydrate")]
#[derive(Clone, Copy)]
enum Which {
    Progress,
    Refresh,
}

#[cfg(feature = "hydrate")]
#[leptos::wasm_split::wasm_split(upkeep, wasm_split_path = leptos::wasm_split, fallible)]
fn live(
    owner: Owner,
    late: Late,
    one: Signal<One>,
    again: Callback<()>,
    which: Which,
) -> Result<(), leptos::wasm_split::SplitLoaderError> {
    if !late.is_gone() {
        let view = owner.with(|| match which {
            Which::Progress => view! { <Progress one=one again=again/> }.erased(),
            Which::Refresh => {
                view! { <super::fresh::Freshness one=one on_refresh=again/> }.erased()
            }
        });
        late.bring_to_life(view);
    }
    Ok(())
}

/// The progress of the connection's newest job.
#[component]
pub fn Progress(
    /// What is going on.
    one: Signal<One>,
    /// Called whenever more has arrived.
    again: Callback<()>,
) -> impl IntoView {
    let connection = Memo::new(move |_| one.with(|one| one.connection));
    let sync = Signal::derive(move || one.with(|one| one.sync.clone()));
    move || {
        view! {
            <SyncProgress
                connection=connection.get()
                sync=sync
                on_news=move |_| again.run(())
            />
        }
    }
}
