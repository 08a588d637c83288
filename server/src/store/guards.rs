//! Failed sign-ins, counted by e-mail address and by network address.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Result, StoreError,
    database::{Database, Row, moment, row, run},
};

/// Counts of failed sign-ins.
pub struct Guards<'a>(pub(super) &'a Database);

/// What is known about the failures under one key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Guard {
    /// Failures in a row.
    pub failures: u32,
    /// When the last one was.
    pub last_failure_at: DateTime<Utc>,
    /// Until when nobody gets in under this key.
    pub locked_until: Option<DateTime<Utc>>,
}

/// How failures are counted.
#[derive(Clone, Copy, Debug)]
pub struct GuardRule {
    /// After so much quiet the count begins anew.
    pub forget_after: TimeDelta,
    /// From this many failures on, each one locks.
    pub lock_at: u32,
    /// For how long.
    pub lock_for: TimeDelta,
}

impl Guards<'_> {
    /// What is known under a key, such as `email:ann@example.com`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get(&self, key: &str) -> Result<Option<Guard>> {
        row(
            self.0.reads(),
            "SELECT failures, last_failure_at, locked_until FROM sign_in_guards WHERE key = $1",
            [key.into()],
        )
        .await?
        .map(|row| guard(&row))
        .transpose()
    }

    /// Counts a failure, atomically: of a hundred at once, each one counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_failure(
        &self,
        key: &str,
        now: DateTime<Utc>,
        rule: GuardRule,
    ) -> Result<Guard> {
        // A lock that was given stays: the count may begin anew before it ends.
        let row = row(
            self.0.writes(),
            "INSERT INTO sign_in_guards AS known (key, failures, last_failure_at, locked_until) \
             VALUES ($1, 1, $2, CASE WHEN $4 <= 1 THEN $5 END) \
             ON CONFLICT (key) DO UPDATE SET \
             failures = CASE WHEN known.last_failure_at < $3 THEN 1 ELSE known.failures + 1 END, \
             last_failure_at = $2, \
             locked_until = CASE WHEN $4 <= \
               CASE WHEN known.last_failure_at < $3 THEN 1 ELSE known.failures + 1 END \
               THEN $5 ELSE known.locked_until END \
             RETURNING failures, last_failure_at, locked_until",
            [
                key.into(),
                moment(now),
                moment(now - rule.forget_after),
                i64::from(rule.lock_at).into(),
                moment(now + rule.lock_for),
            ],
        )
        .await?;
        guard(&row.ok_or(StoreError::Unreadable("failures"))?)
    }

    /// Forgets the failures under a key: somebody has proved who they are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clear(&self, key: &str) -> Result<()> {
        run(
            self.0.writes(),
            "DELETE FROM sign_in_guards WHERE key = $1",
            [key.into()],
        )
        .await?;
        Ok(())
    }

    /// Forgets what last failed before `before` and isn't locked any more;
    /// answers how many keys.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget(&self, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<u64> {
        run(
            self.0.writes(),
            "DELETE FROM sign_in_guards WHERE last_failure_at < $1 \
             AND (locked_until IS NULL OR locked_until <= $2)",
            [moment(before), moment(now)],
        )
        .await
    }
}

fn guard(row: &Row) -> Result<Guard> {
    Ok(Guard {
        failures: row.count("failures")?,
        last_failure_at: row.get("last_failure_at")?,
        locked_until: row.get("locked_until")?,
    })
}
