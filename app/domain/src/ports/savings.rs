//! What could be saved, and what becomes of it.

use async_trait::async_trait;

use crate::{
    Result,
    account::ConnectionId,
    findings::{Finding, FindingId, FindingState, FindingWish, Findings, Thresholds},
    user::User,
};

/// Findings. None of this calls AWS, and nothing ever changes anything there.
#[async_trait]
pub trait Savings: Send + Sync {
    /// A page of them, with the sums of all.
    async fn findings(&self, user: &User, id: ConnectionId, wish: FindingWish) -> Result<Findings>;

    /// One of the person's.
    async fn finding(&self, user: &User, id: FindingId) -> Result<Finding>;

    /// Opens it again, puts it off for so many days, or dismisses it; the last two with a reason.
    async fn decide(
        &self,
        user: &User,
        id: FindingId,
        state: FindingState,
        days: u32,
        reason: &str,
    ) -> Result<Finding>;

    /// Sets from when on something counts.
    async fn set_thresholds(
        &self,
        user: &User,
        id: ConnectionId,
        thresholds: Thresholds,
    ) -> Result<()>;
}
