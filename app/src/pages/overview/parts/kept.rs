//! Pages that were made, for as long as the same figures are shown: they change a few times a
//! day, and are looked at far more often.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use domain::{account::Connection, report::Overview};
use leptos::{context::use_context, server::ServerActionError};

use super::of_one;
use crate::pages::overview::answer::AtAGlance;

/// Some tens of kilobytes each.
const MOST: usize = 32;

/// A page and all that it was made of.
struct Kept {
    overview: Overview,
    connections: Vec<Connection>,
    page: AtAGlance,
}

/// The newest first.
static KEPT: Mutex<VecDeque<Kept>> = Mutex::new(VecDeque::new());

/// As [`of_one`]: the same of the same. But for what a form that was sent without scripts
/// has to say, which is in the address and is nobody else's.
#[must_use]
pub fn of_one_kept(overview: Overview, connections: Vec<Connection>) -> AtAGlance {
    if use_context::<ServerActionError>().is_some() {
        return of_one(overview, &connections);
    }
    let same = |kept: &Kept| kept.overview == overview && kept.connections == connections;
    let known = || KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(kept) = known().iter().find(|kept| same(kept)) {
        return kept.page.clone();
    }
    let page = of_one(overview.clone(), &connections);
    let (id, look) = (overview.connection, overview.look);
    let mut known = known();
    // What it was before isn't asked for again.
    known.retain(|kept| (kept.overview.connection, kept.overview.look) != (id, look));
    known.truncate(MOST - 1);
    known.push_front(Kept {
        overview,
        connections,
        page: page.clone(),
    });
    page
}
