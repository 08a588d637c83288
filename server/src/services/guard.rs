//! How long a guesser has to wait. Pure: counts and times come in.

use chrono::{DateTime, TimeDelta, Utc};

use crate::store::guards::{Guard, GuardRule};

/// When guessing gets slower, and when it stops for a while.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Failures without any wait.
    pub free: u32,
    /// From this many failures on, the lock.
    pub lock_at: u32,
}

/// For one account: a person mistypes a few times, a guesser doesn't stop.
pub const ACCOUNT: Limits = Limits {
    free: 3,
    lock_at: 10,
};
/// For one address: an office behind it may hold many people.
pub const ADDRESS: Limits = Limits {
    free: 20,
    lock_at: 60,
};

/// How long a lock holds, and after how long a quiet time failures are forgotten.
pub const LOCK: TimeDelta = TimeDelta::minutes(15);

impl Limits {
    /// How the store counts.
    #[must_use]
    pub const fn rule(&self) -> GuardRule {
        GuardRule {
            forget_after: LOCK,
            lock_at: self.lock_at,
            lock_for: LOCK,
        }
    }

    /// When the next try will be looked at; `None` when that is now.
    #[must_use]
    pub fn free_at(&self, known: &Guard, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let waited = known.last_failure_at + self.wait(known.failures);
        let free_at = known.locked_until.map_or(waited, |until| until.max(waited));
        (free_at > now).then_some(free_at)
    }

    /// Nothing at first, then 1, 2, 4 … 60 seconds; the lock is the store's.
    fn wait(&self, failures: u32) -> TimeDelta {
        match failures.checked_sub(self.free) {
            None => TimeDelta::zero(),
            Some(over) => TimeDelta::seconds(1_i64.checked_shl(over.min(6)).unwrap_or(60).min(60)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn free_after(failures: u32, locked: bool) -> i64 {
        let now = "2026-11-24T12:00:00Z".parse().unwrap();
        let known = Guard {
            failures,
            last_failure_at: now,
            locked_until: locked.then_some(now + LOCK),
        };
        ACCOUNT
            .free_at(&known, now)
            .map_or(0, |free_at| (free_at - now).num_seconds())
    }

    #[test]
    fn waits_grow_and_a_lock_outlasts_them() {
        let waits: Vec<_> = (0..12).map(|count| free_after(count, false)).collect();
        assert_eq!(waits, [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(free_after(10, true), 900);
        assert_eq!(free_after(u32::MAX, false), 60);
    }
}
