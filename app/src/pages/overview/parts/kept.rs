//! Pages that were made, for as long as the same figures are shown: they change a few times a
//! day, and are looked at far more often.

use std::{
    any::Any,
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use domain::account::Connection;
use leptos::{context::use_context, server::ServerActionError};

use crate::pages::overview::answer::AtAGlance;

/// Some tens of kilobytes each.
const MOST: usize = 32;

/// A page and all that it was made of.
struct Kept {
    figures: Arc<dyn Any + Send + Sync>,
    connections: Vec<Connection>,
    page: AtAGlance,
}

/// The newest first.
static KEPT: Mutex<VecDeque<Kept>> = Mutex::new(VecDeque::new());

/// The page that `make` makes of figures and of the person's connections, or the one it made
/// of the same, which whoever hands them out remembers and doesn't copy. But for what a form
/// that was sent without scripts has to say, which is in the address and is nobody else's.
#[must_use]
pub fn kept<T: PartialEq + Send + Sync + 'static>(
    figures: Arc<T>,
    connections: Vec<Connection>,
    make: impl FnOnce(&T, &[Connection]) -> AtAGlance,
) -> AtAGlance {
    if use_context::<ServerActionError>().is_some() {
        return make(&figures, &connections);
    }
    let known = || KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let same = |kept: &Kept| {
        let same = |known: &T| std::ptr::eq(known, &*figures) || *known == *figures;
        kept.figures.downcast_ref().is_some_and(same) && kept.connections == connections
    };
    if let Some(kept) = known().iter_mut().find(|kept| same(kept)) {
        // Next time it takes no more than a look at where they are.
        kept.figures = figures;
        return kept.page.clone();
    }
    let page = make(&figures, &connections);
    let mut known = known();
    // What it was before isn't asked for again.
    known.retain(|kept| (&kept.page.whose, kept.page.look) != (&page.whose, page.look));
    known.truncate(MOST - 1);
    known.push_front(Kept {
        figures,
        connections,
        page: page.clone(),
    });
    page
}
