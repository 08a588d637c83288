//! Which day the simulator plays. Real time (signatures, `Date` headers) is none of its business.

use std::sync::{Mutex, PoisonError};

use chrono::{NaiveDate, Utc};

use crate::StartError;

/// A chosen day, or the real one.
pub(crate) struct Clock(Mutex<Option<NaiveDate>>);

impl Clock {
    pub(crate) fn new(today: Option<NaiveDate>) -> Result<Self, StartError> {
        today.map(check).transpose()?;
        Ok(Self(Mutex::new(today)))
    }

    pub(crate) fn today(&self) -> NaiveDate {
        let chosen = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        chosen.unwrap_or_else(|| Utc::now().date_naive())
    }

    /// `None` goes back to the real day.
    pub(crate) fn set(&self, today: Option<NaiveDate>) -> Result<(), StartError> {
        today.map(check).transpose()?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = today;
        Ok(())
    }
}

/// Days of four-digit years, far enough inside that months can be added and taken away.
fn check(today: NaiveDate) -> Result<(), StartError> {
    let day = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    if (day(2000)..day(2100)).contains(&today) {
        Ok(())
    } else {
        Err(StartError::Today(today))
    }
}
