//! How long an answer takes: the same requests take the same time in every run.

use serde::{Deserialize, Serialize};

use crate::books::{between, mix};

/// A distribution of delays. Fixed, when both ends are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Delay {
    /// The shortest.
    pub from_ms: u32,
    /// The longest; every delay between the two is as likely as every other.
    pub to_ms: u32,
    /// Of a hundred requests, so many take `slow_ms` instead.
    pub slow_percent: u8,
    /// How long the slow ones take.
    pub slow_ms: u32,
}

impl Delay {
    /// The delay of the request of this number, in milliseconds.
    pub(crate) fn of(&self, seed: u64, number: u64) -> u64 {
        if mix(&[seed, number, 8]) % 100 < u64::from(self.slow_percent) {
            return u64::from(self.slow_ms);
        }
        let (from, to) = (i64::from(self.from_ms), i64::from(self.to_ms));
        let delay = between(mix(&[seed, number, 9]), from, to.max(from));
        u64::try_from(delay).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_are_repeatable_and_as_ordered() {
        let delay = Delay {
            from_ms: 20,
            to_ms: 40,
            slow_percent: 10,
            slow_ms: 900,
        };
        let all: Vec<u64> = (0..1_000).map(|number| delay.of(7, number)).collect();
        assert_eq!(
            all,
            (0..1_000)
                .map(|number| delay.of(7, number))
                .collect::<Vec<_>>()
        );
        assert_ne!(
            all,
            (0..1_000)
                .map(|number| delay.of(8, number))
                .collect::<Vec<_>>()
        );
        let slow = all.iter().filter(|delay| **delay == 900).count();
        assert!((60..140).contains(&slow), "{slow}");
        let others = all.iter().filter(|delay| **delay != 900);
        assert!(others.clone().all(|delay| (20..=40).contains(delay)));
        assert!(others.clone().any(|delay| *delay < 25) && others.into_iter().any(|d| *d > 35));
        let fixed = Delay {
            from_ms: 50,
            ..Delay::default()
        };
        assert_eq!(fixed.of(1, 2), 50);
    }
}
