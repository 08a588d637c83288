//! The chart's numbers by service and month: exact sums, and no sum where
//! nothing is known.

use chrono::NaiveDate;
use domain::{
    money::{Currency, Money, MoneyError, Nanos},
    period::Period,
    report::{DailyChart, DayState},
};
use leptos::prelude::*;

use crate::{components::amount::Amount, erased::Erase};

/// A column.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Month {
    /// `Nov 2026`.
    pub label: String,
    /// Those of its days that the chart has.
    pub period: Period,
    /// Days that aren't stored.
    pub days_missing: u32,
    /// Whether all of its days are missing.
    pub unknown: bool,
    /// Whether AWS still adds to a day of it, or it isn't over.
    pub unfinished: bool,
}

/// A line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row {
    /// The service.
    pub name: String,
    /// For each month; `None` where nothing is known.
    pub amounts: Vec<Option<Nanos>>,
    /// Over all months.
    pub total: Nanos,
}

/// The table.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Monthly {
    /// Of every amount.
    pub currency: Currency,
    /// Oldest first.
    pub months: Vec<Month>,
    /// In the chart's order.
    pub rows: Vec<Row>,
    /// The last line.
    pub sum: Row,
}

/// Adds a chart's days up by month.
///
/// # Errors
/// A sum doesn't fit.
pub fn monthly(chart: &DailyChart) -> Result<Monthly, MoneyError> {
    let periods = chart.period.by_month();
    let months: Vec<Month> = periods
        .iter()
        .map(|period| {
            let days = chart.days.iter().filter(|day| period.contains(day.date));
            let (mut all, mut missing, mut unfinished) = (0, 0, false);
            for day in days {
                all += 1;
                missing += u32::from(day.state == DayState::Missing);
                unfinished |= day.state == DayState::Unfinished;
            }
            Month {
                period: *period,
                label: period.start().format("%b %Y").to_string(),
                days_missing: missing,
                unknown: missing == all,
                unfinished,
            }
        })
        .collect();
    let line = |name: &str, value_of: &dyn Fn(usize) -> Nanos| -> Result<Row, MoneyError> {
        let mut amounts = Vec::with_capacity(periods.len());
        for (period, month) in periods.iter().zip(&months) {
            let inside = |date: NaiveDate| period.contains(date);
            let places = chart
                .days
                .iter()
                .enumerate()
                .filter(|(_, day)| inside(day.date));
            let sum = Nanos::sum(places.map(|(place, _)| value_of(place)))?;
            amounts.push((!month.unknown).then_some(sum));
        }
        let total = Nanos::sum(amounts.iter().flatten().copied())?;
        Ok(Row {
            name: name.to_owned(),
            amounts,
            total,
        })
    };
    let rows = chart
        .series
        .iter()
        .map(|series| {
            line(&series.name, &|place| {
                series.values.get(place).copied().unwrap_or_default()
            })
        })
        .collect::<Result<_, _>>()?;
    let sum = line("Total", &|place| {
        chart
            .days
            .get(place)
            .map(|day| day.total)
            .unwrap_or_default()
    })?;
    Ok(Monthly {
        currency: chart.currency,
        months,
        rows,
        sum,
    })
}

/// Services by month.
#[component]
pub fn MonthlyTable(
    /// The chart whose numbers these are.
    chart: DailyChart,
    /// Where a month's days are.
    days: impl Fn(Period) -> String,
) -> impl IntoView {
    monthly(&chart).ok().map(|table| {
        let currency = table.currency;
        let caption = format!("Cost by service and month, {}", chart.period);
        view! {
            <div class="table-frame" tabindex="0" role="region" aria-label="Cost by service and month">
                <table class="table">
                    <caption>{caption}</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Service"</th>
                            {table.months.into_iter().map(|month| {
                                    let days = days(month.period);
                                    view! { <MonthHead month=month days=days/> }
                                }).collect_view()}
                            <th scope="col" class="number">"Total"</th>
                        </tr>
                    </thead>
                    <tbody>
                        {table.rows.into_iter().map(|row| view! { <Line row=row currency=currency/> }).collect_view()}
                    </tbody>
                    <tfoot><Line row=table.sum currency=currency/></tfoot>
                </table>
            </div>
        }
        .erased()
    })
}

