//! Jobs: one at a time for each connection, one server at a time for each, and none lost by
//! a kill. An answer is stored with the progress it makes, or neither is.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Code, Error,
    account::ConnectionId,
    cube::{Cube, CubeRow, DaySlice, Granularity, Question},
    dimension::GroupKey,
    job::{Cadence, JobState, price},
    money::{Currency, Nanos},
    period::Period,
};
use server::{
    jobs::plan::{Part, Step},
    store::{
        Store,
        jobs::{Answered, Job, JobId, JobKind, JobOutcome, Owner, StepState, Stored},
    },
};

use crate::support::{Fresh, connected, day, noon, on_both, person, seconds};

on_both!(
    one_is_open_at_a_time,
    one_server_takes_it,
    a_lease_that_ran_out_is_taken_over,
    what_a_killed_server_had_is_given_back,
    an_answer_and_its_progress_are_stored_together,
    whoever_lost_a_job_stores_nothing_for_it,
    a_person_pauses_resumes_cancels_and_retries,
    open_steps_are_found_anew_and_done_ones_stay,
    the_newest_and_the_newest_complete_one,
    cadences_are_kept_with_their_connection,
    what_a_person_asks_is_next_and_asked_once,
    a_job_is_not_done_before_what_was_asked_meanwhile,
    a_refresh_that_comes_later_takes_open_questions_along,
    questions_beside_what_is_kept_say_nothing_about_it,
    what_aws_has_answered_is_remembered_even_if_it_had_nothing,
);

fn owner(name: &str) -> Owner {
    Owner(name.to_owned())
}

fn later(minutes: i64) -> DateTime<Utc> {
    noon() + TimeDelta::minutes(minutes)
}

async fn connection(store: &Store) -> ConnectionId {
    let ann = person(store, "ann@example.com").await;
    connected(store, ann, "111122223333").await
}

/// Begins and takes a job, for a minute.
async fn taken(store: &Store, id: ConnectionId, by: &Owner) -> Job {
    let jobs = store.jobs();
    jobs.begin(id, JobKind::Refresh, noon()).await.unwrap();
    let job = jobs.claim(by, Some(id), noon(), later(1)).await.unwrap();
    job.expect("a free job")
}

fn steps(cubes: &[Cube]) -> Vec<Step> {
    let period = Period::new(day("2026-11-01"), day("2026-11-03")).unwrap();
    let step = |cube: &Cube| Step {
        part: Part::Cube(*cube),
        period,
        only_after_news: *cube != Cube::ServiceAccount,
    };
    cubes.iter().map(step).collect()
}

fn days(amount: i64) -> Vec<DaySlice> {
    let row = CubeRow {
        keys: ["S3".to_owned(), "111122223333".to_owned()],
        currency: Currency::USD,
        costs: [Nanos(amount); 5],
        usage_quantity: 1.0,
        usage_unit: "GB".to_owned(),
        normalized_usage: 0.0,
    };
    ["2026-11-01", "2026-11-02"]
        .map(|date| DaySlice {
            day: day(date),
            estimated: true,
            rows: vec![row.clone()],
        })
        .to_vec()
}

fn answered(job: JobId, position: i64, id: ConnectionId, owner: &Owner) -> Answered<'_> {
    Answered {
        job,
        position,
        owner,
        connection: id,
        asked_on: day("2026-11-24"),
        asked_at: noon(),
        requests: 3,
    }
}

async fn stored_days(store: &Store, id: ConnectionId) -> usize {
    let period = Period::new(day("2026-11-01"), day("2026-12-01")).unwrap();
    let question = Cube::ServiceAccount.question();
    let slices = store.costs().slices(id, &question, period).await;
    slices.unwrap().len()
}

