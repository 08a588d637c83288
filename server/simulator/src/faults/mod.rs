//! Planned misbehaviour: slow answers, throttling, failures, broken answers, a clock that is off.

mod delay;
mod outcome;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::books::mix;
pub use delay::Delay;
pub use outcome::{Named, Outcome, Share};

/// A plan for some of the requests. Failures apply to requests whose signature is right.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FaultRule {
    /// Only this key; every key without it.
    pub access_key_id: Option<String>,
    /// Only `ce`, `sts` or `ec2`; all without it.
    pub service: Option<String>,
    /// Only this operation (`GetCostForecast`); all without it.
    pub operation: Option<String>,
    /// Wait before answering, refusals included.
    pub latency_ms: u64,
    /// Wait so much longer, by chance.
    pub delay: Delay,
    /// Of a hundred requests, so many are throttled; the same ones in every run.
    pub throttle_percent: u8,
    /// Other outcomes of some of the requests. Shares beyond a hundred never happen.
    pub shares: Vec<Share>,
    /// Outcomes of the next requests, used up in this order, before any of the shares.
    pub fail_next: Vec<Outcome>,
    /// Another seed, another choice of requests and delays.
    pub seed: u64,
    /// How long a page token can be used; 0 for not at all. Without it, for a day.
    pub page_token_ms: Option<u64>,
    /// AWS's whole clock is off by so much: its `Date` and its judgement of signatures and
    /// tokens. As if this machine's clock were wrong the other way.
    pub clock_skew_seconds: i64,
    /// Only the `Date` of answers is off by so much.
    pub date_skew_seconds: i64,
}

/// Which request a fault is looked up for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asking<'a> {
    pub access_key_id: &'a str,
    pub service: &'a str,
    pub operation: &'a str,
}

impl FaultRule {
    fn applies(&self, asking: Asking<'_>) -> bool {
        let is = |wish: &Option<String>, value| wish.as_deref().is_none_or(|wish| wish == value);
        is(&self.access_key_id, asking.access_key_id)
            && is(&self.service, asking.service)
            && is(&self.operation, asking.operation)
    }

    fn same_requests(&self, other: &Self) -> bool {
        self.access_key_id == other.access_key_id
            && self.service == other.service
            && self.operation == other.operation
    }

    /// What the shares say about the request of this number.
    fn share(&self, number: u64) -> Option<Outcome> {
        let chance = mix(&[self.seed, number, 5]) % 100;
        let mut end = u64::from(self.throttle_percent);
        if chance < end {
            return Some(Outcome::Named(Named::Throttle));
        }
        self.shares.iter().find_map(|share| {
            end += u64::from(share.percent);
            (chance < end).then(|| share.outcome.clone())
        })
    }
}

/// A rule and how often it was looked at.
struct InForce {
    rule: FaultRule,
    delayed: u64,
    seen: u64,
}

impl From<FaultRule> for InForce {
    fn from(rule: FaultRule) -> Self {
        Self {
            rule,
            delayed: 0,
            seen: 0,
        }
    }
}

/// The rules in force.
#[derive(Default)]
pub(crate) struct Faults {
    rules: Mutex<Vec<InForce>>,
}

impl Faults {
    pub(crate) fn all(&self) -> Vec<FaultRule> {
        self.rules()
            .iter()
            .map(|known| known.rule.clone())
            .collect()
    }

    /// Replaces all rules.
    pub(crate) fn replace(&self, rules: Vec<FaultRule>) {
        *self.rules() = rules.into_iter().map(InForce::from).collect();
    }

    /// Adds a rule, in the place of one for the same key, service and operation.
    pub(crate) fn set(&self, rule: FaultRule) {
        let mut rules = self.rules();
        rules.retain(|known| !known.rule.same_requests(&rule));
        rules.push(rule.into());
    }

    /// How long to wait before answering: the longest of the rules that apply.
    pub(crate) fn delay(&self, asking: Asking<'_>) -> Duration {
        let mut rules = self.rules();
        let longest = applying(&mut rules, asking)
            .map(|known| {
                known.delayed += 1;
                let chance = known.rule.delay.of(known.rule.seed, known.delayed);
                known.rule.latency_ms.saturating_add(chance)
            })
            .max();
        Duration::from_millis(longest.unwrap_or_default())
    }

    /// The next planned outcome of a request; uses it up.
    pub(crate) fn next(&self, asking: Asking<'_>) -> Option<Outcome> {
        let mut rules = self.rules();
        let mut shared = None;
        for known in applying(&mut rules, asking) {
            if !known.rule.fail_next.is_empty() {
                return Some(known.rule.fail_next.remove(0))
                    .filter(|outcome| *outcome != Outcome::Named(Named::Ok));
            }
            known.seen += 1;
            shared = shared.or_else(|| known.rule.share(known.seen));
        }
        shared.filter(|outcome| *outcome != Outcome::Named(Named::Ok))
    }

    /// How far AWS's clock is off, in seconds.
    pub(crate) fn clock_skew(&self, asking: Asking<'_>) -> i64 {
        self.sum(asking, |rule| rule.clock_skew_seconds)
    }

    /// How much further the `Date` of the answer is off, in seconds.
    pub(crate) fn date_skew(&self, asking: Asking<'_>) -> i64 {
        self.sum(asking, |rule| rule.date_skew_seconds)
    }

