//! Reasoning about filters: their one form, what they look at, whom they let through.

use std::collections::BTreeSet;

use crate::dimension::{Filter, GroupKey};

impl Filter {
    /// The same filter in one form: values sorted, nothing twice, no `And` in an `And`.
    /// Filters that differ only in how they are written have the same one.
    #[must_use]
    pub fn canonical(&self) -> Self {
        match self {
            Self::In { key, values } => {
                let values: BTreeSet<&String> = values.iter().collect();
                Self::In {
                    key: key.clone(),
                    values: values.into_iter().cloned().collect(),
                }
            }
            Self::Not(inner) => match inner.canonical() {
                Self::Not(twice) => *twice,
                once => Self::Not(Box::new(once)),
            },
            Self::And(members) => {
                let members = members.iter().flat_map(|member| match member.canonical() {
                    Self::And(inner) => inner,
                    other => vec![other],
                });
                joined(members.collect(), Self::And)
            }
            Self::Or(members) => {
                let members = members.iter().flat_map(|member| match member.canonical() {
                    Self::Or(inner) => inner,
                    other => vec![other],
                });
                joined(members.collect(), Self::Or)
            }
        }
    }

    /// For people: `region is eu-west-1 or us-east-1`. Of many values, the first few.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::In { key, values } => format!("{} is {}", key.words(), list(values)),
            Self::Not(inner) => match &**inner {
                Self::In { key, values } => {
                    format!("{} isn\u{2019}t {}", key.words(), list(values))
                }
                other => format!("not ({})", other.words()),
            },
            Self::And(members) => join(members, " and "),
            Self::Or(members) => join(members, " or "),
        }
    }

    /// How many values it compares with, in all.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::In { values, .. } => values.len(),
            Self::Not(inner) => inner.size(),
            Self::And(members) | Self::Or(members) => members.iter().map(Self::size).sum(),
        }
    }

    /// All of these together; `None` when there are none.
    #[must_use]
    pub fn all(members: Vec<Self>) -> Option<Self> {
        (!members.is_empty()).then(|| Self::And(members).canonical())
    }

    /// What has to be true at once.
    #[must_use]
    pub fn conjuncts(&self) -> Vec<Self> {
        match self.canonical() {
            Self::And(members) => members,
            other => vec![other],
        }
    }

    /// Every key that it looks at.
    #[must_use]
    pub fn keys(&self) -> BTreeSet<&GroupKey> {
        match self {
            Self::In { key, .. } => BTreeSet::from([key]),
            Self::Not(inner) => inner.keys(),
            Self::And(members) | Self::Or(members) => members.iter().flat_map(Self::keys).collect(),
        }
    }

    /// Whether it lets something through, told by its value of each key.
    pub fn lets_through<'a>(&self, value: &impl Fn(&GroupKey) -> Option<&'a str>) -> bool {
        match self {
            Self::In { key, values } => {
                value(key).is_some_and(|value| values.iter().any(|one| one == value))
            }
            Self::Not(inner) => !inner.lets_through(value),
            Self::And(members) => members.iter().all(|member| member.lets_through(value)),
            Self::Or(members) => members.iter().any(|member| member.lets_through(value)),
        }
    }
}

/// So many values are named; the others are counted.
const NAMED: usize = 3;

fn list(values: &[String]) -> String {
    let named: Vec<&str> = (values.iter().take(NAMED))
        .map(|value| if value.is_empty() { "none" } else { value })
        .collect();
    match (values.len().saturating_sub(NAMED), named.split_last()) {
        (0, Some((last, []))) => (*last).to_owned(),
        (0, Some((last, rest))) => format!("{} or {last}", rest.join(", ")),
        (0, None) => "none".to_owned(),
        (more, _) => format!("{} or {more} more", named.join(", ")),
    }
}

fn join(members: &[Filter], between: &str) -> String {
    let words: Vec<String> = members.iter().map(Filter::words).collect();
    words.join(between)
}

fn joined(members: BTreeSet<Filter>, join: fn(Vec<Filter>) -> Filter) -> Filter {
    let mut members: Vec<Filter> = members.into_iter().collect();
    // A single one stands for itself; none at all keeps its meaning as it is.
    if members.len() == 1 {
        members.swap_remove(0)
    } else {
        join(members)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::dimension::Dimension;

    const KEYS: [Dimension; 3] = [Dimension::Service, Dimension::Region, Dimension::Az];

    fn any_filter() -> impl Strategy<Value = Filter> {
        let values = prop::collection::vec("[abc]", 1..4);
        let leaf = (0_usize..3, values).prop_map(|(key, values)| Filter::In {
            key: KEYS[key].into(),
            values,
        });
        leaf.prop_recursive(4, 24, 3, |inner| {
            let members = prop::collection::vec(inner.clone(), 2..4);
            prop_oneof![
                members.clone().prop_map(Filter::And),
                members.prop_map(Filter::Or),
                inner.prop_map(|one| Filter::Not(Box::new(one))),
            ]
        })
    }

    #[test]
    fn filters_read_like_sentences() {
        let region = |values: &[&str]| Filter::In {
            key: Dimension::Region.into(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        assert_eq!(region(&["a"]).words(), "region is a");
        assert_eq!(region(&["a", "b"]).words(), "region is a or b");
        let many = region(&["a", "b", "c", "d", "e"]);
        assert_eq!(many.words(), "region is a, b, c or 2 more");
        assert_eq!(many.size(), 5);
        let none = Filter::In {
            key: GroupKey::Tag("Team".to_owned()),
            values: vec![String::new()],
        };
        let both = Filter::And(vec![Filter::Not(Box::new(region(&["a"]))), none]);
        assert_eq!(both.words(), "region isn\u{2019}t a and tag Team is none");
    }

    proptest! {
        #[test]
        fn the_one_form_means_the_same(filter in any_filter(), values in prop::collection::vec("[abcd]", 3)) {
            let value = |key: &GroupKey| {
                let place = KEYS.iter().position(|one| GroupKey::from(*one) == *key)?;
                values.get(place).map(String::as_str)
            };
            let canonical = filter.canonical();
            prop_assert_eq!(filter.lets_through(&value), canonical.lets_through(&value));
            prop_assert_eq!(&canonical.canonical(), &canonical);
            prop_assert_eq!(
                filter.lets_through(&value),
                filter.conjuncts().iter().all(|one| one.lets_through(&value))
            );
            prop_assert!(canonical.keys().is_subset(&filter.keys()));
        }

        #[test]
        fn how_it_is_written_does_not_matter(mut members in prop::collection::vec(any_filter(), 2..5)) {
            let forward = Filter::And(members.clone()).canonical();
            members.reverse();
            members.push(members[0].clone());
            prop_assert_eq!(Filter::And(members).canonical(), forward);
        }
    }
}
