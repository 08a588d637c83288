//! Every AWS request this product makes, with its price.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    account::{AwsAccountId, ConnectionId},
    money::Money,
    user::UserId,
};

/// A service of AWS that the product calls. Each has limits of its own.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum AwsService {
    /// Cost Explorer: one limit for each account, $0.01 for each request.
    CostExplorer,
    /// EC2: a limit for each account and region; free.
    Ec2,
    /// STS: free.
    Sts,
}

macro_rules! operations {
    ($($(#[$doc:meta])* $variant:ident $service:ident $action:literal)*) => {
        /// An AWS operation that the product calls. On the wire it is IAM's action.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(into = "&'static str", try_from = "String")]
        pub enum Operation { $($(#[$doc])* $variant),* }

        impl Operation {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name as IAM writes it.
            #[must_use]
            pub const fn iam_action(self) -> &'static str {
                match self { $(Self::$variant => $action),* }
            }

            /// Whose operation it is.
            #[must_use]
            pub const fn service(self) -> AwsService {
                match self { $(Self::$variant => AwsService::$service),* }
            }
        }
    };
}

operations! {
    /// Who a key is. Needs no permission.
    GetCallerIdentity Sts "sts:GetCallerIdentity"
    /// Takes a role on.
    AssumeRole Sts "sts:AssumeRole"
    /// Costs and usage.
    GetCostAndUsage CostExplorer "ce:GetCostAndUsage"
    /// What costs will be.
    GetCostForecast CostExplorer "ce:GetCostForecast"
    /// What usage will be.
    GetUsageForecast CostExplorer "ce:GetUsageForecast"
    /// How much of the reservations was used.
    GetReservationUtilization CostExplorer "ce:GetReservationUtilization"
    /// How much of the usage was reserved.
    GetReservationCoverage CostExplorer "ce:GetReservationCoverage"
    /// How much of the Savings Plans was used.
    GetSavingsPlansUtilization CostExplorer "ce:GetSavingsPlansUtilization"
    /// How much of the usage Savings Plans covered.
    GetSavingsPlansCoverage CostExplorer "ce:GetSavingsPlansCoverage"
    /// What AWS itself finds unusual.
    GetAnomalies CostExplorer "ce:GetAnomalies"
    /// Where AWS looks for the unusual.
    GetAnomalyMonitors CostExplorer "ce:GetAnomalyMonitors"
    /// Values of a dimension.
    GetDimensionValues CostExplorer "ce:GetDimensionValues"
    /// Cost allocation tags and their values.
    GetTags CostExplorer "ce:GetTags"
    /// Cost categories and their values.
    GetCostCategories CostExplorer "ce:GetCostCategories"
    /// Instances of a region.
    DescribeInstances Ec2 "ec2:DescribeInstances"
    /// Volumes of a region.
    DescribeVolumes Ec2 "ec2:DescribeVolumes"
    /// Elastic IP addresses of a region.
    DescribeAddresses Ec2 "ec2:DescribeAddresses"
    /// The account's own snapshots of a region.
    DescribeSnapshots Ec2 "ec2:DescribeSnapshots"
    /// Regions that are open to the account.
    DescribeRegions Ec2 "ec2:DescribeRegions"
}

impl Operation {
    /// What one attempt costs. Failed ones are counted too, to be on the safe
    /// side: AWS doesn't document that they are free.
    #[must_use]
    pub const fn price(self) -> Money {
        match self.service() {
            AwsService::CostExplorer => crate::account::COST_EXPLORER_REQUEST,
            AwsService::Ec2 | AwsService::Sts => {
                Money::new(crate::money::Nanos::ZERO, crate::money::Currency::USD)
            }
        }
    }
}

/// The text isn't an action that the product uses.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not an AWS action that this product uses")]
pub struct NotAnOperation;

impl FromStr for Operation {
    type Err = NotAnOperation;

    fn from_str(action: &str) -> Result<Self, NotAnOperation> {
        let same = |operation: &Self| operation.iam_action() == action;
        Self::ALL.iter().copied().find(same).ok_or(NotAnOperation)
    }
}

impl TryFrom<String> for Operation {
    type Error = NotAnOperation;

    fn try_from(action: String) -> Result<Self, NotAnOperation> {
        action.parse()
    }
}

impl From<Operation> for &'static str {
    fn from(operation: Operation) -> Self {
        operation.iam_action()
    }
}

/// Who wants a request to be made. The cap stops the background, never a
/// person, who has seen the price.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Asker {
    /// Somebody waits for it.
    Person,
    /// The product by itself: a sync or its upkeep.
    Background,
}

impl Asker {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Person, Self::Background];

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Background => "background",
        }
    }
}

/// Whose request it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Payer {
    /// The person.
    pub user: UserId,
    /// Their connection; `None` while a new key is being proved.
    pub connection: Option<ConnectionId>,
    /// The AWS account that pays; `None` until AWS said which.
    pub aws_account: Option<AwsAccountId>,
}

/// An attempt about to leave the machine.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Departure {
    /// Whose.
    pub payer: Payer,
    /// What.
    pub operation: Operation,
    /// Counts from 1 for each question.
    pub attempt: u32,
    /// When it leaves.
    pub at: DateTime<Utc>,
    /// What it costs.
    pub price: Money,
    /// Who wants it.
    pub asker: Asker,
}

/// How an attempt ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Arrival {
    /// `ok`, or the name of a [`crate::Code`].
    pub outcome: String,
    /// How long it took.
    pub milliseconds: u64,
    /// AWS's request id, for support.
    pub request_id: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_its_action_on_the_wire() {
        for operation in Operation::ALL {
            let json = serde_json::to_string(operation).unwrap();
            assert_eq!(json, format!("\"{}\"", operation.iam_action()));
            assert_eq!(
                serde_json::from_str::<Operation>(&json).unwrap(),
                *operation
            );
        }
        assert!("ce:DeleteEverything".parse::<Operation>().is_err());
    }
}
