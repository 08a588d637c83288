//! Forecasts of this month's end: AWS's, kept for a day, or our own; and how past ones did.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use domain::{
    Result,
    account::ConnectionId,
    expected::{Ahead, Forecast, MonthScores, Summary, WhyOwn},
    forecast::CostForecast,
    look::Look,
    metric::Metric,
    money::{Currency, MoneyError, Nanos},
    outlook::{MonthEnd, Outlook, Scored, Source},
    period::Period,
    report::DayState,
};

use super::{
    clock::Clock,
    internal,
    overview::{KnownDay, Stored},
};
use crate::{
    jobs::plan::Part,
    store::{Store, forecasts::StoredForecast},
};

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

/// The days of a period, added up over everything that counts.
pub struct Days {
    currency: Currency,
    totals: BTreeMap<NaiveDate, Nanos>,
    known: BTreeMap<NaiveDate, KnownDay>,
}

impl Days {
    /// Of what the Overview is made of.
    ///
    /// # Errors
    /// When a sum doesn't fit.
    pub fn of(stored: &Stored) -> std::result::Result<Self, MoneyError> {
        Ok(Self {
            currency: stored.currency,
            totals: stored.daily_totals()?,
            known: stored
                .days
                .iter()
                .map(|(day, known)| (*day, *known))
                .collect(),
        })
    }

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
        let days = self.days(id, look_back(today), Look::default()).await?;
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

    /// Whether AWS has been asked today: what it said is kept, or that it had none to give.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn is_asked(&self, id: ConnectionId, today: NaiveDate) -> Result<bool> {
        let latest = self.latest(id, Source::Aws).await?;
        if latest.is_some_and(|latest| latest.made_on >= today) {
            return Ok(true);
        }
        let answered_on = self.store.jobs().last_answered(id, &Part::Forecast).await;
        let answered_on = answered_on.map_err(|error| internal("reading a job", &error))?;
        Ok(answered_on.is_some_and(|on| on >= today))
    }

    /// Everything on the Forecast page.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn page(&self, id: ConnectionId, look: Look) -> Result<Forecast> {
        let today = self.clock.today();
        let days = self.days(id, look_back(today), look).await?;
        let ahead = match &days {
            Some(days) => self.ahead(id, look, days).await?,
            None => None,
        };
        let scores = self.scores(id, today, look).await?;
        let all = || scores.iter().flat_map(|month| &month.scored);
        let summary = Source::ALL
            .into_iter()
            .filter_map(|source| Summary::of(source, all()))
            .collect();
        Ok(Forecast {
            connection: id,
            today,
            look,
            ahead,
            currency: days.map_or(Currency::USD, |days| days.currency),
            scores,
            summary,
        })
    }

    /// Where this month will end, with AWS's forecast where there is one of today or
    /// yesterday, else with our own. `days` have to reach back some months.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn ahead(&self, id: ConnectionId, look: Look, days: &Days) -> Result<Option<Ahead>> {
        let today = self.clock.today();
        let from_aws = match look.is_usual() {
            true => self.latest(id, Source::Aws).await?,
            false => None,
        };
        let from_aws = from_aws
            .filter(|kept| kept.currency == days.currency)
            .and_then(|kept| Some((from_today(&kept, today)?, kept.made_at)));
        let (outlook, asked_at) = match from_aws {
            Some((outlook, asked_at)) => (Some(outlook), Some(asked_at)),
            None => (own(days, today)?, None),
        };
        let Some(outlook) = outlook else {
            return Ok(None);
        };
        let month_end = month_end(days, today, &outlook)?;
        Ok(month_end.map(|month_end| Ahead {
            currency: days.currency,
            month_end,
            days: outlook.days,
            asked_at,
            why_own: match asked_at {
                Some(_) => None,
                None if look.is_usual() => Some(WhyOwn::NoneFromAws),
                None if look.view.includes_everything() => Some(WhyOwn::OtherMetric),
                None => Some(WhyOwn::OtherCharges),
            },
        }))
    }

    /// Our own forecast of several connections together.
    ///
    /// # Errors
    /// When a sum doesn't fit.
    pub fn together(&self, days: &Days) -> Result<Option<Ahead>> {
        let today = self.clock.today();
        let Some(outlook) = own(days, today)? else {
            return Ok(None);
        };
        let month_end = month_end(days, today, &outlook)?;
        Ok(month_end.map(|month_end| Ahead {
            currency: days.currency,
            month_end,
            days: outlook.days,
            asked_at: None,
            why_own: Some(WhyOwn::Together),
        }))
    }

    async fn scores(
        &self,
        id: ConnectionId,
        today: NaiveDate,
        look: Look,
    ) -> Result<Vec<MonthScores>> {
        // What is kept was made for this one.
        if !look.is_usual() {
            return Ok(Vec::new());
        }
        let this_month = Period::month_of(today).start();
        let back = Period::months_to_date(today, MONTHS_SCORED + 1);
        let Ok(over) = Period::new(back.start(), this_month) else {
            return Ok(Vec::new());
        };
        let made = self.store.forecasts();
        let made = made.made_in(id, FORECAST_METRIC, over).await;
        let made = made.map_err(|error| internal("reading forecasts", &error))?;
        if made.is_empty() {
            return Ok(Vec::new());
        }
        let Some(days) = self.days(id, over, look).await? else {
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

    async fn latest(&self, id: ConnectionId, source: Source) -> Result<Option<StoredForecast>> {
        let forecasts = self.store.forecasts();
        let latest = forecasts.latest(id, FORECAST_METRIC, source).await;
        latest.map_err(|error| internal("reading a forecast", &error))
    }

    /// `None` when nothing is stored, or nothing that can be added up: currencies never are.
    async fn days(&self, id: ConnectionId, period: Period, look: Look) -> Result<Option<Days>> {
        let costs = self.store.costs();
        let slices = costs.slices(id, &look.cube().question(), period).await;
        let slices = slices.map_err(|error| internal("reading stored days", &error))?;
        let totals = costs.daily_totals(id, look, period).await;
        let totals = totals.map_err(|error| internal("reading stored costs", &error))?;
        let currency = totals.first().map_or(Currency::USD, |one| one.currency);
        if slices.is_empty() || totals.iter().any(|one| one.currency != currency) {
            return Ok(None);
        }
        Ok(Some(Days {
            currency,
            totals: totals.iter().map(|one| (one.day, one.amount)).collect(),
            known: slices.iter().map(KnownDay::of).collect(),
        }))
    }
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
