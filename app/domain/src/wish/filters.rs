//! What costs are kept in or left out by, as an address says it.

use serde::{Deserialize, Serialize};

use super::{NONE, not_offered, read_key};
use crate::{Error, dimension::Filter};

/// So many filters fit into an address.
pub const MOST_FILTERS: usize = 5;
/// More values than this aren't typed by anyone.
const MOST_VALUES: usize = 200;

/// One filter, as text.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FilterWish {
    /// The key to filter by.
    pub only: String,
    /// `not` leaves the values out.
    pub how: String,
    /// The values, one on each line.
    pub values: String,
}

impl FilterWish {
    /// The values, as AWS writes them, each once.
    #[must_use]
    pub fn list(&self) -> Vec<String> {
        let lines = self.values.lines().map(str::trim);
        let mut values: Vec<String> = lines
            .filter(|line| !line.is_empty())
            .map(|line| match line {
                NONE => String::new(),
                line => line.to_owned(),
            })
            .collect();
        values.sort_unstable();
        values.dedup();
        values
    }

    /// From values as AWS writes them.
    #[must_use]
    pub fn of(only: &str, how: &str, values: &[String]) -> Self {
        let lines: Vec<&str> = (values.iter())
            .map(|value| if value.is_empty() { NONE } else { value })
            .collect();
        Self {
            only: only.to_owned(),
            how: how.to_owned(),
            values: lines.join("\n"),
        }
    }

    /// Whether it has nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.only.trim().is_empty() || self.values.trim().is_empty()
    }

    /// What it means; `None` where it has nothing to say.
    pub(super) fn read(&self) -> Result<Option<Filter>, Error> {
        let values = self.list();
        let key = read_key("only", &self.only)?;
        let Some(key) = key.filter(|_| !values.is_empty()) else {
            return Ok(None);
        };
        if values.len() > MOST_VALUES {
            return Err(Error::invalid(
                "values",
                format!("A filter has at most {MOST_VALUES} values."),
                "Leave out what matters least, or group by it instead.",
            ));
        }
        let only = Filter::In { key, values };
        match self.how.as_str() {
            "" | "only" => Ok(Some(only)),
            "not" => Ok(Some(Filter::Not(Box::new(only)))),
            _ => Err(not_offered("how")),
        }
    }
}
