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
mod tests {
    use chrono::Datelike;
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn stored(costs: &[(&str, &str, i64)], days: Period, asked_on: &str) -> Stored {
        let known = KnownDay {
            estimated: true,
            asked_on: day(asked_on),
        };
        Stored {
            currency: Currency::USD,
            days: days.days().map(|day| (day, known)).collect(),
            costs: costs
                .iter()
                .map(|(date, service, amount)| ServiceCost {
                    day: day(date),
                    service: (*service).to_owned(),
                    amount: Nanos(*amount),
                })
                .collect(),
        }
    }

    #[test]
    fn on_the_first_this_month_is_today_and_nothing_is_compared() {
        let costs = [
            ("2026-11-01", "A", 5),
            ("2026-10-01", "A", 7),
            ("2026-10-31", "A", 100),
        ];
        let stored = stored(&costs, Period::kept(day("2026-11-01")), "2026-11-01");
        let glance = stored.glance(day("2026-11-01")).unwrap();
        assert_eq!(glance.month_to_date.total.unwrap().amount, Nanos(5));
        assert_eq!(glance.month_to_date.days_unfinished, 1);
        assert_eq!(glance.last_month.total.unwrap().amount, Nanos(107));
        assert_eq!(glance.same_days, Err(NotCompared::NoneFinished));
    }

    fn compared(today: &str) -> (String, String) {
        let today = day(today);
        let stored = stored(&[], Period::kept(today), &today.to_string());
        let same_days = stored.glance(today).unwrap().same_days.unwrap();
        (
            same_days.before.period.to_string(),
            same_days.now.period.to_string(),
        )
    }

    #[test]
    fn the_days_compared_are_finished_and_in_both_months() {
        let pair = |before: &str, now: &str| (before.to_owned(), now.to_owned());
        assert_eq!(
            compared("2026-11-24"),
            pair("1–22 Oct 2026", "1–22 Nov 2026")
        );
        assert_eq!(compared("2026-11-03"), pair("1 Oct 2026", "1 Nov 2026"));
        // On its last day, a leap February still has two days to come.
        assert_eq!(
            compared("2028-02-29"),
            pair("1–27 Jan 2028", "1–27 Feb 2028")
        );
        // March has days that no February has.
        assert_eq!(
            compared("2028-03-31"),
            pair("1–29 Feb 2028", "1–29 Mar 2028")
        );
        assert_eq!(
            compared("2027-03-31"),
            pair("1–28 Feb 2027", "1–28 Mar 2027")
        );
    }

    #[test]
    fn old_answers_are_compared_as_far_as_they_go() {
        let costs = [
            ("2026-11-10", "A", 30),
            ("2026-10-10", "A", 20),
            ("2026-10-19", "A", 900),
        ];
        let days = Period::new(day("2026-10-01"), day("2026-11-20")).unwrap();
        let stored = stored(&costs, days, "2026-11-19");
        let same_days = stored.glance(day("2026-11-24")).unwrap().same_days.unwrap();
        assert_eq!(same_days.now.period.to_string(), "1–17 Nov 2026");
        assert_eq!(same_days.change.amount.amount, Nanos(10));
    }

    #[test]
    fn months_with_missing_days_are_not_compared() {
        let days = Period::new(day("2026-10-02"), day("2026-11-25")).unwrap();
        let stored = stored(&[], days, "2026-11-24");
        let glance = stored.glance(day("2026-11-24")).unwrap();
        assert_eq!(glance.same_days, Err(NotCompared::DaysMissing));
    }

    #[test]
    fn together_a_month_is_as_whole_as_where_it_is_least() {
        let month = |text: &str, total, source| MonthTotal {
            month: Period::month_of(day(text)),
            currency: Currency::USD,
            total: Nanos(total),
            source,
        };
        let one = vec![
            month("2026-09-01", 1, MonthSource::Month),
            month("2026-10-01", 2, MonthSource::Days(31)),
            month("2026-11-01", 4, MonthSource::Days(24)),
        ];
        let other = vec![
            month("2026-10-01", 8, MonthSource::Month),
            month("2026-11-01", 16, MonthSource::Days(20)),
        ];
        let sums = months_together(&[one, other], Currency::USD).unwrap();
        let expected = [
            month("2026-09-01", 1, MonthSource::Days(0)),
            month("2026-10-01", 10, MonthSource::Days(31)),
            month("2026-11-01", 20, MonthSource::Days(20)),
        ];
        assert_eq!(sums, expected);
    }

