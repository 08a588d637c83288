//! A month's bill and where this month will end, both from the store.

use async_trait::async_trait;
use chrono::NaiveDate;

use crate::{
    Result, account::ConnectionId, bill::Bill, expected::Forecast, look::Look, metric::Metric,
    user::User,
};

/// Bills and forecasts. Looking never calls AWS.
#[async_trait]
pub trait Bills: Send + Sync {
    /// The bill of the month in which `day` lies, of this month without it. A month of which
    /// nothing is stored is an empty bill, not an error.
    async fn bill(
        &self,
        user: &User,
        id: ConnectionId,
        day: Option<NaiveDate>,
        metric: Metric,
    ) -> Result<Bill>;

    /// Where this month will end, and how past forecasts did.
    async fn forecast(&self, user: &User, id: ConnectionId, look: Look) -> Result<Forecast>;
}
