//! More of everything, to measure with. Each volume and snapshot exists all the time, in cycles
//! of some years, so that the numbers are exact on every day.

use super::Scale;
use super::fleet::T3_MEDIUM;
use super::plot::Plot;
use super::story::Story;

/// An instance holds a few dozen volumes at most.
const TOGETHER: usize = 24;
const REGIONS: [&str; 3] = ["us-east-1", "eu-west-1", "eu-central-1"];
/// Far from the numbers of the ordinary stories.
const FIRST: u64 = 100_000;

/// The stories that bring exactly so many volumes and snapshots.
pub(super) fn stories(scale: Scale) -> Vec<Story> {
    let volumes = pieces(scale.volumes).map(|count| Plot::ManyVolumes {
        machine: &T3_MEDIUM,
        count,
    });
    let snapshots = pieces(scale.snapshots).map(|count| Plot::ManySnapshots { count });
    let plots = volumes.zip(FIRST..).chain(snapshots.zip(FIRST * 10..));
    plots
        .map(|(plot, number)| {
            let place = usize::try_from(number).unwrap_or(0) % REGIONS.len();
            Story {
                number,
                name: "bulk",
                region: REGIONS[place],
                tags: &[],
                days: 900,
                phase: i64::try_from(number * 37 % 900).unwrap_or(0),
                plot,
            }
        })
        .collect()
}

fn pieces(count: usize) -> impl Iterator<Item = usize> {
    (0..count)
        .step_by(TOGETHER)
        .map(move |from| TOGETHER.min(count - from))
}