    #[test]
    fn together_a_day_is_known_where_all_have_it() {
        let today = day("2026-11-24");
        let fresh = stored(&[("2026-11-20", "A", 5)], Period::kept(today), "2026-11-24");
        let old_days = Period::new(day("2026-10-01"), day("2026-11-22")).unwrap();
        let old = stored(
            &[("2026-11-20", "A", 7), ("2026-11-20", "B", 1)],
            old_days,
            "2026-11-21",
        );
        let all = Stored::together(&[fresh, old], Currency::USD);
        assert_eq!(all.state(day("2026-11-19")), DayState::Estimated);
        assert_eq!(all.state(day("2026-11-20")), DayState::Unfinished);
        assert_eq!(all.state(day("2026-11-22")), DayState::Missing);
        let figure = all.sum(Period::month_to_date(today)).unwrap();
        assert_eq!(figure.total.unwrap().amount, Nanos(13));
        assert_eq!((figure.days_missing, figure.days_unfinished), (3, 2));
    }

    #[test]
    fn what_changed_most_comes_first_whichever_way_it_went() {
        let costs = [
            ("2026-10-05", "Gone", 500),
            ("2026-11-05", "New", 400),
            ("2026-10-05", "Same", 9_000),
            ("2026-11-05", "Same", 9_000),
            ("2026-10-05", "Less", 90),
            ("2026-11-05", "Less", 70),
            ("2026-11-05", "Tiny", 1),
            // After the days that are compared.
            ("2026-11-23", "Tiny", 7_000),
        ];
        let today = day("2026-11-24");
        let stored = stored(&costs, Period::kept(today), "2026-11-24");
        let same_days = stored.glance(today).unwrap().same_days.unwrap();
        let moved: Vec<_> = (same_days.moved.iter())
            .map(|one| (one.name.as_str(), one.before.0, one.now.0))
            .collect();
        assert_eq!(moved, [("Gone", 500, 0), ("New", 0, 400), ("Less", 90, 70)]);
        let others = same_days.others.unwrap();
        assert_eq!(others.name, "2 other services");
        assert_eq!((others.before, others.now), (Nanos(9_000), Nanos(9_001)));
    }

    #[test]
    fn what_never_came_is_missing_not_zero() {
        let today = day("2026-11-24");
        let nothing = stored(&[], Period::day(day("2020-01-01")), "2026-11-24");
        let glance = nothing.glance(today).unwrap();
        assert_eq!(glance.month_to_date.total, None);
        assert_eq!(glance.month_to_date.days_missing, 24);
        assert_eq!(glance.same_days, Err(NotCompared::NoneFinished));
        assert!(
            glance
                .chart
                .days
                .iter()
                .all(|day| day.state == DayState::Missing)
        );
    }

    #[test]
    fn a_day_without_costs_is_zero() {
        let today = day("2026-11-24");
        let glance = stored(&[], Period::kept(today), "2026-11-24")
            .glance(today)
            .unwrap();
        assert_eq!(glance.month_to_date.total.unwrap().amount, Nanos::ZERO);
        assert_eq!(glance.month_to_date.days_unfinished, 2);
    }