#[component]
fn MonthHead(month: Month, days: String) -> impl IntoView {
    let note = match (month.unknown, month.days_missing, month.unfinished) {
        (true, ..) => Some("no data yet"),
        (false, 1.., _) => Some("incomplete"),
        (false, 0, true) => Some("so far"),
        (false, 0, false) => None,
    };
    view! {
        <th scope="col" class="number">
            <a href=days>{month.label}</a>
            {note.map(|note| view! { <span class="table__note">{note}</span> })}
        </th>
    }
    .erased()
}

#[component]
fn Line(row: Row, currency: Currency) -> impl IntoView {
    let cell = move |amount: Option<Nanos>| match amount {
        Some(amount) => view! { <Amount money=Money::new(amount, currency)/> }.erased(),
        None => view! { <span class="muted" title="No data yet">"–"</span> }.erased(),
    };
    view! {
        <tr>
            <th scope="row">{row.name}</th>
            {row.amounts.into_iter().map(|amount| view! { <td class="number">{cell(amount)}</td> }).collect_view()}
            <td class="number number--total">{cell(Some(row.total))}</td>
        </tr>
    }
    .erased()
}

#[cfg(test)]
mod tests {
    use domain::{
        period::Period,
        report::{Day, Series},
    };

    use super::*;

    /// One unit a day for one service, one nano for the other, from 30 Sep to 2 Nov.
    fn chart(missing: &[&str]) -> DailyChart {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let period = Period::new(date("2026-09-30"), date("2026-11-03")).unwrap();
        let missing: Vec<NaiveDate> = missing.iter().map(|text| date(text)).collect();
        let value = |day: &NaiveDate, nanos| {
            if missing.contains(day) {
                Nanos::ZERO
            } else {
                Nanos(nanos)
            }
        };
        let series = |name: &str, nanos| {
            let values: Vec<Nanos> = period.days().map(|day| value(&day, nanos)).collect();
            let total = Nanos::sum(values.iter().copied()).unwrap();
            Series {
                name: name.to_owned(),
                is_other: false,
                values,
                total,
            }
        };
        let days = period.days().map(|date| Day {
            date,
            state: if missing.contains(&date) {
                DayState::Missing
            } else {
                DayState::Final
            },
            total: value(&date, 1_000_000_001),
        });
        DailyChart {
            period,
            currency: Currency::USD,
            days: days.collect(),
            series: vec![series("EC2", 1_000_000_000), series("S3", 1)],
        }
    }

    #[test]
    fn months_add_up_to_the_last_digit() {
        let table = monthly(&chart(&[])).unwrap();
        let labels: Vec<_> = table
            .months
            .iter()
            .map(|month| month.label.as_str())
            .collect();
        assert_eq!(labels, ["Sep 2026", "Oct 2026", "Nov 2026"]);
        assert_eq!(
            table.rows[1].amounts,
            [Some(Nanos(1)), Some(Nanos(31)), Some(Nanos(2))]
        );
        let columns = |place: usize| {
            Nanos::sum(table.rows.iter().filter_map(|row| row.amounts[place])).unwrap()
        };
        for place in 0..3 {
            assert_eq!(table.sum.amounts[place], Some(columns(place)));
        }
        assert_eq!(table.sum.total, Nanos(34 * 1_000_000_001));
    }

    #[test]
    fn unknown_months_have_no_sum_and_partly_known_ones_say_so() {
        let table = monthly(&chart(&["2026-09-30", "2026-11-02"])).unwrap();
        assert_eq!(table.rows[0].amounts[0], None);
        assert!(table.months[0].unknown);
        assert_eq!(table.months[2].days_missing, 1);
        assert!(!table.months[2].unknown);
        assert_eq!(table.sum.total, Nanos(32 * 1_000_000_001));
    }
}
