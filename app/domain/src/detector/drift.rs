//! Cost that grows a little every week: no day stands out, but a month does.

use std::ops::Range;

use super::{
    robust::median,
    walk::{LEARNING, Seen, Walk},
};

/// Growth is looked for over so many weeks.
const WEEKS: usize = 5;
/// No single week brings more of it than this; else it is a step.
const LARGEST_WEEK: f64 = 0.6;
/// A week that is lower by so little is as high.
const LEVEL: f64 = 0.02;

/// The days of each growth that isn't the usual one, in order.
pub(super) fn drifts(walk: &Walk) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let quiet_from = walk.begins.map_or(0, |begins| begins + 2 * LEARNING);
    for end in 7 * WEEKS..=walk.seen.len() {
        let from = end - 7 * WEEKS;
        let stepped = (walk.runs.iter())
            .any(|(run, _)| run.start < end && run.end + 7 > from && run.len() > 3);
        if from < quiet_from || stepped || !grows(walk, end) {
            continue;
        }
        match found.last_mut() {
            Some(last) if last.end + 7 >= from => last.end = end,
            _ => found.push(from + 7..end),
        }
    }
    found
}

/// Whether the weeks before `end` grow, each a little.
fn grows(walk: &Walk, end: usize) -> bool {
    let weeks: Option<Vec<f64>> = (0..WEEKS)
        .map(|week| {
            let first = end.checked_sub(7 * (WEEKS - week))?;
            middle(walk.seen.get(first..first + 7)?)
        })
        .collect();
    let Some(weeks) = weeks else { return false };
    let (Some(before), Some(now)) = (weeks.first(), weeks.last()) else {
        return false;
    };
    let rise = now - before;
    let noise = (walk.seen.get(end - 1)).map_or(0.0, |day| day.noise);
    let steps: Vec<f64> = weeks
        .windows(2)
        .filter_map(|pair| Some(pair.get(1)? - pair.first()?))
        .collect();
    *before > 0.0
        && rise > walk.limits.growth * before
        // A week's middle is steadier than its days.
        && rise > walk.limits.times * noise / 2.0
        && steps.iter().all(|step| *step >= -LEVEL * before && *step <= LARGEST_WEEK * rise)
}

fn middle(week: &[Seen]) -> Option<f64> {
    let mut amounts: Vec<f64> = week.iter().filter_map(|day| day.actual).collect();
    // A week with holes isn't compared with whole ones.
    (amounts.len() >= 6).then(|| median(&mut amounts)).flatten()
}
