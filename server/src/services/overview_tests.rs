//! What the Overview adds up, by hand and by chance.

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
