//! What a person wants to see costs broken down by, as an address says it, and what
//! that means on a day.

use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

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
/// More values than this aren't typed by anyone.
const MOST_VALUES: usize = 200;
/// Lines of the table where the address names no number.
const USUAL_LINES: u32 = 20;
/// Nobody reads wider tables.
const MOST_COLUMNS: usize = 92;
/// A period that touches more days than this is shown by months.
const DAYS_IN_COLUMNS: usize = 45;

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
    /// A metric's slug.
    pub metric: String,
    /// A view's slug.
    pub view: String,
    /// `days`, `months` or `total`.
    pub columns: String,
    /// How many groups have a line of their own.
    pub lines: String,
    /// The first key to group by, e.g. `SERVICE` or `TAG:Team`.
    pub by: String,
    /// The second one.
    pub then: String,
    /// The key to filter by.
    pub only: String,
    /// `not` leaves the values out.
    pub how: String,
    /// The values, one on each line.
    pub values: String,
}

/// A period's name in addresses.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Span {
    /// This month so far.
    #[default]
    ThisMonth,
    /// The month before.
    LastMonth,
    /// So many months, this one included.
    Months(u32),
    /// From one day to another.
    Days,
}

impl Span {
    /// All that are offered.
    pub const ALL: [Self; 6] = [
        Self::ThisMonth,
        Self::LastMonth,
        Self::Months(3),
        Self::Months(6),
        Self::Months(14),
        Self::Days,
    ];

    /// The name in addresses.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::ThisMonth => "this-month",
            Self::LastMonth => "last-month",
            Self::Months(..=3) => "3-months",
            Self::Months(4..=6) => "6-months",
            Self::Months(_) => "14-months",
            Self::Days => "days",
        }
    }

    /// The name for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::ThisMonth => "This month",
            Self::LastMonth => "Last month",
            Self::Months(..=3) => "Last 3 months",
            Self::Months(4..=6) => "Last 6 months",
            Self::Months(_) => "13 months and this one",
            Self::Days => "From … to …",
        }
    }
}

impl FromStr for Span {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|span| span.slug() == text);
        found.ok_or_else(|| {
            Error::invalid(
                "period",
                "There is no such period.",
                "Choose one of those that the page offers.",
            )
        })
    }
}

