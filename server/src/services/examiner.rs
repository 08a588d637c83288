//! Asks AWS whether a connection may use an operation at all.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use domain::{Error, Result, inventory::Region, ledger::Operation};

use super::access::Access;
use crate::{
    aws::{Gateway, Priority},
    store::connections::StoredConnection,
};

/// Open to every AWS account; permissions for EC2 know no regions here.
const REGION: &str = "us-east-1";

/// Asks one question.
#[async_trait]
pub trait Examiner: Send + Sync {
    /// Whether AWS answers the cheapest question of an operation.
    ///
    /// # Errors
    /// Why it doesn't, as people read it.
    async fn check(
        &self,
        connection: &StoredConnection,
        operation: Operation,
        today: NaiveDate,
    ) -> Result<()>;
}

/// Asks AWS itself, in a person's turn: they have seen the price.
pub struct AwsExaminer {
    gateway: Arc<Gateway>,
    access: Access,
}

impl AwsExaminer {
    /// Over this gateway.
    #[must_use]
    pub const fn new(gateway: Arc<Gateway>, access: Access) -> Self {
        Self { gateway, access }
    }
}

#[async_trait]
impl Examiner for AwsExaminer {
    async fn check(
        &self,
        connection: &StoredConnection,
        operation: Operation,
        today: NaiveDate,
    ) -> Result<()> {
        let target = self.access.target(connection).await?;
        let region: Region = REGION.parse().map_err(|_| Error::internal("no-region"))?;
        let asked = self
            .gateway
            .check(&target, operation, &region, today, Priority::Person)
            .await;
        match asked {
            Ok(()) => Ok(()),
            Err(error) => Err(self.access.explain(connection, &target, &error).await),
        }
    }
}
