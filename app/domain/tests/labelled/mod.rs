//! Series of days in which somebody has planted what is unusual, and much that only looks
//! like it. Made from a seed, always the same; and how a detector is scored on them.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use domain::{
    detector::{Event, Kind, Sensitivity, Series, judge},
    money::Nanos,
};

/// How long a series is: as much as is kept.
const DAYS: usize = 420;
/// Only what is in the last days is scored: that is what people are shown.
const SHOWN: usize = 90;

/// What somebody planted.
#[derive(Clone, Copy, Debug)]
pub struct Label {
    pub kind: Kind,
    /// Half-open places in the series.
    pub first: usize,
    pub end: usize,
}

/// A series and what is in it.
#[derive(Clone, Debug)]
pub struct Labelled {
    pub series: Series,
    pub label: Option<Label>,
    /// What it is meant to try.
    pub name: &'static str,
}

/// A chance that is the same on every machine.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x243F_6A88_85A3_08D3)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn whole(&mut self, low: usize, high: usize) -> usize {
        low + (self.next() % (high - low + 1) as u64) as usize
    }

    fn is(&mut self, share: f64) -> bool {
        self.between(0.0, 1.0) < share
    }

    /// A bell curve of width 1, as a sum of twelve.
    fn bell(&mut self) -> f64 {
        (0..12).map(|_| self.between(0.0, 1.0)).sum::<f64>() - 6.0
    }
}

/// Costs of a company that does the same things every week, and its fees.
fn usual(chance: &mut Chance, start: NaiveDate) -> (Vec<f64>, Vec<f64>) {
    let level = chance.between(2.0_f64.ln(), 500.0_f64.ln()).exp();
    let noise = chance.between(0.01, 0.08);
    let weekend = match chance.whole(0, 3) {
        0 => 1.0,
        1 => chance.between(0.75, 0.95),
        2 => chance.between(0.25, 0.6),
        // A job that runs at the weekend.
        _ => chance.between(1.2, 2.0),
    };
    let growth = chance.between(-0.03, 0.05);
    let fee = if chance.is(0.35) {
        level * chance.between(0.5, 20.0)
    } else {
        0.0
    };
    // Most fees come on the first; some on another day.
    let fee_day = if chance.is(0.8) {
        1
    } else {
        chance.whole(2, 28) as u32
    };
    let days = (0..DAYS).map(|place| {
        let day = start + Days::new(place as u64);
        let resting = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        let rhythm = if resting { weekend } else { 1.0 };
        let grown = (1.0 + growth).powf(place as f64 / 30.0);
        let daily = level * rhythm * grown * (1.0 + noise * chance.bell());
        let due = day.day() == fee_day;
        let fee = if due {
            fee * (1.0 + 0.05 * chance.bell())
        } else {
            0.0
        };
        (daily.max(0.0), fee)
    });
    days.unzip()
}

/// One series: half of them have something planted.
pub fn case(seed: u64) -> Labelled {
    let mut chance = Chance::new(seed);
    let end: NaiveDate = "2026-11-24".parse().unwrap();
    let end = end + Days::new(seed % 31);
    let start = end - Days::new(DAYS as u64);
    let (mut days, mut fees) = usual(&mut chance, start);
    let shown = DAYS - SHOWN;
    let (name, label) = match seed % 12 {
        0 | 1 => ("spike", Some(spike(&mut chance, &mut days, shown))),
        2 | 3 => ("step", Some(step(&mut chance, &mut days, shown))),
        4 | 5 => ("drift", Some(drift(&mut chance, &mut days, shown))),
        6 => {
            let label = new(&mut chance, &mut days, shown);
            fees[..label.first].fill(0.0);
            ("new service", Some(label))
        }
        7 => {
            // Bursts on chance days, all the time.
            let burst = chance.between(1.0, 6.0);
            for day in &mut days {
                if chance.is(0.25) {
                    *day *= 1.0 + burst * chance.between(0.5, 1.0);
                }
            }
            ("bursts", None)
        }
        8 => {
            // Less for a while, then as before.
            let first = chance.whole(shown, DAYS - 6);
            for day in days.iter_mut().skip(first).take(chance.whole(1, 4)) {
                *day *= chance.between(0.0, 0.6);
            }
            ("dip", None)
        }
        9 => {
            // Support, tax: nothing but a fee each month.
            let fee = chance.between(5.0, 5_000.0);
            for (place, amount) in fees.iter_mut().enumerate() {
                let first = (start + Days::new(place as u64)).day() == 1;
                *amount = if first {
                    fee * (1.0 + 0.08 * chance.bell())
                } else {
                    0.0
                };
            }
            days.fill(0.0);
            ("fee alone", None)
        }
        _ => ("as usual", None),
    };
    let mut series: Vec<Option<Nanos>> = days
        .iter()
        .zip(&fees)
        .map(|(day, fee)| Some(Nanos(((day + fee) * 1e9).round() as i64)))
        .collect();
    // AWS hasn't finished the newest day, and some days never came.
    if let Some(Some(last)) = series.last_mut() {
        last.0 = (last.0 as f64 * chance.between(0.2, 0.9)) as i64;
    }
    if chance.is(0.2) {
        let from = chance.whole(200, shown - 60);
        series[from..from + 3].fill(None);
    }
    Labelled {
        series: Series {
            start,
            days: series,
        },
        label,
        name,
    }
}

