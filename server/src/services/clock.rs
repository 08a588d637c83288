//! The one place where the product learns what time it is.

use chrono::{DateTime, NaiveDate, Utc};

/// Tells the time, and which day the product plays.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    played: Option<NaiveDate>,
}

impl Clock {
    /// Always says that it is `day`, or the real UTC day where there is none. Only the day is
    /// played: timestamps stay real, because AWS checks them in signatures.
    #[must_use]
    pub const fn playing(day: Option<NaiveDate>) -> Self {
        Self { played: day }
    }

    /// The real time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    /// The UTC day.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.played.unwrap_or_else(|| Utc::now().date_naive())
    }
}
