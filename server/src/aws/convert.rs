//! From Cost Explorer's pages to days of a cube. Pure. Refuses whatever it
//! doesn't understand: a missing amount is never taken for zero.

use std::collections::{BTreeMap, HashMap, btree_map::Entry};

use aws_sdk_costexplorer::{
    operation::get_cost_and_usage::GetCostAndUsageOutput,
    types::{Group, MetricValue, ResultByTime},
};
use chrono::NaiveDate;
use domain::{
    account::AwsAccountId,
    cube::{Cube, CubeRow, DaySlice, LinkedAccountName},
    metric::Metric,
    money::{Currency, Nanos},
    period::Period,
};

/// Why an answer can't be used. Names places, never amounts.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ConvertError {
    /// No day came at all: that is no answer, and not a cost of zero.
    #[error("the answer has no days in it")]
    NoData,
    /// The answer is grouped by something that wasn't asked for.
    #[error("the answer isn't grouped as it was asked for")]
    OtherGrouping,
    /// A day without a date, or one that isn't a day.
    #[error("an entry isn't about one day")]
    NotADay,
    /// A day that wasn't asked for.
    #[error("{0} wasn't asked for")]
    OtherDay(NaiveDate),
    /// A group without its two keys.
    #[error("a group of {0} has the wrong number of keys")]
    Keys(NaiveDate),
    /// A metric that isn't there, or has no amount.
    #[error("a group of {0} has no {1}")]
    Missing(NaiveDate, &'static str),
    /// An amount that isn't a number, or too large.
    #[error("the {1} of a group of {0} isn't an amount")]
    Amount(NaiveDate, &'static str),
    /// A cost whose unit isn't a currency.
    #[error("the {1} of a group of {0} isn't in a currency")]
    Unit(NaiveDate, &'static str),
    /// Amounts in more than one currency, which can't be added.
    #[error("the costs of {0} are in more than one currency")]
    Currencies(NaiveDate),
    /// The same group twice, with different amounts.
    #[error("a group of {0} came twice, with different amounts")]
    Twice(NaiveDate),
}

/// Pages of one answer, as they arrive. A page may end in the middle of a day.
pub(super) struct Pages {
    cube: Cube,
    period: Period,
    currency: Option<Currency>,
    days: BTreeMap<NaiveDate, Day>,
    names: BTreeMap<AwsAccountId, String>,
}

#[derive(Default)]
struct Day {
    estimated: bool,
    rows: BTreeMap<[String; 2], CubeRow>,
}

impl Pages {
    pub(super) fn new(cube: Cube, period: Period) -> Self {
        Self {
            cube,
            period,
            currency: None,
            days: BTreeMap::new(),
            names: BTreeMap::new(),
        }
    }

    /// Takes a page in.
    pub(super) fn add(&mut self, page: GetCostAndUsageOutput) -> Result<(), ConvertError> {
        self.check_grouping(&page)?;
        let names = page.dimension_value_attributes.unwrap_or_default();
        for name in names {
            let account = name.value.as_deref().and_then(|value| value.parse().ok());
            let text = name
                .attributes
                .and_then(|mut texts| texts.remove("description"));
            if let (Some(account), Some(text)) = (account, text) {
                self.names.insert(account, text);
            }
        }
        for result in page.results_by_time.ok_or(ConvertError::NoData)? {
            self.add_day(result)?;
        }
        Ok(())
    }

    /// The answer, once every page is in.
    pub(super) fn finish(self) -> Result<(Vec<DaySlice>, Vec<LinkedAccountName>), ConvertError> {
        if self.days.is_empty() {
            return Err(ConvertError::NoData);
        }
        let slices = self.days.into_iter().map(|(day, content)| DaySlice {
            day,
            estimated: content.estimated,
            rows: content.rows.into_values().collect(),
        });
        let names = self
            .names
            .into_iter()
            .map(|(account, name)| LinkedAccountName { account, name });
        Ok((slices.collect(), names.collect()))
    }

    fn check_grouping(&self, page: &GetCostAndUsageOutput) -> Result<(), ConvertError> {
        let Some(groups) = &page.group_definitions else {
            return Ok(());
        };
        let keys = groups.iter().map(|group| group.key());
        if keys.eq(self
            .cube
            .dimensions()
            .map(|dimension| Some(dimension.aws_name())))
        {
            Ok(())
        } else {
            Err(ConvertError::OtherGrouping)
        }
    }

    fn add_day(&mut self, result: ResultByTime) -> Result<(), ConvertError> {
        let day = result
            .time_period
            .as_ref()
            .and_then(|period| one_day(&period.start, &period.end))
            .ok_or(ConvertError::NotADay)?;
        if !self.period.contains(day) {
            return Err(ConvertError::OtherDay(day));
        }
        let groups = result.groups.unwrap_or_default();
        // A sum without the groups that make it up would be lost.
        if groups.is_empty() && result.total.is_some_and(|total| !all_zero(&total)) {
            return Err(ConvertError::OtherGrouping);
        }
        let content = self.days.entry(day).or_default();
        content.estimated |= result.estimated;
        for group in groups {
            let row = row(day, group)?;
            if *self.currency.get_or_insert(row.currency) != row.currency {
                return Err(ConvertError::Currencies(day));
            }
            match content.rows.entry(row.keys.clone()) {
                Entry::Vacant(free) => {
                    free.insert(row);
                }
                Entry::Occupied(known) if *known.get() == row => {}
                Entry::Occupied(_) => return Err(ConvertError::Twice(day)),
            }
        }
        Ok(())
    }
}

fn one_day(start: &str, end: &str) -> Option<NaiveDate> {
    let day: NaiveDate = start.parse().ok()?;
    (end.parse() == Ok(day.succ_opt()?)).then_some(day)
}

fn all_zero(total: &HashMap<String, MetricValue>) -> bool {
    total.values().all(|value| {
        value
            .amount()
            .is_none_or(|amount| amount.parse() == Ok(Nanos::ZERO))
    })
}

fn row(day: NaiveDate, group: Group) -> Result<CubeRow, ConvertError> {
    let keys: [String; 2] = group
        .keys
        .unwrap_or_default()
        .try_into()
        .map_err(|_| ConvertError::Keys(day))?;
    let metrics = group.metrics.unwrap_or_default();
    let mut costs = [Nanos::ZERO; 5];
    let mut currency = None;
    for (place, metric) in costs.iter_mut().zip(Metric::COSTS) {
        let (amount, unit) = cost(day, &metrics, metric)?;
        if *currency.get_or_insert(unit) != unit {
            return Err(ConvertError::Currencies(day));
        }
        *place = amount;
    }
    let (usage_quantity, usage_unit) = measure(day, &metrics, Metric::UsageQuantity)?;
    let (normalized_usage, _) = measure(day, &metrics, Metric::NormalizedUsage)?;
    Ok(CubeRow {
        keys,
        currency: currency.ok_or(ConvertError::Unit(day, Metric::Unblended.aws_name()))?,
        costs,
        usage_quantity,
        usage_unit,
        normalized_usage,
    })
}

fn cost(
    day: NaiveDate,
    metrics: &HashMap<String, MetricValue>,
    metric: Metric,
) -> Result<(Nanos, Currency), ConvertError> {
    let name = metric.aws_name();
    let value = metrics.get(name).ok_or(ConvertError::Missing(day, name))?;
    let amount = value.amount().ok_or(ConvertError::Missing(day, name))?;
    let amount = amount
        .parse()
        .map_err(|_| ConvertError::Amount(day, name))?;
    let unit = value.unit().ok_or(ConvertError::Unit(day, name))?;
    Ok((
        amount,
        unit.parse().map_err(|_| ConvertError::Unit(day, name))?,
    ))
}

/// A measure isn't money, and not every group has one: absent means none.
fn measure(
    day: NaiveDate,
    metrics: &HashMap<String, MetricValue>,
    metric: Metric,
) -> Result<(f64, String), ConvertError> {
    let name = metric.aws_name();
    let value = metrics.get(name);
    let unit = value
        .and_then(MetricValue::unit)
        .filter(|unit| !unit.is_empty())
        .unwrap_or("N/A");
    let amount = match value.and_then(MetricValue::amount) {
        Some(amount) => amount
            .parse()
            .map_err(|_| ConvertError::Amount(day, name))?,
        None => 0.0,
    };
    if f64::is_finite(amount) {
        Ok((amount, unit.to_owned()))
    } else {
        Err(ConvertError::Amount(day, name))
    }
}

#[cfg(test)]
#[path = "convert_tests.rs"]
mod tests;
