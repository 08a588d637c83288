//! Forecasts of this month's end: AWS's, kept for a day, or our own; and how past ones did.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use domain::{
    Result,
    account::ConnectionId,
    cube::Cube,
    expected::{Forecast, MonthScores, Summary, WhyOwn},
    forecast::CostForecast,
    grouped::Figures,
    metric::Metric,
    money::{Currency, Nanos},
    outlook::{MonthEnd, Outlook, Scored, Source},
    period::Period,
    query::{CubeChoice, ReportQuery, Step},
    report::DayState,
};

use super::{clock::Clock, internal, overview::KnownDay};
use crate::store::{Store, costs::Reported, forecasts::StoredForecast};

/// The metric that AWS is asked to forecast: each metric costs a request a day.
pub const FORECAST_METRIC: Metric = Metric::Unblended;
/// How many months before this one a forecast by weekday and trend looks at.
const MONTHS_OF_HISTORY: u32 = 3;
/// How many months that are over have their forecasts compared with what came.
const MONTHS_SCORED: u32 = 12;
/// Of a month's forecasts, those made on the first of these days or soon after are shown.
const SCORED_DAYS: [u32; 4] = [1, 8, 15, 22];

/// Makes forecasts out of stored days, and keeps them.
pub struct Outlooks {
    store: Store,
    clock: Clock,
}

/// The days of a period, added up over everything.
struct Days {
    currency: Currency,
    totals: BTreeMap<NaiveDate, Nanos>,
    known: BTreeMap<NaiveDate, KnownDay>,
}

impl Days {
    /// Those that AWS doesn't add to any more.
    fn complete(&self) -> BTreeMap<NaiveDate, Nanos> {
        let complete = |day: &NaiveDate| {
            let state = KnownDay::state(*day, self.known.get(day));
            matches!(state, DayState::Estimated | DayState::Final)
        };
        let known = self.known.keys().filter(|day| complete(day));
        known
            .map(|day| (*day, self.totals.get(day).copied().unwrap_or_default()))
            .collect()
    }

    /// The sum of a period's days; `None` when one of them isn't stored.
    fn sum(&self, period: Period) -> Result<Option<Nanos>> {
        if !period.days().all(|day| self.known.contains_key(&day)) {
            return Ok(None);
        }
        let totals = self.totals.range(period.start()..period.end());
        let sum = Nanos::sum(totals.map(|(_, total)| *total));
        sum.map(Some)
            .map_err(|error| internal("adding up stored days", &error))
    }

    /// What this month has cost before today.
    fn so_far(&self, today: NaiveDate) -> Result<Option<Nanos>> {
        match Period::new(Period::month_of(today).start(), today) {
            Ok(before) => self.sum(before),
            // On the first there is no day before.
            Err(_) => Ok(Some(Nanos::ZERO)),
        }
    }
}

