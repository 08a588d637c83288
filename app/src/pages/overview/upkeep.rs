//! How far getting the costs has come, and the refresh: as the server has made them, with
//! forms that work as they are, until they have something to tell or somebody comes near.

use leptos::prelude::*;

use super::answer::One;
#[cfg(feature = "hydrate")]
use crate::components::sync_progress::is_quiet;
use crate::{
    components::{late::Late, sync_progress::SyncProgress},
    erased::Erase,
    still::{Placed, Still},
};

/// Which of the two.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Part {
    /// The progress of a job: lives as soon as there is anything to tell.
    Progress,
    /// The refresh: lives when somebody is about to see it.
    Refresh,
}

/// Where one of them stands.
#[component]
pub fn UpkeepPlace(
    /// Which.
    part: Part,
    /// What is going on.
    one: Signal<One>,
    /// What stands there before it lives.
    still: Signal<Still>,
    /// Called when a job has begun or has brought more.
    again: Callback<()>,
) -> impl IntoView {
    let late = Late::new();
    wait(&late, part, one, again);
    // Where its piece doesn't come, the forms work without scripts too.
    late.place("late", still, |still| {
        view! { <Placed still=still/> }.erased()
    })
}

#[cfg(not(feature = "hydrate"))]
const fn wait(_late: &Late, _part: Part, _one: Signal<One>, _again: Callback<()>) {}

#[cfg(feature = "hydrate")]
fn wait(late: &Late, part: Part, one: Signal<One>, again: Callback<()>) {
    let Some(owner) = Owner::current() else {
        return;
    };
    match part {
        Part::Progress => follow(owner, late.clone(), one, again),
        Part::Refresh => late.when_near(|late| live(owner, late, part, one, again)),
    }
}

/// How soon it's tried again where the piece doesn't come while a job runs.
#[cfg(feature = "hydrate")]
const PAUSE: std::time::Duration = std::time::Duration::from_secs(5);

#[cfg(feature = "hydrate")]
fn follow(owner: Owner, late: Late, one: Signal<One>, again: Callback<()>) {
    let begun = StoredValue::new(false);
    let tries = RwSignal::new(0_u32);
    Effect::new(move |_| {
        tries.track();
        if one.with(|one| is_quiet(&one.sync)) || begun.get_value() {
            return;
        }
        begun.set_value(true);
        let (owner, late) = (owner.clone(), late.clone());
        leptos::task::spawn_local(async move {
            let part = Part::Progress;
            if live(owner, late.clone(), part, one, again).await.is_ok() {
                return;
            }
            // What has arrived meanwhile is shown all the same.
            late.give_up();
            set_timeout(
                move || {
                    if !late.is_gone() {
                        begun.set_value(false);
                        tries.update(|tries| *tries += 1);
                        again.run(());
                    }
                },
                PAUSE,
            );
        });
    });
}

#[cfg(feature = "hydrate")]
#[leptos::wasm_split::wasm_split(upkeep, wasm_split_path = leptos::wasm_split, fallible)]
fn live(
    owner: Owner,
    late: Late,
    part: Part,
    one: Signal<One>,
    again: Callback<()>,
) -> Result<(), leptos::wasm_split::SplitLoaderError> {
    if !late.is_gone() {
        let view = owner.with(|| match part {
            Part::Progress => view! { <Progress one=one again=again/> }.erased(),
            Part::Refresh => view! { <super::fresh::Freshness one=one on_refresh=again/> }.erased(),
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
        let connection = connection.get();
        view! { <SyncProgress connection=connection sync=sync on_news=move |_| again.run(())/> }
    }
}
