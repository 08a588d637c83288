//! What a person wants to see of their costs, as an address says it, and what that means
//! on a day.

mod compare;
mod drawn;
mod filters;
mod span;
#[cfg(test)]
mod tests;

use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use self::{
    compare::Compare,
    drawn::Drawn,
    filters::{FilterWish, MOST_FILTERS},
    span::Span,
};
use crate::{
    Error,
    charge::{Step as Charge, View},
    dimension::{Dimension, Filter, GroupKey},
    metric::Metric,
    period::Period,
    query::Step,
};

/// What a filter's empty value is written as: the costs have no such tag or category.
pub const NONE: &str = "(none)";
/// Lines of chart and table where the address names no number: as many as there are colours
/// that everybody can tell apart.
pub const USUAL_LINES: u32 = 8;
/// What can be chosen.
pub const LINES: [u32; 7] = [5, USUAL_LINES, 15, 50, 200, 1_000, 5_000];
/// A period of more days than this is cut into months, where nothing else is said.
const MOST_DAILY: usize = 93;

/// Everything as text, as it stands in the address; what is empty is as usual.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wish {
    /// One of [`Span`]'s names.
    pub period: String,
    /// The first day, where the period is `days`.
    pub from: String,
    /// The last day, where the period is `days`.
    pub to: String,
    /// One of [`Compare`]'s names.
    pub compare: String,
    /// The first day, where that is `days`.
    pub compare_from: String,
    /// The last day, where that is `days`.
    pub compare_to: String,
    /// `daily`, `weekly`, `monthly` or `total`.
    pub step: String,
    /// A metric's slug.
    pub metric: String,
    /// A view's slug.
    pub view: String,
    /// One of [`Drawn`]'s names.
    pub chart: String,
    /// How many groups have a line of their own.
    pub lines: String,
    /// The first key to group by, e.g. `SERVICE` or `TAG:Team`; [`NOTHING`] for none.
    pub by: String,
    /// The second one.
    pub then: String,
    /// What costs are kept in or left out by; all of it at once.
    pub filters: Vec<FilterWish>,
}

/// Stands for no grouping, where an empty text means the usual one.
pub const NOTHING: &str = "nothing";

/// What is wanted.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Wanted {
    /// The days.
    pub period: Period,
    /// The days to compare with.
    pub compare: Option<Period>,
    /// What the period is cut into.
    pub step: Step,
    /// How to count, before the view has its say.
    pub metric: Metric,
    /// Which charges count.
    pub view: View,
    /// How it is drawn.
    pub chart: Drawn,
    /// Two at most.
    pub group_by: Vec<GroupKey>,
    /// The person's own filter.
    pub filter: Option<Filter>,
    /// Lines of chart and table.
    pub lines: u32,
}

impl Wanted {
    /// The metric that is added up.
    #[must_use]
    pub const fn counted(&self) -> Metric {
        self.view.metric(self.metric)
    }

    /// The person's filter and the view's.
    #[must_use]
    pub fn whole_filter(&self) -> Option<Filter> {
        let both = self.filter.clone().into_iter().chain(left_out(self.view));
        Filter::all(both.collect())
    }
}

/// What a view leaves out, by kind of charge.
fn left_out(view: View) -> Option<Filter> {
    // Cost Explorer's names of the kinds whose step a view may leave out.
    let kinds = [
        (Charge::Credits, "Credit"),
        (Charge::Refunds, "Refund"),
        (Charge::Tax, "Tax"),
    ];
    let values: Vec<String> = (kinds.into_iter())
        .filter(|(step, _)| !view.includes(*step))
        .map(|(_, kind)| kind.to_owned())
        .collect();
    let key = Dimension::RecordType.into();
    (!values.is_empty()).then(|| Filter::Not(Box::new(Filter::In { key, values })))
}

