//! Middles and widths that a few wild values don't move.

/// The middle value; `None` of nothing.
pub(super) fn median(values: &mut [f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// The value below which `part` of them lie, between neighbours in a straight line.
pub(super) fn quantile(values: &mut [f64], part: f64) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let place = part * values.len().checked_sub(1)? as f64;
    let (below, above) = (place.floor(), place.ceil());
    let (low, high) = (values.get(below as usize)?, values.get(above as usize)?);
    Some(low + (high - low) * (place - below))
}

/// The width of the noise, as a standard deviation would be: from the middle deviation, or
/// from the larger ones where most are none at all.
pub(super) fn width(deviations: &[f64]) -> f64 {
    let mut sizes: Vec<f64> = deviations.iter().map(|one| one.abs()).collect();
    let middle = median(&mut sizes).unwrap_or_default();
    let large = quantile(&mut sizes, 0.85).unwrap_or_default();
    // What these are for a bell curve of width 1.
    (middle / 0.6745).max(large / 1.44)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn middles_and_widths_stand_wild_values() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0, 1.0, 900.0]), Some(3.0));
        assert_eq!(median(&mut [1.0, 2.0]), Some(1.5));
        assert_eq!(quantile(&mut [0.0, 10.0], 0.85), Some(8.5));
        let mut calm = vec![0.67, -0.67, 0.67, -0.67, 0.67, -0.67, 0.67, -0.67, 0.67];
        let before = width(&calm);
        assert!((0.9..1.1).contains(&before), "{before}");
        calm.push(1_000.0);
        assert!((width(&calm) - before).abs() < 0.1);
        // Bursts on one day in five are the usual there: 0.85 of the way lies at 6.5, of 1.44.
        let bursts = [0.0, 0.0, 0.0, 0.0, 10.0, 0.0, 0.0, 0.0, 0.0, 10.0];
        assert!((4.4..4.6).contains(&width(&bursts)));
    }
}
