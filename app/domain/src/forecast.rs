//! What AWS expects costs and usage to be, with the range it is sure of.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{
    cube::Granularity,
    dimension::Filter,
    metric::Metric,
    money::{Currency, Nanos},
    period::{Period, Piece},
};

/// How far ahead AWS forecasts days.
const DAILY_MONTHS: u32 = 3;
/// How far ahead AWS forecasts months. Its older texts say twelve and its newer ones
/// eighteen: twelve is inside both.
const MONTHLY_MONTHS: u32 = 12;
/// How sure the range is unless a question says otherwise, in percent.
const LEVEL: u8 = 80;

/// Why there can be no such question. AWS would refuse it, for the price of an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum UnaskableForecast {
    /// The end isn't after today.
    #[error("a forecast has to end after today")]
    Past,
    /// Farther ahead than AWS looks.
    #[error("AWS doesn't forecast that far ahead")]
    TooFar,
    /// The metric is of the other kind: money for a usage forecast, or the reverse.
    #[error("this metric isn't forecast here")]
    Metric,
    /// AWS takes whole percents from 51 to 99.
    #[error("a forecast's range is 51 to 99 percent sure")]
    Level,
}

/// What AWS is asked to forecast. It begins today: AWS takes no later day, and no earlier
/// one than yesterday.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct ForecastQuestion {
    period: Period,
    granularity: Granularity,
    metric: Metric,
    level: u8,
    filter: Option<Filter>,
}

impl ForecastQuestion {
    /// From `today` until before `end`, in a metric that is money.
    ///
    /// # Errors
    /// When AWS would refuse it.
    pub fn of_costs(
        today: NaiveDate,
        end: NaiveDate,
        granularity: Granularity,
        metric: Metric,
    ) -> Result<Self, UnaskableForecast> {
        if Metric::COSTS.contains(&metric) {
            Self::new(today, end, granularity, metric)
        } else {
            Err(UnaskableForecast::Metric)
        }
    }

    /// From `today` until before `end`, in a metric that isn't money. The filter has to
    /// leave usage of one unit only, or AWS refuses.
    ///
    /// # Errors
    /// When AWS would refuse it.
    pub fn of_usage(
        today: NaiveDate,
        end: NaiveDate,
        granularity: Granularity,
        metric: Metric,
        filter: Filter,
    ) -> Result<Self, UnaskableForecast> {
        if Metric::COSTS.contains(&metric) {
            Err(UnaskableForecast::Metric)
        } else {
            Ok(Self::new(today, end, granularity, metric)?.with_filter(filter))
        }
    }

    fn new(
        today: NaiveDate,
        end: NaiveDate,
        granularity: Granularity,
        metric: Metric,
    ) -> Result<Self, UnaskableForecast> {
        let period = Period::new(today, end).map_err(|_| UnaskableForecast::Past)?;
        let months = match granularity {
            Granularity::Daily => DAILY_MONTHS,
            Granularity::Monthly => MONTHLY_MONTHS,
        };
        let latest = today.checked_add_months(Months::new(months));
        if latest.is_none_or(|latest| end > latest) {
            return Err(UnaskableForecast::TooFar);
        }
        Ok(Self {
            period,
            granularity,
            metric,
            level: LEVEL,
            filter: None,
        })
    }

    /// The same for these costs only.
    #[must_use]
    pub fn with_filter(self, filter: Filter) -> Self {
        Self {
            filter: Some(filter),
            ..self
        }
    }

    /// The same with a range that is `percent` sure.
    ///
    /// # Errors
    /// When AWS would refuse it.
    pub fn with_level(self, percent: u8) -> Result<Self, UnaskableForecast> {
        if (51..=99).contains(&percent) {
            Ok(Self {
                level: percent,
                ..self
            })
        } else {
            Err(UnaskableForecast::Level)
        }
    }

    /// From today on.
    #[must_use]
    pub const fn period(&self) -> Period {
        self.period
    }

    /// The length of the pieces.
    #[must_use]
    pub const fn granularity(&self) -> Granularity {
        self.granularity
    }

