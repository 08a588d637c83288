//! How a scan of the inventory went: region by region, kind by kind. A gap is told, never
//! taken for emptiness.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Region, ResourceKind};
use crate::{Code, Error};

/// So long after costs have come it is the inventory's turn: never in the way of a sync.
pub const AFTER_A_SYNC: TimeDelta = TimeDelta::minutes(10);
/// A scan by itself is at least so long after the one before.
pub const BETWEEN_SCANS: TimeDelta = TimeDelta::hours(12);

/// How one kind in one region went.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScanOutcome {
    /// AWS told all there is.
    Complete,
    /// The key may not ask this.
    NotPermitted,
    /// The account hasn't opened the region. Nothing can be there.
    NotOptedIn,
    /// AWS couldn't be asked, or failed.
    Failed,
}

impl ScanOutcome {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Complete,
        Self::NotPermitted,
        Self::NotOptedIn,
        Self::Failed,
    ];

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::NotPermitted => "not_permitted",
            Self::NotOptedIn => "not_opted_in",
            Self::Failed => "failed",
        }
    }

    /// What an error means for the place that was asked about.
    #[must_use]
    pub const fn of(code: Code) -> Self {
        match code {
            Code::AwsDenied | Code::AwsDeniedByOrganization => Self::NotPermitted,
            Code::AwsRegionDisabled => Self::NotOptedIn,
            _ => Self::Failed,
        }
    }

    /// Whether something may be there that isn't seen.
    #[must_use]
    pub const fn is_gap(self) -> bool {
        matches!(self, Self::NotPermitted | Self::Failed)
    }
}

/// One kind of resource in one region.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct ScanPart {
    /// Where.
    pub region: Region,
    /// What.
    pub kind: ResourceKind,
    /// How it went the last time.
    pub outcome: ScanOutcome,
    /// How many there were when it last went well.
    pub found: u32,
    /// When it was last tried.
    pub tried_at: DateTime<Utc>,
    /// When it last went well: how old what is shown is.
    pub complete_at: Option<DateTime<Utc>>,
    /// Why it didn't go well the last time.
    pub error: Option<Error>,
}

/// The last scan of a connection, or the one under way.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Scan {
    /// Whether it is under way.
    pub running: bool,
    /// Parts that have been asked about.
    pub done: u32,
    /// Parts to ask about; 0 until the regions are known.
    pub total: u32,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Why it ended early.
    pub error: Option<Error>,
    /// Why only the regions are known that are open to every account.
    pub regions_error: Option<Error>,
}

/// Parts that went wrong alike, for one line on a page.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    /// What isn't seen.
    pub kind: ResourceKind,
    /// Where, in order.
    pub regions: Vec<Region>,
    /// Why; of several reasons, the first region's.
    pub outcome: ScanOutcome,
    /// The same in words.
    pub error: Option<Error>,
}

/// What isn't seen, by kind and outcome.
#[must_use]
pub fn gaps(parts: &[ScanPart]) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = Vec::new();
    for part in parts.iter().filter(|part| part.outcome.is_gap()) {
        let alike = |gap: &&mut Gap| gap.kind == part.kind && gap.outcome == part.outcome;
        if let Some(gap) = gaps.iter_mut().find(alike) {
            gap.regions.push(part.region.clone());
            continue;
        }
        gaps.push(Gap {
            kind: part.kind,
            regions: vec![part.region.clone()],
            outcome: part.outcome,
            error: part.error.clone(),
        });
    }
    gaps
}

/// Whether a scan begins by itself: some time after costs have come, unless there was one
/// lately. Costs that come only when a person asks bring a scan only then.
#[must_use]
pub fn is_due(
    costs_came_at: Option<DateTime<Utc>>,
    last_began_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> bool {
    costs_came_at.is_some_and(|came| {
        now - came >= AFTER_A_SYNC
            && last_began_at.is_none_or(|began| began < came && now - began >= BETWEEN_SCANS)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_scan_follows_the_costs() {
        let came = Some(at("2026-11-24T05:00:00Z"));
        assert!(!is_due(None, None, at("2026-11-24T05:00:00Z")));
        assert!(!is_due(came, None, at("2026-11-24T05:09:59Z")));
        assert!(is_due(came, None, at("2026-11-24T05:10:00Z")));
        // Yesterday's scan was before these costs.
        let yesterday = Some(at("2026-11-23T05:10:00Z"));
        assert!(is_due(came, yesterday, at("2026-11-24T05:10:00Z")));
        // A person has just looked, or it has been done.
        let just_now = Some(at("2026-11-24T04:00:00Z"));
        assert!(!is_due(came, just_now, at("2026-11-24T05:10:00Z")));
        let done = Some(at("2026-11-24T05:10:00Z"));
        assert!(!is_due(came, done, at("2026-11-30T00:00:00Z")));
    }

    #[test]
    fn gaps_are_told_by_kind_and_reason() {
        let part = |region: &str, kind, outcome| ScanPart {
            region: region.parse().unwrap(),
            kind,
            outcome,
            found: 0,
            tried_at: at("2026-11-24T05:00:00Z"),
            complete_at: None,
            error: None,
        };
        let (volume, snapshot) = (ResourceKind::Volume, ResourceKind::Snapshot);
        let told = gaps(&[
            part("eu-west-1", volume, ScanOutcome::Complete),
            part("eu-west-1", snapshot, ScanOutcome::NotPermitted),
            part("il-central-1", volume, ScanOutcome::NotOptedIn),
            part("us-east-1", volume, ScanOutcome::Failed),
            part("us-east-1", snapshot, ScanOutcome::NotPermitted),
        ]);
        let told: Vec<_> = told
            .iter()
            .map(|gap| (gap.kind, gap.regions.len(), gap.outcome))
            .collect();
        assert_eq!(
            told,
            [
                (snapshot, 2, ScanOutcome::NotPermitted),
                (volume, 1, ScanOutcome::Failed)
            ]
        );
    }
}
