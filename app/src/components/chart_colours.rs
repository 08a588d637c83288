//! The colours of a chart's series: told apart by colour-blind people, and the same for a
//! service on every page, in every period, beside any others. Pure.

use domain::report::Series;

/// How many hues there are beside the grey of the rest.
pub const HUES: usize = 8;

/// How many shades of each: two series of one hue in a chart have different ones.
pub const SHADES: usize = 3;

/// A colour's slot is its hue, plus [`HUES`] for each shade.
pub const COLOURS: usize = HUES * SHADES;

/// The slot of the rest, the last of each palette.
pub const OTHER: usize = COLOURS;

/// After Paul Tol's "muted" scheme, made for colour-blind readers; each hue's other shades are
/// as far from it in lightness as from all others. Grey is the rest.
#[cfg(any(test, feature = "hydrate"))]
pub const PALETTE_LIGHT: [&str; COLOURS + 1] = [
    "#3f3a9e", "#5fb6dd", "#37988a", "#d8bd58", "#c7596c", "#237a3b", "#8a3f8e", "#96942f",
    "#7378c0", "#11546e", "#0b665b", "#5d4c00", "#8f3546", "#6da977", "#ba81bc", "#d0d087",
    "#211865", "#002e41", "#003d35", "#352700", "#ef929f", "#a8d9af", "#eebfef", "#3d3a00",
    "#b9bcc2",
];

/// The same hues, light enough for a dark ground.
#[cfg(any(test, feature = "hydrate"))]
pub const PALETTE_DARK: [&str; COLOURS + 1] = [
    "#8b86f0", "#7cc9ec", "#4fb9a8", "#e3cd78", "#e0808f", "#58b56e", "#c07cc6", "#bdbb57",
    "#6660bb", "#3f7d98", "#90e4d4", "#978640", "#ffc5cf", "#94e0a2", "#925898", "#f1f1a0",
    "#cfccff", "#b5f6ff", "#007a6b", "#6c5d20", "#96505c", "#318146", "#ffc8ff", "#7a7824",
    "#5c616b",
];

/// Services that most accounts have: each has a colour of its own, the most common ones hues.
const KNOWN: [(&str, usize); 16] = [
    ("Amazon Elastic Compute Cloud - Compute", 0),
    ("Amazon Relational Database Service", 1),
    ("EC2 - Other", 2),
    ("Amazon Simple Storage Service", 3),
    ("AmazonCloudWatch", 4),
    ("AWS Lambda", 5),
    ("Amazon CloudFront", 6),
    ("Amazon DynamoDB", 7),
    ("Amazon Elastic Load Balancing", HUES + 6),
    ("Amazon Virtual Private Cloud", HUES + 7),
    ("Amazon Elastic Container Service", HUES),
    ("Amazon Elastic Container Service for Kubernetes", HUES + 1),
    ("Amazon ElastiCache", HUES + 2),
    ("Tax", HUES + 3),
    ("AWS Key Management Service", HUES + 4),
    ("Amazon Route 53", HUES + 5),
];

/// The slot of each series. A name's hue is its own, never what it costs or what stands beside
/// it; where two in a chart have the same, the later in the alphabet has another shade of it.
pub fn slots(series: &[Series]) -> Vec<usize> {
    let names: Vec<Option<&str>> = (series.iter())
        .map(|series| (!series.is_other).then_some(series.name.as_str()))
        .collect();
    slots_of(&names)
}

/// The slot of each name; `None` is the rest.
pub fn slots_of(names: &[Option<&str>]) -> Vec<usize> {
    let mut slots = vec![OTHER; names.len()];
    let mut named: Vec<(usize, &str)> = (names.iter().enumerate())
        .filter_map(|(place, name)| Some((place, (*name)?)))
        .collect();
    named.sort_by_key(|(_, name)| (!is_known(name), *name));
    let mut taken = [false; COLOURS];
    for (place, name) in named {
        let own = own_slot(name);
        // Its own, then the other shades of its hue, then the next hue's.
        let free = (0..COLOURS)
            .map(|step| (own + step % SHADES * HUES + step / SHADES) % COLOURS)
            .find(|slot| !taken[*slot]);
        let slot = free.unwrap_or(own);
        taken[slot] = true;
        slots[place] = slot;
    }
    slots
}

