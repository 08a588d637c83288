//! A look at the inventory: what somebody wants to see of it, and a page of that.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Gap, Region, ResourceKind, Scan};
use crate::account::ConnectionId;

/// Lines on a page.
pub const LINES: u32 = 100;
/// Longer texts to look for are nobody's.
const TEXT_MAX: usize = 200;

/// What somebody wants to see, as an address says it.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct InventoryWish {
    /// A kind's name; all without it.
    pub kind: String,
    /// A region's name; all without it.
    pub region: String,
    /// Part of an id, a name or a type.
    pub search: String,
    /// `Team`, or `Team=data`.
    pub tag: String,
    /// `gone` for what isn't there any more.
    pub state: String,
    /// From 1.
    pub page: u32,
}

/// The same, read. What can't be read isn't wished for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct InventoryFilter {
    /// All without it.
    pub kind: Option<ResourceKind>,
    /// All without it.
    pub region: Option<Region>,
    /// In small letters.
    pub search: Option<String>,
    /// A tag's key, and its value if that matters, in small letters.
    pub tag: Option<(String, Option<String>)>,
    /// Whether what isn't there any more is meant, instead of what is.
    pub gone: bool,
}

impl InventoryWish {
    /// What it means.
    #[must_use]
    pub fn read(&self) -> InventoryFilter {
        let text = |text: &str| {
            let small = text.trim().to_lowercase();
            let kept: String = small.chars().take(TEXT_MAX).collect();
            (!kept.is_empty()).then_some(kept)
        };
        let tag = text(&self.tag).map(|tag| match tag.split_once('=') {
            Some((key, value)) => (key.trim().to_owned(), Some(value.trim().to_owned())),
            None => (tag, None),
        });
        InventoryFilter {
            kind: self.kind.parse().ok(),
            region: self.region.parse().ok(),
            search: text(&self.search),
            tag,
            gone: self.state == "gone",
        }
    }

    /// The page, from 0.
    #[must_use]
    pub const fn page_index(&self) -> u32 {
        self.page.saturating_sub(1)
    }
}

/// One resource as a page shows it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct InventoryRow {
    /// What.
    pub kind: ResourceKind,
    /// Its id.
    pub id: String,
    /// Its `Name` tag.
    pub name: Option<String>,
    /// Where.
    pub region: String,
    /// In AWS's word; `idle` or `in-use` for an address.
    pub state: String,
    /// Type, size and the like.
    pub detail: String,
    /// Its tags, by key.
    pub tags: Vec<(String, String)>,
    /// When it was made, where AWS says so.
    pub created_at: Option<DateTime<Utc>>,
    /// The first scan that saw it.
    pub first_seen_at: DateTime<Utc>,
    /// The last one.
    pub last_seen_at: DateTime<Utc>,
    /// The first scan that saw it in its state, without interruption.
    pub state_since: DateTime<Utc>,
    /// The first scan that didn't see it any more.
    pub gone_at: Option<DateTime<Utc>>,
    /// Where AWS's console shows it.
    pub console: String,
}

/// How many there are of a kind in a region.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct InventoryCount {
    /// Of what.
    pub kind: ResourceKind,
    /// Where.
    pub region: String,
    /// How many.
    pub count: u32,
}

/// A page of the inventory.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct InventoryPage {
    /// Whose.
    pub connection: ConnectionId,
    /// What was wished for.
    pub wish: InventoryWish,
    /// The last scan, if there was one.
    pub scan: Option<Scan>,
    /// When the oldest part of what is shown was seen.
    pub as_of: Option<DateTime<Utc>>,
    /// What isn't seen.
    pub gaps: Vec<Gap>,
    /// Regions that the account hasn't opened.
    pub closed_regions: u32,
    /// What is there, by kind and region, whatever is wished for.
    pub counts: Vec<InventoryCount>,
    /// How many there are of what is wished for.
    pub total: u32,
    /// This page's, by region and id.
    pub rows: Vec<InventoryRow>,
}

impl InventoryPage {
    /// How many pages there are, at least one.
    #[must_use]
    pub const fn pages(&self) -> u32 {
        match self.total.div_ceil(LINES) {
            0 => 1,
            pages => pages,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_not_wished_for() {
        let wish = InventoryWish {
            kind: "volume".to_owned(),
            region: "<b>".to_owned(),
            search: "  Orders-DB ".to_owned(),
            tag: "Team = Data".to_owned(),
            state: String::new(),
            page: 0,
        };
        let read = wish.read();
        assert_eq!((read.kind, read.region), (Some(ResourceKind::Volume), None));
        assert_eq!(read.search.as_deref(), Some("orders-db"));
        assert_eq!(read.tag, Some(("team".to_owned(), Some("data".to_owned()))));
        assert!(!read.gone);
        assert_eq!(wish.page_index(), 0);
        assert_eq!(InventoryWish::default().read(), InventoryFilter::default());
    }
}
