//! The ledger's sums as the page shows them: every way of cutting adds up to the whole.

use domain::account::COST_EXPLORER_REQUEST;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const TODAY: &str = "2026-11-24";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn id(number: u128) -> ConnectionId {
    ConnectionId(Uuid::from_u128(number))
}

fn cents(count: i64) -> Money {
    Money::new(Nanos(count * COST_EXPLORER_REQUEST.amount.0), Currency::USD)
}

fn known(number: u128, sample: bool) -> Known {
    Known {
        id: id(number),
        name: format!("Connection {number}"),
        cap: CapStatus {
            connection: id(number),
            cap: domain::spending::Cap::DEFAULT,
            month: Period::month_of(day(TODAY)),
            spent: cents(0),
            sample,
        },
    }
}

fn line(on: &str, connection: Option<u128>, operation: Operation, requests: u64) -> LedgerSum {
    let price = operation.price().amount.0 * i64::try_from(requests).unwrap();
    LedgerSum {
        day: day(on),
        connection: connection.map(id),
        aws_account: Some("111122223333".parse().unwrap()),
        operation,
        sample: false,
        spent: Spent {
            requests,
            failed: 0,
            price: Money::new(Nanos(price), Currency::USD),
        },
    }
}

#[test]
fn requests_are_told_by_day_operation_connection_and_month() {
    let costs = Operation::GetCostAndUsage;
    let sample = LedgerSum {
        sample: true,
        ..line(TODAY, Some(2), costs, 40)
    };
    let ledger = [
        line(TODAY, Some(1), costs, 3),
        line(TODAY, Some(1), Operation::DescribeVolumes, 9),
        line("2026-11-01", Some(1), Operation::GetTags, 2),
        line("2026-10-31", Some(1), costs, 100),
        line("2026-11-02", Some(7), costs, 20),
        line("2026-11-03", None, costs, 1),
        sample,
    ];
    let known = vec![known(1, false), known(2, true)];
    let page = report(day(TODAY), 12, &ledger, known, Vec::new()).unwrap();
    assert_eq!(page.spent_today.price, cents(3));
    assert_eq!((page.spent_today.requests, page.sample.requests), (12, 40));
    assert_eq!(page.spent_this_month.price, cents(26));
    let told: Vec<_> = page
        .operations
        .iter()
        .map(|one| (one.operation, one.month.price))
        .collect();
    assert_eq!(
        told,
        [
            (costs, cents(24)),
            (Operation::GetTags, cents(2)),
            (Operation::DescribeVolumes, cents(0)),
        ]
    );
    let told: Vec<_> = page
        .connections
        .iter()
        .map(|one| (one.purpose.clone(), one.month.price))
        .collect();
    assert_eq!(
        told,
        [
            (
                Purpose::Deleted(Some("111122223333".parse().unwrap())),
                cents(20)
            ),
            (
                Purpose::Connection {
                    id: id(1),
                    name: "Connection 1".to_owned()
                },
                cents(5)
            ),
            (Purpose::Proving, cents(1)),
        ]
    );
    assert_eq!(page.months.len(), 12);
    assert_eq!(page.months[0].period, Period::month_to_date(day(TODAY)));
    assert_eq!(page.months[1].spent.price, cents(100));
    assert_eq!(page.months[11].period.start(), day("2025-12-01"));
}

#[test]
fn both_sums_are_about_the_same_days() {
    let costs = Operation::GetCostAndUsage;
    let account = "111122223333".parse().unwrap();
    let other = LedgerSum {
        aws_account: Some("444455556666".parse().unwrap()),
        ..line("2026-11-10", Some(1), costs, 50)
    };
    let ledger = [
        line("2026-10-20", Some(1), costs, 5),
        line("2026-11-10", Some(1), costs, 2),
        // AWS hasn't finished this day.
        line("2026-11-23", Some(1), costs, 30),
        other,
    ];
    let theirs = HashMap::from([
        (day("2026-10-01"), Some(cents(900))),
        (day("2026-10-20"), Some(cents(6))),
        (day("2026-11-10"), Some(cents(2))),
        (day("2026-11-11"), None),
    ]);
    let period = Period::months_to_date(day(TODAY), 12);
    let months = compare(period, &account, &ledger, &theirs).unwrap();
    let told: Vec<_> = months
        .iter()
        .map(|month| (month.period.start(), month.days, month.ours, month.theirs))
        .collect();
    // Nothing from before the first own request: that was somebody else's.
    assert_eq!(
        told,
        [
            (day("2026-11-01"), 2, cents(2), Some(cents(2))),
            (day("2026-10-20"), 1, cents(5), Some(cents(6))),
        ]
    );
    let unknown = compare(period, &account, &ledger, &HashMap::new()).unwrap();
    assert!(
        unknown
            .iter()
            .all(|month| month.theirs.is_none() && month.ours == cents(0))
    );
    let nobody = "999900001111".parse().unwrap();
    assert!(
        compare(period, &nobody, &ledger, &theirs)
            .unwrap()
            .is_empty()
    );
}

proptest! {
    #[test]
    fn every_cut_adds_up_to_the_month(
        lines in proptest::collection::vec((0_u64..60, 0_u128..5, 0_usize..19, 1_u64..9), 0..60)
    ) {
        let ledger: Vec<_> = lines
            .iter()
            .map(|(ago, connection, operation, requests)| {
                let on = day(TODAY) - chrono::Days::new(*ago);
                let connection = (*connection > 0).then_some(*connection);
                LedgerSum {
                    sample: connection == Some(2),
                    ..line(&on.to_string(), connection, Operation::ALL[*operation], *requests)
                }
            })
            .collect();
        let known = vec![known(1, false), known(2, true), known(3, false)];
        let page = report(day(TODAY), 12, &ledger, known, Vec::new()).unwrap();
        let total = |all: Vec<Spent>| all.into_iter().try_fold(Spent::NOTHING, Spent::and).unwrap();
        let month = page.spent_this_month;
        prop_assert_eq!(total(page.connections.iter().map(|one| one.month).collect()), month);
        prop_assert_eq!(total(page.operations.iter().map(|one| one.month).collect()), month);
        prop_assert_eq!(total(page.operations.iter().map(|one| one.today).collect()), page.spent_today);
        prop_assert_eq!(page.months[0].spent, month);
        let all = ledger.iter().filter(|one| !one.sample).map(|one| one.spent).collect();
        prop_assert_eq!(total(page.months.iter().map(|one| one.spent).collect()), total(all));
    }
}
