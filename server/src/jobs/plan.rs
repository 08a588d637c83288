//! Which questions to ask AWS. Pure: what is known and what day it is come in.
//!
//! A request carries any range of days for the same price, so a refresh asks once for
//! each cube, for everything that isn't settled. A first sync asks in several questions, because
//! nothing of a question is stored until all its pages have come.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, NaiveDate};
use domain::{
    cube::{Cube, Question},
    period::Period,
};

use crate::services::overview::KnownDay;

/// How many months one question of a first sync covers, after the first.
const MONTHS_A_QUESTION: usize = 3;
/// The newest months are asked first and alone: they are what people look at.
const NEWEST_MONTHS: usize = 2;
/// AWS keeps correcting a day for about this many days, whatever it calls it.
const SETTLING_DAYS: i64 = 3;
/// Until this day of the month, the month before is asked for with every refresh.
const LAST_DAY_OF_CORRECTIONS: u32 = 10;
/// After that, as often as this until AWS has closed it; and this long, a day that AWS
/// left out of an answer isn't asked for by itself.
const PATIENCE_DAYS: i64 = 7;

/// Before a question's own text.
pub const ASKED: &str = "asked:";

/// What a job asks for.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Part {
    /// Daily costs of a cube that is kept.
    Cube(Cube),
    /// Daily costs by what a person asked for.
    Asked(Box<Question>),
    /// Totals of months, as far back as AWS gives them.
    Months,
    /// What this month is expected to cost. The last one: what is known has come by then.
    Forecast,
}

impl Part {
    /// What a person asks for, in the one form that it is known by.
    #[must_use]
    pub fn asked(question: &Question) -> Self {
        Self::Asked(Box::new(question.canonical()))
    }

    /// The stored name.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Cube(cube) => cube.as_str().to_owned(),
            // A question is words and lists: it always has a text.
            Self::Asked(question) => {
                format!(
                    "{ASKED}{}",
                    serde_json::to_string(question).unwrap_or_default()
                )
            }
            Self::Months => "months".to_owned(),
            Self::Forecast => "forecast".to_owned(),
        }
    }

    /// The part with this stored name.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        match text {
            "months" => return Some(Self::Months),
            "forecast" => return Some(Self::Forecast),
            _ => {}
        }
        if let Some(json) = text.strip_prefix(ASKED) {
            return serde_json::from_str(json).ok().map(Self::Asked);
        }
        let cube = Cube::ALL.into_iter().find(|cube| cube.as_str() == text);
        cube.map(Self::Cube)
    }

    /// What people call it.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Cube(cube) => {
                let [_, second] = cube.dimensions();
                format!("By {}", second.label().to_lowercase())
            }
            Self::Asked(question) => question.label(),
            Self::Months => "Months".to_owned(),
            Self::Forecast => "Forecast".to_owned(),
        }
    }
}

/// One question.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Step {
    /// For what.
    pub part: Part,
    /// Which days.
    pub period: Period,
    /// Asked only where the main cube's answer, which comes before, has news.
    pub only_after_news: bool,
}

/// Why costs are asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Occasion {
    /// A person wants to know: whatever AWS may still change is asked for.
    Asked,
    /// The day's upkeep: a month that AWS is slow to close waits for its week.
    Daily,
    /// Once more on the same day: the other cubes only where the main one has news.
    Again,
}

/// What a job asks for beside daily costs.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Extras {
    /// AWS has given no months' totals yet.
    pub months: bool,
    /// AWS hasn't been asked today where this month ends.
    pub forecast: bool,
}

impl Extras {
    /// What a job on this occasion asks. The day's upkeep stays within its requests: on the one
    /// day on which it asks for months, yesterday's forecast or our own has to do.
    #[must_use]
    pub fn of(occasion: Occasion, months: bool, forecast: bool) -> Self {
        let gives_way = months && occasion == Occasion::Daily;
        Self {
            months,
            forecast: forecast && occasion != Occasion::Again && !gives_way,
        }
    }
}

/// Whether months' totals are to be asked for: once. Where AWS gave none, a person's refresh asks
/// again now and then, because multi-year history can be switched on later.
#[must_use]
pub fn wants_months(
    today: NaiveDate,
    occasion: Occasion,
    answered_on: Option<NaiveDate>,
    any_stored: bool,
) -> bool {
    match (answered_on, occasion) {
        (None, _) => occasion != Occasion::Again,
        (Some(on), Occasion::Asked) => {
            !any_stored && (today - on).num_days() >= DAYS_BETWEEN_MONTHS
        }
        (Some(_), _) => false,
    }
}

/// So long after AWS gave no totals of months, a person's refresh asks for them again.
const DAYS_BETWEEN_MONTHS: i64 = 31;
/// AWS gives totals of three years and this one's months, where that is switched on.
const MONTHS_BACK: u32 = 37;

/// The questions beside daily costs, after all others.
#[must_use]
pub fn extra_steps(today: NaiveDate, extras: Extras) -> Vec<Step> {
    let step = |part, period| Step {
        part,
        period,
        only_after_news: false,
    };
    let this_month = Period::month_of(today);
    let back = Period::months_to_date(today, MONTHS_BACK + 1).start();
    let months = Period::new(back, this_month.start()).ok();
    let rest = Period::new(today, this_month.end()).ok();
    let months = months.filter(|_| extras.months);
    let rest = rest.filter(|_| extras.forecast);
    let months = months.map(|period| step(Part::Months, period));
    months
        .into_iter()
        .chain(rest.map(|period| step(Part::Forecast, period)))
        .collect()
}