impl Outlooks {
    /// Reads and keeps in this store.
    #[must_use]
    pub const fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// Keeps AWS's answer for today, and our own forecast beside it, so that both can be
    /// compared with what comes. `aws` is `None` where AWS had too little history.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn keep(
        &self,
        id: ConnectionId,
        today: NaiveDate,
        aws: Option<&CostForecast>,
    ) -> Result<()> {
        let days = self.days(id, look_back(today), FORECAST_METRIC).await?;
        let Some(days) = days else { return Ok(()) };
        let from_aws = match aws {
            Some(answer) if answer.currency == days.currency => {
                let outlook = Outlook::of_aws(answer.pieces.clone(), answer.level);
                Some(outlook.map_err(|error| internal("adding up a forecast", &error))?)
            }
            _ => None,
        };
        for outlook in [from_aws, own(&days, today)?].into_iter().flatten() {
            let Some(month_end) = month_end(&days, today, &outlook)? else {
                continue;
            };
            let kept = StoredForecast {
                connection: id,
                metric: FORECAST_METRIC,
                made_on: today,
                made_at: self.clock.now(),
                currency: days.currency,
                month_end,
                days: outlook.days,
            };
            let kept = self.store.forecasts().keep(&kept).await;
            kept.map_err(|error| internal("keeping a forecast", &error))?;
        }
        Ok(())
    }

    /// Whether AWS has been asked today.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn is_kept(&self, id: ConnectionId, today: NaiveDate) -> Result<bool> {
        let latest = self.latest(id, Source::Aws, FORECAST_METRIC).await?;
        Ok(latest.is_some_and(|latest| latest.made_on >= today))
    }

    /// Where this month will end, with AWS's forecast where there is one of today or
    /// yesterday, else with our own.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn month_end(&self, id: ConnectionId, metric: Metric) -> Result<Option<MonthEnd>> {
        Ok(self.now(id, metric).await?.and_then(|now| now.month_end))
    }

    /// Everything on the Forecast page.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn page(&self, id: ConnectionId, metric: Metric) -> Result<Forecast> {
        let today = self.clock.today();
        let now = self.now(id, metric).await?;
        let scores = self.scores(id, today, metric).await?;
        let all = || scores.iter().flat_map(|month| &month.scored);
        let summary = Source::ALL
            .into_iter()
            .filter_map(|source| Summary::of(source, all()))
            .collect();
        let now = now.unwrap_or(Now {
            currency: Currency::USD,
            month_end: None,
            outlook: None,
            asked_at: None,
        });
        let is_aws = now.asked_at.is_some();
        Ok(Forecast {
            connection: id,
            today,
            metric,
            currency: now.currency,
            month_end: now.month_end,
            days: now.outlook.map(|outlook| outlook.days).unwrap_or_default(),
            asked_at: now.asked_at,
            why_own: match metric {
                _ if is_aws => None,
                FORECAST_METRIC => Some(WhyOwn::NoneFromAws),
                _ => Some(WhyOwn::OtherMetric),
            },
            scores,
            summary,
        })
    }

    async fn now(&self, id: ConnectionId, metric: Metric) -> Result<Option<Now>> {
        let today = self.clock.today();
        let Some(days) = self.days(id, look_back(today), metric).await? else {
            return Ok(None);
        };
        let from_aws = self.latest(id, Source::Aws, metric).await?;
        let aws = from_aws.and_then(|kept| {
            let asked_at = kept.made_at;
            Some((from_today(&kept, today)?, asked_at))
        });
        let (outlook, asked_at) = match aws {
            Some((outlook, asked_at)) => (Some(outlook), Some(asked_at)),
            None => (own(&days, today)?, None),
        };
        let month_end = match &outlook {
            Some(outlook) => month_end(&days, today, outlook)?,
            None => None,
        };
        Ok(Some(Now {
            currency: days.currency,
            month_end,
            outlook,
            asked_at,
        }))
    }

    async fn scores(
        &self,
        id: ConnectionId,
        today: NaiveDate,
        metric: Metric,
    ) -> Result<Vec<MonthScores>> {
        let this_month = Period::month_of(today).start();
        let back = Period::months_to_date(today, MONTHS_SCORED + 1);
        let Ok(over) = Period::new(back.start(), this_month) else {
            return Ok(Vec::new());
        };
        let made = self.store.forecasts().made_in(id, metric, over).await;
        let made = made.map_err(|error| internal("reading forecasts", &error))?;
        if made.is_empty() {
            return Ok(Vec::new());
        }
        let Some(days) = self.days(id, over, metric).await? else {
            return Ok(Vec::new());
        };
        let mut months = over.by_month();
        months.reverse();
        let mut scores = Vec::new();
        for month in months {
            // A month with a missing day came to nobody knows what.
            let Some(actual) = days.sum(month)? else {
                continue;
            };
            let of_month: Vec<&StoredForecast> = made
                .iter()
                .filter(|one| one.month_end.month == month && one.currency == days.currency)
                .collect();
            let scored: Vec<Scored> = some_of(&of_month)
                .map(|one| Scored::of(one.made_on, one.month_end, actual))
                .collect();
            if !scored.is_empty() {
                scores.push(MonthScores {
                    month,
                    actual,
                    scored,
                });
            }
        }
        Ok(scores)
    }

    async fn latest(
        &self,
        id: ConnectionId,
        source: Source,
        metric: Metric,
    ) -> Result<Option<StoredForecast>> {
        let latest = self.store.forecasts().latest(id, metric, source).await;
        latest.map_err(|error| internal("reading a forecast", &error))
    }

    /// `None` when nothing is stored, or nothing that can be added up: currencies never are.
    async fn days(&self, id: ConnectionId, period: Period, metric: Metric) -> Result<Option<Days>> {
        let cube = Cube::ServiceAccount.question();
        let query = ReportQuery {
            connections: vec![id],
            cube: CubeChoice::This(cube.clone()),
            period,
            step: Step::Daily,
            group_by: Vec::new(),
            metric,
            filter: None,
            top: None,
        };
        let costs = self.store.costs();
        let reported = costs.report(&query).await;
        let reported = reported.map_err(|error| internal("reading stored costs", &error))?;
        let slices = costs.slices(id, &cube, period).await;
        let slices = slices.map_err(|error| internal("reading stored days", &error))?;
        let Reported::Known(report) = reported else {
            return Ok(None);
        };
        let Figures::Money(mut tables) = report.figures else {
            return Ok(None);
        };
        if slices.is_empty() || tables.len() > 1 {
            return Ok(None);
        }
        let table = tables.pop();
        let currency = table.as_ref().map_or(Currency::USD, |table| table.unit);
        let values = table.map(|table| table.values).unwrap_or_default();
        let starts = report.pieces.iter().map(Period::start);
        Ok(Some(Days {
            currency,
            totals: starts.zip(values).collect(),
            known: slices
                .iter()
                .map(|slice| {
                    let known = KnownDay {
                        estimated: slice.estimated,
                        asked_on: slice.asked_on,
                    };
                    (slice.day, known)
                })
                .collect(),
        }))
    }
}

