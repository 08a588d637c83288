//! When a temporary key ends. AWS doesn't tell that about a pasted session
//! token: only the person can say.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// No session token that AWS gives out lasts longer (GetSessionToken: 36 hours).
const LONGEST: TimeDelta = TimeDelta::hours(36);
/// From here on pages ask for a new key.
const SOON: TimeDelta = TimeDelta::hours(1);

/// The end of a temporary key, seen from a moment.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct KeyEnd {
    /// When it ends.
    pub at: DateTime<Utc>,
    /// Whole minutes until then, from when this was made; 0 when it has ended.
    pub minutes_left: u32,
    /// Whether it has ended.
    pub past: bool,
}

impl KeyEnd {
    /// Of a key that ends at `at`, seen at `now`.
    #[must_use]
    pub fn new(at: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        Self {
            at,
            minutes_left: u32::try_from((at - now).num_minutes()).unwrap_or(0),
            past: at <= now,
        }
    }

    /// Whether it is time to ask for another key.
    #[must_use]
    pub fn is_soon(&self) -> bool {
        !self.past && TimeDelta::minutes(self.minutes_left.into()) < SOON
    }
}

/// What a person says about the end of a session token.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum StatedEnd {
    /// They don't know.
    #[default]
    Unknown,
    /// So long after now.
    After(TimeDelta),
    /// At a moment.
    At(DateTime<Utc>),
}

impl StatedEnd {
    /// From a form's two fields: the choice, as its name (`1h`, `8h`, `12h`, `at`, or
    /// empty), and the moment in UTC, as browsers write it (`2026-11-24T15:30`).
    ///
    /// # Errors
    /// When the moment isn't one, or was chosen and left empty.
    pub fn parse(choice: &str, moment: &str) -> Result<Self, Error> {
        let hours = |hours| Ok(Self::After(TimeDelta::hours(hours)));
        match choice.trim() {
            "1h" => hours(1),
            "8h" => hours(8),
            "12h" => hours(12),
            "at" | "" if !moment.trim().is_empty() => parse_moment(moment.trim()).map(Self::At),
            "" => Ok(Self::Unknown),
            _ => Err(no_moment()),
        }
    }

    /// When that is.
    ///
    /// # Errors
    /// When it is over already, or later than any session token lasts.
    pub fn resolve(self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Error> {
        let at = match self {
            Self::Unknown => return Ok(None),
            Self::After(time) => now + time,
            Self::At(at) => at,
        };
        if at <= now {
            return Err(Error::invalid(
                "ends_at",
                "This key has ended already.",
                "The time is in UTC. If it is right, get a new access key, secret and session token.",
            ));
        }
        if at - now > LONGEST {
            return Err(Error::invalid(
                "ends_at",
                "No session token lasts that long.",
                "AWS ends them after 36 hours at the latest. The time is in UTC.",
            ));
        }
        Ok(Some(at))
    }
}

fn parse_moment(text: &str) -> Result<DateTime<Utc>, Error> {
    // As AWS writes it, and as browsers do, with seconds or without.
    let plain = text.trim_end_matches('Z');
    ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(plain, form).ok())
        .map(|moment| moment.and_utc())
        .or_else(|| Some(DateTime::parse_from_rfc3339(text).ok()?.to_utc()))
        .ok_or_else(no_moment)
}

fn no_moment() -> Error {
    Error::invalid(
        "ends_at",
        "This isn't a day and a time.",
        "Write it in UTC, like 2026-11-24 15:30, or choose that you don't know.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-24T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn choices_become_moments() {
        let end = |choice, moment| StatedEnd::parse(choice, moment)?.resolve(now());
        assert_eq!(end("", ""), Ok(None));
        for (choice, moment, at) in [
            ("1h", "", "2026-11-24T13:00:00Z"),
            ("8h", "2026-11-24T15:30", "2026-11-24T20:00:00Z"),
            ("12h", "", "2026-11-25T00:00:00Z"),
            ("at", "2026-11-24T15:30", "2026-11-24T15:30:00Z"),
            ("", "2026-11-24T15:30:20", "2026-11-24T15:30:20Z"),
            ("at", " 2026-11-24 15:30 ", "2026-11-24T15:30:00Z"),
            ("at", "2026-11-24T15:30:00.000Z", "2026-11-24T15:30:00Z"),
            ("at", "2026-11-24T15:30:00+01:00", "2026-11-24T14:30:00Z"),
        ] {
            assert_eq!(
                end(choice, moment),
                Ok(Some(at.parse().unwrap())),
                "{moment}"
            );
        }
        for (choice, moment, says) in [
            ("at", "", "isn't a day and a time"),
            ("at", "tomorrow", "isn't a day and a time"),
            ("99h", "", "isn't a day and a time"),
            ("at", "2026-11-24T12:00", "has ended already"),
            ("at", "2026-11-26T00:01", "lasts that long"),
            ("at", "2036-11-24T12:00", "lasts that long"),
        ] {
            let error = end(choice, moment).unwrap_err();
            assert_eq!(error.field.as_deref(), Some("ends_at"));
            assert!(error.message.contains(says), "{moment}: {}", error.message);
        }
    }

    #[test]
    fn an_end_is_far_then_soon_then_past() {
        let after = |minutes| KeyEnd::new(now() + TimeDelta::minutes(minutes), now());
        let seen = |end: KeyEnd| (end.minutes_left, end.is_soon(), end.past);
        assert_eq!(seen(after(180)), (180, false, false));
        assert_eq!(seen(after(60)), (60, false, false));
        assert_eq!(seen(after(59)), (59, true, false));
        assert_eq!(seen(after(0)), (0, false, true));
        assert_eq!(seen(after(-5)), (0, false, true));
    }
}