    /// What is forecast.
    #[must_use]
    pub const fn metric(&self) -> Metric {
        self.metric
    }

    /// How sure the range is, in percent.
    #[must_use]
    pub const fn level(&self) -> u8 {
        self.level
    }

    /// Which costs; all without it.
    #[must_use]
    pub const fn filter(&self) -> Option<&Filter> {
        self.filter.as_ref()
    }
}

/// The forecast of one day or month.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Expected<T> {
    /// What is likeliest.
    pub mean: T,
    /// It will hardly be less; `None` when AWS gave no range.
    pub lower: Option<T>,
    /// It will hardly be more; `None` when AWS gave no range.
    pub upper: Option<T>,
}

/// A forecast of costs.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct CostForecast {
    /// Of every amount in it.
    pub currency: Currency,
    /// AWS's own sum over the period.
    pub total: Nanos,
    /// In order, as AWS cut them: days, or months of which the first may have begun before.
    /// What AWS left out is not in it.
    pub pieces: Vec<Piece<Expected<Nanos>>>,
    /// How sure the ranges are, in percent.
    pub level: u8,
}

/// A forecast of usage: measures, not money.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UsageForecast {
    /// AWS's name of it, such as `Hrs`.
    pub unit: String,
    /// AWS's own sum over the period.
    pub total: f64,
    /// In order, as AWS cut them.
    pub pieces: Vec<Piece<Expected<f64>>>,
    /// How sure the ranges are, in percent.
    pub level: u8,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn asks(today: &str, end: &str, granularity: Granularity) -> Result<(), UnaskableForecast> {
        ForecastQuestion::of_costs(day(today), day(end), granularity, Metric::Unblended).map(|_| ())
    }

    #[test]
    fn what_aws_would_refuse_is_not_asked() {
        use Granularity::{Daily, Monthly};
        assert_eq!(asks("2026-11-30", "2026-12-01", Daily), Ok(()));
        assert_eq!(asks("2026-12-01", "2027-01-01", Monthly), Ok(()));
        assert_eq!(asks("2026-11-24", "2027-02-24", Daily), Ok(()));
        assert_eq!(asks("2026-11-30", "2027-02-28", Daily), Ok(()));
        assert_eq!(asks("2026-11-24", "2027-11-24", Monthly), Ok(()));
        let past = Err(UnaskableForecast::Past);
        assert_eq!(asks("2026-11-24", "2026-11-24", Daily), past);
        assert_eq!(asks("2026-11-24", "2026-11-01", Monthly), past);
        let too_far = Err(UnaskableForecast::TooFar);
        assert_eq!(asks("2026-11-24", "2027-02-25", Daily), too_far);
        assert_eq!(asks("2026-11-24", "2027-11-25", Monthly), too_far);
    }

    #[test]
    fn money_and_usage_are_asked_apart() {
        let (today, end) = (day("2026-11-24"), day("2026-12-01"));
        let filter = Filter::In {
            key: crate::dimension::Dimension::UsageType.into(),
            values: vec!["BoxUsage:t3.micro".to_owned()],
        };
        for metric in Metric::ALL {
            let is_money = Metric::COSTS.contains(&metric);
            let costs = ForecastQuestion::of_costs(today, end, Granularity::Daily, metric);
            assert_eq!(costs.is_ok(), is_money, "{metric}");
            let filter = filter.clone();
            let usage = ForecastQuestion::of_usage(today, end, Granularity::Daily, metric, filter);
            assert_eq!(usage.is_ok(), !is_money, "{metric}");
        }
    }

    #[test]
    fn ranges_are_as_sure_as_aws_offers() {
        let question = || {
            let (today, end) = (day("2026-11-24"), day("2026-12-01"));
            ForecastQuestion::of_costs(today, end, Granularity::Daily, Metric::Unblended).unwrap()
        };
        for percent in [51, 80, 99] {
            assert_eq!(question().with_level(percent).unwrap().level(), percent);
        }
        for percent in [0, 50, 100] {
            assert_eq!(
                question().with_level(percent),
                Err(UnaskableForecast::Level)
            );
        }
    }
}