impl Wish {
    /// What it means on a day, where `first` is the first day that is stored.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with the field that says something else than it may.
    pub fn read(&self, today: NaiveDate, first: Option<NaiveDate>) -> Result<Wanted, Error> {
        let span: Span = match self.period.is_empty() {
            true => Span::default(),
            false => self.period.parse()?,
        };
        let period = span.read(today, first, &self.from, &self.to)?;
        let compare: Compare = one_of(&self.compare)?;
        let metric = one_named("metric", &self.metric)?;
        let view = one_named("view", &self.view)?;
        let chart: Drawn = one_of(&self.chart)?;
        let step = match chart {
            // It has a place for each day.
            Drawn::Calendar => Step::Daily,
            _ => self.read_step(period)?,
        };
        Ok(Wanted {
            period,
            compare: compare.read(period, today, &self.compare_from, &self.compare_to)?,
            step,
            metric,
            view,
            chart,
            group_by: self.read_keys()?,
            filter: self.read_filter()?,
            lines: self.read_lines()?,
        })
    }

    /// The period's name; the usual one where there is none.
    #[must_use]
    pub fn span(&self) -> Span {
        self.period.parse().unwrap_or_default()
    }

    /// Whether what it means depends on the first day that is stored.
    #[must_use]
    pub fn reaches_back(&self) -> bool {
        self.span() == Span::Everything
    }

    fn read_keys(&self) -> Result<Vec<GroupKey>, Error> {
        let mut group_by = Vec::new();
        let by = match self.by.trim() {
            "" => Some(Dimension::Service.into()),
            NOTHING => None,
            text => read_key("by", text)?,
        };
        let then = match self.then.trim() {
            NOTHING => None,
            text => read_key("then", text)?,
        };
        for key in by.into_iter().chain(then) {
            if !group_by.contains(&key) {
                group_by.push(key);
            }
        }
        Ok(group_by)
    }

    fn read_lines(&self) -> Result<u32, Error> {
        let most = LINES.last().copied().unwrap_or(USUAL_LINES);
        match self.lines.trim() {
            "" => Ok(USUAL_LINES),
            text => (text.parse().ok())
                .filter(|lines| (1..=most).contains(lines))
                .ok_or_else(|| {
                    Error::invalid(
                        "lines",
                        format!("There are from 1 to {most} lines."),
                        "Write a number.",
                    )
                }),
        }
    }

    fn read_step(&self, period: Period) -> Result<Step, Error> {
        match self.step.as_str() {
            "" if period.len() > MOST_DAILY => Ok(Step::Monthly),
            "" | "daily" => Ok(Step::Daily),
            "weekly" => Ok(Step::Weekly),
            "monthly" => Ok(Step::Monthly),
            "total" => Ok(Step::Total),
            _ => Err(not_offered("step")),
        }
    }

    fn read_filter(&self) -> Result<Option<Filter>, Error> {
        if self.filters.len() > MOST_FILTERS {
            return Err(Error::invalid(
                "only",
                format!("There are at most {MOST_FILTERS} filters."),
                "Leave out what matters least.",
            ));
        }
        let mut all = Vec::new();
        for filter in &self.filters {
            all.extend(filter.read()?);
        }
        Ok(Filter::all(all))
    }
}

fn read_day(field: &str, text: &str) -> Result<NaiveDate, Error> {
    text.trim().parse().map_err(|_| {
        Error::invalid(
            field,
            "This isn't a day.",
            "Write year, month and day, like 2026-11-24.",
        )
    })
}

fn read_key(field: &str, text: &str) -> Result<Option<GroupKey>, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| {
        Error::invalid(
            field,
            "Costs can't be grouped or filtered by this.",
            "Choose a dimension; for a tag write its key, for a cost category its name.",
        )
    })
}

/// A choice whose error names its field by itself.
fn one_of<T: FromStr<Err = Error> + Default>(text: &str) -> Result<T, Error> {
    match text.is_empty() {
        true => Ok(T::default()),
        false => text.parse(),
    }
}

fn one_named<T: FromStr + Default>(field: &str, text: &str) -> Result<T, Error> {
    match text.is_empty() {
        true => Ok(T::default()),
        false => text.parse().map_err(|_| not_offered(field)),
    }
}

fn not_offered(field: &str) -> Error {
    Error::invalid(
        field,
        "There is no such choice.",
        "Choose one of those that the page offers.",
    )
}