async fn one_is_open_at_a_time(fresh: Fresh) {
    let stores = [fresh.store().await, fresh.store().await];
    let id = connection(&stores[0]).await;
    let race: Vec<_> = (0..20)
        .map(|number| {
            let store = stores[number % 2].clone();
            tokio::spawn(async move {
                let kind = JobKind::Refresh;
                store.jobs().begin(id, kind, noon()).await.unwrap()
            })
        })
        .collect();
    let mut begun = Vec::new();
    for one in race {
        begun.extend(one.await.unwrap());
    }
    assert_eq!(begun.len(), 1);
    let jobs = stores[0].jobs();
    let ann = jobs.latest(id).await.unwrap().unwrap();
    assert_eq!((ann.id, ann.state), (begun[0], JobState::Waiting));
    // A paused one is open as well.
    jobs.pause(id).await.unwrap();
    let second = jobs.begin(id, JobKind::Refresh, noon()).await.unwrap();
    assert_eq!(second, None);
    jobs.cancel(id, noon()).await.unwrap();
    let second = jobs.begin(id, JobKind::Refresh, noon()).await.unwrap();
    assert_ne!(second.unwrap(), begun[0]);
}

async fn one_server_takes_it(fresh: Fresh) {
    let stores = [fresh.store().await, fresh.store().await];
    let id = connection(&stores[0]).await;
    stores[0]
        .jobs()
        .begin(id, JobKind::First, noon())
        .await
        .unwrap();
    let race: Vec<_> = (0..20)
        .map(|number| {
            let store = stores[number % 2].clone();
            tokio::spawn(async move {
                let me = owner(&format!("server {number}"));
                let jobs = store.jobs();
                jobs.claim(&me, None, noon(), later(1)).await.unwrap()
            })
        })
        .collect();
    let mut taken = Vec::new();
    for one in race {
        taken.extend(one.await.unwrap());
    }
    assert_eq!(taken.len(), 1);
    assert_eq!(
        (taken[0].connection, taken[0].kind, taken[0].state),
        (id, JobKind::First, JobState::Running)
    );
}

async fn a_lease_that_ran_out_is_taken_over(fresh: Fresh) {
    let store = fresh.store().await;
    let id = connection(&store).await;
    let (one, other) = (owner("one"), owner("other"));
    let job = taken(&store, id, &one).await;
    let jobs = store.jobs();
    let claim = async |by: &Owner, now| {
        let until = now + TimeDelta::minutes(1);
        jobs.claim(by, None, now, until).await.unwrap()
    };
    assert_eq!(claim(&other, later(0)).await, None);
    let renewed = jobs.renew(job.id, &one, later(3)).await.unwrap();
    assert_eq!(renewed, Some(JobState::Running));
    assert_eq!(claim(&other, later(2)).await, None);
    let taken = claim(&other, later(3) + seconds(1)).await.unwrap();
    assert_eq!(taken.id, job.id);
    // Whoever saw the price may have gone long ago.
    assert_eq!(
        (job.kind, taken.kind),
        (JobKind::Refresh, JobKind::Scheduled)
    );
    assert_eq!(jobs.renew(job.id, &one, later(9)).await.unwrap(), None);
    // Nor does what the first one says about it count any more.
    jobs.let_go(job.id, &one).await.unwrap();
    let outcome = JobOutcome::Done;
    jobs.finish(job.id, &one, &outcome, later(4)).await.unwrap();
    let now = jobs.latest(id).await.unwrap().unwrap();
    assert_eq!((now.state, now.finished_at), (JobState::Running, None));
    jobs.finish(job.id, &other, &outcome, later(5))
        .await
        .unwrap();
    let now = jobs.latest(id).await.unwrap().unwrap();
    assert_eq!(
        (now.state, now.finished_at),
        (JobState::Done, Some(later(5)))
    );
    assert_eq!(claim(&one, later(60)).await, None);
}

