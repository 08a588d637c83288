//! How much of what is unusual the detector finds, and how much of what it tells is true, on
//! series in which somebody planted what is unusual.
//!
//! `cargo xtask bench anomalies`, or `cargo bench -p cost-tracker --bench anomalies`

#![expect(clippy::unwrap_used, reason = "what is planted is well made")]

use domain::detector::Sensitivity;

#[path = "../../app/domain/tests/labelled/mod.rs"]
mod labelled;

const SEEDS: std::ops::Range<u64> = 0..4_800;

fn main() {
    println!(
        "{} series of 420 days; scored are the last 90. Half have a spike, a step, a drift or a new \
         service planted.\nThe others have weekly rhythm, growth, month-start fees, bursts, dips, or \
         nothing but fees.",
        SEEDS.end
    );
    for sensitivity in Sensitivity::ALL {
        let (kinds, all) = labelled::score(SEEDS, sensitivity);
        println!("\nSensitivity {}", sensitivity.as_str());
        println!("         planted  found  recall   told  right  precision  by its own name");
        for (kind, score) in labelled::KINDS.iter().zip(&kinds) {
            line(&format!("{kind:?}"), score);
        }
        line("All", &all);
    }
}

fn line(name: &str, score: &labelled::Score) {
    println!(
        "{name:<8} {:>7} {:>6} {:>7.3} {:>6} {:>6} {:>10.3} {:>16}",
        score.planted,
        score.found,
        score.recall(),
        score.told,
        score.right,
        score.precision(),
        score.named
    );
}
