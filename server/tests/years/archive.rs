//! The totals of months older than the days come whatever happens to the first sync, are asked
//! for once, and where AWS gives none they are asked for no more than now and then.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use domain::{
    account::ConnectionId, history::MonthSource, job::JobState, look::Look, period::Period,
};
use serde_json::json;
use server::store::jobs::JobKind;
use simulator::{books::Metric, keys};

use crate::{
    answered::rounded,
    house::House,
    support::{Fresh, day},
};

/// AWS refuses, after so many answers.
fn refuse<const HOUSE: usize>(house: &House<HOUSE>, after: usize, message: &str) {
    let refusal = json!({"status": 400, "code": "AccessDeniedException", "message": message});
    let mut outcomes = vec![json!("ok"); after];
    outcomes.push(refusal);
    let rule = json!({"service": "ce", "fail_next": outcomes});
    house
        .simulator
        .set_fault(serde_json::from_value(rule).unwrap());
}

async fn state<const HOUSE: usize>(house: &House<HOUSE>, id: ConnectionId) -> (JobKind, JobState) {
    let latest = house.store.jobs().latest(id).await.unwrap().unwrap();
    (latest.kind, latest.state)
}

/// How often AWS was asked for months since the last time.
fn about_months<const HOUSE: usize>(house: &House<HOUSE>) -> usize {
    let requests = house.simulator.requests();
    house.simulator.clear_requests();
    let bodies = requests.iter().filter_map(|request| request.body.as_ref());
    bodies
        .filter(|body| body["Granularity"] == "MONTHLY")
        .count()
}

/// Every month since October 2023 is the books' one: before the days, AWS's own total.
async fn check<const HOUSE: usize>(house: &House<HOUSE>, id: ConnectionId, today: NaiveDate) {
    let kept = Period::kept(today);
    let older = Period::new(day("2023-10-01"), kept.start()).unwrap();
    let totals = house.store.costs();
    let totals = totals.month_totals(id, older, Look::default()).await;
    let totals: Vec<_> = (totals.unwrap().iter())
        .map(|one| (one.month, one.total.0, one.source))
        .collect();
    let books = house.books(&keys::MULTI_YEAR);
    let services: BTreeSet<&str> = books.lines().iter().map(|line| line.service).collect();
    let expected: Vec<_> = (older.by_month().into_iter())
        .map(|month| {
            // AWS said each service's total, each rounded once.
            let total = (services.iter()).map(|service| {
                let days = month.start()..month.end();
                let is_it = |line: &simulator::books::Line| line.service == *service;
                rounded(books.total(days, today, Metric::UnblendedCost, is_it)).0
            });
            (month, total.sum::<i64>(), MonthSource::Month)
        })
        .collect();
    assert!(expected.len() >= 24 && expected.iter().all(|(_, total, _)| *total > 0));
    assert_eq!(totals, expected, "on {today}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_that_goes_on_another_day_has_its_months() {
    let house = House::<5>::begin(Fresh::sqlite(), day("2026-11-24")).await;
    let id = house.add(&keys::MULTI_YEAR).await;
    let message = "User is not authorized to perform: ce:GetCostAndUsage";
    refuse(&house, 2, message);
    house.look().await;
    assert_eq!(state(&house, id).await, (JobKind::First, JobState::Failed));
    assert_eq!(about_months(&house), 0);

    let next = day("2026-11-25");
    house.at(next, 9);
    house.syncer.retry(house.user.id, id).await.unwrap();
    house.idle().await;
    assert_eq!(state(&house, id).await, (JobKind::First, JobState::Done));
    assert_eq!(about_months(&house), 1);
    check(&house, id, next).await;
    // Once is enough.
    for kind in [JobKind::Refresh, JobKind::Refresh] {
        house.at(next + TimeDelta::days(100), 9);
        let begun = house.syncer.start(house.user.id, id, kind).await;
        begun.unwrap();
        house.idle().await;
        assert_eq!(state(&house, id).await, (kind, JobState::Done));
        assert_eq!(about_months(&house), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn upkeep_gets_the_months_that_a_first_sync_never_got() {
    let first = day("2026-11-10");
    let house = House::<6>::begin(Fresh::sqlite(), first).await;
    let id = house.add(&keys::MULTI_YEAR).await;
    refuse(&house, 0, "User not enabled for cost explorer access");
    house.look().await;
    assert_eq!(state(&house, id).await, (JobKind::First, JobState::Failed));
    house.simulator.clear_requests();
    // What only somebody at AWS can mend is tried again a week later.
    for number in 8..=10 {
        let today = first + TimeDelta::days(number);
        for hour in [2, 9, 16, 23] {
            house.at(today, hour);
            house.look().await;
        }
        let done = (JobKind::Scheduled, JobState::Done);
        assert_eq!(state(&house, id).await, done, "on {today}");
        let requests = house.simulator.requests().len();
        assert!(number == 8 || requests <= 5, "{requests} on {today}");
        assert_eq!(about_months(&house), usize::from(number == 8), "on {today}");
        check(&house, id, today).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_aws_gives_no_months_a_person_asks_now_and_then() {
    let first = day("2026-08-24");
    let house = House::<7>::begin(Fresh::sqlite(), first).await;
    let id = house.connect(&keys::SMALL_ACCOUNT).await;
    assert_eq!(about_months(&house), 1);
    for (number, asked) in [(1, 0), (30, 0), (31, 1), (32, 0), (61, 0), (62, 1)] {
        let today = first + TimeDelta::days(number);
        house.at(today, 9);
        let begun = house.syncer.start(house.user.id, id, JobKind::Refresh);
        begun.await.unwrap();
        house.idle().await;
        assert_eq!(state(&house, id).await, (JobKind::Refresh, JobState::Done));
        assert_eq!(about_months(&house), asked, "on {today}");
    }
}
