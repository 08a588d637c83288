//! Kinds of charges (`RECORD_TYPE`) and the three ways of looking at a bill that
//! follow from them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::metric::Metric;

/// A step on the way from what was used to what is paid. Every kind of charge belongs to
/// exactly one, so that the steps of a period add up to its total.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// What was used, at on-demand prices as far as the metric has them.
    Usage,
    /// What Savings Plans and reservations took off and cost.
    Commitments,
    /// Discounts that were negotiated or come with a programme.
    Discounts,
    /// Credits.
    Credits,
    /// Refunds.
    Refunds,
    /// Tax.
    Tax,
    /// Support plans and one-off fees.
    SupportAndFees,
    /// Kinds of charges that this version doesn't know: shown, never dropped.
    Other,
}

impl Step {
    /// All of them, in the order in which a bill is explained.
    pub const ALL: [Self; 8] = [
        Self::Usage,
        Self::Commitments,
        Self::Discounts,
        Self::Credits,
        Self::Refunds,
        Self::Tax,
        Self::SupportAndFees,
        Self::Other,
    ];

    /// The step that a kind of charge belongs to. Cost Explorer writes some kinds in two ways,
    /// as an identifier and as words: letters alone are compared.
    #[must_use]
    pub fn of(record_type: &str) -> Self {
        let name: String = record_type
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|letter| letter.to_ascii_lowercase())
            .collect();
        match name.as_str() {
            "usage" | "savingsplancoveredusage" | "discountedusage" | "riappliedusage" => {
                Self::Usage
            }
            "savingsplannegation"
            | "savingsplanrecurringfee"
            | "savingsplanupfrontfee"
            | "rifee"
            | "recurring"
            | "recurringreservationfee"
            | "upfront"
            | "upfrontreservationfee" => Self::Commitments,
            "credit" => Self::Credits,
            "refund" => Self::Refunds,
            "tax" => Self::Tax,
            "support" | "fee" | "otheroutofcyclecharges" => Self::SupportAndFees,
            // EdpDiscount, BundledDiscount, PrivateRateDiscount, SppDiscount, …
            other if other.ends_with("discount") => Self::Discounts,
            _ => Self::Other,
        }
    }

    /// The name for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Usage => "Usage",
            Self::Commitments => "Savings Plans and reservations",
            Self::Discounts => "Discounts",
            Self::Credits => "Credits",
            Self::Refunds => "Refunds",
            Self::Tax => "Tax",
            Self::SupportAndFees => "Support and fees",
            Self::Other => "Other charges",
        }
    }

    /// One sentence for someone who meets it for the first time.
    #[must_use]
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::Usage => "What was used, whether or not a commitment covered it.",
            Self::Commitments => {
                "Fees of Savings Plans and reservations, less the usage that they paid for."
            }
            Self::Discounts => "Negotiated and programme discounts that AWS lists by themselves.",
            Self::Credits => "Promotional credits that AWS took off.",
            Self::Refunds => "What AWS paid back.",
            Self::Tax => "Sales tax and value-added tax.",
            Self::SupportAndFees => "Support plans, domains and other one-off fees.",
            Self::Other => "Charges of a kind that this version doesn't know.",
        }
    }
}

/// Which charges count, and whether before or after discounts.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// Every charge, as Cost Explorer shows it before anything is filtered.
    #[default]
    Console,
    /// Without credits, refunds and tax: what the machines and services cost.
    Used,
    /// Every charge after discounts: what goes out of the door.
    Paid,
}

impl View {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Console, Self::Used, Self::Paid];

    /// The name in our own URLs and forms.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::Used => "used",
            Self::Paid => "paid",
        }
    }

    /// The name for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Console => "As the console shows it",
            Self::Used => "What we used",
            Self::Paid => "What we pay",
        }
    }

    /// One sentence for someone who has to choose.
    #[must_use]
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::Console => "Every charge, as Cost Explorer shows it without filters.",
            Self::Used => "Without credits, refunds and tax.",
            Self::Paid => "Every charge, after discounts, credits and refunds, with tax.",
        }
    }

    /// Whether a step counts in this view.
    #[must_use]
    pub const fn includes(self, step: Step) -> bool {
        match self {
            Self::Console | Self::Paid => true,
            Self::Used => !matches!(step, Step::Credits | Step::Refunds | Step::Tax),
        }
    }

    /// Whether a kind of charge, as Cost Explorer names it, counts in this view.
    #[must_use]
    pub fn counts(self, record_type: &str) -> bool {
        self.includes(Step::of(record_type))
    }

    /// Whether every kind of charge counts, so that the kinds needn't be told apart.
    #[must_use]
    pub const fn includes_everything(self) -> bool {
        matches!(self, Self::Console | Self::Paid)
    }

    /// The metric that is added up where a person chose `metric`: what is paid is paid
    /// after discounts.
    #[must_use]
    pub const fn metric(self, metric: Metric) -> Metric {
        match (self, metric) {
            (Self::Paid, Metric::Unblended) => Metric::NetUnblended,
            (Self::Paid, Metric::Amortized) => Metric::NetAmortized,
            (_, metric) => metric,
        }
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

/// No view has this name.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no such view")]
pub struct UnknownView;

impl FromStr for View {
    type Err = UnknownView;

    fn from_str(text: &str) -> Result<Self, UnknownView> {
        Self::ALL
            .into_iter()
            .find(|view| view.slug() == text)
            .ok_or(UnknownView)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_known_in_both_spellings() {
        for (kind, step) in [
            ("Usage", Step::Usage),
            ("SavingsPlanCoveredUsage", Step::Usage),
            ("Savings Plan Covered Usage", Step::Usage),
            ("SavingsPlanNegation", Step::Commitments),
            ("Savings Plan Recurring Fee", Step::Commitments),
            ("Recurring reservation fee", Step::Commitments),
            ("EdpDiscount", Step::Discounts),
            ("Enterprise Discount Program Discount", Step::Discounts),
            ("Credit", Step::Credits),
            ("Refund", Step::Refunds),
            ("Tax", Step::Tax),
            ("Support", Step::SupportAndFees),
            ("Other out-of-cycle charges", Step::SupportAndFees),
            ("Something of 2031", Step::Other),
            ("", Step::Other),
        ] {
            assert_eq!(Step::of(kind), step, "{kind}");
        }
    }

    #[test]
    fn used_is_what_console_shows_less_three_steps() {
        let left_out: Vec<Step> = Step::ALL
            .into_iter()
            .filter(|step| View::Console.includes(*step) && !View::Used.includes(*step))
            .collect();
        assert_eq!(left_out, [Step::Credits, Step::Refunds, Step::Tax]);
        assert!(Step::ALL.into_iter().all(|step| View::Paid.includes(step)));
    }

    #[test]
    fn what_is_paid_is_paid_after_discounts() {
        assert_eq!(View::Paid.metric(Metric::Unblended), Metric::NetUnblended);
        assert_eq!(View::Paid.metric(Metric::Blended), Metric::Blended);
        assert_eq!(View::Used.metric(Metric::Amortized), Metric::Amortized);
    }

    #[test]
    fn slugs_lead_back() {
        for view in View::ALL {
            assert_eq!(view.slug().parse(), Ok(view));
        }
    }
}
