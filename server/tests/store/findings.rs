//! Findings: put in each other's place, put off, booked.

use chrono::TimeDelta;
use domain::{
    findings::{Assessed, Check, Claim, FindingState, Thresholds, Worth},
    inventory::ResourceKind,
    money::{Currency, Nanos},
};
use server::store::{
    Store,
    findings::{Missing, Wanted},
};

use crate::support::{Fresh, connected, day, noon, on_both, person};

on_both!(
    what_was_decided_is_remembered_while_a_finding_does_not_count,
    what_cannot_be_looked_for_is_not_found_by_another_check,
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
        claimed: Nanos(dollars * 1_000_000_000),
        held: Vec::new(),
        worth: Worth::Money,
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
        let tally = findings.tally(id, today).await.unwrap();
        let number = tally.iter().filter(|one| one.state == state);
        let number: u32 = number.map(|one| one.number).sum();
        assert_eq!(usize::try_from(number).unwrap(), list.len());
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
        // Half of it is still paid for.
        "vol-2" => Missing::Mended(Nanos(2_500_000_000)),
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
    assert_eq!(resolved[0].per_month().display(), "$2.50");
    let sums = findings.sums(id, today).await.unwrap();
    assert_eq!(
        (sums.found.display(), sums.realized.display()),
        ("$7.00".into(), "$2.50".into())
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
        let tally = findings.tally(id, on).await.unwrap();
        assert_eq!(
            (tally.len(), tally[0].state, tally[0].number),
            (1, state, 1)
        );
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

async fn what_was_decided_is_remembered_while_a_finding_does_not_count(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let (findings, usd, today) = (store.findings(), Currency::USD, day("2026-11-24"));
    let dropped = |_: &Assessed| Missing::Dropped;
    let found = [assessed("vol-1", 1), assessed("vol-2", 2)];
    let reconcile = async |found: &[Assessed]| {
        let done = findings.reconcile(id, found, usd, dropped, noon()).await;
        done.unwrap();
    };
    reconcile(&found).await;
    let open = wanted(FindingState::Open);
    let all = findings.list(id, &open, today, (0, 9)).await.unwrap();
    findings
        .decide(all[0].id, FindingState::Dismissed, None, "the law wants it")
        .await
        .unwrap();
    // Neither counts while it isn't found; only the one that was decided about is remembered.
    reconcile(&[]).await;
    assert_eq!(findings.tally(id, today).await.unwrap(), []);
    let dismissed = wanted(FindingState::Dismissed);
    let none = findings.list(id, &dismissed, today, (0, 9)).await.unwrap();
    assert_eq!(none, []);
    reconcile(&found).await;
    let again = findings.list(id, &dismissed, today, (0, 9)).await.unwrap();
    assert_eq!(
        (again[0].id, &*again[0].reason),
        (all[0].id, "the law wants it")
    );
    let open = findings.list(id, &open, today, (0, 9)).await.unwrap();
    assert_eq!((open.len(), &*open[0].assessed.resource), (1, "vol-1"));
    assert_ne!(open[0].id, all[1].id, "this one is new");
}

async fn what_cannot_be_looked_for_is_not_found_by_another_check(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let (findings, usd, today) = (store.findings(), Currency::USD, day("2026-11-24"));
    let snapshot = |check, resource: &str| Assessed {
        check,
        kind: ResourceKind::Snapshot,
        ..assessed(resource, 3)
    };
    let unseen = |_: &Assessed| Missing::Unseen;
    let first = [snapshot(Check::OrphanSnapshot, "snap-1")];
    let reconcile = async |found: &[Assessed]| {
        let done = findings.reconcile(id, found, usd, unseen, noon()).await;
        done.unwrap();
    };
    reconcile(&first).await;
    reconcile(&[
        snapshot(Check::OldSnapshot, "snap-1"),
        snapshot(Check::OldSnapshot, "snap-2"),
    ])
    .await;
    let tally = findings.tally(id, today).await.unwrap();
    let told: Vec<_> = tally.iter().map(|one| (one.check, one.number)).collect();
    assert_eq!(told, [(Check::OldSnapshot, 1), (Check::OrphanSnapshot, 1)]);
    let sums = findings.sums(id, today).await.unwrap();
    assert!(sums.found_at_most && sums.found.display() == "$6.00");
}
