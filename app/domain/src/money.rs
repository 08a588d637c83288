//! Exact amounts of money. No floating point anywhere, and no conversion
//! between currencies.

use std::{fmt, iter, str::FromStr};

use serde::{Deserialize, Serialize};

/// How many [`Nanos`] make one unit of a currency.
pub const NANOS_PER_UNIT: i64 = 1_000_000_000;
const NANOS_PER_CENT: i64 = NANOS_PER_UNIT / 100;
const NANO_DIGITS: i64 = 9;

/// Why a text isn't an amount, or a sum can't be held.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum MoneyError {
    /// The text isn't a decimal number.
    #[error("not a decimal number")]
    NotANumber,
    /// More than about 9.2 thousand million units of the currency.
    #[error("the amount is too large to be exact")]
    TooLarge,
    /// Amounts in different currencies were to be added.
    #[error("amounts in different currencies can't be added")]
    MixedCurrencies,
    /// The text isn't a three-letter currency code.
    #[error("not a three-letter currency code")]
    NotACurrency,
}

/// An amount in 10⁻⁹ of a currency's unit, exact within ±9.2 thousand million units.
#[derive(
    Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Nanos(pub i64);

impl Nanos {
    /// No money at all.
    pub const ZERO: Self = Self(0);

    /// The sum, or [`MoneyError::TooLarge`].
    ///
    /// # Errors
    /// When the sum doesn't fit.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.0
            .checked_add(other.0)
            .map(Self)
            .ok_or(MoneyError::TooLarge)
    }

    /// The difference, or [`MoneyError::TooLarge`].
    ///
    /// # Errors
    /// When the difference doesn't fit.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.0
            .checked_sub(other.0)
            .map(Self)
            .ok_or(MoneyError::TooLarge)
    }

    /// Adds up exactly, whatever the order; only the result has to fit.
    ///
    /// # Errors
    /// When the sum doesn't fit.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        let sum: i128 = amounts.into_iter().map(|amount| i128::from(amount.0)).sum();
        i64::try_from(sum)
            .map(Self)
            .map_err(|_| MoneyError::TooLarge)
    }

    /// Whole cents, rounded half to even. For display only: sums are made of nanos.
    #[must_use]
    pub fn to_cents(self) -> i64 {
        let (quotient, rest) = (
            self.0.div_euclid(NANOS_PER_CENT),
            self.0.rem_euclid(NANOS_PER_CENT),
        );
        let half = NANOS_PER_CENT / 2;
        let up = rest > half || (rest == half && quotient.rem_euclid(2) == 1);
        quotient + i64::from(up)
    }

    /// The nearest number a chart can draw. Never add these up.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "pixels need no exactness")]
    pub fn approximate(self) -> f64 {
        self.0 as f64 / NANOS_PER_UNIT as f64
    }
}

/// Reads AWS's decimal strings: a sign, any number of decimals, an exponent.
/// Rounds half to even, once, to nine decimals.
impl FromStr for Nanos {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (
                mantissa,
                exponent
                    .parse::<i64>()
                    .map_err(|_| MoneyError::NotANumber)?,
            ),
            None => (text, 0),
        };
        let (negative, unsigned) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = || whole.bytes().chain(fraction.bytes());
        if digits().next().is_none() || !digits().all(|digit| digit.is_ascii_digit()) {
            return Err(MoneyError::NotANumber);
        }
        let whole_digits = i64::try_from(whole.len()).map_err(|_| MoneyError::TooLarge)?;
        let kept = whole_digits
            .saturating_add(exponent)
            .saturating_add(NANO_DIGITS);
        let magnitude = round_half_even(digits().map(|digit| digit - b'0'), kept)?;
        let signed = if negative { -magnitude } else { magnitude };
        i64::try_from(signed)
            .map(Self)
            .map_err(|_| MoneyError::TooLarge)
    }
}

/// The integer made of the first `kept` digits (zeros are added where digits
/// are missing), rounded half to even by the ones that follow.
fn round_half_even(digits: impl Iterator<Item = u8>, kept: i64) -> Result<i128, MoneyError> {
    let mut value: i128 = 0;
    let mut position: i64 = 0;
    // The digits after the last kept one: the first decides, the others break a tie.
    let (mut first_dropped, mut more_dropped) = (0, false);
    for digit in digits {
        if position < kept {
            value = push_digit(value, digit)?;
        } else if position == kept {
            first_dropped = digit;
        } else {
            more_dropped |= digit != 0;
        }
        position += 1;
    }
    // With a very negative exponent even the first digit lies beyond the one that decides.
    if kept < 0 {
        return Ok(0);
    }
    while position < kept {
        if value == 0 {
            break;
        }
        value = push_digit(value, 0)?;
        position += 1;
    }
    let up = first_dropped > 5 || (first_dropped == 5 && (more_dropped || value % 2 == 1));
    Ok(value + i128::from(up))
}

