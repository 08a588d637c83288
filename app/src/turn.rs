//! Whose turn it is when a person wants one thing after another: what isn't wanted any more is
//! dropped on its way. Knows nothing of what is fetched. Only a browser needs it: the server
//! answers one question for each page.

use std::{
    future::{pending, poll_fn},
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker},
};

/// What is wanted, and what is on its way.
pub struct Turn<S>(Arc<Mutex<State<S>>>);

struct State<S> {
    /// What was asked for last.
    asked: S,
    way: Way,
    /// Wakes what is on its way.
    waker: Option<Waker>,
}

/// How it stands with what was asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Way {
    /// It has come.
    Done,
    /// It is awaited.
    Running,
    /// It is awaited, but something else is wanted by now.
    Outrun,
    /// Nobody is there any more.
    Left,
}

/// What is to be done when something is wanted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Call {
    /// Nothing: it is what was asked for, or it is asked for in place of what is dropped.
    Nothing,
    /// Somebody has to ask: nothing is on its way.
    Begin,
}

impl<S> Clone for Turn<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: PartialEq + Clone> Turn<S> {
    /// One for which this has been asked.
    pub fn new(asked: S) -> Self {
        Self(Arc::new(Mutex::new(State {
            asked,
            way: Way::Done,
            waker: None,
        })))
    }

    /// Says what is wanted now.
    pub fn calls(&self, wanted: &S) -> Call {
        let (call, waker) = self.with(|state| match state.way {
            _ if state.asked == *wanted => (Call::Nothing, None),
            Way::Running => {
                state.way = Way::Outrun;
                (Call::Nothing, state.waker.take())
            }
            Way::Outrun | Way::Left => (Call::Nothing, None),
            Way::Done => (Call::Begin, None),
        });
        if let Some(waker) = waker {
            waker.wake();
        }
        call
    }

    /// Ends what is on its way: nobody waits for it any more.
    pub fn leave(&self) {
        let waker = self.with(|state| {
            state.way = Way::Left;
            state.waker.take()
        });
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Fetches what is wanted; what is outrun on its way is dropped, and what is wanted by then
    /// is fetched. Never ends once nobody is there: what was held for it stays as it is until the
    /// browser leaves the site.
    pub async fn newest<T, F: Future<Output = T>>(
        &self,
        wanted: impl Fn() -> S,
        fetch: impl Fn(S) -> F,
    ) -> T {
        loop {
            // First of all: what tells what is wanted may be gone with the page.
            if self.with(|state| state.way == Way::Left) {
                return pending().await;
            }
            let now = wanted();
            self.with(|state| {
                state.way = Way::Running;
                state.asked = now.clone();
            });
            let mut answer = pin!(fetch(now));
            let came = poll_fn(|context| {
                if self.runs(context) {
                    answer.as_mut().poll(context).map(Some)
                } else {
                    Poll::Ready(None)
                }
            });
            if let Some(answer) = came.await {
                self.with(|state| {
                    state.way = Way::Done;
                    state.waker = None;
                });
                return answer;
            }
        }
    }

    /// Whether what is on its way is still wanted; then its waker is kept.
    fn runs(&self, context: &Context<'_>) -> bool {
        self.with(|state| {
            let runs = state.way == Way::Running;
            state.waker = runs.then(|| context.waker().clone());
            runs
        })
    }

    fn with<R>(&self, of: impl FnOnce(&mut State<S>) -> R) -> R {
        // Nothing is half done where something else has failed.
        of(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use std::{
        cell::{Cell, RefCell},
        rc::Rc,
    };

    use super::*;

    /// Notes when it is dropped before its answer has come.
    struct Request {
        of: u32,
        answers: Rc<Cell<Option<u32>>>,
        dropped: Rc<RefCell<Vec<u32>>>,
        came: bool,
    }

    impl Future for Request {
        type Output = u32;

        fn poll(mut self: std::pin::Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u32> {
            if self.answers.get() != Some(self.of) {
                return Poll::Pending;
            }
            self.came = true;
            Poll::Ready(self.of)
        }
    }

    impl Drop for Request {
        fn drop(&mut self) {
            if !self.came {
                self.dropped.borrow_mut().push(self.of);
            }
        }
    }

    #[derive(Default)]
    struct Server {
        wanted: Cell<u32>,
        answers: Rc<Cell<Option<u32>>>,
        dropped: Rc<RefCell<Vec<u32>>>,
        asked: RefCell<Vec<u32>>,
    }

    impl Server {
        fn request(&self, of: u32) -> Request {
            self.asked.borrow_mut().push(of);
            Request {
                of,
                answers: Rc::clone(&self.answers),
                dropped: Rc::clone(&self.dropped),
                came: false,
            }
        }
    }

    #[test]
    fn what_is_outrun_is_dropped_and_the_next_begins_at_once() {
        let server = Server::default();
        server.wanted.set(1);
        let turn = Turn::new(0);
        let mut newest = pin!(turn.newest(|| server.wanted.get(), |of| server.request(of)));
        let mut context = Context::from_waker(Waker::noop());
        assert!(newest.as_mut().poll(&mut context).is_pending());
        // The same again changes nothing.
        assert_eq!(turn.calls(&1), Call::Nothing);
        assert!(newest.as_mut().poll(&mut context).is_pending());
        assert_eq!(*server.asked.borrow(), [1]);
        server.wanted.set(2);
        assert_eq!(turn.calls(&2), Call::Nothing);
        assert!(newest.as_mut().poll(&mut context).is_pending());
        assert_eq!(*server.asked.borrow(), [1, 2]);
        assert_eq!(*server.dropped.borrow(), [1]);
        // What was dropped answers nobody.
        server.answers.set(Some(1));
        assert!(newest.as_mut().poll(&mut context).is_pending());
        server.answers.set(Some(2));
        assert_eq!(newest.as_mut().poll(&mut context), Poll::Ready(2));
        assert_eq!(turn.calls(&2), Call::Nothing);
        assert_eq!(turn.calls(&3), Call::Begin);
    }

    #[test]
    fn nothing_is_awaited_where_nobody_is_left() {
        let server = Server::default();
        let turn = Turn::new(0);
        let mut newest = pin!(turn.newest(|| server.wanted.get(), |of| server.request(of)));
        let mut context = Context::from_waker(Waker::noop());
        assert!(newest.as_mut().poll(&mut context).is_pending());
        turn.leave();
        assert!(newest.as_mut().poll(&mut context).is_pending());
        assert_eq!(*server.dropped.borrow(), [0]);
        assert_eq!(turn.calls(&1), Call::Nothing);
        assert_eq!(*server.asked.borrow(), [0]);
    }

    #[test]
    fn what_came_with_the_page_is_not_asked_for_again() {
        let turn = Turn::new(1);
        assert_eq!(turn.calls(&1), Call::Nothing);
        assert_eq!(turn.calls(&2), Call::Begin);
    }
}
