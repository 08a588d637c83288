//! One queue's rules: who leaves next, and when. Pure: the time comes in, and
//! nothing here waits.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::Notify;

use super::priority::Priority;

/// How many departures of others may pass a priority over while it waits: a
/// sync gets every fifth turn at least, and upkeep every tenth.
const PASSED_OVER: [u32; 3] = [0, 4, 9];
/// More than AWS's second, so that two requests which travel at different
/// speeds still don't arrive as the sixth within it.
const WINDOW: Duration = Duration::from_millis(1_005);
/// Lateness beyond this is lost.
const CATCH_UP: Duration = Duration::from_secs(1);
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(20);
/// The slowest that throttling makes a lane, as a part of its full speed.
const SLOWEST: u64 = 10;
/// How many answers bring a lane from a standstill to full speed.
const RECOVERY: u64 = 50;
/// Without any "slow down" for so long, full speed is tried again.
const FORGIVEN: Duration = Duration::from_secs(120);

/// How fast a lane is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Departures in a second, at most.
    pub per_second: u32,
    /// Waiters, at most.
    pub queue_limit: usize,
}

impl Pace {
    /// In departures within 1000 seconds.
    fn full_speed(&self) -> u64 {
        u64::from(self.per_second.max(1)) * 1_000
    }
}

/// A hair over an even share of a second: 203 ms for five. Requests that depart
/// exactly 200 ms apart may arrive as six within one second.
fn spacing(speed: u64) -> Duration {
    Duration::from_micros(1_015_000_000 / speed.max(1))
}

/// Names a waiter, and later its slot.
pub(super) type Ticket = u64;

struct Waiter {
    ticket: Ticket,
    joined: Instant,
    wake: Arc<Notify>,
}

struct Slot {
    ticket: Ticket,
    /// `None` while the permit is given but its request hasn't left.
    left: Option<Instant>,
}

/// What a waiter is to do.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Turn {
    /// Go now.
    Go,
    /// Nothing can change before this moment, unless woken.
    NotBefore(Instant),
    /// Someone else has to move first, and will wake.
    Later,
}

/// Too many wait already.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Full;

/// The queue of one AWS account.
pub(super) struct Lane {
    pace: Pace,
    /// One for each priority.
    waiters: [VecDeque<Waiter>; 3],
    next_ticket: Ticket,
    /// Departures of others since each priority's first waiter could have gone.
    passed_over: [u32; 3],
    /// When the last departure was due: lateness isn't carried on to the next.
    due: Option<Instant>,
    /// When it was.
    departed: Option<Instant>,
    /// The latest permits, oldest first, no more than fit into a window.
    slots: VecDeque<Slot>,
    closed_until: Option<Instant>,
    pause: Duration,
    paused_at: Option<Instant>,
    /// In departures within 1000 seconds: halved when AWS says "slow down", and
    /// recovering step by step with each answer; never above the pace.
    speed: u64,
}

impl Lane {
    pub(super) fn new(pace: Pace) -> Self {
        Self {
            pace,
            waiters: Default::default(),
            next_ticket: 0,
            passed_over: [0; 3],
            due: None,
            departed: None,
            slots: VecDeque::new(),
            closed_until: None,
            pause: FIRST_PAUSE,
            paused_at: None,
            speed: pace.full_speed(),
        }
    }

    /// Stands in line.
    pub(super) fn join(
        &mut self,
        priority: Priority,
        now: Instant,
        wake: Arc<Notify>,
    ) -> Result<Ticket, Full> {
        if self.waiters.iter().map(VecDeque::len).sum::<usize>() >= self.pace.queue_limit {
            return Err(Full);
        }
        self.next_ticket += 1;
        let ticket = self.next_ticket;
        let waiter = Waiter {
            ticket,
            joined: now,
            wake,
        };
        self.waiters[priority.place()].push_back(waiter);
        Ok(ticket)
    }

    /// Steps out of the line.
    pub(super) fn quit(&mut self, ticket: Ticket) {
        for (waiters, passed_over) in self.waiters.iter_mut().zip(&mut self.passed_over) {
            waiters.retain(|waiter| waiter.ticket != ticket);
            if waiters.is_empty() {
                *passed_over = 0;
            }
        }
        self.wake_next();
    }

    /// Goes if it is this waiter's turn.
    pub(super) fn turn(&mut self, ticket: Ticket, now: Instant) -> Turn {
        if self.next().map(|waiter| waiter.ticket) != Some(ticket) {
            return Turn::Later;
        }
        self.forgive(now);
        match self.earliest() {
            None => Turn::Later,
            Some(at) if at > now => Turn::NotBefore(at),
            Some(at) => {
                self.depart(at, now);
                self.wake_next();
                Turn::Go
            }
        }
    }

