//! The cap: exact whoever asks at once, and sums that leave the sample out.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    account::{COST_EXPLORER_REQUEST, ConnectionId, ConnectionKind},
    ledger::{Arrival, Asker, Departure, Operation, Payer},
    money::{Currency, Money, Nanos},
    period::Period,
    spending::{Cap, Spent},
    user::UserId,
};
use server::store::{
    Store, StoreError,
    ledger::{DepartError, Spender},
};

use crate::support::{Fresh, connected, connection, day, moment, noon, on_both, person, seconds};

on_both!(
    nobody_slips_past_the_cap_together,
    a_person_always_passes_and_counts,
    months_begin_anew,
    nothing_of_a_cap_of_zero,
    free_requests_and_the_sample_account_need_no_cap,
    caps_are_kept_and_go_with_their_connection,
    sums_tell_days_operations_and_the_sample_apart,
);

fn departure(user: UserId, connection: ConnectionId, asker: Asker) -> Departure {
    Departure {
        payer: Payer {
            user,
            connection: Some(connection),
            aws_account: Some("111122223333".parse().unwrap()),
        },
        operation: Operation::GetCostAndUsage,
        attempt: 1,
        at: noon(),
        price: COST_EXPLORER_REQUEST,
        asker,
    }
}

fn cents(count: i64) -> Money {
    Money::new(Nanos(count * 10_000_000), Currency::USD)
}

async fn spent(store: &Store, id: ConnectionId) -> Money {
    let from = moment("2026-11-01T00:00:00Z");
    let to = moment("2026-12-01T00:00:00Z");
    let spender = Spender::Connection(id);
    store.ledger().spent(&spender, from, to).await.unwrap()
}

fn refused(result: &Result<server::store::ledger::LedgerId, DepartError>) -> bool {
    matches!(result, Err(DepartError::CapReached))
}

async fn nobody_slips_past_the_cap_together(fresh: Fresh) {
    // Two processes on one database.
    let stores = [fresh.store().await, fresh.store().await];
    let ann = person(&stores[0], "ann@example.com").await;
    let id = connected(&stores[0], ann, "111122223333").await;
    let other = connected(&stores[0], ann, "444455556666").await;
    stores[1]
        .caps()
        .set(id, "0.17".parse().unwrap())
        .await
        .unwrap();
    let asking: Vec<_> = (0..40)
        .map(|place| {
            let store = stores[place % 2].clone();
            tokio::spawn(async move {
                let departure = departure(ann, id, Asker::Background);
                store.ledger().depart(&departure).await
            })
        })
        .collect();
    let mut left = 0;
    for one in asking {
        let result = one.await.unwrap();
        if refused(&result) {
            continue;
        }
        result.unwrap();
        left += 1;
    }
    assert_eq!(left, 17, "lines without an end count from their beginning");
    assert_eq!(spent(&stores[0], id).await, cents(17));
    // Each connection has its own.
    let departure = departure(ann, other, Asker::Background);
    stores[0].ledger().depart(&departure).await.unwrap();
}

async fn a_person_always_passes_and_counts(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    store.caps().set(id, "0.02".parse().unwrap()).await.unwrap();
    let ledger = store.ledger();
    for _ in 0..3 {
        ledger
            .depart(&departure(ann, id, Asker::Person))
            .await
            .unwrap();
    }
    assert!(refused(
        &ledger.depart(&departure(ann, id, Asker::Background)).await
    ));
    assert_eq!(spent(&store, id).await, cents(3));
    // A higher cap lets it go on at once.
    store.caps().set(id, "0.04".parse().unwrap()).await.unwrap();
    ledger
        .depart(&departure(ann, id, Asker::Background))
        .await
        .unwrap();
    assert!(refused(
        &ledger.depart(&departure(ann, id, Asker::Background)).await
    ));
    // Deleting frees nothing of what was spent, and a person's last line is still written.
    assert!(store.connections().delete(ann, id).await.unwrap());
    ledger
        .depart(&departure(ann, id, Asker::Person))
        .await
        .unwrap();
    assert!(matches!(
        ledger.depart(&departure(ann, id, Asker::Background)).await,
        Err(DepartError::Store(StoreError::OwnerGone))
    ));
    assert_eq!(spent(&store, id).await, cents(5));
}

async fn months_begin_anew(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    store.caps().set(id, "0.01".parse().unwrap()).await.unwrap();
    let ask = async |at: DateTime<Utc>| {
        let departure = Departure {
            at,
            ..departure(ann, id, Asker::Background)
        };
        store.ledger().depart(&departure).await
    };
    let december = moment("2026-12-01T00:00:00Z");
    ask(december - TimeDelta::microseconds(1)).await.unwrap();
    assert!(refused(&ask(december - seconds(1)).await));
    ask(december).await.unwrap();
    assert!(refused(&ask(december + seconds(1)).await));
    assert!(refused(&ask(noon()).await), "November stays full");
}

