//! Costs against an oracle: the same sums, made in Rust from the same rows.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use domain::{
    cube::{Cube, CubeRow, DaySlice, LinkedAccountName},
    metric::Metric,
    money::{Currency, Nanos},
    period::Period,
};
use server::store::{
    StoreError,
    costs::{DailyCost, SliceInfo},
};

use crate::support::{Fresh, connected, day, moment, noon, on_both, person};

on_both!(
    sums_are_what_was_put_in,
    days_are_replaced_whole_and_others_stay,
    a_day_without_rows_is_stored_and_others_are_missing,
    nothing_is_stored_when_one_row_fails,
    sums_that_do_not_fit_are_errors,
    currencies_are_kept_apart,
    names_of_linked_accounts_are_the_latest,
    a_year_of_rows_is_stored_at_once,
);

const CUBE: Cube = Cube::ServiceAccount;

/// A row that costs `nanos` unblended and something else in every other metric.
pub fn row(key1: &str, key2: &str, nanos: i64) -> CubeRow {
    CubeRow {
        keys: [key1.to_owned(), key2.to_owned()],
        currency: Currency::USD,
        costs: [0, 1, 2, 3, 4].map(|more| Nanos(nanos + more)),
        usage_quantity: 0.5,
        usage_unit: "N/A".to_owned(),
        normalized_usage: 0.0,
    }
}

/// Days of rows that differ in everything, negative amounts among them.
fn days(first: NaiveDate, count: u64, services: usize, accounts: usize) -> Vec<DaySlice> {
    // The constants of Knuth's MMIX generator; any numbers would do.
    let mut state = 42_u64;
    let mut next = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(state >> 24).expect("40 bits")
    };
    (0..count)
        .map(|number| DaySlice {
            day: first + Days::new(number),
            estimated: number % 3 == 0,
            rows: (0..services)
                .flat_map(|service| (0..accounts).map(move |account| (service, account)))
                .map(|(service, account)| {
                    let mut row = row(
                        &format!("Service {service}"),
                        &format!("{:012}", account + 1),
                        0,
                    );
                    row.costs = row.costs.map(|_| Nanos(next() - (1 << 38)));
                    row
                })
                .collect(),
        })
        .collect()
}

fn oracle(days: &[DaySlice], period: Period, metric: Metric) -> Vec<DailyCost> {
    let mut sums: BTreeMap<(NaiveDate, &str, String), i128> = BTreeMap::new();
    for slice in days.iter().filter(|slice| period.contains(slice.day)) {
        for row in &slice.rows {
            let key = (slice.day, row.keys[0].as_str(), row.currency.to_string());
            let cost = row.cost(metric).expect("money");
            *sums.entry(key).or_default() += i128::from(cost.0);
        }
    }
    sums.into_iter()
        .map(|((day, key, currency), sum)| DailyCost {
            day,
            key: key.to_owned(),
            currency: currency.parse().expect("a currency"),
            amount: Nanos(i64::try_from(sum).expect("it fits")),
        })
        .collect()
}

fn period(start: &str, end: &str) -> Period {
    Period::new(day(start), day(end)).expect("a period")
}

async fn sums_are_what_was_put_in(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let other = connected(&store, ann, "444455556666").await;
    let today = day("2026-11-24");
    let all = days(day("2026-01-15"), 40, 13, 4);
    let costs = store.costs();
    costs
        .replace_slices(id, &CUBE.question(), today, noon(), &all, &[])
        .await
        .unwrap();
    // Another connection's rows are nobody's but its own.
    let others = days(day("2026-01-15"), 3, 2, 2);
    costs
        .replace_slices(other, &CUBE.question(), today, noon(), &others, &[])
        .await
        .unwrap();

    // The ends of a year, of months and of the stored days, all half open.
    for period in [
        period("2026-01-15", "2026-02-24"),
        period("2025-12-31", "2026-12-31"),
        period("2026-01-31", "2026-02-01"),
        period("2026-02-09", "2026-02-11"),
        period("2027-01-01", "2027-02-01"),
    ] {
        for metric in Metric::COSTS {
            let daily = costs.daily_by_key1(id, CUBE, period, metric).await.unwrap();
            assert_eq!(daily, oracle(&all, period, metric), "{period} {metric}");
        }
    }
    let usage = costs
        .daily_by_key1(id, CUBE, Period::day(today), Metric::UsageQuantity)
        .await;
    assert!(matches!(usage, Err(StoreError::NotMoney)));
}

