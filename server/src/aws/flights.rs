//! Questions under way. Who asks what somebody is asking already waits for the
//! same answer: AWS is asked, and paid, once.

use std::{
    any::Any,
    collections::HashMap,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use domain::ledger::Operation;
use futures::{
    FutureExt,
    future::{BoxFuture, Shared, WeakShared},
};

use super::{error::AwsError, priority::Priority, target::Fingerprint, urgency::Urgency};

/// Tells questions apart. Two are the same only if the same credentials ask
/// them: nobody gets an answer that they may not have.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) struct Question {
    pub operation: Operation,
    pub content: Fingerprint,
}

/// What those who ask the same get, each for itself.
pub(super) type Answer<T> = Result<Result<T, AwsError>, Panicked>;

/// Whoever made the question's future broke down; the question can be asked again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Panicked;

type Flying<T> = BoxFuture<'static, Answer<T>>;

/// One asker's hold on a question. The last to let go cancels it.
pub(super) struct Seat<T: Clone> {
    pub answer: Shared<Flying<T>>,
    /// Whether this asker began it.
    pub first: bool,
}

/// All questions under way.
#[derive(Default)]
pub(super) struct Flights {
    open: Mutex<HashMap<Question, Open>>,
}

struct Open {
    number: u64,
    urgency: Urgency,
    /// A `WeakShared<Flying<T>>`, with the T of the operation.
    answer: Box<dyn Any + Send>,
}

impl Flights {
    /// Joins those who ask this already, or begins.
    pub(super) fn board<T, F>(
        self: &Arc<Self>,
        question: Question,
        priority: Priority,
        deadline: Instant,
        begin: F,
    ) -> Seat<T>
    where
        T: Clone + Send + Sync + 'static,
        F: FnOnce(Urgency) -> BoxFuture<'static, Result<T, AwsError>>,
    {
        let mut open = self.open();
        if let Some(known) = open.get(&question)
            && let Some(answer) = known
                .answer
                .downcast_ref::<WeakShared<Flying<T>>>()
                .and_then(WeakShared::upgrade)
        {
            known.urgency.raise(priority, deadline);
            return Seat {
                answer,
                first: false,
            };
        }
        let urgency = Urgency::new(priority, deadline);
        let number = open.get(&question).map_or(0, |known| known.number + 1);
        let landing = Landing {
            flights: Arc::clone(self),
            question,
            number,
        };
        let flying = AssertUnwindSafe(begin(urgency.clone())).catch_unwind();
        let answer = async move {
            let answer = flying.await.map_err(|_| Panicked);
            drop(landing);
            answer
        }
        .boxed()
        .shared();
        if let Some(weak) = answer.downgrade() {
            let known = Open {
                number,
                urgency,
                answer: Box::new(weak),
            };
            open.insert(question, known);
        }
        Seat {
            answer,
            first: true,
        }
    }

    fn open(&self) -> MutexGuard<'_, HashMap<Question, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a question off the list when it is answered or given up.
struct Landing {
    flights: Arc<Flights>,
    question: Question,
    number: u64,
}

impl Drop for Landing {
    fn drop(&mut self) {
        let mut open = self.flights.open();
        let ours = open
            .get(&self.question)
            .is_some_and(|known| known.number == self.number);
        if ours {
            open.remove(&self.question);
        }
    }
}

#[cfg(test)]
#[path = "flights_tests.rs"]
mod tests;
