use std::collections::BTreeSet;

use chrono::Datelike;

use super::*;

const SEED: u64 = 20_260_101;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn sample() -> Books {
    Books::new(&SAMPLE, SEED)
}

fn distinct(books: &Books, of: impl Fn(&Line) -> &str) -> usize {
    books
        .lines()
        .iter()
        .map(|line| of(line).to_owned())
        .collect::<BTreeSet<_>>()
        .len()
}

/// A settled month in dollars.
fn month(books: &Books, first: &str, metric: Metric, filter: impl Fn(&Line) -> bool) -> f64 {
    let start = date(first);
    let end = start.checked_add_months(chrono::Months::new(1)).unwrap();
    books.total(start..end, date("2027-06-15"), metric, filter) as f64 / SCALE as f64
}

#[test]
fn looks_like_a_company() {
    let books = sample();
    let services = distinct(&books, |line| line.service);
    assert!((35..=50).contains(&services), "{services} services");
    assert_eq!(distinct(&books, |line| line.linked_account), 4);
    let regions: BTreeSet<_> = books.lines().iter().map(|line| line.region).collect();
    assert_eq!(
        regions.iter().filter(|region| region.contains('-')).count(),
        6,
        "{regions:?}"
    );
    assert!(books.lines().len() < 1_500, "{} lines", books.lines().len());
    for first in ["2026-01-01", "2026-05-01", "2026-11-01"] {
        let total = month(&books, first, Metric::UnblendedCost, |_| true);
        assert!((30_000.0..60_000.0).contains(&total), "{first}: {total}");
    }
    let untagged = month(&books, "2026-05-01", Metric::UnblendedCost, |line| {
        line.tags.is_empty()
    });
    assert!((1_000.0..30_000.0).contains(&untagged), "{untagged}");
}

#[test]
fn every_record_type_has_its_sign() {
    let books = sample();
    let of = |kind: &'static str, metric| {
        books.total(
            date("2026-02-01")..date("2026-03-01"),
            date("2026-12-01"),
            metric,
            |l| l.record_type == kind,
        )
    };
    for kind in [
        "Usage",
        "Tax",
        "Support",
        "Fee",
        "Recurring",
        "SavingsPlanRecurringFee",
        "SavingsPlanUpfrontFee",
    ] {
        assert!(of(kind, Metric::UnblendedCost) > 0, "{kind}");
    }
    for kind in ["Credit", "Refund", "SavingsPlanNegation"] {
        assert!(of(kind, Metric::UnblendedCost) < 0, "{kind}");
    }
    assert_eq!(of("DiscountedUsage", Metric::UnblendedCost), 0);
    assert!(of("DiscountedUsage", Metric::AmortizedCost) > 0);
}

#[test]
fn a_savings_plan_is_charged_once() {
    let books = sample();
    for today in ["2026-09-10", "2026-09-12", "2026-12-01"] {
        let of = |kind: &'static str, metric| {
            let (first, last) = (date("2026-09-01"), date("2026-09-11"));
            books.total(first..last, date(today), metric, |line| {
                line.record_type == kind
            })
        };
        let covered = of("SavingsPlanCoveredUsage", Metric::UnblendedCost);
        assert_eq!(
            covered,
            -of("SavingsPlanNegation", Metric::UnblendedCost),
            "on {today}"
        );
        assert_eq!(
            of("SavingsPlanCoveredUsage", Metric::NetUnblendedCost),
            -of("SavingsPlanNegation", Metric::NetUnblendedCost)
        );
        assert_eq!(of("SavingsPlanNegation", Metric::AmortizedCost), 0);
        let effective = of("SavingsPlanCoveredUsage", Metric::AmortizedCost);
        assert!(effective < covered && effective * 2 > covered);
        // Ten days of commitment: what was used and what was not.
        let unused = of("SavingsPlanRecurringFee", Metric::AmortizedCost);
        let upfront = 10 * i128::from(catalogue::PLAN_UPFRONT / 365);
        assert_eq!(
            effective + unused,
            of("SavingsPlanRecurringFee", Metric::UnblendedCost) + upfront,
            "on {today}"
        );
    }
}