async fn days_are_replaced_whole_and_others_stay(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let costs = store.costs();
    let mut all = days(day("2026-02-27"), 5, 3, 2);
    let (first, later) = (day("2026-03-04"), day("2026-03-06"));
    costs
        .replace_slices(id, &CUBE.question(), first, noon(), &all, &[])
        .await
        .unwrap();
    // AWS restates two days: rows go, come and change.
    let restated = [
        DaySlice {
            day: day("2026-03-01"),
            estimated: false,
            rows: vec![
                row("Service 1", "000000000001", 7),
                row("New", "000000000009", -7),
            ],
        },
        DaySlice {
            day: day("2026-02-28"),
            estimated: false,
            rows: vec![row("Service 0", "000000000002", 1)],
        },
    ];
    let again = moment("2026-11-26T00:00:00.000001Z");
    costs
        .replace_slices(id, &CUBE.question(), later, again, &restated, &[])
        .await
        .unwrap();
    for slice in restated {
        let place = all.iter().position(|old| old.day == slice.day).unwrap();
        all[place] = slice;
    }
    let period = period("2026-02-01", "2026-04-01");
    let daily = costs
        .daily_by_key1(id, CUBE, period, Metric::NetAmortized)
        .await;
    assert_eq!(daily.unwrap(), oracle(&all, period, Metric::NetAmortized));
    let slices = costs.slices(id, &CUBE.question(), period).await.unwrap();
    let expected: Vec<SliceInfo> = all
        .iter()
        .map(|slice| {
            let restated = [day("2026-02-28"), day("2026-03-01")].contains(&slice.day);
            SliceInfo {
                day: slice.day,
                estimated: slice.estimated,
                asked_on: if restated { later } else { first },
                asked_at: if restated { again } else { noon() },
            }
        })
        .collect();
    assert_eq!(slices, expected);
}

async fn a_day_without_rows_is_stored_and_others_are_missing(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let free = DaySlice {
        day: day("2026-03-02"),
        estimated: false,
        rows: Vec::new(),
    };
    let costs = store.costs();
    let today = day("2026-03-04");
    costs
        .replace_slices(id, &CUBE.question(), today, noon(), &[free], &[])
        .await
        .unwrap();
    costs
        .replace_slices(id, &CUBE.question(), today, noon(), &[], &[])
        .await
        .unwrap();
    let period = period("2026-03-01", "2026-03-04");
    let stored: Vec<NaiveDate> = (costs
        .slices(id, &CUBE.question(), period)
        .await
        .unwrap()
        .iter())
    .map(|slice| slice.day)
    .collect();
    assert_eq!(stored, [day("2026-03-02")]);
    let daily = costs
        .daily_by_key1(id, CUBE, period, Metric::Unblended)
        .await;
    assert_eq!(daily.unwrap(), []);
}

async fn nothing_is_stored_when_one_row_fails(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let costs = store.costs();
    let today = day("2026-03-10");
    let before = days(day("2026-03-01"), 5, 4, 2);
    costs
        .replace_slices(id, &CUBE.question(), today, noon(), &before, &[])
        .await
        .unwrap();
    // The last of many rows comes twice: all that went before has to go back.
    let mut after = days(day("2026-03-01"), 9, 40, 2);
    let twice = after[8].rows[79].clone();
    after[8].rows.push(twice);
    let name = LinkedAccountName {
        account: "111122223333".parse().unwrap(),
        name: "Main".to_owned(),
    };
    let failed = costs
        .replace_slices(id, &CUBE.question(), today, noon(), &after, &[name])
        .await
        .unwrap_err();
    assert!(matches!(failed, StoreError::Twice), "{failed:?}");
    let shown = format!("{failed} {failed:?}");
    assert!(!shown.contains("Service"), "{shown}");

    let period = period("2026-03-01", "2026-04-01");
    let daily = costs.daily_by_key1(id, CUBE, period, Metric::Blended).await;
    assert_eq!(daily.unwrap(), oracle(&before, period, Metric::Blended));
    assert_eq!(
        costs
            .slices(id, &CUBE.question(), period)
            .await
            .unwrap()
            .len(),
        5
    );
    assert_eq!(costs.linked_account_names(id).await.unwrap(), []);
    // And the connection that writes is as good as before.
    costs
        .replace_slices(id, &CUBE.question(), today, noon(), &after[..8], &[])
        .await
        .unwrap();
    assert_eq!(
        costs
            .slices(id, &CUBE.question(), period)
            .await
            .unwrap()
            .len(),
        8
    );
}

