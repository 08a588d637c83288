//! What was said of unusual costs, and what AWS said.

use std::collections::BTreeMap;

use domain::{
    Error,
    account::ConnectionId,
    anomaly::{AwsMonitor, MonitorKind},
    detector::Sensitivity,
    unusual::{EventId, FromAws, Mark, Said},
    user::UserId,
};
use server::store::{Store, StoreError, anomalies::StoredMark};
use uuid::Uuid;

use crate::support::{Fresh, connected, day, noon, on_both, person};

on_both!(
    the_usual_sensitivity_holds_until_somebody_chooses,
    a_mark_is_about_days_and_the_last_word_counts,
    a_mark_of_aws_s_is_by_its_id,
    aws_s_answer_comes_back_as_it_was,
    all_of_it_goes_with_the_connection,
);

fn mark(service: &str, start: &str, last: &str, mark: Mark) -> StoredMark {
    StoredMark {
        event: EventId {
            service: service.to_owned(),
            account: "111122223333".to_owned(),
            start: day(start),
        },
        last_day: day(last),
        mark,
    }
}

async fn one(fresh: &Fresh) -> (Store, ConnectionId, UserId) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    (store, id, ann)
}

async fn the_usual_sensitivity_holds_until_somebody_chooses(fresh: Fresh) {
    let (store, id, _) = one(&fresh).await;
    let kept = store.anomalies();
    assert_eq!(kept.sensitivity(id).await.unwrap(), Sensitivity::Normal);
    for sensitivity in Sensitivity::ALL {
        kept.set_sensitivity(id, sensitivity).await.unwrap();
        assert_eq!(kept.sensitivity(id).await.unwrap(), sensitivity);
    }
}

async fn a_mark_is_about_days_and_the_last_word_counts(fresh: Fresh) {
    let (store, id, _) = one(&fresh).await;
    let kept = store.anomalies();
    let first = mark("EC2", "2026-10-07", "2026-10-09", Mark::Expected);
    let other = mark("S3", "2026-10-07", "2026-10-09", Mark::Mistake);
    kept.mark(id, &first, noon()).await.unwrap();
    kept.mark(id, &other, noon()).await.unwrap();
    assert_eq!(
        kept.marks(id).await.unwrap(),
        [first.clone(), other.clone()]
    );
    // Found again, the event begins a day earlier: it is the same one.
    let again = mark("EC2", "2026-10-06", "2026-10-08", Mark::Mistake);
    kept.mark(id, &again, noon()).await.unwrap();
    assert_eq!(
        kept.marks(id).await.unwrap(),
        [again.clone(), other.clone()]
    );
    let later = mark("EC2", "2026-10-09", "2026-10-12", Mark::Expected);
    kept.mark(id, &later, noon()).await.unwrap();
    assert_eq!(kept.marks(id).await.unwrap().len(), 3);
    kept.unmark(id, &later.event, day("2026-10-20"))
        .await
        .unwrap();
    assert_eq!(kept.marks(id).await.unwrap(), [again, other]);
}

async fn a_mark_of_aws_s_is_by_its_id(fresh: Fresh) {
    let (store, id, ann) = one(&fresh).await;
    let other = connected(&store, ann, "444455556666").await;
    let kept = store.anomalies();
    assert!(kept.marks_of_aws(id).await.unwrap().is_empty());
    for (anomaly, mark) in [
        ("a", Mark::Expected),
        ("b", Mark::Expected),
        ("b", Mark::Mistake),
    ] {
        kept.mark_aws(id, anomaly, mark, noon()).await.unwrap();
    }
    let expected = [("a", Mark::Expected), ("b", Mark::Mistake)];
    let expected = expected.map(|(anomaly, mark)| (anomaly.to_owned(), mark));
    assert_eq!(
        kept.marks_of_aws(id).await.unwrap(),
        BTreeMap::from(expected)
    );
    // Another connection's are its own, and so are its words about them.
    assert!(kept.marks_of_aws(other).await.unwrap().is_empty());
    kept.unmark_aws(other, "a").await.unwrap();
    kept.unmark_aws(id, "b").await.unwrap();
    let left = kept.marks_of_aws(id).await.unwrap();
    assert_eq!(left, BTreeMap::from([("a".to_owned(), Mark::Expected)]));
}

async fn aws_s_answer_comes_back_as_it_was(fresh: Fresh) {
    let (store, id, _) = one(&fresh).await;
    let kept = store.anomalies();
    assert_eq!(kept.from_aws(id).await.unwrap(), None);
    let mut answer = FromAws {
        asked_at: noon(),
        monitors: Said::Told(vec![AwsMonitor {
            arn: "arn:aws:ce::111122223333:anomalymonitor/x".to_owned(),
            name: "All services".to_owned(),
            kind: MonitorKind::Dimensional,
            dimension: Some("SERVICE".to_owned()),
            created_on: None,
            evaluated_on: Some(day("2026-11-23")),
            watched_values: 12,
        }]),
        anomalies: Said::Refused(Error::not_found("anomaly")),
    };
    kept.keep_from_aws(id, &answer).await.unwrap();
    assert_eq!(kept.from_aws(id).await.unwrap(), Some(answer.clone()));
    answer.anomalies = Said::Told(Vec::new());
    kept.keep_from_aws(id, &answer).await.unwrap();
    assert_eq!(kept.from_aws(id).await.unwrap(), Some(answer));
}

async fn all_of_it_goes_with_the_connection(fresh: Fresh) {
    let (store, id, ann) = one(&fresh).await;
    let kept = store.anomalies();
    let said = mark("EC2", "2026-10-07", "2026-10-09", Mark::Expected);
    kept.mark(id, &said, noon()).await.unwrap();
    kept.mark_aws(id, "a", Mark::Expected, noon())
        .await
        .unwrap();
    kept.set_sensitivity(id, Sensitivity::High).await.unwrap();
    let gone = ConnectionId(Uuid::new_v4());
    let refused = kept.mark(gone, &said, noon()).await;
    assert!(matches!(refused, Err(StoreError::OwnerGone)), "{refused:?}");
    let refused = kept.mark_aws(gone, "a", Mark::Expected, noon()).await;
    assert!(matches!(refused, Err(StoreError::OwnerGone)), "{refused:?}");
    let refused = kept.set_sensitivity(gone, Sensitivity::Low).await;
    assert!(matches!(refused, Err(StoreError::OwnerGone)), "{refused:?}");
    assert!(store.connections().delete(ann, id).await.unwrap());
    assert_eq!(kept.marks(id).await.unwrap(), []);
    assert!(kept.marks_of_aws(id).await.unwrap().is_empty());
    assert_eq!(kept.sensitivity(id).await.unwrap(), Sensitivity::Normal);
}
