//! The detector against series in which it is known what is unusual.

#![expect(clippy::unwrap_used, reason = "tests")]

use domain::detector::Sensitivity;

mod labelled;

/// As many as show a change of a hundredth.
const SEEDS: std::ops::Range<u64> = 0..1_200;

#[test]
fn most_of_what_is_told_is_true_and_most_of_what_is_there_is_told() {
    let (kinds, all) = labelled::score(SEEDS, Sensitivity::Normal);
    for (kind, score) in labelled::KINDS.iter().zip(&kinds) {
        println!(
            "{kind:?} {score:?} {:.3} {:.3}",
            score.precision(),
            score.recall()
        );
    }
    println!("{all:?} {:.3} {:.3}", all.precision(), all.recall());
    assert!(all.planted > 600 && kinds.iter().all(|kind| kind.planted > 90));
    assert!(all.precision() >= 0.9, "precision {:.3}", all.precision());
    assert!(all.recall() >= 0.9, "recall {:.3}", all.recall());
}
