//! GetCostForecast and GetUsageForecast: one page each, and alike but for what is forecast.

use aws_sdk_costexplorer::{
    operation::{
        get_cost_forecast::GetCostForecastOutput, get_usage_forecast::GetUsageForecastOutput,
    },
    types::{ForecastResult, MetricValue},
};
use domain::{
    forecast::{CostForecast, Expected, ForecastQuestion, UsageForecast},
    money::{Currency, Nanos},
    period::Piece,
};

use super::{
    ConvertError,
    gather::{Gather, Known},
    member::{Place, money, number, piece, required, text},
};

const TOTAL: Place = "Total";
const AMOUNT: Place = "Total.Amount";
const UNIT: Place = "Total.Unit";
const MEAN: Place = "MeanValue";
const LOWER: Place = "PredictionIntervalLowerBound";
const UPPER: Place = "PredictionIntervalUpperBound";

/// Reads a number that is forecast: money or a measure.
type Read<T> = fn(Option<&str>, Place) -> Result<Option<T>, ConvertError>;

/// A forecast while its page comes in.
struct Forecasts<'a, T> {
    question: &'a ForecastQuestion,
    read: Read<T>,
    total: Option<(T, String)>,
    pieces: Known<chrono::NaiveDate, Piece<Expected<T>>>,
}

impl<'a, T: PartialEq> Forecasts<'a, T> {
    const fn new(question: &'a ForecastQuestion, read: Read<T>) -> Self {
        Self {
            question,
            read,
            total: None,
            pieces: Known::new("TimePeriod"),
        }
    }

    fn add(
        &mut self,
        total: Option<MetricValue>,
        results: Option<Vec<ForecastResult>>,
    ) -> Result<(), ConvertError> {
        let results = results.unwrap_or_default();
        if total.is_none() && results.is_empty() {
            return Err(ConvertError::NoData);
        }
        let total = required(total, TOTAL)?;
        let amount = required((self.read)(total.amount(), AMOUNT)?, AMOUNT)?;
        self.total = Some((amount, required(text(total.unit), UNIT)?));
        for result in results {
            self.add_piece(&result)?;
        }
        if self.pieces.is_empty() {
            return Err(ConvertError::NoData);
        }
        Ok(())
    }

    fn add_piece(&mut self, result: &ForecastResult) -> Result<(), ConvertError> {
        let (granularity, asked) = (self.question.granularity(), self.question.period());
        let period = piece(result.time_period(), granularity, asked)?;
        let value = Expected {
            mean: required((self.read)(result.mean_value(), MEAN)?, MEAN)?,
            lower: (self.read)(result.prediction_interval_lower_bound(), LOWER)?,
            upper: (self.read)(result.prediction_interval_upper_bound(), UPPER)?,
        };
        self.pieces.insert(period.start(), Piece { period, value })
    }

    fn finish(self) -> Result<Finished<T>, ConvertError> {
        let (total, unit) = self.total.ok_or(ConvertError::NoData)?;
        Ok(Finished {
            total,
            unit,
            pieces: self.pieces.into_values(),
            level: self.question.level(),
        })
    }
}

struct Finished<T> {
    total: T,
    unit: String,
    pieces: Vec<Piece<Expected<T>>>,
    level: u8,
}

/// A forecast of costs.
pub(in crate::aws) struct CostForecasts<'a>(Forecasts<'a, Nanos>);

impl<'a> CostForecasts<'a> {
    pub(in crate::aws) fn new(question: &'a ForecastQuestion) -> Self {
        Self(Forecasts::new(question, money))
    }
}

impl Gather for CostForecasts<'_> {
    type Page = GetCostForecastOutput;
    type Whole = CostForecast;

    fn add(&mut self, page: GetCostForecastOutput) -> Result<Option<String>, ConvertError> {
        self.0.add(page.total, page.forecast_results_by_time)?;
        Ok(None)
    }

    fn finish(self) -> Result<CostForecast, ConvertError> {
        let whole = self.0.finish()?;
        let currency: Result<Currency, _> = whole.unit.parse();
        Ok(CostForecast {
            currency: currency.map_err(|_| ConvertError::Senseless(UNIT))?,
            total: whole.total,
            pieces: whole.pieces,
            level: whole.level,
        })
    }
}

/// A forecast of usage.
pub(in crate::aws) struct UsageForecasts<'a>(Forecasts<'a, f64>);

impl<'a> UsageForecasts<'a> {
    pub(in crate::aws) fn new(question: &'a ForecastQuestion) -> Self {
        Self(Forecasts::new(question, number))
    }
}

impl Gather for UsageForecasts<'_> {
    type Page = GetUsageForecastOutput;
    type Whole = UsageForecast;

    fn add(&mut self, page: GetUsageForecastOutput) -> Result<Option<String>, ConvertError> {
        self.0.add(page.total, page.forecast_results_by_time)?;
        Ok(None)
    }

    fn finish(self) -> Result<UsageForecast, ConvertError> {
        let whole = self.0.finish()?;
        Ok(UsageForecast {
            unit: whole.unit,
            total: whole.total,
            pieces: whole.pieces,
            level: whole.level,
        })
    }
}
