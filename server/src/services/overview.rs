//! Makes the Overview out of stored days: pure arithmetic, no store, no clock.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use domain::{
    money::{Currency, Money, MoneyError, Nanos},
    period::Period,
    report::{Change, DailyChart, Day, DayState, Figure, Series},
};

/// How many services have a series of their own.
const TOP: usize = 8;
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

/// The four figures and the chart.
#[derive(Clone, Debug)]
pub struct Figures {
    /// This month so far.
    pub month_to_date: Figure,
    /// As many days of last month.
    pub last_month_to_same_day: Figure,
    /// Last month.
    pub last_month: Figure,
    /// Between the first two.
    pub change: Option<Change>,
    /// The last six months.
    pub chart: DailyChart,
}

impl Stored {
    /// All figures for a day.
    ///
    /// # Errors
    /// When a sum is too large to be exact.
    pub fn figures(&self, today: NaiveDate) -> Result<Figures, MoneyError> {
        let totals = self.daily_totals()?;
        let figure = |period: Period| self.figure(period, &totals);
        let month_to_date = figure(Period::month_to_date(today))?;
        let last_month_to_same_day = figure(Period::last_month_to_same_day(today))?;
        Ok(Figures {
            change: change(&last_month_to_same_day, &month_to_date),
            month_to_date,
            last_month_to_same_day,
            last_month: figure(Period::last_month(today))?,
            chart: self.chart(Period::months_to_date(today, CHART_MONTHS), &totals)?,
        })
    }

    fn daily_totals(&self) -> Result<BTreeMap<NaiveDate, Nanos>, MoneyError> {
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

/// Without a figure on either side, or with days missing in one, a difference would mislead.
fn change(earlier: &Figure, later: &Figure) -> Option<Change> {
    if earlier.days_missing > 0 || later.days_missing > 0 {
        return None;
    }
    Change::between(earlier.total?, later.total?)
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
    fn on_the_first_this_month_is_today_and_nothing_else() {
        let costs = [
            ("2026-11-01", "A", 5),
            ("2026-10-01", "A", 7),
            ("2026-10-31", "A", 100),
        ];
        let stored = stored(&costs, Period::kept(day("2026-11-01")), "2026-11-01");
        let figures = stored.figures(day("2026-11-01")).unwrap();
        assert_eq!(figures.month_to_date.total.unwrap().amount, Nanos(5));
        assert_eq!(figures.month_to_date.days_unfinished, 1);
        assert_eq!(
            figures.last_month_to_same_day.total.unwrap().amount,
            Nanos(7)
        );
        assert_eq!(figures.last_month.total.unwrap().amount, Nanos(107));
        assert_eq!(figures.change.unwrap().amount.amount, Nanos(-2));
    }

    #[test]
    fn what_never_came_is_missing_not_zero() {
        let today = day("2026-11-24");
        let nothing = stored(&[], Period::day(day("2020-01-01")), "2026-11-24");
        let figures = nothing.figures(today).unwrap();
        assert_eq!(figures.month_to_date.total, None);
        assert_eq!(figures.month_to_date.days_missing, 24);
        assert!(figures.change.is_none());
        assert!(
            figures
                .chart
                .days
                .iter()
                .all(|day| day.state == DayState::Missing)
        );
    }

    #[test]
    fn a_day_without_costs_is_zero() {
        let today = day("2026-11-24");
        let figures = stored(&[], Period::kept(today), "2026-11-24")
            .figures(today)
            .unwrap();
        assert_eq!(figures.month_to_date.total.unwrap().amount, Nanos::ZERO);
        assert_eq!(figures.month_to_date.days_unfinished, 2);
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
            .figures(today)
            .unwrap();
        assert_eq!(ten.chart.series.len(), 9);
        assert_eq!(ten.chart.series[8].name, "2 other services");
        assert!(ten.chart.series[8].is_other);
        costs.pop();
        let nine = stored(&costs, Period::kept(today), "2026-11-24")
            .figures(today)
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
            let figures = stored.figures(today).unwrap();
            let chart = figures.chart;
            prop_assert!(chart.series.len() <= TOP + 1);
            for (place, one) in chart.days.iter().enumerate() {
                let stacked = Nanos::sum(chart.series.iter().map(|series| series.values[place])).unwrap();
                prop_assert_eq!(stacked, one.total);
            }
            let of = |period: Period| Nanos::sum(
                chart.days.iter().filter(|one| period.contains(one.date)).map(|one| one.total)
            ).unwrap();
            for figure in [figures.month_to_date, figures.last_month, figures.last_month_to_same_day] {
                prop_assert_eq!(figure.total.unwrap().amount, of(figure.period));
            }
            let whole = Nanos::sum(chart.series.iter().map(|series| series.total)).unwrap();
            prop_assert_eq!(whole, of(chart.period));
        }
    }
}
