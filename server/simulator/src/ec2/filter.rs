//! `Filter.N`: a name and values, of which one must match; `*` and `?` stand for any text and
//! any character. All filters must match.

use super::parameters::Parameters;
use crate::error::AwsError;

/// What a resource has under the name of a filter; `None` where there is no such filter.
pub(super) trait Filtered {
    fn values(&self, filter: &str) -> Option<Vec<String>>;
    fn tags(&self) -> &[(String, String)];
}

/// The filters of a request.
pub(super) struct Filters(Vec<(String, Vec<String>)>);

impl Filters {
    pub(super) fn read(parameters: &Parameters<'_>) -> Self {
        let mut filters = Vec::new();
        for number in 1.. {
            let Some(name) = parameters.text(&format!("Filter.{number}.Name")) else {
                break;
            };
            let values = parameters.list(&format!("Filter.{number}.Value"));
            filters.push((
                name.to_owned(),
                values.into_iter().map(str::to_owned).collect(),
            ));
        }
        Self(filters)
    }

    /// The things that match every filter.
    pub(super) fn of<'a, T: Filtered>(&self, things: Vec<&'a T>) -> Result<Vec<&'a T>, AwsError> {
        let mut taken = Vec::with_capacity(things.len());
        for thing in things {
            if self.match_all(thing)? {
                taken.push(thing);
            }
        }
        Ok(taken)
    }

    fn match_all(&self, thing: &impl Filtered) -> Result<bool, AwsError> {
        for (name, patterns) in &self.0 {
            let values = named(thing, name)
                .ok_or_else(|| AwsError::validation(format!("The filter '{name}' is invalid")))?;
            let hit = patterns
                .iter()
                .any(|pattern| values.iter().any(|value| matches(pattern, value)));
            if !hit {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn named(thing: &impl Filtered, name: &str) -> Option<Vec<String>> {
    let tags = thing.tags();
    match name {
        "tag-key" => Some(tags.iter().map(|(key, _)| key.clone()).collect()),
        "tag-value" => Some(tags.iter().map(|(_, value)| value.clone()).collect()),
        _ => match name.strip_prefix("tag:") {
            Some(wanted) => Some(
                tags.iter()
                    .filter(|(key, _)| key == wanted)
                    .map(|(_, value)| value.clone())
                    .collect(),
            ),
            None => thing.values(name),
        },
    }
}

/// Whether the text is as the pattern says. Each star is tried once at each place.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    // Where to go on when what followed the last star didn't match.
    let mut retry = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                retry = Some((p, t));
                p += 1;
            }
            Some(one) if *one == '?' || *one == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match retry {
                Some((star, at)) => {
                    p = star + 1;
                    t = at + 1;
                    retry = Some((star, t));
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks_match() {
        for (pattern, text) in [
            ("a*c", "abbbc"),
            ("*", ""),
            ("?b", "ab"),
            ("*a*b", "xaxab"),
            ("gp3", "gp3"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a*c", "abcd"), ("?", ""), ("gp", "gp3"), ("*b", "bc")] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }
}
