//! Findings: looked at, put off, dismissed; never mended by us.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::Days;
use domain::{
    Error, Result,
    account::ConnectionId,
    findings::{Finding, FindingId, FindingState, FindingWish, Findings, Sums, Tally, Thresholds},
    inventory::{LINES, ScanOutcome, gaps},
    ports::Savings,
    user::User,
};

use super::{assessor::Assessor, clock::Clock, internal, own};
use crate::store::{Store, StoreError, findings::Wanted};

/// The longest reason.
const REASON_MAX: usize = 500;
/// The longest snooze.
const SNOOZE_MAX: u32 = 730;

/// Implements [`Savings`].
pub struct SavingsService {
    store: Store,
    clock: Clock,
    assessor: Assessor,
}

impl SavingsService {
    /// Puts the parts together.
    #[must_use]
    pub const fn new(store: Store, clock: Clock, assessor: Assessor) -> Self {
        Self {
            store,
            clock,
            assessor,
        }
    }
}

#[async_trait]
impl Savings for SavingsService {
    async fn findings(&self, user: &User, id: ConnectionId, wish: FindingWish) -> Result<Findings> {
        own(&self.store, user.id, id).await?;
        let (findings, today) = (self.store.findings(), self.clock.today());
        let wanted = Wanted {
            check: wish.check.parse().ok(),
            region: Some(wish.region.clone()).filter(|region| !region.is_empty()),
            state: wish.state.parse().unwrap_or_default(),
        };
        let inventory = self.store.inventory();
        // First: what is said to have ended has all its findings here.
        let scan = inventory.scan(id, self.clock.now()).await.map_err(unread)?;
        let parts = inventory.parts(id).await.map_err(unread)?;
        let mut closed: Vec<_> = parts
            .iter()
            .filter(|part| part.outcome == ScanOutcome::NotOptedIn)
            .map(|part| part.region.as_str())
            .collect();
        closed.dedup();
        let skip = wish.page.saturating_sub(1).saturating_mul(LINES);
        let rows = findings.list(id, &wanted, today, (skip, LINES)).await;
        let tally = findings.tally(id, today).await.map_err(unread)?;
        let regions: BTreeSet<_> = tally.iter().map(|one| one.region.clone()).collect();
        let is_wanted = |one: &&Tally| {
            one.state == wanted.state
                && wanted.check.is_none_or(|check| one.check == check)
                && wanted
                    .region
                    .as_ref()
                    .is_none_or(|region| one.region == *region)
        };
        Ok(Findings {
            connection: id,
            wish,
            scan,
            as_of: parts.iter().filter_map(|part| part.complete_at).min(),
            gaps: gaps(&parts),
            closed_regions: u32::try_from(closed.len()).unwrap_or(u32::MAX),
            sums: Sums::of(&tally).map_err(|_| unread(StoreError::TooLarge))?,
            thresholds: findings.thresholds(id).await.map_err(unread)?,
            regions: regions.into_iter().collect(),
            total: tally.iter().filter(is_wanted).map(|one| one.number).sum(),
            rows: rows.map_err(unread)?,
        })
    }

    async fn finding(&self, user: &User, id: FindingId) -> Result<Finding> {
        let found = self.store.findings().find(id, self.clock.today()).await;
        let found = found.map_err(unread)?;
        let found = found.ok_or_else(|| Error::not_found("finding"))?;
        match own(&self.store, user.id, found.connection).await {
            Ok(_) => Ok(found),
            // Somebody else's is as absent as none.
            Err(error) if error.code == domain::Code::NotFound => Err(Error::not_found("finding")),
            Err(error) => Err(error),
        }
    }

    async fn decide(
        &self,
        user: &User,
        id: FindingId,
        state: FindingState,
        days: u32,
        reason: &str,
    ) -> Result<Finding> {
        self.finding(user, id).await?;
        let reason = reason.trim();
        let until = match state {
            FindingState::Open => None,
            FindingState::Resolved => return Err(resolves_itself()),
            _ if reason.is_empty() || reason.chars().count() > REASON_MAX => {
                return Err(Error::invalid(
                    "reason",
                    "A reason of at most 500 characters is needed.",
                    "Say in a few words why: whoever looks next will want to know.",
                ));
            }
            FindingState::Dismissed => None,
            FindingState::Snoozed => {
                let until = self.clock.today().checked_add_days(Days::new(days.into()));
                let fits = (1..=SNOOZE_MAX).contains(&days);
                Some(until.filter(|_| fits).ok_or_else(|| {
                    Error::invalid(
                        "days",
                        "That isn’t a number of days to wait.",
                        "Give a number from 1 to 730.",
                    )
                })?)
            }
        };
        let reason = match state {
            FindingState::Open => "",
            _ => reason,
        };
        let decided = self.store.findings().decide(id, state, until, reason).await;
        decided.map_err(|error| internal("deciding about a finding", &error))?;
        self.finding(user, id).await
    }

    async fn set_thresholds(
        &self,
        user: &User,
        id: ConnectionId,
        thresholds: Thresholds,
    ) -> Result<()> {
        own(&self.store, user.id, id).await?;
        let thresholds = thresholds.checked()?;
        let set = self.store.findings().set_thresholds(id, &thresholds).await;
        set.map_err(|error| internal("setting thresholds", &error))?;
        self.assessor.assess(id).await
    }
}

fn unread(error: StoreError) -> Error {
    internal("reading findings", &error)
}

fn resolves_itself() -> Error {
    Error::invalid(
        "state",
        "A finding is resolved by itself.",
        "Mend it in AWS; the next scan sees that, and books the saving.",
    )
}
