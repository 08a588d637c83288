//! The right answers: the simulator's own books, added up in another way than
//! the product does. Knows the product's rounding, because that is documented:
//! each row of service × linked account × day, once, half to even; where some kinds of
//! charges don't count, each row of service × kind of charge × day.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use chrono::NaiveDate;
use domain::{charge::View, look::Look, metric::Metric, report::Overview};
use simulator::books::{self, Books};

use super::day;

/// What each service cost on each day, in 10⁻⁹ dollars.
pub struct Oracle(BTreeMap<(NaiveDate, &'static str), i64>);

impl Oracle {
    /// From the books, as AWS shows these days on `today`.
    pub fn new(books: &Books, today: NaiveDate, days: Range<NaiveDate>, metric: Metric) -> Self {
        Self::seen(books, today, days, Look::by(metric))
    }

    /// The same as somebody looks at it.
    pub fn seen(books: &Books, today: NaiveDate, days: Range<NaiveDate>, look: Look) -> Self {
        let metric = match (look.view, look.metric) {
            (View::Paid, Metric::Unblended) => Metric::NetUnblended,
            (View::Paid, Metric::Amortized) => Metric::NetAmortized,
            (_, metric) => metric,
        };
        let metric = books::Metric::parse(metric.aws_name()).expect("AWS's name");
        let is_used = look.view == View::Used;
        let left_out = |kind: &str| is_used && ["Credit", "Refund", "Tax"].contains(&kind);
        let mut costs = BTreeMap::new();
        for date in days.start.iter_days().take_while(|date| *date < days.end) {
            // A service that costs nothing today has its zero all the same.
            for line in books.lines() {
                costs.entry((date, line.service)).or_default();
            }
            let mut rows: BTreeMap<_, i128> = BTreeMap::new();
            for (line, amount) in books.charges(date, today, metric) {
                let second = if is_used {
                    line.record_type
                } else {
                    line.linked_account
                };
                if !left_out(line.record_type) {
                    *rows.entry((line.service, second)).or_default() += i128::from(amount);
                }
            }
            for ((service, _), exact) in rows {
                *costs.entry((date, service)).or_default() += rounded(exact);
            }
        }
        Self(costs)
    }

    /// What some days cost.
    pub fn total(&self, days: Range<NaiveDate>) -> i64 {
        let days = self.0.iter().filter(|((date, _), _)| days.contains(date));
        days.map(|(_, cost)| cost).sum()
    }

    /// What each service cost on some days.
    pub fn by_service(&self, days: &Range<NaiveDate>) -> BTreeMap<&'static str, i64> {
        let mut services = BTreeMap::new();
        for ((date, service), cost) in &self.0 {
            if days.contains(date) {
                *services.entry(*service).or_default() += cost;
            }
        }
        services
    }

    /// What a service cost over all days.
    pub fn service(&self, service: &str) -> i64 {
        self.of(service)
    }

    fn services(&self) -> BTreeSet<&'static str> {
        self.0.keys().map(|(_, service)| *service).collect()
    }

    fn of(&self, service: &str) -> i64 {
        self.0
            .iter()
            .filter(|((_, name), _)| *name == service)
            .map(|(_, cost)| cost)
            .sum()
    }

    /// Compares the chart day by day and service by service.
    pub fn check_chart(&self, overview: &Overview) {
        let chart = &overview.costs.chart;
        let dates: BTreeSet<_> = self.0.keys().map(|(date, _)| *date).collect();
        assert!(
            chart
                .days
                .iter()
                .map(|one| one.date)
                .eq(dates.iter().copied())
        );
        for one in &chart.days {
            let next = one.date.succ_opt().expect("a next day");
            assert_eq!(one.total.0, self.total(one.date..next), "{}", one.date);
        }
        let named: BTreeSet<&str> = chart
            .series
            .iter()
            .filter(|series| !series.is_other)
            .map(|series| series.name.as_str())
            .collect();
        for series in &chart.series {
            let belongs = |service: &str| {
                if series.is_other {
                    !named.contains(service)
                } else {
                    service == series.name
                }
            };
            for (date, value) in dates.iter().zip(&series.values) {
                let here = self
                    .0
                    .range((*date, "")..)
                    .take_while(|((other, _), _)| other == date);
                let cost: i64 = here
                    .filter(|((_, name), _)| belongs(name))
                    .map(|(_, cost)| cost)
                    .sum();
                assert_eq!(value.0, cost, "{} on {date}", series.name);
            }
            assert_eq!(
                series.total.0,
                series.values.iter().map(|value| value.0).sum::<i64>()
            );
        }
        // The largest have a series of their own.
        let least = named
            .iter()
            .map(|name| self.of(name).abs())
            .min()
            .expect("a series");
        for service in self.services() {
            assert!(
                named.contains(service) || self.of(service).abs() <= least,
                "{service}"
            );
        }
    }
}

/// From the books' 10⁻¹⁰ to 10⁻⁹, half to even.
pub fn rounded(exact: i128) -> i64 {
    let (whole, rest) = (exact.div_euclid(10), exact.rem_euclid(10));
    let up = rest > 5 || (rest == 5 && whole.rem_euclid(2) == 1);
    i64::try_from(whole + i128::from(up)).expect("an amount of this world")
}

/// From and until before.
pub fn days(from: &str, until: &str) -> Range<NaiveDate> {
    day(from)..day(until)
}
