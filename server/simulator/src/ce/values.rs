//! GetDimensionValues, GetTags and GetCostCategories: what can be asked for. A value is there
//! when something in the period has it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};

use super::expression::Expression;
use super::period::days;
use super::{Context, json_reply, reading, request, wire};
use crate::books::{Books, COST_CATEGORIES, Dimension, Kind, Line, Metric, TAG_KEYS};
use crate::error::{AwsError, Reply};

/// Rows of a sorted answer, which has no second page.
const MOST: usize = 1_000;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Wire {
    search_string: Option<String>,
    time_period: Option<wire::Period>,
    dimension: Option<String>,
    context: Option<String>,
    tag_key: Option<String>,
    cost_category_name: Option<String>,
    filter: Option<wire::Expression>,
    sort_by: Option<Vec<wire::Sort>>,
    billing_view_arn: Option<String>,
    max_results: Option<i64>,
    next_page_token: Option<String>,
}

/// What is listed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Dimension,
    Tags,
    CostCategories,
}

pub(super) fn answer(context: &Context<'_>, of: Of, body: &[u8]) -> Result<Reply, AwsError> {
    let mut wire: Wire = reading::read(body)?;
    let token = wire.next_page_token.take();
    let operation = match of {
        Of::Dimension => "GetDimensionValues",
        Of::Tags => "GetTags",
        Of::CostCategories => "GetCostCategories",
    };
    let place = context.place(operation, &wire, token.as_deref())?;
    let mut needed = vec![("timePeriod", wire.time_period.is_some())];
    if of == Of::Dimension {
        needed.push(("dimension", wire.dimension.is_some()));
    }
    reading::required(&needed)?;
    let list = List::of(of, &wire)?;
    let kinds = Kinds::read(wire.context.as_deref())?;
    let period = days(
        &wire.time_period.ok_or_else(AwsError::internal)?,
        place.today,
    )?;
    let sort = wire.sort_by.unwrap_or_default().into_iter().next();
    let most = reading::max_results(wire.max_results, MOST)?;
    // The texts are our own; AWS's are not publicly known.
    if sort.is_some() && (wire.search_string.is_some() || token.is_some()) {
        return Err(AwsError::validation(
            "SortBy can not be used together with SearchString or NextPageToken",
        ));
    }
    if sort.is_some() && most > MOST {
        return Err(AwsError::validation("MaxResults should not exceed 1000"));
    }
    let filter = wire.filter.map(Expression::check).transpose()?;
    request::check_view(wire.billing_view_arn.as_deref(), context.caller.account())?;
    let order = sort.map(Sorted::read).transpose()?;
    let takes =
        |line: &Line| kinds.takes(line) && filter.as_ref().is_none_or(|filter| filter.takes(line));
    let metric = order
        .as_ref()
        .map_or(Metric::UnblendedCost, |order| order.metric);
    let found = sums(context.books, &period, place.today, metric, takes, |line| {
        list.values(line)
    });
    let search = wire.search_string.unwrap_or_default().to_lowercase();
    let mut rows: Vec<(String, i128)> = found
        .into_iter()
        .filter(|(value, _)| list.matches(context.books, value, &search))
        .collect();
    let total = rows.len();
    let (rows, next) = match order {
        Some(order) => {
            rows.sort_by_key(|(_, sum)| if order.descending { -sum } else { *sum });
            rows.truncate(most);
            (rows, None)
        }
        None => context.cut(&place, rows, usize::MAX),
    };
    let values: Vec<String> = rows.into_iter().map(|(value, _)| value).collect();
    let size = values.len();
    let mut answer = list.json(context.books, values);
    answer["ReturnSize"] = size.into();
    answer["TotalSize"] = total.into();
    if let Some(next) = next {
        answer["NextPageToken"] = next.into();
    }
    json_reply(&answer)
}

/// What values are of.
enum List {
    Dimension(Dimension),
    TagKeys,
    Tag(String),
    CategoryNames,
    Category(String),
}

impl List {
    fn of(of: Of, wire: &Wire) -> Result<Self, AwsError> {
        Ok(match of {
            Of::Dimension => {
                let names: Vec<&str> = Dimension::ALL.iter().map(|known| known.name()).collect();
                let name = wire.dimension.as_deref().unwrap_or_default();
                let name = reading::one_of(name, "dimension", &names)?;
                Self::Dimension(Dimension::parse(name).ok_or_else(AwsError::internal)?)
            }
            Of::Tags => wire.tag_key.clone().map_or(Self::TagKeys, Self::Tag),
            Of::CostCategories => wire
                .cost_category_name
                .clone()
                .map_or(Self::CategoryNames, Self::Category),
        })
    }

