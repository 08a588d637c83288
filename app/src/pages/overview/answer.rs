//! What the page gets from the server: what answers to people as data, the rest as HTML.

use domain::{account::ConnectionId, job::SyncState, look::Look};
use serde::{Deserialize, Serialize};

use crate::{
    components::of_connection::Whose,
    still::{HasStill, Still},
};

/// The Overview of one connection, or of all together.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct AtAGlance {
    /// What the page is about.
    pub whose: Whose,
    /// What it counts.
    pub look: Look,
    /// What is going on with the one connection; `None` for all together.
    pub one: Option<One>,
    /// The chart of each chapter: one for each currency, none where nothing is stored.
    pub charts: Vec<ChartOf>,
    /// What stands before the progress of a job, in its place, after it, and where the refresh
    /// is; then for each chapter what stands above its chart, in its place, and below.
    pub still: Vec<Still>,
}

impl HasStill for AtAGlance {
    fn take_still(&mut self) -> Vec<Still> {
        std::mem::take(&mut self.still)
    }
}

/// A chapter's chart, which comes by itself later.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct ChartOf {
    /// Stands for what it shows: another number, another chart.
    pub number: u64,
    /// Its days, for people.
    pub period: String,
    /// Of all its amounts: tells it from the charts of other chapters.
    pub currency: String,
}

/// What is going on with one connection.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct One {
    /// Whose costs.
    pub connection: ConnectionId,
    /// How far getting them has come.
    pub sync: SyncState,
    /// What stands beside the refresh; `None` while the first costs are on their way.
    pub fresh: Option<Fresh>,
}

/// How fresh the figures are, in words.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Fresh {
    /// As of when, and what that cost.
    pub as_of: String,
    /// What a refresh usually costs.
    pub price: String,
    /// What a person has to agree to where the cap doesn't cover that.
    pub beyond_cap: Option<String>,
}
