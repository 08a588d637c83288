//! The ledger: exact sums, and lines that outlive connections.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    account::{COST_EXPLORER_REQUEST, ConnectionId},
    ledger::{Arrival, Asker, Departure, Operation, Payer},
    money::{Currency, Money, Nanos},
    user::UserId,
};
use server::store::{StoreError, ledger::Spender};

use crate::support::{Fresh, connected, noon, on_both, person, seconds};

on_both!(
    lines_tell_what_left_and_how_it_ended,
    spending_adds_up_by_whom_and_when,
    spending_stays_known_after_deleting,
    sums_that_are_none_are_errors,
);

fn departure(user: UserId, connection: Option<ConnectionId>, at: DateTime<Utc>) -> Departure {
    Departure {
        payer: Payer {
            user,
            connection,
            aws_account: None,
        },
        operation: Operation::GetCostAndUsage,
        attempt: 1,
        at,
        price: COST_EXPLORER_REQUEST,
        asker: Asker::Person,
    }
}

fn usd(nanos: i64) -> Money {
    Money::new(Nanos(nanos), Currency::USD)
}

async fn lines_tell_what_left_and_how_it_ended(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let ledger = store.ledger();
    let mut probe = departure(ann, None, noon());
    probe.operation = Operation::GetCallerIdentity;
    probe.price = usd(0);
    let mut costs = departure(ann, Some(id), noon() + seconds(1));
    costs.payer.aws_account = Some("111122223333".parse().unwrap());
    costs.attempt = 3;
    let arrival = Arrival {
        outcome: "aws_throttled".to_owned(),
        milliseconds: 1234,
        request_id: Some("5f0e…".to_owned()),
    };
    let first = ledger.depart(&probe).await.unwrap();
    let second = ledger.depart(&costs).await.unwrap();
    ledger.arrive(second, &arrival).await.unwrap();

    let tomorrow = noon() + TimeDelta::days(1);
    let lines = ledger
        .list(&Spender::User(ann), noon(), tomorrow)
        .await
        .unwrap();
    assert_eq!((lines[0].id, &lines[0].departure), (first, &probe));
    assert_eq!(lines[0].arrival, None);
    assert_eq!((lines[1].id, &lines[1].departure), (second, &costs));
    assert_eq!(lines[1].arrival, Some(arrival));
    assert_eq!(lines.len(), 2);
    let account = Spender::AwsAccount("111122223333".parse().unwrap());
    let lines = ledger.list(&account, noon(), tomorrow).await.unwrap();
    assert_eq!(lines.len(), 1);
}

async fn spending_adds_up_by_whom_and_when(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let bob = person(&store, "bob@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let ledger = store.ledger();
    let next = noon() + TimeDelta::days(1);
    for (user, connection, at) in [
        (ann, Some(id), noon()),
        (ann, Some(id), next - TimeDelta::microseconds(1)),
        (ann, None, noon() + seconds(5)),
        (ann, Some(id), next),
        (bob, None, noon()),
    ] {
        ledger
            .depart(&departure(user, connection, at))
            .await
            .unwrap();
    }
    // The first moment counts, the last one doesn't.
    for (spender, cents) in [
        (Spender::User(ann), 3),
        (Spender::Connection(id), 2),
        (Spender::User(bob), 1),
        (Spender::AwsAccount("111122223333".parse().unwrap()), 0),
    ] {
        let spent = ledger.spent(&spender, noon(), next).await.unwrap();
        assert_eq!(spent, usd(cents * 10_000_000), "{spender:?}");
    }
}

async fn spending_stays_known_after_deleting(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let ledger = store.ledger();
    let line = ledger
        .depart(&departure(ann, Some(id), noon()))
        .await
        .unwrap();
    assert!(store.connections().delete(ann, id).await.unwrap());
    // The answer may come after its connection has gone.
    let arrival = Arrival {
        outcome: "ok".to_owned(),
        milliseconds: 1,
        request_id: None,
    };
    ledger.arrive(line, &arrival).await.unwrap();
    for spender in [Spender::User(ann), Spender::Connection(id)] {
        let spent = ledger.spent(&spender, noon(), noon() + seconds(1)).await;
        assert_eq!(spent.unwrap(), COST_EXPLORER_REQUEST);
    }
}

async fn sums_that_are_none_are_errors(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let bob = person(&store, "bob@example.com").await;
    let ledger = store.ledger();
    let price = |user, price| Departure {
        price,
        ..departure(user, None, noon())
    };
    for price in [price(ann, usd(i64::MAX)), price(ann, usd(1))] {
        ledger.depart(&price).await.unwrap();
    }
    let later = noon() + seconds(1);
    let sum = ledger.spent(&Spender::User(ann), noon(), later).await;
    assert!(matches!(sum, Err(StoreError::TooLarge)));
    let yuan = Money::new(Nanos(1), "CNY".parse().unwrap());
    for price in [price(bob, yuan), price(bob, usd(1))] {
        ledger.depart(&price).await.unwrap();
    }
    let sum = ledger.spent(&Spender::User(bob), noon(), later).await;
    assert!(matches!(sum, Err(StoreError::MixedCurrencies)));
}
