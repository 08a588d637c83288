//! Who goes first.

/// Whose question it is, the most urgent first.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Priority {
    /// Someone looks at the screen and waits.
    Person,
    /// Nobody waits: syncs.
    Sync,
    /// What may come late: scans and checks in the background.
    Upkeep,
}

impl Priority {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 3] = [Self::Person, Self::Sync, Self::Upkeep];

    /// From 0, the most urgent.
    pub(super) const fn place(self) -> usize {
        match self {
            Self::Person => 0,
            Self::Sync => 1,
            Self::Upkeep => 2,
        }
    }
}