fn push_digit(value: i128, digit: u8) -> Result<i128, MoneyError> {
    let next = value * 10 + i128::from(digit);
    // One more digit than an i64 can hold is already too many.
    if next > i128::from(i64::MAX) * 10 {
        Err(MoneyError::TooLarge)
    } else {
        Ok(next)
    }
}

/// All nine decimals, trailing zeros cut: `1234.5678901`, `-0.01`, `3`.
impl fmt::Display for Nanos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let unit = NANOS_PER_UNIT.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        let fraction = format!("{:09}", magnitude % unit);
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        write!(f, "{sign}{}{point}{fraction}", magnitude / unit)
    }
}

/// A currency's three-letter code, as AWS names it in `Unit`, e.g. `USD`.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// US dollars: what AWS bills in unless an account chose otherwise, and
    /// what its API requests are priced in.
    pub const USD: Self = Self(*b"USD");

    /// The code, e.g. `USD`.
    #[must_use]
    pub fn code(&self) -> &str {
        // Only ASCII letters get in.
        str::from_utf8(&self.0).unwrap_or("???")
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let code: [u8; 3] = text
            .as_bytes()
            .try_into()
            .map_err(|_| MoneyError::NotACurrency)?;
        if code.iter().all(u8::is_ascii_uppercase) {
            Ok(Self(code))
        } else {
            Err(MoneyError::NotACurrency)
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;

    fn try_from(text: String) -> Result<Self, MoneyError> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An exact amount with its currency.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Money {
    /// How much.
    pub amount: Nanos,
    /// Of what.
    pub currency: Currency,
}

impl Money {
    /// An amount of a currency.
    #[must_use]
    pub const fn new(amount: Nanos, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// The sum of two amounts of one currency.
    ///
    /// # Errors
    /// When the currencies differ or the sum doesn't fit.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        Ok(Self::new(
            self.amount.checked_add(other.amount)?,
            self.currency,
        ))
    }

    /// The difference of two amounts of one currency.
    ///
    /// # Errors
    /// When the currencies differ or the difference doesn't fit.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        Ok(Self::new(
            self.amount.checked_sub(other.amount)?,
            self.currency,
        ))
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::MixedCurrencies)
        }
    }

    /// For people: `$1,234.57`, `−$0.01`, `EUR 12.00`; two decimals, but two
    /// significant digits for amounts under one cent: `$0.00042`.
    #[must_use]
    pub fn display(&self) -> String {
        let sign = if self.amount.0 < 0 { "\u{2212}" } else { "" };
        let symbol = match self.currency.code() {
            "USD" => "$".to_owned(),
            code => format!("{code}\u{a0}"),
        };
        format!("{sign}{symbol}{}", unsigned_text(self.amount))
    }

    /// Like [`Money::display`], with a plus sign before a positive amount: for differences.
    #[must_use]
    pub fn display_signed(&self) -> String {
        let plus = if self.amount.0 > 0 { "+" } else { "" };
        format!("{plus}{}", self.display())
    }

    /// Every digit: `1234.567890123 USD`.
    #[must_use]
    pub fn display_exact(&self) -> String {
        format!("{} {}", self.amount, self.currency)
    }
}

fn unsigned_text(amount: Nanos) -> String {
    let magnitude = amount.0.unsigned_abs();
    if magnitude != 0 && magnitude < NANOS_PER_CENT.unsigned_abs() {
        return under_a_cent(magnitude);
    }
    let cents = amount.to_cents().unsigned_abs();
    format!("{}.{:02}", with_thousands(cents / 100), cents % 100)
}

/// Two significant digits, so that a tiny cost is never shown as nothing.
fn under_a_cent(magnitude: u64) -> String {
    let digits = format!("{magnitude:09}");
    let first = digits.find(|digit| digit != '0').unwrap_or(digits.len());
    let end = (first + 2).min(digits.len());
    format!("0.{}", digits[..end].trim_end_matches('0'))
}