    fn values<'a>(&self, line: &'a Line) -> Vec<&'a str> {
        match self {
            Self::Dimension(dimension) => vec![dimension.value(line)],
            Self::TagKeys => TAG_KEYS
                .into_iter()
                .filter(|key| line.tag(key).is_some())
                .collect(),
            Self::Tag(key) => line.tag(key).into_iter().collect(),
            Self::CategoryNames => COST_CATEGORIES
                .into_iter()
                .filter(|name| line.cost_category(name).is_some())
                .collect(),
            Self::Category(name) => line.cost_category(name).into_iter().collect(),
        }
    }

    /// Whether a value, or its account's name, contains what is searched for.
    fn matches(&self, books: &Books, value: &str, search: &str) -> bool {
        value.to_lowercase().contains(search)
            || self
                .description(books, value)
                .is_some_and(|name| name.to_lowercase().contains(search))
    }

    fn description(&self, books: &Books, value: &str) -> Option<&'static str> {
        let mut accounts = books.company().accounts.iter();
        match self {
            Self::Dimension(Dimension::LinkedAccount | Dimension::PayerAccount) => accounts
                .find(|account| account.id == value)
                .map(|account| account.name),
            _ => None,
        }
    }

    fn json(&self, books: &Books, values: Vec<String>) -> Value {
        match self {
            Self::Dimension(_) => {
                let row = |value: String| {
                    let description = self.description(books, &value);
                    let attributes: BTreeMap<&str, &str> = description
                        .map(|name| ("description", name))
                        .into_iter()
                        .collect();
                    json!({"Value": value, "Attributes": attributes})
                };
                json!({"DimensionValues": values.into_iter().map(row).collect::<Vec<_>>()})
            }
            Self::TagKeys | Self::Tag(_) => json!({"Tags": values}),
            Self::CategoryNames => json!({"CostCategoryNames": values}),
            Self::Category(name) => {
                json!({"CostCategoryNames": [name], "CostCategoryValues": values})
            }
        }
    }
}

/// The charges that a context is about.
enum Kinds {
    All,
    Reservations,
    Plans,
}

impl Kinds {
    fn read(context: Option<&str>) -> Result<Self, AwsError> {
        let words = ["COST_AND_USAGE", "RESERVATIONS", "SAVINGS_PLANS"];
        let context = context.unwrap_or(words[0]);
        Ok(match reading::one_of(context, "context", &words)? {
            "RESERVATIONS" => Self::Reservations,
            "SAVINGS_PLANS" => Self::Plans,
            _ => Self::All,
        })
    }

    fn takes(&self, line: &Line) -> bool {
        match self {
            Self::All => true,
            Self::Reservations => {
                matches!(line.plan.kind, Kind::ReservedUsage | Kind::ReservedFee)
            }
            Self::Plans => matches!(
                line.plan.kind,
                Kind::PlanCovered | Kind::PlanFee | Kind::PlanNegation | Kind::PlanUpfront
            ),
        }
    }
}

/// By which metric values are sorted.
struct Sorted {
    metric: Metric,
    descending: bool,
}

impl Sorted {
    fn read(sort: wire::Sort) -> Result<Self, AwsError> {
        let key = sort.key.unwrap_or_default();
        let metric = Metric::parse(&key).ok_or_else(|| {
            // The text is our own; AWS's is not publicly known.
            let valid = Metric::ALL.map(Metric::name).join(", ");
            AwsError::validation(format!(
                "SortBy key {key} is invalid. Valid values are {valid}"
            ))
        })?;
        let order = sort.sort_order.as_deref().unwrap_or("ASCENDING");
        let order = reading::one_of(order, "sortBy.sortOrder", &["ASCENDING", "DESCENDING"])?;
        Ok(Self {
            metric,
            descending: order == "DESCENDING",
        })
    }
}

/// The values that lines with charges have, and the totals of one metric.
fn sums<'a>(
    books: &'a Books,
    days: &Range<NaiveDate>,
    today: NaiveDate,
    metric: Metric,
    takes: impl Fn(&Line) -> bool,
    values: impl Fn(&'a Line) -> Vec<&'a str>,
) -> BTreeMap<String, i128> {
    let taken: Vec<bool> = books.lines().iter().map(takes).collect();
    let mut of_lines: BTreeMap<u32, i128> = BTreeMap::new();
    for day in days.start.iter_days().take_while(|day| *day < days.end) {
        for item in books.day(day, today).iter() {
            if taken[item.line as usize] {
                *of_lines.entry(item.line).or_default() +=
                    i128::from(item.amounts[metric as usize]);
            }
        }
    }
    let mut sums = BTreeMap::new();
    for (line, sum) in of_lines {
        for value in values(&books.lines()[line as usize])
            .into_iter()
            .collect::<BTreeSet<_>>()
        {
            *sums.entry(value.to_owned()).or_default() += sum;
        }
    }
    sums
}
