//! Repeatable chance: the same words and numbers always give the same value, on every machine.
//! Not for secrets.

/// Mixes numbers into one hash (SplitMix64's finalizer over a running state).
pub(crate) fn mix(parts: &[u64]) -> u64 {
    let mut state = 0x243F_6A88_85A3_08D3_u64;
    for part in parts {
        state = state
            .wrapping_add(*part)
            .wrapping_add(0x9E37_79B9_7F4A_7C15);
        state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        state ^= state >> 31;
    }
    state
}

/// A text as a number to mix (FNV-1a).
pub(crate) fn text(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}

/// A value in `low..=high` chosen by `hash`.
pub(crate) fn between(hash: u64, low: i64, high: i64) -> i64 {
    let span = u64::try_from(high - low + 1).unwrap_or(1);
    low + i64::try_from(hash % span).unwrap_or(0)
}
