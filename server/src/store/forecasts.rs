//! Forecasts of months' ends: one a day for each connection, metric and source.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    account::ConnectionId,
    forecast::Expected,
    metric::Metric,
    money::{Currency, Nanos},
    outlook::{MonthEnd, Outlook, Source},
    period::{Period, Piece},
};
use sea_orm::Value;

use super::{
    Result, StoreError,
    database::{Database, Row, moment, row, rows, run},
};

/// Forecasts.
pub struct Forecasts<'a>(pub(super) &'a Database);

/// A forecast as it was made on a day.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredForecast {
    /// Whose costs.
    pub connection: ConnectionId,
    /// How they are counted.
    pub metric: Metric,
    /// What was today.
    pub made_on: NaiveDate,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Of every amount in it.
    pub currency: Currency,
    /// Where the month was expected to end.
    pub month_end: MonthEnd,
    /// The days from `made_on` to the month's end.
    pub days: Vec<Piece<Expected<Nanos>>>,
}

impl StoredForecast {
    /// The days once more, for drawing.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] when their sum doesn't fit.
    pub fn outlook(&self) -> Result<Outlook> {
        let end = &self.month_end;
        let less = |amount: Nanos| {
            amount
                .checked_sub(end.known)
                .map_err(|_| StoreError::TooLarge)
        };
        Ok(Outlook {
            source: end.source,
            level: end.level,
            days: self.days.clone(),
            total: Expected {
                mean: less(end.expected.mean)?,
                lower: end.expected.lower.map(less).transpose()?,
                upper: end.expected.upper.map(less).transpose()?,
            },
        })
    }
}

const COLUMNS: &str = "connection_id, metric, source, made_on, made_at, currency, level, known, \
                       mean, lower, upper, days_json";

impl Forecasts<'_> {
    /// Keeps a forecast, in the place of one made earlier on the same day.
    ///
    /// # Errors
    /// [`StoreError::OwnerGone`] when the connection has been deleted.
    pub async fn keep(&self, forecast: &StoredForecast) -> Result<()> {
        let days = serde_json::to_string(&forecast.days)
            .map_err(|_| StoreError::Unreadable("days_json"))?;
        let end = &forecast.month_end;
        let amount = |bound: Option<Nanos>| Value::from(bound.map(|some| some.0));
        run(
            self.0.writes(),
            &format!(
                "INSERT INTO forecasts ({COLUMNS}) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
                 ON CONFLICT (connection_id, metric, source, made_on) DO UPDATE SET \
                 made_at = excluded.made_at, currency = excluded.currency, \
                 level = excluded.level, known = excluded.known, mean = excluded.mean, \
                 lower = excluded.lower, upper = excluded.upper, days_json = excluded.days_json"
            ),
            [
                forecast.connection.to_string().into(),
                forecast.metric.slug().into(),
                end.source.as_str().into(),
                forecast.made_on.into(),
                moment(forecast.made_at),
                forecast.currency.code().into(),
                i64::from(end.level).into(),
                end.known.0.into(),
                end.expected.mean.0.into(),
                amount(end.expected.lower),
                amount(end.expected.upper),
                days.into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// The newest forecast in a metric from a source.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn latest(
        &self,
        connection: ConnectionId,
        metric: Metric,
        source: Source,
    ) -> Result<Option<StoredForecast>> {
        row(
            self.0.reads(),
            &format!(
                "SELECT {COLUMNS} FROM forecasts \
                 WHERE connection_id = $1 AND metric = $2 AND source = $3 \
                 ORDER BY made_on DESC LIMIT 1"
            ),
            [
                connection.to_string().into(),
                metric.slug().into(),
                source.as_str().into(),
            ],
        )
        .await?
        .map(|row| forecast(&row))
        .transpose()
    }

    /// All that were made within a period, by day; AWS's before ours.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn made_in(
        &self,
        connection: ConnectionId,
        metric: Metric,
        period: Period,
    ) -> Result<Vec<StoredForecast>> {
        rows(
            self.0.reads(),
            &format!(
                "SELECT {COLUMNS} FROM forecasts WHERE connection_id = $1 AND metric = $2 \
                 AND made_on >= $3 AND made_on < $4 ORDER BY made_on, source"
            ),
            [
                connection.to_string().into(),
                metric.slug().into(),
                period.start().into(),
                period.end().into(),
            ],
        )
        .await?
        .iter()
        .map(forecast)
        .collect()
    }
}

fn forecast(row: &Row) -> Result<StoredForecast> {
    let made_on: NaiveDate = row.get("made_on")?;
    let bound = |column| Ok::<_, StoreError>(row.get::<Option<i64>>(column)?.map(Nanos));
    Ok(StoredForecast {
        connection: ConnectionId(row.parse("connection_id")?),
        metric: row.parse("metric")?,
        made_on,
        made_at: row.get("made_at")?,
        currency: row.currency()?,
        month_end: MonthEnd {
            month: Period::month_of(made_on),
            known: Nanos(row.get("known")?),
            expected: Expected {
                mean: Nanos(row.get("mean")?),
                lower: bound("lower")?,
                upper: bound("upper")?,
            },
            source: row.read("source", |text| {
                Source::ALL
                    .into_iter()
                    .find(|source| source.as_str() == text)
            })?,
            level: row.count("level")?,
        },
        days: row.json("days_json")?,
    })
}
