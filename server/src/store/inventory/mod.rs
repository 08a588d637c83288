//! What there is in EC2: scans, how each of their parts went, and the resources. One scan at a
//! time for each connection; one that was killed is gone on with, and asks nothing twice.

mod listing;
mod resources;
mod scans;

pub use listing::StoredResource;
pub use scans::ScanRun;

use super::database::Database;

/// The inventory.
pub struct Inventory<'a>(pub(super) &'a Database);
