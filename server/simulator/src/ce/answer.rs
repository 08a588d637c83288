//! Answers a checked request from the books. Pure: every amount is a sum of the books' items.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::NaiveDate;
use serde::Serialize;

use super::period::slices;
use super::request::{Group, Request};
use crate::books::{Books, Dimension, Line, Metric, decimal};

/// One page of an answer.
pub(super) struct Page<'a> {
    pub body: Body<'a>,
    /// Rows before the next page; `None` on the last.
    pub next: Option<u64>,
}

/// The answer's JSON. Typed, since a page has tens of thousands of values.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Body<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    group_definitions: Vec<Definition<'a>>,
    results_by_time: Vec<PeriodResult>,
    dimension_value_attributes: Vec<Attributes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_page_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Definition<'a> {
    r#type: &'static str,
    key: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PeriodResult {
    time_period: TimePeriod,
    total: Metrics,
    groups: Vec<GroupResult>,
    estimated: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TimePeriod {
    start: String,
    end: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GroupResult {
    keys: Vec<String>,
    metrics: Metrics,
}

type Metrics = BTreeMap<&'static str, Measure>;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Measure {
    amount: String,
    unit: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Attributes {
    value: &'static str,
    attributes: BTreeMap<&'static str, &'static str>,
}

/// Which rows a page holds. A period without groups counts as one.
pub(super) struct Cut {
    pub from: u64,
    pub rows: u64,
}

/// The totals of one group in one period.
#[derive(Clone, Default)]
struct Sum {
    amounts: [i128; Metric::ALL.len()],
    unit: Unit,
    seen: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Unit {
    #[default]
    Unknown,
    One(&'static str),
    Mixed,
}

impl Unit {
    fn add(self, unit: &'static str) -> Self {
        match self {
            Self::Unknown => Self::One(unit),
            Self::One(known) if known == unit => self,
            Self::One(_) | Self::Mixed => Self::Mixed,
        }
    }
}

/// Lines sorted into groups.
struct Grouped {
    keys: Vec<Vec<String>>,
    /// The group of each line; `None` for lines that the filter leaves out.
    of_line: Vec<Option<usize>>,
}

impl Grouped {
    fn new(books: &Books, request: &Request) -> Self {
        let taken = |line: &Line| {
            request
                .filter
                .as_ref()
                .is_none_or(|filter| filter.takes(line))
        };
        let keys: Vec<Option<Vec<String>>> = books
            .lines()
            .iter()
            .map(|line| {
                taken(line).then(|| request.groups.iter().map(|group| group.of(line)).collect())
            })
            .collect();
        let mut ranks: BTreeMap<&Vec<String>, usize> =
            keys.iter().flatten().map(|key| (key, 0)).collect();
        for (rank, (_, place)) in ranks.iter_mut().enumerate() {
            *place = rank;
        }
        let of_line = keys
            .iter()
            .map(|key| key.as_ref().and_then(|key| ranks.get(key).copied()))
            .collect();
        Self {
            of_line,
            keys: ranks.into_keys().cloned().collect(),
        }
    }

    fn sums(&self, books: &Books, days: &Range<NaiveDate>, today: NaiveDate) -> Vec<Sum> {
        let mut sums = vec![Sum::default(); self.keys.len().max(1)];
        for day in days.start.iter_days().take_while(|day| *day < days.end) {
            for item in books.day(day, today).iter() {
                let line = item.line as usize;
                let Some(sum) = self.of_line[line].and_then(|group| sums.get_mut(group)) else {
                    continue;
                };
                for (total, amount) in sum.amounts.iter_mut().zip(item.amounts) {
                    *total += i128::from(amount);
                }
                if item.amounts[Metric::UsageQuantity as usize] != 0 {
                    sum.unit = sum.unit.add(books.lines()[line].unit);
                }
                sum.seen = true;
            }
        }
        sums
    }
}

/// Answers as of `today`.
pub(super) fn page<'a>(
    books: &Books,
    request: &'a Request,
    today: NaiveDate,
    cut: &Cut,
) -> Page<'a> {
    let grouped = Grouped::new(books, request);
    let (mut row, end) = (0, cut.from + cut.rows);
    let mut results = Vec::new();
    let mut accounts = BTreeSet::new();
    let mut more = false;
    for days in slices(&request.period, request.granularity) {
        if row >= end {
            more = true;
            break;
        }
        let sums = grouped.sums(books, &days, today);
        let seen: Vec<(usize, &Sum)> = sums
            .iter()
            .enumerate()
            .filter(|(_, sum)| sum.seen)
            .collect();
        let rows = if request.groups.is_empty() {
            1
        } else {
            seen.len().max(1) as u64
        };
        let (first, after) = (cut.from.saturating_sub(row), (end - row).min(rows));
        if first < rows {
            let shown = match request.groups.is_empty() {
                true => &[],
                false => seen
                    .get(first as usize..seen.len().min(after as usize))
                    .unwrap_or_default(),
            };
            accounts.extend(
                shown
                    .iter()
                    .filter_map(|(group, _)| account(request, &grouped.keys[*group])),
            );
            results.push(PeriodResult {
                time_period: TimePeriod {
                    start: days.start.to_string(),
                    end: days.end.to_string(),
                },
                total: if request.groups.is_empty() {
                    metrics(request, &sums[0])
                } else {
                    Metrics::new()
                },
                groups: shown
                    .iter()
                    .map(|(group, sum)| GroupResult {
                        keys: grouped.keys[*group].clone(),
                        metrics: metrics(request, sum),
                    })
                    .collect(),
                estimated: Books::estimated(days.start, today),
            });
        }
        more |= after < rows;
        row += rows;
    }
    let definition = |group: &'a Group| Definition {
        r#type: group.kind(),
        key: group.key(),
    };
    let body = Body {
        group_definitions: request.groups.iter().map(definition).collect(),
        results_by_time: results,
        dimension_value_attributes: attributes(books, &accounts),
        next_page_token: None,
    };
    Page {
        body,
        next: more.then_some(end),
    }
}

fn metrics(request: &Request, sum: &Sum) -> Metrics {
    let measure = |metric: &Metric| {
        let unit = match (metric, sum.unit) {
            (metric, _) if metric.is_cost() => "USD",
            (Metric::UsageQuantity, Unit::One(unit)) => unit,
            _ => "N/A",
        };
        (
            metric.name(),
            Measure {
                amount: decimal(sum.amounts[*metric as usize]),
                unit,
            },
        )
    };
    request.metrics.iter().map(measure).collect()
}

/// The linked account that a group's keys name.
fn account<'a>(request: &Request, keys: &'a [String]) -> Option<&'a str> {
    let is_account = |group: &Group| matches!(group, Group::Dimension(Dimension::LinkedAccount));
    keys.get(request.groups.iter().position(is_account)?)
        .map(String::as_str)
}

/// The names of the accounts on this page.
fn attributes(books: &Books, accounts: &BTreeSet<&str>) -> Vec<Attributes> {
    let shown = books
        .company()
        .accounts
        .iter()
        .filter(|account| accounts.contains(account.id));
    shown
        .map(|account| Attributes {
            value: account.id,
            attributes: BTreeMap::from([("description", account.name)]),
        })
        .collect()
}
