//! Keeps costs fresh: once a day for each connection, sooner after a failure
//! that may have passed.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use domain::{Code, account::SyncState};

use super::sync::Syncer;
use crate::{
    services::{clock::Clock, internal, people::IDLE, state},
    store::{Store, syncs::SyncKind},
};

const LOOK_EVERY: Duration = Duration::from_secs(60);
const FRESH_HOURS: i64 = 24;
/// A failed request may cost as much as one that worked: four more tries a day
/// at most, and only where trying again can help.
const RETRY_HOURS: i64 = 6;

/// Looks every minute for connections that are due; never ends by itself.
pub async fn run(store: Store, clock: Clock, syncer: Arc<Syncer>) {
    loop {
        if let Err(error) = look(&store, clock, &syncer).await {
            tracing::warn!(
                code = error.code.as_str(),
                "upkeep couldn't look at the connections"
            );
        }
        if let Err(error) = store.sessions().delete_expired(clock.now(), IDLE).await {
            internal("deleting expired sessions", &error);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn look(store: &Store, clock: Clock, syncer: &Arc<Syncer>) -> domain::Result<()> {
    for connection in syncer.all().await? {
        let (state, tried_at) = state::with_last_try(store, connection.id).await?;
        if is_due(&state, tried_at, clock.now()) {
            syncer
                .start(connection.user, connection.id, SyncKind::Scheduled)
                .await?;
        }
    }
    Ok(())
}

/// Whether it is time for another sync.
fn is_due(state: &SyncState, tried_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    let older_than = |at: Option<DateTime<Utc>>, hours: i64| {
        at.is_none_or(|at| now - at >= chrono::TimeDelta::hours(hours))
    };
    let wait = match &state.error {
        Some(error) if may_pass(error.code) => RETRY_HOURS,
        _ => FRESH_HOURS,
    };
    !state.running && older_than(state.finished_at, FRESH_HOURS) && older_than(tried_at, wait)
}

/// Whether a failure can mend itself. A key that was refused can't: the person
/// replaces it, which begins a sync at once.
const fn may_pass(code: Code) -> bool {
    matches!(
        code,
        Code::AwsNetwork
            | Code::AwsTimeout
            | Code::AwsServer
            | Code::AwsThrottled
            | Code::AwsNoData
            | Code::AwsClock
            | Code::Busy
            | Code::Internal
    )
}

#[cfg(test)]
mod tests {
    use domain::Error;

    use super::*;

    #[test]
    fn once_a_day_and_sooner_after_what_may_pass() {
        let now: DateTime<Utc> = "2026-11-24T12:00:00Z".parse().unwrap();
        let ago = |hours: i64| Some(now - chrono::TimeDelta::hours(hours));
        let finished = |hours: i64| SyncState {
            finished_at: ago(hours),
            ..SyncState::default()
        };
        assert!(!is_due(&finished(23), ago(23), now));
        assert!(is_due(&finished(24), ago(24), now));
        assert!(is_due(&SyncState::default(), None, now));
        let running = SyncState {
            running: true,
            ..finished(24)
        };
        assert!(!is_due(&running, ago(24), now));
        let failed = |code| SyncState {
            error: Some(Error::new(code, "", "")),
            ..finished(40)
        };
        assert!(!is_due(&failed(Code::AwsNetwork), ago(5), now));
        assert!(is_due(&failed(Code::AwsNetwork), ago(6), now));
        assert!(!is_due(&failed(Code::AwsDenied), ago(23), now));
        assert!(is_due(&failed(Code::AwsDenied), ago(24), now));
    }
}
