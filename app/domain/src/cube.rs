//! Costs as they are asked for and kept: by day and by a pair of keys.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    account::AwsAccountId,
    dimension::{Dimension, Filter, GroupKey},
    metric::Metric,
    money::{Currency, Nanos},
};

/// A pair of group-by keys that is kept for every connection, by day and in all seven metrics.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cube {
    /// `SERVICE` × `LINKED_ACCOUNT`: the main one, asked first.
    ServiceAccount,
    /// `SERVICE` × `REGION`.
    ServiceRegion,
    /// `SERVICE` × `USAGE_TYPE`.
    ServiceUsageType,
    /// `SERVICE` × `RECORD_TYPE`.
    ServiceRecordType,
}

impl Cube {
    /// Every cube that is kept, in the order in which they are asked for.
    pub const ALL: [Self; 4] = [
        Self::ServiceAccount,
        Self::ServiceRegion,
        Self::ServiceUsageType,
        Self::ServiceRecordType,
    ];

    /// In the order of a row's keys.
    #[must_use]
    pub const fn dimensions(self) -> [Dimension; 2] {
        match self {
            Self::ServiceAccount => [Dimension::Service, Dimension::LinkedAccount],
            Self::ServiceRegion => [Dimension::Service, Dimension::Region],
            Self::ServiceUsageType => [Dimension::Service, Dimension::UsageType],
            Self::ServiceRecordType => [Dimension::Service, Dimension::RecordType],
        }
    }

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ServiceAccount => "service_account",
            Self::ServiceRegion => "service_region",
            Self::ServiceUsageType => "service_usage_type",
            Self::ServiceRecordType => "service_record_type",
        }
    }

    /// What Cost Explorer is asked for it.
    #[must_use]
    pub fn question(self) -> Question {
        Question {
            granularity: Granularity::Daily,
            keys: self.dimensions().map(GroupKey::Dimension).to_vec(),
            filter: None,
        }
    }
}

/// How long the pieces are that a question's answer comes in.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Granularity {
    /// UTC days.
    Daily,
    /// Calendar months; the first and the last may be cut by the period.
    Monthly,
}

/// What GetCostAndUsage is asked, apart from the period; always in all seven metrics.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The length of the pieces.
    pub granularity: Granularity,
    /// Two at most; none asks for totals.
    pub keys: Vec<GroupKey>,
    /// Which costs; all without it.
    pub filter: Option<Filter>,
}

impl Question {
    /// What is asked for months, as far back as AWS gives them: totals by service.
    #[must_use]
    pub fn months() -> Self {
        Self {
            granularity: Granularity::Monthly,
            keys: vec![GroupKey::Dimension(Dimension::Service)],
            filter: None,
        }
    }

    /// Which of the kept cubes it is, if any.
    #[must_use]
    pub fn kept(&self) -> Option<Cube> {
        Cube::ALL.into_iter().find(|cube| cube.question() == *self)
    }

    /// For people: `By tag Team and region, where service is Amazon S3`.
    #[must_use]
    pub fn label(&self) -> String {
        let keys: Vec<String> = self.keys.iter().map(GroupKey::words).collect();
        let by = match keys.is_empty() {
            true => "Totals".to_owned(),
            false => format!("By {}", keys.join(" and ")),
        };
        match &self.filter {
            Some(filter) => format!("{by}, where {}", filter.words()),
            None => by,
        }
    }

    /// The same costs in the one form that is stored and compared. The keys' order
    /// stays: it is the order of the answer's keys.
    #[must_use]
    pub fn canonical(&self) -> Self {
        Self {
            granularity: self.granularity,
            keys: self.keys.clone(),
            filter: self.filter.as_ref().map(Filter::canonical),
        }
    }
}

impl From<Cube> for Question {
    fn from(cube: Cube) -> Self {
        cube.question()
    }
}

/// One day's costs of one pair of keys, in all seven metrics.
#[derive(Clone, Debug, PartialEq)]
pub struct CubeRow {
    /// The values of the question's keys, in their order; empty where it has fewer.
    pub keys: [String; 2],
    /// Of the five costs.
    pub currency: Currency,
    /// In the order of [`Metric::COSTS`].
    pub costs: [Nanos; 5],
    /// A measure, not money: in `usage_unit`.
    pub usage_quantity: f64,
    /// AWS's unit; `N/A` where it adds up different ones.
    pub usage_unit: String,
    /// Normalized units.
    pub normalized_usage: f64,
}

impl CubeRow {
    /// The amount in a metric; `None` for the two that aren't money.
    #[must_use]
    pub fn cost(&self, metric: Metric) -> Option<Nanos> {
        let place = Metric::COSTS.iter().position(|cost| *cost == metric)?;
        self.costs.get(place).copied()
    }
}

/// One day of an answer, whole: all rows that AWS gave for it, which may be none.
#[derive(Clone, Debug, PartialEq)]
pub struct DaySlice {
    /// The UTC day; the first day of a monthly answer's month.
    pub day: NaiveDate,
    /// Whether AWS calls it an estimate.
    pub estimated: bool,
    /// In any order; each pair of keys once.
    pub rows: Vec<CubeRow>,
}

/// A linked account's name, as Cost Explorer tells it beside the costs.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct LinkedAccountName {
    /// Which account.
    pub account: AwsAccountId,
    /// Its name in the organization.
    pub name: String,
}
