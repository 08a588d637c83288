//! GetReservationCoverage: how much of the running hours was reserved. Reserved hours are the
//! books' `DiscountedUsage`, the others the `Usage` of machines on demand.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::figures::{Figures, Order, json as figures_json, percentage};
use super::period::{Granularity, days, slices};
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
    sort_by: Option<wire::Sort>,
    next_page_token: Option<String>,
    max_results: Option<i64>,
}

/// What can be grouped by, and the name of its attribute.
const GROUPS: [(Dimension, &str); 12] = [
    (Dimension::Az, "availabilityZone"),
    (Dimension::CacheEngine, "cacheEngine"),
    (Dimension::DatabaseEngine, "databaseEngine"),
    (Dimension::DeploymentOption, "deploymentOption"),
    (Dimension::InstanceType, "instanceType"),
    (Dimension::InstanceTypeFamily, "instanceTypeFamily"),
    (Dimension::InvoicingEntity, "invoicingEntity"),
    (Dimension::LinkedAccount, "linkedAccount"),
    (Dimension::OperatingSystem, "operatingSystem"),
    (Dimension::Platform, "platform"),
    (Dimension::Region, "region"),
    (Dimension::Tenancy, "tenancy"),
];

type Key = Vec<String>;

pub(super) fn answer(context: &Context<'_>, body: &[u8]) -> Result<Reply, AwsError> {
    let mut wire: Wire = reading::read(body)?;
    let token = wire.next_page_token.take();
    let place = context.place("GetReservationCoverage", &wire, token.as_deref())?;
    reading::required(&[("timePeriod", wire.time_period.is_some())])?;
    let granularity = reading::granularity(wire.granularity.as_deref())?;
    let groups = groups(reading::group_keys(wire.group_by)?)?;
    let measures = Measures::read(wire.metrics)?;
    let most = reading::max_results(wire.max_results, usize::MAX)?;
    let period = days(
        &wire.time_period.ok_or_else(AwsError::internal)?,
        place.today,
    )?;
    let scope = Scope::reservations(wire.filter)?;
    let keys = Running::default().figures();
    let mut keys: Vec<&str> = keys.iter().map(|(name, _)| *name).collect();
    keys.push("Time");
    let order = Order::read(wire.sort_by, &keys)?;
    if !groups.is_empty() && granularity.is_some() {
        // The text is our own; AWS's is not publicly known.
        return Err(AwsError::validation(
            "Granularity can not be set together with GroupBy",
        ));
    }
    let sums = |days: &Range<NaiveDate>, groups: &[Group]| {
        sums(context.books, &scope, days, place.today, groups)
    };
    let one = |days: &Range<NaiveDate>| sums(days, &[]).into_values().next().unwrap_or_default();
    let span = |days: &Range<NaiveDate>| json!({"Start": days.start.to_string(), "End": days.end.to_string()});
    let total = measures.json(&one(&period));
    let mut answer = if groups.is_empty() {
        let slices = slices(&period, granularity.unwrap_or(Granularity::Daily));
        let mut rows: Vec<(Range<NaiveDate>, Running)> = slices
            .into_iter()
            .map(|days| (days.clone(), one(&days)))
            .collect();
        if let Some(order) = order {
            order.sort(&mut rows, |(_, running)| running.figures());
        }
        let (rows, next) = context.cut(&place, rows, most);
        let row = |(days, running): &(Range<NaiveDate>, Running)| json!({"TimePeriod": span(days), "Groups": [], "Total": measures.json(running)});
        with_token(
            json!({"CoveragesByTime": rows.iter().map(row).collect::<Vec<_>>()}),
            next,
        )
    } else {
        let mut rows: Vec<(Key, Running)> = sums(&period, &groups).into_iter().collect();
        if let Some(order) = order {
            order.sort(&mut rows, |(_, running)| running.figures());
        }
        let (rows, next) = context.cut(&place, rows, most);
        let row = |(key, running): &(Key, Running)| {
            let attributes: Map<String, Value> = groups
                .iter()
                .zip(key)
                .map(|((_, name), value)| ((*name).to_owned(), value.clone().into()))
                .collect();
            json!({"Attributes": attributes, "Coverage": measures.json(running)})
        };
        let rows: Vec<Value> = rows.iter().map(row).collect();
        let by_time = json!([{"TimePeriod": span(&period), "Groups": rows, "Total": total}]);
        with_token(json!({"CoveragesByTime": by_time}), next)
    };
    answer["Total"] = total;
    json_reply(&answer)
}

fn with_token(mut answer: Value, next: Option<String>) -> Value {
    if let Some(next) = next {
        answer["NextPageToken"] = next.into();
    }
    answer
}

