//! Reservations and Savings Plans.

use domain::{
    commitments::{CommitmentQuestion, Owned, Report},
    cube::Granularity,
    dimension::{Dimension, Filter},
};
use server::aws::Priority::Sync;
use simulator::books::{Books, Metric};

use super::*;

fn question(granularity: Granularity, period: Period, service: Option<&str>) -> CommitmentQuestion {
    CommitmentQuestion {
        period,
        granularity,
        filter: service.map(|service| Filter::In {
            key: Dimension::Service.into(),
            values: vec![service.to_owned()],
        }),
    }
}

fn report<T>(owned: Owned<Report<T>>) -> Report<T> {
    match owned {
        Owned::Some(report) => report,
        Owned::None => panic!("the sample company has some"),
    }
}

/// A total of the books over the lines of some record type, in 10⁻¹⁰.
fn sum(books: &Books, period: Period, today: NaiveDate, metric: Metric, record_type: &str) -> i128 {
    let range = period.start()..period.end();
    books.total(range, today, metric, |line| line.record_type == record_type)
}

/// The service that the company has reservations for.
fn reserved_service(books: &Books) -> &'static str {
    let mut lines = books.lines().iter();
    let line = lines.find(|line| line.record_type == "DiscountedUsage");
    line.expect("reserved usage").service
}

#[tokio::test]
async fn reservations_are_used_as_the_books_say() {
    let stage = Stage::new().await;
    let (books, today) = (stage.simulator.books(), stage.simulator.today());
    let target = stage.target(&keys::GOOD);
    let service = reserved_service(&books);
    let mut requests = 0;
    for (granularity, period) in [
        (Granularity::Daily, days("2026-11-01", "2026-11-24")),
        (Granularity::Monthly, days("2026-08-10", "2026-11-24")),
    ] {
        let asked = question(granularity, period, Some(service));
        let used = stage.gateway.reservation_utilization(&target, &asked, Sync);
        let used = used.await.unwrap();
        requests += used.requests;
        let used = report(used.value);
        let pieces = match granularity {
            Granularity::Daily => period.len(),
            Granularity::Monthly => period.by_month().len(),
        };
        assert_eq!(used.pieces.len(), pieces);
        for piece in &used.pieces {
            let hours = sum(
                &books,
                piece.period,
                today,
                Metric::UsageQuantity,
                "DiscountedUsage",
            );
            let value = piece.value;
            assert_eq!(
                value.used_hours,
                simulator::books::decimal(hours).parse().ok()
            );
            let (bought, unused) = (value.purchased_hours, value.unused_hours.unwrap());
            assert!((bought - value.used_hours.unwrap() - unused).abs() < 1e-6);
            let cost = sum(
                &books,
                piece.period,
                today,
                Metric::AmortizedCost,
                "DiscountedUsage",
            );
            let fee = value.fees.total.unwrap();
            let unused_cost = fee.0 - exact(cost).0;
            let off = (value.unused_cost.unwrap().0 - unused_cost).abs();
            assert!(
                off <= 1,
                "the unused part is what the used one leaves of the fee"
            );
        }
        let whole = sum(
            &books,
            period,
            today,
            Metric::UsageQuantity,
            "DiscountedUsage",
        );
        let total = used.total.unwrap();
        assert_eq!(
            total.used_hours,
            simulator::books::decimal(whole).parse().ok()
        );

        let covered = stage.gateway.reservation_coverage(&target, &asked, Sync);
        let covered = covered.await.unwrap();
        requests += covered.requests;
        let covered = report(covered.value);
        assert_eq!(covered.pieces.len(), pieces);
        let total = covered.total.unwrap();
        assert_eq!(
            Some(total.reserved_hours),
            simulator::books::decimal(whole).parse().ok()
        );
        let parts = total.reserved_hours + total.on_demand_hours;
        assert!((total.total_hours - parts).abs() < 1e-6);
    }
    assert_counted(&stage, requests);
}

#[tokio::test]
async fn savings_plans_are_used_as_the_books_say() {
    const COVERED: &str = "SavingsPlanCoveredUsage";
    let stage = Stage::new().await;
    let (books, today) = (stage.simulator.books(), stage.simulator.today());
    let target = stage.target(&keys::GOOD);
    let period = days("2026-10-20", "2026-11-24");
    let asked = question(Granularity::Daily, period, None);
    let used = stage
        .gateway
        .savings_plans_utilization(&target, &asked, Sync);
    let used = used.await.unwrap();
    let covered = stage.gateway.savings_plans_coverage(&target, &asked, Sync);
    let covered = covered.await.unwrap();
    assert_eq!(
        (used.requests, covered.requests),
        (1, 1),
        "all days come on one page"
    );
    assert_counted(&stage, 2);

    let (used, covered) = (report(used.value), report(covered.value));
    assert_eq!(
        (used.pieces.len(), covered.pieces.len()),
        (period.len(), period.len())
    );
    for piece in &used.pieces {
        let at_plan = sum(&books, piece.period, today, Metric::AmortizedCost, COVERED);
        let on_demand = sum(&books, piece.period, today, Metric::UnblendedCost, COVERED);
        let value = piece.value;
        assert_eq!(value.used, exact(at_plan));
        assert_eq!(value.on_demand_equivalent, Some(exact(on_demand)));
        let lost = value.commitment.0 - value.used.0 - value.unused.0;
        assert!(lost.abs() <= 1, "used and unused are all of it");
    }
    for piece in &covered.pieces {
        let on_demand = sum(&books, piece.period, today, Metric::UnblendedCost, COVERED);
        assert_eq!(piece.value.covered, exact(on_demand));
    }
    let whole = sum(&books, period, today, Metric::UnblendedCost, COVERED);
    let off = (covered.total.unwrap().covered.0 - exact(whole).0).unsigned_abs();
    assert!(off <= period.len() as u64, "each day is rounded once");
}

#[tokio::test]
async fn an_account_without_any_has_none_and_not_zero_percent() {
    let stage = Stage::new().await;
    let period = days("2026-11-01", "2026-11-24");
    let asked = question(Granularity::Monthly, period, None);
    let (newcomer, gateway) = (stage.target(&keys::BRAND_NEW), &stage.gateway);
    let used = gateway
        .reservation_utilization(&newcomer, &asked, Sync)
        .await;
    assert_eq!(used.unwrap().value, Owned::None);
    let covered = gateway.reservation_coverage(&newcomer, &asked, Sync).await;
    assert_eq!(covered.unwrap().value, Owned::None);
    let used = gateway
        .savings_plans_utilization(&newcomer, &asked, Sync)
        .await;
    assert_eq!(used.unwrap().value, Owned::None);
    let covered = gateway
        .savings_plans_coverage(&newcomer, &asked, Sync)
        .await;
    assert_eq!(covered.unwrap().value, Owned::None);
    // The sample company has database reservations only: none of EC2, which is what is
    // told about unless a service is named.
    let good = stage.target(&keys::GOOD);
    let used = gateway.reservation_utilization(&good, &asked, Sync).await;
    assert_eq!(used.unwrap().value, Owned::None);
    assert_counted(&stage, 5);
}