fn is_known(name: &str) -> bool {
    KNOWN.iter().any(|(known, _)| *known == name)
}

fn own_slot(name: &str) -> usize {
    if let Some((_, slot)) = KNOWN.iter().find(|(known, _)| *known == name) {
        return *slot;
    }
    // FNV-1a, because it is short and never changes.
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    let hues = u32::try_from(HUES).unwrap_or(u32::MAX);
    usize::try_from(hash % hues).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use domain::money::Nanos;

    use super::*;

    fn series(names: &[&str]) -> Vec<Series> {
        names
            .iter()
            .map(|name| Series {
                name: (*name).to_owned(),
                is_other: *name == "Other",
                values: Vec::new(),
                total: Nanos::ZERO,
            })
            .collect()
    }

    #[test]
    fn rank_does_not_change_a_colour() {
        let names = [
            "AWS Glue",
            "Amazon Athena",
            "Amazon DynamoDB",
            "Tax",
            "EC2 - Other",
            "Other",
        ];
        let first = slots(&series(&names));
        let mut turned = names;
        turned.reverse();
        let mut second = slots(&series(&turned));
        second.reverse();
        assert_eq!(first, second);
    }

    #[test]
    fn a_hue_does_not_depend_on_what_stands_beside() {
        let names: Vec<String> = (0..20).map(|number| format!("service {number}")).collect();
        let all: Vec<Option<&str>> = names.iter().map(|name| Some(name.as_str())).collect();
        let hues = |slots: Vec<usize>| slots.into_iter().map(|slot| slot % HUES);
        // As many of one hue as there are shades keep it.
        for few in all.chunks(3) {
            let alone: Vec<usize> = few.iter().map(|name| slots_of(&[*name])[0]).collect();
            assert!(hues(slots_of(few)).eq(hues(alone)));
        }
    }

    #[test]
    fn well_known_services_have_the_same_colour_everywhere() {
        let names: Vec<Option<&str>> = KNOWN.iter().map(|(name, _)| Some(*name)).collect();
        let together = slots_of(&names);
        for ((name, own), slot) in KNOWN.iter().zip(together) {
            assert_eq!(*own, slot, "{name}");
        }
        assert_eq!(
            slots_of(&[Some("AWS Glue"), Some("Amazon DynamoDB"), None])[1..],
            [7, OTHER]
        );
    }

    #[test]
    fn no_two_in_a_chart_have_the_same_colour() {
        let names: Vec<String> = (0..COLOURS)
            .map(|number| format!("service {number}"))
            .collect();
        let names: Vec<Option<&str>> = names.iter().map(|name| Some(name.as_str())).collect();
        let mut found = slots_of(&names);
        found.sort_unstable();
        assert_eq!(found, (0..COLOURS).collect::<Vec<_>>());
    }

    #[test]
    fn more_services_than_colours_still_have_one() {
        let names: Vec<String> = (0..30).map(|number| format!("service {number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert!(slots(&series(&names)).iter().all(|slot| *slot < COLOURS));
    }

    #[test]
    fn the_style_sheet_has_the_same_colours() {
        let css = include_str!("../../../style/tokens.css");
        let of = |part: &str| -> Vec<String> {
            part.lines()
                .filter_map(|line| line.trim().strip_prefix("--series-")?.split_once(": "))
                .map(|(_, colour)| colour.trim_end_matches(';').to_owned())
                .collect()
        };
        let (light, dark) = css.split_once("@media").unwrap();
        assert_eq!(of(light), PALETTE_LIGHT);
        assert_eq!(of(dark), PALETTE_DARK);
    }
}