type Group = (Dimension, &'static str);

/// The text is our own; AWS's is not publicly known.
fn groups(keys: Vec<String>) -> Result<Vec<Group>, AwsError> {
    keys.into_iter()
        .map(|key| {
            let known = GROUPS
                .into_iter()
                .find(|(dimension, _)| dimension.name() == key);
            known.ok_or_else(|| AwsError::validation(format!("Grouping by {key} is not supported")))
        })
        .collect()
}

/// Which of hours, units and cost are shown; hours and what goes with them, unasked.
struct Measures {
    hours: bool,
    units: bool,
    cost: bool,
}

impl Measures {
    fn read(names: Option<Vec<String>>) -> Result<Self, AwsError> {
        let Some(names) = names.filter(|names| !names.is_empty()) else {
            return Ok(Self {
                hours: true,
                units: true,
                cost: true,
            });
        };
        for name in &names {
            reading::one_of(name, "metrics", &["Cost", "Hour", "Unit"])?;
        }
        let has = |name: &str| names.iter().any(|found| found == name);
        Ok(Self {
            hours: has("Hour"),
            units: has("Unit"),
            cost: has("Cost"),
        })
    }

    fn json(&self, running: &Running) -> Value {
        let figures = running.figures();
        let part = |has: fn(&str) -> bool| {
            let part: Figures = figures
                .iter()
                .copied()
                .filter(|(name, _)| has(name))
                .collect();
            figures_json(&part)
        };
        let mut coverage = json!({});
        if self.hours {
            coverage["CoverageHours"] = part(|name| name.contains("Hours"));
        }
        if self.units {
            coverage["CoverageNormalizedUnits"] = part(|name| name.contains("Units"));
        }
        if self.cost {
            coverage["CoverageCost"] = part(|name| name.contains("Cost"));
        }
        coverage
    }
}

/// Running hours, in 10⁻¹⁰ units.
#[derive(Clone, Copy, Default)]
struct Running {
    hours: i128,
    units: i128,
    cost: i128,
    reserved_hours: i128,
    reserved_units: i128,
}

impl Running {
    fn figures(&self) -> Figures {
        let (hours, units) = (
            self.hours + self.reserved_hours,
            self.units + self.reserved_units,
        );
        vec![
            ("OnDemandHours", self.hours),
            ("ReservedHours", self.reserved_hours),
            ("TotalRunningHours", hours),
            (
                "CoverageHoursPercentage",
                percentage(self.reserved_hours, hours),
            ),
            ("OnDemandNormalizedUnits", self.units),
            ("ReservedNormalizedUnits", self.reserved_units),
            ("TotalRunningNormalizedUnits", units),
            (
                "CoverageNormalizedUnitsPercentage",
                percentage(self.reserved_units, units),
            ),
            ("OnDemandCost", self.cost),
        ]
    }
}

/// Whether the line's hours are those of a machine that could be reserved, or is.
fn is_running(line: &Line) -> bool {
    match line.plan.kind {
        Kind::ReservedUsage => true,
        Kind::Usage => line.purchase_type == "On Demand Instances",
        _ => false,
    }
}

/// The running hours of some days by the groups' values; without groups, under one empty key.
fn sums(
    books: &Books,
    scope: &Scope,
    days: &Range<NaiveDate>,
    today: NaiveDate,
    groups: &[Group],
) -> BTreeMap<Key, Running> {
    let keys: Vec<Option<Key>> = books
        .lines()
        .iter()
        .map(|line| {
            (is_running(line) && scope.takes(line)).then(|| {
                let value = |(dimension, _): &Group| dimension.value(line).to_owned();
                groups.iter().map(value).collect()
            })
        })
        .collect();
    let mut sums: BTreeMap<Key, Running> = BTreeMap::new();
    for day in days.start.iter_days().take_while(|day| *day < days.end) {
        for item in books.day(day, today).iter() {
            let Some(key) = &keys[item.line as usize] else {
                continue;
            };
            let amount = |metric: Metric| i128::from(item.amounts[metric as usize]);
            let running = sums.entry(key.clone()).or_default();
            let (hours, units) = (
                amount(Metric::UsageQuantity),
                amount(Metric::NormalizedUsageAmount),
            );
            if books.lines()[item.line as usize].plan.kind == Kind::ReservedUsage {
                running.reserved_hours += hours;
                running.reserved_units += units;
            } else {
                running.hours += hours;
                running.units += units;
                running.cost += amount(Metric::UnblendedCost);
            }
        }
    }
    sums
}
