//! What this tool itself costs: sums of the ledger, the monthly cap, and the
//! account's own line for the same days.

use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    account::{AwsAccountId, ConnectionId},
    error::{Code, Error},
    ledger::Operation,
    money::{Currency, Money, Nanos},
    period::Period,
};

/// What AWS calls its own charge for Cost Explorer requests.
pub const COST_EXPLORER_SERVICE: &str = "AWS Cost Explorer";

const CENT: i64 = 10_000_000;
/// From this share of the cap on there is a notice.
const NEAR_PERCENT: i128 = 80;

/// What a connection's requests may cost in a UTC calendar month without
/// anybody asking for them. Dollars, because that is what AWS prices them in.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cap(Nanos);

impl Cap {
    /// Until a person chooses another: $5.
    pub const DEFAULT: Self = Self(Nanos(500 * CENT));
    /// Far above what any use of this product costs: $1,000.
    pub const MAX: Self = Self(Nanos(100_000 * CENT));

    /// A cap of so much; `None` when it isn't one.
    #[must_use]
    pub const fn of(amount: Nanos) -> Option<Self> {
        let fits = amount.0 >= 0 && amount.0 <= Self::MAX.0.0 && amount.0 % CENT == 0;
        if fits { Some(Self(amount)) } else { None }
    }

    /// As money.
    #[must_use]
    pub const fn money(self) -> Money {
        Money::new(self.0, Currency::USD)
    }

    /// For a form: `5.00`.
    #[must_use]
    pub fn input(self) -> String {
        let cents = self.0.0 / CENT;
        format!("{}.{:02}", cents / 100, cents % 100)
    }
}

/// Reads what people type: `5`, `5.00`, `$5`.
impl FromStr for Cap {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let digits = text.strip_prefix('$').unwrap_or(text).trim_start();
        // No exponents or signs, which the parser of AWS's numbers takes.
        let plain = !digits.is_empty()
            && digits.len() <= 12
            && digits
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.');
        plain
            .then(|| digits.parse::<Nanos>().ok())
            .flatten()
            .and_then(Self::of)
            .ok_or_else(|| {
                Error::invalid(
                    "cap",
                    format!(
                        "The cap has to be an amount in dollars and cents, from $0 to {}.",
                        Self::MAX.money().display()
                    ),
                    "Write it like 5 or 7.50. With 0, nothing is asked in the background.",
                )
            })
    }
}

/// How much of the cap is used up.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CapState {
    /// Less than four fifths.
    Below,
    /// Four fifths or more.
    Near,
    /// All of it: nothing is asked in the background.
    Reached,
}

/// A connection's cap and what its requests cost this month.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct CapStatus {
    /// Whose.
    pub connection: ConnectionId,
    /// What it may cost.
    pub cap: Cap,
    /// The UTC calendar month.
    pub month: Period,
    /// What it has cost.
    pub spent: Money,
    /// Whether it is the sample account, whose requests cost nothing.
    pub sample: bool,
}

impl CapStatus {
    /// How much is used up.
    #[must_use]
    pub fn state(&self) -> CapState {
        let (spent, cap) = (i128::from(self.spent.amount.0), i128::from(self.cap.0.0));
        if self.sample {
            CapState::Below
        } else if spent >= cap {
            CapState::Reached
        } else if spent * 100 >= cap * NEAR_PERCENT {
            CapState::Near
        } else {
            CapState::Below
        }
    }

    /// Whether so much more is covered by the cap.
    #[must_use]
    pub fn covers(&self, price: Money) -> bool {
        let after = i128::from(self.spent.amount.0) + i128::from(price.amount.0);
        self.sample || after <= i128::from(self.cap.0.0)
    }

    /// From 0 to 100: the share that is used up, rounded down.
    #[must_use]
    pub fn percent(&self) -> u32 {
        match i128::from(self.cap.0.0) {
            0 => 100,
            cap => {
                let share = i128::from(self.spent.amount.0) * 100 / cap;
                u32::try_from(share.clamp(0, 100)).unwrap_or(100)
            }
        }
    }

    /// The day on which the count begins anew.
    #[must_use]
    pub const fn resets_on(&self) -> NaiveDate {
        self.month.end()
    }

    /// Why something isn't done in the background, or not without a person's
    /// word. `price` is what it would cost.
    #[must_use]
    pub fn refusal(&self, price: &str) -> Error {
        Error::new(
            Code::CapReached,
            format!(
                "This month's cap of {} for requests to AWS doesn't cover this: {} are spent.",
                self.cap.money().display(),
                self.spent.display()
            ),
            format!(
                "Confirm that it may cost about {price} beyond the cap, raise the cap on the \
                 connection's page, or wait until {}.",
                self.resets_on().format("%-d %b %Y")
            ),
        )
        .with_link(format!("/connections/{}#cap", self.connection))
    }
}

/// Requests and what they cost.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Spent {
    /// Attempts that left the machine, free ones too.
    pub requests: u64,
    /// Those that failed, which may have cost their price all the same.
    pub failed: u64,
    /// The sum.
    pub price: Money,
}

impl Spent {
    /// Nothing yet.
    pub const NOTHING: Self = Self {
        requests: 0,
        failed: 0,
        price: Money::new(Nanos::ZERO, Currency::USD),
    };

    /// Both together; `None` when the sum can't be held.
    #[must_use]
    pub fn and(self, other: Self) -> Option<Self> {
        Some(Self {
            requests: self.requests.checked_add(other.requests)?,
            failed: self.failed.checked_add(other.failed)?,
            price: self.price.checked_add(other.price).ok()?,
        })
    }
}

