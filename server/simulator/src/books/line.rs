//! A line: everything about a charge that stays the same from day to day. Amounts are in the
//! day's items.

use super::company::Role;
use super::stem::Kind;

/// One combination of account, region, usage type, tags, … that charges appear under.
#[derive(Debug)]
pub struct Line {
    /// The name Cost Explorer groups by.
    pub service: &'static str,
    /// The product code.
    pub service_code: &'static str,
    /// The account the charge belongs to.
    pub linked_account: &'static str,
    /// That account's name.
    pub linked_account_name: &'static str,
    /// The account that pays.
    pub payer_account: &'static str,
    /// Region code, `global` or `NoRegion`.
    pub region: &'static str,
    /// Availability zone or `NoAZ`.
    pub az: String,
    /// With the region's prefix, as on the bill.
    pub usage_type: String,
    /// API operation.
    pub operation: &'static str,
    /// Kind of charge: `Usage`, `Credit`, `SavingsPlanNegation`, …
    pub record_type: &'static str,
    /// On demand, reserved, spot, Savings Plans.
    pub purchase_type: &'static str,
    /// `m5.large` or `NoInstanceType`.
    pub instance_type: &'static str,
    /// `m5` or `NoInstanceTypeFamily`.
    pub instance_family: &'static str,
    /// `PostgreSQL` or `NoDatabaseEngine`.
    pub database_engine: &'static str,
    /// `Redis` or `NoCacheEngine`.
    pub cache_engine: &'static str,
    /// `Single-AZ`, `Multi-AZ` or `NoDeploymentOption`.
    pub deployment_option: &'static str,
    /// `Linux/UNIX` or `NoPlatform`.
    pub platform: &'static str,
    /// Unit of the usage quantity.
    pub unit: &'static str,
    /// Cost allocation tags, key and value.
    pub tags: Vec<(&'static str, &'static str)>,
    /// What the account is for.
    pub(crate) role: Role,
    pub(crate) plan: Plan,
}

/// How a line's amounts come about.
#[derive(Debug)]
pub(crate) struct Plan {
    pub kind: Kind,
    pub rhythm: super::stem::Rhythm,
    /// Price of one unit, in 10⁻¹⁰ dollars.
    pub price: i64,
    /// Quantity of a plain day, in 10⁻¹⁰ units.
    pub quantity: i64,
    /// Parts in a million that the quantity grows in thirty days.
    pub growth: i64,
    /// Instance hours are this many normalized units; 0 where that has no meaning.
    pub normalized: i64,
    /// Counted in whole pieces.
    pub whole: bool,
    /// For this line alone: what chance is mixed with.
    pub salt: u64,
    /// Of the service: days on which the whole service is busier.
    pub service_salt: u64,
}

impl Line {
    /// The value of a cost allocation tag; `None` where untagged.
    pub fn tag(&self, key: &str) -> Option<&'static str> {
        self.tags
            .iter()
            .find(|(name, _)| *name == key)
            .map(|(_, value)| *value)
    }
}
