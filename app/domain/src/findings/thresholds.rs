//! From when on something counts. A person may set them for each connection.

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// In days. The defaults are ours: a week of being unused is no accident, a month of being
/// stopped no pause, half a year of a snapshot no restore; an address is cheap to take again.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Thresholds {
    /// An instance is stopped for so long.
    pub stopped: u32,
    /// So long that its volumes count on their own.
    pub long_stopped: u32,
    /// A volume is unattached for so long.
    pub unattached: u32,
    /// An address is idle for so long.
    pub idle_address: u32,
    /// A snapshot is so old.
    pub old_snapshot: u32,
    /// A large instance runs for so long.
    pub running: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            stopped: 7,
            long_stopped: 30,
            unattached: 7,
            idle_address: 0,
            old_snapshot: 180,
            running: 90,
        }
    }
}

impl Thresholds {
    /// None is longer than ten years.
    ///
    /// # Errors
    /// When one is.
    pub fn checked(self) -> Result<Self> {
        let all = [
            ("stopped", self.stopped),
            ("long_stopped", self.long_stopped),
            ("unattached", self.unattached),
            ("idle_address", self.idle_address),
            ("old_snapshot", self.old_snapshot),
            ("running", self.running),
        ];
        match all.into_iter().find(|(_, days)| *days > 3_650) {
            None => Ok(self),
            Some((field, _)) => Err(Error::invalid(
                field,
                "That is longer than ten years.",
                "Give a number of days from 0 to 3650.",
            )),
        }
    }
}
