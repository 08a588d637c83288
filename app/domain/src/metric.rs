//! The seven ways in which Cost Explorer counts.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A metric of Cost Explorer. One request carries all seven for one price.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Metric {
    /// What is charged on the day, as on the bill.
    #[default]
    Unblended,
    /// Up-front and recurring fees spread over the days they pay for.
    Amortized,
    /// Average rates over an organization's accounts.
    Blended,
    /// Unblended after discounts.
    NetUnblended,
    /// Amortized after discounts.
    NetAmortized,
    /// How much was used, in the unit of each usage type.
    UsageQuantity,
    /// Reservable usage in comparable units.
    NormalizedUsage,
}

impl Metric {
    /// All seven, in the order in which they are stored.
    pub const ALL: [Self; 7] = [
        Self::Unblended,
        Self::Amortized,
        Self::Blended,
        Self::NetUnblended,
        Self::NetAmortized,
        Self::UsageQuantity,
        Self::NormalizedUsage,
    ];

    /// The five that are money.
    pub const COSTS: [Self; 5] = [
        Self::Unblended,
        Self::Amortized,
        Self::Blended,
        Self::NetUnblended,
        Self::NetAmortized,
    ];

    /// The name in requests to and answers from GetCostAndUsage.
    #[must_use]
    pub const fn aws_name(self) -> &'static str {
        match self {
            Self::Unblended => "UnblendedCost",
            Self::Amortized => "AmortizedCost",
            Self::Blended => "BlendedCost",
            Self::NetUnblended => "NetUnblendedCost",
            Self::NetAmortized => "NetAmortizedCost",
            Self::UsageQuantity => "UsageQuantity",
            Self::NormalizedUsage => "NormalizedUsageAmount",
        }
    }

    /// The name in our own URLs and forms.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Unblended => "unblended",
            Self::Amortized => "amortized",
            Self::Blended => "blended",
            Self::NetUnblended => "net-unblended",
            Self::NetAmortized => "net-amortized",
            Self::UsageQuantity => "usage-quantity",
            Self::NormalizedUsage => "normalized-usage",
        }
    }

    /// The name for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Unblended => "Unblended",
            Self::Amortized => "Amortized",
            Self::Blended => "Blended",
            Self::NetUnblended => "Net unblended",
            Self::NetAmortized => "Net amortized",
            Self::UsageQuantity => "Usage quantity",
            Self::NormalizedUsage => "Normalized usage",
        }
    }

    /// One sentence for someone who doesn't know the word.
    #[must_use]
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::Unblended => "What AWS charges on each day, as on the bill.",
            Self::Amortized => {
                "Savings Plan and reservation fees spread over the days they pay for."
            }
            Self::Blended => "Average rates across the accounts of an organization.",
            Self::NetUnblended => "Unblended cost after your discounts.",
            Self::NetAmortized => "Amortized cost after your discounts.",
            Self::UsageQuantity => "How much was used, in each usage type's own unit.",
            Self::NormalizedUsage => "Reservable usage in units that can be compared.",
        }
    }

    /// Whether it counts money; the others are measures with a unit.
    #[must_use]
    pub const fn is_cost(self) -> bool {
        !matches!(self, Self::UsageQuantity | Self::NormalizedUsage)
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

/// No metric has this name.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no such metric")]
pub struct UnknownMetric;

impl FromStr for Metric {
    type Err = UnknownMetric;

    fn from_str(text: &str) -> Result<Self, UnknownMetric> {
        Self::ALL
            .into_iter()
            .find(|metric| metric.slug() == text)
            .ok_or(UnknownMetric)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_lead_back() {
        for metric in Metric::ALL {
            assert_eq!(metric.slug().parse(), Ok(metric));
            let json = serde_json::to_string(&metric).unwrap();
            assert_eq!(json, format!("\"{}\"", metric.slug()));
        }
        assert_eq!("UnblendedCost".parse::<Metric>(), Err(UnknownMetric));
    }
}
