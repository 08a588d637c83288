//! Every AWS request this product makes, with its price.

use chrono::{DateTime, Utc};

use crate::{
    account::{AwsAccountId, ConnectionId},
    money::Money,
    user::UserId,
};

/// An AWS operation that the product calls.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Operation {
    /// Who a key is. Free, and needs no permission.
    GetCallerIdentity,
    /// Costs, from Cost Explorer, at [`crate::account::COST_EXPLORER_REQUEST`].
    GetCostAndUsage,
}

impl Operation {
    /// The name as IAM writes it.
    #[must_use]
    pub const fn iam_action(self) -> &'static str {
        match self {
            Self::GetCallerIdentity => "sts:GetCallerIdentity",
            Self::GetCostAndUsage => "ce:GetCostAndUsage",
        }
    }

    /// What one attempt costs. Failed ones are counted too, to be on the safe
    /// side: AWS doesn't document that they are free.
    #[must_use]
    pub const fn price(self) -> Money {
        match self {
            Self::GetCallerIdentity => {
                Money::new(crate::money::Nanos::ZERO, crate::money::Currency::USD)
            }
            Self::GetCostAndUsage => crate::account::COST_EXPLORER_REQUEST,
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