async fn sums_that_do_not_fit_are_errors(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let costs = store.costs();
    let most = |key2: &str, nanos: i64| {
        let mut most = row("Amazon S3", key2, 0);
        most.costs = [Nanos(nanos); 5];
        most
    };
    let put = async |rows: Vec<CubeRow>| {
        let slice = DaySlice {
            day: day("2026-03-02"),
            estimated: false,
            rows,
        };
        costs
            .replace_slices(
                id,
                &CUBE.question(),
                day("2026-03-04"),
                noon(),
                &[slice],
                &[],
            )
            .await?;
        let period = Period::day(day("2026-03-02"));
        costs
            .daily_by_key1(id, CUBE, period, Metric::Unblended)
            .await
    };
    // The first whole number that a float can't hold.
    let sum = put(vec![most("1", 1 << 53), most("2", 1)]).await.unwrap();
    assert_eq!(sum[0].amount, Nanos((1 << 53) + 1));
    let sum = put(vec![most("1", i64::MAX - 1), most("2", 1)])
        .await
        .unwrap();
    assert_eq!(sum[0].amount, Nanos(i64::MAX));
    let sum = put(vec![most("1", i64::MIN + 1), most("2", -1)])
        .await
        .unwrap();
    assert_eq!(sum[0].amount, Nanos(i64::MIN));
    // What can't be exact isn't stored, and what was stored before stays.
    for rows in [
        vec![most("1", i64::MAX), most("2", 1)],
        vec![most("1", i64::MIN), most("2", -1)],
    ] {
        let error = put(rows).await.unwrap_err();
        assert!(matches!(error, StoreError::TooLarge), "{error:?}");
        let period = Period::day(day("2026-03-02"));
        let stays = costs.daily_by_key1(id, CUBE, period, Metric::Unblended);
        assert_eq!(stays.await.unwrap()[0].amount, Nanos(i64::MIN));
    }
}

async fn currencies_are_kept_apart(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let yuan: Currency = "CNY".parse().unwrap();
    let mut chinese = row("Amazon S3", "444455556666", 700);
    chinese.currency = yuan;
    let slice = DaySlice {
        day: day("2026-03-02"),
        estimated: false,
        rows: vec![row("Amazon S3", "111122223333", 5), chinese],
    };
    let costs = store.costs();
    costs
        .replace_slices(
            id,
            &CUBE.question(),
            day("2026-03-04"),
            noon(),
            &[slice],
            &[],
        )
        .await
        .unwrap();
    let period = Period::day(day("2026-03-02"));
    let daily = costs
        .daily_by_key1(id, CUBE, period, Metric::Unblended)
        .await;
    let sums: Vec<(Currency, i64)> = (daily.unwrap().iter())
        .map(|cost| (cost.currency, cost.amount.0))
        .collect();
    assert_eq!(sums, [(yuan, 700), (Currency::USD, 5)]);
}

async fn names_of_linked_accounts_are_the_latest(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let name = |account: &str, name: &str| LinkedAccountName {
        account: account.parse().expect("an account"),
        name: name.to_owned(),
    };
    let costs = store.costs();
    let today = day("2026-03-04");
    for names in [
        vec![name("222222222222", "Old"), name("111111111111", "Main")],
        // Told twice in one answer, and differently: the last one counts.
        vec![
            name("222222222222", "Newer"),
            name("222222222222", "Newest"),
        ],
    ] {
        costs
            .replace_slices(id, &CUBE.question(), today, noon(), &[], &names)
            .await
            .unwrap();
    }
    assert_eq!(
        costs.linked_account_names(id).await.unwrap(),
        [name("111111111111", "Main"), name("222222222222", "Newest")]
    );
}

async fn a_year_of_rows_is_stored_at_once(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    // More days than fit into one statement, and readers meanwhile.
    let all = days(day("2025-01-01"), 600, 9, 4);
    let (today, costs) = (day("2026-11-24"), store.costs());
    let period = period("2025-01-01", "2027-01-01");
    let reading = async {
        for _ in 0..20 {
            let seen = costs
                .slices(id, &CUBE.question(), period)
                .await
                .unwrap()
                .len();
            assert!([0, 600].contains(&seen), "half a transaction: {seen}");
        }
    };
    let begun = std::time::Instant::now();
    let question = CUBE.question();
    let (stored, ()) = tokio::join!(
        costs.replace_slices(id, &question, today, noon(), &all, &[]),
        reading
    );
    stored.unwrap();
    println!("{} rows in {:?}", 600 * 36, begun.elapsed());
    let daily = costs
        .daily_by_key1(id, CUBE, period, Metric::Unblended)
        .await;
    assert_eq!(daily.unwrap(), oracle(&all, period, Metric::Unblended));
}