fn spike(chance: &mut Chance, days: &mut [f64], shown: usize) -> Label {
    let length = chance.whole(1, 5);
    let first = chance.whole(shown, DAYS - 2 - length);
    let times = chance.between(1.6, 5.0);
    days[first..first + length]
        .iter_mut()
        .for_each(|day| *day *= times);
    Label {
        kind: Kind::Spike,
        first,
        end: first + length,
    }
}

fn step(chance: &mut Chance, days: &mut [f64], shown: usize) -> Label {
    let first = chance.whole(shown, DAYS - 10);
    let times = chance.between(1.4, 3.0);
    days[first..].iter_mut().for_each(|day| *day *= times);
    // It is news until it is the usual.
    Label {
        kind: Kind::Step,
        first,
        end: (first + 14).min(DAYS),
    }
}

fn drift(chance: &mut Chance, days: &mut [f64], shown: usize) -> Label {
    let length = chance.whole(30, 55);
    let first = chance.whole(shown - 10, DAYS - 2 - length);
    let times = chance.between(1.6, 2.5);
    for (place, day) in days.iter_mut().enumerate().skip(first) {
        let part = ((place - first) as f64 / length as f64).min(1.0);
        *day *= 1.0 + (times - 1.0) * part;
    }
    Label {
        kind: Kind::Drift,
        first,
        end: first + length,
    }
}

fn new(chance: &mut Chance, days: &mut [f64], shown: usize) -> Label {
    let first = chance.whole(shown, DAYS - 4);
    days[..first].fill(0.0);
    Label {
        kind: Kind::New,
        first,
        end: (first + 14).min(DAYS),
    }
}

/// How it went with one kind, or with all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Score {
    pub planted: u32,
    /// Of the planted ones, those that were told, under whatever name.
    pub found: u32,
    /// Told under this name.
    pub told: u32,
    /// Of them, those that were planted; the second about the same one isn't right.
    pub right: u32,
    /// Of the found ones, those that were told under their own name.
    pub named: u32,
}

impl Score {
    pub fn precision(&self) -> f64 {
        share(self.right, self.told)
    }

    pub fn recall(&self) -> f64 {
        share(self.found, self.planted)
    }
}

fn share(part: u32, all: u32) -> f64 {
    if all == 0 {
        1.0
    } else {
        f64::from(part) / f64::from(all)
    }
}

pub const KINDS: [Kind; 4] = [Kind::Spike, Kind::Step, Kind::Drift, Kind::New];

/// Each kind's score, and that of all.
pub fn score(seeds: std::ops::Range<u64>, sensitivity: Sensitivity) -> ([Score; 4], Score) {
    let mut scores = [Score::default(); 4];
    let mut all = Score::default();
    for seed in seeds {
        let case = case(seed);
        let verdict = judge(&case.series, sensitivity);
        let shown = case.series.start + Days::new((DAYS - SHOWN) as u64);
        let told: Vec<&Event> = (verdict.events.iter())
            .filter(|event| event.period.last_day() >= shown)
            .collect();
        let is_about = |event: &Event, label: Label| {
            let day = |place: usize| case.series.start + Days::new(place as u64);
            event.period.start() < day(label.end + 2) && event.period.end() > day(label.first)
        };
        let mut found = None;
        for event in told {
            let at = KINDS.iter().position(|kind| *kind == event.kind).unwrap();
            let right = found.is_none() && case.label.is_some_and(|label| is_about(event, label));
            for score in [&mut scores[at], &mut all] {
                score.told += 1;
                score.right += u32::from(right);
            }
            if right {
                found = Some(event.kind);
            } else if std::env::var_os("SHOW_WRONG").is_some() {
                println!(
                    "{seed} {}: wrong {event:?}, planted {:?}",
                    case.name, case.label
                );
            }
        }
        if let Some(label) = case.label {
            let at = KINDS.iter().position(|kind| *kind == label.kind).unwrap();
            for score in [&mut scores[at], &mut all] {
                score.planted += 1;
                score.found += u32::from(found.is_some());
                score.named += u32::from(found == Some(label.kind));
            }
            if found.is_none() && std::env::var_os("SHOW_WRONG").is_some() {
                println!(
                    "{seed} {}: missed {label:?} from {}",
                    case.name, case.series.start
                );
            }
        }
    }
    (scores, all)
}
