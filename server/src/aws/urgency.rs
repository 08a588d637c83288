//! How urgent a question is, and until when. Both may grow while it is asked:
//! when somebody more urgent asks the same.

use std::time::Instant;

use tokio::sync::watch;

use super::priority::Priority;

/// What can grow.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct State {
    pub priority: Priority,
    /// After this, nobody waits for the answer any more.
    pub deadline: Instant,
}

/// Shared by everyone who asks the same.
#[derive(Clone, Debug)]
pub(super) struct Urgency(watch::Sender<State>);

impl Urgency {
    pub(super) fn new(priority: Priority, deadline: Instant) -> Self {
        Self(watch::Sender::new(State { priority, deadline }))
    }

    pub(super) fn now(&self) -> State {
        *self.0.borrow()
    }

    /// Someone else asks the same.
    pub(super) fn raise(&self, priority: Priority, deadline: Instant) {
        self.0.send_if_modified(|state| {
            let raised = State {
                priority: state.priority.min(priority),
                deadline: state.deadline.max(deadline),
            };
            let changed = raised != *state;
            *state = raised;
            changed
        });
    }

    /// Ends when it is more urgent than this.
    pub(super) async fn exceeds(&self, priority: Priority) {
        let mut changes = self.0.subscribe();
        // It can't close: the sender is ours.
        drop(
            changes
                .wait_for(|state| state.priority < priority)
                .await
                .map(|state| state.priority),
        );
    }
}
