//! The one place where the product learns what time it is.

use chrono::{DateTime, NaiveDate, Utc};

/// Tells the time, and which day the product plays.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    now: fn() -> DateTime<Utc>,
    played: Option<NaiveDate>,
}

impl Default for Clock {
    fn default() -> Self {
        Self::reading(Utc::now)
    }
}

impl Clock {
    /// Always says that it is `day`, or the real UTC day where there is none. Only the day is
    /// played: timestamps stay real, because AWS checks them in signatures.
    #[must_use]
    pub fn playing(day: Option<NaiveDate>) -> Self {
        Self {
            played: day,
            ..Self::default()
        }
    }

    /// Reads the time somewhere else, and the day from it: for going through years.
    #[must_use]
    pub const fn reading(now: fn() -> DateTime<Utc>) -> Self {
        Self { now, played: None }
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        (self.now)()
    }

    /// The UTC day.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.played.unwrap_or_else(|| self.now().date_naive())
    }
}