    #[test]
    fn days_get_final_by_what_aws_says_and_when_it_was_asked() {
        let today = day("2026-11-24");
        let mut stored = stored(&[], Period::kept(today), "2026-11-24");
        stored.days.insert(
            day("2026-10-05"),
            KnownDay {
                estimated: false,
                asked_on: day("2026-11-24"),
            },
        );
        // Asked while the day went on, and never since.
        stored.days.insert(
            day("2026-10-06"),
            KnownDay {
                estimated: true,
                asked_on: day("2026-10-07"),
            },
        );
        assert_eq!(stored.state(day("2026-10-05")), DayState::Final);
        assert_eq!(stored.state(day("2026-10-06")), DayState::Unfinished);
        assert_eq!(stored.state(day("2026-10-07")), DayState::Estimated);
        assert_eq!(stored.state(day("2026-11-23")), DayState::Unfinished);
        assert_eq!(stored.state(day("2026-11-22")), DayState::Estimated);
        assert_eq!(stored.state(day("2026-11-25")), DayState::Missing);
    }

    #[test]
    fn a_ninth_service_keeps_its_name_and_a_tenth_makes_other() {
        let today = day("2026-11-24");
        let names: Vec<String> = (0..10).map(|n| format!("S{n}")).collect();
        let mut costs: Vec<_> = names
            .iter()
            .map(|name| ("2026-11-03", name.as_str(), 10))
            .collect();
        let ten = stored(&costs, Period::kept(today), "2026-11-24")
            .glance(today)
            .unwrap();
        assert_eq!(ten.chart.series.len(), 9);
        assert_eq!(ten.chart.series[8].name, "2 other services");
        assert!(ten.chart.series[8].is_other);
        costs.pop();
        let nine = stored(&costs, Period::kept(today), "2026-11-24")
            .glance(today)
            .unwrap();
        assert_eq!(nine.chart.series[8].name, "S8");
    }

    proptest! {
        #[test]
        fn every_grouping_of_a_period_gives_the_same_total(
            today in 0_i64..800,
            costs in prop::collection::vec((0_i64..260, 0_u8..14, -1_i64 << 40..1 << 40), 0..300),
        ) {
            let today = day("2026-01-01") + chrono::Duration::days(today);
            let kept = Period::kept(today);
            let known = KnownDay { estimated: true, asked_on: today };
            let stored = Stored {
                currency: Currency::USD,
                days: kept.days().map(|day| (day, known)).collect(),
                costs: costs.iter().map(|(back, service, amount)| ServiceCost {
                    day: today - chrono::Duration::days(*back),
                    service: format!("S{service}"),
                    amount: Nanos(*amount),
                }).collect(),
            };
            let glance = stored.glance(today).unwrap();
            let chart = glance.chart;
            prop_assert!(chart.series.len() <= TOP + 1);
            for (place, one) in chart.days.iter().enumerate() {
                let stacked = Nanos::sum(chart.series.iter().map(|series| series.values[place])).unwrap();
                prop_assert_eq!(stacked, one.total);
            }
            let of = |period: Period| Nanos::sum(
                chart.days.iter().filter(|one| period.contains(one.date)).map(|one| one.total)
            ).unwrap();
            for figure in [glance.month_to_date, glance.last_month] {
                prop_assert_eq!(figure.total.unwrap().amount, of(figure.period));
            }
            if let Ok(same_days) = glance.same_days {
                let (before, now) = (same_days.before, same_days.now);
                prop_assert_eq!(before.period.len(), now.period.len());
                prop_assert_eq!(now.days_unfinished, 0);
                for figure in [&before, &now] {
                    prop_assert_eq!(figure.total.unwrap().amount, of(figure.period));
                }
                let parts = || same_days.moved.iter().chain(&same_days.others);
                let sum = |pick: fn(&Moved) -> Nanos| Nanos::sum(parts().map(pick)).unwrap();
                prop_assert_eq!(sum(|one| one.before), before.total.unwrap().amount);
                prop_assert_eq!(sum(|one| one.now), now.total.unwrap().amount);
                let change = now.total.unwrap().checked_sub(before.total.unwrap()).unwrap();
                prop_assert_eq!(same_days.change.amount, change);
            } else {
                prop_assert!(today.day() <= 2);
            }
            let whole = Nanos::sum(chart.series.iter().map(|series| series.total)).unwrap();
            prop_assert_eq!(whole, of(chart.period));
        }
    }
}
