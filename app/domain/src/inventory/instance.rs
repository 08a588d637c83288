//! EC2 instances.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Region, Tags};
use crate::words::open_words;

open_words! {
    /// Where an instance is in its life. A stopped one costs nothing itself, but its
    /// volumes and addresses do.
    InstanceState {
        /// Starting.
        Pending "pending"
        /// Running.
        Running "running"
        /// About to be terminated.
        ShuttingDown "shutting-down"
        /// Gone; AWS still tells about it for a while.
        Terminated "terminated"
        /// Stopping.
        Stopping "stopping"
        /// Stopped.
        Stopped "stopped"
    }
}

/// A virtual machine.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    /// Names it: `i-…`.
    pub id: String,
    /// Where.
    pub region: Region,
    /// Its availability zone.
    pub zone: Option<String>,
    /// Its type, such as `m5.large`.
    pub instance_type: String,
    /// Whether it runs.
    pub state: InstanceState,
    /// Why it is in that state, in AWS's words.
    pub state_transition_reason: Option<String>,
    /// The same as a code, such as `Client.UserInitiatedShutdown`.
    pub state_reason_code: Option<String>,
    /// Since when it is stopped, where AWS says so.
    pub stopped_at: Option<DateTime<Utc>>,
    /// When it was last started: a stop is never earlier.
    pub launched_at: Option<DateTime<Utc>>,
    /// The account it belongs to.
    pub owner: Option<String>,
    /// `spot`, `scheduled` or `capacity-block`; `None` for an ordinary one.
    pub lifecycle: Option<String>,
    /// `default`, `dedicated` or `host`.
    pub tenancy: Option<String>,
    /// Its processor's architecture.
    pub architecture: Option<String>,
    /// Its operating system as the bill knows it, such as `Linux/UNIX`.
    pub platform: Option<String>,
    /// The image it was made from.
    pub image: Option<String>,
    /// Its address inside.
    pub private_ip: Option<String>,
    /// Its address outside.
    pub public_ip: Option<String>,
    /// Its network.
    pub vpc: Option<String>,
    /// The AWS service that runs it on the account's behalf, which the person can't change.
    pub managed_by: Option<String>,
    /// The volumes that hang on it.
    pub volumes: Vec<InstanceVolume>,
    /// Its tags.
    pub tags: Tags,
}

impl Instance {
    /// What people call it: its `Name` tag.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        super::name(&self.tags)
    }
}

/// A volume as its instance sees it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct InstanceVolume {
    /// The volume's id.
    pub volume: String,
    /// Its name on the machine.
    pub device: Option<String>,
    /// Since when.
    pub attached_at: Option<DateTime<Utc>>,
    /// Whether it goes when the instance goes.
    pub delete_on_termination: Option<bool>,
}

/// The time in a state transition reason: `User initiated (2026-09-17 14:00:00 GMT)`.
/// Not every reason has one.
#[must_use]
pub fn transition_time(reason: &str) -> Option<DateTime<Utc>> {
    let (_, tail) = reason.rsplit_once('(')?;
    let (inside, _) = tail.split_once(')')?;
    let (time, zone) = inside.rsplit_once(' ')?;
    if !matches!(zone, "GMT" | "UTC") {
        return None;
    }
    let time = NaiveDateTime::parse_from_str(time, "%Y-%m-%d %H:%M:%S").ok()?;
    Some(time.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_tell_when() {
        let at = |reason| transition_time(reason).map(|time| time.to_rfc3339());
        let expected = Some("2026-09-17T14:00:00+00:00".to_owned());
        assert_eq!(at("User initiated (2026-09-17 14:00:00 GMT)"), expected);
        assert_eq!(
            at("Server.ScheduledStop (2026-09-17 14:00:00 UTC)"),
            expected
        );
        assert_eq!(at("odd (note) (2026-09-17 14:00:00 GMT)"), expected);
        for timeless in [
            "",
            "User initiated",
            "Server.SpotInstanceShutdown",
            "User initiated ()",
            "User initiated (2026-09-17 14:00:00)",
            "User initiated (2026-09-17 14:00:00 CET)",
            "User initiated (2026-02-30 14:00:00 GMT)",
            "User initiated (2026-09-17 14:00:00 GMT",
        ] {
            assert_eq!(at(timeless), None, "{timeless}");
        }
    }
}
