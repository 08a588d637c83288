//! The log of requests, for tests to read. Holds what was asked, never signatures, session
//! tokens or page tokens.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use chrono::{SecondsFormat, Utc};
use serde::Serialize;
use serde_json::Value;

const MOST: usize = 100_000;

/// One request that arrived, refused ones too.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LoggedRequest {
    /// Counts from 1, never reused.
    pub seq: u64,
    /// Microseconds since the simulator started, monotonic, taken before anything else was done.
    pub arrived_at_us: u64,
    /// The same moment by the clock, RFC 3339.
    pub at: String,
    /// Microseconds since the simulator started, when the answer was ready to leave; `None`
    /// while unanswered, after a reset, or when the caller went away.
    pub answered_at_us: Option<u64>,
    /// `ce`, `sts`, `ec2`, or empty where the request doesn't say.
    pub service: String,
    /// From the credential scope; empty where the request doesn't say.
    pub region: String,
    /// `GetCostAndUsage`, …; empty when unknown.
    pub operation: String,
    /// As claimed, also when the signature was wrong.
    pub access_key_id: Option<String>,
    /// HTTP status; `None` while unanswered, after a reset, or when the caller went away.
    pub status: Option<u16>,
    /// AWS's error code; `None` for success.
    pub code: Option<String>,
    /// The planned fault that was applied.
    pub fault: Option<String>,
    /// Bytes of the request's body.
    pub bytes_in: usize,
    /// Bytes of the answer's body, as far as it was sent; blanks of an endless one not counted.
    pub bytes_out: usize,
    /// The request's parameters.
    pub body: Option<Value>,
}

/// All requests since the start or since the last [`RequestLog::clear`].
pub(crate) struct RequestLog {
    started: Instant,
    entries: Mutex<(u64, VecDeque<LoggedRequest>)>,
}

impl RequestLog {
    pub(crate) fn new() -> Self {
        Self {
            started: Instant::now(),
            entries: Mutex::default(),
        }
    }

    /// Writes a request down as soon as it is there.
    pub(crate) fn arrived(self: &Arc<Self>, at: Instant) -> Ticket {
        let since = at.saturating_duration_since(self.started).as_micros();
        let mut entries = self.entries();
        entries.0 += 1;
        let seq = entries.0;
        if entries.1.len() >= MOST {
            entries.1.pop_front();
        }
        entries.1.push_back(LoggedRequest {
            seq,
            arrived_at_us: u64::try_from(since).unwrap_or(u64::MAX),
            at: Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true),
            ..LoggedRequest::default()
        });
        Ticket {
            seq,
            log: self.clone(),
        }
    }

    pub(crate) fn all(&self) -> Vec<LoggedRequest> {
        self.entries().1.iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        self.entries().1.clear();
    }

    fn entries(&self) -> MutexGuard<'_, (u64, VecDeque<LoggedRequest>)> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of one request in the log.
#[derive(Clone)]
pub(crate) struct Ticket {
    pub seq: u64,
    log: Arc<RequestLog>,
}

impl Ticket {
    /// Writes the outcome down.
    pub(crate) fn answered(&self, status: u16, code: Option<String>, bytes: usize) {
        let since = self.log.started.elapsed().as_micros();
        self.note(|entry| {
            entry.answered_at_us = Some(u64::try_from(since).unwrap_or(u64::MAX));
            entry.status = Some(status);
            entry.code = code;
            entry.bytes_out = bytes;
        });
    }

    /// Adds what has become known. Nothing happens when the log was cleared meanwhile.
    pub(crate) fn note(&self, change: impl FnOnce(&mut LoggedRequest)) {
        let mut entries = self.log.entries();
        if let Some(entry) = entries
            .1
            .iter_mut()
            .rev()
            .find(|entry| entry.seq == self.seq)
        {
            change(entry);
        }
    }
}
