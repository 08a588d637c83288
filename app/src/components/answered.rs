//! A page's answer: what stood there stays while another arrives, and what went wrong is
//! shown in its place.

use domain::Error;
use leptos::prelude::*;

use super::problem::{LeadTo, Problem};
use crate::{erased::Erase, error::ApiError, loaded::Loaded};

/// What stands there now.
#[derive(Clone, Debug, PartialEq)]
enum Shown {
    Answer,
    Nothing,
    Problem(Error),
}

/// Shows `children` for the latest answer. `None` means that there is no connection yet:
/// it leads to where one is made. Has to stand under a `Transition`.
#[component]
pub fn Answered<T, V>(
    /// What is asked for.
    answer: Loaded<Result<Option<T>, ApiError>>,
    /// The page for it.
    children: impl Fn(Signal<T>) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let shown = Memo::new(move |_| match answer.get()? {
        Ok(Some(_)) => Some(Shown::Answer),
        Ok(None) => Some(Shown::Nothing),
        Err(error) => Some(Shown::Problem(error.error)),
    });
    let last = Memo::new(move |before: Option<&Option<T>>| match answer.get() {
        Some(Ok(Some(now))) => Some(now),
        _ => before.cloned().flatten(),
    });
    move || {
        Some(match shown.get()? {
            Shown::Answer => {
                let first = last.get_untracked()?;
                let now = Signal::derive(move || last.get().unwrap_or_else(|| first.clone()));
                children(now).erased()
            }
            Shown::Nothing => view! { <LeadTo path="/connect"/> }.erased(),
            Shown::Problem(error) => view! { <Problem error=error/> }.erased(),
        })
    }
}
