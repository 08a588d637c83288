//! The ledger that the gateway writes to, kept in the store.

use async_trait::async_trait;
use domain::ledger::{Arrival, Departure};

use crate::{
    aws::{Ledger, LedgerError, LineId},
    store::{
        Store,
        ledger::{DepartError, LedgerId},
    },
};

/// Writes every attempt down before it leaves and when it has ended.
pub struct StoredLedger(Store);

impl StoredLedger {
    /// In this store.
    #[must_use]
    pub const fn new(store: Store) -> Self {
        Self(store)
    }
}

#[async_trait]
impl Ledger for StoredLedger {
    async fn depart(&self, departure: &Departure) -> Result<LineId, LedgerError> {
        let written = self.0.ledger().depart(departure).await;
        written.map(|id| LineId(id.0)).map_err(|error| match error {
            DepartError::CapReached => LedgerError::CapReached,
            DepartError::Store(error) => LedgerError::new(error),
        })
    }

    async fn arrive(&self, line: LineId, arrival: &Arrival) -> Result<(), LedgerError> {
        self.0
            .ledger()
            .arrive(LedgerId(line.0), arrival)
            .await
            .map_err(LedgerError::new)
    }
}
