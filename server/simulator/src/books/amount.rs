//! Exact amounts and how they are written. Integers only: no float comes near them.

/// How many of the books' units make one dollar, one hour, one request: amounts are whole
/// numbers of 10⁻¹⁰, the most decimals Cost Explorer shows for money.
pub const SCALE: i128 = 10_000_000_000;

const DECIMALS: usize = 10;

/// The decimal string of an amount of 10⁻¹⁰ units, without trailing zeros: `"0"`, `"-0.0000002"`,
/// `"31.2004"`.
pub fn decimal(amount: i128) -> String {
    let sign = if amount < 0 { "-" } else { "" };
    let amount = amount.unsigned_abs();
    let scale = SCALE.unsigned_abs();
    let (whole, fraction) = (amount / scale, amount % scale);
    if fraction == 0 {
        return format!("{sign}{whole}");
    }
    let fraction = format!("{fraction:0DECIMALS$}");
    format!("{sign}{whole}.{}", fraction.trim_end_matches('0'))
}

/// `value × numerator ÷ denominator`, rounded half away from zero.
pub(crate) fn scaled(value: i64, numerator: i64, denominator: i64) -> i64 {
    let product = i128::from(value) * i128::from(numerator);
    let half = i128::from(denominator) / 2;
    let rounded = if product < 0 {
        product - half
    } else {
        product + half
    };
    i64::try_from(rounded / i128::from(denominator)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_amounts_as_cost_explorer_does() {
        assert_eq!(decimal(0), "0");
        assert_eq!(decimal(SCALE * 12), "12");
        assert_eq!(decimal(-2_000), "-0.0000002");
        assert_eq!(decimal(312_004_000_000), "31.2004");
        assert_eq!(decimal(40_000_000_001), "4.0000000001");
    }

    #[test]
    fn scales_with_symmetric_rounding() {
        assert_eq!(scaled(5, 1, 2), 3);
        assert_eq!(scaled(-5, 1, 2), -3);
        assert_eq!(scaled(1_000, 950_000, 1_000_000), 950);
    }
}
