//! The same money at every granularity and grouping, whatever is asked.

use std::ops::Range;
use std::sync::OnceLock;

use chrono::{Days, TimeDelta};
use proptest::prelude::*;

use super::*;
use crate::books::{Dimension, Line, Metric};

/// Not settled on purpose: the last days are unfinished.
const TODAY: &str = "2026-11-24";

fn books() -> &'static Books {
    static BOOKS: OnceLock<Books> = OnceLock::new();
    BOOKS.get_or_init(sample)
}

/// A filter with its meaning, apart from the code that is tested.
#[derive(Clone, Debug)]
enum Wish {
    Is(Dimension, Vec<String>),
    Tag(&'static str, Vec<&'static str>),
    NoTag(&'static str),
    Category(&'static str, &'static str),
    NoCategory(&'static str),
    Not(Box<Wish>),
    And(Vec<Wish>),
    Or(Vec<Wish>),
}

impl Wish {
    fn json(&self) -> Value {
        let all = |wishes: &[Self]| wishes.iter().map(Self::json).collect::<Value>();
        match self {
            Self::Is(dimension, values) => {
                json!({"Dimensions": {"Key": dimension.name(), "Values": values}})
            }
            Self::Tag(key, values) => {
                json!({"Tags": {"Key": key, "Values": values, "MatchOptions": ["EQUALS"]}})
            }
            Self::NoTag(key) => json!({"Tags": {"Key": key, "MatchOptions": ["ABSENT"]}}),
            Self::Category(name, value) => {
                json!({"CostCategories": {"Key": name, "Values": [value]}})
            }
            Self::NoCategory(name) => {
                json!({"CostCategories": {"Key": name, "MatchOptions": ["ABSENT"]}})
            }
            Self::Not(wish) => json!({"Not": wish.json()}),
            Self::And(wishes) => json!({"And": all(wishes)}),
            Self::Or(wishes) => json!({"Or": all(wishes)}),
        }
    }

    fn holds(&self, line: &Line) -> bool {
        match self {
            Self::Is(dimension, values) => values
                .iter()
                .any(|value| value.as_str() == dimension.value(line)),
            Self::Tag(key, values) => values
                .iter()
                .any(|value| line.tags.contains(&(*key, *value))),
            Self::NoTag(key) => line.tags.iter().all(|(name, _)| name != key),
            Self::Category(name, value) => line.cost_category(name) == Some(value),
            Self::NoCategory(name) => line.cost_category(name).is_none(),
            Self::Not(wish) => !wish.holds(line),
            Self::And(wishes) => wishes.iter().all(|wish| wish.holds(line)),
            Self::Or(wishes) => wishes.iter().any(|wish| wish.holds(line)),
        }
    }
}

fn wishes() -> impl Strategy<Value = Wish> {
    let lines = books().lines();
    let is = (
        0..Dimension::ALL.len(),
        proptest::collection::vec(0..lines.len(), 1..4),
    )
        .prop_map(|(dimension, chosen)| {
            let dimension = Dimension::ALL[dimension];
            Wish::Is(
                dimension,
                chosen
                    .into_iter()
                    .map(|line| dimension.value(&lines[line]).to_owned())
                    .collect(),
            )
        });
    let leaf = prop_oneof![
        6 => is,
        2 => Just(Wish::Tag("Team", vec!["platform", "data", "nobody"])),
        1 => Just(Wish::Tag("Environment", vec!["staging"])),
        1 => Just(Wish::NoTag("Environment")),
        1 => Just(Wish::Category("Workload", "Compute")),
        1 => Just(Wish::NoCategory("Department")),
        1 => Just(Wish::Is(Dimension::Service, vec!["No Such Service".to_owned()])),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|wish| Wish::Not(Box::new(wish))),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Wish::And),
            proptest::collection::vec(inner, 2..4).prop_map(Wish::Or),
        ]
    })
}