    /// A permit's request is on its way.
    pub(super) fn left(&mut self, ticket: Ticket, now: Instant) {
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.ticket == ticket) {
            slot.left = Some(now);
            self.wake_next();
        }
    }

    /// A permit's request never left.
    pub(super) fn unused(&mut self, ticket: Ticket) {
        self.slots.retain(|slot| slot.ticket != ticket);
        self.wake_next();
    }

    /// AWS refused a request that left at `left` because there were too many.
    /// Those that were under way already don't make it slower still.
    pub(super) fn throttled(&mut self, left: Instant, now: Instant) {
        if self.paused_at.is_some_and(|paused_at| left <= paused_at) {
            return;
        }
        self.closed_until = Some(now + self.pause);
        self.paused_at = Some(now);
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        self.speed = (self.speed / 2).max(self.pace.full_speed() / SLOWEST);
    }

    /// AWS answered a request that left at `left`: a step back to full speed.
    pub(super) fn answered(&mut self, left: Instant) {
        if self.paused_at.is_none_or(|paused_at| left > paused_at) {
            self.pause = FIRST_PAUSE;
            let full = self.pace.full_speed();
            self.speed = (self.speed + full / RECOVERY).min(full);
            self.wake_next();
        }
    }

    /// Whether nobody waits and the past no longer matters.
    pub(super) fn is_idle(&self, now: Instant) -> bool {
        let calm = |at: Option<Instant>| at.is_none_or(|at| now > at + LONGEST_PAUSE);
        self.waiters.iter().all(VecDeque::is_empty)
            && self
                .slots
                .iter()
                .all(|slot| slot.left.is_some_and(|at| calm(Some(at))))
            && calm(self.closed_until)
    }

    fn forgive(&mut self, now: Instant) {
        if self.paused_at.is_some_and(|at| now > at + FORGIVEN) {
            self.paused_at = None;
            self.speed = self.pace.full_speed();
        }
    }

    fn next(&self) -> Option<&Waiter> {
        self.waiters[self.next_place()?].front()
    }

    /// Whose turn it is: who was passed over long enough, the rarest first; else
    /// the most urgent.
    fn next_place(&self) -> Option<usize> {
        let waits = |place: &usize| !self.waiters[*place].is_empty();
        let owed = |place: &usize| self.passed_over[*place] >= PASSED_OVER[*place];
        let (mut places, mut rarest) = (0..3, (1..3).rev());
        rarest
            .find(|place| waits(place) && owed(place))
            .or_else(|| places.find(waits))
    }

    /// When the next may go; `None` while a request that should have left
    /// within the window is still being made ready.
    fn earliest(&self) -> Option<Instant> {
        let spacing = spacing(self.speed);
        let spaced = self.due.map(|due| due + spacing);
        // Who makes up for lateness hurries a little, but never rushes.
        let apart = self.departed.map(|at| at + spacing * 24 / 25);
        let full = self.slots.len() >= usize::try_from(self.pace.per_second).unwrap_or(usize::MAX);
        let window = match self.slots.front() {
            Some(oldest) if full => Some(oldest.left? + WINDOW),
            _ => None,
        };
        let joined = self.next().map(|waiter| waiter.joined);
        [spaced, apart, window, joined, self.closed_until]
            .into_iter()
            .flatten()
            .max()
    }

    fn depart(&mut self, at: Instant, now: Instant) {
        let Some(place) = self.next_place() else {
            return;
        };
        let Some(waiter) = self.waiters[place].pop_front() else {
            return;
        };
        for (other, passed_over) in self.passed_over.iter_mut().enumerate() {
            let passed = other != place && !self.waiters[other].is_empty();
            *passed_over = if passed { *passed_over + 1 } else { 0 };
        }
        // Being woken late must not add up, as far as it can be made up for.
        self.due = Some(now.checked_sub(CATCH_UP).map_or(at, |limit| at.max(limit)));
        self.departed = Some(now);
        self.slots.push_back(Slot {
            ticket: waiter.ticket,
            left: None,
        });
        while self.slots.len() > usize::try_from(self.pace.per_second).unwrap_or(usize::MAX) {
            self.slots.pop_front();
        }
    }

    fn wake_next(&self) {
        if let Some(waiter) = self.next() {
            waiter.wake.notify_one();
        }
    }
}
