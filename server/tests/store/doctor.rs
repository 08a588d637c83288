//! The key doctor's findings: kept one by one, for one key, one examination at a time.

use chrono::TimeDelta;
use domain::{
    Code, Error,
    doctor::{CheckState, Finding},
    ledger::Operation,
};
use server::store::{StoreError, doctor::Examined};

use crate::support::{Fresh, connected, noon, on_both, person, seconds};

on_both!(
    findings_are_kept_one_by_one_for_one_key,
    one_examination_at_a_time,
    a_killed_examination_is_taken_over,
);

const KEY: Examined<'_> = Examined {
    key_hint: "AKIA…MPLE",
    arn: "arn:aws:iam::111122223333:user/ann",
};

fn finding(state: CheckState, reason: Option<Error>) -> Finding {
    Finding {
        state,
        reason,
        checked_at: noon() + seconds(1),
    }
}

async fn findings_are_kept_one_by_one_for_one_key(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let other = connected(&store, ann, "444455556666").await;
    let doctor = store.doctor();
    assert_eq!(doctor.progress(id, noon()).await.unwrap(), None);
    let run = doctor.begin(id, 3, noon()).await.unwrap().unwrap();
    let denied = finding(
        CheckState::Denied,
        Some(Error::new(Code::AwsDenied, "No.", "Ask.").with_policy("{}")),
    );
    let granted = finding(CheckState::Granted, None);
    for (operation, finding) in [
        (Operation::GetTags, &denied),
        (Operation::DescribeVolumes, &granted),
    ] {
        assert!(
            doctor
                .found(id, run, KEY, operation, finding)
                .await
                .unwrap()
        );
    }
    let progress = doctor
        .progress(id, noon() + seconds(2))
        .await
        .unwrap()
        .unwrap();
    assert!(progress.running);
    assert_eq!((progress.done, progress.total), (2, 3));
    doctor.end(id, run, noon() + seconds(3)).await.unwrap();
    let progress = doctor
        .progress(id, noon() + seconds(4))
        .await
        .unwrap()
        .unwrap();
    assert!(!progress.running);
    assert_eq!(
        doctor.findings(id, KEY).await.unwrap(),
        [
            (Operation::GetTags, denied),
            (Operation::DescribeVolumes, granted.clone())
        ]
    );
    assert!(doctor.findings(other, KEY).await.unwrap().is_empty());
    // Another key, or another person behind it, hasn't been examined.
    for another in [
        Examined {
            key_hint: "AKIA…OTHR",
            ..KEY
        },
        Examined {
            arn: "arn:x",
            ..KEY
        },
    ] {
        assert!(doctor.findings(id, another).await.unwrap().is_empty());
    }
    // Checked again, the new finding stands in the old one's place.
    let again = doctor.begin(id, 1, noon()).await.unwrap().unwrap();
    doctor
        .found(id, again, KEY, Operation::GetTags, &granted)
        .await
        .unwrap();
    let states: Vec<_> = doctor
        .findings(id, KEY)
        .await
        .unwrap()
        .into_iter()
        .map(|(_, finding)| finding.state)
        .collect();
    assert_eq!(states, [CheckState::Granted; 2]);
    assert!(store.connections().delete(ann, id).await.unwrap());
    assert!(doctor.findings(id, KEY).await.unwrap().is_empty());
    assert!(matches!(
        doctor.begin(id, 1, noon()).await,
        Err(StoreError::OwnerGone)
    ));
}

async fn one_examination_at_a_time(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let race: Vec<_> = (0..8)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.doctor().begin(id, 9, noon()).await.unwrap() })
        })
        .collect();
    let mut begun = 0;
    for one in race {
        begun += usize::from(one.await.unwrap().is_some());
    }
    assert_eq!(begun, 1);
}

async fn a_killed_examination_is_taken_over(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let doctor = store.doctor();
    let killed = doctor.begin(id, 9, noon()).await.unwrap().unwrap();
    let granted = finding(CheckState::Granted, None);
    doctor
        .found(id, killed, KEY, Operation::GetTags, &granted)
        .await
        .unwrap();
    let soon = noon() + TimeDelta::minutes(5);
    assert!(doctor.begin(id, 9, soon).await.unwrap().is_none());
    let later = soon + seconds(2);
    let stuck = doctor.progress(id, later).await.unwrap().unwrap();
    assert!(!stuck.running && stuck.done == 1);
    assert!(doctor.begin(id, 9, later).await.unwrap().is_some());
    // What comes late of the first one is kept, but moves nothing.
    let late = doctor
        .found(id, killed, KEY, Operation::DescribeVolumes, &granted)
        .await
        .unwrap();
    assert!(!late);
    assert_eq!(doctor.findings(id, KEY).await.unwrap().len(), 2);
    doctor.end(id, killed, later).await.unwrap();
    let progress = doctor.progress(id, later).await.unwrap().unwrap();
    assert!(progress.running && progress.done == 0);
}