fn groups() -> impl Strategy<Value = Value> {
    let dimension = (0..Dimension::GROUPS.len())
        .prop_map(|index| json!({"Type": "DIMENSION", "Key": Dimension::GROUPS[index].name()}));
    let tag = prop_oneof![Just("Environment"), Just("Team")]
        .prop_map(|key| json!({"Type": "TAG", "Key": key}));
    let category = prop_oneof![Just("Department"), Just("Workload"), Just("Unknown")]
        .prop_map(|key| json!({"Type": "COST_CATEGORY", "Key": key}));
    let one = prop_oneof![6 => dimension, 3 => tag, 3 => category];
    proptest::collection::vec(one, 1..3).prop_map(Value::Array)
}

fn periods() -> impl Strategy<Value = Range<NaiveDate>> {
    (0_u64..400, 1_u64..45).prop_map(|(back, length)| {
        let start = date("2026-11-30") - Days::new(back);
        start..(start + Days::new(length)).min(date("2026-12-01"))
    })
}

fn full(period: &Range<NaiveDate>, granularity: &str, filter: Option<&Wish>) -> Value {
    let mut request = json!({
        "TimePeriod": {"Start": period.start.to_string(), "End": period.end.to_string()},
        "Granularity": granularity,
        "Metrics": Metric::ALL.map(Metric::name),
    });
    if let Some(filter) = filter {
        request["Filter"] = filter.json();
    }
    request
}

fn totals(answer: &Value) -> Vec<i128> {
    let results = answer["ResultsByTime"].as_array().unwrap();
    let total = |metric: Metric| {
        results
            .iter()
            .map(|result| amount(&result["Total"], metric.name()))
            .sum()
    };
    Metric::ALL.into_iter().map(total).collect()
}

fn group_totals(answer: &Value) -> Vec<i128> {
    let rows = rows(answer);
    Metric::ALL
        .into_iter()
        .map(|metric| {
            rows.iter()
                .map(|(_, _, row)| amount(row, metric.name()))
                .sum()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_way_of_asking_gives_the_same_total(
        period in periods(),
        filter in proptest::option::of(wishes()),
        groups in groups(),
    ) {
        let holds = |line: &Line| filter.as_ref().is_none_or(|filter| filter.holds(line));
        let expected: Vec<i128> = Metric::ALL
            .into_iter()
            .map(|metric| books().total(period.clone(), date(TODAY), metric, holds))
            .collect();
        for granularity in ["DAILY", "MONTHLY"] {
            let mut request = full(&period, granularity, filter.as_ref());
            let ungrouped = ask(books(), &request);
            prop_assert_eq!(&totals(&ungrouped), &expected);
            request["GroupBy"] = groups.clone();
            let grouped = ask(books(), &request);
            prop_assert_eq!(&group_totals(&grouped), &expected);
            prop_assert_eq!(
                grouped["ResultsByTime"].as_array().unwrap().len(),
                ungrouped["ResultsByTime"].as_array().unwrap().len()
            );
        }
    }

    #[test]
    fn pages_add_up_to_the_whole(
        period in periods(),
        groups in groups(),
        page_size in 1_usize..400,
    ) {
        // At most some hundred pages: fewer days for small pages.
        let days = TimeDelta::days(i64::try_from(page_size / 8).unwrap().clamp(1, 20));
        let period = period.start..period.end.min(period.start + days);
        let mut request = full(&period, "DAILY", None);
        request["GroupBy"] = groups;
        let whole = ask(books(), &request);
        let mut paged = Vec::new();
        let mut starts = Vec::new();
        loop {
            let page = ask_paged(books(), TODAY, page_size, &request).unwrap();
            prop_assert!(rows(&page).len() <= page_size);
            paged.extend(rows(&page));
            for result in page["ResultsByTime"].as_array().unwrap() {
                starts.push(result["TimePeriod"]["Start"].clone());
            }
            match page.get("NextPageToken") {
                Some(token) => request["NextPageToken"] = token.clone(),
                None => break,
            }
        }
        prop_assert_eq!(paged, rows(&whole));
        starts.dedup();
        prop_assert_eq!(starts.len(), whole["ResultsByTime"].as_array().unwrap().len());
    }
}