async fn nothing_of_a_cap_of_zero(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    store.caps().set(id, "0".parse().unwrap()).await.unwrap();
    assert!(refused(
        &store
            .ledger()
            .depart(&departure(ann, id, Asker::Background))
            .await
    ));
    assert_eq!(spent(&store, id).await, cents(0));
}

async fn free_requests_and_the_sample_account_need_no_cap(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let mut sample = connection(ann, "123456789012", "Sample account");
    sample.kind = ConnectionKind::Sample;
    store.connections().insert(&sample).await.unwrap();
    for one in [id, sample.id] {
        store.caps().set(one, "0".parse().unwrap()).await.unwrap();
    }
    let free = Departure {
        operation: Operation::DescribeVolumes,
        price: cents(0),
        ..departure(ann, id, Asker::Background)
    };
    store.ledger().depart(&free).await.unwrap();
    let departure = departure(ann, sample.id, Asker::Background);
    store.ledger().depart(&departure).await.unwrap();
}

async fn caps_are_kept_and_go_with_their_connection(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let caps = store.caps();
    assert_eq!(caps.get(id).await.unwrap(), Cap::DEFAULT);
    for text in ["7.5", "0", "1000"] {
        let cap: Cap = text.parse().unwrap();
        caps.set(id, cap).await.unwrap();
        assert_eq!(caps.get(id).await.unwrap(), cap);
    }
    assert!(store.connections().delete(ann, id).await.unwrap());
    let gone = caps.set(id, Cap::DEFAULT).await;
    assert!(matches!(gone, Err(StoreError::OwnerGone)), "{gone:?}");
}

async fn sums_tell_days_operations_and_the_sample_apart(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let bob = person(&store, "bob@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let mut sample = connection(ann, "123456789012", "Sample account");
    sample.kind = ConnectionKind::Sample;
    store.connections().insert(&sample).await.unwrap();
    let ledger = store.ledger();
    let midnight = moment("2026-11-25T00:00:00Z");
    let cost = departure(ann, id, Asker::Background);
    let mut proving = departure(ann, id, Asker::Person);
    proving.payer.connection = None;
    let others = departure(bob, id, Asker::Person);
    let lines = [
        cost.clone(),
        Departure {
            at: midnight - TimeDelta::microseconds(1),
            ..cost.clone()
        },
        Departure {
            at: midnight,
            ..cost.clone()
        },
        Departure {
            operation: Operation::GetTags,
            ..cost
        },
        departure(ann, sample.id, Asker::Background),
        proving,
        others,
    ];
    for (place, line) in lines.iter().enumerate() {
        let id = ledger.depart(line).await.unwrap();
        let outcome = if place == 1 { "aws_throttled" } else { "ok" };
        if place > 0 {
            let arrival = Arrival {
                outcome: outcome.to_owned(),
                milliseconds: 1,
                request_id: None,
            };
            ledger.arrive(id, &arrival).await.unwrap();
        }
    }
    let november = Period::month_of(day("2026-11-24"));
    let mut sums = ledger.sums(ann, november).await.unwrap();
    sums.sort_by_key(|sum| {
        let whose = sum.connection.map(|one| one == id);
        (sum.day, sum.operation, sum.sample, whose)
    });
    let told: Vec<_> = sums
        .iter()
        .map(|sum| {
            (
                sum.day,
                sum.operation,
                sum.sample,
                sum.connection,
                sum.spent,
            )
        })
        .collect();
    let one = Spent {
        requests: 1,
        failed: 0,
        price: cents(1),
    };
    let two = Spent {
        requests: 2,
        failed: 1,
        price: cents(2),
    };
    let (today, next) = (day("2026-11-24"), day("2026-11-25"));
    assert_eq!(
        told,
        [
            (today, Operation::GetCostAndUsage, false, None, one),
            (today, Operation::GetCostAndUsage, false, Some(id), two),
            (
                today,
                Operation::GetCostAndUsage,
                true,
                Some(sample.id),
                one
            ),
            (today, Operation::GetTags, false, Some(id), one),
            (next, Operation::GetCostAndUsage, false, Some(id), one),
        ]
    );
    // The sample stays the sample after it is gone, and days end at midnight UTC.
    assert!(store.connections().delete(ann, sample.id).await.unwrap());
    let one_day = ledger.sums(ann, Period::day(today)).await.unwrap();
    assert_eq!(one_day.iter().filter(|sum| sum.sample).count(), 1);
    assert_eq!(one_day.len(), 4);
}
