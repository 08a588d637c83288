//! How much of a connection's cap is used up.

use chrono::NaiveTime;
use domain::{Result, account::ConnectionKind, period::Period, spending::CapStatus};

use super::{clock::Clock, internal};
use crate::store::{Store, connections::StoredConnection, ledger::Spender};

/// The cap and what this UTC month's requests cost so far. Requests leave in
/// real time, whatever day the product plays.
///
/// # Errors
/// When the store fails.
pub async fn status(
    store: &Store,
    clock: Clock,
    connection: &StoredConnection,
) -> Result<CapStatus> {
    let id = connection.id;
    let cap = store.caps().get(id).await;
    let cap = cap.map_err(|error| internal("reading a cap", &error))?;
    let month = Period::month_of(clock.now().date_naive());
    let midnight = |day: chrono::NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    let spent = store
        .ledger()
        .spent(
            &Spender::Connection(id),
            midnight(month.start()),
            midnight(month.end()),
        )
        .await
        .map_err(|error| internal("adding up a connection's requests", &error))?;
    Ok(CapStatus {
        connection: id,
        cap,
        month,
        spent,
        sample: connection.kind == ConnectionKind::Sample,
    })
}