/// What is known about one cube's days.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Stored days.
    pub days: HashMap<NaiveDate, KnownDay>,
    /// Questions that were answered lately, and on which day.
    pub answered: Vec<(Period, NaiveDate)>,
    /// Days that came a moment ago, before an interruption: they count as settled.
    pub just_come: HashSet<NaiveDate>,
}

/// The questions of a job, in their order: the newest months of every cube, then the older
/// ones. Of `histories`, the first is the main cube's.
#[must_use]
pub fn steps(today: NaiveDate, occasion: Occasion, histories: &[(Cube, History)]) -> Vec<Step> {
    let mut steps: Vec<(usize, Step)> = Vec::new();
    for (place, (cube, history)) in histories.iter().enumerate() {
        let asked = history.questions(today, occasion);
        steps.extend(asked.into_iter().enumerate().map(|(turn, period)| {
            let step = Step {
                part: Part::Cube(*cube),
                period,
                only_after_news: occasion == Occasion::Again && place > 0,
            };
            (turn, step)
        }));
    }
    // Stable: within a turn, the cubes keep their order.
    steps.sort_by_key(|(turn, _)| *turn);
    steps.into_iter().map(|(_, step)| step).collect()
}

/// The one question for what a person asked for: from the first day that AWS may still change,
/// or that has never come, until today. Any range of days has the same price, so it is never
/// cut. `None` when it came a moment ago.
#[must_use]
pub fn asked_step(today: NaiveDate, question: &Question, history: &History) -> Option<Step> {
    let kept = Period::kept(today);
    let first = kept.days().find(|day| match history.days.get(day) {
        Some(_) if history.just_come.contains(day) => false,
        Some(known) => is_due(*day, known, today, Occasion::Asked),
        None => !history.was_left_out(*day, today),
    })?;
    Some(Step {
        part: Part::asked(question),
        period: Period::new(first, kept.end()).ok()?,
        only_after_news: false,
    })
}

impl History {
    /// One question for what isn't settled and for the days that have come since; where days
    /// before that have never come, more for those. The newest first.
    fn questions(&self, today: NaiveDate, occasion: Occasion) -> Vec<Period> {
        let kept = Period::kept(today);
        let fresh = self.unsettled(kept, today, occasion);
        let missing = |day: &NaiveDate| {
            !self.days.contains_key(day)
                && fresh.is_none_or(|fresh| *day < fresh.start())
                && !self.was_left_out(*day, today)
        };
        let months = kept.by_month();
        let (older, newest) = months.split_at(months.len().saturating_sub(NEWEST_MONTHS));
        let mut chunks = vec![newest];
        chunks.extend(older.rchunks(MONTHS_A_QUESTION));
        let gaps = chunks.into_iter().filter_map(|chunk| trim(chunk, missing));
        fresh.into_iter().chain(gaps).collect()
    }

    /// From the first day that AWS may still change, or that came after the last known one,
    /// until today; `None` where nothing is known or all is settled.
    fn unsettled(&self, kept: Period, today: NaiveDate, occasion: Occasion) -> Option<Period> {
        let known = self.days.keys().filter(|day| kept.contains(**day));
        let newest = known.max().copied()?;
        let first = kept.days().find(|day| match self.days.get(day) {
            Some(_) if self.just_come.contains(day) => false,
            Some(known) => is_due(*day, known, today, occasion),
            None => *day > newest,
        })?;
        Period::new(first, kept.end()).ok()
    }

    /// Whether AWS was asked for the day not long ago, when it should have been there.
    fn was_left_out(&self, day: NaiveDate, today: NaiveDate) -> bool {
        self.answered.iter().any(|(period, asked_on)| {
            period.contains(day)
                && (*asked_on - day).num_days() >= SETTLING_DAYS
                && (today - *asked_on).num_days() < PATIENCE_DAYS
        })
    }
}

/// From the first to the last day that is wanted, if any is.
fn trim(months: &[Period], wanted: impl Fn(&NaiveDate) -> bool) -> Option<Period> {
    let mut days = months.iter().flat_map(Period::days).filter(wanted);
    let first = days.next()?;
    let last = days.last().unwrap_or(first);
    Period::new(first, last.succ_opt()?).ok()
}

/// Whether AWS isn't expected to change the day any more.
#[must_use]
pub fn is_settled(day: NaiveDate, known: &KnownDay) -> bool {
    !known.estimated && is_grown(day, known)
}

/// Whether the day was old enough to be whole when AWS was asked.
fn is_grown(day: NaiveDate, known: &KnownDay) -> bool {
    (known.asked_on - day).num_days() >= SETTLING_DAYS
}

fn is_due(day: NaiveDate, known: &KnownDay, today: NaiveDate, occasion: Occasion) -> bool {
    if !is_grown(day, known) {
        return true;
    }
    if today.day() <= LAST_DAY_OF_CORRECTIONS && Period::last_month(today).contains(day) {
        return true;
    }
    let waits = occasion != Occasion::Asked && !Period::month_of(today).contains(day);
    known.estimated && (!waits || (today - known.asked_on).num_days() >= PATIENCE_DAYS)
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
