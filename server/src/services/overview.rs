//! Makes the Overview out of stored days: pure arithmetic, no store, no clock.

use std::collections::{BTreeMap, HashMap, btree_map::Entry};

use chrono::NaiveDate;
use domain::{
    history::{MonthSource, MonthTotal},
    money::{Currency, Money, MoneyError, Nanos},
    period::Period,
    report::{
        Change, DailyChart, Day, DayState, Figure, Glance, Moved, NotCompared, SameDays, Series,
    },
};

use crate::store::costs::SliceInfo;

/// How many services have a series of their own.
const TOP: usize = 8;
/// How many of the services that changed are named.
const MOVED: usize = 3;
/// How many months stand side by side, this one included: the same one a year ago among them.
pub const MONTHS: u32 = 13;
/// How many months the chart covers, this one included.
pub const CHART_MONTHS: u32 = 6;

/// A stored day, as far as its state matters.
#[derive(Clone, Copy, Debug)]
pub struct KnownDay {
    /// Whether AWS called it an estimate.
    pub estimated: bool,
    /// What day it was when AWS was asked.
    pub asked_on: NaiveDate,
}

/// Whether AWS added nothing more to a day when it was asked: it delivers usage
/// until about a day after the day ended.
#[must_use]
pub fn is_finished(day: NaiveDate, asked_on: NaiveDate) -> bool {
    (asked_on - day).num_days() > 1
}

impl KnownDay {
    /// A stored day, and what is known about it.
    #[must_use]
    pub const fn of(slice: &SliceInfo) -> (NaiveDate, Self) {
        let known = Self {
            estimated: slice.estimated,
            asked_on: slice.asked_on,
        };
        (slice.day, known)
    }

    /// How final a day is, of which this much is known.
    #[must_use]
    pub fn state(day: NaiveDate, known: Option<&Self>) -> DayState {
        match known {
            None => DayState::Missing,
            Some(known) if !is_finished(day, known.asked_on) => DayState::Unfinished,
            Some(known) if known.estimated => DayState::Estimated,
            Some(_) => DayState::Final,
        }
    }
}

/// One service's cost on one day.
#[derive(Clone, Debug)]
pub struct ServiceCost {
    /// The UTC day.
    pub day: NaiveDate,
    /// As AWS writes it.
    pub service: String,
    /// In the currency of the whole.
    pub amount: Nanos,
}

/// Stored days and costs of the chart's period.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Of every amount.
    pub currency: Currency,
    /// The days that are stored.
    pub days: HashMap<NaiveDate, KnownDay>,
    /// Their costs; each day and service once.
    pub costs: Vec<ServiceCost>,
}

impl Stored {
    /// Several added up, in the currency of all of them. A day is known where all have it,
    /// and no more finished than in the one that was asked first.
    #[must_use]
    pub fn together(all: &[Self], currency: Currency) -> Self {
        let mut days: HashMap<NaiveDate, (usize, KnownDay)> = HashMap::new();
        for (day, known) in all.iter().flat_map(|one| &one.days) {
            days.entry(*day)
                .and_modify(|(count, both)| {
                    *count += 1;
                    both.estimated |= known.estimated;
                    both.asked_on = both.asked_on.min(known.asked_on);
                })
                .or_insert((1, *known));
        }
        let everywhere = days
            .into_iter()
            .filter(|(_, (count, _))| *count == all.len());
        Self {
            currency,
            days: everywhere.map(|(day, (_, known))| (day, known)).collect(),
            costs: all
                .iter()
                .flat_map(|one| one.costs.iter().cloned())
                .collect(),
        }
    }

    /// What one stretch of days came to.
    ///
    /// # Errors
    /// When a sum is too large to be exact.
    pub fn sum(&self, period: Period) -> Result<Figure, MoneyError> {
        self.figure(period, &self.daily_totals()?)
    }

    /// Everything for a day but the forecast and the totals of months.
    ///
    /// # Errors
    /// When a sum is too large to be exact.
    pub fn glance(&self, today: NaiveDate) -> Result<Glance, MoneyError> {
        let totals = self.daily_totals()?;
        let figure = |period: Period| self.figure(period, &totals);
        Ok(Glance {
            month_to_date: figure(Period::month_to_date(today))?,
            last_month: figure(Period::last_month(today))?,
            same_days: self.same_days(today, &totals)?,
            ahead: None,
            months: Vec::new(),
            chart: self.chart(Period::months_to_date(today, CHART_MONTHS), &totals)?,
        })
    }

