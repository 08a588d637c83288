//! The colours of a chart's series: told apart by colour-blind people, and the
//! same for a service whatever its rank. Pure.

use domain::report::Series;

/// How many colours there are beside the one of the rest.
pub const COLOURS: usize = 8;

/// The slot of the rest, the last of each palette.
pub const OTHER: usize = COLOURS;

/// After Paul Tol's "muted" scheme, made for colour-blind readers; grey is the rest.
#[cfg(any(test, feature = "hydrate"))]
pub const PALETTE_LIGHT: [&str; COLOURS + 1] = [
    "#3f3a9e", "#5fb6dd", "#37988a", "#d8bd58", "#c7596c", "#237a3b", "#8a3f8e", "#96942f",
    "#b9bcc2",
];

/// The same hues, light enough for a dark ground.
#[cfg(any(test, feature = "hydrate"))]
pub const PALETTE_DARK: [&str; COLOURS + 1] = [
    "#8b86f0", "#7cc9ec", "#4fb9a8", "#e3cd78", "#e0808f", "#58b56e", "#c07cc6", "#bdbb57",
    "#5c616b",
];

/// Services that most accounts have: each has a slot of its own.
const KNOWN: [(&str, usize); 10] = [
    ("Amazon Elastic Compute Cloud - Compute", 0),
    ("Amazon Relational Database Service", 1),
    ("EC2 - Other", 2),
    ("Amazon Simple Storage Service", 3),
    ("AmazonCloudWatch", 4),
    ("AWS Lambda", 5),
    ("Amazon CloudFront", 6),
    ("Amazon DynamoDB", 7),
    ("Amazon Elastic Load Balancing", 6),
    ("Amazon Virtual Private Cloud", 7),
];

/// The slot of each series. Names choose first by what they are, never by how
/// much they cost; where two want the same slot, the later in the alphabet moves on.
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
        let wanted = preferred(name);
        let free = (0..COLOURS)
            .map(|step| (wanted + step) % COLOURS)
            .find(|slot| !taken[*slot]);
        let slot = free.unwrap_or(wanted);
        taken[slot] = true;
        slots[place] = slot;
    }
    slots
}

fn is_known(name: &str) -> bool {
    KNOWN.iter().any(|(known, _)| *known == name)
}

fn preferred(name: &str) -> usize {
    if let Some((_, slot)) = KNOWN.iter().find(|(known, _)| *known == name) {
        return *slot;
    }
    // FNV-1a, because it is short and never changes.
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    let colours = u32::try_from(COLOURS).unwrap_or(u32::MAX);
    usize::try_from(hash % colours).unwrap_or_default()
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
    fn eight_services_have_eight_colours_and_the_rest_its_own() {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h", "Other"];
        let mut found = slots(&series(&names));
        assert_eq!(found.pop(), Some(OTHER));
        found.sort_unstable();
        assert_eq!(found, (0..COLOURS).collect::<Vec<_>>());
    }

    #[test]
    fn more_services_than_colours_still_have_one() {
        let names: Vec<String> = (0..20).map(|number| format!("service {number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert!(slots(&series(&names)).iter().all(|slot| *slot < COLOURS));
    }
}
