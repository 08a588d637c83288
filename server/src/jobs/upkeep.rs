//! Keeps costs fresh: once a day for each connection, an hour apart after a failure.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use domain::account::SyncState;

use super::sync::Syncer;
use crate::{
    services::{clock::Clock, internal, people::IDLE, state},
    store::{Store, syncs::SyncKind},
};

const LOOK_EVERY: Duration = Duration::from_secs(60);
const FRESH_HOURS: i64 = 24;
const RETRY_HOURS: i64 = 1;

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
        at.is_none_or(|at| now - at >= chrono::Duration::hours(hours))
    };
    !state.running
        && older_than(state.finished_at, FRESH_HOURS)
        && older_than(
            tried_at,
            if state.error.is_some() {
                RETRY_HOURS
            } else {
                FRESH_HOURS
            },
        )
}

#[cfg(test)]
mod tests {
    use domain::{Code, Error};

    use super::*;

    #[test]
    fn once_a_day_and_an_hour_after_a_failure() {
        let now: DateTime<Utc> = "2026-11-24T12:00:00Z".parse().unwrap();
        let ago = |hours: i64| Some(now - chrono::Duration::hours(hours));
        let fresh = SyncState {
            finished_at: ago(23),
            ..SyncState::default()
        };
        assert!(!is_due(&fresh, ago(23), now));
        let stale = SyncState {
            finished_at: ago(24),
            ..SyncState::default()
        };
        assert!(is_due(&stale, ago(24), now));
        let failed = SyncState {
            finished_at: ago(40),
            error: Some(Error::new(Code::AwsNetwork, "", "")),
            ..SyncState::default()
        };
        assert!(!is_due(
            &failed,
            Some(now - chrono::Duration::minutes(59)),
            now
        ));
        assert!(is_due(&failed, ago(1), now));
        assert!(!is_due(
            &SyncState {
                running: true,
                ..stale
            },
            ago(24),
            now
        ));
        assert!(is_due(&SyncState::default(), None, now));
    }
}
