//! AWS's answers about commitments, and what is to be reached.

use domain::{
    Error,
    account::ConnectionId,
    committed::{CommittedFromAws, Held, Holding, Measure, Row, Targets, What},
    money::Nanos,
    period::Period,
    unusual::Said,
};
use server::store::StoreError;
use uuid::Uuid;

use crate::support::{Fresh, connected, day, noon, on_both, person};

on_both!(
    answers_come_back_as_they_were,
    the_usual_targets_hold_until_somebody_chooses,
    commitments_go_with_their_connection,
);

fn answer() -> CommittedFromAws {
    let row = Row {
        period: Period::month_of(day("2026-10-01")),
        bought: Measure::Hours(744.0),
        used: Some(Measure::Hours(700.25)),
        unused: Some(Measure::Spent(Nanos(i64::MAX))),
        used_percent: Some(94.1),
        covered_percent: None,
        net_savings: Some(Nanos(-1)),
        unused_cost: None,
    };
    let held = Held {
        months: vec![row],
        days: Vec::new(),
        gaps: vec![Error::not_found("coverage")],
    };
    CommittedFromAws {
        asked_at: noon(),
        holdings: vec![
            Holding {
                what: What::SavingsPlans,
                held: Said::Told(None),
            },
            Holding {
                what: What::Reservations("Amazon Redshift".to_owned()),
                held: Said::Told(Some(held)),
            },
        ],
    }
}

async fn answers_come_back_as_they_were(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let kept = store.commitments();
    assert_eq!(kept.from_aws(id).await.unwrap(), None);
    let mut made = answer();
    kept.keep(id, &made).await.unwrap();
    assert_eq!(kept.from_aws(id).await.unwrap(), Some(made.clone()));
    made.holdings.pop();
    kept.keep(id, &made).await.unwrap();
    assert_eq!(kept.from_aws(id).await.unwrap(), Some(made));
}

async fn the_usual_targets_hold_until_somebody_chooses(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let kept = store.commitments();
    assert_eq!(kept.targets(id).await.unwrap(), Targets::default());
    for (used, covered) in [(0, 100), (99, 1)] {
        let targets = Targets { used, covered };
        kept.set_targets(id, targets).await.unwrap();
        assert_eq!(kept.targets(id).await.unwrap(), targets);
    }
}

async fn commitments_go_with_their_connection(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let kept = store.commitments();
    kept.keep(id, &answer()).await.unwrap();
    let gone = ConnectionId(Uuid::new_v4());
    let refused = kept.keep(gone, &answer()).await;
    assert!(matches!(refused, Err(StoreError::OwnerGone)), "{refused:?}");
    assert!(store.connections().delete(ann, id).await.unwrap());
    assert_eq!(kept.from_aws(id).await.unwrap(), None);
}