async fn what_a_killed_server_had_is_given_back(fresh: Fresh) {
    let store = fresh.store().await;
    let id = connection(&store).await;
    let (killed, next) = (owner("killed"), owner("next"));
    let job = taken(&store, id, &killed).await;
    let jobs = store.jobs();
    assert_eq!(
        jobs.claim(&next, None, noon(), later(1)).await.unwrap(),
        None
    );
    jobs.let_all_go(&next).await.unwrap();
    assert_eq!(
        jobs.claim(&next, None, noon(), later(1)).await.unwrap(),
        None
    );
    jobs.let_all_go(&killed).await.unwrap();
    let taken = jobs.claim(&next, None, noon(), later(1)).await.unwrap();
    let taken = taken.unwrap();
    assert_eq!((taken.id, taken.kind), (job.id, JobKind::Scheduled));
}

async fn an_answer_and_its_progress_are_stored_together(fresh: Fresh) {
    let store = fresh.store().await;
    let id = connection(&store).await;
    let me = owner("me");
    let job = taken(&store, id, &me).await;
    let jobs = store.jobs();
    assert_eq!(job.planned_on, None);
    let today = day("2026-11-24");
    let two = steps(&[Cube::ServiceAccount, Cube::ServiceRegion]);
    assert!(jobs.plan(job.id, &me, today, &two).await.unwrap());
    let planned = jobs.steps(job.id).await.unwrap();
    let found: Vec<_> = planned.iter().map(|one| one.step.clone()).collect();
    assert_eq!(found, two);
    assert!(planned.iter().all(|one| one.state == StepState::Open));

    let answer = answered(job.id, planned[0].position, id, &me);
    let cube = Cube::ServiceAccount;
    let stored = jobs
        .store_days(&answer, &cube.question(), &days(5), &[])
        .await;
    assert_eq!(stored.unwrap(), Stored::Kept { news: true });
    jobs.count_lost(job.id, &me, 2).await.unwrap();
    let now = jobs.latest(id).await.unwrap().unwrap();
    assert_eq!((now.requests, now.price), (5, price(5)));
    assert_eq!(now.planned_on, Some(today));
    let steps = jobs.steps(job.id).await.unwrap();
    let states: Vec<_> = steps.iter().map(|step| step.state).collect();
    assert_eq!(states, [StepState::Done, StepState::Open]);
    assert!(steps[0].news && !steps[1].news);
    assert_eq!(stored_days(&store, id).await, 2);
    let remembered = jobs.answered_since(id, today).await.unwrap();
    let period = two[0].period;
    assert_eq!(remembered, [(Part::Cube(cube), period, today)]);
    let tomorrow = today.succ_opt().unwrap();
    assert_eq!(jobs.answered_since(id, tomorrow).await.unwrap(), []);

    // The same question's second answer comes too late.
    let again = jobs
        .store_days(&answer, &cube.question(), &days(9), &[])
        .await;
    assert_eq!(again.unwrap(), Stored::Lost);
    let now = jobs.latest(id).await.unwrap().unwrap();
    assert_eq!(now.requests, 5);
    // What can't be stored makes no progress either.
    let answer = answered(job.id, planned[1].position, id, &me);
    let mut twice = days(5);
    twice.extend(days(6));
    let cube = Cube::ServiceRegion;
    assert!(
        jobs.store_days(&answer, &cube.question(), &twice, &[])
            .await
            .is_err()
    );
    let steps = jobs.steps(job.id).await.unwrap();
    assert_eq!(steps[1].state, StepState::Open);
    assert_eq!(jobs.latest(id).await.unwrap().unwrap().requests, 5);
    jobs.skip(job.id, &me, planned[1].position).await.unwrap();
    let steps = jobs.steps(job.id).await.unwrap();
    assert_eq!(steps[1].state, StepState::Skipped);
}

