//! Where every attempt is written down before it leaves. The store implements
//! it; the one in memory is for tests and tools.

use std::{
    error::Error as StdError,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use domain::ledger::{Arrival, Departure};

/// Names a line of the ledger.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct LineId(pub i64);

/// Why there is no line.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The attempt doesn't fit into the connection's monthly cap, and nobody
    /// waits for it.
    #[error("the monthly cap for requests is reached")]
    CapReached,
    /// It couldn't be written.
    #[error("the request ledger couldn't be written")]
    Failed(#[source] Box<dyn StdError + Send + Sync>),
}

impl LedgerError {
    /// With what went wrong underneath.
    pub fn new(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Failed(source.into())
    }
}

/// A line for every attempt.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Begins a line. Without it nothing leaves: no unrecorded spending, and
    /// none in the background beyond the cap.
    async fn depart(&self, departure: &Departure) -> Result<LineId, LedgerError>;

    /// Ends a line. A line that is never ended belongs to an attempt that was
    /// dropped on its way: it may have cost its price.
    async fn arrive(&self, line: LineId, arrival: &Arrival) -> Result<(), LedgerError>;
}

/// A line as [`MemoryLedger`] keeps it.
#[derive(Clone, Debug)]
pub struct MemoryLine {
    /// The beginning.
    pub departure: Departure,
    /// The end, if it came.
    pub arrival: Option<Arrival>,
}

/// A ledger that is forgotten with the process.
#[derive(Debug, Default)]
pub struct MemoryLedger {
    lines: Mutex<Vec<MemoryLine>>,
}

impl MemoryLedger {
    /// All lines, in the order of their departures.
    #[must_use]
    pub fn lines(&self) -> Vec<MemoryLine> {
        self.locked().clone()
    }

    /// Forgets all lines.
    pub fn clear(&self) {
        self.locked().clear();
    }

    fn locked(&self) -> MutexGuard<'_, Vec<MemoryLine>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Ledger for MemoryLedger {
    async fn depart(&self, departure: &Departure) -> Result<LineId, LedgerError> {
        let mut lines = self.locked();
        lines.push(MemoryLine {
            departure: departure.clone(),
            arrival: None,
        });
        i64::try_from(lines.len())
            .map(LineId)
            .map_err(LedgerError::new)
    }

    async fn arrive(&self, line: LineId, arrival: &Arrival) -> Result<(), LedgerError> {
        let place = usize::try_from(line.0).map_err(LedgerError::new)?;
        match self.locked().get_mut(place.wrapping_sub(1)) {
            Some(line) => {
                line.arrival = Some(arrival.clone());
                Ok(())
            }
            None => Err(LedgerError::new("no such line")),
        }
    }
}
