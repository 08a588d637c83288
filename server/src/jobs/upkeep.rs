//! Looks now and then for what is due, and for what nobody works on any more.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use domain::draft::DRAFT_DAYS;

use super::{scanning::Scanner, sync::Syncer};
use crate::{
    services::{clock::Clock, internal, people::IDLE},
    store::Store,
};

const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Looks every minute; never ends by itself.
pub async fn run(store: Store, clock: Clock, syncer: Arc<Syncer>, scanner: Arc<Scanner>) {
    loop {
        if let Err(error) = syncer.look().await {
            tracing::warn!(
                code = error.code.as_str(),
                "upkeep couldn't look at the connections"
            );
        }
        if let Err(error) = scanner.look().await {
            tracing::warn!(
                code = error.code.as_str(),
                "upkeep couldn't look at the inventories"
            );
        }
        if let Err(error) = store.sessions().delete_expired(clock.now(), IDLE).await {
            internal("deleting expired sessions", &error);
        }
        let forgotten = clock.now() - TimeDelta::days(DRAFT_DAYS.into());
        if let Err(error) = store.drafts().delete_forgotten(forgotten).await {
            internal("deleting forgotten roles", &error);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
