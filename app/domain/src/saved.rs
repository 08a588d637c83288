//! Views of the Explorer that a person has given a name.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Error;

/// How many a person may have.
pub const SAVED_MAX: usize = 100;
/// The longest name.
pub const NAME_MAX: usize = 80;
/// The longest address; a long filter has a few thousand letters.
const ADDRESS_MAX: usize = 8_000;

/// Names one.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SavedId(pub Uuid);

impl fmt::Display for SavedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Someone else's id and a misspelt one look the same: not found.
impl FromStr for SavedId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        text.parse()
            .map(Self)
            .map_err(|_| Error::not_found("saved view"))
    }
}

/// A saved view.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct SavedView {
    /// Names it.
    pub id: SavedId,
    /// What the person calls it.
    pub name: String,
    /// The part of the Explorer's address after its `?`.
    pub query: String,
    /// Whether it is what the person sees first.
    pub is_start: bool,
}

impl SavedView {
    /// Its address.
    #[must_use]
    pub fn path(&self) -> String {
        match self.query.as_str() {
            "" => "/costs".to_owned(),
            query => format!("/costs?{query}"),
        }
    }
}

/// A name as it is kept.
///
/// # Errors
/// [`crate::Code::Invalid`] in the field `name`.
pub fn name(text: &str) -> Result<String, Error> {
    let text = text.trim();
    let fits = (1..=NAME_MAX).contains(&text.chars().count());
    if fits && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    Err(Error::invalid(
        "name",
        format!("A view's name has from 1 to {NAME_MAX} letters."),
        "Write a few words that say what it shows.",
    ))
}

/// The part of an address after its `?`, as it is kept: percent-encoded, nothing else.
///
/// # Errors
/// [`crate::Code::Invalid`] in the field `query`.
pub fn query(text: &str) -> Result<String, Error> {
    let text = text.trim_start_matches('?');
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~/%=&+:".contains(&byte);
    if text.len() <= ADDRESS_MAX && text.bytes().all(harmless) {
        return Ok(text.to_owned());
    }
    Err(Error::invalid(
        "query",
        "This can't be kept as a view.",
        "Open it in the Explorer once more, with fewer filters, and save it from there.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_has_a_name_and_an_address_of_ours() {
        assert_eq!(name("  Teams \n").unwrap(), "Teams");
        for wrong in ["", "  ", "a\nb", &"x".repeat(NAME_MAX + 1)] {
            assert_eq!(name(wrong).unwrap_err().field.as_deref(), Some("name"));
        }
        assert_eq!(
            query("?by=TAG%3ATeam&pin=a%1Fb").unwrap(),
            "by=TAG%3ATeam&pin=a%1Fb"
        );
        for wrong in ["a b", "a#b", "a\r\nb", "\"", &"x".repeat(ADDRESS_MAX + 1)] {
            assert_eq!(query(wrong).unwrap_err().field.as_deref(), Some("query"));
        }
    }
}