    /// How long a page token lasts: the shortest of the rules that apply.
    pub(crate) fn page_token(&self, asking: Asking<'_>) -> Option<Duration> {
        let mut rules = self.rules();
        applying(&mut rules, asking)
            .filter_map(|known| known.rule.page_token_ms)
            .min()
            .map(Duration::from_millis)
    }

    fn sum(&self, asking: Asking<'_>, of: impl Fn(&FaultRule) -> i64) -> i64 {
        applying(&mut self.rules(), asking)
            .map(|known| of(&known.rule))
            .fold(0, i64::saturating_add)
    }

    fn rules(&self) -> MutexGuard<'_, Vec<InForce>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn applying<'a>(
    rules: &'a mut [InForce],
    asking: Asking<'a>,
) -> impl Iterator<Item = &'a mut InForce> {
    rules
        .iter_mut()
        .filter(move |known| known.rule.applies(asking))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking<'a>(access_key_id: &'a str, service: &'a str, operation: &'a str) -> Asking<'a> {
        Asking {
            access_key_id,
            service,
            operation,
        }
    }

    #[test]
    fn outcomes_are_used_up_in_order_by_the_requests_they_are_for() {
        let faults = Faults::default();
        let rule: FaultRule = serde_json::from_str(
            r#"{"access_key_id":"A","fail_next":["500","ok",{"status":400,"code":"DataUnavailableException"}]}"#,
        )
        .unwrap();
        faults.set(rule);
        assert_eq!(faults.next(asking("B", "ce", "Get")), None);
        assert_eq!(
            faults.next(asking("A", "ce", "Get")),
            Some(Outcome::Named(Named::Status500))
        );
        assert_eq!(faults.next(asking("A", "sts", "Get")), None);
        assert!(matches!(
            faults.next(asking("A", "ce", "Get")),
            Some(Outcome::Error { status: 400, .. })
        ));
        assert_eq!(faults.next(asking("A", "ce", "Get")), None);
    }

    #[test]
    fn some_of_a_hundred_are_throttled() {
        let faults = Faults::default();
        faults.set(FaultRule {
            throttle_percent: 30,
            ..FaultRule::default()
        });
        let throttled = (0..1_000)
            .filter(|_| faults.next(asking("A", "ce", "Get")).is_some())
            .count();
        assert!((220..380).contains(&throttled), "{throttled}");
        faults.set(FaultRule {
            throttle_percent: 100,
            ..FaultRule::default()
        });
        assert!((0..100).all(|_| faults.next(asking("A", "ce", "Get")).is_some()));
        assert_eq!(faults.all().len(), 1);
    }

    #[test]
    fn a_rule_can_be_for_one_operation() {
        let faults = Faults::default();
        for rule in [
            r#"{"operation":"GetTags","fail_next":["504"],"delay":{"from_ms":30}}"#,
            r#"{"operation":"GetAnomalies","clock_skew_seconds":-400,"page_token_ms":5}"#,
            r#"{"service":"ce","date_skew_seconds":9,"latency_ms":10,"page_token_ms":7}"#,
        ] {
            faults.set(serde_json::from_str(rule).unwrap());
        }
        let tags = asking("A", "ce", "GetTags");
        let anomalies = asking("A", "ce", "GetAnomalies");
        assert_eq!(faults.next(anomalies), None);
        assert_eq!(faults.next(tags), Some(Outcome::Named(Named::Status504)));
        assert_eq!(faults.next(tags), None);
        assert_eq!(faults.delay(tags), Duration::from_millis(30));
        assert_eq!(faults.delay(anomalies), Duration::from_millis(10));
        assert_eq!((faults.clock_skew(tags), faults.date_skew(tags)), (0, 9));
        assert_eq!(faults.clock_skew(anomalies), -400);
        assert_eq!(faults.page_token(tags), Some(Duration::from_millis(7)));
        assert_eq!(faults.page_token(anomalies), Some(Duration::from_millis(5)));
        assert_eq!(faults.page_token(asking("A", "sts", "AssumeRole")), None);
    }

    #[test]
    fn shares_are_repeatable_and_add_up() {
        let outcomes = |seed: u64| {
            let faults = Faults::default();
            let rule = format!(
                r#"{{"seed":{seed},"throttle_percent":10,"shares":[{{"percent":20,"outcome":"500"}},{{"percent":70,"outcome":"reset"}}]}}"#
            );
            faults.set(serde_json::from_str(&rule).unwrap());
            let next = |_| faults.next(asking("A", "ce", "Get")).unwrap().name();
            (0..1_000).map(next).collect::<Vec<String>>()
        };
        let all = outcomes(1);
        assert_eq!(all, outcomes(1));
        assert_ne!(all, outcomes(2));
        let count = |name: &str| all.iter().filter(|outcome| *outcome == name).count();
        assert!((60..140).contains(&count("throttle")));
        assert!((150..250).contains(&count("500")));
        assert_eq!(count("throttle") + count("500") + count("reset"), 1_000);
    }

    #[test]
    fn unknown_words_are_refused() {
        assert!(serde_json::from_str::<FaultRule>(r#"{"fail_next":["explode"]}"#).is_err());
        assert!(serde_json::from_str::<FaultRule>(r#"{"latency":5}"#).is_err());
    }
}
