//! What a key has been seen to be: values of dimensions, tags and cost categories, to
//! choose from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{dimension::Dimension, period::Period};

/// Which values are asked for.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct ValuesQuestion {
    /// Whose.
    pub of: ValuesOf,
    /// Seen in these days.
    pub period: Period,
    /// With this text in them; all without it.
    pub search: Option<String>,
}

/// What has values.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum ValuesOf {
    /// A dimension.
    Dimension(Dimension),
    /// The account's cost allocation tags: their keys.
    TagKeys,
    /// A cost allocation tag, by its key.
    Tag(String),
    /// The account's cost categories: their names.
    CostCategoryNames,
    /// A cost category, by its name.
    CostCategory(String),
}

/// One value. A tag's or cost category's empty value stands for what has none.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct KeyValue {
    /// As costs are grouped and filtered by it.
    pub value: String,
    /// What AWS says about it: a linked account's name is its `description`.
    pub attributes: BTreeMap<String, String>,
}

impl KeyValue {
    /// A value that AWS says nothing about.
    #[must_use]
    pub fn bare(value: String) -> Self {
        Self {
            value,
            attributes: BTreeMap::new(),
        }
    }

    /// What a person knows it by, if that isn't the value itself.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.attributes
            .get("description")
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }
}