async fn whoever_lost_a_job_stores_nothing_for_it(fresh: Fresh) {
    let store = fresh.store().await;
    let id = connection(&store).await;
    let (me, other) = (owner("me"), owner("other"));
    let job = taken(&store, id, &me).await;
    let jobs = store.jobs();
    let today = day("2026-11-24");
    let one = steps(&[Cube::ServiceAccount]);
    assert!(!jobs.plan(job.id, &other, today, &one).await.unwrap());
    assert_eq!(jobs.steps(job.id).await.unwrap(), []);
    assert!(jobs.plan(job.id, &me, today, &one).await.unwrap());
    let position = jobs.steps(job.id).await.unwrap()[0].position;
    let store_as = async |owner: &Owner| {
        let answer = answered(job.id, position, id, owner);
        let cube = Cube::ServiceAccount;
        jobs.store_days(&answer, &cube.question(), &days(5), &[])
            .await
            .unwrap()
    };
    jobs.skip(job.id, &other, position).await.unwrap();
    assert_eq!(store_as(&other).await, Stored::Lost);
    jobs.cancel(id, noon()).await.unwrap();
    assert_eq!(store_as(&me).await, Stored::Lost);
    jobs.count_lost(job.id, &me, 4).await.unwrap();
    assert_eq!(stored_days(&store, id).await, 0);
    let now = jobs.latest(id).await.unwrap().unwrap();
    assert_eq!((now.state, now.requests), (JobState::Cancelled, 0));
    assert_eq!(jobs.steps(job.id).await.unwrap()[0].state, StepState::Open);
}

async fn a_person_pauses_resumes_cancels_and_retries(fresh: Fresh) {
    let store = fresh.store().await;
    let id = connection(&store).await;
    let (me, other) = (owner("me"), owner("other"));
    let job = taken(&store, id, &me).await;
    let jobs = store.jobs();
    jobs.plan(
        job.id,
        &me,
        day("2026-11-24"),
        &steps(&[Cube::ServiceAccount]),
    )
    .await
    .unwrap();
    let state = async || jobs.latest(id).await.unwrap().unwrap().state;
    let claim = async |by| jobs.claim(by, None, noon(), later(1)).await.unwrap();

    jobs.pause(id).await.unwrap();
    let renewed = jobs.renew(job.id, &me, later(1)).await.unwrap();
    assert_eq!(renewed, Some(JobState::Paused));
    // What is on its way may still be stored: it is paid for.
    let position = jobs.steps(job.id).await.unwrap()[0].position;
    let answer = answered(job.id, position, id, &me);
    let cube = Cube::ServiceAccount;
    let stored = jobs
        .store_days(&answer, &cube.question(), &days(5), &[])
        .await;
    assert_eq!(stored.unwrap(), Stored::Kept { news: true });
    // Resumed before it was let go, nobody else takes it.
    jobs.resume(id).await.unwrap();
    assert_eq!(claim(&other).await, None);
    jobs.pause(id).await.unwrap();
    jobs.let_go(job.id, &me).await.unwrap();
    assert_eq!(state().await, JobState::Paused);
    assert_eq!(claim(&other).await, None);
    jobs.resume(id).await.unwrap();
    assert_eq!(claim(&other).await.unwrap().id, job.id);

    let failed = JobOutcome::Failed(Error::new(Code::AwsNetwork, "No.", "Wait.").with_link("/x"));
    jobs.finish(job.id, &other, &failed, later(1))
        .await
        .unwrap();
    let now = jobs.latest(id).await.unwrap().unwrap();
    assert_eq!(JobOutcome::Failed(now.error.unwrap()), failed);
    assert!(jobs.reopen(id, later(2)).await.unwrap());
    assert!(!jobs.reopen(id, later(2)).await.unwrap());
    let now = jobs.latest(id).await.unwrap().unwrap();
    assert_eq!((now.id, now.state), (job.id, JobState::Waiting));
    assert_eq!(
        (now.tried_at, now.created_at, now.error, now.requests),
        (later(2), noon(), None, 3)
    );
    jobs.cancel(id, later(3)).await.unwrap();
    assert_eq!(state().await, JobState::Cancelled);
    assert!(jobs.reopen(id, later(4)).await.unwrap());
    let again = claim(&me).await.unwrap();
    jobs.finish(again.id, &me, &JobOutcome::Done, later(5))
        .await
        .unwrap();
    assert!(!jobs.reopen(id, later(6)).await.unwrap());
}