#[test]
fn a_reservation_is_spread_over_its_month() {
    let books = sample();
    let reserved = |metric| {
        month(&books, "2026-05-01", metric, |line| {
            line.purchase_type.contains("Reserved")
        })
    };
    let (charged, amortized) = (
        reserved(Metric::UnblendedCost),
        reserved(Metric::AmortizedCost),
    );
    assert!((charged - 613.20).abs() < 0.001, "{charged}");
    assert!((amortized / charged - 1.0).abs() < 0.01, "{amortized}");
    let first = books.total(
        date("2026-05-02")..date("2026-05-03"),
        date("2026-12-01"),
        Metric::UnblendedCost,
        |line| line.purchase_type.contains("Reserved"),
    );
    assert_eq!(first, 0);
}

#[test]
fn discounts_and_averages_show() {
    let books = sample();
    let total = |metric| month(&books, "2026-07-01", metric, |_| true);
    let unblended = total(Metric::UnblendedCost);
    assert!(total(Metric::NetUnblendedCost) < unblended * 0.97);
    let blended = total(Metric::BlendedCost);
    assert!(
        blended != unblended && (blended / unblended - 1.0).abs() < 0.02,
        "{blended} {unblended}"
    );
    assert!(total(Metric::NormalizedUsageAmount) > 0.0);
}

#[test]
fn weeks_and_months_have_their_rhythm() {
    let books = sample();
    let day = |text: &str| {
        let day = date(text);
        books.total(
            day..day.succ_opt().unwrap(),
            date("2026-12-10"),
            Metric::UnblendedCost,
            |_| true,
        )
    };
    // Tuesday against Sunday; the first against the second of a month.
    assert!(day("2026-07-14") > day("2026-07-12") * 11 / 10);
    assert!(day("2026-09-01") > day("2026-09-02") * 2);
    let (earlier, later) = (
        month(&books, "2025-11-01", Metric::UnblendedCost, |_| true),
        month(&books, "2026-11-01", Metric::UnblendedCost, |_| true),
    );
    assert!(later > earlier * 1.02, "{earlier} {later}");
}

#[test]
fn the_last_days_are_unfinished_and_restated() {
    let books = sample();
    let born = date("2026-11-10");
    let on = |today: &str| {
        books.total(
            born..born.succ_opt().unwrap(),
            date(today),
            Metric::UnblendedCost,
            |_| true,
        )
    };
    assert_eq!(on("2026-11-09"), 0);
    let settled = on("2026-11-20");
    assert!(on("2026-11-10") < settled * 45 / 100);
    assert!(on("2026-11-11") < settled * 95 / 100 && on("2026-11-11") > settled * 75 / 100);
    for corrected in [on("2026-11-12"), on("2026-11-13")] {
        assert!(corrected != settled && (corrected - settled).abs() < settled / 500);
    }
    assert_eq!(on("2026-11-14"), settled);
    assert_eq!(on("2026-12-03"), settled);
    let closed = on("2026-12-04");
    assert!(closed != settled && (closed - settled).abs() < settled / 200);
    assert_eq!(on("2027-12-04"), closed);
}

#[test]
fn the_spike_stays_where_it_is() {
    let books = sample();
    let spike = books.spike(date("2026-11-24")).unwrap();
    let weeks = (date("2026-11-24") - spike.days.start).num_days() / 7;
    assert!((5..=8).contains(&weeks), "{weeks} weeks, {spike:?}");
    assert_eq!(books.spike(date("2027-02-03")), Some(spike.clone()));
    let of = |days: Range<NaiveDate>| {
        books.total(days, date("2026-12-10"), Metric::UnblendedCost, |line| {
            (line.service, line.linked_account, line.region)
                == (spike.service, spike.linked_account, spike.region)
        })
    };
    let length = (spike.days.end - spike.days.start).num_days();
    assert!((3..=4).contains(&length));
    let before = of(spike.days.start - chrono::TimeDelta::days(length)..spike.days.start);
    assert!(
        of(spike.days.clone()) > before + i128::from(length) * 400 * SCALE,
        "{before}"
    );
    assert!(spike.days.start.day() <= 10);
}