    fn same_days(
        &self,
        today: NaiveDate,
        totals: &BTreeMap<NaiveDate, Nanos>,
    ) -> Result<Result<SameDays, NotCompared>, MoneyError> {
        let Some((now, before)) = self.finished_in_both(today) else {
            return Ok(Err(NotCompared::NoneFinished));
        };
        let (now, before) = (self.figure(now, totals)?, self.figure(before, totals)?);
        let change = match (before.days_missing, before.total, now.total) {
            (0, Some(earlier), Some(later)) => Change::between(earlier, later),
            _ => None,
        };
        let Some(change) = change else {
            return Ok(Err(NotCompared::DaysMissing));
        };
        let mut moved = self.moved(before.period, now.period)?;
        let rest = moved.split_off(MOVED.min(moved.len()));
        Ok(Ok(SameDays {
            now,
            before,
            change,
            moved,
            others: all_of(&rest)?,
        }))
    }

    /// The first days of this month that AWS has finished, and as many of the month before,
    /// as far as that has so many.
    fn finished_in_both(&self, today: NaiveDate) -> Option<(Period, Period)> {
        let (month, last) = (Period::month_to_date(today), Period::last_month(today));
        let pairs = month.days().zip(last.days());
        let is_finished =
            |day: NaiveDate| matches!(self.state(day), DayState::Estimated | DayState::Final);
        let (end, end_before) = pairs.take_while(|(day, _)| is_finished(*day)).last()?;
        let until = |first: NaiveDate, last: NaiveDate| Period::new(first, last.succ_opt()?).ok();
        Some((until(month.start(), end)?, until(last.start(), end_before)?))
    }

    /// What every service came to in two stretches of days, the largest difference first.
    fn moved(&self, before: Period, now: Period) -> Result<Vec<Moved>, MoneyError> {
        let mut services: BTreeMap<&str, (Nanos, Nanos)> = BTreeMap::new();
        for cost in &self.costs {
            let sums = services.entry(&cost.service).or_default();
            if before.contains(cost.day) {
                sums.0 = sums.0.checked_add(cost.amount)?;
            } else if now.contains(cost.day) {
                sums.1 = sums.1.checked_add(cost.amount)?;
            }
        }
        let mut moved: Vec<Moved> = services
            .into_iter()
            .filter(|(_, (before, now))| (*before, *now) != (Nanos::ZERO, Nanos::ZERO))
            .map(|(name, (before, now))| Moved {
                name: name.to_owned(),
                before,
                now,
            })
            .collect();
        // Stable: by name where they changed alike.
        moved.sort_by_key(|one| std::cmp::Reverse(one.now.0.abs_diff(one.before.0)));
        Ok(moved)
    }

    /// What each day came to.
    ///
    /// # Errors
    /// When a sum is too large to be exact.
    pub fn daily_totals(&self) -> Result<BTreeMap<NaiveDate, Nanos>, MoneyError> {
        let mut totals = BTreeMap::new();
        for cost in &self.costs {
            let total: &mut Nanos = totals.entry(cost.day).or_default();
            *total = total.checked_add(cost.amount)?;
        }
        Ok(totals)
    }

    fn figure(
        &self,
        period: Period,
        totals: &BTreeMap<NaiveDate, Nanos>,
    ) -> Result<Figure, MoneyError> {
        let count = |state: DayState| {
            let days = period
                .days()
                .filter(|day| self.state(*day) == state)
                .count();
            u32::try_from(days).unwrap_or(u32::MAX)
        };
        let days_missing = count(DayState::Missing);
        let sum = Nanos::sum(
            totals
                .range(period.start()..period.end())
                .map(|(_, sum)| *sum),
        )?;
        let any_known = usize::try_from(days_missing).is_ok_and(|missing| missing < period.len());
        Ok(Figure {
            period,
            total: any_known.then_some(Money::new(sum, self.currency)),
            days_missing,
            days_unfinished: count(DayState::Unfinished),
        })
    }

