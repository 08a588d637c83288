//! Permits to call AWS: a queue for each AWS account, departures at fixed
//! spacing whatever the latency. Knows nothing of what is called.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use futures::future::{Either, select};
use tokio::sync::Notify;

use super::{
    lane::{Lane, Pace, Ticket, Turn},
    priority::Priority,
    timer::Timer,
};

/// From this many queues on, idle ones are forgotten.
const MANY_LANES: usize = 256;

/// Why there is no permit.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(super) enum Refusal {
    /// The queue is as long as it may get.
    #[error("too many requests wait already")]
    Full,
    /// The caller's deadline passed while it waited.
    #[error("the turn didn't come in time")]
    TooLate,
}

/// Gives out permits.
pub(super) struct Throttle {
    pace: Pace,
    timer: Arc<dyn Timer>,
    lanes: Mutex<HashMap<String, Arc<Queue>>>,
}

struct Queue {
    lane: Mutex<Lane>,
    timer: Arc<dyn Timer>,
}

impl Queue {
    fn lane(&self) -> MutexGuard<'_, Lane> {
        self.lane.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Throttle {
    pub(super) fn new(pace: Pace, timer: Arc<dyn Timer>) -> Self {
        Self {
            pace,
            timer,
            lanes: Mutex::new(HashMap::new()),
        }
    }

    /// Waits for its turn in the queue called `key`. Dropping the future steps
    /// out of the line.
    pub(super) async fn permit(
        &self,
        key: &str,
        priority: Priority,
        deadline: Instant,
    ) -> Result<Permit, Refusal> {
        let queue = self.queue(key);
        let wake = Arc::new(Notify::new());
        let ticket = queue
            .lane()
            .join(priority, self.timer.now(), Arc::clone(&wake))
            .map_err(|_| Refusal::Full)?;
        let mut place = Place {
            queue: &queue,
            ticket,
            waiting: true,
        };
        loop {
            let now = self.timer.now();
            let turn = queue.lane().turn(ticket, now);
            let nothing_before = match turn {
                Turn::Go => {
                    place.waiting = false;
                    return Ok(Permit {
                        queue: Arc::clone(&queue),
                        ticket,
                        left: Mutex::new(None),
                    });
                }
                Turn::NotBefore(at) => at.min(deadline),
                Turn::Later => deadline,
            };
            if now >= deadline {
                return Err(Refusal::TooLate);
            }
            let woken = std::pin::pin!(wake.notified());
            match select(woken, self.timer.until(nothing_before)).await {
                Either::Left(_) | Either::Right(_) => {}
            }
        }
    }

    fn queue(&self, key: &str) -> Arc<Queue> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if lanes.len() >= MANY_LANES {
            let now = self.timer.now();
            lanes.retain(|_, queue| Arc::strong_count(queue) > 1 || !queue.lane().is_idle(now));
        }
        let queue = lanes.entry(key.to_owned()).or_insert_with(|| {
            Arc::new(Queue {
                lane: Mutex::new(Lane::new(self.pace)),
                timer: Arc::clone(&self.timer),
            })
        });
        Arc::clone(queue)
    }
}

/// A place in the line, given up when the waiting future is dropped.
struct Place<'a> {
    queue: &'a Queue,
    ticket: Ticket,
    waiting: bool,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if self.waiting {
            self.queue.lane().quit(self.ticket);
        }
    }
}

/// Allows one request. Dropped without [`Permit::leave`], it counts as unused.
pub(super) struct Permit {
    queue: Arc<Queue>,
    ticket: Ticket,
    left: Mutex<Option<Instant>>,
}

impl Permit {
    /// The request goes onto the wire now.
    pub(super) fn leave(&self) {
        let now = self.queue.timer.now();
        *self.left.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        self.queue.lane().left(self.ticket, now);
    }

    /// For when it isn't known when the request went onto the wire, or whether.
    pub(super) fn leave_at_last(&self) {
        if self.left().is_none() {
            self.leave();
        }
    }

    /// AWS answered, whatever it said, unless it said "slow down".
    pub(super) fn answered(&self) {
        if let Some(left) = self.left() {
            self.queue.lane().answered(left);
        }
    }

    /// AWS said "slow down".
    pub(super) fn throttled(&self) {
        if let Some(left) = self.left() {
            self.queue.lane().throttled(left, self.queue.timer.now());
        }
    }

    fn left(&self) -> Option<Instant> {
        *self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit")
            .field("ticket", &self.ticket)
            .finish_non_exhaustive()
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.left().is_none() {
            self.queue.lane().unused(self.ticket);
        }
    }
}

#[cfg(test)]
#[path = "throttle_slowing_tests.rs"]
mod slowing_tests;
#[cfg(test)]
#[path = "throttle_tests.rs"]
mod tests;