#[test]
fn the_seed_decides() {
    let period = || date("2026-05-01")..date("2026-05-08");
    let total = |seed| {
        Books::new(&SAMPLE, seed).total(period(), date("2026-11-01"), Metric::UnblendedCost, |_| {
            true
        })
    };
    assert_eq!(total(1), total(1));
    assert_ne!(total(1), total(2));
    let other =
        Books::new(&OTHER, 1).total(period(), date("2026-11-01"), Metric::UnblendedCost, |_| {
            true
        });
    assert!(other > 0 && other < total(1) / 4);
    assert!(Books::new(&NEWCOMER, 1).lines().is_empty());
}

#[test]
fn the_charges_of_a_day_are_its_total() {
    let books = sample();
    let (day, today) = (date("2026-11-23"), date("2026-11-24"));
    for metric in Metric::ALL {
        let charges = books.charges(day, today, metric);
        assert!(charges.len() > 100);
        let sum: i128 = charges.iter().map(|(_, amount)| i128::from(*amount)).sum();
        assert_eq!(sum, books.total(day..today, today, metric, |_| true));
    }
}

#[test]
fn unused_reserved_hours_are_on_the_bill() {
    for (company, instances) in [(&SAMPLE, 4), (&OTHER, 1)] {
        let books = Books::new(company, 20_260_101);
        let of = |kind: &'static str, metric| {
            let days = date("2026-05-01")..date("2026-06-01");
            books.total(days, date("2026-12-01"), metric, |l| l.record_type == kind)
        };
        let fee = of("Recurring", Metric::UnblendedCost);
        assert_eq!(fee, instances * 15_330 * SCALE / 100);
        let unused = of("Recurring", Metric::AmortizedCost);
        assert!(unused > 0);
        assert_eq!(of("DiscountedUsage", Metric::AmortizedCost) + unused, fee);
    }
}

#[test]
fn past_days_are_restated_for_every_grouping_alike() {
    let books = sample();
    let (days, service) = (date("2026-10-05")..date("2026-10-08"), "AWS Lambda");
    let total = |today: &str, of: &dyn Fn(&Line) -> bool| {
        books.total(days.clone(), date(today), Metric::UnblendedCost, of)
    };
    let everything = |_: &Line| true;
    let lambda = |line: &Line| line.service == service;
    let here = |line: &Line| line.linked_account == "111122223333";
    let all = [&everything as &dyn Fn(&Line) -> bool, &lambda, &here];
    let before = all.map(|of| total("2026-11-24", of));
    books.restate(Restatement {
        start: days.start,
        end: days.end,
        percent: 50,
        service: Some(service.to_owned()),
        from: Some(date("2026-11-25")),
        account: None,
    });
    books.restate(Restatement {
        start: days.start,
        end: days.end,
        percent: -100,
        service: None,
        from: None,
        account: Some(OTHER.payer.to_owned()),
    });
    assert_eq!(
        all.map(|of| total("2026-11-24", of)),
        before,
        "not yet, and not here"
    );
    let after = all.map(|of| total("2026-11-25", of));
    assert_eq!(after[0] - before[0], after[1] - before[1]);
    let half = before[1] / 2;
    assert!(
        (after[1] - before[1] - half).abs() < SCALE / 1_000,
        "{before:?} {after:?}"
    );
    assert!(after[2] > before[2]);
    let elsewhere = date("2026-10-08")..date("2026-10-20");
    let of_elsewhere = |today: &str| {
        books.total(
            elsewhere.clone(),
            date(today),
            Metric::UnblendedCost,
            everything,
        )
    };
    assert_eq!(of_elsewhere("2026-11-24"), of_elsewhere("2026-11-25"));
    books.forget_restatements();
    assert_eq!(all.map(|of| total("2026-11-25", of)), before);
}

#[test]
fn every_line_has_a_value_of_each_cost_category_or_none() {
    let books = sample();
    for name in COST_CATEGORIES {
        let values: BTreeSet<_> = books
            .lines()
            .iter()
            .map(|line| line.cost_category(name))
            .collect();
        assert!(
            values.len() > 3 && values.contains(&None),
            "{name}: {values:?}"
        );
    }
    assert!(
        books
            .lines()
            .iter()
            .all(|line| line.cost_category("Unknown").is_none())
    );
}
