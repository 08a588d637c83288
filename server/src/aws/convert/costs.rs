//! GetCostAndUsage: from pages to days or months of costs.

use std::collections::{BTreeMap, HashMap, btree_map::Entry};

use aws_sdk_costexplorer::{
    operation::get_cost_and_usage::GetCostAndUsageOutput,
    types::{Group, MetricValue, ResultByTime},
};
use chrono::NaiveDate;
use domain::{
    account::AwsAccountId,
    cube::{CubeRow, DaySlice, LinkedAccountName, Question},
    dimension::GroupKey,
    metric::Metric,
    money::{Currency, Nanos},
    period::Period,
};

use super::{
    ConvertError, Gather,
    member::{piece, slice_day},
    question::parts,
};

/// Pages of one answer, as they arrive. A page may end in the middle of a day.
pub(in crate::aws) struct Costs<'a> {
    question: &'a Question,
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

impl<'a> Costs<'a> {
    pub(in crate::aws) const fn new(question: &'a Question, period: Period) -> Self {
        Self {
            question,
            period,
            currency: None,
            days: BTreeMap::new(),
            names: BTreeMap::new(),
        }
    }
}

impl Gather for Costs<'_> {
    type Page = GetCostAndUsageOutput;
    type Whole = (Vec<DaySlice>, Vec<LinkedAccountName>);

    fn add(&mut self, page: GetCostAndUsageOutput) -> Result<Option<String>, ConvertError> {
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
        Ok(page.next_page_token)
    }

    fn finish(self) -> Result<Self::Whole, ConvertError> {
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
}

impl Costs<'_> {
    fn check_grouping(&self, page: &GetCostAndUsageOutput) -> Result<(), ConvertError> {
        let Some(groups) = &page.group_definitions else {
            return Ok(());
        };
        let asked = self.question.keys.iter().map(parts);
        let as_asked = groups.len() == self.question.keys.len()
            && groups.iter().zip(asked).all(|(group, (kind, name))| {
                let same_kind = group.r#type.as_ref().is_none_or(|told| *told == kind);
                same_kind && group.key() == Some(name)
            });
        if as_asked {
            Ok(())
        } else {
            Err(ConvertError::OtherGrouping)
        }
    }

    fn add_day(&mut self, result: ResultByTime) -> Result<(), ConvertError> {
        let granularity = self.question.granularity;
        let piece = piece(result.time_period.as_ref(), granularity, self.period)?;
        let day = slice_day(piece, granularity);
        let groups = result.groups.unwrap_or_default();
        let total = result.total.unwrap_or_default();
        let rows = if self.question.keys.is_empty() {
            if !groups.is_empty() {
                return Err(ConvertError::OtherGrouping);
            }
            vec![row(day, Default::default(), &total)?]
        } else {
            // A sum without the groups that make it up would be lost.
            if groups.is_empty() && !all_zero(&total) {
                return Err(ConvertError::OtherGrouping);
            }
            let rows: Result<_, _> = groups
                .into_iter()
                .map(|group| self.grouped_row(day, group))
                .collect();
            rows?
        };
        let content = self.days.entry(day).or_default();
        content.estimated |= result.estimated;
        for row in rows {
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

    fn grouped_row(&self, day: NaiveDate, group: Group) -> Result<CubeRow, ConvertError> {
        let told = group.keys.unwrap_or_default();
        if told.len() != self.question.keys.len() || told.len() > 2 {
            return Err(ConvertError::Keys(day));
        }
        let mut keys: [String; 2] = Default::default();
        for ((place, told), key) in keys.iter_mut().zip(told).zip(&self.question.keys) {
            *place = value(key, told).ok_or(ConvertError::Keys(day))?;
        }
        row(day, keys, &group.metrics.unwrap_or_default())
    }
}

/// Of tags and cost categories AWS tells `name$value`, with nothing behind the sign where
/// there is no value.
fn value(key: &GroupKey, told: String) -> Option<String> {
    match key {
        GroupKey::Dimension(_) => Some(told),
        GroupKey::Tag(name) | GroupKey::CostCategory(name) => told
            .strip_prefix(name.as_str())?
            .strip_prefix('$')
            .map(str::to_owned),
    }
}

fn all_zero(total: &HashMap<String, MetricValue>) -> bool {
    total.values().all(|value| {
        value
            .amount()
            .is_none_or(|amount| amount.parse() == Ok(Nanos::ZERO))
    })
}

fn row(
    day: NaiveDate,
    keys: [String; 2],
    metrics: &HashMap<String, MetricValue>,
) -> Result<CubeRow, ConvertError> {
    let mut costs = [Nanos::ZERO; 5];
    let mut currency = None;
    for (place, metric) in costs.iter_mut().zip(Metric::COSTS) {
        let (amount, unit) = cost(day, metrics, metric)?;
        if *currency.get_or_insert(unit) != unit {
            return Err(ConvertError::Currencies(day));
        }
        *place = amount;
    }
    let (usage_quantity, usage_unit) = measure(day, metrics, Metric::UsageQuantity)?;
    let (normalized_usage, _) = measure(day, metrics, Metric::NormalizedUsage)?;
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
#[path = "costs_tests.rs"]
mod tests;
