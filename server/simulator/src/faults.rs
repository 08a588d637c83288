//! Planned misbehaviour: slow answers, throttling, failures and broken answers.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::books::mix;

/// What happens instead of the true answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Outcome {
    /// One of the common ones, by name.
    Named(Named),
    /// Any of AWS's errors.
    Error {
        /// HTTP status.
        status: u16,
        /// AWS's code.
        code: String,
        /// AWS's text.
        #[serde(default)]
        message: String,
    },
}

/// Common outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// The true answer; to let some requests pass before one fails.
    Ok,
    /// The service's own throttling error.
    Throttle,
    /// InternalFailure, status 500.
    #[serde(rename = "500")]
    Status500,
    /// A gateway's 502, without AWS's body.
    #[serde(rename = "502")]
    Status502,
    /// ServiceUnavailable, status 503.
    #[serde(rename = "503")]
    Status503,
    /// A gateway's 504, without AWS's body.
    #[serde(rename = "504")]
    Status504,
    /// The connection is reset without an answer.
    Reset,
    /// Status 200 with `{}`.
    Empty,
    /// Status 200; the connection breaks in the middle of the body.
    Half,
    /// Status 200; amounts are numbers where strings are due.
    WrongTypes,
    /// Never an answer.
    Hang,
}

impl Outcome {
    /// The name it is set and logged by.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Error { code, .. } => code.clone(),
            Self::Named(named) => serde_json::to_value(named)
                .ok()
                .and_then(|value| value.as_str().map(str::to_owned))
                .unwrap_or_default(),
        }
    }
}

/// A plan for some of the requests. Failures apply to requests whose signature is right.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FaultRule {
    /// Only this key; every key without it.
    pub access_key_id: Option<String>,
    /// Only `ce` or `sts`; both without it.
    pub service: Option<String>,
    /// Wait before answering, refusals included.
    pub latency_ms: u64,
    /// Of a hundred requests, so many are throttled; the same ones in every run.
    pub throttle_percent: u8,
    /// Outcomes of the next requests, used up in this order.
    pub fail_next: Vec<Outcome>,
}

impl FaultRule {
    fn applies(&self, access_key_id: &str, service: &str) -> bool {
        self.access_key_id
            .as_deref()
            .is_none_or(|id| id == access_key_id)
            && self.service.as_deref().is_none_or(|name| name == service)
    }

    fn same_requests(&self, other: &Self) -> bool {
        self.access_key_id == other.access_key_id && self.service == other.service
    }
}

/// The rules in force.
#[derive(Default)]
pub(crate) struct Faults {
    rules: Mutex<(u64, Vec<FaultRule>)>,
}

impl Faults {
    pub(crate) fn all(&self) -> Vec<FaultRule> {
        self.rules().1.clone()
    }

    /// Replaces all rules.
    pub(crate) fn replace(&self, rules: Vec<FaultRule>) {
        self.rules().1 = rules;
    }

    /// Adds a rule, in the place of one for the same key and service.
    pub(crate) fn set(&self, rule: FaultRule) {
        let mut rules = self.rules();
        rules.1.retain(|known| !known.same_requests(&rule));
        rules.1.push(rule);
    }

    /// How long to wait before answering: the longest of the rules that apply.
    pub(crate) fn latency(&self, access_key_id: &str, service: &str) -> Duration {
        let rules = self.rules();
        let longest = rules
            .1
            .iter()
            .filter(|rule| rule.applies(access_key_id, service))
            .map(|rule| rule.latency_ms)
            .max();
        Duration::from_millis(longest.unwrap_or_default())
    }

    /// The next planned outcome of a request; uses it up.
    pub(crate) fn next(&self, access_key_id: &str, service: &str) -> Option<Outcome> {
        let mut rules = self.rules();
        rules.0 += 1;
        let chance = mix(&[rules.0, 5]) % 100;
        let mut throttled = false;
        for rule in rules
            .1
            .iter_mut()
            .filter(|rule| rule.applies(access_key_id, service))
        {
            if !rule.fail_next.is_empty() {
                return Some(rule.fail_next.remove(0))
                    .filter(|outcome| *outcome != Outcome::Named(Named::Ok));
            }
            throttled |= chance < u64::from(rule.throttle_percent);
        }
        throttled.then_some(Outcome::Named(Named::Throttle))
    }

    fn rules(&self) -> MutexGuard<'_, (u64, Vec<FaultRule>)> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_used_up_in_order_by_the_requests_they_are_for() {
        let faults = Faults::default();
        let rule: FaultRule = serde_json::from_str(
            r#"{"access_key_id":"A","fail_next":["500","ok",{"status":400,"code":"DataUnavailableException"}]}"#,
        )
        .unwrap();
        faults.set(rule);
        assert_eq!(faults.next("B", "ce"), None);
        assert_eq!(
            faults.next("A", "ce"),
            Some(Outcome::Named(Named::Status500))
        );
        assert_eq!(faults.next("A", "sts"), None);
        assert!(matches!(
            faults.next("A", "ce"),
            Some(Outcome::Error { status: 400, .. })
        ));
        assert_eq!(faults.next("A", "ce"), None);
    }

    #[test]
    fn some_of_a_hundred_are_throttled() {
        let faults = Faults::default();
        faults.set(FaultRule {
            throttle_percent: 30,
            ..FaultRule::default()
        });
        let throttled = (0..1_000)
            .filter(|_| faults.next("A", "ce").is_some())
            .count();
        assert!((220..380).contains(&throttled), "{throttled}");
        faults.set(FaultRule {
            throttle_percent: 100,
            ..FaultRule::default()
        });
        assert!((0..100).all(|_| faults.next("A", "ce").is_some()));
        assert_eq!(faults.all().len(), 1);
    }

    #[test]
    fn unknown_words_are_refused() {
        assert!(serde_json::from_str::<FaultRule>(r#"{"fail_next":["explode"]}"#).is_err());
        assert!(serde_json::from_str::<FaultRule>(r#"{"latency":5}"#).is_err());
    }
}
