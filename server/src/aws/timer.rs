//! Time that passes, as the throttle and the retries see it. A trait, so that
//! tests can let an hour pass in no time.

use std::time::Instant;

use futures::future::BoxFuture;

/// Tells how time passes. Not the time of day.
pub(super) trait Timer: Send + Sync {
    /// Now.
    fn now(&self) -> Instant;

    /// Ends at `at`, never before.
    fn until(&self, at: Instant) -> BoxFuture<'static, ()>;
}

/// The real one: tokio's, so that its paused time works too.
#[derive(Clone, Copy, Debug)]
pub(super) struct TokioTimer;

impl Timer for TokioTimer {
    fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn until(&self, at: Instant) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep_until(at.into()))
    }
}

#[cfg(test)]
pub(super) mod virtual_time {
    //! Time that only passes when everybody waits.

    use std::{
        collections::BTreeMap,
        future::Future,
        pin::Pin,
        sync::{Arc, Mutex},
        task::{Context, Poll, Waker},
        time::{Duration, Instant},
    };

    use futures::{executor::LocalPool, future::BoxFuture, task::LocalSpawnExt};

    use super::Timer;

    /// A clock that [`run`] moves on.
    #[derive(Clone)]
    pub struct VirtualTimer(Arc<Mutex<State>>);

    struct State {
        start: Instant,
        now: Instant,
        next_id: u64,
        sleepers: BTreeMap<(Instant, u64), Waker>,
    }

    impl VirtualTimer {
        pub fn new() -> Self {
            let start = Instant::now();
            Self(Arc::new(Mutex::new(State {
                start,
                now: start,
                next_id: 0,
                sleepers: BTreeMap::new(),
            })))
        }

        /// How long it runs already.
        pub fn elapsed(&self) -> Duration {
            let state = self.0.lock().unwrap();
            state.now - state.start
        }

        pub fn at(&self, millis: u64) -> Instant {
            self.0.lock().unwrap().start + Duration::from_millis(millis)
        }

        pub fn sleep(&self, millis: u64) -> BoxFuture<'static, ()> {
            self.until(self.now() + Duration::from_millis(millis))
        }

        /// To the next moment at which someone wants to wake; false when nobody does.
        fn step(&self) -> bool {
            let woken = {
                let mut state = self.0.lock().unwrap();
                let Some(((at, _), waker)) = state.sleepers.pop_first() else {
                    return false;
                };
                state.now = state.now.max(at);
                waker
            };
            woken.wake();
            true
        }
    }

    impl Timer for VirtualTimer {
        fn now(&self) -> Instant {
            self.0.lock().unwrap().now
        }

        fn until(&self, at: Instant) -> BoxFuture<'static, ()> {
            Box::pin(Sleep {
                timer: self.clone(),
                at,
                registered: None,
            })
        }
    }

    struct Sleep {
        timer: VirtualTimer,
        at: Instant,
        registered: Option<u64>,
    }

    impl Future for Sleep {
        type Output = ();

        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
            let timer = self.timer.clone();
            let mut state = timer.0.lock().unwrap();
            if state.now >= self.at {
                return Poll::Ready(());
            }
            let id = *self.registered.get_or_insert_with(|| {
                state.next_id += 1;
                state.next_id
            });
            state
                .sleepers
                .insert((self.at, id), context.waker().clone());
            Poll::Pending
        }
    }

    impl Drop for Sleep {
        fn drop(&mut self) {
            if let Some(id) = self.registered {
                self.timer.0.lock().unwrap().sleepers.remove(&(self.at, id));
            }
        }
    }

    /// Runs the tasks to their ends; panics when they wait for each other for ever.
    pub fn run(timer: &VirtualTimer, tasks: Vec<BoxFuture<'static, ()>>) {
        let mut pool = LocalPool::new();
        let open = Arc::new(());
        for task in tasks {
            let token = Arc::clone(&open);
            pool.spawner()
                .spawn_local(async move {
                    task.await;
                    drop(token);
                })
                .unwrap();
        }
        loop {
            pool.run_until_stalled();
            if Arc::strong_count(&open) == 1 {
                return;
            }
            assert!(timer.step(), "everybody waits and nobody wakes");
        }
    }
}
