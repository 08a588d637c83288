//! A part of a page that stands there as the server has made it until it's brought to life:
//! by a piece of the browser half that no page needs to be read, when it is time.

use std::sync::{Arc, Mutex};

use leptos::{html::Div, prelude::*};

#[cfg(feature = "hydrate")]
use crate::components::{chosen::is_filled_in, near::fetch_when_near};
use crate::{
    erased::Erase,
    still::{Placed, Still},
};

/// Such a part.
#[derive(Clone)]
pub struct Late {
    /// Its place on the page.
    pub host: NodeRef<Div>,
    stage: RwSignal<Stage>,
    made: Arc<Mutex<Option<AnyView>>>,
}

/// What has become of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only a browser brings anything to life")
)]
enum Stage {
    Still,
    Alive,
    Failed,
}

impl Late {
    /// One that stands still.
    #[must_use]
    pub fn new() -> Self {
        Self {
            host: NodeRef::new(),
            stage: RwSignal::new(Stage::Still),
            made: Arc::default(),
        }
    }

    /// Its place. `failed` stands there where it can't be brought to life.
    pub fn place(
        self,
        class: &'static str,
        still: Signal<Still>,
        failed: fn(Signal<Still>) -> AnyView,
    ) -> impl IntoView {
        let Self { host, stage, made } = self;
        let inside = move || match stage.get() {
            Stage::Still => view! { <Placed still=still/> }.erased(),
            Stage::Failed => failed(still),
            Stage::Alive => {
                let made = made.lock().ok().and_then(|mut made| made.take());
                made.erased()
            }
        };
        view! { <div class=class node_ref=host>{inside}</div> }.erased()
    }
}

#[cfg(feature = "hydrate")]
impl Late {
    /// Lets `fetch` bring it to life once somebody is about to see it.
    pub fn when_near<F, E>(&self, fetch: impl FnOnce(Self) -> F)
    where
        F: Future<Output = Result<(), E>> + 'static,
    {
        let late = self.clone();
        fetch_when_near(self.host, fetch(self.clone()), move || late.give_up());
    }

    /// Puts in its place what answers, once nobody is in the midst of it: what is filled in
    /// goes on as a plain form, and what has the focus is left alone for a while.
    pub fn bring_to_life(self, view: AnyView) {
        self.try_to_bring(view, A_FEW);
    }

    fn try_to_bring(self, view: AnyView, left: u8) {
        let host = self.host.try_get_untracked().flatten();
        let waits = host.is_some_and(|host| match used(&host) {
            Use::FilledIn => true,
            Use::Focused => left > 0,
            Use::None => false,
        });
        if waits {
            let left = left.saturating_sub(1);
            set_timeout(move || self.try_to_bring(view, left), A_WHILE);
            return;
        }
        if let Ok(mut made) = self.made.lock() {
            *made = Some(view);
        }
        // The page may be gone by now.
        self.stage.try_set(Stage::Alive);
    }

    /// Says that it can't be.
    pub fn give_up(&self) {
        self.stage.try_set(Stage::Failed);
    }

    /// Whether its page is gone.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.stage.try_get_untracked().is_none()
    }
}

/// So long a part that is in use is left alone before it's looked at again.
#[cfg(feature = "hydrate")]
const A_WHILE: std::time::Duration = std::time::Duration::from_millis(300);
/// So often one is left alone that has the focus and nothing filled in.
#[cfg(feature = "hydrate")]
const A_FEW: u8 = 10;

/// What a person does with a part.
#[cfg(feature = "hydrate")]
enum Use {
    None,
    Focused,
    FilledIn,
}

#[cfg(feature = "hydrate")]
fn used(host: &web_sys::HtmlDivElement) -> Use {
    if is_filled_in(host) {
        return Use::FilledIn;
    }
    // A button outside of a form does nothing yet: nobody is held up by it.
    let focused = document().active_element();
    let focused = focused.filter(|one| matches!(one.closest("form, a, summary"), Ok(Some(_))));
    match focused.is_some_and(|one| host.contains(Some(&one))) {
        true => Use::Focused,
        false => Use::None,
    }
}
