//! GetSavingsPlansCoverage: how much of what a Savings Plan could cover is covered. The covered
//! spend is the books' `SavingsPlanCoveredUsage` at its price on demand.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};

use super::figures::{Figures, Order, json as figures_json, percentage};
use super::period::{past_days, slices};
use super::plans_utilization::{holder, no_plans};
use super::scope::Scope;
use super::{Context, json_reply, reading, wire};
use crate::books::{Books, Dimension, Kind, Line, Metric};
use crate::error::{AwsError, Reply};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Wire {
    time_period: Option<wire::Period>,
    group_by: Option<Vec<wire::Group>>,
    granularity: Option<String>,
    filter: Option<wire::Expression>,
    metrics: Option<Vec<String>>,
    next_token: Option<String>,
    max_results: Option<i64>,
    sort_by: Option<wire::Sort>,
}

const UNASKED_ROWS: usize = 20;
/// The names AWS documents for grouping, and the dimensions they are.
const GROUPS: [(&str, Dimension); 4] = [
    ("INSTANCE_FAMILY", Dimension::InstanceTypeFamily),
    ("INSTANCE_TYPE_FAMILY", Dimension::InstanceTypeFamily),
    ("REGION", Dimension::Region),
    ("SERVICE", Dimension::Service),
];
/// AWS documents the first without an s.
const SORTED_BY: [&str; 5] = [
    "SpendCoveredBySavingsPlan",
    "SpendCoveredBySavingsPlans",
    "OnDemandCost",
    "CoveragePercentage",
    "TotalCost",
];

struct Row {
    days: Range<NaiveDate>,
    /// Values of the groups.
    key: Vec<String>,
    spend: Spend,
}

pub(super) fn answer(context: &Context<'_>, body: &[u8]) -> Result<Reply, AwsError> {
    let mut wire: Wire = reading::read(body)?;
    let token = wire.next_token.take();
    let place = context.place("GetSavingsPlansCoverage", &wire, token.as_deref())?;
    reading::required(&[("timePeriod", wire.time_period.is_some())])?;
    let granularity = reading::granularity(wire.granularity.as_deref())?;
    let groups = groups(reading::group_keys(wire.group_by)?)?;
    for metric in wire.metrics.unwrap_or_default() {
        reading::one_of(&metric, "metrics", &["SpendCoveredBySavingsPlans"])?;
    }
    let most = reading::max_results(wire.max_results, UNASKED_ROWS)?;
    let period = past_days(
        &wire.time_period.ok_or_else(AwsError::internal)?,
        place.today,
    )?;
    let scope = Scope::plans(wire.filter)?;
    let order = Order::read(wire.sort_by, &SORTED_BY)?;
    if !groups.is_empty() && granularity.is_some() {
        // The text is our own; AWS's is not publicly known.
        return Err(AwsError::validation(
            "Granularity can not be set together with GroupBy",
        ));
    }
    if holder(context.books).is_none() {
        return Err(no_plans());
    }
    let periods = granularity.map_or_else(
        || vec![period.clone()],
        |granularity| slices(&period, granularity),
    );
    let mut rows: Vec<Row> = periods
        .into_iter()
        .flat_map(|days| {
            sums(context.books, &scope, &days, place.today, &groups)
                .into_iter()
                .map(move |(key, spend)| Row {
                    days: days.clone(),
                    key,
                    spend,
                })
        })
        .collect();
    if let Some(order) = order {
        order.sort(&mut rows, |row| row.spend.figures());
    }
    let (rows, next) = context.cut(&place, rows, most);
    let row = |row: &Row| {
        let names = groups.iter().map(|(name, _)| *name);
        let attributes: BTreeMap<&str, &String> = names.zip(&row.key).collect();
        json!({
            "Attributes": attributes,
            "Coverage": figures_json(&row.spend.shown()),
            "TimePeriod": {"Start": row.days.start.to_string(), "End": row.days.end.to_string()},
        })
    };
    let rows: Vec<Value> = rows.iter().map(row).collect();
    let mut answer = json!({"SavingsPlansCoverages": rows});
    if let Some(next) = next {
        answer["NextToken"] = next.into();
    }
    json_reply(&answer)
}

type Group = (&'static str, Dimension);

/// The text is our own; AWS's is not publicly known.
fn groups(keys: Vec<String>) -> Result<Vec<Group>, AwsError> {
    keys.into_iter()
        .map(|key| {
            let known = GROUPS.into_iter().find(|(name, _)| *name == key);
            known.ok_or_else(|| AwsError::validation(format!("Grouping by {key} is not supported")))
        })
        .collect()
}

/// In 10⁻¹⁰ dollars.
#[derive(Clone, Copy, Default)]
struct Spend {
    covered: i128,
    on_demand: i128,
}

impl Spend {
    fn figures(&self) -> Figures {
        let total = self.covered + self.on_demand;
        vec![
            ("SpendCoveredBySavingsPlan", self.covered),
            ("SpendCoveredBySavingsPlans", self.covered),
            ("OnDemandCost", self.on_demand),
            ("TotalCost", total),
            ("CoveragePercentage", percentage(self.covered, total)),
        ]
    }

    fn shown(&self) -> Figures {
        let mut figures = self.figures();
        figures.retain(|(name, _)| *name != "SpendCoveredBySavingsPlan");
        figures
    }
}

/// Whether a compute plan could cover the line's usage.
fn is_coverable(line: &Line) -> bool {
    line.plan.kind == Kind::Usage
        && match line.service {
            "Amazon Elastic Compute Cloud - Compute" => line.purchase_type == "On Demand Instances",
            "Amazon Elastic Container Service" => line.usage_type.contains("Fargate"),
            "AWS Lambda" => line.usage_type.contains("GB-Second"),
            _ => false,
        }
}

/// Covered and other spend of some days by the groups' values.
fn sums(
    books: &Books,
    scope: &Scope,
    days: &Range<NaiveDate>,
    today: NaiveDate,
    groups: &[Group],
) -> BTreeMap<Vec<String>, Spend> {
    let mut sums: BTreeMap<Vec<String>, Spend> = BTreeMap::new();
    for day in days.start.iter_days().take_while(|day| *day < days.end) {
        for item in books.day(day, today).iter() {
            let line = &books.lines()[item.line as usize];
            let covered = line.plan.kind == Kind::PlanCovered;
            if !(covered || is_coverable(line)) || !scope.takes(line) {
                continue;
            }
            let value = |(_, dimension): &Group| dimension.value(line).to_owned();
            let spend = sums.entry(groups.iter().map(value).collect()).or_default();
            let cost = i128::from(item.amounts[Metric::UnblendedCost as usize]);
            if covered {
                spend.covered += cost;
            } else {
                spend.on_demand += cost;
            }
        }
    }
    sums
}