/// What is wanted.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Wanted {
    /// The days.
    pub period: Period,
    /// What a column is.
    pub step: Step,
    /// How to count, before the view has its say.
    pub metric: Metric,
    /// Which charges count.
    pub view: View,
    /// Two at most.
    pub group_by: Vec<GroupKey>,
    /// The person's own filter.
    pub filter: Option<Filter>,
    /// Lines of the table.
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
    /// What it means on a day.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with the field that says something else than it may.
    pub fn read(&self, today: NaiveDate) -> Result<Wanted, Error> {
        let period = self.read_period(today)?;
        let mut group_by = Vec::new();
        for (field, text) in [("by", &self.by), ("then", &self.then)] {
            if let Some(key) = read_key(field, text)?
                && !group_by.contains(&key)
            {
                group_by.push(key);
            }
        }
        let lines = match self.lines.trim() {
            "" => USUAL_LINES,
            text => (text.parse().ok())
                .filter(|lines| (1..=500).contains(lines))
                .ok_or_else(|| {
                    Error::invalid(
                        "lines",
                        "The table has from 1 to 500 lines.",
                        "Write a number.",
                    )
                })?,
        };
        Ok(Wanted {
            period,
            step: self.read_step(period)?,
            metric: one_of("metric", &self.metric)?,
            view: one_of("view", &self.view)?,
            group_by,
            filter: self.read_filter()?,
            lines,
        })
    }

    /// The period's name; the usual one where there is none.
    #[must_use]
    pub fn span(&self) -> Span {
        self.period.parse().unwrap_or_default()
    }

    fn read_period(&self, today: NaiveDate) -> Result<Period, Error> {
        let span = match self.period.is_empty() {
            true => Span::default(),
            false => self.period.parse()?,
        };
        Ok(match span {
            Span::ThisMonth => Period::month_to_date(today),
            Span::LastMonth => Period::last_month(today),
            Span::Months(months) => Period::months_to_date(today, months),
            Span::Days => {
                let (from, to) = (read_day("from", &self.from)?, read_day("to", &self.to)?);
                let to = to.min(today);
                (to.succ_opt())
                    .and_then(|end| Period::new(from, end).ok())
                    .filter(|period| period.len() <= 1_200)
                    .ok_or_else(|| {
                        Error::invalid(
                            "from",
                            "The period has to end after it starts, and be no longer than three years.",
                            "Choose a first day that isn't after the last one, and not after today.",
                        )
                    })?
            }
        })
    }

    fn read_step(&self, period: Period) -> Result<Step, Error> {
        match self.columns.as_str() {
            "" if period.len() > DAYS_IN_COLUMNS => Ok(Step::Monthly),
            "days" if period.len() > MOST_COLUMNS => Err(Error::invalid(
                "columns",
                format!("A table has at most {MOST_COLUMNS} days for columns."),
                "Choose months for columns, or a shorter period.",
            )),
            "" | "days" => Ok(Step::Daily),
            "months" => Ok(Step::Monthly),
            "total" => Ok(Step::Total),
            _ => Err(not_offered("columns")),
        }
    }

    /// The values that are filtered by, as AWS writes them.
    #[must_use]
    pub fn filter_values(&self) -> Vec<String> {
        let lines = self.values.lines().map(str::trim);
        let mut values: Vec<String> = lines
            .filter(|line| !line.is_empty())
            .map(|line| match line {
                NONE => String::new(),
                line => line.to_owned(),
            })
            .collect();
        values.sort_unstable();
        values.dedup();
        values
    }

    fn read_filter(&self) -> Result<Option<Filter>, Error> {
        let values = self.filter_values();
        let key = read_key("only", &self.only)?;
        let Some(key) = key.filter(|_| !values.is_empty()) else {
            return Ok(None);
        };
        if values.len() > MOST_VALUES {
            return Err(Error::invalid(
                "values",
                format!("A filter has at most {MOST_VALUES} values."),
                "Leave out what matters least, or group by it instead.",
            ));
        }
        let only = Filter::In { key, values };
        match self.how.as_str() {
            "" | "only" => Ok(Some(only)),
            "not" => Ok(Some(Filter::Not(Box::new(only)))),
            _ => Err(not_offered("how")),
        }
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

fn one_of<T: FromStr + Default>(field: &str, text: &str) -> Result<T, Error> {
    if text.is_empty() {
        return Ok(T::default());
    }
    text.parse().map_err(|_| not_offered(field))
}

fn not_offered(field: &str) -> Error {
    Error::invalid(
        field,
        "There is no such choice.",
        "Choose one of those that the page offers.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        "2026-11-24".parse().unwrap()
    }

    fn read(change: impl FnOnce(&mut Wish)) -> Result<Wanted, Error> {
        let mut wish = Wish::default();
        change(&mut wish);
        wish.read(today())
    }

    fn field(change: impl FnOnce(&mut Wish)) -> String {
        read(change).unwrap_err().field.unwrap()
    }

    #[test]
    fn nothing_said_is_this_month_in_total() {
        let wanted = read(|_| {}).unwrap();
        assert_eq!(wanted.period, Period::month_to_date(today()));
        assert_eq!((wanted.step, wanted.lines), (Step::Daily, 20));
        assert!(wanted.group_by.is_empty() && wanted.whole_filter().is_none());
    }

    #[test]
    fn periods_have_names_or_two_days() {
        let text =
            |change: &dyn Fn(&mut Wish)| read(|wish| change(wish)).unwrap().period.to_string();
        for (span, expected) in Span::ALL.into_iter().zip([
            "1–24 Nov 2026",
            "1–31 Oct 2026",
            "1 Sep – 24 Nov 2026",
            "1 Jun – 24 Nov 2026",
            "1 Oct 2025 – 24 Nov 2026",
        ]) {
            assert_eq!(text(&|wish| wish.period = span.slug().to_owned()), expected);
            assert_eq!(span.slug().parse(), Ok(span));
        }
        let days = |from: &str, to: &str| {
            let (from, to) = (from.to_owned(), to.to_owned());
            move |wish: &mut Wish| {
                wish.period = "days".to_owned();
                wish.from = from;
                wish.to = to;
            }
        };
        let some = read(days("2026-10-30", "2026-11-02")).unwrap();
        assert_eq!(some.period.to_string(), "30 Oct – 2 Nov 2026");
        let ahead = read(days("2026-11-20", "2027-01-01")).unwrap();
        assert_eq!(ahead.period.end(), Period::day(today()).end());
        assert_eq!(field(days("2026-11-20", "soon")), "to");
        assert_eq!(field(days("2026-11-20", "2026-11-19")), "from");
        assert_eq!(field(days("2027-11-20", "2027-11-21")), "from");
        assert_eq!(field(days("1026-11-20", "2026-11-21")), "from");
        assert_eq!(field(|wish| wish.period = "forever".to_owned()), "period");
    }

    #[test]
    fn long_periods_have_months_for_columns() {
        let step = |period: &str, columns: &str| {
            read(|wish| {
                wish.period = period.to_owned();
                wish.columns = columns.to_owned();
            })
            .map(|wanted| wanted.step)
        };
        assert_eq!(step("last-month", ""), Ok(Step::Daily));
        assert_eq!(step("3-months", ""), Ok(Step::Monthly));
        assert_eq!(step("3-months", "days"), Ok(Step::Daily));
        assert_eq!(step("3-months", "total"), Ok(Step::Total));
        assert!(step("14-months", "days").is_err());
        assert!(step("3-months", "hours").is_err());
    }

    #[test]
    fn keys_and_values_are_read() {
        let wanted = read(|wish| {
            wish.by = "TAG:Team".to_owned();
            wish.then = "REGION".to_owned();
            wish.only = "COST_CATEGORY:Product".to_owned();
            wish.how = "not".to_owned();
            wish.values = "Web\r\n\r\n (none) \nWeb".to_owned();
        })
        .unwrap();
        assert_eq!(
            wanted.group_by,
            [GroupKey::Tag("Team".to_owned()), Dimension::Region.into()]
        );
        let values = vec![String::new(), "Web".to_owned()];
        let key = GroupKey::CostCategory("Product".to_owned());
        let filter = Filter::Not(Box::new(Filter::In { key, values }));
        assert_eq!(wanted.filter, Some(filter.clone()));
        assert_eq!(wanted.whole_filter(), Some(filter));
        // The same key twice is one; a filter without values is none.
        let once = read(|wish| {
            wish.by = "REGION".to_owned();
            wish.then = "REGION".to_owned();
            wish.only = "REGION".to_owned();
        })
        .unwrap();
        assert_eq!((once.group_by.len(), once.filter), (1, None));
        for (change, name) in [
            (
                (|wish| wish.by = "REGIONS".to_owned()) as fn(&mut Wish),
                "by",
            ),
            (|wish| wish.then = "TAG:".to_owned(), "then"),
            (|wish| wish.only = "<b>".to_owned(), "only"),
            (|wish| wish.metric = "sum".to_owned(), "metric"),
            (|wish| wish.view = "mine".to_owned(), "view"),
            (|wish| wish.lines = "0".to_owned(), "lines"),
        ] {
            assert_eq!(field(change), name);
        }
    }

    #[test]
    fn what_we_used_leaves_kinds_of_charges_out() {
        let used = read(|wish| wish.view = "used".to_owned()).unwrap();
        let words = used.whole_filter().unwrap().words();
        assert_eq!(words, "charge type isn\u{2019}t Credit, Refund or Tax");
        let paid = read(|wish| wish.view = "paid".to_owned()).unwrap();
        assert_eq!(paid.counted(), Metric::NetUnblended);
        assert_eq!(paid.whole_filter(), None);
    }
}