    fn state(&self, day: NaiveDate) -> DayState {
        KnownDay::state(day, self.days.get(&day))
    }

    fn chart(
        &self,
        period: Period,
        totals: &BTreeMap<NaiveDate, Nanos>,
    ) -> Result<DailyChart, MoneyError> {
        let days = period
            .days()
            .map(|date| Day {
                date,
                state: self.state(date),
                total: totals.get(&date).copied().unwrap_or_default(),
            })
            .collect();
        let mut series = self.series(period)?;
        // The largest first, whether cost or credit; names decide among equals,
        // so that the same data gives the same picture.
        series.sort_by(|a, b| {
            b.total
                .0
                .unsigned_abs()
                .cmp(&a.total.0.unsigned_abs())
                .then(a.name.cmp(&b.name))
        });
        // A single service beyond the top is shown by its name: "Other" would say less.
        if series.len() > TOP + 1 {
            let rest = series.split_off(TOP);
            series.push(merge(&rest, period.len())?);
        }
        Ok(DailyChart {
            period,
            currency: self.currency,
            days,
            series,
        })
    }

    fn series(&self, period: Period) -> Result<Vec<Series>, MoneyError> {
        let places: HashMap<NaiveDate, usize> = period.days().zip(0..).collect();
        let mut series: BTreeMap<&str, Vec<Nanos>> = BTreeMap::new();
        for cost in &self.costs {
            let Some(place) = places.get(&cost.day) else {
                continue;
            };
            let values = series
                .entry(&cost.service)
                .or_insert_with(|| vec![Nanos::ZERO; period.len()]);
            if let Some(value) = values.get_mut(*place) {
                *value = value.checked_add(cost.amount)?;
            }
        }
        series
            .into_iter()
            .filter(|(_, values)| values.iter().any(|value| *value != Nanos::ZERO))
            .map(|(name, values)| {
                let total = Nanos::sum(values.iter().copied())?;
                Ok(Series {
                    name: name.to_owned(),
                    is_other: false,
                    values,
                    total,
                })
            })
            .collect()
    }
}

/// The totals of months of several connections added up. A month that one of them lacks, or
/// lacks days of, is no more whole than there.
///
/// # Errors
/// When a sum is too large to be exact.
pub fn months_together(
    all: &[Vec<MonthTotal>],
    currency: Currency,
) -> Result<Vec<MonthTotal>, MoneyError> {
    let mut months: BTreeMap<NaiveDate, (usize, MonthTotal)> = BTreeMap::new();
    let of_currency = all.iter().flatten().filter(|one| one.currency == currency);
    for one in of_currency {
        match months.entry(one.month.start()) {
            Entry::Vacant(entry) => {
                entry.insert((1, *one));
            }
            Entry::Occupied(mut entry) => {
                let (count, sum) = entry.get_mut();
                *count += 1;
                sum.total = sum.total.checked_add(one.total)?;
                sum.source = match (sum.source, one.source) {
                    (MonthSource::Days(a), MonthSource::Days(b)) => MonthSource::Days(a.min(b)),
                    (MonthSource::Month, other) | (other, MonthSource::Month) => other,
                };
            }
        }
    }
    let whole = |(count, mut sum): (usize, MonthTotal)| {
        if count < all.len() {
            sum.source = MonthSource::Days(0);
        }
        sum
    };
    Ok(months.into_values().map(whole).collect())
}

fn all_of(rest: &[Moved]) -> Result<Option<Moved>, MoneyError> {
    let name = match rest {
        [] => return Ok(None),
        [only] => only.name.clone(),
        _ => format!("{} other services", rest.len()),
    };
    Ok(Some(Moved {
        name,
        before: Nanos::sum(rest.iter().map(|one| one.before))?,
        now: Nanos::sum(rest.iter().map(|one| one.now))?,
    }))
}

fn merge(rest: &[Series], days: usize) -> Result<Series, MoneyError> {
    let values = (0..days)
        .map(|place| Nanos::sum(rest.iter().filter_map(|one| one.values.get(place).copied())))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Series {
        name: format!("{} other services", rest.len()),
        is_other: true,
        total: Nanos::sum(values.iter().copied())?,
        values,
    })
}

#[cfg(test)]
#[path = "overview_tests.rs"]
mod tests;
