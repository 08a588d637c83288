//! Temporary credentials, kept until shortly before they expire. Secrets are
//! wiped from memory when they are dropped.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

use super::{key::AwsKey, target::Fingerprint};

/// Credentials with less left than this are renewed before they are used again.
const RENEWED_BEFORE: TimeDelta = TimeDelta::minutes(5);
/// Credentials with less left than this aren't sent any more.
const STALE_BEFORE: TimeDelta = TimeDelta::seconds(30);

/// What an attempt is signed with.
#[derive(Clone)]
pub(super) struct Signing {
    pub key: Arc<AwsKey>,
    /// When it ends, if that is known.
    pub until: Option<DateTime<Utc>>,
    /// Whether there can be another in its place.
    pub renewable: bool,
}

impl Signing {
    /// A key as it was stored: nobody but its owner can renew it.
    pub(super) fn stored(key: &Arc<AwsKey>) -> Self {
        Self {
            key: Arc::clone(key),
            until: None,
            renewable: false,
        }
    }

    /// Whether it would arrive expired.
    pub(super) fn is_stale(&self, now: DateTime<Utc>) -> bool {
        self.renewable && self.until.is_some_and(|until| until <= now + STALE_BEFORE)
    }

    fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        self.until.is_none_or(|until| until > now + RENEWED_BEFORE)
    }
}

/// Keeps them.
#[derive(Default)]
pub(super) struct Sessions {
    kept: Mutex<HashMap<Fingerprint, Signing>>,
}

impl Sessions {
    /// What is kept under this name, unless it is about to expire.
    pub(super) fn fresh(&self, name: &Fingerprint, now: DateTime<Utc>) -> Option<Signing> {
        let kept = self.kept();
        kept.get(name)
            .filter(|signing| signing.is_fresh(now))
            .cloned()
    }

    /// Keeps it, and forgets what has expired.
    pub(super) fn keep(&self, name: Fingerprint, signing: Signing, now: DateTime<Utc>) {
        let mut kept = self.kept();
        kept.retain(|_, signing| signing.is_fresh(now));
        kept.insert(name, signing);
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<Fingerprint, Signing>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::canned::key;

    #[test]
    fn sessions_are_renewed_five_minutes_early_and_forgotten_when_over() {
        let sessions = Sessions::default();
        let now: DateTime<Utc> = "2026-11-24T12:00:00Z".parse().unwrap();
        let signing = Signing {
            key: Arc::new(key()),
            until: Some(now + TimeDelta::hours(1)),
            renewable: true,
        };
        sessions.keep([1; 32], signing.clone(), now);
        assert!(sessions.fresh(&[2; 32], now).is_none());
        assert!(sessions.fresh(&[1; 32], now).is_some());
        assert!(
            sessions
                .fresh(&[1; 32], now + TimeDelta::seconds(3_299))
                .is_some()
        );
        let late = now + TimeDelta::minutes(55);
        assert!(sessions.fresh(&[1; 32], late).is_none());
        assert!(!signing.is_stale(late));
        assert!(signing.is_stale(now + TimeDelta::seconds(3_570)));

        let next = Signing {
            until: Some(late + TimeDelta::hours(1)),
            ..signing
        };
        sessions.keep([2; 32], next, late);
        assert_eq!(sessions.kept().len(), 1, "the first is over");
    }
}