async fn open_steps_are_found_anew_and_done_ones_stay(fresh: Fresh) {
    let store = fresh.store().await;
    let id = connection(&store).await;
    let me = owner("me");
    let job = taken(&store, id, &me).await;
    let jobs = store.jobs();
    let two = steps(&[Cube::ServiceAccount, Cube::ServiceRegion]);
    jobs.plan(job.id, &me, day("2026-11-24"), &two)
        .await
        .unwrap();
    let position = jobs.steps(job.id).await.unwrap()[0].position;
    let answer = answered(job.id, position, id, &me);
    jobs.store_days(&answer, &Cube::ServiceAccount.question(), &days(5), &[])
        .await
        .unwrap();
    let one = steps(&[Cube::ServiceUsageType]);
    jobs.plan(job.id, &me, day("2026-11-25"), &one)
        .await
        .unwrap();
    let now: Vec<_> = jobs
        .steps(job.id)
        .await
        .unwrap()
        .into_iter()
        .map(|step| (step.step.part, step.state))
        .collect();
    assert_eq!(
        now,
        [
            (Part::Cube(Cube::ServiceAccount), StepState::Done),
            (Part::Cube(Cube::ServiceUsageType), StepState::Open),
        ]
    );
}

async fn the_newest_and_the_newest_complete_one(fresh: Fresh) {
    let store = fresh.store().await;
    let id = connection(&store).await;
    let (jobs, me) = (store.jobs(), owner("me"));
    assert_eq!(jobs.latest(id).await.unwrap(), None);
    let mut ids = Vec::new();
    // Moments with and without fractions have to sort by time, not by length.
    for (milliseconds, kind) in [
        (0, JobKind::First),
        (100, JobKind::Scheduled),
        (120, JobKind::Again),
    ] {
        let now = noon() + TimeDelta::milliseconds(milliseconds);
        let job = jobs.begin(id, kind, now).await.unwrap().unwrap();
        jobs.claim(&me, Some(id), now, later(1)).await.unwrap();
        if kind == JobKind::Again {
            jobs.cancel(id, now).await.unwrap();
        } else {
            jobs.finish(job, &me, &JobOutcome::Done, now).await.unwrap();
        }
        ids.push(job);
    }
    assert_eq!(jobs.latest(id).await.unwrap().unwrap().id, ids[2]);
    let complete = jobs.latest_complete(id).await.unwrap().unwrap();
    assert_eq!((complete.id, complete.error), (ids[1], None));
    let refresh = jobs.latest_refresh(id).await.unwrap().unwrap();
    assert_eq!(refresh.id, ids[1]);
    let since = async |at| jobs.begun_by_itself(id, at).await.unwrap();
    assert_eq!(since(noon()).await, 2);
    assert_eq!(since(noon() + TimeDelta::milliseconds(101)).await, 1);
    assert_eq!(since(later(1)).await, 0);
}

async fn cadences_are_kept_with_their_connection(fresh: Fresh) {
    let store = fresh.store().await;
    let ann = person(&store, "ann@example.com").await;
    let id = connected(&store, ann, "111122223333").await;
    let other = connected(&store, ann, "444455556666").await;
    let jobs = store.jobs();
    for cadence in Cadence::ALL {
        jobs.set_cadence(id, cadence).await.unwrap();
        assert_eq!(jobs.cadence(id).await.unwrap(), cadence);
    }
    assert_eq!(jobs.cadence(other).await.unwrap(), Cadence::Daily);
    store.connections().delete(ann, id).await.unwrap();
    assert_eq!(jobs.cadence(id).await.unwrap(), Cadence::Daily);
    assert!(jobs.set_cadence(id, Cadence::Manual).await.is_err());
}

