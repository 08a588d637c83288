//! What costs are grouped and filtered by: Cost Explorer's dimensions, cost
//! allocation tags and cost categories.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

macro_rules! dimensions {
    ($($variant:ident $name:literal $label:literal)*) => {
        /// A dimension that GetCostAndUsage groups and filters by. Source of the list: the
        /// text with which Cost Explorer refuses any other.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        #[expect(missing_docs, reason = "each is AWS's own word")]
        pub enum Dimension { $($variant),* }

        impl Dimension {
            /// All of them, the most used first.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in requests to Cost Explorer.
            #[must_use]
            pub const fn aws_name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The name for people.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),* }
            }
        }
    };
}

dimensions! {
    Service "SERVICE" "Service"
    LinkedAccount "LINKED_ACCOUNT" "Account"
    Region "REGION" "Region"
    UsageType "USAGE_TYPE" "Usage type"
    RecordType "RECORD_TYPE" "Charge type"
    Operation "OPERATION" "Operation"
    Az "AZ" "Availability zone"
    InstanceType "INSTANCE_TYPE" "Instance type"
    InstanceTypeFamily "INSTANCE_TYPE_FAMILY" "Instance family"
    PurchaseType "PURCHASE_TYPE" "Purchase option"
    Platform "PLATFORM" "Platform"
    Tenancy "TENANCY" "Tenancy"
    LegalEntityName "LEGAL_ENTITY_NAME" "Legal entity"
    DeploymentOption "DEPLOYMENT_OPTION" "Deployment option"
    DatabaseEngine "DATABASE_ENGINE" "Database engine"
    CacheEngine "CACHE_ENGINE" "Cache engine"
}

/// No dimension, tag or cost category has this name.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("nothing can be grouped by this")]
pub struct UnknownKey;

impl FromStr for Dimension {
    type Err = UnknownKey;

    fn from_str(text: &str) -> Result<Self, UnknownKey> {
        Self::ALL
            .iter()
            .copied()
            .find(|dimension| dimension.aws_name() == text)
            .ok_or(UnknownKey)
    }
}

/// One thing that costs are grouped or filtered by. Its text, `SERVICE`, `TAG:Team` or
/// `COST_CATEGORY:Product`, is its name in URLs and in the database.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum GroupKey {
    /// A dimension of Cost Explorer.
    Dimension(Dimension),
    /// A cost allocation tag, by its key.
    Tag(String),
    /// A cost category, by its name.
    CostCategory(String),
}

impl GroupKey {
    /// The name for people.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Dimension(dimension) => dimension.label().to_owned(),
            Self::Tag(key) => format!("Tag {key}"),
            Self::CostCategory(name) => format!("Cost category {name}"),
        }
    }

    /// The name within a sentence: a tag's own letters stay as they are.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Dimension(dimension) => dimension.label().to_lowercase(),
            Self::Tag(key) => format!("tag {key}"),
            Self::CostCategory(name) => format!("cost category {name}"),
        }
    }

    /// What people read where the value is empty: the costs have none.
    #[must_use]
    pub fn none_words(&self) -> String {
        format!("No {}", self.words())
    }
}

impl From<Dimension> for GroupKey {
    fn from(dimension: Dimension) -> Self {
        Self::Dimension(dimension)
    }
}

impl fmt::Display for GroupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dimension(dimension) => f.write_str(dimension.aws_name()),
            Self::Tag(key) => write!(f, "TAG:{key}"),
            Self::CostCategory(name) => write!(f, "COST_CATEGORY:{name}"),
        }
    }
}

impl From<GroupKey> for String {
    fn from(key: GroupKey) -> Self {
        key.to_string()
    }
}

impl FromStr for GroupKey {
    type Err = UnknownKey;

    fn from_str(text: &str) -> Result<Self, UnknownKey> {
        match text.split_once(':') {
            Some((_, "")) => Err(UnknownKey),
            Some(("TAG", key)) => Ok(Self::Tag(key.to_owned())),
            Some(("COST_CATEGORY", name)) => Ok(Self::CostCategory(name.to_owned())),
            _ => text.parse().map(Self::Dimension),
        }
    }
}

impl TryFrom<String> for GroupKey {
    type Error = UnknownKey;

    fn try_from(text: String) -> Result<Self, UnknownKey> {
        text.parse()
    }
}

/// Which costs are meant. Values are AWS's own, as Cost Explorer writes them; a tag's or
/// category's empty value stands for what has none.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// All of these; at least two, or Cost Explorer refuses.
    And(Vec<Filter>),
    /// Any of these; at least two.
    Or(Vec<Filter>),
    /// Everything else.
    Not(Box<Filter>),
    /// One of these values of a key; at least one value.
    In {
        /// What is compared.
        key: GroupKey,
        /// With what; exactly.
        values: Vec<String>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_lead_back() {
        let tag = GroupKey::Tag("cost:center".to_owned());
        let category = GroupKey::CostCategory("Product".to_owned());
        let dimensions = Dimension::ALL.iter().copied().map(GroupKey::Dimension);
        for key in dimensions.chain([tag, category]) {
            assert_eq!(key.to_string().parse(), Ok(key.clone()));
            let json = serde_json::to_string(&key).unwrap();
            assert_eq!(serde_json::from_str::<GroupKey>(&json).unwrap(), key);
        }
    }

    #[test]
    fn nothing_else_is_a_key() {
        for text in [
            "",
            "service",
            "TAG",
            "TAG:",
            "COST_CATEGORY:",
            "RESOURCE_ID",
        ] {
            assert_eq!(text.parse::<GroupKey>(), Err(UnknownKey), "{text}");
        }
    }
}
