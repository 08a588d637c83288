//! Asked once, answered to everybody, whoever leaves.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use futures::channel::oneshot;

use super::*;
use crate::aws::{classify::Failure, kind::Kind};

const QUESTION: Question = Question {
    operation: Operation::GetTags,
    content: [7; 32],
};

/// Questions under way whose askers are counted.
#[derive(Default)]
struct Scene {
    flights: Arc<Flights>,
    asked: Arc<AtomicU32>,
    dropped: Arc<AtomicU32>,
}

/// Counts how often it is dropped.
struct Counted(Arc<AtomicU32>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Scene {
    /// Asks; the answer is what comes through the channel.
    fn ask(&self, answer: oneshot::Receiver<u32>) -> Seat<u32> {
        let (asked, counted) = (Arc::clone(&self.asked), Counted(Arc::clone(&self.dropped)));
        let deadline = Instant::now() + Duration::from_secs(60);
        self.flights.board(QUESTION, Priority::Sync, deadline, |_| {
            async move {
                let _counted = counted;
                asked.fetch_add(1, Ordering::SeqCst);
                let failed = |_| AwsError::new(Operation::GetTags, 1, Failure::of(Kind::Server));
                answer.await.map_err(failed)
            }
            .boxed()
        })
    }

    fn asked(&self) -> u32 {
        self.asked.load(Ordering::SeqCst)
    }
}

/// An answer that nobody gives: whoever joins doesn't need one.
fn unused() -> oneshot::Receiver<u32> {
    oneshot::channel().1
}

#[tokio::test]
async fn who_asks_the_same_gets_the_same_answer() {
    let scene = Scene::default();
    let (give, answer) = oneshot::channel();
    let seats = [scene.ask(answer), scene.ask(unused()), scene.ask(unused())];
    assert_eq!(
        seats.each_ref().map(|seat| seat.first),
        [true, false, false]
    );
    let all = futures::future::join_all(seats.map(|seat| seat.answer));
    give.send(5).unwrap();
    for answer in all.await {
        assert_eq!(answer.unwrap().unwrap(), 5);
    }
    assert_eq!(scene.asked(), 1);
    // It is over: who asks now asks anew.
    let (give, answer) = oneshot::channel();
    let seat = scene.ask(answer);
    assert!(seat.first);
    give.send(6).unwrap();
    assert_eq!(seat.answer.await.unwrap().unwrap(), 6);
    assert!(scene.flights.open().is_empty());
}

#[tokio::test]
async fn the_first_may_leave_and_the_last_cancels() {
    let scene = Scene::default();
    let (give, answer) = oneshot::channel();
    let (first, second) = (scene.ask(answer), scene.ask(unused()));
    // The first is under way when it is dropped.
    let mut under_way = first.answer;
    assert!((&mut under_way).now_or_never().is_none());
    drop(under_way);
    give.send(5).unwrap();
    assert_eq!(second.answer.await.unwrap().unwrap(), 5);
    assert_eq!(scene.asked(), 1);

    let (give, answer) = oneshot::channel();
    let seats = [scene.ask(answer), scene.ask(unused())];
    let gone = scene.dropped.load(Ordering::SeqCst);
    drop(seats);
    assert_eq!(scene.dropped.load(Ordering::SeqCst), gone + 1, "cancelled");
    assert!(give.is_canceled());
    assert!(scene.flights.open().is_empty());
    assert!(scene.ask(unused()).first);
}

#[tokio::test]
async fn errors_are_everybodys_and_a_breakdown_is_told_apart() {
    let scene = Scene::default();
    let (give, answer) = oneshot::channel();
    let seats = [scene.ask(answer), scene.ask(unused())];
    drop(give);
    for answer in futures::future::join_all(seats.map(|seat| seat.answer)).await {
        assert_eq!(answer.unwrap().unwrap_err().kind, Kind::Server);
    }

    let deadline = Instant::now() + Duration::from_secs(60);
    let broken: Seat<u32> = scene
        .flights
        .board(QUESTION, Priority::Sync, deadline, |_| {
            async { panic!("on purpose") }.boxed()
        });
    let second = scene.ask(unused());
    assert!(broken.first && !second.first);
    assert!(second.answer.await.is_err());
    assert!(broken.answer.await.is_err());
    assert!(scene.ask(unused()).first, "the question can be asked again");
}

#[tokio::test]
async fn the_most_urgent_sets_the_pace() {
    let flights = Arc::new(Flights::default());
    let now = Instant::now();
    let later = |seconds| now + Duration::from_secs(seconds);
    let (tell, mut told) = (Arc::new(Mutex::new(None)), None);
    let board = |priority, deadline| {
        let tell = Arc::clone(&tell);
        flights.board(QUESTION, priority, deadline, move |urgency| {
            *tell.lock().unwrap() = Some(urgency);
            futures::future::pending::<Result<u32, AwsError>>().boxed()
        })
    };
    let mut seats = vec![board(Priority::Upkeep, later(600))];
    let urgency = tell.lock().unwrap().clone().unwrap();
    assert!(urgency.exceeds(Priority::Upkeep).now_or_never().is_none());
    for (priority, deadline, wanted) in [
        (Priority::Person, later(60), (Priority::Person, later(600))),
        (Priority::Sync, later(700), (Priority::Person, later(700))),
    ] {
        seats.push(board(priority, deadline));
        let state = urgency.now();
        assert_eq!((state.priority, state.deadline), wanted);
        told = urgency.exceeds(Priority::Upkeep).now_or_never();
    }
    assert!(told.is_some());
    assert!(urgency.exceeds(Priority::Person).now_or_never().is_none());
}
