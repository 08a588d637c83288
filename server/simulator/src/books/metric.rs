//! The seven metrics of Cost Explorer and their names on the wire.

/// A metric of GetCostAndUsage. The order is the order of an item's amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Metric {
    /// What was charged on the day it was charged.
    UnblendedCost,
    /// Charged at the organization's average rate.
    BlendedCost,
    /// Commitment fees spread over the usage they cover.
    AmortizedCost,
    /// Unblended after discounts.
    NetUnblendedCost,
    /// Amortized after discounts.
    NetAmortizedCost,
    /// Hours, gigabytes, requests, …
    UsageQuantity,
    /// Instance hours in units of a `small` instance.
    NormalizedUsageAmount,
}

impl Metric {
    /// Every metric, in the order of an item's amounts.
    pub const ALL: [Self; 7] = [
        Self::UnblendedCost,
        Self::BlendedCost,
        Self::AmortizedCost,
        Self::NetUnblendedCost,
        Self::NetAmortizedCost,
        Self::UsageQuantity,
        Self::NormalizedUsageAmount,
    ];

    /// The name in requests and answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::UnblendedCost => "UnblendedCost",
            Self::BlendedCost => "BlendedCost",
            Self::AmortizedCost => "AmortizedCost",
            Self::NetUnblendedCost => "NetUnblendedCost",
            Self::NetAmortizedCost => "NetAmortizedCost",
            Self::UsageQuantity => "UsageQuantity",
            Self::NormalizedUsageAmount => "NormalizedUsageAmount",
        }
    }

    /// Reads `UnblendedCost` and, as AWS also takes it, `UNBLENDED_COST`.
    pub fn parse(name: &str) -> Option<Self> {
        let plain = name.replace('_', "");
        Self::ALL.into_iter().find(|metric| {
            metric.name() == name
                || (name.contains('_')
                    && !name.contains(|c: char| c.is_ascii_lowercase())
                    && metric.name().eq_ignore_ascii_case(&plain))
        })
    }

    /// Whether the metric counts money.
    pub fn is_cost(self) -> bool {
        !matches!(self, Self::UsageQuantity | Self::NormalizedUsageAmount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_spellings_and_nothing_else() {
        assert_eq!(
            Metric::parse("NetAmortizedCost"),
            Some(Metric::NetAmortizedCost)
        );
        assert_eq!(
            Metric::parse("NET_AMORTIZED_COST"),
            Some(Metric::NetAmortizedCost)
        );
        assert_eq!(Metric::parse("netamortizedcost"), None);
        assert_eq!(Metric::parse("Net_AmortizedCost"), None);
        assert_eq!(Metric::parse("Profit"), None);
    }
}
