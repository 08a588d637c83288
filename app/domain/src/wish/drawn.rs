//! How costs are drawn.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::not_offered;
use crate::Error;

/// A kind of chart.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drawn {
    /// Bars, the groups on top of each other.
    #[default]
    Bars,
    /// A line for each group.
    Lines,
    /// Areas on top of each other.
    Areas,
    /// Rectangles as large as the groups' totals.
    Treemap,
    /// Each day's total as a shade.
    Calendar,
}

impl Drawn {
    /// All that are offered.
    pub const ALL: [Self; 5] = [
        Self::Bars,
        Self::Lines,
        Self::Areas,
        Self::Treemap,
        Self::Calendar,
    ];

    /// The name in addresses.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Bars => "bars",
            Self::Lines => "lines",
            Self::Areas => "areas",
            Self::Treemap => "treemap",
            Self::Calendar => "calendar",
        }
    }

    /// The name for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Bars => "Bars",
            Self::Lines => "Lines",
            Self::Areas => "Areas",
            Self::Treemap => "Treemap",
            Self::Calendar => "Calendar",
        }
    }

    /// Whether it has a place for each piece of the period beside the next.
    #[must_use]
    pub const fn is_over_time(self) -> bool {
        matches!(self, Self::Bars | Self::Lines | Self::Areas)
    }
}

impl FromStr for Drawn {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|one| one.slug() == text);
        found.ok_or_else(|| not_offered("chart"))
    }
}