fn with_thousands(number: u64) -> String {
    let digits = number.to_string();
    let head = digits.len() % 3;
    let groups = iter::once(&digits[..head])
        .filter(|group| !group.is_empty())
        .chain(
            (head..digits.len())
                .step_by(3)
                .map(|start| &digits[start..start + 3]),
        );
    groups.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn nanos(text: &str) -> i64 {
        text.parse::<Nanos>().unwrap().0
    }

    #[test]
    fn reads_what_aws_sends() {
        assert_eq!(nanos("1234.5678901234"), 1_234_567_890_123);
        assert_eq!(nanos("-50"), -50_000_000_000);
        assert_eq!(nanos("0"), 0);
        assert_eq!(nanos("-2E-7"), -200);
        assert_eq!(nanos("1.5e3"), 1_500_000_000_000);
        assert_eq!(nanos(".5"), 500_000_000);
        assert_eq!(nanos("0.000000000000000"), 0);
        assert_eq!(nanos("1e-400"), 0);
        assert_eq!(nanos("0e400"), 0);
    }

    #[test]
    fn rounds_half_to_even_once() {
        assert_eq!(nanos("0.0000000005"), 0);
        assert_eq!(nanos("0.0000000015"), 2);
        assert_eq!(nanos("0.0000000025"), 2);
        assert_eq!(nanos("0.00000000250000001"), 3);
        assert_eq!(nanos("-0.0000000015"), -2);
        assert_eq!(nanos("6e-10"), 1);
        assert_eq!(nanos("9e-11"), 0);
    }

    #[test]
    fn refuses_what_is_no_amount() {
        for text in [
            "", "-", ".", "e5", "1,5", "1.2.3", "NaN", "1e", "0x10", " 1", "--1", "١",
        ] {
            assert_eq!(
                text.parse::<Nanos>(),
                Err(MoneyError::NotANumber),
                "{text:?}"
            );
        }
        assert_eq!("9223372037".parse::<Nanos>(), Err(MoneyError::TooLarge));
        assert_eq!("1e400".parse::<Nanos>(), Err(MoneyError::TooLarge));
        assert_eq!(nanos("9223372036.854775807"), i64::MAX);
    }

    #[test]
    fn shows_people_money() {
        let usd = |text: &str| Money::new(text.parse().unwrap(), Currency::USD).display();
        assert_eq!(usd("1234567.891"), "$1,234,567.89");
        assert_eq!(usd("-0.015"), "\u{2212}$0.02");
        assert_eq!(usd("0.00042"), "$0.00042");
        assert_eq!(usd("0.000423"), "$0.00042");
        assert_eq!(usd("0"), "$0.00");
        assert_eq!(usd("999.995"), "$1,000.00");
        let cny = Money::new(Nanos(12_000_000_000), "CNY".parse().unwrap());
        assert_eq!(cny.display(), "CNY\u{a0}12.00");
        assert_eq!(cny.display_signed(), "+CNY\u{a0}12.00");
    }

    #[test]
    fn currencies_never_mix() {
        let dollars = Money::new(Nanos(1), Currency::USD);
        let yuan = Money::new(Nanos(1), "CNY".parse().unwrap());
        assert_eq!(dollars.checked_add(yuan), Err(MoneyError::MixedCurrencies));
    }

    proptest! {
        #[test]
        fn every_amount_survives_text(value: i64) {
            let text = Nanos(value).to_string();
            prop_assert_eq!(text.parse::<Nanos>().unwrap(), Nanos(value));
        }

        #[test]
        fn exponents_only_move_the_point(value in -1_000_000_000_000_i64..1_000_000_000_000) {
            let shifted = format!("{value}e-9");
            prop_assert_eq!(shifted.parse::<Nanos>().unwrap(), Nanos(value));
        }

        #[test]
        fn rounding_is_off_by_half_a_nano_at_most(whole in 0_u32..1_000, digits in "[0-9]{1,15}") {
            let exact = format!("{whole}{digits:0<15}").parse::<i128>().unwrap();
            let rounded = i128::from(nanos(&format!("{whole}.{digits}")));
            prop_assert!((rounded * 1_000_000 - exact).abs() <= 500_000);
        }

        #[test]
        fn sums_do_not_depend_on_order(mut amounts in prop::collection::vec(any::<i64>(), 0..50)) {
            let forward = Nanos::sum(amounts.iter().copied().map(Nanos));
            amounts.reverse();
            prop_assert_eq!(forward, Nanos::sum(amounts.into_iter().map(Nanos)));
        }

        #[test]
        fn cents_are_within_half_a_cent(value: i64) {
            let difference = i128::from(Nanos(value).to_cents()) * 10_000_000 - i128::from(value);
            prop_assert!(difference.abs() <= 5_000_000);
        }

        #[test]
        fn never_panics(text in "\\PC{0,40}") {
            let _ = text.parse::<Nanos>();
        }
    }
}