/// What is forecast now.
struct Now {
    currency: Currency,
    month_end: Option<MonthEnd>,
    outlook: Option<Outlook>,
    asked_at: Option<chrono::DateTime<chrono::Utc>>,
}

fn look_back(today: NaiveDate) -> Period {
    Period::months_to_date(today, MONTHS_OF_HISTORY)
}

fn own(days: &Days, today: NaiveDate) -> Result<Option<Outlook>> {
    let rest = Period::new(today, Period::month_of(today).end());
    let Ok(rest) = rest else { return Ok(None) };
    Outlook::own(&days.complete(), rest).map_err(|error| internal("making a forecast", &error))
}

fn month_end(days: &Days, today: NaiveDate, outlook: &Outlook) -> Result<Option<MonthEnd>> {
    match days.so_far(today)? {
        Some(known) => MonthEnd::of(today, known, outlook)
            .map_err(|error| internal("adding a forecast to what is known", &error)),
        None => Ok(None),
    }
}

/// What is left of AWS's forecast from today on. Yesterday's still counts until today's is
/// there; an older one is out of date.
fn from_today(kept: &StoredForecast, today: NaiveDate) -> Option<Outlook> {
    if (today - kept.made_on).num_days() > 1 {
        return None;
    }
    let days: Vec<_> = kept
        .days
        .iter()
        .filter(|day| day.period.start() >= today)
        .copied()
        .collect();
    let wanted = Period::month_of(today).days().filter(|day| *day >= today);
    wanted
        .eq(days.iter().map(|day| day.period.start()))
        .then(|| Outlook::of_aws(days, kept.month_end.level).ok())
        .flatten()
}

/// The first forecasts of each source on or after the days that are shown.
fn some_of<'a>(made: &[&'a StoredForecast]) -> impl Iterator<Item = &'a StoredForecast> {
    let mut picked: Vec<&StoredForecast> = Vec::new();
    for source in Source::ALL {
        for (place, first) in SCORED_DAYS.into_iter().enumerate() {
            let before = SCORED_DAYS.get(place + 1).copied().unwrap_or(32);
            let found = made.iter().find(|one| {
                let day = one.made_on.day();
                one.month_end.source == source && first <= day && day < before
            });
            picked.extend(found);
        }
    }
    picked.sort_by_key(|one| one.made_on);
    picked.into_iter()
}
