//! May we spend? Asked before every attempt that AWS charges for.

use async_trait::async_trait;
use domain::{ledger::Payer, money::Money};

use super::priority::Priority;

/// Why nothing may be spent.
#[derive(Debug, thiserror::Error)]
pub enum BudgetRefusal {
    /// The connection's monthly cap is used up.
    #[error("the monthly cap for requests is reached")]
    CapReached,
    /// It couldn't be found out: nothing is spent unseen.
    #[error("what was spent couldn't be read")]
    Unknown(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Keeps the spending below the caps.
#[async_trait]
pub trait Budget: Send + Sync {
    /// Whether one more attempt may leave at this price. A person has seen the
    /// price and always may; background work stops at the cap.
    ///
    /// # Errors
    /// When it may not. Then nothing leaves, and nothing is written down.
    async fn may_spend(
        &self,
        payer: &Payer,
        price: Money,
        priority: Priority,
    ) -> Result<(), BudgetRefusal>;
}

/// Allows everything.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unlimited;

#[async_trait]
impl Budget for Unlimited {
    async fn may_spend(&self, _: &Payer, _: Money, _: Priority) -> Result<(), BudgetRefusal> {
        Ok(())
    }
}
