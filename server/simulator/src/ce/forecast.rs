//! GetCostForecast and GetUsageForecast: what the last four settled weeks say about days to
//! come. A day is expected to be as the same weekdays were on average, the first of a month to
//! have what the last first had besides.

use std::ops::Range;

use chrono::{Datelike, Days, NaiveDate};
use serde::Deserialize;
use serde_json::{Value, json};

use super::expression::Expression;
use super::period::{Granularity, coming_days, slices};
use super::{Context, json_reply, reading, request, wire};
use crate::books::{Books, Kind, Line, Metric, Rhythm, decimal};
use crate::error::{AwsError, Cause, Reply};

const WINDOW: u64 = 28;
const WEEKS: i128 = 4;
/// Fewer days than this say nothing about the future.
const LEAST_DAYS: usize = 14;
/// How many thousandths of a standard deviation the middle 51, 52, … 99 hundredths reach.
const REACH: [i128; 49] = [
    690, 706, 722, 739, 755, 772, 789, 806, 824, 842, 860, 878, 896, 915, 935, 954, 974, 994, 1015,
    1036, 1058, 1080, 1103, 1126, 1150, 1175, 1200, 1227, 1254, 1282, 1311, 1341, 1372, 1405, 1440,
    1476, 1514, 1555, 1598, 1645, 1695, 1751, 1812, 1881, 1960, 2054, 2170, 2326, 2576,
];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Wire {
    time_period: Option<wire::Period>,
    metric: Option<String>,
    granularity: Option<String>,
    filter: Option<wire::Expression>,
    billing_view_arn: Option<String>,
    prediction_interval_level: Option<i64>,
}

/// Which of the two operations.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Cost,
    Usage,
}

pub(super) fn answer(context: &Context<'_>, of: Of, body: &[u8]) -> Result<Reply, AwsError> {
    let wire: Wire = reading::read(body)?;
    reading::required(&[
        ("timePeriod", wire.time_period.is_some()),
        ("metric", wire.metric.is_some()),
        ("granularity", wire.granularity.is_some()),
    ])?;
    let metric = metric(of, wire.metric.as_deref().unwrap_or_default())?;
    let level = reading::number(
        wire.prediction_interval_level,
        "predictionIntervalLevel",
        51,
        99,
    )?;
    let (Some(granularity), Some(period)) = (
        reading::granularity(wire.granularity.as_deref())?,
        wire.time_period,
    ) else {
        return Err(AwsError::internal());
    };
    let period = coming_days(&period, granularity, context.today)?;
    let filter = wire.filter.map(Expression::check).transpose()?;
    request::check_view(wire.billing_view_arn.as_deref(), context.caller.account())?;
    let outlook = Outlook::new(context.books, context.today, metric, filter.as_ref())?;
    let unit = outlook.unit(of)?;
    let level = level.and_then(|level| usize::try_from(level - 51).ok());
    let reach = level.and_then(|level| REACH.get(level).copied());
    json_reply(&outlook.json(&period, granularity, unit, reach))
}

/// One metric, in the spelling of this operation.
fn metric(of: Of, name: &str) -> Result<Metric, AwsError> {
    let names = [
        "AMORTIZED_COST",
        "BLENDED_COST",
        "NET_AMORTIZED_COST",
        "NET_UNBLENDED_COST",
        "NORMALIZED_USAGE_AMOUNT",
        "UNBLENDED_COST",
        "USAGE_QUANTITY",
    ];
    let name = reading::one_of(name, "metric", &names)?;
    Metric::parse(name)
        .filter(|metric| metric.is_cost() == (of == Of::Cost))
        // The text is our own; AWS's is not publicly known.
        .ok_or_else(|| AwsError::validation(format!("Metric {name} is not supported.")))
}

/// What the settled past says.
struct Outlook<'a> {
    today: NaiveDate,
    /// Of Monday, Tuesday, …: mean and mean deviation.
    weekdays: [(i128, i128); 7],
    /// What the first of a month has besides.
    first: i128,
    /// Of the usage.
    units: Vec<&'a str>,
}

