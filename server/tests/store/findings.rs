//! Findings: put in each other's place, put off, booked.

use chrono::TimeDelta;
use domain::{
    findings::{Assessed, Check, Claim, FindingState, Thresholds},
    inventory::ResourceKind,
    money::{Currency, Nanos},
};
use server::store::{
    Store,
    findings::{Missing, Wanted},
};

use crate::support::{Fresh, connected, day, noon, on_both, person};

on_both!(
    what_is_found_again_keeps_its_name_and_what_is_mended_is_booked,
    a_snooze_ends_on_its_day,
    thresholds_are_usual_until_they_are_set,
);

fn assessed(resource: &str, dollars: i64) -> Assessed {
    Assessed {
        check: Check::UnattachedVolume,
        kind: ResourceKind::Volume,
        region: "us-east-1".to_owned(),
        resource: resource.to_owned(),
        name: None,
        since: None,
        facts: Vec::new(),
        lines: Vec::new(),
        claims: vec![Claim {
            usage_type: "EBS:VolumeUsage.gp3".to_owned(),
            amount: Nanos(dollars * 1_000_000_000),
            own: true,
        }],
        upper_bound: false,
        cut: false,
        command: String::new(),
        console: String::new(),
        subject: String::new(),
    }
}

fn wanted(state: FindingState) -> Wanted {
    Wanted {
        state,
        ..Wanted::default()
    }
}

async fn what_is_found_again_keeps_its_name_and_what_is_mended_is_booked(fresh: Fresh) {
    let store: Store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let (findings, usd, today) = (store.findings(), Currency::USD, day("2026-11-24"));
    let keep = |_: &Assessed| Missing::Unseen;
    let first = [
        assessed("vol-1", 1),
        assessed("vol-2", 5),
        assessed("vol-3", 2),
    ];
    findings
        .reconcile(id, &first, usd, keep, noon())
        .await
        .unwrap();
    let list = async |state| {
        let wanted = wanted(state);
        let list = findings.list(id, &wanted, today, (0, 9)).await.unwrap();
        let count = findings.count(id, &wanted, today).await.unwrap();
        assert_eq!(usize::try_from(count).unwrap(), list.len());
        list
    };
    let open = list(FindingState::Open).await;
    let names: Vec<_> = open
        .iter()
        .map(|one| one.assessed.resource.as_str())
        .collect();
    assert_eq!(names, ["vol-2", "vol-3", "vol-1"], "the dearest first");

    // One costs more now; one is mended, one only doesn't count any more.
    let later = noon() + TimeDelta::days(1);
    let missing = |one: &Assessed| match one.resource.as_str() {
        "vol-2" => Missing::Mended,
        _ => Missing::Dropped,
    };
    let second = [assessed("vol-1", 7)];
    findings
        .reconcile(id, &second, usd, missing, later)
        .await
        .unwrap();
    let now = list(FindingState::Open).await;
    assert_eq!(now.len(), 1);
    assert_eq!((now[0].id, now[0].found_at), (open[2].id, noon()));
    let resolved = list(FindingState::Resolved).await;
    assert_eq!((resolved.len(), resolved[0].resolved_at), (1, Some(later)));
    let sums = findings.sums(id, today).await.unwrap();
    assert_eq!(
        (sums.found.display(), sums.realized.display()),
        ("$7.00".into(), "$5.00".into())
    );

    // It comes back: open again, not saved any more.
    findings
        .reconcile(id, &first, usd, keep, later)
        .await
        .unwrap();
    let sums = findings.sums(id, today).await.unwrap();
    assert_eq!((sums.found.display(), sums.resolved), ("$8.00".into(), 0));
    assert!(store.connections().delete(ann, id).await.unwrap());
    assert_eq!(findings.find(open[0].id, today).await.unwrap(), None);
}

async fn a_snooze_ends_on_its_day(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let findings = store.findings();
    let keep = |_: &Assessed| Missing::Unseen;
    let (found, usd) = ([assessed("vol-1", 1)], Currency::USD);
    findings
        .reconcile(id, &found, usd, keep, noon())
        .await
        .unwrap();
    let open = wanted(FindingState::Open);
    let today = day("2026-11-24");
    let one = findings
        .list(id, &open, today, (0, 9))
        .await
        .unwrap()
        .remove(0);
    let until = Some(day("2026-12-01"));
    findings
        .decide(one.id, FindingState::Snoozed, until, "later")
        .await
        .unwrap();
    // Found again meanwhile, it stays put off.
    findings
        .reconcile(id, &found, usd, keep, noon())
        .await
        .unwrap();
    for (on, state) in [
        ("2026-11-30", FindingState::Snoozed),
        ("2026-12-01", FindingState::Open),
    ] {
        let on = day(on);
        let one = findings.find(one.id, on).await.unwrap().unwrap();
        assert_eq!((one.state, &*one.reason), (state, "later"));
        assert_eq!(findings.count(id, &wanted(state), on).await.unwrap(), 1);
        let sums = findings.sums(id, on).await.unwrap();
        assert_eq!(sums.open == 1, state == FindingState::Open);
    }
}

async fn thresholds_are_usual_until_they_are_set(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let findings = store.findings();
    assert_eq!(
        findings.thresholds(id).await.unwrap(),
        Thresholds::default()
    );
    let other = Thresholds {
        unattached: 30,
        ..Thresholds::default()
    };
    for _ in 0..2 {
        findings.set_thresholds(id, &other).await.unwrap();
        assert_eq!(findings.thresholds(id).await.unwrap(), other);
    }
}