fn by_team() -> Step {
    let question = Question {
        granularity: Granularity::Daily,
        keys: vec![GroupKey::Tag("Team".to_owned())],
        filter: None,
    };
    Step {
        part: Part::asked(&question),
        period: Period::new(day("2025-10-01"), day("2026-11-25")).unwrap(),
        only_after_news: false,
    }
}

async fn ask(store: &Store, id: ConnectionId, at: DateTime<Utc>) {
    let asked = store
        .jobs()
        .ask(id, &by_team(), day("2026-11-24"), at)
        .await;
    asked.unwrap();
}

async fn what_a_person_asks_is_next_and_asked_once(fresh: Fresh) {
    let store = fresh.store().await;
    let id = connection(&store).await;
    let (jobs, me) = (store.jobs(), owner("me"));
    let job = taken(&store, id, &me).await;
    let cubes = steps(&[Cube::ServiceAccount, Cube::ServiceRegion]);
    assert!(
        jobs.plan(job.id, &me, day("2026-11-24"), &cubes)
            .await
            .unwrap()
    );
    jobs.pause(id).await.unwrap();
    ask(&store, id, noon()).await;
    ask(&store, id, later(1)).await;
    let all = jobs.steps(job.id).await.unwrap();
    assert_eq!(all.len(), 3);
    assert_eq!(all[0].step, by_team());
    // It was paused; but somebody waits now.
    let latest = jobs.latest(id).await.unwrap().unwrap();
    assert_eq!((latest.id, latest.state), (job.id, JobState::Waiting));
    // On another day the other questions are found anew, and this one stays.
    assert!(
        jobs.plan(job.id, &me, day("2026-11-25"), &cubes[..1])
            .await
            .unwrap()
    );
    let all = jobs.steps(job.id).await.unwrap();
    assert_eq!(all.iter().filter(|one| one.step == by_team()).count(), 1);
    assert_eq!(all.len(), 2);
    let mut longer = by_team();
    longer.period = Period::new(day("2025-10-01"), day("2026-11-26")).unwrap();
    let anew = [longer.clone()];
    assert!(
        jobs.plan(job.id, &me, day("2026-11-25"), &anew)
            .await
            .unwrap()
    );
    let all = jobs.steps(job.id).await.unwrap();
    assert_eq!(
        all.iter().map(|one| &one.step).collect::<Vec<_>>(),
        [&longer]
    );
}

async fn a_job_is_not_done_before_what_was_asked_meanwhile(fresh: Fresh) {
    let store = fresh.store().await;
    let id = connection(&store).await;
    let (jobs, me) = (store.jobs(), owner("me"));
    let job = taken(&store, id, &me).await;
    ask(&store, id, noon()).await;
    let done = JobOutcome::Done;
    assert!(!jobs.finish(job.id, &me, &done, later(1)).await.unwrap());
    assert_eq!(
        jobs.mine(job.id, &me).await.unwrap().unwrap().state,
        JobState::Running
    );
    let mut answer = answered(job.id, 0, id, &me);
    answer.requests = 2;
    let Part::Asked(question) = by_team().part else {
        panic!("it is asked");
    };
    let stored = jobs.store_days(&answer, &question, &[], &[]).await.unwrap();
    assert_eq!(stored, Stored::Kept { news: false });
    assert_eq!(jobs.asked_requests(job.id).await.unwrap(), 2);
    let answers = jobs.asked_answers(id).await.unwrap();
    assert_eq!((answers.len(), answers[0].requests), (1, 2));
    assert_eq!(answers[0].question, *question);
    assert!(
        jobs.plan(job.id, &me, day("2026-11-24"), &[])
            .await
            .unwrap()
    );
    assert!(jobs.finish(job.id, &me, &done, later(1)).await.unwrap());
    // Without an open job, it is a job of its own.
    ask(&store, id, later(2)).await;
    let own = jobs.latest(id).await.unwrap().unwrap();
    assert_eq!((own.kind, own.state), (JobKind::Asked, JobState::Waiting));
    assert_ne!(own.id, job.id);
    // A server that is killed leaves it to the background.
    let taken = jobs.claim(&me, Some(id), later(2), later(3)).await.unwrap();
    assert_eq!(taken.unwrap().kind, JobKind::Asked);
    jobs.let_all_go(&me).await.unwrap();
    let left = jobs.latest(id).await.unwrap().unwrap();
    assert_eq!(left.kind, JobKind::AskedAlone);
}