impl<'a> Outlook<'a> {
    fn new(
        books: &'a Books,
        today: NaiveDate,
        metric: Metric,
        filter: Option<&Expression>,
    ) -> Result<Self, AwsError> {
        let newest = today - Days::new(1);
        let window = newest - Days::new(WINDOW)..newest;
        let mut found: [Vec<i128>; 7] = Default::default();
        let (mut days, mut units) = (0, Vec::new());
        for day in window.start.iter_days().take_while(|day| *day < window.end) {
            let mut sum = None;
            for item in books.day(day, today).iter() {
                let line = &books.lines()[item.line as usize];
                if is_lump(line, metric) || !filter.is_none_or(|filter| filter.takes(line)) {
                    continue;
                }
                let amount = i128::from(item.amounts[metric as usize]);
                *sum.get_or_insert(0) += amount;
                if amount != 0 && !units.contains(&line.unit) {
                    units.push(line.unit);
                }
            }
            days += usize::from(sum.is_some());
            found[weekday(day)].push(sum.unwrap_or_default());
        }
        if days < LEAST_DAYS {
            return Err(AwsError::new(
                Cause::Other("DataUnavailableException", 400),
                "Insufficient amount of historical data",
            ));
        }
        let first = newest.with_day(1).unwrap_or(newest);
        // The first itself may not be settled yet: then the one before it.
        let settled = if first < newest {
            Some(first)
        } else {
            first.checked_sub_months(chrono::Months::new(1))
        };
        let lumps = settled.map_or(0, |day| {
            let items = books.day(day, today);
            let lump = |item: &&crate::books::Item| {
                let line = &books.lines()[item.line as usize];
                line.plan.rhythm == Rhythm::MonthStart
                    && is_lump(line, metric)
                    && filter.is_none_or(|filter| filter.takes(line))
            };
            items
                .iter()
                .filter(lump)
                .map(|item| i128::from(item.amounts[metric as usize]))
                .sum()
        });
        Ok(Self {
            today,
            weekdays: found.map(|amounts| {
                let mean = amounts.iter().sum::<i128>() / WEEKS;
                let off: i128 = amounts.iter().map(|amount| (amount - mean).abs()).sum();
                (mean, off / WEEKS)
            }),
            first: lumps,
            units,
        })
    }

    fn unit(&self, of: Of) -> Result<&'a str, AwsError> {
        match (of, &self.units[..]) {
            (Of::Cost, _) => Ok("USD"),
            (Of::Usage, [unit]) => Ok(unit),
            // The text is our own; AWS's is not publicly known.
            (Of::Usage, _) => Err(AwsError::new(
                Cause::Other("UnresolvableUsageUnitException", 400),
                "The usage has more than one unit. Filter by usage types of one unit.",
            )),
        }
    }

    /// What a day is expected to have.
    fn mean(&self, day: NaiveDate) -> i128 {
        let first = if day.day() == 1 { self.first } else { 0 };
        self.weekdays[weekday(day)].0 + first
    }

    /// How far it may be off, the further ahead the more.
    fn deviation(&self, day: NaiveDate, reach: i128) -> i128 {
        let ahead = i128::from((day - self.today).num_days().max(0));
        let window = i128::from(WINDOW);
        self.weekdays[weekday(day)].1 * reach * (window + ahead) / window / 1_000
    }

    fn json(
        &self,
        period: &Range<NaiveDate>,
        granularity: Granularity,
        unit: &str,
        reach: Option<i128>,
    ) -> Value {
        let mut total = 0;
        let mut results = Vec::new();
        for days in slices(period, granularity) {
            let all = || days.start.iter_days().take_while(|day| *day < days.end);
            let mean: i128 = all().map(|day| self.mean(day)).sum();
            total += mean;
            let mut result = json!({
                "TimePeriod": {"Start": days.start.to_string(), "End": days.end.to_string()},
                "MeanValue": decimal(mean),
            });
            if let Some(reach) = reach {
                let off: i128 = all().map(|day| self.deviation(day, reach)).sum();
                result["PredictionIntervalLowerBound"] = decimal(mean - off).into();
                result["PredictionIntervalUpperBound"] = decimal(mean + off).into();
            }
            results.push(result);
        }
        json!({
            "Total": {"Amount": decimal(total), "Unit": unit},
            "ForecastResultsByTime": results,
        })
    }
}

/// What comes at once and is not to be expected of every day like it.
fn is_lump(line: &Line, metric: Metric) -> bool {
    let spread = matches!(metric, Metric::AmortizedCost | Metric::NetAmortizedCost);
    match line.plan.rhythm {
        // Amortized, a reservation's fee is spread over the month.
        Rhythm::MonthStart => !(spread && line.plan.kind == Kind::ReservedFee),
        Rhythm::YearDay | Rhythm::Quarter | Rhythm::Spike => true,
        Rhythm::Business | Rhythm::Steady | Rhythm::Committed | Rhythm::Metered(_) => false,
    }
}

fn weekday(day: NaiveDate) -> usize {
    day.weekday().num_days_from_monday() as usize
}
