//! Named amounts of an answer: how they are written and how rows are sorted by them.

use serde_json::{Map, Value};

use super::{reading, wire};
use crate::books::{SCALE, decimal};
use crate::error::AwsError;

/// AWS's names and amounts in 10⁻¹⁰ units.
pub(super) type Figures = Vec<(&'static str, i128)>;

/// As JSON: every amount is a decimal string.
pub(super) fn json(figures: &[(&'static str, i128)]) -> Value {
    let members: Map<String, Value> = figures
        .iter()
        .map(|(name, amount)| ((*name).to_owned(), decimal(*amount).into()))
        .collect();
    members.into()
}

/// `part` of `whole` in hundredths, to ten decimals; nothing of nothing is 0.
pub(super) fn percentage(part: i128, whole: i128) -> i128 {
    if whole == 0 {
        0
    } else {
        part * 100 * SCALE / whole
    }
}

/// By which figure rows are sorted, and whether the largest comes first.
pub(super) struct Order {
    key: String,
    descending: bool,
}

impl Order {
    pub(super) fn read(sort: Option<wire::Sort>, keys: &[&str]) -> Result<Option<Self>, AwsError> {
        let Some(sort) = sort else { return Ok(None) };
        let key = sort.key.unwrap_or_default();
        if !keys.contains(&key.as_str()) {
            // The text is our own; AWS's is not publicly known.
            return Err(AwsError::validation(format!(
                "SortBy key {key} is invalid. Valid values are {}",
                keys.join(", ")
            )));
        }
        let order = sort.sort_order.as_deref().unwrap_or("ASCENDING");
        let order = reading::one_of(order, "sortBy.sortOrder", &["ASCENDING", "DESCENDING"])?;
        Ok(Some(Self {
            key,
            descending: order == "DESCENDING",
        }))
    }

    /// Sorts rows; those without the figure keep their order.
    pub(super) fn sort<T>(&self, rows: &mut [T], figures: impl Fn(&T) -> Figures) {
        rows.sort_by_cached_key(|row| {
            let found = figures(row).into_iter().find(|(name, _)| *name == self.key);
            let amount = found.map_or(0, |(_, amount)| amount);
            if self.descending { -amount } else { amount }
        });
    }
}