async fn a_refresh_that_comes_later_takes_open_questions_along(fresh: Fresh) {
    let store = fresh.store().await;
    let id = connection(&store).await;
    let (jobs, me) = (store.jobs(), owner("me"));
    assert!(!jobs.refresh_too(id, noon()).await.unwrap());
    ask(&store, id, noon()).await;
    let job = jobs.claim(&me, Some(id), noon(), later(1)).await.unwrap();
    let job = job.unwrap();
    assert!(jobs.refresh_too(id, later(1)).await.unwrap());
    assert!(
        !jobs.refresh_too(id, later(1)).await.unwrap(),
        "it is one by now"
    );
    // Whoever works on it hears of it at the end.
    let mut answer = answered(job.id, 0, id, &me);
    answer.requests = 1;
    jobs.settle(&answer).await.unwrap();
    let done = JobOutcome::Done;
    assert!(!jobs.finish(job.id, &me, &done, later(1)).await.unwrap());
    let now = jobs.mine(job.id, &me).await.unwrap().unwrap();
    assert_eq!((now.kind, now.planned_on), (JobKind::Refresh, None));
}

async fn questions_beside_what_is_kept_say_nothing_about_it(fresh: Fresh) {
    let store = fresh.store().await;
    let id = connection(&store).await;
    let (jobs, me) = (store.jobs(), owner("me"));
    let job = taken(&store, id, &me).await;
    jobs.finish(job.id, &me, &JobOutcome::Done, later(1))
        .await
        .unwrap();
    ask(&store, id, later(2)).await;
    let asked = jobs.claim(&me, Some(id), later(2), later(3)).await.unwrap();
    let asked = asked.unwrap();
    jobs.settle(&answered(asked.id, 0, id, &me)).await.unwrap();
    assert!(
        jobs.finish(asked.id, &me, &JobOutcome::Done, later(3))
            .await
            .unwrap()
    );
    assert_eq!(jobs.latest(id).await.unwrap().unwrap().id, asked.id);
    for found in [
        jobs.latest_of_kept(id).await,
        jobs.latest_complete(id).await,
        jobs.latest_refresh(id).await,
    ] {
        assert_eq!(found.unwrap().unwrap().id, job.id);
    }
}

async fn what_aws_has_answered_is_remembered_even_if_it_had_nothing(fresh: Fresh) {
    let store = fresh.store().await;
    let id = connection(&store).await;
    let (jobs, me) = (store.jobs(), owner("me"));
    let job = taken(&store, id, &me).await;
    let period = Period::new(day("2026-11-24"), day("2026-12-01")).unwrap();
    let steps = [Part::Months, Part::Forecast].map(|part| Step {
        part,
        period,
        only_after_news: false,
    });
    let planned = jobs.plan(job.id, &me, day("2026-11-24"), &steps).await;
    assert!(planned.unwrap());
    let last = async |part: Part| jobs.last_answered(id, &part).await.unwrap();
    assert_eq!(last(Part::Months).await, None);
    // Found to be there already: AWS wasn't asked.
    let mut answer = answered(job.id, 1, id, &me);
    answer.requests = 0;
    jobs.settle(&answer).await.unwrap();
    assert_eq!(last(Part::Months).await, None);
    jobs.settle(&answered(job.id, 2, id, &me)).await.unwrap();
    assert_eq!(last(Part::Forecast).await, Some(day("2026-11-24")));
    assert_eq!(last(Part::Months).await, None);
}