/// What requests were made for.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub enum Purpose {
    /// A connection that there is.
    Connection {
        /// Which.
        id: ConnectionId,
        /// What the person calls it.
        name: String,
    },
    /// A connection that has been deleted; its account, where it is known.
    Deleted(Option<AwsAccountId>),
    /// Proving keys before they became connections.
    Proving,
}

/// What one connection's requests cost.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct ConnectionSpending {
    /// Whose.
    pub purpose: Purpose,
    /// Today.
    pub today: Spent,
    /// This month.
    pub month: Spent,
    /// Its cap; only of connections that there are.
    pub cap: Option<CapStatus>,
}

/// What requests of one operation cost.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct OperationSpending {
    /// Which.
    pub operation: Operation,
    /// Today.
    pub today: Spent,
    /// This month.
    pub month: Spent,
}

/// What a month's requests cost.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct MonthSpending {
    /// Which; this month ends with today.
    pub period: Period,
    /// How much.
    pub spent: Spent,
}

/// A month of our ledger beside the account's own line, over the same days.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct MonthCompared {
    /// The days of the month so far.
    pub period: Period,
    /// How many of them the account's costs are stored for: both sums are about
    /// these alone.
    pub days: u32,
    /// What our ledger says.
    pub ours: Money,
    /// What AWS says; `None` where no day is stored.
    pub theirs: Option<Money>,
}

/// An account's own line beside our ledger.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The connection whose stored costs are read.
    pub connection: ConnectionId,
    /// What the person calls it.
    pub name: String,
    /// The account.
    pub account: AwsAccountId,
    /// This month and those before, newest first.
    pub months: Vec<MonthCompared>,
}

/// Everything on the page *What this tool costs*.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct SpendingReport {
    /// The UTC day it was made for.
    pub today: NaiveDate,
    /// Today's requests.
    pub spent_today: Spent,
    /// This month's.
    pub spent_this_month: Spent,
    /// By connection, the dearest first.
    pub connections: Vec<ConnectionSpending>,
    /// By operation, the dearest first.
    pub operations: Vec<OperationSpending>,
    /// The last twelve months, newest first.
    pub months: Vec<MonthSpending>,
    /// Beside the accounts' own lines.
    pub comparisons: Vec<Comparison>,
    /// This month's requests to the sample account, which are in no other sum:
    /// what they would have cost.
    pub sample: Spent,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn status(spent_cents: i64, cap: &str) -> CapStatus {
        CapStatus {
            connection: ConnectionId(Uuid::nil()),
            cap: cap.parse().unwrap(),
            month: Period::month_of("2026-11-24".parse().unwrap()),
            spent: Money::new(Nanos(spent_cents * CENT), Currency::USD),
            sample: false,
        }
    }

    #[test]
    fn caps_are_typed_in_dollars_and_cents() {
        for (text, input) in [
            ("5", "5.00"),
            (" $7.5 ", "7.50"),
            ("0", "0.00"),
            ("0.01", "0.01"),
            ("1000.00", "1000.00"),
            ("5.", "5.00"),
        ] {
            assert_eq!(text.parse::<Cap>().unwrap().input(), input, "{text}");
        }
        for text in [
            "",
            "$",
            "-1",
            "+1",
            "1e2",
            "5,00",
            "0.001",
            "1000.01",
            "five",
            "NaN",
            "1 000",
            "9999999999999",
            "..",
            ".",
        ] {
            let error = text.parse::<Cap>().unwrap_err();
            assert_eq!(error.field.as_deref(), Some("cap"), "{text}");
        }
        assert_eq!(Cap::DEFAULT.money().display(), "$5.00");
    }

    #[test]
    fn four_fifths_are_near_and_all_is_reached() {
        for (spent, state) in [
            (0, CapState::Below),
            (399, CapState::Below),
            (400, CapState::Near),
            (499, CapState::Near),
            (500, CapState::Reached),
            (501, CapState::Reached),
        ] {
            assert_eq!(status(spent, "5").state(), state, "{spent}");
        }
        assert_eq!(status(0, "0").state(), CapState::Reached);
        assert_eq!(status(0, "0").percent(), 100);
        let sample = CapStatus {
            sample: true,
            ..status(900, "5")
        };
        assert_eq!(sample.state(), CapState::Below);
        assert!(sample.covers(status(900, "5").spent));
    }

    #[test]
    fn the_refusal_says_how_much_and_until_when() {
        let error = status(500, "5").refusal("$0.02");
        assert_eq!(error.code, Code::CapReached);
        assert!(error.message.contains("$5.00"), "{}", error.message);
        assert!(error.advice.contains("$0.02"), "{}", error.advice);
        assert!(error.advice.contains("1 Dec 2026"), "{}", error.advice);
    }

    proptest! {
        #[test]
        fn a_cap_covers_exactly_what_fits(spent in 0_i64..2_000, cap in 0_i64..1_000, price in 0_i64..100) {
            let status = status(spent, &format!("{}.{:02}", cap / 100, cap % 100));
            let price = Money::new(Nanos(price * CENT), Currency::USD);
            prop_assert_eq!(status.covers(price), spent + price.amount.0 / CENT <= cap);
            let one = Money::new(Nanos(CENT), Currency::USD);
            prop_assert_eq!(status.state() == CapState::Reached, !status.covers(one));
        }

        #[test]
        fn typed_caps_come_back(cents in 0_i64..=100_000) {
            let cap = Cap::of(Nanos(cents * CENT)).unwrap();
            prop_assert_eq!(cap.input().parse::<Cap>().unwrap(), cap);
        }

        #[test]
        fn no_text_panics(text in ".{0,20}") {
            let _ = text.parse::<Cap>();
        }
    }
}
